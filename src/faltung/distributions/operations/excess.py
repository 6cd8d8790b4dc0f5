"""Integrals of the sf of any law between two places: what an excess or a layer is worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.sums import LatticeSum
from faltung.distributions.law import integrals
from faltung.distributions.law.law import Law
from faltung.distributions.mixed.mixed import Mixed
from faltung.distributions.numbers.rational import rounded

_FEW = 4

# For points x_0 < x_1 < … the sf is P(X > x_k) from x_k up to x_{k+1}. So with gaps
# g_k = x_{k+1} - x_k and a place d between x_k and x_{k+1},
#
#     E (X - d)+ = (x_{k+1} - d) P(X > x_k) + g_{k+1} P(X > x_{k+1}) + g_{k+2} P(X > x_{k+2}) + …
#
# Nothing is subtracted but places, and those exactly.


def excess_over(law: Law, place: Fraction) -> float:
    """Return E (X - place)+."""
    if isinstance(law, Atoms):
        return _between_atoms(law, place, None)
    if isinstance(law, Mixed):
        return _weighted([(w, excess_over(part, place)) for w, part in law.components()])
    return integrals.excess(law, rounded(place))


def excesses_over(law: Law, places: Sequence[Fraction]) -> list[float]:
    """Return E (X - place)+ for several places: from the farthest one on, interval by interval."""
    if isinstance(law, Mixed):
        columns = [[w * e for e in excesses_over(part, places)] for w, part in law.components()]
        return [sum(terms) for terms in zip(*columns, strict=True)]
    if isinstance(law, Atoms) or len(places) < _FEW:
        return [excess_over(law, place) for place in places]
    rising = sorted(set(places))
    known, total = {}, excess_over(law, rising[-1])
    for place, after in zip(reversed(rising), [None, *reversed(rising[1:])], strict=True):
        if after is not None:
            total += integrals.step(law, rounded(place), rounded(after))
        known[place] = total
    return [known[place] for place in places]


def within(law: Law, start: Fraction, stop: Fraction) -> float:
    """Return the integral of the sf from `start` to `stop`, the mean of a layer."""
    if start >= stop:
        return 0.0
    if isinstance(law, Atoms):
        return _between_atoms(law, start, stop)
    if isinstance(law, Mixed):
        return _weighted([(w, within(part, start, stop)) for w, part in law.components()])
    return integrals.between(law, rounded(start), rounded(stop))


def shortage_below(law: Law, place: Fraction) -> float:
    """Return E (place - X)+."""
    return excess_over(-law, -place)


def limited(law: Law, place: Fraction) -> float:
    """Return E min(X, place).

    From a finite end of the support the sf is added up; from -inf, the shortage is taken off.
    """
    low = law.support()[0]
    if math.isinf(low):
        return rounded(place) - shortage_below(law, place)
    start = law._exact_ends()[0] if isinstance(law, Atoms) else Fraction(low)
    if place <= start:
        return rounded(place)
    return rounded(start + Fraction(within(law, start, place)))


def exact_excess(law: Atoms, place: Fraction) -> Fraction:
    """Return E (X - place)+ of a law with exact weights."""
    pairs = zip(_places(law), law._exact().fractions(), strict=True)
    return sum((p * (x - place) for x, p in pairs if x > place), Fraction(0))


def exact_limited(law: Atoms, place: Fraction) -> Fraction:
    """Return E min(X, place) of a law with exact weights."""
    pairs = zip(_places(law), law._exact().fractions(), strict=True)
    return sum((p * min(x, place) for x, p in pairs), Fraction(0))


def exact_quantile(law: Atoms, tail: Fraction) -> Fraction:
    """Return the smallest point with P(X > x) <= tail, of a law with exact weights."""
    weights = law._exact()
    above = weights.counts_above[1:]
    k = next(k for k, count in enumerate(above) if count <= tail * weights.denominator)
    return law._start + law._step * int(law._indices[k])


def _places(law: Atoms) -> list[Fraction]:
    return [law._start + law._step * int(k) for k in law._indices]


def _weighted(terms: Sequence[tuple[float, float]]) -> float:
    return sum(weight * value for weight, value in terms)


def _between_atoms(law: Atoms, start: Fraction, stop: Fraction | None) -> float:
    """Return the integral of the sf, which is constant between points."""
    if isinstance(law, LatticeSum) and (found := law._integral_of_sf(start, stop)) is not None:
        return found
    first, last = law._exact_ends()
    stop = last if stop is None else min(stop, last)
    if start >= stop:
        return 0.0
    flat = max(min(first, stop) - start, Fraction(0))
    start = max(start, first)
    if start >= stop:
        return rounded(flat)
    i, j = _last_point(law, start), _last_point(law, stop)
    above = np.asarray(law._weights.above)[1:]
    if i == j:
        return rounded(flat) + rounded(stop - start) * float(above[i])
    inner = np.asarray(np.diff(law._indices[i + 1 : j + 1]), dtype=np.float64)
    total = float(rounded(law._step) * inner @ above[i + 1 : j])
    total += rounded(_point(law, i + 1) - start) * float(above[i])
    return rounded(flat) + total + rounded(stop - _point(law, j)) * float(above[j])


def _point(law: Atoms, k: int) -> Fraction:
    return law._start + law._step * int(law._indices[k])


def _last_point(law: Atoms, place: Fraction) -> int:
    """Return the index of the last point that is at most `place`, which is not below the first."""
    steps: Any = (place - law._start) // law._step
    return int(np.searchsorted(law._indices, steps, side="right")) - 1
