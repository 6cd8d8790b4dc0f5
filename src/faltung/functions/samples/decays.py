"""Resolution functions with a tail to one side: an exponential decay, bare or convolved with a Gaussian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import special

from faltung.functions.samples.bells import GAUSSIAN_REACH
from faltung.functions.samples.norms import Norms, exponential_norms, gaussian_norms
from faltung.functions.samples.repeated_integrals import repeated_integrals
from faltung.functions.samples.shape import SQRT_2, SQRT_2_PI, SQRT_PI, Resolution
from faltung.functions.transform import FloatArray

# exp(-48) is 1.4e-21, and as many times itself 7e-20.
_EXPONENTIAL_REACH = 48.0


@dataclass(frozen=True, repr=False)
class Exponential(Resolution):
    """exp(-v / tau) / tau for v >= 0."""

    tau: float

    jumps: ClassVar[tuple[float, ...]] = (0.0,)

    @property
    def scale(self) -> float:
        """The length on which the density is smooth."""
        return self.tau

    @property
    def reach(self) -> tuple[float, float]:
        """Where the tails end, or are negligible."""
        return 0.0, _EXPONENTIAL_REACH * self.tau

    @property
    def norms(self) -> tuple[Norms, ...]:
        """The norms of the density and its derivatives."""
        return exponential_norms(self.tau)

    def density(self, v: FloatArray) -> FloatArray:
        """Return the density."""
        return np.where(v < 0, 0.0, np.exp(-np.maximum(v, 0) / self.tau) / self.tau)

    def with_derivatives(self, v: FloatArray) -> list[FloatArray]:
        """Return the density and its derivatives."""
        density = self.density(v)
        return [density, (v - self.tau) / self.tau**2 * density]

    def slope(self, v: FloatArray) -> FloatArray:
        """Return the derivative by v."""
        return -self.density(v) / self.tau

    def above(self, v: FloatArray) -> FloatArray:
        """Return the area from v on."""
        return np.asarray(np.exp(-np.maximum(v, 0) / self.tau))

    def below(self, v: FloatArray) -> FloatArray:
        """Return the area up to v."""
        return np.asarray(-np.expm1(-np.maximum(v, 0) / self.tau))

    def above_derivatives(self, v: FloatArray) -> list[FloatArray]:
        """Return the derivatives of the area from v on."""
        return [np.maximum(v, 0) / self.tau * self.density(v)]


@dataclass(frozen=True, repr=False)
class ExponentiallyModifiedGaussian(Resolution):
    """The convolution k of a Gaussian G with an exponential decay.

    With y = v / sigma and z = (sigma / tau - y) / sqrt(2) it is exp(-y^2 / 2) / (2 tau) I_0(z). Left of
    v = sigma^2 / tau, where z is positive, derivatives are sums of I_0, I_1 and I_2 without differences
    of nearly equal numbers; right of it tau k' + k = G gives them.
    """

    sigma: float
    tau: float

    @property
    def scale(self) -> float:
        """The length on which the density is smooth."""
        return self.sigma

    @property
    def reach(self) -> tuple[float, float]:
        """Where the tails end, or are negligible."""
        left = GAUSSIAN_REACH * self.sigma
        return -left, left + _EXPONENTIAL_REACH * self.tau

    @property
    def norms(self) -> tuple[Norms, ...]:
        """The norms of the density and its derivatives."""
        (gauss, by_sigma), (decay, by_tau) = (
            gaussian_norms(self.sigma),
            exponential_norms(self.tau),
        )
        # The decay jumps: it cannot be taken off the real line.
        decay, by_tau = (Norms(n.area, n.peak, n.moment, ()) for n in (decay, by_tau))
        return (
            gauss.convolved(decay, 40.0),
            by_sigma.convolved(decay, 400.0),
            gauss.convolved(by_tau, 400.0),
        )

    def _places(self, v: FloatArray) -> tuple[FloatArray, FloatArray, float]:
        ratio = self.sigma / self.tau
        y = v / self.sigma
        return y, (ratio - y) / SQRT_2, ratio

    def _gauss(self, y: FloatArray) -> FloatArray:
        return np.asarray(np.exp(-0.5 * np.square(y)))

    def density(self, v: FloatArray) -> FloatArray:
        """Return the density."""
        y, z, _ = self._places(v)
        return self._joined(y, z, special.erfcx(np.maximum(z, 0)))

    def _joined(self, y: FloatArray, z: FloatArray, zeroth: FloatArray) -> FloatArray:
        """Return the density from I_0, which is used where z is not negative."""
        ratio = self.sigma / self.tau
        exponent = np.minimum(ratio * (ratio / 2 - y), 0)
        right = np.exp(exponent) * special.erfc(np.minimum(z, 0))
        return np.where(z >= 0, self._gauss(y) * zeroth, right) / (2 * self.tau)

    def with_derivatives(self, v: FloatArray) -> list[FloatArray]:
        """Return the density and its derivatives."""
        y, z, ratio = self._places(v)
        zeroth, first, second = repeated_integrals(np.maximum(z, 0))
        gauss, k = self._gauss(y), self._joined(y, z, zeroth)
        # sigma k'' and, from the derivative of z, the derivative with respect to tau.
        left_sigma = gauss * (2 * second - SQRT_2 * y * first + (y - 1) * (y + 1) * zeroth / 2)
        left_tau = gauss / 2 * (SQRT_2 * y * first - 4 * second)
        g = gauss / (self.sigma * SQRT_2_PI)
        right_sigma = self.sigma * (k - g) - self.tau * y * g
        # exp(-y^2 / 2) I_1 is exp(-y^2 / 2) / sqrt(pi) less z times 2 tau k.
        once = gauss / SQRT_PI - 2 * self.tau * np.minimum(z, 0) * k
        right_tau = ratio / SQRT_2 * once - self.tau * k
        return [
            k,
            np.where(z >= 0, left_sigma / self.sigma / self.tau, right_sigma / self.tau**2),
            np.where(z >= 0, left_tau, right_tau) / self.tau**2,
        ]

    def slope(self, v: FloatArray) -> FloatArray:
        """Return the derivative by v."""
        y, z, _ = self._places(v)
        zeroth, first, _ = repeated_integrals(np.maximum(z, 0))
        gauss = self._gauss(y)
        left = gauss * (first / SQRT_2 - y * zeroth / 2) / self.sigma
        right = gauss / (self.sigma * SQRT_2_PI) - self.density(v)
        return np.where(z >= 0, left, right) / self.tau

    def above(self, v: FloatArray) -> FloatArray:
        """Return the area from v on."""
        return np.asarray(special.ndtr(-v / self.sigma) + self.tau * self.density(v))

    def below(self, v: FloatArray) -> FloatArray:
        """Return the area up to v."""
        rest = special.ndtr(v / self.sigma) - self.tau * self.density(v)
        return np.asarray(np.maximum(rest, 0))

    def above_derivatives(self, v: FloatArray) -> list[FloatArray]:
        """Return the derivatives of the area from v on."""
        density, _, by_tau = self.with_derivatives(v)
        return [-self.sigma * self.slope(v), density + self.tau * by_tau]
