"""What operations make of discrete laws: points that move, weights that are kept, extremes."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from faltung import _core
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.grids import common_places, gathered
from faltung.distributions.discrete.lattice import point
from faltung.distributions.numbers.rational import (
    Integers,
    affine,
    as_integers,
    brief,
    rational_gcd,
)
from faltung.distributions.numbers.reach import End, Reach
from faltung.distributions.numbers.rounding import ROUNDOFF, chained, together
from faltung.distributions.weights.blended import conditioned, exact_weights
from faltung.distributions.weights.exact import ExactWeights
from faltung.distributions.weights.given import Weights
from faltung.distributions.weights.numbers import ScaledNumbers
from faltung.distributions.weights.scale import Scale
from faltung.distributions.weights.scaled import ScaledWeights
from faltung.errors import DataError, ExactnessError, OptionError

_Spread: TypeAlias = tuple[Any, Any]  # which numbers are points, and how many points are up to each
_MOST_COPIES = 1000
_MOST_TERMS = 10**9
_MOST_DIGITS = 2**36
_ROUNDINGS = 2.0**-101  # of two products and their sum


def absolute(law: Atoms) -> Atoms:
    """Return the law of abs(X): points are reflected, and equal ones merged."""
    step = rational_gcd(law._step, law._start) or Fraction(1)
    numbers = affine(law._indices, int(law._step / step), int(law._start / step))
    reach = law._reach
    if reach is not None:
        reach = Reach(*_absolute_ends(reach.low, reach.high))
    return gathered(law._weights, Fraction(0), step, abs(numbers), reach=reach)


def _absolute_ends(low: Any, high: Any) -> tuple[End, End]:
    """Return the ends of abs(X); the lower one as if there were values near 0 on either side."""
    smallest = low if low > 0 else -high if high < 0 else Fraction(0)
    return smallest, max(-low, high)


def clipped(law: Atoms, low: End, high: End) -> Atoms:
    """Return the law of min(max(X, low), high)."""
    ends = [end for end in (low, high) if isinstance(end, Fraction)]
    step = law._step
    for end in ends:
        step = rational_gcd(step, end - law._start)
    numbers = affine(law._indices, int(law._step / step))
    if isinstance(low, Fraction):
        numbers = np.maximum(numbers, _place(law, low, step))
    if isinstance(high, Fraction):
        numbers = np.minimum(numbers, _place(law, high, step))
    return gathered(law._weights, law._start, step, numbers, reach=_cut(law, low, high))


def _place(law: Atoms, end: Fraction, step: Fraction) -> Any:
    place = int((end - law._start) / step)
    return place if abs(place) < 2**62 else np.array(place, dtype=object)


def _cut(law: Atoms, low: End, high: End) -> Reach | None:
    if law._reach is None:
        return None
    ends: Any = (law._reach.low, law._reach.high)
    return Reach(min(max(ends[0], low), high), max(min(ends[1], high), low))


def truncated(law: Atoms, low: End, high: End) -> Atoms:
    """Return the law of X, given that it is from `low` to `high`, both included.

    Raises
    ------
    DataError
        If that has no probability.
    """
    kept = _kept(law, low, high)
    if not len(kept):
        raise DataError(
            f"X is never from {_shown(low)} to {_shown(high)}: the law has points from "
            f"{law.points[0]:.10g} to {law.points[-1]:.10g}"
        )
    weights = conditioned(law._weights, kept)
    return gathered(weights, law._start, law._step, law._indices[kept], reach=_cut(law, low, high))


def kept_mass(law: Atoms, low: End, high: End) -> float:
    """Return the probability of the exact points from `low` to `high`, summed by itself."""
    kept = _kept(law, low, high)
    chosen = law._weights.chosen(kept)
    if isinstance(chosen, ExactWeights):
        return sum(chosen.counts) / chosen.denominator
    return math.fsum(chosen.floats)


def _kept(law: Atoms, low: End, high: End) -> NDArray[np.intp]:
    """Return the indices of the points from `low` to `high` that have probability."""
    first = 0 if isinstance(low, float) else math.ceil((low - law._start) / law._step)
    begin, end = int(np.searchsorted(law._indices, first)), len(law)
    if not isinstance(high, float):
        last = math.floor((high - law._start) / law._step)
        end = int(np.searchsorted(law._indices, last, side="right"))
    kept = np.arange(begin, end)
    return kept[law._weights.positive()[kept]]


def _shown(end: End) -> str:
    return f"{float(end):.10g}"


def larger(x: Atoms, y: Atoms) -> Atoms:
    """Return the law of the larger of independent X and Y.

    P(max = t) = P(X = t) P(Y <= t) + P(X < t) P(Y = t): nothing cancels. On the union of both
    sets of points, exact if both laws are.
    """
    origin, step, places = common_places([x, y])
    numbers = np.unique(np.concatenate(places))
    one, other = (_spread(each, numbers) for each in places)
    weights = _larger_weights(x._weights, y._weights, one, other)
    return gathered(weights, origin, step, as_integers(numbers), reach=_larger_reach(x, y))


def _spread(places: Integers, numbers: Integers) -> _Spread:
    """Return where a law's points are among `numbers`, and how many are at most each of them."""
    count = np.searchsorted(places, numbers, side="right")
    own = places[np.maximum(count - 1, 0)] == numbers
    return own & (count > 0), count


