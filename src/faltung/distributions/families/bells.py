"""Normal, lognormal, logistic and Laplace laws."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import special

from faltung.distributions.families.family import Family, Generator, Place, Size
from faltung.distributions.families.tools import HALF_LOG_TWO_PI
from faltung.distributions.numbers.rounding import Floats

_DEEP = 38.6  # -log of the normal density at it is more than -log(1e-300) = 691
_DEEP_EXPONENT = 691.0


def double_factorial(n: int) -> int:
    """Return n (n - 2) (n - 4) …; 1 for n < 1."""
    return math.prod(range(n, 0, -2))


def as_float(number: float) -> float:
    """Return a number as a float, infinite beyond its range."""
    try:
        return float(number)
    except OverflowError:
        return math.inf


def exponential(x: float) -> float:
    """Return exp(x), infinite beyond the floats."""
    return math.exp(x) if x < 709.7 else math.inf


@dataclass(frozen=True)
class Normal(Family):
    """The normal law: Cephes' erfc for the tails, from either side."""

    name: ClassVar[str] = "norm"
    symmetric: ClassVar[bool] = True

    def logpdf(self, at: Place) -> Floats:
        return np.asarray(-0.5 * at.z * at.z - HALF_LOG_TWO_PI)

    def cdf(self, at: Place) -> Floats:
        return np.asarray(special.ndtr(at.z))

    def sf(self, at: Place) -> Floats:
        return np.asarray(special.ndtr(-at.z))

    def logcdf(self, at: Place) -> Floats:
        return np.asarray(special.log_ndtr(at.z))

    def logsf(self, at: Place) -> Floats:
        return np.asarray(special.log_ndtr(-at.z))

    @property
    def condition(self) -> float:
        return _DEEP * _DEEP

    def moment(self, order: int) -> float:
        return 0.0 if order % 2 else as_float(double_factorial(order - 1))

    def draw(self, generator: Generator, size: Size) -> Floats:
        return np.asarray(generator.standard_normal(size))

    def entropy(self) -> float:
        return HALF_LOG_TWO_PI + 0.5

    def mode(self) -> float:
        return 0.0

    def central(self) -> tuple[float, float, float, float]:
        return 0.0, 1.0, 0.0, 0.0


@dataclass(frozen=True)
class Lognormal(Family):
    """exp(s Z) for a standard normal Z."""

    s: float

    name: ClassVar[str] = "lognorm"
    half_line: ClassVar[bool] = True

    @property
    def shapes(self) -> dict[str, float]:
        return {"s": self.s}

    def logpdf(self, at: Place) -> Floats:
        logs = np.log(at.z)
        y = logs / self.s
        result = -0.5 * y * y - logs - math.log(self.s) - HALF_LOG_TWO_PI
        return np.where(at.z == 0, -np.inf, result)

    def cdf(self, at: Place) -> Floats:
        return np.asarray(special.ndtr(np.log(at.z) / self.s))

    def sf(self, at: Place) -> Floats:
        return np.asarray(special.ndtr(-np.log(at.z) / self.s))

    def logcdf(self, at: Place) -> Floats:
        return np.asarray(special.log_ndtr(np.log(at.z) / self.s))

    def logsf(self, at: Place) -> Floats:
        return np.asarray(special.log_ndtr(-np.log(at.z) / self.s))

    @property
    def _farthest(self) -> float:
        """The largest y = log(z) / s with a density of 1e-300: y^2 / 2 - s y = 691."""
        return self.s + math.hypot(self.s, _DEEP)

    @property
    def condition(self) -> float:
        return self._farthest / self.s + 1

    @property
    def roundings(self) -> float:
        # y is the quotient of two roundings, and comes back times y; ndtr squares it once more.
        return super().roundings + 6 * self._farthest**2

    def moment(self, order: int) -> float:
        return exponential(0.5 * order * order * self.s * self.s)

    def draw(self, generator: Generator, size: Size) -> Floats:
        return np.asarray(np.exp(self.s * generator.standard_normal(size)))

    def entropy(self) -> float:
        return HALF_LOG_TWO_PI + 0.5 + math.log(self.s)

    def mode(self) -> float:
        return math.exp(-self.s * self.s)

    def central(self) -> tuple[float, float, float, float]:
        square = self.s * self.s
        ratio = exponential(square)
        less = math.expm1(square) if ratio < math.inf else math.inf
        # (r - 1)(r^3 + 3 r^2 + 6 r + 6) = r^4 + 2 r^3 + 3 r^2 - 6, without the cancellation
        kurtosis = less * (((ratio + 3) * ratio + 6) * ratio + 6)
        return exponential(square / 2), ratio * less, (ratio + 2) * math.sqrt(less), kurtosis


