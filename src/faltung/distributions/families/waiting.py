"""Laws of waiting times: exponential, gamma with Erlang and chi squared, Weibull, inverse Gaussian."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np
from scipy import special

from faltung.distributions.families.bells import as_float
from faltung.distributions.families.family import Family, Generator, Place, Size
from faltung.distributions.families.tools import (
    gamma_above,
    gamma_below,
    log_gamma_above,
    log_gamma_below,
    log_poisson,
    repaired,
)
from faltung.distributions.numbers.rational import brief, rounded
from faltung.distributions.numbers.rounding import Floats
from faltung.errors import OptionError

_DEEP_EXPONENT = 691.0
_UNDERFLOW = 1e-290
_LARGEST_SHAPE = 10**15
_EULER = 0.57721566490153286


@dataclass(frozen=True)
class Exponential(Family):
    """The exponential law with mean 1."""

    name: ClassVar[str] = "expon"
    half_line: ClassVar[bool] = True

    def logpdf(self, at: Place) -> Floats:
        return -at.z

    def cdf(self, at: Place) -> Floats:
        return np.asarray(-np.expm1(-at.z))

    def sf(self, at: Place) -> Floats:
        return np.asarray(np.exp(-at.z))

    def logcdf(self, at: Place) -> Floats:
        return log_of_complement(at.z)

    def logsf(self, at: Place) -> Floats:
        return -at.z

    @property
    def condition(self) -> float:
        return _DEEP_EXPONENT

    def moment(self, order: int) -> float:
        return as_float(math.factorial(order))

    def draw(self, generator: Generator, size: Size) -> Floats:
        return np.asarray(generator.standard_exponential(size))

    def entropy(self) -> float:
        return 1.0

    def mode(self) -> float:
        return 0.0

    def central(self) -> tuple[float, float, float, float]:
        return 1.0, 1.0, 2.0, 6.0


def log_of_complement(x: Floats) -> Floats:
    """Return ``log(1 - exp(-x))`` for x >= 0 (Mächler 2012: from the side that keeps digits)."""
    return np.where(x < math.log(2), np.log(-np.expm1(-x)), np.log1p(-np.exp(-x)))


@dataclass(frozen=True)
class Gamma(Family):
    """The gamma law with a rational shape, so that shapes of sums add up exactly.

    cdf and sf are the two regularised incomplete gamma functions, each computed for itself; their
    logarithms, where those are below 1e-290, a series and a continued fraction.
    """

    shape: Fraction

    name: ClassVar[str] = "gamma"
    half_line: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.shape > _LARGEST_SHAPE:
            raise OptionError(
                f"a gamma law of shape {brief(self.shape, 6)}, and at most {_LARGEST_SHAPE:g} is "
                "known: take its normal limit"
            )

    @property
    def a(self) -> float:
        """The shape."""
        return float(self.shape)

    @property
    def shapes(self) -> dict[str, float]:
        return {"a": self.a}

    def logpdf(self, at: Place) -> Floats:
        at_zero = math.inf if self.a < 1 else (0.0 if self.a == 1 else -math.inf)
        inside = log_poisson(self.a, at.z) + math.log(self.a) - np.log(at.z)
        return np.where(at.z == 0, at_zero, inside)

    def cdf(self, at: Place) -> Floats:
        return gamma_below(self.a, at.z)

    def sf(self, at: Place) -> Floats:
        return gamma_above(self.a, at.z)

    def logcdf(self, at: Place) -> Floats:
        small = (self.cdf(at) < _UNDERFLOW) & (at.z > 0)
        return repaired(super().logcdf(at), small, lambda z: log_gamma_below(self.a, z), at.z)

    def logsf(self, at: Place) -> Floats:
        small = self.sf(at) < _UNDERFLOW
        return repaired(super().logsf(at), small, lambda z: log_gamma_above(self.a, z), at.z)

    @property
    def condition(self) -> float:
        # 1e-300 is 38 sqrt(a) from a for large a, and 691 for small; log a is rounded beside it.
        return 700 + 60 * math.sqrt(self.a)

    def moment(self, order: int) -> float:
        return rounded(math.prod((self.shape + i for i in range(order)), start=Fraction(1)))

    def draw(self, generator: Generator, size: Size) -> Floats:
        return np.asarray(generator.standard_gamma(self.a, size))

    def entropy(self) -> float:
        return scipy_entropy(self.name, self.a)

    def mode(self) -> float:
        return max(self.a - 1, 0.0)

    def central(self) -> tuple[float, float, float, float]:
        return self.a, self.a, 2 / math.sqrt(self.a), 6 / self.a


def scipy_entropy(name: str, *shapes: float) -> float:
    """Return the entropy by SciPy, whose formulas have asymptotic series for large shapes."""
    from scipy import stats

    return float(getattr(stats, name)(*shapes).entropy())


@dataclass(frozen=True)
class Weibull(Family):
    """The power 1/c of an exponential variable."""

    c: float

    name: ClassVar[str] = "weibull_min"
    half_line: ClassVar[bool] = True

    @property
    def shapes(self) -> dict[str, float]:
        return {"c": self.c}

    def logpdf(self, at: Place) -> Floats:
        at_zero = math.inf if self.c < 1 else (0.0 if self.c == 1 else -math.inf)
        inside = math.log(self.c) + (self.c - 1) * np.log(at.z) - at.z**self.c
        return np.where(at.z == 0, at_zero, inside)

    def cdf(self, at: Place) -> Floats:
        return np.asarray(-np.expm1(-(at.z**self.c)))

    def sf(self, at: Place) -> Floats:
        return np.asarray(np.exp(-(at.z**self.c)))

    def logcdf(self, at: Place) -> Floats:
        power = at.z**self.c
        return np.where(power < _UNDERFLOW, self.c * np.log(at.z), log_of_complement(power))

    def logsf(self, at: Place) -> Floats:
        return np.asarray(-(at.z**self.c))

    @property
    def condition(self) -> float:
        return self.c * (_DEEP_EXPONENT + 1)

    def moment(self, order: int) -> float:
        return float(special.gamma(1 + order / self.c))

    def draw(self, generator: Generator, size: Size) -> Floats:
        return np.asarray(generator.weibull(self.c, size))

    def entropy(self) -> float:
        return _EULER * (1 - 1 / self.c) - math.log(self.c) + 1

    def mode(self) -> float:
        return 0.0 if self.c <= 1 else ((self.c - 1) / self.c) ** (1 / self.c)

    def central(self) -> tuple[float, float, float, float]:
        first, second, third, fourth = (self.moment(k) for k in range(1, 5))
        variance = first * first * math.expm1(self._log_ratio())
        skew = (third - 3 * first * second + 2 * first**3) / variance**1.5
        about = fourth - 4 * first * third + 6 * first * first * second - 3 * first**4
        return first, variance, skew, about / variance**2 - 3

    def _log_ratio(self) -> float:
        """Return log Gamma(1 + 2 e) - 2 log Gamma(1 + e) for e = 1/c, by its series if e is small.

        sum over k >= 2 of zeta(k) (2^k - 2) (-e)^k / k, from DLMF 5.7.3.
        """
        e = 1 / self.c
        if e > 0.05:
            return float(special.gammaln(1 + 2 * e) - 2 * special.gammaln(1 + e))
        return math.fsum(
            float(special.zeta(k)) * (2.0**k - 2) * (-e) ** k / k for k in range(2, 20)
        )
