"""What is to be convolved, and what comes out: shared by even and uneven axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faltung.functions.samples.axis import Axis
from faltung.functions.samples.panels import Rule
from faltung.functions.samples.shape import Resolution
from faltung.functions.transform import FloatArray


@dataclass(frozen=True)
class Task:
    """Samples in rows, their axis, the points asked for (all of the axis for None), and the kernel."""

    y: FloatArray
    axis: Axis
    at: FloatArray | None
    kernel: Resolution
    edge: bool
    gradient: bool
    rule: Rule

    @property
    def points(self) -> FloatArray:
        """The points at which the result is wanted, as a vector."""
        return self.axis.x if self.at is None else self.at.ravel()

    @property
    def functions(self) -> int:
        """How many functions there are: the density, and with a gradient its derivatives."""
        return len(self.kernel.parameters) if self.gradient else 1

    @property
    def steepest(self) -> float:
        """The largest slope there is, infinite if that is beyond doubles."""
        with np.errstate(over="ignore"):
            return float(np.abs(np.diff(self.y, axis=-1) / np.diff(self.axis.x)).max())

    @property
    def inner_variation(self) -> float:
        """The largest total variation of a row between its ends."""
        return float(np.abs(np.diff(self.y, axis=-1)).sum(axis=-1).max())

    @property
    def jumps_at_ends(self) -> float:
        """The sum of the heights by which a row jumps at its ends, the largest."""
        heights = np.abs(self.y[:, 0]) + np.abs(self.y[:, -1])
        return 0.0 if self.edge else float(heights.max())


def outer_weights(task: Task, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return what the first and the last sample count where they go on for ever, (functions, points)."""
    kernel, center = task.kernel, task.kernel.center
    left = points - task.axis.x[0] - center
    right = points - task.axis.x[-1] - center
    first, last = [kernel.above(left)], [kernel.below(right)]
    if task.gradient:
        first += kernel.above_derivatives(left)
        last += [-row for row in kernel.above_derivatives(right)]
    return np.stack(first), np.stack(last)


def end_heights(task: Task, points: FloatArray) -> FloatArray:
    """Return the kernel at the jumps at both ends of the samples, their heights included.

    The derivative of the samples is their slope and a jump at either end; shape (rows, points).
    """
    kernel, center = task.kernel, task.kernel.center
    x, y = task.axis.x, task.y
    first = kernel.density(points - x[0] - center)
    last = kernel.density(points - x[-1] - center)
    return y[:, :1] * first - y[:, -1:] * last