@dataclass(frozen=True)
class Logistic(Family):
    """The logistic law."""

    name: ClassVar[str] = "logistic"
    symmetric: ClassVar[bool] = True

    def logpdf(self, at: Place) -> Floats:
        size = np.abs(at.z)
        return np.asarray(-size - 2 * np.log1p(np.exp(-size)))

    def cdf(self, at: Place) -> Floats:
        return np.asarray(special.expit(at.z))

    def sf(self, at: Place) -> Floats:
        return np.asarray(special.expit(-at.z))

    def logcdf(self, at: Place) -> Floats:
        return np.asarray(special.log_expit(at.z))

    def logsf(self, at: Place) -> Floats:
        return np.asarray(special.log_expit(-at.z))

    @property
    def condition(self) -> float:
        return _DEEP_EXPONENT

    def moment(self, order: int) -> float:
        if order % 2:
            return 0.0
        return (
            as_float(2 * math.factorial(order))
            * (1 - 2.0 ** (1 - order))
            * float(special.zeta(order))
        )

    def draw(self, generator: Generator, size: Size) -> Floats:
        return np.asarray(generator.logistic(size=size))

    def entropy(self) -> float:
        return 2.0

    def mode(self) -> float:
        return 0.0

    def central(self) -> tuple[float, float, float, float]:
        return 0.0, math.pi**2 / 3, 0.0, 1.2


@dataclass(frozen=True)
class Laplace(Family):
    """Two exponentials back to back."""

    name: ClassVar[str] = "laplace"
    symmetric: ClassVar[bool] = True

    def bends(self) -> tuple[float, ...]:
        """Return the peak."""
        return (0.0,)

    def logpdf(self, at: Place) -> Floats:
        return np.asarray(-np.abs(at.z) - math.log(2))

    def pdf(self, at: Place) -> Floats:
        return np.asarray(0.5 * np.exp(-np.abs(at.z)))

    def cdf(self, at: Place) -> Floats:
        half = 0.5 * np.exp(-np.abs(at.z))
        return np.where(at.z < 0, half, 1 - half)

    def sf(self, at: Place) -> Floats:
        half = 0.5 * np.exp(-np.abs(at.z))
        return np.where(at.z < 0, 1 - half, half)

    def logcdf(self, at: Place) -> Floats:
        return _log_of_half(at.z)

    def logsf(self, at: Place) -> Floats:
        return _log_of_half(-at.z)

    @property
    def condition(self) -> float:
        return _DEEP_EXPONENT

    def moment(self, order: int) -> float:
        return 0.0 if order % 2 else as_float(math.factorial(order))

    def draw(self, generator: Generator, size: Size) -> Floats:
        return np.asarray(generator.laplace(size=size))

    def entropy(self) -> float:
        return 1 + math.log(2)

    def mode(self) -> float:
        return 0.0

    def central(self) -> tuple[float, float, float, float]:
        return 0.0, 2.0, 0.0, 3.0


def _log_of_half(z: Floats) -> Floats:
    below = -np.abs(z) - math.log(2)
    return np.where(z < 0, below, np.log1p(-0.5 * np.exp(-np.abs(z))))
