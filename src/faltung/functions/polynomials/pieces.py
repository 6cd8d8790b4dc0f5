"""Piecewise polynomials and what happens to them piece by piece."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from faltung import _core
from faltung.errors import DataError
from faltung.functions import bounds
from faltung.functions.bounds import TINY, UNIT, Deviation
from faltung.functions.carried import Carried
from faltung.functions.polynomials import chebyshev
from faltung.functions.polynomials.misplaced import NOTHING, Misplaced
from faltung.functions.transform import FloatArray, IndexArray

# Series with a larger coefficient are evaluated scaled down.
_LARGE = 2.0**1000


@dataclass(frozen=True, eq=False)
class Pieces(Carried):
    """Polynomials on neighbouring intervals.

    Attributes
    ----------
    breaks
        Shape (count + 1,), rising strictly.
    coefficients
        Shape (count, length): Chebyshev coefficients of each piece over its own interval.
    deviation
        How far each piece is from the function it stands for, evaluation not included.
    misplaced
        What the deviation leaves out, beside breaks and outside the domain.
    """

    breaks: FloatArray
    coefficients: FloatArray
    deviation: Deviation
    misplaced: Misplaced = NOTHING

    @property
    def count(self) -> int:
        """How many pieces."""
        return len(self.coefficients)

    @property
    def widths(self) -> FloatArray:
        """Return the width of each piece."""
        return np.diff(self.breaks)

    @cached_property
    def core(self) -> _core.Chain:
        """Return the polynomials for the core: each counts distances from its left end."""
        zero, one = np.zeros(self.count), np.ones(self.count)
        low, high = self.breaks[:-1], self.breaks[1:]
        columns = [low, one, zero, self.widths, zero, one, zero, zero, low, high]
        numbers = np.stack(columns, axis=1)
        length = self.coefficients.shape[1]
        lengths = np.full(self.count, length, dtype=np.int64)
        forms = np.zeros(self.count, dtype=np.uint8)
        coefficients = np.ldexp(self.coefficients, -self._room)
        return _core.Chain(forms, numbers, np.ascontiguousarray(coefficients), lengths)

    @cached_property
    def _room(self) -> int:
        """By which power of two values are smaller on the way: the recurrence grows by 65^2 at most."""
        return 13 if np.abs(self.coefficients).max(initial=0.0) > _LARGE else 0

    def evaluate(self, points: FloatArray) -> FloatArray:
        """Return the values at a vector of points: zero outside, the right piece at a break."""
        points = np.ascontiguousarray(points)
        values = np.empty_like(points)
        self.core.evaluate(points, None, values, None, 0)
        return np.ldexp(values, self._room) if self._room else values

    def checked(self, what: str) -> Pieces:
        """Return self, or raise DataError if `what`, or what is known of its error, overflowed."""
        with np.errstate(over="ignore", invalid="ignore"):
            sizes = bounds.size(self.coefficients)
            # Twice the bound: the rounding of an evaluation comes to it.
            errors = np.concatenate([2 * self.deviation.bound, self.deviation.estimate])
            errors = np.append(errors, [self.misplaced.outside, self.misplaced.reach])
        for of, values in (("", sizes), ("the error bound of ", errors)):
            if not np.isfinite(values).all():
                raise DataError(
                    f"{of}{what} overflows double precision (largest number 1.8e308): scale the "
                    "function down first, for instance f / 1e100"
                )
        return self

    def scale(self) -> float:
        """Return a bound on the largest value of all pieces."""
        return float(bounds.size(self.coefficients).max())

    def top(self) -> float:
        """Return a bound on the largest value of what the pieces stand for, jumps left aside."""
        return float((bounds.size(self.coefficients) + self.deviation.bound).max())


def refined(pieces: Pieces, breaks: FloatArray) -> Pieces:
    """Return the same function over `breaks`, which may split pieces and reach beyond them.

    A part outside the domain becomes a piece that is zero, off by what lies outside; a piece that
    stays whole is copied.
    """
    low, high = breaks[:-1], breaks[1:]
    parent = np.searchsorted(pieces.breaks, low, side="right") - 1
    outside = (parent < 0) | (parent >= pieces.count)
    parent = np.clip(parent, 0, pieces.count - 1)
    whole = (pieces.breaks[parent] == low) & (pieces.breaks[parent + 1] == high)
    coefficients = pieces.coefficients[parent]
    deviation = pieces.deviation[parent]
    cut = np.flatnonzero(~whole & ~outside)
    if len(cut):
        parts = _restricted(pieces, parent[cut], low[cut], high[cut])
        coefficients[cut] = parts.coefficients
        deviation.bound[cut] = parts.deviation.bound
        deviation.estimate[cut] = parts.deviation.estimate
    for array in (coefficients, deviation.bound, deviation.estimate):
        array[outside] = 0.0
    deviation.bound[outside] = pieces.misplaced.outside
    return Pieces(breaks, coefficients, deviation, pieces.misplaced)


def _restricted(pieces: Pieces, parent: IndexArray, low: FloatArray, high: FloatArray) -> Pieces:
    """Return parts of pieces; the result's breaks are those of the parts and mean nothing."""
    start, stop = pieces.breaks[parent], pieces.breaks[parent + 1]
    centre = ((low - start) - (stop - high)) / (stop - start)
    ratio = (high - low) / (stop - start)
    length = pieces.coefficients.shape[1]
    whole = pieces.coefficients[parent]
    parts = chebyshev.restrict(whole, centre, ratio, length)
    rounding = bounds.restriction(whole, parts)
    return Pieces(low, parts, pieces.deviation[parent] + rounding)


