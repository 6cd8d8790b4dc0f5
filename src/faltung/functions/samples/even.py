"""Samples on an even axis: one convolution of arrays, whose kernel is the kernel's integrals."""

from __future__ import annotations

import math

import numpy as np

from faltung.arrays import convolve, plan
from faltung.functions.samples.panels import means_of
from faltung.functions.samples.task import Task, end_heights, outer_weights
from faltung.functions.transform import FloatArray

# Segments are integrated over so many at a time, which fits a cache.
_BLOCK = 4096


class EvenWeights:
    """The weights of samples on an even axis at its own places.

    Result i is made of sample j with a weight that depends on i - j alone. The segment of number d
    reaches from d to d + 1 spacings: at place i it is that between the samples i - d - 1 and i - d.

    Attributes
    ----------
    first
        The number of the first segment that the kernel reaches.
    low, high
        Shape (functions, segments): what the samples at the lower and the upper end of each count.
    """

    def __init__(self, task: Task) -> None:
        self.first, stop = _reached(task)
        self.low, self.high = _integrals(task, self.first, stop)

    @property
    def both(self) -> FloatArray:
        """What a sample counts that has neighbours on both sides, (functions, segments + 1)."""
        functions, segments = self.low.shape
        both = np.zeros((functions, segments + 1))
        both[:, :-1] += self.low
        both[:, 1:] += self.high
        return both


def _reached(task: Task) -> tuple[int, int]:
    """Return the numbers of the segments that the kernel reaches, of those that there are."""
    count, spacing = len(task.axis.x), task.axis.spacing or 1.0
    ends = [(end + task.kernel.center) / spacing for end in task.kernel.reach]
    first = int(np.clip(np.floor(ends[0]), -count, count))
    stop = int(np.clip(np.ceil(ends[1]), -count, count))
    return first, max(stop, first)


def _integrals(task: Task, first: int, stop: int) -> tuple[FloatArray, FloatArray]:
    spacing, center = task.axis.spacing or 1.0, task.kernel.center
    low, high = (np.zeros((task.functions, stop - first)) for _ in range(2))
    for begin in range(first, stop, _BLOCK):
        end = min(begin + _BLOCK, stop)
        edges = spacing * np.arange(begin, end + 1, dtype=np.float64) - center
        widths = np.full(end - begin, spacing)
        parts = means_of(task.kernel, edges[None], widths, task.rule, gradient=task.gradient)
        for whole, part in zip((low, high), parts, strict=True):
            whole[:, begin - first : end - first] = part[:, 0] * spacing
    return low, high


def convolved_evenly(task: Task) -> tuple[FloatArray, FloatArray]:
    """Return the convolutions (functions, rows, points), and the derivative by the center or zeros."""
    weights, count = EvenWeights(task), len(task.axis.x)
    inner = task.y.copy()
    inner[:, [0, -1]] = 0
    results = np.stack([_placed(_full(inner, row), -weights.first, count) for row in weights.both])
    # The ends have a neighbour on one side, and beyond it nothing, or themselves for ever.
    begins = _placed(weights.high, -1 - weights.first, count)
    ends = _placed(weights.low, -(count - 1) - weights.first, count)
    if task.edge:
        first, last = outer_weights(task, task.axis.x)
        begins, ends = begins + first, ends + last
    results += begins[:, None] * task.y[:, :1] + ends[:, None] * task.y[:, -1:]
    return results, _by_center(task, weights) if task.gradient else np.zeros_like(task.y)


def _by_center(task: Task, weights: EvenWeights) -> FloatArray:
    slopes = np.diff(task.y, axis=-1) / (task.axis.spacing or 1.0)
    areas = (weights.low + weights.high)[0]
    inner = _placed(_full(slopes, areas), -1 - weights.first, len(task.axis.x))
    return -inner if task.edge else -inner - end_heights(task, task.axis.x)


def _full(rows: FloatArray, kernel: FloatArray) -> FloatArray:
    """Return each row convolved with a kernel, which may be empty."""
    if not len(kernel):
        return np.zeros((len(rows), rows.shape[1] - 1))
    return np.stack([convolve(row, kernel) for row in rows])


def _placed(values: FloatArray, offset: int, count: int) -> FloatArray:
    """Return entries offset, offset + 1, … of the last axis, `count` of them, 0 where there are none."""
    placed = np.zeros((*values.shape[:-1], count))
    begin, end = max(-offset, 0), min(values.shape[-1] - offset, count)
    if begin < end:
        placed[..., begin:end] = values[..., begin + offset : end + offset]
    return placed


def rounding_of_sums(task: Task) -> list[float]:
    """Return a bound on the rounding of the array convolution for each function."""
    inner = task.y.copy()
    inner[:, [0, -1]] = 0
    return [_largest(inner, row) for row in EvenWeights(task).both]


def rounding_by_center(task: Task) -> float:
    """Return that of the derivative with respect to the center."""
    weights = EvenWeights(task)
    slopes = np.diff(task.y, axis=-1) / (task.axis.spacing or 1.0)
    return _largest(slopes, (weights.low + weights.high)[0])


def _largest(rows: FloatArray, kernel: FloatArray) -> float:
    """Return the largest bound over the rows and over the methods that may have been chosen."""
    if not kernel.any() or not rows.any():
        return 0.0
    plans = [plan(kernel, rows.shape[1:], method=method) for method in ("direct", "fft")]
    with np.errstate(over="ignore"):
        bounds = [float(np.max(each.error_bound(row))) for row in rows for each in plans]
    return max(bounds) if not any(map(math.isnan, bounds)) else math.inf
