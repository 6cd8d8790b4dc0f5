"""Where series on [-1, 1] may be zero: intervals that leave no zero out, however near they are.

After J. P. Boyd, "Computing zeros on a real interval through Chebyshev expansion and polynomial
rootfinding", SIAM Journal on Numerical Analysis 40 (2002), and L. N. Trefethen, "Approximation
Theory and Approximation Practice" (2013), chapter 18: intervals are halved, and a series is sampled
anew on each.
In place of the eigenvalues of a matrix two proofs end the halving. Since |T_k| <= 1,

- where |c_0| is larger than all other |c_k| and the noise together, there is no zero;
- where that holds for the derivative, the series is monotone: one zero at most, by Newton's method.

What is left is as small as the noise: a zero of higher order, or none at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faltung.functions import bounds
from faltung.functions.polynomials import chebyshev
from faltung.functions.transform import BoolArray, FloatArray, IndexArray

# A series is monotone for Newton's method if its slope varies by no more than a quarter: each step
# takes at least a third of the distance away, and the later ones nearly all of it.
_STEADY = 4.0
_STEPS = 16

# Halvings of one interval. Zeros are seldom in its middle, and never at 0.495 of it.
_DEPTH = 60
_CUT = 0.4951

# A zero of higher order is sought in so many times the interval that noise makes of it.
_WIDER = 4.0

# A power of the distance counts if it is this part of the largest: the next one is far smaller.
_COUNTS = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class NearZeros:
    """Intervals inside of which series may be zero, and the most likely place in each.

    Attributes
    ----------
    rows
        Which series; rising.
    low, high, best
        Inside [-1, 1], rising for each series.
    steep
        Whether the series is monotone there.
    """

    rows: IndexArray
    low: FloatArray
    high: FloatArray
    best: FloatArray
    steep: BoolArray

    def __len__(self) -> int:
        return len(self.rows)

    def which(self, chosen: BoolArray | IndexArray) -> NearZeros:
        """Return some of them."""
        return NearZeros(*(getattr(self, name)[chosen] for name in NearZeros.__slots__))

    @staticmethod
    def joined(parts: list[NearZeros]) -> NearZeros:
        """Return several lists as one, in order."""
        together = NearZeros(
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in NearZeros.__slots__
            )
        )
        return together.which(np.lexsort((together.low, together.rows)))


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """Parts of [-1, 1] under work, with the series sampled anew on each."""

    rows: IndexArray
    low: FloatArray
    high: FloatArray
    parts: FloatArray
    rounding: FloatArray

    @staticmethod
    def on(series: FloatArray, rows: IndexArray, low: FloatArray, high: FloatArray) -> _Work:
        whole = series[rows]
        centre, ratio = low / 2 + high / 2, high / 2 - low / 2
        parts = chebyshev.restrict(whole, centre, ratio, series.shape[1])
        return _Work(rows, low, high, parts, bounds.restriction(whole, parts).bound)

    def which(self, chosen: BoolArray) -> _Work:
        return _Work(*(getattr(self, name)[chosen] for name in _Work.__slots__))

    def margin(self) -> tuple[FloatArray, FloatArray]:
        """Return the size of the first coefficient, and that of all others together."""
        sizes = np.abs(self.parts)
        return sizes[:, 0], sizes[:, 1:].sum(axis=1)

    def slopes(self) -> tuple[FloatArray, FloatArray]:
        """Return a lower and an upper bound on the size of the derivative in [-1, 1]."""
        sizes = np.abs(chebyshev.derivative(self.parts))
        # Markov's inequality, for the rounding is a polynomial too.
        unsure = (self.parts.shape[1] - 1) ** 2 * self.rounding
        others = sizes[:, 1:].sum(axis=1) + unsure
        return (sizes[:, 0] - others) / self._ratio, (sizes[:, 0] + others) / self._ratio

    @property
    def _ratio(self) -> FloatArray:
        return self.high / 2 - self.low / 2

    def halves(self, series: FloatArray) -> _Work:
        """Return both parts of each interval."""
        middle = self.low + _CUT * (self.high - self.low)
        rows = np.concatenate([self.rows, self.rows])
        low, high = np.concatenate([self.low, middle]), np.concatenate([middle, self.high])
        return _Work.on(series, rows, low, high)


def near_zeros(series: FloatArray, noise: FloatArray) -> NearZeros:
    """Return every place at which row r may be zero, known within ``noise[r]``.

    Intervals that touch each other are not joined. A row that is nowhere above its noise comes back
    as one interval, all of [-1, 1].
    """
    count = len(series)
    work = _Work.on(series, np.arange(count), np.full(count, -1.0), np.full(count, 1.0))
    found = [_flat(work.which(np.zeros(count, dtype=bool)))]
    for _ in range(_DEPTH):
        first, others = work.margin()
        unsure = noise[work.rows] + work.rounding
        work = work.which(first <= others + unsure)
        first, others = work.margin()
        flat = first + others <= 2 * (noise[work.rows] + work.rounding)
        least, most = work.slopes()
        steep = ~flat & (most < least * (_STEADY + 1) / (_STEADY - 1))
        found.append(_flat(work.which(flat)))
        found.append(_crossed(series, noise, work.which(steep), least[steep]))
        work = work.which(~flat & ~steep)
        if not len(work.rows):
            break
        work = work.halves(series)
    else:
        found.append(_flat(work))
    return NearZeros.joined(found)


def _flat(work: _Work) -> NearZeros:
    """Return the intervals as they are."""
    middle = work.low / 2 + work.high / 2
    return NearZeros(work.rows, work.low, work.high, middle, np.zeros(len(middle), dtype=bool))


def _crossed(series: FloatArray, noise: FloatArray, work: _Work, slope: FloatArray) -> NearZeros:
    """Return the zeros of series that are monotone on their intervals: one or none for each."""
    columns, slopes = series.T, chebyshev.derivative(series).T
    x = work.low / 2 + work.high / 2
    for _ in range(_STEPS if len(x) else 0):
        step = chebyshev.clenshaw(columns, x, work.rows) / chebyshev.clenshaw(slopes, x, work.rows)
        moved = np.clip(x - step, work.low, work.high)
        if (moved == x).all():
            break
        x = moved
    value = np.abs(chebyshev.clenshaw(columns, x, work.rows))
    unsure = noise[work.rows] + bounds.evaluation(series).bound[work.rows]
    within = 1.01 * (value + unsure) / slope
    inside = (work.low < x) & (x < work.high)
    found = NearZeros(
        work.rows,
        np.maximum(x - within, work.low),
        np.minimum(x + within, work.high),
        x,
        np.ones(len(x), dtype=bool),
    )
    return found.which(inside | (value <= unsure))


def centre_of(series: FloatArray, low: float, high: float, noise: float) -> float:
    """Return the likely place of a zero, often of higher order, that lies in [low, high] if anywhere.

    A zero of order m is a simple one of the derivative of order m - 1, which is well determined; m
    is the power of the distance that counts most over a somewhat wider interval.
    """
    middle, half = low / 2 + high / 2, high / 2 - low / 2
    wide = min(_WIDER * half, 1 - abs(middle)) or half
    part = chebyshev.restrict(series[None, :], np.array([middle]), np.array([wide]), len(series))
    unsure = noise + float(bounds.restriction(series[None, :], part).bound[0])
    above = np.flatnonzero(np.abs(part[0]) > unsure)
    if not len(above):
        return middle
    powers = np.polynomial.chebyshev.cheb2poly(part[0, : above[-1] + 1])
    order = int(np.flatnonzero(np.abs(powers) >= _COUNTS * np.abs(powers).max())[-1])
    if order == 0:
        return middle
    # The last two terms of that derivative: (m - 1)! (a_(m-1) + m a_m x).
    place = middle - wide * float(powers[order - 1] / (order * powers[order]))
    return min(max(place, low), high)


def least_sizes(series: FloatArray, noise: FloatArray) -> FloatArray:
    """Return for each row a lower bound on its size, known within ``noise[r]``: 0 if it may vanish.

    It is at most a third too small.
    """
    count = len(series)
    least = np.full(count, np.inf)
    work = _Work.on(series, np.arange(count), np.full(count, -1.0), np.full(count, 1.0))
    for _ in range(_DEPTH):
        first, others = work.margin()
        unsure = noise[work.rows] + work.rounding
        known = first - others - unsure
        clear = known >= 2 / 3 * (first - unsure)
        lost = ~clear & (first + others <= 2 * unsure)
        done = clear | lost
        np.minimum.at(least, work.rows[done], np.maximum(known[done], 0.0))
        # Where a row may vanish nothing else of it matters.
        work = work.which(~done & (least[work.rows] > 0))
        if not len(work.rows):
            return least
        work = work.halves(series)
    least[work.rows] = 0.0
    return least
