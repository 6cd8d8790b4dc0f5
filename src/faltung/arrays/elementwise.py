"""Every output to a relative error: ``|error[i]| <= rtol * (|w| * |x|)[i]``.

A transform is off by a multiple of the norms of the operands, the same for every output. So:

1. A transform is made, and its bound, beside what is known of (|w| * |x|)[i], tells which outputs
   are within `rtol` already: they are certified.
2. The others make intervals, each a smaller problem with smaller norms (see
   :mod:`faltung.arrays.parts`), which is solved likewise; where that is no smaller, with more leading
   digits exact (see :mod:`faltung.arrays.leading_digits`).
3. As soon as direct sums are predicted to take less time, the outputs are summed directly, which
   always holds any `rtol`.

That few outputs need repair, and flags that find them, is the idea of Wilson & Keich, Accurate
pairwise convolutions of non-negative vectors via FFT, Comput. Stat. Data Anal. 101 (2016).
``docs/mathematics/elementwise.md`` proves each step.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.accurate_direct import run_direct_within
from faltung.arrays.bounds import unit_roundoff
from faltung.arrays.geometry import Problem
from faltung.arrays.intervals import worst_intervals
from faltung.arrays.leading_digits import MOST_LEVELS, products_of_level, run_leading_digits
from faltung.arrays.methods import METHODS
from faltung.arrays.nonfinite import is_finite, run_with_nonfinite
from faltung.arrays.parts import of_outputs
from faltung.arrays.scaled import Scaled, first_level, scaled_problem
from faltung.arrays.tilt import tilted
from faltung.options import Method

__all__ = ["as_float64", "run_elementwise"]

Array = NDArray[Any]


def run_elementwise(
    problem: Problem, method: Method, rtol: float, out: Array, threads: int
) -> None:
    """Fill `out`, of the type of the result, within `rtol`; NaN and infinity where a sum has them.

    ``Method.DIRECT`` makes direct sums alone.
    """
    # 1. Sums in the type of the result are rounded no more.
    finite = all(map(is_finite, (problem.input, problem.taps, np.asarray(problem.fill_value))))
    direct = METHODS[Method.DIRECT]
    same_type = out.dtype == problem.input.dtype
    if method is Method.DIRECT and same_type and finite and direct.error_factor(problem) <= rtol:
        direct.run(problem, out, threads)
        return
    # 2. Sums in float64, rounded once if the result is narrower.
    wide = as_float64(problem)
    sums = out if out.dtype == np.float64 else np.empty(out.shape)
    rounding = 0.0 if sums is out else unit_roundoff(out.dtype)
    goal = _Goal((rtol - rounding) / (1 + rounding), threads, method is Method.DIRECT)
    if finite:
        _solve(wide, goal, sums, 0)
    else:
        run_with_nonfinite(wide, sums, lambda part, to: _solve_finite(part, goal, to))
    if sums is not out:
        with np.errstate(over="ignore"):
            out[...] = sums


@dataclass(frozen=True)
class _Goal:
    rtol: float
    threads: int
    direct: bool


def as_float64(problem: Problem) -> Problem:
    """Return the same problem in float64."""
    return problem.with_operands(
        problem.input.astype(np.float64, copy=False),
        problem.taps.astype(np.float64, copy=False),
        float(problem.fill_value),
    )


def _solve_finite(problem: Problem, goal: _Goal, out: Array) -> bool:
    _solve(problem, goal, out, 0)
    return True


# What transforms that may certify nothing may take, as a part of the time of direct sums.
_WORTH_A_TRY = 1 / 3


def _solve(problem: Problem, goal: _Goal, out: Array, level: int) -> None:
    """Fill `out`, from `level` leading digits on."""
    limit = _WORTH_A_TRY * METHODS[Method.DIRECT].seconds(problem)
    each = math.inf if goal.direct else METHODS[Method.FFT].seconds(problem)
    if products_of_level(level) * each < limit:
        scaled = scaled_problem(problem)
        if scaled is None:
            out[...] = 0
            return
        scaled = tilted(scaled)
        level = max(level, first_level(scaled, goal.rtol))
        while level <= MOST_LEVELS and products_of_level(level) * each < limit:
            certified = _certify(scaled, goal, out, level)
            if certified is None:
                break
            if certified.any():
                _solve_rest(problem, goal, out, (certified, level))
                return
            level += 1
    run_direct_within(problem, goal.rtol, out, goal.threads)


def _solve_rest(
    problem: Problem, goal: _Goal, out: Array, known: tuple[NDArray[np.bool_], int]
) -> None:
    """Solve for the outputs that are not certified, in intervals of one axis."""
    certified, level = known
    if certified.all():
        return
    empty = _empty_outputs(problem, certified, goal.threads)
    if empty is not None:
        out[empty] = 0
        certified = certified | empty
        if certified.all():
            return
    axis, intervals = worst_intervals(certified, problem)
    for first, end in intervals:
        part = of_outputs(problem, axis, first, end)
        to = out[(slice(None),) * axis + (slice(first, end),)]
        if part is None:
            to[...] = 0
            continue
        smaller = 2 * (end - first) <= problem.output_shape[axis]
        _solve(part, goal, to, level if smaller else level + 1)


# So few outputs are not worth a transform of indicators.
_FEW_OUTPUTS = 64


def _empty_outputs(
    problem: Problem, certified: NDArray[np.bool_], threads: int
) -> NDArray[np.bool_] | None:
    """Return the outputs of which every product is zero, None if none was looked for.

    Products that are not zero are counted, to within one half.
    """
    zeros = problem.input.size - np.count_nonzero(problem.input)
    zeros += problem.taps.size - np.count_nonzero(problem.taps)
    if not zeros or certified.size - np.count_nonzero(certified) <= _FEW_OUTPUTS:
        return None
    counted = problem.with_operands(
        (problem.input != 0).astype(np.float64),
        (problem.taps != 0).astype(np.float64),
        float(problem.fill_value != 0),
    )
    count = np.empty(certified.shape)
    known = run_leading_digits(counted, 0, count, threads)
    return np.asarray(count < 0.5) if known is not None and known.absolute < 0.5 else None


def _certify(scaled: Scaled, goal: _Goal, out: Array, level: int) -> NDArray[np.bool_] | None:
    """Fill `out` and return which of it is within `rtol`; None if digits would be too short."""
    known = run_leading_digits(scaled.problem, level, out, goal.threads)
    if known is None:
        return None
    magnitudes = np.abs(out)
    if not scaled.one_sign:
        run_leading_digits(scaled.absolute, level, magnitudes, goal.threads)
    scaled.scale_back(out)
    # With A = (|w| * |x|)[i], its computed value a and e = absolute, r = relative:
    # a <= (1 + r) A + e, and the error e + r A is at most rtol A if a >= e + e (1 + r) / (rtol - r).
    relative = known.relative + scaled.relative
    room = goal.rtol - relative
    absolute = known.absolute + scaled.lost
    least = absolute * (1 + (1 + relative) / room) if room > 0 else math.inf
    return np.asarray(magnitudes >= least * (1 + 1e-9))
