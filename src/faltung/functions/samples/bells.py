"""Symmetric resolution functions: Gaussian, Lorentz, and Voigt, which is one convolved with the other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from faltung.functions.samples.norms import Norms, gaussian_norms, lorentz_norms
from faltung.functions.samples.repeated_integrals import (
    Numbers,
    faddeeva,
    repeated_integrals,
)
from faltung.functions.samples.shape import SQRT_2, SQRT_2_PI, SQRT_PI, Resolution
from faltung.functions.transform import FloatArray

# Beyond as many standard deviations a Gaussian has 1e-22 of its area, and v^2 times it 1e-20.
GAUSSIAN_REACH = 9.8


@dataclass(frozen=True, repr=False)
class Gaussian(Resolution):
    """The normal density."""

    sigma: float

    @property
    def scale(self) -> float:
        """The length on which the density is smooth."""
        return self.sigma

    @property
    def reach(self) -> tuple[float, float]:
        """Where the tails end, or are negligible."""
        return -GAUSSIAN_REACH * self.sigma, GAUSSIAN_REACH * self.sigma

    @property
    def norms(self) -> tuple[Norms, ...]:
        """The norms of the density and its derivatives."""
        return gaussian_norms(self.sigma)

    def density(self, v: FloatArray) -> FloatArray:
        """Return the density."""
        height = 1 / (self.sigma * SQRT_2_PI)
        return np.asarray(height * np.exp(-0.5 * np.square(v / self.sigma)))

    def with_derivatives(self, v: FloatArray) -> list[FloatArray]:
        """Return the density and its derivatives."""
        y, density = v / self.sigma, self.density(v)
        return [density, (y - 1) * (y + 1) * density / self.sigma]

    def slope(self, v: FloatArray) -> FloatArray:
        """Return the derivative by v."""
        return -v / self.sigma**2 * self.density(v)

    def above(self, v: FloatArray) -> FloatArray:
        """Return the area from v on."""
        return np.asarray(special.ndtr(-v / self.sigma))

    def below(self, v: FloatArray) -> FloatArray:
        """Return the area up to v."""
        return self.above(-v)

    def above_derivatives(self, v: FloatArray) -> list[FloatArray]:
        """Return the derivatives of the area from v on."""
        return [v / self.sigma * self.density(v)]


@dataclass(frozen=True, repr=False)
class Lorentz(Resolution):
    """The Cauchy density."""

    gamma: float

    @property
    def scale(self) -> float:
        """The length on which the density is smooth."""
        return self.gamma / 2

    @property
    def reach(self) -> tuple[float, float]:
        """Where the tails end, or are negligible."""
        return -math.inf, math.inf

    @property
    def norms(self) -> tuple[Norms, ...]:
        """The norms of the density and its derivatives."""
        return lorentz_norms(self.gamma)

    def density(self, v: FloatArray) -> FloatArray:
        """Return the density."""
        return self.gamma / math.pi / (np.square(v) + self.gamma**2)

    def with_derivatives(self, v: FloatArray) -> list[FloatArray]:
        """Return the density and its derivatives."""
        square = np.square(v) + self.gamma**2
        by_gamma = (v - self.gamma) * (v + self.gamma) / math.pi / square / square
        return [self.gamma / math.pi / square, by_gamma]

    def slope(self, v: FloatArray) -> FloatArray:
        """Return the derivative by v."""
        square = np.square(v) + self.gamma**2
        return -2 * self.gamma / math.pi * v / square / square

    def above(self, v: FloatArray) -> FloatArray:
        """Return the area from v on."""
        return np.arctan2(self.gamma, v) / math.pi

    def below(self, v: FloatArray) -> FloatArray:
        """Return the area up to v."""
        return self.above(-v)

    def above_derivatives(self, v: FloatArray) -> list[FloatArray]:
        """Return the derivatives of the area from v on."""
        return [v / math.pi / (np.square(v) + self.gamma**2)]


@dataclass(frozen=True, repr=False)
class Voigt(Resolution):
    """The convolution of a Gaussian and a Lorentz density: the real part of Faddeeva's w.

    w(z) at z = (v + i gamma) / (sqrt(2) sigma) is I_0(-i z), and its derivatives are those of I_0.
    """

    sigma: float
    gamma: float

    @property
    def scale(self) -> float:
        """The length on which the density is smooth."""
        return max(self.sigma, self.gamma / 2)

    @property
    def reach(self) -> tuple[float, float]:
        """Where the tails end, or are negligible."""
        return -math.inf, math.inf

    @property
    def norms(self) -> tuple[Norms, ...]:
        """The norms of the density and its derivatives."""
        (gauss, by_sigma), (lorentz, by_gamma) = (
            gaussian_norms(self.sigma),
            lorentz_norms(self.gamma),
        )
        return (
            gauss.convolved(lorentz, 200.0),
            by_sigma.convolved(lorentz, 3000.0),
            gauss.convolved(by_gamma, 3000.0),
        )

    def _z(self, v: FloatArray) -> Numbers:
        z = np.empty(v.shape, np.complex128)
        z.real, z.imag = v / (SQRT_2 * self.sigma), self.gamma / (SQRT_2 * self.sigma)
        return z

    def _integrals(self, v: FloatArray) -> tuple[Numbers, Numbers, Numbers]:
        return repeated_integrals(-1j * self._z(v))

    def density(self, v: FloatArray) -> FloatArray:
        """Return the density."""
        return np.asarray(faddeeva(self._z(v)).real / (self.sigma * SQRT_2_PI))

    def with_derivatives(self, v: FloatArray) -> list[FloatArray]:
        """Return the density and its derivatives."""
        zeroth, first, second = self._integrals(v)
        square = self.sigma**2
        return [
            zeroth.real / (self.sigma * SQRT_2_PI),
            -4 / SQRT_2_PI / square * second.real,
            -1 / SQRT_PI / square * first.real,
        ]

    def slope(self, v: FloatArray) -> FloatArray:
        """Return the derivative by v."""
        return np.asarray(-self._integrals(v)[1].imag / (self.sigma**2 * SQRT_PI))

    def above(self, v: FloatArray) -> FloatArray:
        """Return the area from v on."""
        from faltung.functions.samples.tails import integral_above

        beyond = integral_above(self, np.abs(v))
        return np.where(v < 0, 1 - beyond, beyond)

    def below(self, v: FloatArray) -> FloatArray:
        """Return the area up to v."""
        return self.above(-v)

    def above_derivatives(self, v: FloatArray) -> list[FloatArray]:
        """Return the derivatives of the area from v on."""
        by_gamma = faddeeva(self._z(v)).imag / (self.sigma * SQRT_2_PI)
        return [-self.sigma * self.slope(v), by_gamma]
