"""The parts of a mixture: which laws have atoms, which a density, and their weighted sums."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.grids import common_places, gathered
from faltung.distributions.law.law import Law
from faltung.distributions.law.vectors import Numbers, Values, vectorized
from faltung.distributions.numbers.reach import Reach
from faltung.distributions.numbers.rounding import Floats
from faltung.distributions.weights.blended import blended

_ABSORBED = 2.0**-60  # such a part of a sum, added to it, is rounded away
_MORE = 1 + 1e-9  # for the roundings of a bound itself


@dataclass(frozen=True, slots=True)
class Part:
    """A law and the probability with which it is the one that a variable is drawn from."""

    weight: float
    law: Law


@dataclass(frozen=True, slots=True)
class Omitted:
    """What a mixture leaves out: how probable it is at most, and between which values it lies."""

    mass: float = 0.0
    low: float = math.inf
    high: float = -math.inf

    def between(self, *ends: float) -> Omitted:
        """Return as much between other values; nothing stays nothing."""
        return Omitted(self.mass, min(ends), max(ends)) if self.mass else self

    def times(self, factor: float) -> Omitted:
        """Return a multiple of it at the same values."""
        return Omitted(self.mass * factor, self.low, self.high) if self.mass else self

    def plus(self, other: Omitted) -> Omitted:
        """Return what is left out here or there."""
        low, high = min(self.low, other.low), max(self.high, other.high)
        return Omitted(self.mass + other.mass, low, high)


NOTHING = Omitted()


def weighted(parts: Iterable[Part], method: str, x: Numbers) -> Values:
    """Return the sum of weight times ``law.method(x)``: non-negative terms."""
    chosen = list(parts)

    def total(x: Floats) -> Floats:
        result = np.where(np.isnan(x), np.nan, 0.0)
        for part in chosen:
            result = result + part.weight * np.asarray(getattr(part.law, method)(x))
        return result

    return vectorized(total, x)


def weighted_shares(parts: Iterable[Part], method: str, x: Numbers) -> Values:
    """Return the sum of weight times ``law.method(x)`` for values of at most 1, as a cdf has.

    The largest weights come first, and at each x the others are left out where all that is left is
    below 2^-60 of the sum: none of them would change the rounded sum.
    """
    chosen = sorted(parts, key=lambda part: -part.weight)
    left = np.cumsum([part.weight for part in reversed(chosen)])[::-1] * _MORE

    def total(x: Floats) -> Floats:
        result = np.where(np.isnan(x), np.nan, 0.0)
        for part, mass in zip(chosen, left.tolist(), strict=True):
            open_ = np.flatnonzero(mass > result * _ABSORBED)
            if not len(open_):
                break
            result[open_] += part.weight * np.asarray(getattr(part.law, method)(x[open_]))
        return result

    return vectorized(total, x)


def log_weighted(parts: Iterable[Part], method: str, x: Numbers) -> Values:
    """Return the logarithm of a weighted sum, of terms that may be below the smallest float."""
    chosen = list(parts)

    def total(x: Floats) -> Floats:
        result = np.where(np.isnan(x), np.nan, -np.inf)
        for part in chosen:
            term = np.log(part.weight) + np.asarray(getattr(part.law, method)(x))
            with np.errstate(invalid="ignore"):  # at NaN
                result = np.logaddexp(result, term)
        return result

    return vectorized(total, x)


def mixture_of_atoms(
    laws: Sequence[Atoms], factors: Sequence[Fraction], relative: float | None = None
) -> Atoms:
    """Return the discrete law that is each of `laws` with the probability `factors`.

    Exact where the laws are, if the factors are exact, which they are without `relative`.
    """
    if len(laws) == 1:
        return laws[0]
    origin, step, places = common_places(laws)
    weights = blended(
        [(factor, law._weights) for factor, law in zip(factors, laws, strict=True)], relative
    )
    return gathered(weights, origin, step, np.concatenate(places), reach=_reach(laws))


def lacking(law: Atoms, mass: float) -> Atoms:
    """Return a discrete law with so much more neglected."""
    if not mass:
        return law
    known = law._weights.to_float()
    weights = replace(known, neglected=known.neglected + mass)
    return law._create(weights, law._start, law._step, law._places, reach=law._reach)


def _reach(laws: Sequence[Atoms]) -> Reach | None:
    if not any(law._reach for law in laws):
        return None
    ends = [law._ends() for law in laws]
    low: Any = min(end.low for end in ends)
    high: Any = max(end.high for end in ends)
    return Reach(low, high)
