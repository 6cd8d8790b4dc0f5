"""Intervals of outputs that are to be computed again, few enough and cheap together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.geometry import Problem

__all__ = ["worst_intervals"]

Interval = tuple[int, int]

# So many products of a direct sum take as long as an interval does beside its sums.
_PRODUCTS_OF_INTERVAL = 4.5e6

# A gap is closed too where it is so small a part of the interval beside it.
_SMALL_PART = 1 / 8

# Gaps shorter than this are not worth a thought, and no more intervals than this are looked at.
_SHORT_GAP = 16
_MOST_INTERVALS = 256


def worst_intervals(certified: NDArray[np.bool_], problem: Problem) -> tuple[int, list[Interval]]:
    """Return an axis, and the intervals on it that hold every output that is not certified.

    The axis is the one on which they fill the least.
    """
    axis = 0
    flags: NDArray[np.bool_] = np.ones(1, bool)
    for d in range(certified.ndim):
        others = tuple(other for other in range(certified.ndim) if other != d)
        here: NDArray[np.bool_] = np.logical_not(np.asarray(certified.all(axis=others)))
        if d == 0 or here.mean() < flags.mean():
            axis, flags = d, here
    return axis, _merged(_runs(flags), problem, axis)


def _runs(flags: NDArray[np.bool_]) -> list[Interval]:
    """Return the intervals of the flagged positions, gaps that are short or too many closed.

    Examples
    --------
    >>> flags = np.zeros(100, bool)
    >>> flags[[3, 5, 60]] = True
    >>> _runs(flags)
    [(3, 6), (60, 61)]
    """
    edges = np.flatnonzero(np.diff(flags, prepend=False, append=False))
    firsts, ends = edges[::2], edges[1::2]
    gaps = firsts[1:] - ends[:-1]
    shortest = _SHORT_GAP
    if len(gaps) >= _MOST_INTERVALS:
        shortest = max(shortest, int(np.partition(gaps, -_MOST_INTERVALS)[-_MOST_INTERVALS]))
    kept = gaps > shortest
    firsts, ends = firsts[np.r_[True, kept]], ends[np.r_[kept, True]]
    return list(zip(firsts.tolist(), ends.tolist(), strict=True))


def _merged(runs: list[Interval], problem: Problem, axis: int) -> list[Interval]:
    """Return the intervals, neighbours taken together where that is predicted to take less time."""
    found: list[Interval] = []
    for run in runs:
        while found and _is_bridged(problem, axis, found[-1], run):
            run = (found.pop()[0], run[1])
        found.append(run)
    return found


def _is_bridged(problem: Problem, axis: int, before: Interval, after: Interval) -> bool:
    """Return whether the sums of a gap are likely to take less time than an interval of its own."""
    gap = after[0] - before[1]
    longer = max(before[1] - before[0], after[1] - after[0])
    products = gap * _taps_of(problem, axis, before[1], after[0])
    for d, size in enumerate(problem.output_shape):
        products *= 1 if d == axis else size
    return gap <= _SMALL_PART * longer or products <= _PRODUCTS_OF_INTERVAL


def _taps_of(problem: Problem, axis: int, first: int, end: int) -> int:
    """Return how many taps meet the input somewhere between two outputs, at most.

    Near the ends only as many as the outputs are away from them.
    """
    if axis < problem.batch:
        return problem.tap_count
    slid, mine = axis - problem.batch, problem.taps.shape[axis]
    stride, dilation, start = problem.stride[slid], problem.dilation[slid], problem.start[slid]
    beyond = problem.input.shape[axis] + (mine - 1) * dilation - start - first * stride
    met = max(1, min(mine, (end * stride + start) // dilation, beyond // dilation))
    return int(problem.tap_count // mine * met)
