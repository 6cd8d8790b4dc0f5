"""What a sum that is not built says where it is asked: probabilities, tails and quantiles."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import ndtri

from faltung.distributions.discrete.heads import ExactTails
from faltung.distributions.discrete.parts import Parts
from faltung.distributions.discrete.tails import ACCEPTED, Indices, Tails
from faltung.distributions.law.vectors import Numbers, Values, as_floats, vectorized
from faltung.distributions.numbers.inversion import smallest_index
from faltung.distributions.numbers.rational import brief, grid_points, rounded
from faltung.distributions.numbers.rounding import Floats
from faltung.distributions.weights.exact import inexact, log_ratio
from faltung.errors import DataError, ExactnessError, OptionError

_MOST_SECONDS = 4.0


class Answers:
    """P(S = x), P(S <= x) and P(S > x) of a sum: "single", "lower" and "upper".

    By tilting where its bound is within `ACCEPTED`, else from exact counts if there are any, else
    from the whole law.

    Parameters
    ----------
    parts
        What is added.
    start, step
        Index k is the point ``start + step * k``.
    """

    def __init__(self, parts: Parts, start: Fraction, step: Fraction) -> None:
        self.parts, self._start, self._step = parts, start, step

    @cached_property
    def tails(self) -> Tails:
        """Logarithms with their bounds."""
        return Tails(self.parts)

    @cached_property
    def _exact(self) -> ExactTails:
        return ExactTails(self.parts)

    # --- at numbers x ---------------------------------------------------------------------------

    def values(self, kind: str, x: Numbers, *, exact: bool) -> Values:
        """Return probabilities, as Fractions if they are to be exact."""
        if exact:
            return self._exactly(kind, x)
        return vectorized(lambda x: self._at(kind, x, _exponentials), x)

    def logarithms(self, kind: str, x: Numbers) -> Values:
        """Return logarithms of probabilities, -inf where they are 0."""
        return vectorized(lambda x: self._at(kind, x, _logarithms), x)

    def _at(self, kind: str, x: Floats, reading: Callable[[Floats], Floats]) -> Floats:
        result = np.full(len(x), np.nan)
        known = ~np.isnan(x)
        result[known] = reading(self._rows(kind, self._indices(kind, x[known])))
        return result

    def _exactly(self, kind: str, x: Numbers) -> Any:
        if not self.parts.exact:
            raise inexact()
        points = as_floats(x)
        if np.isnan(points).any():
            raise DataError("x is NaN: no exact probability belongs to it")
        indices = self._indices(kind, points.ravel()).tolist()
        denominator = self._exact.denominator
        values = [Fraction(self._count(kind, k), denominator) for k in indices]
        if points.ndim == 0:
            return values[0]
        return np.array(values, dtype=object).reshape(points.shape)

    def _indices(self, kind: str, x: Floats) -> Indices:
        """Return the index that answers for x: of the last point up to x, or of the one behind.

        For a single probability it is -1 where x is no point.
        """
        distinct, inverse = np.unique(x, return_inverse=True)
        found = np.array([self._last_up_to(value) for value in distinct.tolist()], dtype=np.int64)
        if kind == "single":
            hits = grid_points(self._start, self._step, np.maximum(found, 0)) == distinct
            found = np.where((found >= 0) & hits, found, -1)
        return (found + 1 if kind == "upper" else found)[inverse]

    def _last_up_to(self, x: float) -> int:
        """Return the index of the last point whose nearest float is at most x, -1 if none is."""
        if math.isinf(x):
            return self.parts.last if x > 0 else -1
        k = math.floor((Fraction(x) - self._start) / self._step)
        if rounded(self._start + self._step * (k + 1)) <= x:  # that point rounds down to x
            k += 1
        return min(max(k, -1), self.parts.last)

    # --- at indices -----------------------------------------------------------------------------

    def _rows(self, kind: str, k: Indices) -> Floats:
        """Return logarithms in two floats and the bounds on their errors."""
        rows = self._logs(kind)(k)
        for i in np.flatnonzero(~(rows[:, 2] <= ACCEPTED)):
            rows[i] = self._otherwise(kind, int(k[i])), 0.0, ACCEPTED
        return rows

    def _logs(self, kind: str) -> Callable[[Indices], Floats]:
        return {
            "single": self.tails.log_single,
            "lower": self.tails.log_lower,
            "upper": self.tails.log_upper,
        }[kind]

    def _otherwise(self, kind: str, k: int) -> float:
        """Return a logarithm that tilting does not resolve."""
        if kind == "single" and not self.parts.may_reach(k):
            return -math.inf
        try:
            if self.parts.exact:
                return log_ratio(self._count(kind, k), self._exact.denominator)
            self._refuse_building()
            weights = self.parts.whole
        except (OptionError, ExactnessError) as error:
            where = brief(self._start + self._step * k, 17)
            raise type(error)(
                f"the probability at {where} is too small beside those around it to be computed "
                f"alone, and with the others: {error}"
            ) from None
        if kind == "single":
            return float(weights.log_floats[k])
        return float(weights.log_below[k + 1] if kind == "lower" else weights.log_above[k])

    def _refuse_building(self) -> None:
        if self.parts.seconds_to_build > _MOST_SECONDS:
            raise OptionError(
                f"the whole law has {brief(self.parts.last + 1)} points, which takes long to build: "
                "ask for `weights` first if you want that"
            )

    def _count(self, kind: str, k: int) -> int:
        if kind == "single":
            return self._exact.single(k)
        return self._exact.lower(k) if kind == "lower" else self._exact.upper(k)

    # --- quantiles ------------------------------------------------------------------------------

    def quantiles(self, q: Floats) -> Floats:
        """Return the smallest points with ``cdf(x) >= q``, 0 < q < 1."""
        return self._smallest(ndtri(q), lambda k, i: self.at_indices("lower", k) >= q[i])

    def upper_quantiles(self, q: Floats) -> Floats:
        """Return the smallest points with ``sf(x) <= q``, 0 < q < 1."""
        return self._smallest(-ndtri(q), lambda k, i: self.at_indices("upper", k + 1) <= q[i])

    def at_indices(self, kind: str, k: Indices) -> Floats:
        """Return P(S = k), P(S <= k) or P(S >= k), with S and k in indices."""
        return _exponentials(self._rows(kind, k))

    def _smallest(self, normal: Floats, reached: Callable[[Indices, Indices], Any]) -> Floats:
        guesses = self.tails.mean + self.tails.deviation * normal
        step = int(self.tails.deviation / 16) + 1
        indices = smallest_index(reached, guesses, step, self.parts.last)
        order = np.argsort(indices)
        values = np.empty(len(indices))
        values[order] = grid_points(self._start, self._step, indices[order])
        return values


def _logarithms(rows: Floats) -> Floats:
    return np.minimum(rows[:, 0] + rows[:, 1], 0.0)


def _exponentials(rows: Floats) -> Floats:
    return np.minimum(np.exp(rows[:, 0]) * (1 + rows[:, 1]), 1.0)
