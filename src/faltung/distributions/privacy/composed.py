"""The hockey-stick divergence of a composed loss: δ at ε, and ε at δ, one sum of one lattice law.

With S the sum of independent losses on a lattice, δ at ε is ``E (1 - e^(ε - S))⁺``, a sum of non-negative
terms. Losses may be infinite, each with its own probability; and their finite parts may have less than
the whole rest, so that a common factor is kept apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.lattice import Lattice, point
from faltung.distributions.discrete.points import add_atoms
from faltung.distributions.numbers.rounding import Floats
from faltung.distributions.privacy.dots import Dots, heights

_NOTHING = 1e-17  # what lies beyond the last entry that is summed, in parts of what is before


@dataclass(frozen=True)
class ComposedLoss:
    """The sum of losses.

    Attributes
    ----------
    law
        Of the finite part, with total probability 1.
    log_mass
        The logarithm of its true total probability, not above 0 but for roundings upwards.
    infinite
        The probability of an infinite loss.
    """

    law: Lattice
    log_mass: float
    infinite: float

    def delta(self, epsilon: float, *, upper: bool) -> float:
        """Return δ at an ε; what is neglected counts if it is an `upper` bound."""
        first = self._place(epsilon)
        losses, weights, beyond = self._window(first + 1)
        terms = weights * -np.expm1(epsilon - losses)
        finite = math.fsum(terms) * (1 + self._slack(upper)) + (beyond if upper else 0.0)
        return min(finite + self.infinite, 1.0)

    def epsilon(self, delta: float, *, upper: bool) -> float:
        """Return the smallest ε >= 0 at which δ is not exceeded, infinite if there is none."""
        goal = delta - self.infinite
        if goal <= 0:
            return math.inf
        if self.delta(0.0, upper=upper) <= delta:
            return 0.0
        losses, weights, beyond = self._window_at(goal, upper=upper)
        weights = weights * (1 + self._slack(upper))
        values = heights(weights, losses) + (beyond if upper else 0.0)
        k = int(np.flatnonzero(values <= goal)[0])
        if k == 0:
            return max(float(losses[0]), 0.0)
        # Between two knots δ is linear in t = e^ε.
        share = (values[k - 1] - goal) / (values[k - 1] - values[k])
        epsilon = losses[k - 1] + math.log1p(share * math.expm1(losses[k] - losses[k - 1]))
        return max(float(epsilon), 0.0)

    def _slack(self, upper: bool) -> float:
        bound = self.law.error_bound
        return bound if upper else -bound

    def _place(self, loss: float) -> int:
        """Return the number of the last lattice point at or below a loss."""
        return math.floor((Fraction(loss) - self.law.start) / self.law.step)

    def _window(self, first: int) -> tuple[Floats, Floats, float]:
        """Return losses and probabilities from a place on, and a bound on what lies beyond."""
        law = self.law
        first, end = max(first, 0), len(law)
        if first >= end:
            return np.empty(0), np.empty(0), 0.0
        width = max(math.ceil(4 * law.std() / law.step), 16)
        whole = float(law.logsf(self._loss(first - 1)))
        while True:
            last = min(first + width, end)
            beyond = float(law.logsf(self._loss(last - 1)))
            if last == end or beyond < whole + math.log(_NOTHING):
                break
            width *= 2
        losses = self._losses(first, last)
        weights = np.exp(law.logpmf(losses) + self.log_mass)
        return losses, weights, 1.01 * math.exp(beyond + self.log_mass)

    def _window_at(self, goal: float, *, upper: bool) -> tuple[Floats, Floats, float]:
        """Return a window that begins where δ is above the goal, at 0 or later."""
        zero = self._place(0.0)
        top = self._place(float(self.law.isf(min(goal, 0.5))))
        width = max(math.ceil(self.law.std() / self.law.step), 16)
        first = max(top - width, zero)
        while True:
            window = self._window(first)
            if first == zero or self.delta(float(window[0][0]), upper=upper) > goal + self.infinite:
                return window
            width *= 2
            first = max(first - width, zero)

    def _loss(self, place: int) -> float:
        return float(self.law.start + place * self.law.step)

    def _losses(self, first: int, last: int) -> Floats:
        places = round(self.law.start / self.law.step) + np.arange(first, last)
        return places * np.float64(self.law.step)


def composed(terms: Sequence[tuple[Dots, int]]) -> ComposedLoss:
    """Return the sum of so many copies of each loss; all have the same step."""
    law: Atoms = point(0)
    log_mass = finite = 0.0
    for dots, copies in terms:
        used = np.flatnonzero(dots.weights)
        weights = dots.weights[used[0] : used[-1] + 1]
        step = Fraction(dots.step)
        one = Lattice(weights, (dots.first + int(used[0])) * step, step, normalize=True)
        law = add_atoms(law, one.sum(copies))
        log_mass += copies * math.log(math.fsum(weights))
        finite += copies * math.log1p(-dots.infinite)
    assert isinstance(law, Lattice)
    return ComposedLoss(law, log_mass, -math.expm1(finite))
