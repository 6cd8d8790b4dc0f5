"""Callables that round, cancel, swing or leave the doubles: right within their bounds, or refused."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from mpmath import mp, mpf
from scipy import special, stats

import faltung as ft
from faltung.errors import DataError, OptionError, ResolutionError
from faltung.functions import Function, contents

INF = math.inf


def made(function, interval, **options):
    with np.errstate(all="ignore"):
        return Function(function, interval, **options)


def tanh_window(t):
    return np.tanh(t + 1) - np.tanh(t - 1)


# The function, its interval, the exact one, places, and the relative accuracy there.
RIGHT = {
    "t^15 exp(-t)": (
        lambda t: t**15 * np.exp(-t),
        (0, INF),
        lambda t: t**15 * mp.exp(-t),
        [1e-15, 0.1, 15, 100, 300],
        1e-13,
    ),
    "gamma of a hundred": (
        stats.gamma(100).pdf,
        (0, INF),
        lambda t: mp.exp(99 * mp.log(t) - t - mp.loggamma(100)),
        [5, 10, 50, 100, 300],
        1e-11,
    ),
    "generalized extreme value": (
        stats.genextreme(0.25).pdf,
        (-INF, 4),
        lambda t: (1 - t / 4) ** 3 * mp.exp(-((1 - t / 4) ** 4)),
        [-5, -2, 0, 3, 3.75],
        1e-12,
    ),
    "F of many degrees": (
        stats.f(20, 30).pdf,
        (0, INF),
        lambda t: mpf(2) / 3 / mp.beta(10, 15) * (2 * t / 3) ** 9 * (1 + 2 * t / 3) ** -25,
        [1e-5, 0.1, 1, 5, 1e4],
        1e-11,
    ),
    "Hermite function": (
        lambda t: special.eval_hermite(20, t) * np.exp(-t * t / 2),
        (-INF, INF),
        lambda t: mp.hermite(20, t) * mp.exp(-t * t / 2),
        [0, 1, 5, 9, 20],
        1e-12,
    ),
    "almost a pole": (
        lambda t: (t + 1e-20) ** -0.5,
        (0, 1),
        lambda t: (t + mpf(1e-20)) ** -0.5,
        [0, 1e-40, 1e-25, 1e-22, 3e-20, 1e-18, 1e-10, 0.5],
        1e-11,
    ),
    "sum of powers": (
        lambda t: t**-0.5 + 1,
        (0, 1),
        lambda t: t**-0.5 + 1,
        [1e-250, 1e-50, 1e-9, 0.3],
        1e-11,
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_values_within_their_bounds(name):
    function, interval, exact, places, accuracy = RIGHT[name]
    f, t = made(function, interval), np.array(places, dtype=float)
    with mp.workdps(40):
        true = np.array([float(exact(mpf(place))) for place in t.tolist()])
    assert (np.abs(f(t) - true) <= contents.error_bounds(f._content, t)).all()
    assert f(t) == pytest.approx(true, rel=accuracy)


@pytest.mark.parametrize("shape", [0.4, 0.5, 0.6, 0.77])
def test_weibull_laws_are_found(shape):
    f = made(stats.weibull_min(shape).pdf, (0, INF))
    assert f.integral() == pytest.approx(1, rel=1e-12)
    t = np.array([1e-200, 1e-50, 1e-5, 0.1, 1.0, 40.0])
    with mp.workdps(30):
        true = [
            float(shape * mpf(x) ** (mpf(shape) - 1) * mp.exp(-(mpf(x) ** mpf(shape)))) for x in t
        ]
    assert f(t) == pytest.approx(true, rel=1e-11)


@pytest.mark.parametrize("exponent", [-0.95, -0.99, -0.3183, -1 / math.pi, 0.123456789, 1.63])
def test_any_exponent_at_zero_is_found(exponent):
    f = made(lambda t: t**exponent * np.exp(-t), (0, INF))
    t = np.array([1e-200, 1e-50, 1e-5, 0.1, 1.0, 40.0])
    with mp.workdps(30):
        true = [float(mpf(x) ** mpf(exponent) * mp.exp(-mpf(x))) for x in t]
    assert f(t) == pytest.approx(true, rel=2e-14)
    assert f.integral() == pytest.approx(math.gamma(exponent + 1), rel=1e-12)


@pytest.mark.parametrize("exponent", [-0.63, -1 / math.pi, 0.77])
def test_any_exponent_at_another_place_is_found(exponent):
    f = made(lambda t: (1 - t) ** exponent * (2 + t), (0, 1))
    area = 3 / (exponent + 1) - 1 / (exponent + 2)
    assert f.integral() == pytest.approx(area, rel=1e-12)
    t = 1 - 2.0 ** -np.arange(1, 40)
    assert f(t) == pytest.approx((1 - t) ** exponent * (2 + t), rel=1e-12, abs=1e-13)


def test_a_beta_law_of_unround_shapes():
    law = stats.beta(2.3098496451481823, 0.6268795430096368)
    assert made(law.pdf, (0, 1)).integral() == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("scale", [1, 20])
def test_what_dies_away_in_its_own_rounding(scale):
    f = made(lambda t: tanh_window(scale * t), (-INF, INF))
    assert f.error_bound < 1e-11
    assert f.integral() == pytest.approx(4 / scale, rel=1e-12)
    h = ft.convolve(f, f)
    assert h.error_bound < 1e-9
    assert h.integral() == pytest.approx(16 / scale**2, rel=1e-11)
    for place in (0.0, 0.3, 2.5):
        points = [-INF, -2, -1, 0, 1, 2, 3, INF]
        with mp.workdps(20):
            true = mp.quad(lambda s, place=place: tanh_exact(s) * tanh_exact(place - s), points)
        assert h(place / scale) == pytest.approx(float(true) / scale, rel=1e-12)


def tanh_exact(t):
    return mp.tanh(t + 1) - mp.tanh(t - 1)


def test_error_functions_that_cancel():
    f = made(lambda t: special.erf(t + 1) - special.erf(t - 1), (-INF, INF))
    assert f.error_bound < 1e-12
    assert f.integral() == pytest.approx(4, rel=1e-12)


REFUSED = {
    "tiny": (lambda t: 1e-300 * np.exp(-t * t), (-INF, INF), DataError, "lose their digits"),
    "stairs": (
        lambda t: np.floor(t) * np.exp(-t),
        (0, INF),
        ResolutionError,
        "at too many of them",
    ),
    "ripples": (
        lambda t: (1 + 1e-9 * np.sin(t)) / (1 + t * t),
        (-INF, INF),
        ResolutionError,
        "at too many of them",
    ),
    "periodic": (stats.vonmises(4).pdf, (-INF, INF), ResolutionError, "swings all the way"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_are_quick_and_say_why(name):
    function, interval, error, reason = REFUSED[name]
    start = time.process_time()
    with pytest.raises(error, match=reason):
        made(function, interval)
    assert time.process_time() - start < 4


def test_error_bounds_leave_poles_aside():
    f = made(lambda t: t**-0.5 + 1, (0, 1))
    assert f.error_estimate < f.error_bound < 1e-8
    t = 10.0 ** np.linspace(-5.9, -1e-9, 500)
    assert np.abs(f(t) - (t**-0.5 + 1)).max() < f.error_bound
    arcsine = made(lambda t: 1 / (np.pi * np.sqrt(1 - t * t)), (-1, 1))
    assert ft.convolve(arcsine, arcsine).error_bound < 1e-9


@pytest.mark.parametrize("interval", [(-INF, INF), (0, INF), (-INF, 2), (1, INF)])
def test_zero_on_the_line(interval):
    zero, g = Function(0, interval), made(lambda t: np.exp(-t * t), (-INF, INF))
    assert zero.domain == interval
    assert zero([-3.0, 0.0, 1e9]).tolist() == [0, 0, 0]
    assert zero.error_bound == zero.integral() == 0
    t = np.array([-5.0, 0.5, 20.0])
    assert (zero + g)(t) == pytest.approx(g(t), rel=1e-12)
    assert (zero * g)(t).tolist() == ft.convolve(zero, g)(t).tolist() == [0, 0, 0]


@pytest.mark.parametrize("factor", [1e308, 1e306, 1e-306, 1e-308])
def test_stretching_stays_within_the_doubles(factor):
    g = made(lambda t: np.exp(-t * t), (-INF, INF))
    with pytest.raises(OptionError, match="measure the variable in another unit"):
        g.scale(factor)
    assert g.scale(math.sqrt(factor)).integral() == pytest.approx(
        math.sqrt(factor) * math.sqrt(math.pi), rel=1e-12
    )


@pytest.mark.parametrize("shift", [1e16, -1e300])
def test_moving_leaves_doubles_between_the_ends_of_pieces(shift):
    for function in (lambda t: np.exp(-t * t), lambda t: 1 / (1 + t * t)):
        with pytest.raises(OptionError, match="narrower than the distance of two doubles"):
            made(function, (-INF, INF)).shift(shift)
    pole = made(lambda t: t**-0.5, (0, INF)).shift(1e10)
    assert pole(1e10) == INF
    assert pole(1e10 + 4) == pytest.approx(0.5, rel=1e-12)


def test_tails_that_are_turned_towards_each_other():
    f = made(lambda t: (1 + t) ** -1.5, (0, INF))
    h = ft.convolve(f, f.reflect())
    t = np.array([-1e10, -3.0, 0.0, 3.0, 1e4])
    # The integral of ((1 + s) (1 + s + x))^-1.5 over s > 0 is elementary.
    x = np.abs(t)
    with mp.workdps(40):
        true = [
            float(mp.quad(lambda s, x=x: ((1 + s) * (1 + s + x)) ** -1.5, [0, 1, 10, 1e5, mp.inf]))
            if x < 1e9
            else 2 * x**-1.5
            for x in x.tolist()
        ]
    assert h(t) == pytest.approx(true, rel=1e-4)
    assert h(t[1:4]) == pytest.approx(true[1:4], rel=1e-11)


def test_what_dies_away_towards_a_knot_keeps_its_digits():
    f = made(lambda t: t**-1.5 * np.exp(-0.5 / t), (0, INF))
    h = ft.convolve(f, f)
    assert h.relative_error_bound(0.004, 1e6) < 1e-9
    t = 10.0 ** np.arange(-2.3, 6, 0.1)
    with mp.workdps(30):
        true = [
            float(2 * mp.sqrt(2 * mp.pi) * mpf(x) ** -1.5 * mp.exp(-2 / mpf(x))) for x in t.tolist()
        ]
    assert h(t) == pytest.approx(true, rel=1e-12)


def test_damped_oscillations():
    f = made(lambda t: np.exp(-t) * np.cos(3 * t), (0, INF))
    h = ft.convolve(f, f)
    t = np.array([1e-9, 0.1, 1.0, 3.3, 10.0, 30.0, 300.0])
    true = np.exp(-t) * (t * np.cos(3 * t) + np.sin(3 * t) / 3) / 2
    assert (np.abs(h(t) - true) <= contents.error_bounds(h._content, t)).all()
    assert h(t) == pytest.approx(true, rel=1e-11)
