"""What the error bounds must know of a kernel: its area, peak and reach, and its size off the real line."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from faltung.functions.transform import FloatArray

# (reach R, height B) -> a bound on the integral over u of the largest |k(z)| with |Re z - u| <= R and
# |Im z| <= B; infinite where the kernel is not analytic there. Both may be arrays.
Strip: TypeAlias = Callable[[FloatArray, FloatArray], FloatArray]


@dataclass(frozen=True)
class Norms:
    """Bounds on a kernel, or on its derivative with respect to a parameter.

    Attributes
    ----------
    area
        The integral of a majorant of |k|, relative to which k is computed.
    peak
        The largest |k|.
    moment
        The largest |u k(u)|.
    strips
        Bounds off the real line.
    units
        The error of a computed k, integrated: this many unit roundoffs of `area`.
    """

    area: float
    peak: float
    moment: float
    strips: tuple[Strip, ...]
    units: float = 16.0

    def strip(self, reach: FloatArray, height: FloatArray) -> FloatArray:
        """Return the least of the bounds off the real line."""
        bounds = [strip(reach, height) for strip in self.strips]
        return np.minimum.reduce(bounds) if bounds else np.full_like(reach, np.inf)

    def convolved(self, other: Norms, units: float) -> Norms:
        """Return the norms of the convolution of two kernels.

        One factor is taken off the real line and the other stays on it, so |f * g| there is at most
        the majorant of f convolved with |g|; and u = (u - v) + v parts the moment.
        """
        return Norms(
            area=self.area * other.area,
            peak=min(self.peak * other.area, other.peak * self.area),
            moment=self.moment * other.area + other.moment * self.area,
            strips=(*_times(self.strips, other.area), *_times(other.strips, self.area)),
            units=units,
        )


def _times(strips: tuple[Strip, ...], factor: float) -> tuple[Strip, ...]:
    def times(strip: Strip) -> Strip:
        return lambda reach, height: factor * strip(reach, height)

    return tuple(times(strip) for strip in strips)


def gaussian_norms(sigma: float) -> tuple[Norms, Norms]:
    """Return the norms of the normal density, and of its derivative with respect to sigma.

    exp(-z^2 / (2 sigma^2)) grows by exp(B^2 / (2 sigma^2)) off the line. The derivative is
    (v^2 - 1) k / sigma with v = u / sigma, computed relative to (v^2 + 1) k / sigma, and also sigma
    k'': by Cauchy's estimate over discs of radius sigma at most 2 / sigma of k in a wider strip.
    """

    def strip(reach: FloatArray, height: FloatArray) -> FloatArray:
        return np.asarray(np.exp(np.square(height / sigma) / 2) * (1 + 0.8 * reach / sigma))

    def of_derivative(reach: FloatArray, height: FloatArray) -> FloatArray:
        return 2 / sigma * strip(reach + sigma, height + sigma)

    return (
        Norms(1.0, 0.4 / sigma, 0.25, (strip,)),
        Norms(2 / sigma, 0.49 / sigma**2, 0.64 / sigma, (of_derivative,), 24.0),
    )


def lorentz_norms(gamma: float) -> tuple[Norms, Norms]:
    """Return the norms of the Lorentz density, and of its derivative with respect to gamma.

    Where abs(y) <= B < gamma, the real part of z^2 + gamma^2 is at least x^2 + gamma^2 - B^2. The
    derivative is the real part of 1 / (u - i gamma)^2 over pi.
    """

    def strip(reach: FloatArray, height: FloatArray) -> FloatArray:
        near = (gamma - height) * (gamma + height)
        safe = np.where(height < gamma, near, 1.0)
        value = gamma / np.sqrt(safe) + 2 * reach * gamma / (math.pi * safe)
        return np.where(height < gamma, value, np.inf)

    def of_derivative(reach: FloatArray, height: FloatArray) -> FloatArray:
        near = np.where(height < gamma, gamma - height, 1.0)
        value = 1 / near + 2 * reach / (math.pi * near**2)
        return np.where(height < gamma, value, np.inf)

    return (
        Norms(1.0, 1 / (math.pi * gamma), 0.16, (strip,)),
        Norms(1 / gamma, 1 / (math.pi * gamma**2), 0.16 / gamma, (of_derivative,), 24.0),
    )


def exponential_norms(tau: float) -> tuple[Norms, Norms]:
    """Return the norms of the exponential density, and of its derivative with respect to tau.

    The derivative is (u / tau - 1) k / tau, computed relative to (u / tau + 1) k / tau.
    """

    def strip(reach: FloatArray, height: FloatArray) -> FloatArray:
        return np.asarray(np.exp(reach / tau) * np.ones_like(height))

    def of_derivative(reach: FloatArray, height: FloatArray) -> FloatArray:
        return np.asarray((2 + (reach + height) / tau) * np.exp(reach / tau) / tau)

    return (
        Norms(1.0, 1 / tau, 0.37, (strip,)),
        Norms(2 / tau, 1 / tau**2, 0.85 / tau, (of_derivative,), 24.0),
    )
