"""Laws with tails like a power: Pareto, Student, Cauchy, Lévy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import special

from faltung.distributions.families.family import Family, Generator, Place, Size
from faltung.distributions.families.tools import (
    HALF_LOG_TWO_PI,
    Mask,
    either,
    log_beta_below,
    repaired,
    stirling_error,
    upper_beta,
)
from faltung.distributions.families.waiting import log_of_complement, scipy_entropy
from faltung.distributions.numbers.rounding import Floats

_DEEP_EXPONENT = 691.0
_UNDERFLOW = 1e-290
_FAR = 1e120  # its square is a float
_EULER = 0.57721566490153286
_ROOT_HALF = math.sqrt(0.5)


@dataclass(frozen=True)
class Lomax(Family):
    """The Pareto law less its lower end 1: P(Z > z) = (1 + z)^-b."""

    b: float

    name: ClassVar[str] = "lomax"
    half_line: ClassVar[bool] = True

    @property
    def shapes(self) -> dict[str, float]:
        return {"b": self.b}

    def logpdf(self, at: Place) -> Floats:
        return np.asarray(math.log(self.b) - (self.b + 1) * np.log1p(at.z))

    def cdf(self, at: Place) -> Floats:
        return np.asarray(-np.expm1(self.logsf(at)))

    def sf(self, at: Place) -> Floats:
        return np.asarray(np.exp(self.logsf(at)))

    def logcdf(self, at: Place) -> Floats:
        return log_of_complement(-self.logsf(at))

    def logsf(self, at: Place) -> Floats:
        return np.asarray(-self.b * np.log1p(at.z))

    @property
    def condition(self) -> float:
        return min(self.b, _DEEP_EXPONENT) + 1  # b z / (1 + z) <= b log(1 + z) <= 691

    def moment(self, order: int) -> float:
        if order >= self.b:
            return math.inf
        return math.prod(i / (self.b - i) for i in range(1, order + 1))

    def draw(self, generator: Generator, size: Size) -> Floats:
        return np.asarray(generator.pareto(self.b, size))

    def entropy(self) -> float:
        return 1 + 1 / self.b - math.log(self.b)

    def mode(self) -> float:
        return 0.0

    def central(self) -> tuple[float, float, float, float]:
        b = self.b
        mean = 1 / (b - 1) if b > 1 else math.inf
        variance = b / (b - 1) ** 2 / (b - 2) if b > 2 else math.inf
        skew = 2 * (b + 1) * math.sqrt((b - 2) / b) / (b - 3) if b > 3 else math.nan
        kurtosis = math.nan
        if b > 4:
            kurtosis = 6 * (((b + 1) * b - 6) * b - 2) / (b * (b - 3) * (b - 4))
        return mean, variance, skew, kurtosis


@dataclass(frozen=True)
class Student(Family):
    """Student's law: half of an incomplete beta function from the nearer end of its variable."""

    df: float

    name: ClassVar[str] = "t"
    symmetric: ClassVar[bool] = True

    @property
    def shapes(self) -> dict[str, float]:
        return {"df": self.df}

    @property
    def _log_height(self) -> float:
        """The logarithm of the density at 0, with Gamma's in Loader's form."""
        a = self.df / 2
        ratio = a * math.log1p(0.5 / a) - 0.5 + stirling_error(a + 0.5) - stirling_error(a)
        return ratio - HALF_LOG_TWO_PI

    def logpdf(self, at: Place) -> Floats:
        return np.asarray(self._log_height - 0.5 * (self.df + 1) * self._log_one_plus(at.z))

    def _log_one_plus(self, z: Floats) -> Floats:
        """Return log(1 + z^2 / df), also where the square is beyond the floats."""
        far = 2 * np.log(np.abs(z)) - math.log(self.df)
        return np.where(self._is_near(z), np.log1p(z * z / self.df), far)

    def _is_near(self, z: Floats) -> Mask:
        """Tell where the square of z is a float; beyond it only the leading power counts."""
        return np.asarray(np.abs(z) < _FAR * max(math.sqrt(self.df), 1.0))

    def _tail(self, size: Floats) -> Floats:
        """Return P(Z > size) for size >= 0."""
        return either(
            self._is_near(size),
            self._near_tail,
            lambda size: np.exp(self._log_far_tail(size)),
            size,
        )

    def _near_tail(self, size: Floats) -> Floats:
        a, square = self.df / 2, size * size
        return 0.5 * either(
            np.asarray(square <= self.df),
            lambda square: upper_beta(0.5, a, square / (self.df + square)),
            lambda square: special.betainc(a, 0.5, self.df / (self.df + square)),
            square,
        )

    def _log_far_tail(self, size: Floats) -> Floats:
        """Return the logarithm of ``df^((df + 1) / 2) / (df size^df)`` times the density at 0."""
        power = 0.5 * (self.df + 1) * math.log(self.df) - math.log(self.df)
        return np.asarray(self._log_height + power - self.df * np.log(size))

    def _log_tail(self, size: Floats) -> Floats:
        """Return log P(Z > size) for size >= 0."""

        def repair(size: Floats) -> Floats:
            square = size * size
            x, rest = self.df / (self.df + square), square / (self.df + square)
            return log_beta_below(self.df / 2, 0.5, x, rest) - math.log(2)

        tail, near = self._tail(size), self._is_near(size)
        logs = np.where(near, np.log(tail), self._log_far_tail(size))
        return repaired(logs, (tail < _UNDERFLOW) & near, repair, size)

    def cdf(self, at: Place) -> Floats:
        return self.sf(Place(-at.z, at.rest))

    def sf(self, at: Place) -> Floats:
        tail = self._tail(np.abs(at.z))
        return np.where(at.z > 0, tail, 1 - tail)

    def logcdf(self, at: Place) -> Floats:
        return self.logsf(Place(-at.z, at.rest))

    def logsf(self, at: Place) -> Floats:
        size = np.abs(at.z)
        return np.where(at.z > 0, self._log_tail(size), np.log1p(-self._tail(size)))

    @property
    def condition(self) -> float:
        return min(self.df, 2 * _DEEP_EXPONENT) + 1

    def moment(self, order: int) -> float:
        if order >= self.df:
            return math.nan if order % 2 else math.inf
        if order % 2:
            return 0.0
        pairs = range(1, order // 2 + 1)
        return math.prod((2 * i - 1) * self.df / (self.df - 2 * i) for i in pairs)

    def draw(self, generator: Generator, size: Size) -> Floats:
        return np.asarray(generator.standard_t(self.df, size))

    def entropy(self) -> float:
        return scipy_entropy(self.name, self.df)

    def mode(self) -> float:
        return 0.0

    def central(self) -> tuple[float, float, float, float]:
        v = self.df
        variance = v / (v - 2) if v > 2 else (math.inf if v > 1 else math.nan)
        kurtosis = 6 / (v - 4) if v > 4 else (math.inf if v > 2 else math.nan)
        return (0.0 if v > 1 else math.nan), variance, (0.0 if v > 3 else math.nan), kurtosis


@dataclass(frozen=True)
class Cauchy(Family):
    """The Cauchy law: tails as the angle of a point, which keeps the digits of small ones."""

    name: ClassVar[str] = "cauchy"
    symmetric: ClassVar[bool] = True

    def logpdf(self, at: Place) -> Floats:
        return np.asarray(-math.log(math.pi) - 2 * np.log(np.hypot(1.0, at.z)))

    def cdf(self, at: Place) -> Floats:
        return np.asarray(np.arctan2(1.0, -at.z) / math.pi)

    def sf(self, at: Place) -> Floats:
        return np.asarray(np.arctan2(1.0, at.z) / math.pi)

    @property
    def condition(self) -> float:
        return 2.0

    def moment(self, order: int) -> float:  # noqa: ARG002
        return math.nan

    def draw(self, generator: Generator, size: Size) -> Floats:
        return np.asarray(generator.standard_cauchy(size))

    def entropy(self) -> float:
        return math.log(4 * math.pi)

    def mode(self) -> float:
        return 0.0

    def central(self) -> tuple[float, float, float, float]:
        return math.nan, math.nan, math.nan, math.nan


@dataclass(frozen=True)
class Levy(Family):
    """Lévy's law, the stable one on the half-line: 1/N^2 for a normal N."""

    name: ClassVar[str] = "levy"
    half_line: ClassVar[bool] = True

    def logpdf(self, at: Place) -> Floats:
        inside = -HALF_LOG_TWO_PI - 1.5 * np.log(at.z) - 0.5 / at.z
        return np.where(at.z == 0, -np.inf, inside)

    def cdf(self, at: Place) -> Floats:
        return np.asarray(special.erfc(_ROOT_HALF / np.sqrt(at.z)))

    def sf(self, at: Place) -> Floats:
        return np.asarray(special.erf(_ROOT_HALF / np.sqrt(at.z)))

    def logcdf(self, at: Place) -> Floats:
        far = math.log(2) + special.log_ndtr(-1 / np.sqrt(at.z))
        return np.where(at.z < 1, far, super().logcdf(at))

    @property
    def condition(self) -> float:
        return 2 * _DEEP_EXPONENT  # erfc's argument is a root, squared again by erfc

    def moment(self, order: int) -> float:  # noqa: ARG002
        return math.inf

    def draw(self, generator: Generator, size: Size) -> Floats:
        return np.asarray(1 / np.square(generator.standard_normal(size)))

    def entropy(self) -> float:
        return 0.5 * (1 + 3 * _EULER + math.log(16 * math.pi))

    def mode(self) -> float:
        return 1 / 3

    def central(self) -> tuple[float, float, float, float]:
        return math.inf, math.inf, math.nan, math.nan
