"""Adding up polynomials that live on overlapping runs of a grid."""

from __future__ import annotations

import numpy as np

from faltung.functions import bounds, transform
from faltung.functions.bounds import UNIT, Deviation
from faltung.functions.polynomials import chebyshev
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.transform import FloatArray, IndexArray

# Polynomials restricted to intervals that one step handles at a time.
_STEP = 4096

# Intervals, counted once for each polynomial that covers them, whose errors are added at a time.
_ROOM = 1_000_000

# Products too small for double precision are lost: a few thousand of them at most, which widths
# above 1 may multiply.
_UNDERFLOW = 2.0**-1050


class Total:
    """A sum of polynomials, one series for each interval of a grid.

    A polynomial that covers one interval adds its coefficients; one that covers several adds its
    values at the nodes of each, and the sums of the values become coefficients at the end.
    """

    def __init__(self, breaks: FloatArray, length: int) -> None:
        count = len(breaks) - 1
        self._breaks = breaks
        self._coefficients = np.zeros((count, length))
        self._values = np.zeros((count, length))
        self._sampled = Deviation.zero(count)
        self._added = Deviation.zero(count)
        self._magnitude = np.zeros(count)
        self._summands = np.zeros(count)

    def add(
        self, coefficients: FloatArray, start: IndexArray, stop: IndexArray, deviation: Deviation
    ) -> None:
        """Add row r of `coefficients`, a series over the run from break start[r] to stop[r].

        Coefficients beyond the length of the total must be zero.
        """
        coefficients = coefficients[:, : self._values.shape[1]]
        runs = np.maximum(stop - start, 0)
        # As many rows at a time as cover about _ROOM intervals together.
        part = np.cumsum(runs) // _ROOM
        for rows in np.split(np.arange(len(runs)), np.flatnonzero(np.diff(part)) + 1):
            self._add_part(coefficients[rows], start[rows], stop[rows], deviation[rows])

    def _add_part(
        self, coefficients: FloatArray, start: IndexArray, stop: IndexArray, deviation: Deviation
    ) -> None:
        runs = np.maximum(stop - start, 0)
        rows, intervals = _covered(start, runs)
        single = np.flatnonzero(runs == 1)
        target = self._coefficients[:, : coefficients.shape[1]]
        _add_rows(target, start[single], coefficients[single])
        several = np.flatnonzero(runs[rows] > 1)
        for begin in range(0, len(several), _STEP):
            chosen = several[begin : begin + _STEP]
            row = rows[chosen]
            x = self._positions(intervals[chosen], start[row], stop[row])
            values = chebyshev.evaluate_rows(coefficients[row], x)
            _add_rows(self._values, intervals[chosen], values)
        evaluation = bounds.evaluation(coefficients)
        _add_deviation(self._sampled, intervals[several], evaluation, rows[several])
        _add_deviation(self._added, intervals, deviation, rows)
        np.add.at(self._magnitude, intervals, bounds.size(coefficients)[rows])
        np.add.at(self._summands, intervals, 1.0)

    def charge(self, low: FloatArray, high: FloatArray, deviation: Deviation) -> None:
        """Add each deviation to every interval that meets [low[r], high[r]]."""
        start = np.maximum(np.searchsorted(self._breaks, low, side="right") - 1, 0)
        stop = np.minimum(np.searchsorted(self._breaks, high, side="left"), len(self._breaks) - 1)
        runs = np.maximum(stop - start, 0)
        part = np.cumsum(runs) // _ROOM
        for chosen in np.split(np.arange(len(runs)), np.flatnonzero(np.diff(part)) + 1):
            rows, intervals = _covered(start[chosen], runs[chosen])
            _add_deviation(self._added, intervals, deviation[chosen], rows)

    def _positions(self, interval: IndexArray, start: IndexArray, stop: IndexArray) -> FloatArray:
        """Return the nodes of each interval in the variable of the run it belongs to."""
        low, high = self._breaks[interval], self._breaks[interval + 1]
        first, last = self._breaks[start], self._breaks[stop]
        centre = ((low - first) - (last - high)) / (last - first)
        ratio = (high - low) / (last - first)
        x = centre[:, None] + ratio[:, None] * transform.nodes(self._values.shape[1])
        return np.clip(x, -1, 1, out=x)

    def pieces(self) -> Pieces:
        """Return the sum as pieces, over the whole grid."""
        length = self._values.shape[1]
        sampled = transform.interpolate(self._values)
        coefficients = self._coefficients + sampled
        lost = _UNDERFLOW * max(1.0, float(self._breaks[-1] - self._breaks[0]))
        # Adding k numbers one after the other rounds k times, each at most the sum of sizes.
        adding = Deviation(
            1.01 * UNIT * (self._summands + 2) * self._magnitude + lost,
            UNIT * self._magnitude,
        )
        rounding = bounds.interpolation(self._sampled + adding, sampled, length)
        whole = self._sampled.bound == 0
        rounding = Deviation(
            np.where(whole, adding.bound, rounding.bound + adding.bound),
            np.where(whole, adding.estimate, rounding.estimate),
        )
        return Pieces(self._breaks, coefficients, self._added + rounding)


def _covered(start: IndexArray, runs: IndexArray) -> tuple[IndexArray, IndexArray]:
    """Return every interval of every run, and the row that each belongs to."""
    rows = np.repeat(np.arange(len(runs)), runs)
    return rows, start[rows] + np.arange(len(rows)) - np.repeat(np.cumsum(runs) - runs, runs)


def _add_rows(target: FloatArray, index: IndexArray, rows: FloatArray) -> None:
    """Add each row to the row of `target` that `index` names; several may go to one."""
    if not len(index):
        return
    order = np.argsort(index, kind="stable")
    ordered = index[order]
    starts = np.flatnonzero(np.concatenate([[True], np.diff(ordered) > 0]))
    target[ordered[starts]] += np.add.reduceat(rows[order], starts, axis=0)


def _add_deviation(
    target: Deviation, index: IndexArray, deviation: Deviation, rows: IndexArray
) -> None:
    """Add bounds, and the squares of estimates, where `index` says."""
    np.add.at(target.bound, index, deviation.bound[rows])
    # Squares of parts of the largest neither overflow nor vanish where they count.
    added = deviation.estimate[rows]
    largest = max(target.estimate.max(initial=0.0), added.max(initial=0.0)) or 1.0
    squares = np.square(target.estimate / largest)
    np.add.at(squares, index, np.square(added / largest))
    target.estimate[:] = largest * np.sqrt(squares)
