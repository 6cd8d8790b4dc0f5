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

    The core correlates, ``out[i] = sum over r of w[r] input[i + first + r]``, so it is given the
    taps reversed, r = taps - 1 - k.
    """

    order: list[int]
    sliding: list[int]
    first: list[int]
    boundaries: list[_core.Boundary]


def core_layout(
    input: Array,
    taps: Array,
    batch: int,
    start: tuple[int, ...],
    boundaries: tuple[Boundary, ...],
) -> CoreLayout:
    """Return the layout of a problem for the core: its parts are those of :class:`Problem`."""
    # The stride of an axis of one number is of no account.
    keys = [
        (1, -abs(stride)) if size > 1 else (0, 0)
        for size, stride in zip(input.shape, input.strides, strict=True)
    ]
    sliding = sorted(range(batch, input.ndim), key=keys.__getitem__)
    return CoreLayout(
        [*range(batch), *sliding],
        sliding,
        [start[d - batch] - (taps.shape[d] - 1) for d in sliding],
        [_CORE_BOUNDARIES[boundaries[d - batch]] for d in sliding],
    )
