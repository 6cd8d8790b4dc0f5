"""The inverse Gaussian law, both tails without cancellation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np
from scipy import special

from faltung.distributions.families.family import Family, Generator, Place, Size
from faltung.distributions.families.tools import HALF_LOG_TWO_PI
from faltung.distributions.families.waiting import scipy_entropy
from faltung.distributions.numbers.rational import brief
from faltung.distributions.numbers.rounding import Floats
from faltung.errors import OptionError

_LEAST_MEAN = Fraction(1, 10**30)
_ROOT_HALF_PI = math.sqrt(math.pi / 2)
_ROOT_HALF = math.sqrt(0.5)
_NODES, _WEIGHTS = (part.copy() for part in np.polynomial.legendre.leggauss(20))
_CLOSE = 1.0
_ASYMPTOTIC = 20.0
_STEEPEST = -30.0  # below it the upper tail is 1 in every digit


@dataclass(frozen=True)
class InverseGaussian(Family):
    """The inverse Gaussian law with mean mu and shape lambda = 1.

    With r = (z/mu - 1) / sqrt(z), s = (z/mu + 1) / sqrt(z) and Mills's ratio
    M(t) = P(N > t) / phi(t), the identity s^2 - r^2 = 4 / mu turns Shuster's formula (*J. Amer.
    Statist. Assoc.* 63, 1968) into F = phi(r) (M(-r) + M(s)) and 1 - F = phi(r) (M(r) - M(s)). The
    difference is the integral of -M' = 1 - t M(t) from r to s, and computed so where r and s are
    close.
    """

    mu: Fraction

    name: ClassVar[str] = "invgauss"
    half_line: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not _LEAST_MEAN <= self.mu <= 1 / _LEAST_MEAN:
            raise OptionError(
                f"an inverse Gaussian law with mean / shape {brief(self.mu, 6)} is beyond double "
                "precision: take its normal limit if that is small, Levy's law if it is large"
            )

    @property
    def _mean(self) -> float:
        return float(self.mu)

    @property
    def shapes(self) -> dict[str, float]:
        return {"mu": self._mean}

    def _bounds(self, at: Place) -> tuple[Floats, Floats]:
        root, ratio = np.sqrt(at.z), at.z / self._mean
        return (ratio - 1) / root, (ratio + 1) / root

    def logpdf(self, at: Place) -> Floats:
        r, _ = self._bounds(at)
        inside = -0.5 * r * r - 1.5 * np.log(at.z) - HALF_LOG_TWO_PI
        return np.where(at.z == 0, -np.inf, inside)

    def cdf(self, at: Place) -> Floats:
        r, s = self._bounds(at)
        below = np.exp(-0.5 * r * r - HALF_LOG_TWO_PI) * (_mills(np.abs(r)) + _mills(s))
        above = special.ndtr(r) + np.exp(-0.5 * r * r - HALF_LOG_TWO_PI) * _mills(s)
        return np.where(at.z == 0, 0.0, np.where(r < 0, below, above))

    def sf(self, at: Place) -> Floats:
        return np.asarray(np.exp(self.logsf(at)))

    def logcdf(self, at: Place) -> Floats:
        r, s = self._bounds(at)
        weight = -0.5 * r * r - HALF_LOG_TWO_PI
        below = weight + np.log(_mills(np.abs(r)) + _mills(s))
        logs = np.where(r < 0, below, np.log1p(-np.minimum(self.sf(at), 1.0)))
        return np.where(at.z == 0, -np.inf, logs)

    def logsf(self, at: Place) -> Floats:
        r, s = self._bounds(at)
        inner = np.maximum(r, _STEEPEST)
        width = 2 / np.sqrt(at.z)
        apart = np.where(width < _CLOSE, _slopes(inner, width), _mills(inner) - _mills(s))
        logs = -0.5 * inner * inner - HALF_LOG_TWO_PI + np.log(apart)
        return np.where((at.z == 0) | (r < _STEEPEST), 0.0, np.minimum(logs, 0.0))

    @property
    def condition(self) -> float:
        return 1500 + 60 / math.sqrt(self._mean)

    @property
    def roundings(self) -> float:
        return super().roundings + 2500  # 1 - t M(t) up to t = 20, and M(r) - M(s) farther apart

    def moment(self, order: int) -> float:
        def part(i: int) -> float:
            ways = math.factorial(order - 1 + i) // math.factorial(order - 1 - i)
            return float(ways / math.factorial(i) * (self._mean / 2) ** i)

        return float(self._mean**order) * math.fsum(part(i) for i in range(order))

    def draw(self, generator: Generator, size: Size) -> Floats:
        return np.asarray(generator.wald(self._mean, 1.0, size))

    def entropy(self) -> float:
        return scipy_entropy(self.name, self._mean)

    def mode(self) -> float:
        half = 1.5 * self._mean
        return self._mean / (math.hypot(1, half) + half)

    def central(self) -> tuple[float, float, float, float]:
        return self._mean, self._mean**3, 3 * math.sqrt(self._mean), 15 * self._mean


def _mills(t: Floats) -> Floats:
    """Return P(N > t) / phi(t)."""
    return np.asarray(_ROOT_HALF_PI * special.erfcx(_ROOT_HALF * t))


def _slope(t: Floats) -> Floats:
    """Return 1 - t M(t), by the series 1/t^2 - 3/t^4 + 15/t^6 … for large t."""
    square = 1 / (np.maximum(t, _ASYMPTOTIC) ** 2)
    series = np.zeros_like(t)
    for k in range(10, 0, -1):
        series = (1 - series) * square * (2 * k - 1)
    return np.where(t > _ASYMPTOTIC, series, 1 - t * _mills(t))


def _slopes(low: Floats, width: Floats) -> Floats:
    """Return the integral of 1 - t M(t), entire and smooth at scale 1, over at most 1: by Gauss."""
    half = 0.5 * width
    total = np.zeros_like(low)
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        total += weight * _slope(low + half * (1 + node))
    return half * total