def padded(coefficients: FloatArray, length: int) -> FloatArray:
    """Return `coefficients` with zeros up to `length` columns."""
    missing = length - coefficients.shape[1]
    return np.pad(coefficients, ((0, 0), (0, missing))) if missing > 0 else coefficients


def common_breaks(f: Pieces, g: Pieces) -> FloatArray:
    """Return the breaks of both functions, from the first to the last."""
    return np.union1d(f.breaks, g.breaks)


@np.errstate(over="ignore", invalid="ignore")
def added(f: Pieces, g: Pieces) -> Pieces:
    """Return f + g over the union of the domains, each zero outside its own."""
    breaks = common_breaks(f, g)
    f, g = refined(f, breaks), refined(g, breaks)
    length = max(f.coefficients.shape[1], g.coefficients.shape[1])
    total = padded(f.coefficients, length) + padded(g.coefficients, length)
    deviation = f.deviation + g.deviation + rounded(total)
    return Pieces(breaks, total, deviation, f.misplaced + g.misplaced).checked("the sum")


def rounded(coefficients: FloatArray) -> Deviation:
    """Return the deviation of coefficients that were rounded once each."""
    return Deviation(
        UNIT * bounds.size(coefficients) + TINY * coefficients.shape[1],
        UNIT * bounds.typical(coefficients),
    )


@np.errstate(over="ignore", invalid="ignore")
def scaled(f: Pieces, factor: float, apart: float = 0.0) -> Pieces:
    """Return f times a number that is at most `apart` from `factor`.

    With p - F = e and the true factor c + a: c p - (c + a) F = (c + a) e - a p.
    """
    product = f.coefficients * factor
    largest = abs(factor) + apart
    inherited = f.deviation.scaled(largest) + _unsure(f, apart)
    misplaced = f.misplaced.scaled(largest)
    return Pieces(f.breaks, product, inherited + rounded(product), misplaced).checked("the product")


@np.errstate(over="ignore", invalid="ignore")
def divided(f: Pieces, divisor: float, unsure: float = 0.0) -> Pieces:
    """Return f divided by a number d such that divisor / d differs from 1 by at most `unsure`.

    With p - F = e, the divisor c and r = c / d: p / c - F / d = (e / c) r + (p / c) (1 - r). All of
    it is in the units of the quotient, for c may be the smallest double.
    """
    quotient = f.coefficients / divisor
    raised = 1.01 * (1 + unsure)
    inherited = Deviation(
        f.deviation.bound / abs(divisor) * raised, f.deviation.estimate / abs(divisor)
    )
    misplaced = f.misplaced.divided(divisor, raised)
    own = rounded(quotient)
    deviation = inherited + Deviation(own.bound * raised, own.estimate)
    whole = Pieces(f.breaks, quotient, deviation, misplaced)
    unsure_part = _unsure(whole, unsure)
    return replace(whole, deviation=deviation + unsure_part).checked("the quotient")


def _unsure(f: Pieces, part: float) -> Deviation:
    """Return what leaving out `part` times f does."""
    return Deviation(
        1.01 * part * bounds.size(f.coefficients), part * bounds.typical(f.coefficients)
    )
