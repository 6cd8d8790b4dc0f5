"""Sixty more convolutions whose answer is a formula, each within 1e-13 of its size and its bound.

The formulas are evaluated with 40 digits, so that what cancels in them does not count.
"""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
import pytest
from scipy import special

from faltung.functions import Function, box, convolve, delta, hat, heaviside

INF = np.inf
TURN = 2 * np.pi


def line(call, **options):
    return Function(call, (-INF, INF), **options)


def half(call, **options):
    return Function(call, (0, INF), **options)


def upto(call, end=2.0, **options):
    return Function(call, (0, end), **options)


def periodic(call, period=TURN):
    return Function(call, (0, period), periodic=True)


def normal(mean, sigma):
    return lambda t: mp.npdf(t, mean, sigma)


def density(mean, sigma):
    return line(lambda t: np.exp(-(((t - mean) / sigma) ** 2) / 2) / (sigma * np.sqrt(TURN)))


def gamma(a, rate=1.0):
    return half(lambda t: t ** (a - 1) * np.exp(-rate * t) * rate**a / special.gamma(a))


def cauchy(g):
    return line(lambda t: g / (np.pi * (g * g + t * t)))


def levy(c):
    return half(lambda t: np.sqrt(c / TURN) * t**-1.5 * np.exp(-c / (2 * t)))


def inverse_gauss(mu, lam):
    return half(
        lambda t: np.sqrt(lam / TURN) * t**-1.5 * np.exp(-lam * (t - mu) ** 2 / (2 * mu * mu * t))
    )


def poisson_kernel(r):
    return periodic(lambda t: (1 - r * r) / (1 - 2 * r * np.cos(t) + r * r))


def bernoulli(n):
    polynomial = np.polynomial.Polynomial([float(c) for c in _bernoulli_coefficients(n)])
    return Function(polynomial, (0, 1), periodic=True)


def _bernoulli_coefficients(n):
    return [mp.binomial(n, k) * mp.bernoulli(n - k) for k in range(n + 1)]


def euler(m, n):
    """The integral of B_m(s) B_n(t - s) over a period."""
    factor = -mp.factorial(m) * mp.factorial(n) / mp.factorial(m + n)
    return lambda t: factor * mp.bernpoly(m + n, t - mp.floor(t))


def wave(k):
    return Function(lambda t: np.exp(1j * k * t), (0, 1))


def waves(a, b):
    def both(t):
        low, high = max(mp.mpf(0), t - 1), min(mp.mpf(1), t)
        phase = mp.exp(1j * b * t)
        difference = a - b
        return (
            phase
            * (mp.exp(1j * difference * high) - mp.exp(1j * difference * low))
            / (1j * difference)
        )

    return both


def raised(t):
    rest = 2 - abs(t)
    return (rest * (1 + mp.cos(mp.pi * t) / 2) + 3 / (2 * mp.pi) * mp.sin(mp.pi * abs(t))) / 4


def logs(t):
    return t * (mp.log(t) ** 2 - 2 * mp.log(t) + 2 - mp.pi**2 / 6)


def pareto(t):
    return 2 * (t - 2) / (t * t * (t - 1)) + 4 * mp.log(t - 1) / t**3


FEW = [0.05, 0.7, 1.3, 1.9]
WIDE = [-30.0, -4.0, -0.5, 0.0, 0.3, 2.0, 9.0, 40.0]
RIGHT = [1e-9, 0.1, 1.0, 4.0, 30.0, 200.0]
HEAVY = [-1e9, -1e3, -2.0, 0.0, 0.5, 30.0, 1e6]

