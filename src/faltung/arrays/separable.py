"""The separable method: one line of taps after the other, in the core."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung import _core
from faltung.arrays.bounds import direct_factor, gamma, unit_roundoff
from faltung.arrays.direct import direct_seconds, run_direct
from faltung.arrays.geometry import Problem
from faltung.arrays.lowrank import Separation, separate
from faltung.arrays.nonfinite import is_finite
from faltung.arrays.transform import transform_seconds
from faltung.errors import OptionError
from faltung.options import Method

__all__ = [
    "allow_rank",
    "require_separation",
    "run_separable",
    "separable_bytes",
    "separable_error",
    "separable_roundings",
    "separable_seconds",
]

Array = NDArray[Any]


def allow_rank(problem: Problem, tolerance: float, method: Method) -> Problem:
    """Return the problem with the share of the kernel's norm that may be left out.

    Raises
    ------
    OptionError
        If it is not from 0 up to below 1, or goes with a method that leaves nothing out.
    """
    try:
        share = float(tolerance)
    except (TypeError, ValueError):
        share = math.nan
    if not 0 <= share < 1:
        raise OptionError(
            f"rank_tolerance={tolerance!r}: write the share of the kernel's norm that may be left "
            "out, from 0 up to below 1, such as 1e-6"
        )
    if share and method not in (Method.AUTO, Method.SEPARABLE):
        raise OptionError(
            f"rank_tolerance={tolerance!r} goes with method='separable' or 'auto', not "
            f"{str(method)!r}, which takes every tap"
        )
    return replace(problem, rank_tolerance=share) if share else problem


def require_separation(problem: Problem) -> None:
    """Raise OptionError if the kernel is not separable."""
    if problem.input.dtype.kind != "f":
        raise OptionError(
            "method='separable' takes floats: convert the operands with .astype(float), or write "
            "method='auto'"
        )
    if _separation(problem) is None:
        shape = problem.sliding_taps_shape
        raise OptionError(
            f"method='separable': the kernel of shape {shape} is not the product of one line for "
            f"each axis (rank_tolerance={problem.rank_tolerance!r}): write method='auto', or "
            "allow a sum of products with a larger rank_tolerance, such as 1e-6"
        )


def run_separable(problem: Problem, out: Array, threads: int) -> bool:
    """Fill `out`; return False where a sum of products would spread what is not finite."""
    separation = _separation(problem)
    if separation is None:
        return run_direct(problem, out, threads)
    if _sum_terms(problem, separation, out, threads):
        return True
    # Either the input is not finite, or a sum overflowed on the way.
    if len(separation.terms) > 1 and not is_finite(problem.input):
        return False
    if _may_overflow(problem, separation):
        power = out.dtype.type(2.0**_ROOM)
        smaller = problem.with_operands(
            problem.input / power, problem.taps, problem.fill_value / float(power)
        )
        with np.errstate(over="ignore"):
            _sum_terms(smaller, separation, out, threads)
            out *= power
    return True


# Binary places of room that are made for intermediate sums.
_ROOM = 40


def _sum_terms(problem: Problem, separation: Separation, out: Array, threads: int) -> bool:
    layout = problem.layout
    finite = True
    for number, lines in enumerate(separation.terms):
        reversed_lines = [np.ascontiguousarray(lines[d][::-1]) for d in layout.order]
        finite &= _core.correlate_by_lines(
            problem.input.transpose(layout.order),
            reversed_lines,
            out.transpose(layout.order),
            layout.first,
            layout.boundaries,
            layout.steps,
            problem.fill_value,
            number > 0,
            separation.whole,
            threads,
        )
    return finite


def _may_overflow(problem: Problem, separation: Separation) -> bool:
    finite = np.isfinite(problem.input)
    peak = float(np.abs(problem.input).max(where=finite, initial=abs(problem.fill_value)))
    sums = [
        math.prod(max(float(np.abs(line.astype(np.float64)).sum()), 1.0) for line in lines)
        for lines in separation.terms
    ]
    return not sum(sums) * peak < float(np.finfo(problem.input.dtype).max) / 2


def separable_seconds(problem: Problem, others: float | None = None) -> float:
    """Return the predicted time on one thread; infinite where the method does not help.

    Lines are sought only where they would be faster than the other methods, which take the least
    of their predicted times or `others`.
    """
    if problem.batch or problem.input.dtype not in (np.float32, np.float64):
        return math.inf
    lengths = [length for length in problem.sliding_taps_shape if length > 1]
    if len(lengths) < 2:
        return math.inf
    if others is None:
        others = min(direct_seconds(problem), transform_seconds(problem))
    if _seconds(problem, 1) >= others:
        return math.inf
    separation = _separation(problem)
    if separation is None:
        return math.inf
    return _seconds(problem, len(separation.terms))


def _seconds(problem: Problem, terms: int) -> float:
    layout = problem.layout
    sliding = layout.sliding
    lengths = [problem.taps.shape[d] for d in sliding]
    outputs = [problem.output_shape[d] for d in sliding]
    each = _core.lines_nanoseconds(problem.input.dtype.itemsize, lengths, outputs, layout.steps)
    return _core.predicted_seconds(_core.separation_nanoseconds(problem.tap_count) + terms * each)


def separable_bytes(problem: Problem) -> int:
    """Return the memory of the rings of lines and planes, the same for each thread."""
    deep = sum(length > 1 for length in problem.sliding_taps_shape) > 2
    return _core.default_threads() * (1 << 20 if deep else 1 << 18)


def separable_error(problem: Problem) -> float:
    """Return ``c`` of the bound ``c * norm(taps) * norm(continued input)``."""
    separation = _separation(problem)
    if separation is None:
        return math.inf
    terms, dtype = len(separation.terms), problem.input.dtype
    rounding = gamma(separation.line_taps + terms - 1, unit_roundoff(dtype))
    if terms == 1:
        return rounding * (1 + separation.deviation) + separation.deviation
    # Where the input is not finite, its finite part is summed directly.
    by_terms = rounding * separation.spread + separation.deviation
    return max(by_terms, direct_factor(problem.tap_count, dtype))


def separable_roundings(problem: Problem) -> tuple[int, float]:
    """Return how many roundings an entry goes through, and what the lines are off by."""
    separation = _separation(problem)
    if separation is None:
        return problem.tap_count, 0.0
    return separation.line_taps * len(separation.terms), separation.deviation


def _separation(problem: Problem) -> Separation | None:
    if problem.batch or problem.separation is not None:
        return problem.separation
    # The core sums along its last axis first.
    lengths = problem.taps.shape
    order = problem.layout.sliding
    carrier = next((axis for axis in reversed(order) if lengths[axis] > 1), order[-1])
    return separate(problem.taps, carrier, problem.rank_tolerance)
