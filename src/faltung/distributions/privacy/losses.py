"""Privacy losses: two output laws P and Q of a mechanism, and the logarithm of their ratio.

A mechanism answers with the law P on a data set and with Q on its neighbour. The privacy loss of an
output x is ``log(p(x) / q(x))``. Here it ascends with x, on an interval where P and Q have densities,
and jumps are kept as atoms.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy import special

from faltung.distributions.numbers.rounding import ROUNDOFF, Floats


@dataclass(frozen=True)
class Atom:
    """An output of positive probability: its loss and its probability under P."""

    loss: Fraction
    probability: float


class Losses(ABC):
    """The two laws of one pair of neighbouring data sets, as functions of the output x."""

    #: The losses lie between these; either may be infinite.
    lowest: float
    highest: float

    @abstractmethod
    def output(self, loss: Floats) -> Floats:
        """Return the output x with such a loss, for losses between the lowest and the highest."""

    @abstractmethod
    def loss(self, x: Floats) -> Floats:
        """Return the loss of an output."""

    @abstractmethod
    def density(self, x: Floats) -> Floats:
        """Return the density of P at an output."""

    @abstractmethod
    def mass(self, low: Floats, high: Floats) -> Floats:
        """Return P(low < x <= high), each difference formed on the side where it is small."""

    @property
    @abstractmethod
    def scale(self) -> float:
        """The distance over which the density of P times a power e^-a of the loss, a <= 1, changes little.

        A Gauss rule of 12 nodes over a fifth of it is right to 1e-13, wherever P is above the smallest
        double.
        """

    @abstractmethod
    def error(self, low: float, high: float) -> float:
        """Bound the rounding of losses between two outputs, that of the outputs included."""

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """The outputs of positive probability."""
        return ()

    @property
    def landmarks(self) -> tuple[Fraction, ...]:
        """Losses near which, and near whose opposites, there is so much that they should be on a lattice."""
        return tuple(abs(atom.loss) for atom in self.atoms)

    @property
    @abstractmethod
    def reach(self) -> tuple[float, float]:
        """The outputs outside of which P has a probability below the smallest double."""


@dataclass(frozen=True)
class GaussianLosses(Losses):
    """P = (1 - r) N(0, s²) + r N(1, s²) against Q = N(0, s²), or with P and Q exchanged.

    With rate r = 1 this is the Gaussian mechanism of sensitivity 1. Exchanged, x is turned round so
    that the loss ascends.
    """

    deviation: float
    rate: float
    exchanged: bool

    @property
    def lowest(self) -> float:  # type: ignore[override]
        """The loss of outputs far from the shifted data, infinite without sampling."""
        end = math.log1p(-self.rate) if self.rate < 1 else -math.inf
        return -math.inf if self.exchanged else end

    @property
    def highest(self) -> float:  # type: ignore[override]
        """The same for the pair the other way round."""
        return -math.log1p(-self.rate) if self.exchanged and self.rate < 1 else math.inf

    @property
    def scale(self) -> float:
        """The standard deviation of the noise, or what the loss changes by 40 over.

        On z = x / s the 24th derivative of the normal density is below 45^24 times its value, for |z|
        up to 40; the error of the rule is (b - a)^25 (12!)^4 / (25 (24!)^3) times that.
        """
        return min(self.deviation, 40 * self.deviation**2)

    @property
    def landmarks(self) -> tuple[Fraction, ...]:
        """With sampling, most outputs have about the loss of those that are far from the shifted data."""
        return (Fraction(-math.log1p(-self.rate)),) if self.rate < 1 else ()

    def error(self, low: float, high: float) -> float:
        """Bound the rounding: the loss changes by at most ``dx / s²``, its logarithms add some units.

        So does a deviation that is itself rounded, by some units.
        """
        farthest = max(abs(low), abs(high))
        sampled = abs(math.log1p(-self.rate)) if self.rate < 1 else 0.0
        return 24 * ROUNDOFF * ((1 + farthest) / self.deviation**2 + sampled)

    @property
    def reach(self) -> tuple[float, float]:
        """Forty deviations around the centres; the normal law has 4e-350 beyond."""
        far = 40 * self.deviation
        return (-far, far) if self.exchanged else (-far, 1 + far)

    def output(self, loss: Floats) -> Floats:
        """Invert ``loss = log(1 - r + r exp((2 x - 1) / (2 s²)))``."""
        sign = -1.0 if self.exchanged else 1.0
        ratio = sign * loss
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            # exp(ratio) - (1 - r), without cancellation near a ratio of log(1 - r)
            logarithm = np.where(
                ratio > 30.0,
                ratio + np.log1p(-(1 - self.rate) * np.exp(-np.maximum(ratio, 0.0))),
                np.log(np.maximum(np.expm1(np.minimum(ratio, 30.0)) + self.rate, 0.0)),
            )
        return sign * ((logarithm - math.log(self.rate)) * self.deviation**2 + 0.5)

    def loss(self, x: Floats) -> Floats:
        """Return the logarithm of the ratio of the densities."""
        sign = -1.0 if self.exchanged else 1.0
        shift = (2 * sign * x - 1) / (2 * self.deviation**2)
        if self.rate == 1:
            return sign * shift
        return sign * np.logaddexp(math.log1p(-self.rate), math.log(self.rate) + shift)

    def density(self, x: Floats) -> Floats:
        """Return the density of the first law."""
        s = self.deviation
        if self.exchanged:
            return _normal_density(x / s) / s
        own = (1 - self.rate) * _normal_density(x / s) if self.rate < 1 else 0.0
        return (own + self.rate * _normal_density((x - 1) / s)) / s

    def mass(self, low: Floats, high: Floats) -> Floats:
        """Return the probability between two outputs under the first law."""
        s = self.deviation
        if self.exchanged:
            return _normal_mass(low / s, high / s)
        own = (1 - self.rate) * _normal_mass(low / s, high / s) if self.rate < 1 else 0.0
        return own + self.rate * _normal_mass((low - 1) / s, (high - 1) / s)


@dataclass(frozen=True)
class LaplaceLosses(Losses):
    """P and Q are Laplace laws of scale b around 0 and 1; x is turned so that the loss ascends.

    Between the two centres the loss is ``(2 x - 1) / b`` with x = 0 … 1; left and right of them it
    is constant, so that both ends are atoms.
    """

    width: float

    @property
    def lowest(self) -> float:  # type: ignore[override]
        """The loss left of both centres."""
        return -1 / self.width

    @property
    def highest(self) -> float:  # type: ignore[override]
        """The loss right of both centres."""
        return 1 / self.width

    @property
    def scale(self) -> float:
        """The scale of the noise."""
        return self.width

    @property
    def reach(self) -> tuple[float, float]:
        """Between the centres."""
        return 0.0, 1.0

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """Both ends."""
        end = 1 / Fraction(self.width)
        return Atom(-end, 0.5 * math.exp(-1 / self.width)), Atom(end, 0.5)

    def error(self, low: float, high: float) -> float:
        """Bound the rounding, some units of the last place of ``(2 x - 1) / b``."""
        return 8 * ROUNDOFF * (1 + abs(low) + abs(high)) / self.width

    def output(self, loss: Floats) -> Floats:
        """Invert ``loss = (2 x - 1) / b``."""
        return np.clip(0.5 * (loss * self.width + 1), 0.0, 1.0)

    def loss(self, x: Floats) -> Floats:
        """Return the logarithm of the ratio of the densities."""
        return (2 * np.clip(x, 0.0, 1.0) - 1) / self.width

    def density(self, x: Floats) -> Floats:
        """Return the density of P, whose centre is x = 1."""
        return np.where((x >= 0) & (x <= 1), np.exp((x - 1) / self.width) / (2 * self.width), 0.0)

    def mass(self, low: Floats, high: Floats) -> Floats:
        """Return the probability between two outputs, atoms apart."""
        a, b = np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)
        return 0.5 * np.exp((b - 1) / self.width) * -np.expm1((a - b) / self.width)


def _normal_density(z: Floats) -> Floats:
    return np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)


def _normal_mass(low: Floats, high: Floats) -> Floats:
    """Return the normal probability between two points, from the side where both are far."""
    right = low > 0
    near, far = np.where(right, -high, low), np.where(right, -low, high)
    difference: Floats = np.maximum(special.ndtr(far) - special.ndtr(near), 0.0)
    return difference
