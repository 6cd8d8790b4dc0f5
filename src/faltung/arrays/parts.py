"""Parts of a problem: fewer outputs, or fewer taps, with no more of the operands than they read."""

from __future__ import annotations

from dataclasses import replace

from faltung.arrays.geometry import Problem
from faltung.options import Boundary

__all__ = ["of_outputs", "of_taps"]


def of_outputs(problem: Problem, axis: int, first: int, end: int) -> Problem | None:
    """Return the problem of the outputs ``first … end - 1`` on `axis`; None if they read nothing.

    What lies outside an array with the zero boundary is left out of both operands. The first L
    outputs of a full convolution need the first L entries of each alone::

        input   |xxxxx·······················|
        taps    |wwwww·············|
        output  |hhhhh·········································|

    so their norms, and with them the bounds of a transform, are those of these entries.
    """
    output_shape = _changed(problem.output_shape, axis, end - first)
    if axis < problem.batch:
        cut = (slice(None),) * axis + (slice(first, end),)
        return replace(
            problem, input=problem.input[cut], taps=problem.taps[cut], output_shape=output_shape
        )
    slid = axis - problem.batch
    start = _changed(problem.start, slid, problem.start[slid] + first * problem.stride[slid])
    return _cropped(replace(problem, output_shape=output_shape, start=start), axis)


def of_taps(problem: Problem, axis: int, first: int, end: int) -> Problem | None:
    """Return the problem of these taps on a sliding `axis`; None if they read nothing."""
    slid = axis - problem.batch
    cut = (slice(None),) * axis + (slice(first, end),)
    start = _changed(problem.start, slid, problem.start[slid] - first * problem.dilation[slid])
    return _cropped(replace(problem, taps=problem.taps[cut], start=start), axis)


def _cropped(problem: Problem, axis: int) -> Problem | None:
    """Return the problem without the entries that no product reads."""
    slid = axis - problem.batch
    if problem.boundaries[slid] is not Boundary.ZERO:
        return problem
    before = (slice(None),) * axis
    # 1. Input: position start + stride i - dilation k for outputs i and taps k.
    start, dilation = problem.start[slid], problem.dilation[slid]
    first = max(0, problem.first(slid))
    end = min(problem.input.shape[axis], problem.last(slid) + 1)
    if first >= end:
        return None
    input, start = problem.input[(*before, slice(first, end))], start - first
    # 2. Taps: dilation k = start + stride i - position for the positions that are left.
    low = max(0, -((end - first - 1 - start) // dilation))
    high = min(problem.taps.shape[axis], (problem.last(slid) - first) // dilation + 1)
    if low >= high:
        return None
    return replace(
        problem,
        input=input,
        taps=problem.taps[(*before, slice(low, high))],
        start=_changed(problem.start, slid, start - low * dilation),
    )


def _changed(values: tuple[int, ...], position: int, value: int) -> tuple[int, ...]:
    return (*values[:position], value, *values[position + 1 :])
