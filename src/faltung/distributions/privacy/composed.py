"""The hockey-stick divergence of a composed loss: δ at ε, and ε at δ.

With S the sum of independent losses on a lattice, δ at ε is ``E (1 - e^(ε - S))⁺``, a sum of non-negative
terms. Losses may be infinite, and weights may sum to less than one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from faltung.distributions.law.vectors import Values
from faltung.distributions.numbers.rounding import Floats
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
        self._empty = not all(dots.weights.any() for dots, _ in terms)
        self._sum = TiltedLosses([_term(dots, copies) for dots, copies in terms])
        finite = math.fsum(copies * math.log1p(-dots.infinite) for dots, copies in terms)
        self._infinite = -math.expm1(finite)
        self.tilt = 0.0  # of the last answer, for a loss of one

    def delta(self, epsilon: float) -> float:
        """Return the bound on δ at an ε."""
        place = math.floor(epsilon / self._step) + 1
        if self._empty or place > self._sum.last:
            return self._infinite
        window = self._sum.window(self._sum.tilt_for(place), place)
        self.tilt = window.tilt / self._step
        weights, losses, factor = self._weights(window, place)
        finite = float(weights @ -np.expm1(epsilon - losses)) + self._sign * window.outside
        return float(self._total(max(finite, 0.0), window, factor))

    def epsilon(self, delta: float) -> float:
        """Return the bound on the smallest ε >= 0 at which δ is not exceeded, infinite if none is."""
        if self._infinite >= delta:
            return math.inf
        if self._empty or self._sum.last <= 0:
            return 0.0
        place = max(self._sum.place_of_tail(delta), 0)
        above, below = -1, self._sum.last + 1  # δ is above the goal at the one, not at the other
        while below - above > 1:
            if not above < place < below:
                place = (above + below) // 2
            window = self._sum.window(self._sum.tilt_for(place), place)
            self.tilt = window.tilt / self._step
            _, mean, deviation = self._sum.moments(window.tilt)
            first = max(math.floor(min(mean - deviation, place - 1)), window.first, 0)
            deltas, losses = self._deltas(window, first)
            k = int(np.argmax(np.append(deltas, 0.0) <= delta))
            if 0 < k < len(deltas):
                return _between(losses[k - 1 : k + 1], deltas[k - 1 : k + 1], delta)
            if k == 0:
                below, place = min(below, first), first - math.ceil(deviation)
            else:
                above, place = max(above, first + k - 1), first + k
        return max(below if self._sign > 0 else above, 0) * self._step

    def _deltas(self, window: Window, first: int) -> tuple[Floats, Floats]:
        """Return the bounds on δ at the lattice points from `first` on."""
        weights, losses, factor = self._weights(window, first)
        finite: Floats = np.maximum(heights(weights, losses) + self._sign * window.outside, 0.0)
        return self._total(finite, window, factor), losses

    def _weights(self, window: Window, place: int) -> tuple[Floats, Floats, float]:
        """Return bounds on the weights from a place on, their losses, and the logarithm of a factor."""
        values, factor = window.from_place(place)
        away = np.arange(len(values))
        bounded = np.maximum(values + self._sign * window.error, 0.0)
        weights: Floats = bounded * np.exp(-window.tilt * away)
        return weights, (place + away) * np.float64(self._step), factor

    def _total(self, finite: Values, window: Window, factor: float) -> Values:
        slack = self._sign * self._sum.slack(window.tilt)
        return np.minimum(math.exp(factor) * (1 + slack) * finite + self._infinite, 1.0)


def _between(losses: Floats, deltas: Floats, delta: float) -> float:
    """Return where δ is reached between two lattice points: it is linear in t = e^ε."""
    share = (deltas[0] - delta) / (deltas[0] - deltas[1])
    return float(losses[0] + math.log1p(share * math.expm1(losses[1] - losses[0])))


def _term(dots: Dots, copies: int) -> Term:
    used = dots.weights > 0
    used[0] |= not used.any()  # a term without weights is not looked at, but has a place
    return Term(dots.weights[used], dots.places[used], copies)
