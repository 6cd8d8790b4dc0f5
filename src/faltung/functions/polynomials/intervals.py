"""The intervals still under work, and samples of the whole domain that go with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faltung.functions.polynomials import chebyshev
from faltung.functions.sampling import Sampler
from faltung.functions.transform import BoolArray, FloatArray, IndexArray

# Samples over the whole domain that every series must meet.
_WITNESSES = 2048

# How far from a break tests stay, in spacings of doubles there.
KEPT_OFF = 16

_GOLDEN = (5**0.5 - 1) / 2


def scattered(count: int) -> FloatArray:
    """Return `count` points in (0, 1) by the golden section: no two near each other."""
    return np.asarray((np.arange(1.0, count + 1) * _GOLDEN) % 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """Intervals that are not resolved yet."""

    low: FloatArray
    high: FloatArray

    def __len__(self) -> int:
        return len(self.low)

    @property
    def middle(self) -> FloatArray:
        """Return the middle of each."""
        return self.low / 2 + self.high / 2

    def rows(self, which: BoolArray | IndexArray) -> Intervals:
        """Return some of them."""
        return Intervals(self.low[which], self.high[which])

    def halves(self) -> Intervals:
        """Return both halves of each."""
        return Intervals(
            np.concatenate([self.low, self.middle]), np.concatenate([self.middle, self.high])
        )


@dataclass(frozen=True, slots=True, eq=False)
class Witnesses:
    """Samples over the whole domain, rising, and the largest value seen so far.

    They are taken once, and each series is held against those in its interval: what one of them
    has seen, a narrow spike for instance, is not lost when intervals are halved.
    """

    points: FloatArray
    values: FloatArray
    scale: float

    @staticmethod
    def taken(sampler: Sampler, breaks: FloatArray) -> Witnesses:
        """Sample the function between its breaks, which may be anything but inside."""
        points = np.sort(breaks[0] + (breaks[-1] - breaks[0]) * scattered(_WITNESSES))
        after = np.clip(np.searchsorted(breaks, points), 1, len(breaks) - 1)
        nearest = np.minimum(points - breaks[after - 1], breaks[after] - points)
        points = points[nearest > KEPT_OFF * np.spacing(np.abs(points))]
        values = sampler(points)
        return Witnesses(points, values, float(np.abs(values).max(initial=0.0)))

    def with_scale(self, scale: float) -> Witnesses:
        """Return the same samples and a larger scale."""
        return Witnesses(self.points, self.values, scale)

    def misfit(self, work: Intervals, coefficients: FloatArray) -> FloatArray:
        """Return the largest misfit of each series at the samples inside its interval."""
        first, last = (np.searchsorted(self.points, ends) for ends in (work.low, work.high))
        inside = last - first
        rows = np.repeat(np.arange(len(inside)), inside)
        index = first[rows] + np.arange(len(rows)) - np.repeat(np.cumsum(inside) - inside, inside)
        low, high, points = work.low[rows], work.high[rows], self.points[index]
        x = ((points - low) - (high - points)) / (high - low)
        misfit = np.abs(chebyshev.clenshaw(coefficients.T, x, rows) - self.values[index])
        largest = np.zeros(len(inside))
        np.maximum.at(largest, rows, misfit)
        return largest
