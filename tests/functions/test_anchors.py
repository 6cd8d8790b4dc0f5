"""Published closed forms on the line and the half-line, with their tails to ten digits and more."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf

import faltung as ft
from faltung.errors import ResolutionError
from faltung.functions import Function, box, hat

INF = math.inf


def normal(deviation):
    scale = 1 / (deviation * math.sqrt(2 * math.pi))
    return Function(lambda t: scale * np.exp(-((t / deviation) ** 2) / 2), (-INF, INF))


def gamma(shape, rate):
    scale = rate**shape / math.gamma(shape)
    return Function(lambda t: scale * t ** (shape - 1) * np.exp(-rate * t), (0, INF))


def decay(rate):
    return Function(lambda t: rate * np.exp(-rate * t), (0, INF))


def lorentz():
    return Function(lambda t: 1 / (np.pi * (1 + t * t)), (-INF, INF))


def smoothed_hat(t):
    def q(x):
        return x * mp.ncdf(x) + mp.npdf(x)

    # Far to the right the three cancel: there the curve is that of -t.
    t = -abs(t)
    return q(t + 1) - 2 * q(t) + q(t - 1)


def smoothed_laplace(t, rate=2):
    sides = (mp.exp(s * rate * t) * mp.erfc((rate + s * t) / mp.sqrt(2)) for s in (1, -1))
    return rate / mpf(4) * mp.exp(rate**2 / mpf(2)) * sum(sides)


def voigt(t):
    z = mp.mpc(t, 1) / mp.sqrt(2)
    return (mp.exp(-(z**2)) * mp.erfc(-1j * z)).real / mp.sqrt(2 * mp.pi)


def hypoexponential(t, rates=(1, 2, 5)):
    return mp.fsum(
        rate
        * mp.exp(-rate * t)
        * mp.fprod(other / mpf(other - rate) for other in rates if other != rate)
        for rate in rates
    )


# The functions, the closed form, its published values, and how far the tails are followed.
FORMS: dict[str, Any] = {
    "normal and hat": (
        lambda: (normal(1), hat(-1, 0, 1)),
        smoothed_hat,
        {0: 0.368746380372507241},
        [-30, -10, 3, 20, 35],
    ),
    "normal and step": (
        lambda: (normal(0.5), Function(1, (0, INF))),
        lambda t: mp.ncdf(2 * t),
        {},
        [-15, -5, -1, 0, 3, 100],
    ),
    "normal and Laplace": (
        lambda: (normal(1), Function(lambda t: np.exp(-2 * abs(t)), (-INF, INF))),
        smoothed_laplace,
        {3: 0.0162642628426165382},
        [-200, -20, 0, 1, 50, 300],
    ),
    "Voigt": (
        lambda: (normal(1), lorentz()),
        voigt,
        {0: 0.208709280520367689, 3: 0.0433858223236796634, 10: 0.00324873485976909523},
        [-7, 30, 1e3],
    ),
    "hypoexponential": (
        lambda: (ft.convolve(decay(1), decay(2)), decay(5)),
        hypoexponential,
        {0.5: 0.358466010896691483, 2: 0.277323911737219866},
        [1e-9, 1e-3, 20, 100, 600],
    ),
    "gammas": (
        lambda: (gamma(2, 1), gamma(3, 2)),
        lambda t: mpf(8) / 24 * t**4 * mp.exp(-t) * mp.hyp1f1(3, 5, -t),
        {4: 0.197515430551055242},
        [1e-30, 1e-3, 0.5, 30, 200, 600],
    ),
    "two-sided decay": (
        lambda: (decay(1), decay(3).reflect()),
        lambda t: mpf(3) / 4 * mp.exp(3 * t if t < 0 else -t),
        {},
        [-200, -3, 0, 0.1, 4, 600],
    ),
    "odd normal": (
        lambda: (
            Function(lambda t: t * np.exp(-t * t), (-INF, INF)),
            Function(lambda t: np.exp(-t * t), (-INF, INF)),
        ),
        lambda t: mp.sqrt(mp.pi / 2) * t / 2 * mp.exp(-t * t / 2),
        {1: 0.380086725266570201},
        [-30, -1e-3, 10, 35],
    ),
    "squared Lorentz": (
        lambda: 2 * (Function(lambda t: (1 + t * t) ** -2.0, (-INF, INF)),),
        lambda t: mp.pi * (20 + t * t) / (4 + t * t) ** 3,
        {0: 0.981747704246810387},
        [-1e9, 1, 1e3, 1e60],
    ),
    "Lorentz curves": (
        lambda: (lorentz(), lorentz().scale(1e-3) * 1e3),
        lambda t: mpf(1001) / 1000 / (mp.pi * ((mpf(1001) / 1000) ** 2 + t * t)),
        {},
        [-1e9, 0, 1, 1e3, 1e60],
    ),
    "narrow normal and Lorentz": (
        lambda: (Function(lambda t: 1 / (1 + t * t), (-INF, INF)), normal(1e-3)),
        lambda t: mp.quad(
            lambda s: mp.npdf(s) / (1 + (t - s / 1000) ** 2), [-12, -6, -3, 0, 3, 6, 12]
        ),
        {},
        [-5, 0, 1, 2, 1e3],
    ),
    "secants": (
        lambda: 2 * (Function(lambda t: 1 / np.cosh(t), (-INF, INF)),),
        lambda t: 2 * t / mp.sinh(t),
        {0.5: 1.91903475133494372, 3: 0.598929418012936397},
        [-600, 1e-6, 30],
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_closed_forms(name):
    operands, exact, published, places = FORMS[name]
    h = ft.convolve(*operands())
    for place, value in published.items():
        assert float(exact(mpf(place))) == pytest.approx(value, rel=1e-15)
    t = np.array([*published, *places], dtype=float)
    with mp.workdps(60):
        true = np.array([float(exact(mpf(place))) for place in t.tolist()])
    assert h(t) == pytest.approx(true, rel=1e-12)


def test_equal_gammas_of_one_rate_add_their_shapes():
    h = ft.convolve(gamma(1.5, 3), gamma(3.25, 3))
    t = np.array([1e-50, 1e-3, 0.7, 4.0, 50.0, 190.0])
    with mp.workdps(30):
        true = [
            float(mpf(3) ** 4.75 / mp.gamma(4.75) * mpf(x) ** 3.75 * mp.exp(-3 * mpf(x))) for x in t
        ]
    assert h(t) == pytest.approx(true, rel=1e-12)


@pytest.mark.parametrize(
    "swinging",
    [
        np.sinc,
        lambda t: np.sinc(t) ** 2,
        lambda t: (1 + 0.5 * np.sin(t)) / (1 + t * t),
    ],
    ids=["sinc", "sinc squared", "rippled Lorentz"],
)
def test_what_swings_to_infinity_says_so(swinging):
    with pytest.raises(ResolutionError, match="swings all the way to infinity"):
        Function(swinging, (-INF, INF))


def test_a_box_smoothed_again_and_again():
    h, g = box(-1, 1), normal(0.5)
    for _ in range(3):
        h = ft.convolve(h, g)
    t = np.array([0.0, 1.0, 5.0, 9.0])
    with mp.workdps(60):
        width = mp.sqrt(mpf(3) / 4)
        true = [float(mp.ncdf((1 - mpf(x)) / width) - mp.ncdf((-1 - mpf(x)) / width)) for x in t]
    assert h(t) == pytest.approx(true, rel=1e-10)
