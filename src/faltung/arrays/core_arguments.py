"""What the core's functions take for a problem."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.geometry import Problem

__all__ = ["core_arguments", "small_arguments"]

Array = NDArray[Any]


def core_arguments(problem: Problem, out: Array, threads: int) -> tuple[Any, ...]:
    """Return what the core's functions that correlate take."""
    input, taps, output, *rest, _, _ = small_arguments(problem, out, threads)
    operands = map(_as_core, (input, taps, output))
    return (*operands, *rest, _fill_value(problem), threads)


def small_arguments(problem: Problem, out: Array, threads: int) -> tuple[Any, ...]:
    """Return what the core's functions take that read operands of any integer type."""
    layout = problem.layout
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