def _larger_weights(a: Weights, b: Weights, one: _Spread, other: _Spread) -> Weights:
    if isinstance(a, ExactWeights) and isinstance(b, ExactWeights):
        rows = zip(_exact_rows(a, *one), _exact_rows(b, *other), strict=True)
        counts = [p * (less_q + q) + less_p * q for (p, less_p), (q, less_q) in rows]
        return ExactWeights(counts, a.denominator * b.denominator)
    x, y = a.to_float(), b.to_float()
    p, less, _ = _scaled_rows(x, *one)
    q, _, upto = _scaled_rows(y, *other)
    rounding = x.additions + y.additions + _ROUNDINGS
    return ScaledWeights(
        p.by(upto).plus(less.by(q)),
        Scale(),
        chained(x.relative, y.relative, rounding),
        together(x.estimate, y.estimate, rounding / 8),
        1.01 * (x.neglected + y.neglected),
    )


def _exact_rows(weights: ExactWeights, own: Any, count: Any) -> list[tuple[int, int]]:
    """Return (count at, count below) for each number."""
    rows, below = [], weights.counts_below
    for here, k in zip(own.tolist(), count.tolist(), strict=True):
        rows.append((below[k] - below[k - 1], below[k - 1]) if here else (0, below[k]))
    return rows


def _scaled_rows(
    weights: ScaledWeights, own: Any, count: Any
) -> tuple[ScaledNumbers, ScaledNumbers, ScaledNumbers]:
    """Return P(X = t), P(X < t) and P(X <= t) for each number."""
    chance = weights.probabilities.placed(np.flatnonzero(own), len(own))
    sums = weights.sums_below
    return chance, sums.at(np.where(own, count - 1, count)), sums.at(count)


def _larger_reach(x: Atoms, y: Atoms) -> Reach | None:
    if not (x._reach or y._reach):
        return None
    one: Any = x._ends()
    other: Any = y._ends()
    return Reach(max(one.low, other.low), max(one.high, other.high))


def ordered(law: Atoms, r: int, n: int) -> Atoms:
    """Return the law of the r-th smallest of n independent copies.

    Of the copies at most r - 1 are below t and at most n - r above it: a polynomial in P(X < t),
    P(X = t) and P(X > t) with positive coefficients, which the core evaluates in O(n) positive
    terms (David & Nagaraja, *Order Statistics*, 3rd ed., section 2.1). Exact weights by the binomial
    tail in integers.
    """
    if len(law) == 1:
        return law if law._reach is None else point(law._start)
    weights = law._weights
    _refuse_order(weights, n)
    if isinstance(weights, ExactWeights):
        made: Weights = exact_weights(_exact_order(weights, r, n))
    else:
        made = _scaled_order(weights, r, n)
    return gathered(made, law._start, law._step, law._indices, reach=law._reach)


def _refuse_order(weights: Weights, n: int) -> None:
    """Refuse an order statistic that would take minutes."""
    if isinstance(weights, ExactWeights):
        work = len(weights) * n * n * (weights.denominator.bit_length() // 30 + 1)
        if work > _MOST_DIGITS:
            raise ExactnessError(
                f"the exact order statistic of n={n} copies takes {brief(work)} digit products, more "
                f"than {brief(_MOST_DIGITS)}: give the law as floats with .to_float()"
            )
    elif n > _MOST_COPIES or len(weights) * n > _MOST_TERMS:
        raise OptionError(
            f"n={n} copies of a law with {len(weights)} points: at most {_MOST_COPIES} copies are "
            f"supported where there are atoms, and {brief(_MOST_TERMS)} points times copies"
        )


def _exact_order(weights: ExactWeights, r: int, n: int) -> list[Fraction]:
    total = weights.denominator
    levels = [
        sum(math.comb(n, j) * f**j * (total - f) ** (n - j) for j in range(r, n + 1))
        for f in weights.counts_below
    ]
    return [Fraction(b - a, total**n) for a, b in pairwise(levels)]


def _scaled_order(weights: ScaledWeights, r: int, n: int) -> ScaledWeights:
    first = [math.comb(n, k) for k in range(n - r + 1)]
    later = [math.comb(n, r) * math.comb(r, i) for i in range(r + 1)]
    below, above = weights.sums_below.at(slice(None, -1)), weights.sums_above.at(slice(1, None))
    parts = _core.scaled_order_statistic(
        (weights.probabilities.parts, below.parts, above.parts),
        r,
        n,
        ScaledNumbers.from_integers(first).parts,
        ScaledNumbers.from_integers(later).parts,
        threads=0,
    )
    one = chained(weights.relative, weights.additions)
    rounding = 64 * (n + 1) * ROUNDOFF**2
    return ScaledWeights(
        ScaledNumbers(*parts),
        Scale(),
        chained(*[one] * n, rounding),
        n * weights.estimate + rounding / 16,
        (n + 1) * weights.neglected,
    )
