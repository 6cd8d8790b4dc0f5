"""The convolution at one total, pair by pair: which a and b make a + b = c, and how likely."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.law.law import Law
from faltung.distributions.numbers.rational import (
    affine,
    as_rational,
    brief,
    grid_points,
    plain,
    rational_gcd,
    rounding_interval,
)
from faltung.distributions.pictures import table_html
from faltung.errors import DtypeError

_SHOWN = 40


class Pair(NamedTuple):
    """One way to make the total: ``x + y`` with probability ``p(x) q(y)``."""

    x: float
    y: float
    probability: Any  # a Fraction if both laws are exact, else a float


@dataclass(frozen=True)
class Pairs:
    """All pairs with one total, as :func:`pairs` returns them.

    Attributes
    ----------
    total
        The sum that every pair makes.
    rows
        The pairs by ascending x.
    probability
        Their probabilities together: the probability of the total.
    """

    total: float
    rows: list[Pair]
    probability: Any

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.rows)

    def __getitem__(self, i: int) -> Pair:
        return self.rows[i]

    def __repr__(self) -> str:
        cells = [("x", "y", "p(x) q(y)"), *self._cells()]
        widths = [max(len(row[i]) for row in cells) for i in range(3)]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in cells
        ]
        ways = "way" if len(self) == 1 else "ways"
        return "\n".join([f"x + y = {brief(self.total, 6)} in {len(self)} {ways}", *lines])

    def _repr_html_(self) -> str:
        return table_html(f"x + y = {brief(self.total, 6)}", ["x", "y", "p(x) q(y)"], self._cells())

    def _cells(self) -> list[tuple[str, ...]]:
        rows = [(f"{p.x:g}", f"{p.y:g}", _written(p.probability)) for p in self.rows]
        if len(rows) > _SHOWN:
            half = _SHOWN // 2
            rows[half:-half] = [("…", "…", f"{len(rows) - _SHOWN} more")]
        return [*rows, ("", "sum", _written(self.probability))]


def pairs(x: Law, y: Law, *, total: Any) -> Pairs:
    """Return every pair of values of two discrete laws with one sum, and its probability.

    The probability of the total is the sum over these pairs: the convolution, at one point.

    Parameters
    ----------
    x, y
        Discrete laws of independent variables.
    total
        The sum c of the two values. A float stands for every pair whose exact sum has this nearest
        float, as in ``(x + y).pmf(total)``; an int, Fraction or Decimal for sums that are it
        exactly.

    Returns
    -------
    Pairs
        The pairs ``(a, c - a, p(a) q(c - a))`` of positive probability and their sum; Fractions
        if both laws are exact.

    Raises
    ------
    DtypeError
        If a law has a density: single values have no probability there.
    DataError
        If `total` is not finite.

    Examples
    --------
    >>> from faltung.distributions import Lattice
    >>> first, second = Lattice([0.1, 0.4, 0.3, 0.2]), Lattice([0.4, 0.3, 0.2, 0.1])
    >>> pairs(first, second, total=3)
    x + y = 3 in 4 ways
    x    y  p(x) q(y)
    0    3       0.01
    1    2       0.08
    2    1       0.09
    3    0       0.08
       sum       0.26
    """
    if not (isinstance(x, Atoms) and isinstance(y, Atoms)):
        raise DtypeError(
            "pairs are listed for two discrete laws, such as die(6) or Lattice(weights); with a "
            "density there are infinitely many: see (X + Y).pdf(total)"
        )
    goal = as_rational(total, "total")
    i, j = _matches(x, y, _goals(total, goal))
    if x.exact and y.exact:
        p, q = x._exact(), y._exact()
        whole = p.denominator * q.denominator
        counts = [p.counts[a] * q.counts[b] for a, b in zip(i, j, strict=True)]
        chances: list[Any] = [Fraction(count, whole) for count in counts]
        probability: Any = sum(chances, Fraction(0))
    else:
        chances = (x._weights.floats[i] * y._weights.floats[j]).tolist()
        probability = float(np.sum(chances))
    values = zip(_points_at(x, i), _points_at(y, j), chances, strict=True)
    rows = [Pair(_tidy(a), _tidy(b), chance) for a, b, chance in values if chance]
    return Pairs(plain(goal), rows, probability)


def _goals(total: Any, goal: Fraction) -> tuple[Fraction, Fraction, bool]:
    """Return the ends of the sums that are meant, and whether the ends are among them."""
    if isinstance(total, (float, np.floating)):
        return rounding_interval(float(total))
    return goal, goal, True


def _matches(
    x: Atoms, y: Atoms, goals: tuple[Fraction, Fraction, bool]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the indices i, ascending, and j of all pairs whose exact sum is one that is meant."""
    step = rational_gcd(x._step, y._step)
    a = affine(x._indices, int(x._step / step))
    b = affine(y._indices, int(y._step / step))
    largest = int(a[-1]) + int(b[-1])
    low, high = _numbers_between(goals, x._start + y._start, step)
    low, high = max(low, 0), min(high, largest)
    if low > high:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    if largest >= 2**62:  # beyond int64: Python's integers
        a, b = a.astype(object), b.astype(object)
    first = np.searchsorted(b, low - a, side="left")
    count = np.searchsorted(b, high - a, side="right") - first
    i = np.repeat(np.arange(len(a)), count)
    within = np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count)
    return i, first[i] + within


def _numbers_between(
    goals: tuple[Fraction, Fraction, bool], start: Fraction, step: Fraction
) -> tuple[int, int]:
    """Return the first and the last k with ``start + step * k`` between the ends."""
    low, high = ((end - start) / step for end in goals[:2])
    if goals[2]:
        return math.ceil(low), math.floor(high)
    return math.floor(low) + 1, math.ceil(high) - 1


def _points_at(law: Atoms, indices: NDArray[np.intp]) -> list[float]:
    if not len(indices):
        return []
    points: list[float] = grid_points(law._start, law._step, law._indices[indices]).tolist()
    return points


def _tidy(value: float) -> float:
    return int(value) if value.is_integer() else value


def _written(probability: Any) -> str:
    if not isinstance(probability, Fraction):
        return f"{probability:.6g}"
    if probability.denominator < 10**12:
        return str(probability)
    return f"{float(probability):.6g}"
