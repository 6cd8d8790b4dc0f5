"""The layout in which the core takes a problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from faltung import _core
from faltung.options import Boundary

__all__ = ["CoreLayout", "core_layout"]

Array = NDArray[Any]

_CORE_BOUNDARIES = {
    Boundary.ZERO: _core.Boundary.fill,
    Boundary.CONSTANT: _core.Boundary.fill,
    Boundary.EDGE: _core.Boundary.edge,
    Boundary.MIRROR: _core.Boundary.mirror,
    Boundary.SYMMETRIC: _core.Boundary.symmetric,
    Boundary.WRAP: _core.Boundary.wrap,
}


@dataclass(frozen=True)
class CoreLayout:
    """The order of the axes: batch axes, then sliding ones, the contiguous one last.

    The core correlates, ``out[i] = sum over r of w[r] input[first + stride i + dilation r]``, so it
    is given the taps reversed, r = taps - 1 - k. The `steps` of an axis are its stride and dilation.
    """

    order: list[int]
    sliding: list[int]
    first: list[int]
    boundaries: list[_core.Boundary]
    steps: list[tuple[int, int]]


def core_layout(
    input: Array,
    batch: int,
    first: list[int],
    boundaries: tuple[Boundary, ...],
    steps: list[tuple[int, int]],
) -> CoreLayout:
    """Return the layout of a problem for the core.

    `input`, `batch` and `boundaries` are those of :class:`Problem`, `first` the first position that
    is read on each sliding axis.
    """
    # The stride of an axis of one number is of no account.
    keys = [
        (1, -abs(stride)) if size > 1 else (0, 0)
        for size, stride in zip(input.shape, input.strides, strict=True)
    ]
    sliding = sorted(range(batch, input.ndim), key=keys.__getitem__)
    return CoreLayout(
        [*range(batch), *sliding],
        sliding,
        [first[d - batch] for d in sliding],
        [_CORE_BOUNDARIES[boundaries[d - batch]] for d in sliding],
        [steps[d - batch] for d in sliding],
    )
