"""The hockey-stick divergence of a composed loss: δ at ε, and ε at δ.

With S the sum of independent losses on a lattice, δ at ε is ``E (1 - e^(ε - S))⁺``, a sum of non-negative
terms. Losses may be infinite, and weights may sum to less than one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from faltung.distributions.law.vectors import Values
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats
from faltung.distributions.privacy.dots import Dots, heights
from faltung.distributions.privacy.tilted import Term, TiltedLosses, Window


class ComposedLoss:
    """The sum of so many copies of each loss; all have the same step.

    Parameters
    ----------
    terms
        Losses and how many copies of each.
    upper
        Whether what is neglected and rounded counts, or is left out.
    """

    def __init__(self, terms: Sequence[tuple[Dots, int]], *, upper: bool) -> None:
        self._step, self._sign = terms[0][0].step, 1 if upper else -1
        self._width = float(self._step)
        self._off = self._sign * Fraction(sum(copies * dots.error for dots, copies in terms))
        self._empty = not all(dots.weights.any() for dots, _ in terms)
        self._sum = TiltedLosses([_term(dots, copies) for dots, copies in terms])
        finite = math.fsum(copies * math.log1p(-dots.infinite) for dots, copies in terms)
        self._infinite = -math.expm1(finite)
        self.tilt = 0.0  # of the last answer, for a loss of one

    def delta(self, epsilon: float) -> float:
        """Return the bound on δ at an ε."""
        # The composed loss is off by the errors of all losses, which are added to it.
        start = Fraction(epsilon) - self._off
        place = math.floor(start / self._step) + 1
        if self._empty or place > self._sum.last:
            return self._infinite
        window = self._sum.window(self._sum.tilt_for(place), place)
        self.tilt = window.tilt / self._width
        weights, factor = self._weights(window, place)
        beyond = float(place * self._step - start) + np.arange(len(weights)) * self._width
        finite = float(weights @ -np.expm1(-beyond)) + self._outside(window, start)
        return float(self._total(max(finite, 0.0), window, factor))

    def epsilon(self, delta: float) -> float:
        """Return the bound on the smallest ε >= 0 at which δ is not exceeded, infinite if none is."""
        if self._infinite >= delta:
            return math.inf
        if self._empty or self._sum.last <= 0:
            return 0.0
        place = max(self._sum.place_of_tail(delta), 0)
        above, below = (
            -1,
            self._sum.last + 1,
        )  # places; δ is above the goal at the one, not at the other
        while below - above > 1:
            if not above < place < below:
                place = (above + below) // 2
            window = self._sum.window(self._sum.tilt_for(place), place)
            self.tilt = window.tilt / self._width
            _, mean, deviation = self._sum.moments(window.tilt)
            first = max(math.floor(min(mean - deviation, place - 1)), window.first, 0)
            deltas = self._deltas(window, first)
            k = int(np.argmax(np.append(deltas, 0.0) <= delta))
            if 0 < k < len(deltas):
                before, after = deltas[k - 1 : k + 1].tolist()
                return self._outward(first + k - 1, self._between(before, after, delta))
            if k == 0:
                below, place = min(below, first), first - math.ceil(deviation)
            else:
                above, place = max(above, first + k - 1), first + k
        return self._outward(max(below if self._sign > 0 else above, 0), 0.0)

    def _outward(self, place: int, part: float) -> float:
        """Return the ε that is so much beyond a place, moved by all that it may be off."""
        value = float(place * self._step + Fraction(part) + self._off)
        moved = value + 4 * self._sign * ROUNDOFF * (abs(value) + self._width)
        return max(moved, 0.0)

    def _between(self, before: float, after: float, delta: float) -> float:
        """Return where δ is reached between two lattice points: it is linear in t = e^ε."""
        share = (before - delta) / (before - after)
        return math.log1p(share * math.expm1(self._width))

    def _deltas(self, window: Window, first: int) -> Floats:
        """Return the bounds on δ at the lattice points from `first` on."""
        weights, factor = self._weights(window, first)
        losses = np.arange(len(weights), dtype=np.float64) * np.float64(self._width)
        outside = self._outside(window, first * self._step)
        finite: Floats = np.maximum(heights(weights, losses) + outside, 0.0)
        return np.asarray(self._total(finite, window, factor))

    def _outside(self, window: Window, start: Fraction) -> float:
        """Return what the weights outside of the window, or put into it modulo its size, add to δ at most.

        None counts more than the largest loss does.
        """
        return self._sign * window.outside * -math.expm1(float(start - self._sum.last * self._step))

    def _weights(self, window: Window, place: int) -> tuple[Floats, float]:
        """Return bounds on the weights from a place on, and the logarithm of a factor."""
        values, factor = window.from_place(place)
        away = np.arange(len(values))
        bounded = np.maximum(values + self._sign * window.error, 0.0)
        return bounded * np.exp(-window.tilt * away), factor

    def _total(self, finite: Values, window: Window, factor: float) -> Values:
        # Sums and products over the window, and the rounding of exponents.
        slack = self._sign * (self._sum.slack(window.tilt) + 4 * len(window.values) * ROUNDOFF)
        return np.minimum(math.exp(factor) * (1 + slack) * finite + self._infinite, 1.0)


def _term(dots: Dots, copies: int) -> Term:
    used = dots.weights > 0
    used[0] |= not used.any()  # a term without weights is not looked at, but has a place
    return Term(dots.weights[used], dots.places[used], copies)
