"""Samples anywhere, wanted anywhere: a row of weights for each point."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from faltung.functions.samples.panels import cuts, means_of
from faltung.functions.samples.task import Task, end_heights, outer_weights
from faltung.functions.transform import FloatArray, IndexArray

# Values of the kernel that are made at a time: what fits a cache.
_BLOCK = 2**17


def convolved_unevenly(task: Task) -> tuple[FloatArray, FloatArray]:
    """Return the convolutions (functions, rows, points), and the derivative by the center or zeros."""
    points, rows = task.points, len(task.y)
    results = np.zeros((task.functions, rows, len(points)))
    by_center = np.zeros((rows, len(points)))
    for some, first, last in _blocks(task):
        if last > first:
            parts, slopes = _of_block(task, points[some], first, last)
            results[:, :, some], by_center[:, some] = parts, -slopes
    if task.edge:
        begins, ends = outer_weights(task, points)
        results += begins[:, None] * task.y[:, :1] + ends[:, None] * task.y[:, -1:]
    elif task.gradient:
        by_center -= end_heights(task, points)
    return results, by_center


def _blocks(task: Task) -> Iterator[tuple[IndexArray, int, int]]:
    """Yield points that lie near each other, and the first and last sample that the kernel reaches."""
    points, x, kernel = task.points, task.axis.x, task.kernel
    order = np.argsort(points, kind="stable")
    low, high = (end + kernel.center for end in kernel.reach)
    in_order, begin = points[order], 0
    extra = _count_of_cuts(task, in_order)
    while begin < len(order):
        start = in_order[begin]
        first, last = _sample_before(x, start - high), _sample_after(x, start - low)
        # As many as fill a block, but none that reads other samples than the first point does.
        near = int(np.searchsorted(in_order, start + (high - low) / 2, side="right"))
        full = begin + max(1, _BLOCK // (task.rule.nodes * (last - first + 1 + extra)))
        end = max(min(near, full), begin + 1)
        yield order[begin:end], first, _sample_after(x, in_order[end - 1] - low)
        begin = end


def _count_of_cuts(task: Task, in_order: FloatArray) -> int:
    """Return how many panels each point has beside its segments."""
    if not task.rule.cut or not len(in_order):
        return 0
    low, high = in_order[0] - task.axis.x[-1], in_order[-1] - task.axis.x[0]
    return len(cuts(task.kernel, low - task.kernel.center, high - task.kernel.center))


def _sample_before(x: FloatArray, place: float) -> int:
    return max(int(np.searchsorted(x, place, side="right")) - 1, 0)


def _sample_after(x: FloatArray, place: float) -> int:
    return min(int(np.searchsorted(x, place, side="left")), len(x) - 1)


def _of_block(
    task: Task, points: FloatArray, first: int, last: int
) -> tuple[FloatArray, FloatArray]:
    """Return the convolution at some points with the samples from `first` to `last`, and its slope."""
    # A kernel is reversed: distances rise where the samples' places fall.
    x = task.axis.x[first : last + 1][::-1]
    y = task.y[:, first : last + 1][:, ::-1]
    widths = x[:-1] - x[1:]
    edges = points[:, None] - x - task.kernel.center
    low, high = means_of(task.kernel, edges, widths, task.rule, gradient=task.gradient)
    weights = np.zeros((*low.shape[:2], len(x)))
    weights[..., :-1] += low * widths
    weights[..., 1:] += high * widths
    # The slope times the width is the difference of the samples.
    steps = y[:, :-1] - y[:, 1:]
    return np.swapaxes(weights @ y.T, 1, 2), ((low + high)[0] @ steps.T).T
