"""Functions with a period: closed forms, arithmetic, poles and deltas that are repeated."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import iv

import faltung as ft
from faltung import Function, convolve
from faltung.errors import DataError, OptionError, ResolutionError
from faltung.functions import box, delta, hat, heaviside
from tests.functions.agreement import INF, TURN, assert_equal, periodic


def test_bessel():
    h = convolve(periodic(lambda t: np.exp(np.cos(t))), periodic(lambda t: np.exp(3 * np.cos(t))))
    t = np.linspace(-40, 40, 331)
    assert np.abs(h(t) - TURN * iv(0, np.sqrt(10 + 6 * np.cos(t)))).max() <= h.error_bound < 1e-9
    assert abs(h(1.0) - 52.1305590884597399) < 1e-12
    assert h.period == TURN


def test_dirichlet():
    def kernel(m, low):
        return periodic(
            lambda t: 1 + 2 * sum(np.cos(k * t) for k in range(1, m + 1)), low, low + TURN
        )

    h = convolve(kernel(3, -np.pi), kernel(5, 1.0))
    assert abs(h(1.0) + 4.59724366924897207) < 1e-12


def test_orthogonal_waves():
    f, g = periodic(lambda t: np.cos(2 * t)), periodic(lambda t: np.cos(3 * t))
    assert abs(convolve(f, g)(0.7)) < 1e-13
    assert abs(convolve(f, f)(0.7) - np.pi * np.cos(1.4)) < 1e-13


def test_theta():
    sigma = 0.3
    normal = Function(
        lambda t: np.exp(-(t * t) / (2 * sigma**2)) / (sigma * np.sqrt(TURN)), (-INF, INF)
    )
    theta = normal.periodize(1)
    true = [1.34008946190744298, 0.894086756480682440, 0.894086756480682440]
    assert np.abs(theta([0.0, 0.3, -6.7]) - true).max() < 1e-14


def test_wrapped_normals():
    def wrapped(sigma):
        return Function(
            lambda t: np.exp(-(t * t) / (2 * sigma**2)) / (sigma * np.sqrt(TURN)), (-INF, INF)
        ).periodize(TURN)

    h = convolve(wrapped(0.6), wrapped(0.8))
    assert abs(h(1.0) - 0.241971071166256007) < 1e-14
    assert abs(h.integral() - 1) < 1e-13


def test_a_periodic_function_under_a_kernel():
    h = convolve(periodic(np.cos), Function(lambda t: np.exp(-np.abs(t)), (-INF, INF)))
    t = np.linspace(-20, 20, 101)
    assert np.abs(h(t) - np.cos(t)).max() < 1e-13
    smoothed = convolve(periodic(np.sign, -1, 1), box(-0.25, 0.25, 2))
    assert np.abs(smoothed([0, 0.125, 0.5, 7.0, 8.125]) - [0, 0.5, 1, 0, 0.5]).max() < 1e-14


def test_a_pole_that_is_repeated():
    f = Function(lambda t: np.abs(t) ** -0.5, (-1, 1)).periodize(2)
    for t in (1e-200, 1e-8, 0.5, 2.5):
        folded = abs(t - 2 * round(t / 2))
        assert abs(f(t) * folded**0.5 - 1) < 1e-12


def test_a_comb():
    comb = delta(0).periodize(1)
    assert [row.place for row in comb.restrict(0, 3).deltas] == [0, 1, 2, 3]
    assert_equal(convolve(comb, hat(-1, 0, 1)), convolve(hat(-1, 0, 1), comb))
    assert abs(convolve(comb, hat(-1, 0, 1))(0.4) - 1) < 1e-14
    rows = (comb * hat(-2, 0, 2)).deltas
    assert [round(row.weight.real, 12) for row in rows if row.weight] == [0.5, 1.0, 0.5]
    assert comb.integral(-0.5, 3.5) == 4


def test_periods_in_arithmetic():
    f, g = periodic(np.cos), periodic(np.sin, -np.pi, np.pi)
    t = np.linspace(-9, 9, 91)
    assert np.abs((f + g)(t) - np.cos(t) - np.sin(t)).max() < 1e-13
    assert np.abs((f * g)(t) - np.cos(t) * np.sin(t)).max() < 1e-13
    assert np.abs((2 * f - 1)(t) - 2 * np.cos(t) + 1).max() < 1e-13
    assert np.abs(f.shift(1).scale(-2)(t) - np.cos(-t / 2 - 1)).max() < 1e-13
    assert np.abs(f.reflect()(t) - np.cos(t)).max() < 1e-13
    cut = f * box(-10, 10)
    assert cut.period is None
    assert abs(cut(9.0) - np.cos(9.0)) < 1e-13
    assert abs(f.integral(1, 60) - (np.sin(60) - np.sin(1))) < 1e-12


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda f: f + box(0, 1), OptionError, "no period, nor an end"),
        (lambda f: convolve(f, f.scale(2)), OptionError, "equal periods"),
        (lambda f: f.integral(0, INF), DataError, "diverges"),
        (lambda f: f.periodize(1), OptionError, "a period already"),
        (lambda _: box(0, 1).periodize(-1), OptionError, "must be positive"),
        (lambda _: box(0, 1).periodize(1e-5), ResolutionError, "100000 periods"),
        (
            lambda _: Function(lambda t: 1 / (1 + t * t), (-INF, INF)).periodize(1),
            ResolutionError,
            "falls like a power",
        ),
        (lambda f: f * heaviside(), OptionError, "give finite ends"),
        (lambda _: periodic(np.cos, 0, INF), OptionError, "not bounded"),
        (lambda f: ft.distributions.Density(f), OptionError, "has a period"),
    ],
)
def test_what_has_no_meaning(wrong, error, words):
    with pytest.raises(error, match=words):
        wrong(periodic(np.cos))


@given(st.fractions(0.1, 9), st.fractions(-50, 50), st.floats(-1e6, 1e6))
def test_points_are_folded(period, start, point):
    f = Function(lambda t: t, (start, start + period), periodic=True)
    exact = start + (Fraction(point) - start) % period
    near_the_end = min(exact - start, start + period - exact) < 1e-9
    assert near_the_end or abs(f(point) - exact) <= f.error_bound + f._whole.error_bounds(
        np.array([point])
    )