# name: f, g, f * g, and where.
TABLE: dict[str, tuple[Any, Any, Any, list[float]]] = {
    "normals": (lambda: density(1, 0.5), lambda: density(-2, 1.2), normal(-1, 1.3), WIDE[1:7]),
    "normal narrow": (lambda: density(0, 1e-3), lambda: density(0, 1), normal(0, mp.sqrt(1 + mp.mpf(10) ** -6)), WIDE[1:7]),
    "gammas": (lambda: gamma(2), lambda: gamma(3.5), lambda t: t**4.5 * mp.exp(-t) / mp.gamma(5.5), RIGHT),
    "gamma poles": (lambda: gamma(0.25), lambda: gamma(0.75), lambda t: mp.exp(-t), RIGHT),
    "gamma quarter": (lambda: gamma(0.3), lambda: gamma(0.3), lambda t: t**-0.4 * mp.exp(-t) / mp.gamma(0.6), RIGHT),
    "chi2": (lambda: gamma(0.5, 0.5), lambda: gamma(1.5, 0.5), lambda t: t * mp.exp(-t / 2) / 4, RIGHT),
    "erlang": (lambda: gamma(4, 2.0), lambda: gamma(1, 2.0), lambda t: 2**5 * t**4 * mp.exp(-2 * t) / 24, RIGHT),
    "cauchy": (lambda: cauchy(1), lambda: cauchy(2), lambda t: 3 / (mp.pi * (9 + t * t)), HEAVY),
    "cauchy far apart": (lambda: cauchy(1e-3), lambda: cauchy(1), lambda t: mp.mpf("1.001") / (mp.pi * (mp.mpf("1.001") ** 2 + t * t)), HEAVY),
    "odd cauchy": (lambda: cauchy(1), lambda: line(lambda t: t / (1 + t * t)), lambda t: t / (4 + t * t), HEAVY[1:]),
    "levy": (lambda: levy(1), lambda: levy(4), lambda t: mp.sqrt(9 / (2 * mp.pi)) * t**-1.5 * mp.exp(-9 / (2 * t)), [0.1, 1, 9, 1e4]),
    "inverse gauss": (
        lambda: inverse_gauss(1, 2),
        lambda: inverse_gauss(2, 8),
        lambda t: mp.sqrt(18 / (2 * mp.pi)) * t**-1.5 * mp.exp(-18 * (t - 3) ** 2 / (18 * t)),
        [0.1, 1.0, 3.0, 20.0],
    ),
    "pareto": (lambda: Function(lambda t: t**-2.0, (1, INF)), lambda: Function(lambda t: t**-2.0, (1, INF)), pareto, [2.1, 3, 50, 1e4]),
    "two sided": (
        lambda: half(lambda t: np.exp(-t)),
        lambda: Function(lambda t: np.exp(2 * t), (-INF, 0)),
        lambda t: (mp.exp(-t) if t > 0 else mp.exp(2 * t)) / 3,
        WIDE,
    ),
    "laplace and box": (
        lambda: line(lambda t: np.exp(-np.abs(t))),
        lambda: box(-1, 1),
        lambda t: 2 * mp.sinh(1) * mp.exp(-abs(t)) if abs(t) > 1 else 2 - 2 * mp.cosh(t) / mp.e,
        WIDE,
    ),
    "laplaces": (
        lambda: line(lambda t: np.exp(-np.abs(t))),
        lambda: line(lambda t: np.exp(-2 * np.abs(t))),
        lambda t: (4 * mp.exp(-abs(t)) - 2 * mp.exp(-2 * abs(t))) / 3,
        WIDE,
    ),
    "logistic cdf": (lambda: line(lambda t: 1 / (4 * np.cosh(t / 2) ** 2)), heaviside, lambda t: 1 / (1 + mp.exp(-t)), WIDE),
    "gumbel cdf": (lambda: line(lambda t: np.exp(-t - np.exp(-t))), heaviside, lambda t: mp.exp(-mp.exp(-t)), [-2, 0, 3, 20]),
    "sech squared": (
        lambda: line(lambda t: np.cosh(t) ** -2.0),
        lambda: line(lambda t: np.cosh(t) ** -2.0),
        lambda t: 4 * (t * mp.coth(t) - 1) / mp.sinh(t) ** 2,
        [-9, -1, 0.3, 2, 20],
    ),
    "second hermite": (
        lambda: line(lambda t: t * t * np.exp(-t * t)),
        lambda: line(lambda t: np.exp(-t * t)),
        lambda t: mp.sqrt(mp.pi / 2) * (1 + t * t) / 4 * mp.exp(-t * t / 2),
        WIDE[1:7],
    ),
    "odd and odd": (
        lambda: line(lambda t: t * np.exp(-t * t)),
        lambda: line(lambda t: t * np.exp(-t * t)),
        lambda t: mp.sqrt(mp.pi / 2) * (t * t - 1) / 4 * mp.exp(-t * t / 2),
        WIDE[1:7],
    ),
    "gauss and cosine": (
        lambda: line(lambda t: np.exp(-t * t)),
        lambda: periodic(np.cos),
        lambda t: mp.sqrt(mp.pi) * mp.exp(-0.25) * mp.cos(t),
        WIDE,
    ),
    "decay and cosine": (
        lambda: half(lambda t: np.exp(-t)),
        lambda: periodic(np.cos),
        lambda t: (mp.cos(t) + mp.sin(t)) / 2,
        WIDE,
    ),
    "hats": (lambda: hat(-1, 0, 1), lambda: hat(-1, 0, 1), lambda t: _cubic(abs(t)), [-1.7, -0.4, 0, 1, 1.9]),
    "raised cosines": (
        lambda: Function(lambda t: (1 + np.cos(np.pi * t)) / 2, (-1, 1)),
        lambda: Function(lambda t: (1 + np.cos(np.pi * t)) / 2, (-1, 1)),
        raised,
        [-1.9, -1, 0, 0.5, 1.5],
    ),
    "sine and sine": (lambda: upto(np.sin), lambda: upto(np.sin), lambda t: (mp.sin(t) - t * mp.cos(t)) / 2, FEW),
    "cosine and sine": (lambda: upto(np.cos), lambda: upto(np.sin), lambda t: t * mp.sin(t) / 2, FEW),
    "cosines": (lambda: upto(np.cos), lambda: upto(lambda t: np.cos(3 * t)), lambda t: (3 * mp.sin(3 * t) - mp.sin(t)) / 8, FEW),
    "exponentials": (lambda: upto(np.exp), lambda: upto(lambda t: np.exp(-3 * t)), lambda t: (mp.exp(t) - mp.exp(-3 * t)) / 4, FEW),
    "growing": (lambda: upto(np.exp), lambda: upto(np.exp), lambda t: t * mp.exp(t), FEW),
    "sinh and cosh": (lambda: upto(np.sinh), lambda: upto(np.cosh), lambda t: t * mp.sinh(t) / 2, FEW),
    "bessel": (lambda: upto(special.j0), lambda: upto(np.cos), lambda t: t * mp.besselj(0, t), FEW),
    "bessel and sine": (lambda: upto(special.j0), lambda: upto(np.sin), lambda t: t * mp.besselj(1, t), FEW),
    "two bessel": (lambda: upto(special.j0), lambda: upto(special.j1), lambda t: mp.besselj(0, t) - mp.cos(t), FEW),
    "modified bessel": (lambda: upto(special.i0), lambda: upto(special.i0), mp.sinh, FEW),
    "roots": (lambda: upto(np.sqrt), lambda: upto(np.sqrt), lambda t: mp.pi * t * t / 8, FEW),
    "abel and line": (lambda: upto(lambda t: t**-0.5), lambda: upto(lambda t: t), lambda t: mp.mpf(4) / 3 * t**1.5, FEW),
    "abel and exponential": (
        lambda: upto(lambda t: t**-0.5),
        lambda: upto(np.exp),
        lambda t: mp.sqrt(mp.pi) * mp.exp(t) * mp.erf(mp.sqrt(t)),
        FEW,
    ),
    "powers": (
        lambda: upto(lambda t: t**-0.75),
        lambda: upto(lambda t: t**0.4),
        lambda t: mp.beta(mp.mpf("0.25"), mp.mpf("1.4")) * t ** mp.mpf("0.65"),
        FEW,
    ),
    "log and one": (lambda: upto(np.log, 1.0), lambda: box(0, 1), lambda t: t * mp.log(t) - t, [1e-9, 0.05, 0.5, 0.9]),
    "logs": (lambda: upto(np.log, 1.0), lambda: upto(np.log, 1.0), logs, [1e-9, 0.05, 0.5, 0.9]),
    "log and abel": (
        lambda: upto(np.log, 1.0),
        lambda: upto(lambda t: t**-0.5, 1.0),
        lambda t: 2 * mp.sqrt(t) * (mp.log(4 * t) - 2),
        [1e-9, 0.05, 0.5, 0.9],
    ),
    "step and power": (heaviside, lambda: half(lambda t: t**1.5), lambda t: t**2.5 / 2.5, RIGHT),
    "ramps": (lambda: convolve(heaviside(), heaviside()), heaviside, lambda t: t * t / 2, RIGHT),
    "box and step": (lambda: box(-1, 1), heaviside, lambda t: min(max(t + 1, mp.mpf(0)), 2), WIDE),
    "box far wider": (lambda: box(-1, 1), lambda: box(-1e6, 1e6), lambda t: min(2, max(0, 1e6 + 1 - abs(t))), [-1e6, 0, 3, 1e6 + 0.5]),
    "difference": (lambda: delta(0) - delta(1), heaviside, lambda t: mp.mpf(0 <= t < 1), [-1, 0.5, 2]),
    "second difference": (
        lambda: delta(-1) - 2 * delta(0) + delta(1),
        lambda: line(lambda t: np.exp(-t * t)),
        lambda t: mp.exp(-((t + 1) ** 2)) - 2 * mp.exp(-t * t) + mp.exp(-((t - 1) ** 2)),
        [-3, 0, 0.7, 5],
    ),
    "poisson kernels": (
        lambda: poisson_kernel(0.5),
        lambda: poisson_kernel(0.8),
        lambda t: 2 * mp.pi * (1 - mp.mpf("0.16")) / (1 - mp.mpf("0.8") * mp.cos(t) + mp.mpf("0.16")),
        WIDE,
    ),
    "square waves": (
        lambda: Function(np.sign, (-1, 1), periodic=True),
        lambda: Function(np.sign, (-1, 1), periodic=True),
        lambda t: 4 * abs(t - 2 * mp.nint(t / 2)) - 2,
        WIDE,
    ),
    "sawtooth": (lambda: bernoulli(1), lambda: bernoulli(1), euler(1, 1), WIDE),
    "bernoulli 1 2": (lambda: bernoulli(1), lambda: bernoulli(2), euler(1, 2), WIDE),
    "bernoulli 3 4": (lambda: bernoulli(3), lambda: bernoulli(4), euler(3, 4), WIDE),
    "harmonics": (lambda: periodic(lambda t: np.cos(5 * t)), lambda: periodic(lambda t: np.sin(5 * t)), lambda t: mp.pi * mp.sin(5 * t), WIDE),
    "complex waves": (lambda: wave(3), lambda: wave(7), waves(3, 7), [0.2, 0.9, 1.5]),
    "complex decay": (
        lambda: half(lambda t: np.exp((-1 + 2j) * t)),
        lambda: half(lambda t: np.exp(-3 * t)),
        lambda t: (mp.exp((-1 + 2j) * t) - mp.exp(-3 * t)) / (2 + 2j),
        RIGHT[1:5],
    ),
    "chirps": (
        lambda: line(lambda t: np.exp(-(1 + 1j) * t * t)),
        lambda: line(lambda t: np.exp(-(1 + 1j) * t * t)),
        lambda t: mp.sqrt(mp.pi / (2 + 2j)) * mp.exp(-(1 + 1j) * t * t / 2),
        [-4, -0.5, 0, 1, 3],
    ),
    "complex step": (lambda: half(lambda t: np.exp((-1 + 1j) * t)), heaviside, lambda t: (1 - mp.exp((-1 + 1j) * t)) / (1 - 1j), RIGHT[:5]),
    "five boxes": (lambda: box(0, 1).convolve_power(3), lambda: box(0, 1).convolve_power(2), lambda t: _irwin_hall(5, t), [0.3, 1.7, 2.5, 4.9]),
    "five exponentials": (
        lambda: half(lambda t: np.exp(-t)).convolve_power(3),
        lambda: half(lambda t: np.exp(-t)).convolve_power(2),
        lambda t: t**4 * mp.exp(-t) / 24,
        RIGHT,
    ),
}  # fmt: skip


