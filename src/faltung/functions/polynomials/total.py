"""Adding up polynomials that live on overlapping runs of a grid."""

from __future__ import annotations

import numpy as np

from faltung import _core
from faltung.functions import bounds, transform
from faltung.functions.bounds import UNIT, Deviation
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.transform import FloatArray, IndexArray

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
        coefficients = np.ascontiguousarray(coefficients[:, : self._values.shape[1]])
        start, stop = np.ascontiguousarray(start), np.ascontiguousarray(stop)
        nodes = transform.nodes(self._values.shape[1])
        run = start, stop
        _core.add_runs(coefficients, *run, self._breaks, nodes, self._coefficients, self._values, 0)
        evaluation = bounds.evaluation(coefficients)
        sampled = evaluation.scaled(np.where(stop - start > 1, 1.0, 0.0))
        _add_deviation(self._sampled, run, sampled)
        _add_deviation(self._added, run, deviation)
        numbers = np.stack([bounds.size(coefficients), np.ones(len(start))], axis=1)
        sums = np.zeros((len(self._magnitude), 2))
        _core.add_numbers(numbers, *run, sums)
        self._magnitude += sums[:, 0]
        self._summands += sums[:, 1]

    def charge(self, low: FloatArray, high: FloatArray, deviation: Deviation) -> None:
        """Add each deviation to every interval that meets [low[r], high[r]]."""
        start = np.maximum(np.searchsorted(self._breaks, low, side="right") - 1, 0)
        stop = np.minimum(np.searchsorted(self._breaks, high, side="left"), len(self._breaks) - 1)
        _add_deviation(self._added, (start, stop), deviation)

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


def _add_deviation(
    target: Deviation, run: tuple[IndexArray, IndexArray], deviation: Deviation
) -> None:
    """Add bounds, and the squares of estimates, to every interval of each run."""
    # Squares of parts of the largest neither overflow nor vanish where they count.
    largest = float(deviation.estimate.max(initial=0.0)) or 1.0
    numbers = np.stack([deviation.bound, np.square(deviation.estimate / largest)], axis=1)
    sums = np.zeros((len(target.bound), 2))
    _core.add_numbers(numbers, *run, sums)
    target.bound[:] += sums[:, 0]
    target.estimate[:] = np.hypot(target.estimate, largest * np.sqrt(sums[:, 1]))
