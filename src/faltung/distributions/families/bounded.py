"""Laws on an interval: uniform, triangular, beta."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np
from scipy import special

from faltung.distributions.continuous.density import Density
from faltung.distributions.families.family import Family, Generator, Place, Size
from faltung.distributions.families.tools import (
    Mask,
    either,
    log_beta_below,
    log_beta_weight,
    repaired,
    upper_beta,
)
from faltung.distributions.families.waiting import scipy_entropy
from faltung.distributions.numbers.rational import rounded
from faltung.distributions.numbers.rounding import Floats
from faltung.functions import Function

_UNDERFLOW = 1e-290


@dataclass(frozen=True)
class Bounded(Family):
    """A law on [0, 1]."""

    half_line: ClassVar[bool] = True

    @property
    def high(self) -> Fraction | float:
        return Fraction(1)


@dataclass(frozen=True)
class Uniform(Bounded):
    """The uniform law."""

    name: ClassVar[str] = "uniform"

    def logpdf(self, at: Place) -> Floats:
        return 0 * at.z

    def cdf(self, at: Place) -> Floats:
        return at.z

    def sf(self, at: Place) -> Floats:
        return at.rest

    @property
    def condition(self) -> float:
        return 1.0

    @property
    def roundings(self) -> float:
        return 4.0

    def moment(self, order: int) -> float:
        return 1 / (order + 1)

    def draw(self, generator: Generator, size: Size) -> Floats:
        return np.asarray(generator.random(size))

    def entropy(self) -> float:
        return 0.0

    def mode(self) -> float:
        return 0.5

    def central(self) -> tuple[float, float, float, float]:
        return 0.5, 1 / 12, 0.0, -1.2

    def density(self) -> Density:
        return Density(Function(1.0, (0, 1)))


@dataclass(frozen=True)
class Triangular(Bounded):
    """The density that rises to its mode c and falls to 1."""

    c: Fraction

    name: ClassVar[str] = "triang"

    @property
    def shapes(self) -> dict[str, float]:
        return {"c": float(self.c)}

    def bends(self) -> tuple[float, ...]:
        """Return the mode."""
        return (float(self.c),)

    @property
    def rounded_shapes(self) -> float:
        """Of ``2 z / c`` and ``2 (1 - z) / (1 - c)``, whichever is changed more."""
        c, off = self.c, abs(Fraction(float(self.c)) - self.c)
        near = min(c or 1, (1 - c) or 1)
        return 1.01 * float(off / near)

    @property
    def _parts(self) -> tuple[float, float]:
        return float(self.c), float(1 - self.c)

    def pdf(self, at: Place) -> Floats:
        left, right = self._parts
        rising = 2 * at.z / left if left else np.zeros_like(at.z)
        falling = 2 * at.rest / right if right else np.zeros_like(at.z)
        return np.where(self._is_left(at), rising, falling)

    def logpdf(self, at: Place) -> Floats:
        return np.asarray(np.log(self.pdf(at)))

    def cdf(self, at: Place) -> Floats:
        return self._from_end(at.z, self._parts[0], self._is_left(at), at.rest)

    def sf(self, at: Place) -> Floats:
        return self._from_end(at.rest, self._parts[1], ~self._is_left(at), at.z)

    def _is_left(self, at: Place) -> Mask:
        left, right = self._parts
        if not left or not right:
            return np.full(at.z.shape, not right)
        return np.asarray(at.z < left if left <= right else at.rest > right)

    def _from_end(self, near: Floats, width: float, inside: Mask, far: Floats) -> Floats:
        """Return the mass up to `near` from one end, whose ramp has `width`."""
        if not width:
            return np.asarray(near * (1 + far))
        own, other = near * near / width, self._parts[0] + self._parts[1] - width
        beyond = width + (near - width) * (other + far) / other if other else own
        return np.where(inside, own, beyond)

    @property
    def condition(self) -> float:
        return 2.0

    @property
    def roundings(self) -> float:
        return 8.0

    def moment(self, order: int) -> float:
        # 2 sum of c^i over i = 0 … k, divided by (k + 1)(k + 2): every term is non-negative.
        powers = sum((self.c**i for i in range(order + 1)), Fraction(0))
        return rounded(2 * powers / ((order + 1) * (order + 2)))

    def draw(self, generator: Generator, size: Size) -> Floats:
        return np.asarray(generator.triangular(0.0, float(self.c), 1.0, size))

    def entropy(self) -> float:
        return 0.5 - math.log(2)

    def mode(self) -> float:
        return float(self.c)

    def central(self) -> tuple[float, float, float, float]:
        c = self.c
        spread = 1 - c + c * c
        numerator = float((1 - 2 * c) * (1 + c) * (2 - c))
        skew = math.sqrt(2) * numerator / (5 * float(spread) ** 1.5)
        return rounded((1 + c) / 3), rounded(spread / 18), skew, -0.6

    def mean(self) -> Fraction | float:
        return (1 + self.c) / 3


@dataclass(frozen=True)
class Beta(Bounded):
    """The beta law; each half of the interval is measured from its own end."""

    a: float
    b: float

    name: ClassVar[str] = "beta"

    @property
    def shapes(self) -> dict[str, float]:
        return {"a": self.a, "b": self.b}

    def logpdf(self, at: Place) -> Floats:
        inside = log_beta_weight(self.a, self.b, at.z, at.rest) - np.log(at.z) - np.log(at.rest)
        left = np.where(at.z == 0, _end_of_power(self.a, self.b), inside)
        return np.where(at.rest == 0, _end_of_power(self.b, self.a), left)

    def cdf(self, at: Place) -> Floats:
        return self._from_nearer(self.a, self.b, at.z, at.rest)

    def sf(self, at: Place) -> Floats:
        return self._from_nearer(self.b, self.a, at.rest, at.z)

    @staticmethod
    def _from_nearer(a: float, b: float, own: Floats, other: Floats) -> Floats:
        """Return the mass within `own` of an end, `other` from the other one."""
        return either(
            np.asarray(~(own > other)),
            lambda own, other: special.betainc(a, b, own),  # noqa: ARG005
            lambda own, other: upper_beta(b, a, other),  # noqa: ARG005
            own,
            other,
        )

    def logcdf(self, at: Place) -> Floats:
        small = (self.cdf(at) < _UNDERFLOW) & (at.z > 0)
        repair = lambda z, rest: log_beta_below(self.a, self.b, z, rest)
        return repaired(super().logcdf(at), small, repair, at.z, at.rest)

    def logsf(self, at: Place) -> Floats:
        small = (self.sf(at) < _UNDERFLOW) & (at.rest > 0)
        repair = lambda z, rest: log_beta_below(self.b, self.a, rest, z)
        return repaired(super().logsf(at), small, repair, at.z, at.rest)

    @property
    def condition(self) -> float:
        # Of the nearer end's distance: the other tail is 38 standard deviations away at most.
        return 700 + 60 * math.sqrt(self.a + self.b)

    @property
    def roundings(self) -> float:
        return super().roundings + 2000  # SciPy's, as measured

    def moment(self, order: int) -> float:
        return math.prod((self.a + i) / (self.a + self.b + i) for i in range(order))

    def draw(self, generator: Generator, size: Size) -> Floats:
        return np.asarray(generator.beta(self.a, self.b, size))

    def entropy(self) -> float:
        return scipy_entropy(self.name, self.a, self.b)

    def mode(self) -> float:
        if self.a >= 1 and self.b >= 1 and self.a + self.b > 2:
            return (self.a - 1) / (self.a + self.b - 2)
        return 0.5 if self.a == self.b == 1 else float(self.a > self.b)

    def central(self) -> tuple[float, float, float, float]:
        a, b = self.a, self.b
        n = a + b
        variance = (a / n) * (b / n) / (n + 1)
        skew = 2 * (b - a) / (n + 2) * math.sqrt((n + 1) / a / b)
        kurtosis = 6 * ((a - b) ** 2 * (n + 1) / (a * b) - (n + 2)) / ((n + 2) * (n + 3))
        return a / n, variance, skew, kurtosis


def _end_of_power(own: float, other: float) -> float:
    """Return the logarithm of the density at an end, where it is as the distance to own - 1."""
    if own == 1:
        return math.log(other)
    return math.inf if own < 1 else -math.inf
