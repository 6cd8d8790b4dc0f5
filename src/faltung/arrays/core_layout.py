"""The layout in which the core takes a problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung import _core
from faltung.arrays.geometry import Problem
from faltung.options import Boundary

__all__ = ["CALL_SECONDS", "CoreLayout", "core_arguments", "core_layout", "small_arguments"]

Array = NDArray[Any]

#: What the general way of a call costs, whatever the method.
CALL_SECONDS = 60e-6

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

    The core correlates, ``out[i] = sum over r of w[r] input[first + stride i + dilation r]``, so it is given the
    taps reversed, r = taps - 1 - k.
    """

    order: list[int]
    first: list[int]
    boundaries: list[_core.Boundary]
    steps: list[tuple[int, int]]

    @property
    def sliding(self) -> list[int]:
        """The sliding axes in the core's order."""
        return self.order[len(self.order) - len(self.first) :]


def core_layout(problem: Problem) -> CoreLayout:
    """Return the layout of a problem for the core."""
    batch, rank = problem.batch, problem.input.ndim
    strides = [abs(stride) for stride in problem.input.strides]
    sliding = sorted(range(batch, rank), key=lambda d: (problem.input.shape[d] > 1, -strides[d]))
    return CoreLayout(
        [*range(batch), *sliding],
        [problem.first(d - batch) for d in sliding],
        [_CORE_BOUNDARIES[problem.boundaries[d - batch]] for d in sliding],
        [(problem.stride[d - batch], problem.dilation[d - batch]) for d in sliding],
    )


def core_arguments(problem: Problem, out: Array, threads: int) -> tuple[Any, ...]:
    """Return what the core's functions that correlate take."""
    input, taps, output, *rest, _, _ = small_arguments(problem, out, threads)
    operands = map(_as_core, (input, taps, output))
    return (*operands, *rest, _fill_value(problem), threads)


def small_arguments(problem: Problem, out: Array, threads: int) -> tuple[Any, ...]:
    """Return what the core's functions take that read operands of any integer type."""
    layout = core_layout(problem)
    batch, rank = problem.batch, problem.input.ndim
    reverse = (slice(None),) * batch + (slice(None, None, -1),) * (rank - batch)
    taps = problem.taps[reverse].transpose(layout.order)
    return (
        problem.input.transpose(layout.order),
        _contiguous_beyond(taps, batch),
        out.transpose(layout.order),
        layout.first,
        layout.boundaries,
        layout.steps,
        problem.fill_value,
        threads,
    )


def _as_core(operand: Array) -> Array:
    """Return integers as the core sums them: modulo 2**64, signed or not."""
    return operand.view(np.uint64) if operand.dtype == np.int64 else operand


def _fill_value(problem: Problem) -> float:
    whole = problem.input.dtype.kind in "iu"
    return int(problem.fill_value) % 2**64 if whole else problem.fill_value


def _contiguous_beyond(taps: Array, batch: int) -> Array:
    """Return `taps` in C order, batch axes of stride zero left as they are."""
    if not batch:
        return np.ascontiguousarray(taps)
    kept = tuple(slice(None) if taps.strides[d] else slice(1) for d in range(batch))
    return np.broadcast_to(np.ascontiguousarray(taps[kept]), taps.shape)
