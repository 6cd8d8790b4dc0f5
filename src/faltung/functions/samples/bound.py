"""How far off a convolution of samples may be. docs/mathematics/samples.md derives each term."""

from __future__ import annotations

import math

import numpy as np

from faltung.functions.bounds import TINY, UNIT
from faltung.functions.samples import even
from faltung.functions.samples.norms import Norms
from faltung.functions.samples.task import Task

# What lies beyond the reach of a kernel, as a part of its area.
_BEYOND = 1e-18

# The areas beyond a point, for samples that go on: ndtr, arctan2 and sums of panels.
_OUTSIDE_UNITS = 64.0


def bounds_of(task: Task) -> list[float]:
    """Return a bound for the values and, with a gradient, for each derivative, the center last."""
    norms = task.kernel.norms[: task.functions]
    if not task.gradient:
        norms = norms[:1]
    sums = _rounding_of_sums(task, norms)
    bounds = [_bound(task, each, own) for each, own in zip(norms, sums, strict=True)]
    return [*bounds, _bound_by_center(task)] if task.gradient else bounds


def _bound(task: Task, norms: Norms, sums: float) -> float:
    largest, center = float(np.abs(task.y).max()), abs(task.kernel.center)
    # 1. Each weight: the quadrature, the kernel's rounding, and what is beyond its reach.
    units = norms.units + task.rule.nodes + 16 + (_OUTSIDE_UNITS if task.edge else 0)
    weights = task.rule.error(norms) + norms.area * (units * UNIT + _BEYOND)
    # 2. Samples and points that are not quite where they are taken to be.
    apart = 2 * UNIT * center + 3 * task.axis.apart
    inside = min(task.inner_variation * norms.peak, task.steepest * norms.area)
    places = apart * (inside + task.jumps_at_ends * norms.peak)
    relative = 4 * UNIT * norms.moment * (task.inner_variation + task.jumps_at_ends)
    # 3. The sums over all samples.
    return 1.01 * (largest * weights + places + relative + sums) + TINY * len(task.axis.x)


def _is_even(task: Task) -> bool:
    return task.at is None and task.axis.spacing is not None


def _rounding_of_sums(task: Task, norms: tuple[Norms, ...]) -> list[float]:
    if _is_even(task):
        return even.rounding_of_sums(task)
    size = _summed(task) * float(np.abs(task.y).max())
    return [size * each.area for each in norms]


def _summed(task: Task) -> float:
    """Return what a sum of as many products as there are samples loses of their magnitudes."""
    terms = (len(task.axis.x) + 4) * UNIT
    return terms / (1 - terms)


def _bound_by_center(task: Task) -> float:
    """Return the bound of the derivative with respect to the center: of the slopes, convolved.

    Slopes times widths add up to the total variation however narrow a segment is, and the kernel's
    error at a point is taken for its error over the panels divided by their width.
    """
    norms, center = task.kernel.norms[0], abs(task.kernel.center)
    units = (4 * (norms.units + task.rule.nodes + 32)) * UNIT + _BEYOND
    apart = 4 * UNIT * center + 3 * task.axis.apart
    if task.kernel.jumps:
        return _bound_by_center_of_a_jump(task, norms, units, apart)
    own = task.rule.error_at_a_point(norms) + norms.peak * (units + apart / task.kernel.scale)
    variation = task.inner_variation + task.jumps_at_ends
    return 1.01 * (variation * own + _sums_by_center(task)) + TINY * len(task.axis.x)


def _bound_by_center_of_a_jump(task: Task, norms: Norms, units: float, apart: float) -> float:
    """Return the same where the kernel jumps: each segment's area is off by the jump's displacement.

    Where the kernel's jump meets a jump of the samples there is no derivative: infinite.
    """
    if task.jumps_at_ends:
        return math.inf
    moved = 2 * norms.peak * apart + 8 * UNIT * norms.moment
    own = task.rule.error(norms) + norms.area * units + moved
    return 1.01 * (task.steepest * own + _sums_by_center(task)) + TINY * len(task.axis.x)


def _sums_by_center(task: Task) -> float:
    if _is_even(task):
        return even.rounding_by_center(task)
    norms = task.kernel.norms[0]
    size = min(task.inner_variation * norms.peak, task.steepest * norms.area)
    return _summed(task) * size