def _cubic(t):
    return mp.mpf(2) / 3 - t * t + t**3 / 2 if t < 1 else max(2 - t, 0) ** 3 / 6


def _irwin_hall(n, t):
    terms = ((-1) ** k * mp.binomial(n, k) * (t - k) ** (n - 1) for k in range(int(t) + 1))
    return mp.fsum(terms) / mp.factorial(n - 1)


def test_there_are_as_many_as_in_the_literature():
    assert len(TABLE) >= 60


@pytest.mark.parametrize("name", TABLE)
def test_reference(name):
    f, g, exact, places = TABLE[name]
    h = convolve(f(), g())
    t = np.array(places, dtype=float)
    with mp.workdps(40):
        true = np.array([complex(exact(mp.mpf(place))) for place in places])
    error = np.abs(h(t) - true)
    assert (error <= h._whole.error_bounds(t) + 1e-16 * np.abs(true)).all()
    assert error.max() <= 1e-13 * np.abs(true).max()


def test_estimates_are_near_the_errors():
    # Where the errors that can be seen at all are compared with what was expected.
    ratios = []
    for f, g, exact, places in TABLE.values():
        h = convolve(f(), g())
        with mp.workdps(40):
            true = np.array([complex(exact(mp.mpf(place))) for place in places])
        error = np.abs(h(np.array(places, dtype=float)) - true).max()
        if error > 0 and np.isfinite(h.error_estimate) and h.error_estimate > 0:
            ratios.append(h.error_estimate / error)
    assert len(ratios) > 30
    assert 1e-3 < np.median(ratios) < 1e3
