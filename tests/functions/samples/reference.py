"""Slow and obvious: resolution functions by their formulas, and convolutions by quadrature, in 30 digits."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import mpmath as mp

from faltung.functions import resolution
from tests.functions.reference import gauss

DIGITS = 30


def gaussian(v, sigma):
    return mp.exp(-v * v / (2 * sigma**2)) / (sigma * mp.sqrt(2 * mp.pi))


def lorentz(v, gamma):
    return gamma / mp.pi / (v * v + gamma**2)


def voigt(v, sigma, gamma):
    z = (v + mp.mpc(0, 1) * gamma) / (sigma * mp.sqrt(2))
    # The exponential of z^2 needs the digits that z^2 has before the point.
    with mp.workdps(mp.mp.dps + int(2 * mp.log10(1 + abs(z))) + 2):
        w = mp.exp(-z * z) * mp.erfc(-mp.mpc(0, 1) * z)
    return w.real / (sigma * mp.sqrt(2 * mp.pi))


def exponential(v, tau):
    return mp.exp(-v / tau) / tau if v >= 0 else mp.mpf(0)


def exponentially_modified_gaussian(v, sigma, tau):
    z = (sigma / tau - v / sigma) / mp.sqrt(2)
    return mp.exp(sigma**2 / (2 * tau**2) - v / tau) * mp.erfc(z) / (2 * tau)


FORMULAS: dict[str, Any] = {
    "Gaussian": gaussian,
    "Lorentz": lorentz,
    "Voigt": voigt,
    "Exponential": exponential,
    "ExponentiallyModifiedGaussian": exponentially_modified_gaussian,
}

# Every kind, and widths that differ by a million.
KERNELS = [
    resolution.gaussian(0.7),
    resolution.gaussian(2e-4, center=0.3),
    resolution.gaussian(40.0),
    resolution.lorentz(0.3, center=-0.1),
    resolution.lorentz(1e-4),
    resolution.voigt(0.1, 0.3),
    resolution.voigt(1e-3, 0.4, center=0.02),
    resolution.voigt(0.4, 1e-6),
    resolution.voigt(1.0, 5.0),
    resolution.exponential(0.4, center=0.03),
    resolution.exponentially_modified_gaussian(0.7, 0.3),
    resolution.exponentially_modified_gaussian(0.3, 1e-4, center=0.1),
    resolution.exponentially_modified_gaussian(1e-3, 3.0),
]


def density(kernel, v, **changed):
    """The value at a distance v from the center, some parameters changed."""
    parameters = {**kernel.parameters, **changed}
    parameters.pop("center")
    numbers = {name: mp.mpf(value) for name, value in parameters.items()}
    return FORMULAS[type(kernel).__name__](mp.mpf(v), **numbers)


def derivative(kernel, name, v):
    """The derivative of the density at a distance v from the center, by a difference in 80 digits."""
    with mp.workdps(2 * DIGITS):
        step = mp.mpf(10) ** -DIGITS
        if name == "center":
            low, high = (density(kernel, mp.mpf(v) + s * step) for s in (1, -1))
            return (high - low) / (2 * step)
        value = mp.mpf(kernel.parameters[name])
        step *= value
        low, high = (density(kernel, v, **{name: value + s * step}) for s in (-1, 1))
        return (high - low) / (2 * step)


def hat_integrals(kernel, low, high):
    """The integrals over [low, high] of the density times a falling and a rising line.

    By 24 nodes on panels that double in width from a quarter of the scale on.
    """
    scale = mp.mpf(kernel.scale)
    steps = [scale * 2**i for i in range(-2, 60)]
    cuts = [mp.mpf(0), *steps, *(-s for s in steps), low, high]
    edges = sorted({c for c in cuts if low <= c <= high})
    falling = rising = mp.mpf(0)
    for start, stop in pairwise(edges):
        for node, weight in zip(*gauss(24), strict=True):
            v = (start + stop) / 2 + (stop - start) / 2 * node
            value = (stop - start) / 2 * weight * density(kernel, v)
            falling += value * (high - v) / (high - low)
            rising += value * (v - low) / (high - low)
    return falling, rising


def convolution(kernel, x, y, t, edge=False):
    """The convolution at t of the kernel with the function that joins samples by straight lines."""
    with mp.workdps(DIGITS):
        x, y = ([mp.mpf(float(v)) for v in values] for values in (x, y))
        t = mp.mpf(float(t)) - mp.mpf(kernel.center)
        total = mp.mpf(0)
        for (a, b), (ya, yb) in zip(pairwise(x), pairwise(y), strict=True):
            at_b, at_a = hat_integrals(kernel, t - b, t - a)
            total += ya * at_a + yb * at_b
        if edge:
            total += y[0] * area_above(kernel, t - x[0])
            total += y[-1] * (1 - area_above(kernel, t - x[-1]))
        return total


def area_above(kernel, v):
    """The integral of the density from v on."""
    name, v = type(kernel).__name__, mp.mpf(v)
    numbers = {name: mp.mpf(value) for name, value in kernel.parameters.items()}
    if name == "Gaussian":
        return mp.erfc(v / numbers["sigma"] / mp.sqrt(2)) / 2
    if name == "Lorentz":
        return mp.atan2(numbers["gamma"], v) / mp.pi
    if name == "Exponential":
        return mp.exp(-max(v, 0) / numbers["tau"])
    if name == "ExponentiallyModifiedGaussian":
        gauss = mp.erfc(v / numbers["sigma"] / mp.sqrt(2)) / 2
        return gauss + numbers["tau"] * density(kernel, v)
    return _area_of_voigt_above(kernel, v, mp.mpf(kernel.scale))


def _area_of_voigt_above(kernel, v, scale):
    """By quadrature up to a million scales, and from there on as gamma / (pi v^2)."""
    if v < 0:
        return 1 - _area_of_voigt_above(kernel, -v, scale)
    with mp.workdps(22):
        edges = [v, *(e for e in (scale * 4**i for i in range(-1, 11)) if e > v)]
        tail = mp.mpf(kernel.gamma) / mp.pi / edges[-1]
        return mp.quad(lambda u: density(kernel, u), edges) + tail
