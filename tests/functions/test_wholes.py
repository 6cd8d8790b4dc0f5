"""Complex functions, deltas and periods: closed forms, laws, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import iv

import faltung as ft
from faltung import Function, convolve
from faltung.errors import DataError, OptionError, ResolutionError
from faltung.functions import box, correlate, delta, hat, heaviside
from faltung.functions.whole.deltas import Delta
from faltung.functions.whole.whole import Whole

INF = np.inf
TURN = 2 * np.pi


def assert_equal(f, g, low=-5.0, high=7.0):
    """Two functions agree within what both say of themselves."""
    t = np.linspace(low, high, 181)
    breaks = np.concatenate([f.breaks, g.breaks])
    t = t[np.abs(t[:, None] - breaks).min(axis=1, initial=1.0) > 1e-9]
    far = np.abs(f(t) - g(t))
    assert (far <= f.error_bound + g.error_bound).all(), far.max()
    for one, other in zip(f.deltas, g.deltas, strict=True):
        assert (one.exact, one.order) == (other.exact, other.order)
        assert abs(one.weight - other.weight) <= one.bound + other.bound


# --- complex ----------------------------------------------------------------------------------


def wave(low, high, k=1.0):
    return Function(lambda t: np.exp(1j * k * t), (low, high))


@pytest.mark.parametrize("k", [1.0, 7.5, 60.0])
def test_complex_exponentials(k):
    h = convolve(wave(-1, 1, k), wave(-2, 2, k))
    t = np.linspace(-3, 3, 61)[1:-1]
    true = np.minimum(2, 3 - np.abs(t)) * np.exp(1j * k * t)
    assert np.abs(h(t) - true).max() <= h.error_bound
    assert h.error_bound < 1e-9
    assert h.real(0.3) == h(0.3).real
    assert h.imag(0.3) == h(0.3).imag
    assert isinstance(h(0.3), complex)


def test_complex_arithmetic():
    f = wave(0, 2)
    assert abs((f * f.conj())(1.25) - 1) < 1e-14
    assert abs(((2 + 1j) * f)(1.0) - (2 + 1j) * np.exp(1j)) < 1e-14
    assert abs((f / (3 - 4j))(1.0) - np.exp(1j) / (3 - 4j)) < 1e-14
    assert abs((f + 1j)(1.0) - np.exp(1j) - 1j) < 1e-14
    assert abs((f - 2)(1.0) - np.exp(1j) + 2) < 1e-14
    assert abs(f.integral() - (np.exp(2j) - 1) / 1j) < 1e-14
    assert abs(f.cumulative()(1.0) - (np.exp(1j) - 1) / 1j) < 1e-14
    assert abs(f.reflect()(-0.7) - np.exp(0.7j)) < 1e-14
    assert abs(f.scale(2).shift(1)(2.0) - np.exp(0.5j)) < 1e-14
    assert f.relative_error_bound() < 1e-10
    assert "complex" in repr(f).lower()


def test_a_scalar_callable_may_be_complex():
    f = Function(lambda t: complex(t, float(t) ** 2), (0, 1))
    assert abs(f(0.5) - (0.5 + 0.25j)) < 1e-14


def test_a_complex_function_on_the_line():
    f = Function(lambda t: np.exp(-t * t + 2j * t), (-INF, INF))
    h = convolve(f, f)
    t = np.array([-6.0, 0.0, 0.4, 6.0])
    true = np.sqrt(np.pi / 2) * np.exp(-t * t / 2 + 2j * t)
    assert np.abs(h(t) / true - 1).max() < 1e-12


def test_coefficients_of_a_complex_function_are_those_of_its_parts():
    with pytest.raises(OptionError, match=r"f\.real and f\.imag"):
        _ = wave(0, 1).coefficients
    assert wave(0, 1).degree > 3


# --- deltas -----------------------------------------------------------------------------------


def test_a_delta_moves_a_function():
    f = Function(np.exp, (0, 1))
    assert_equal(convolve(f, delta(Fraction(1, 3), -2)), f.shift(Fraction(1, 3)) * -2)
    assert_equal(convolve(delta(0), f), f)
    line = Function(lambda t: 1 / (1 + t * t), (-INF, INF))
    h = convolve(line, delta(2))
    assert abs(h(1e6) * (1 + (1e6 - 2) ** 2) - 1) < 1e-12


def test_combs_convolve_exactly():
    a, b = delta(Fraction(1, 3)) + delta(1, 0.5), delta(Fraction(2, 3), 4) - delta(5)
    rows = [(row.exact, row.weight) for row in convolve(a, b).deltas]
    assert rows == [(1, 4.0), (Fraction(5, 3), 2.0), (Fraction(16, 3), -1.0), (6, -0.5)]
    assert (a - a).deltas == ()


def test_a_delta_counts_in_integrals():
    f = box(0, 2) + delta(1, 3)
    assert f.integral() == 5
    assert f.integral(0, 0.5) == 0.5
    assert f.integral(2, 1) == -4
    assert list(f.cumulative()([0.5, 1.5])) == [0.5, 4.5]
    assert f.normalize().integral() == 1
    assert f(1.0) == INF
    assert f(0.5) == 1


def test_times_a_delta():
    f = Function(lambda t: t * t, (0, 4))
    (row,) = (f * delta(3, 2)).deltas
    assert abs(row.weight - 18) <= row.bound < 1e-12
    for wrong in (lambda: box(0, 1) * delta(0), lambda: delta(0) * delta(1)):
        with pytest.raises(OptionError, match="not defined"):
            wrong()


def test_a_part_of_deltas():
    f = delta(0) + delta(1) + delta(2)
    assert [row.place for row in f.restrict(0.5, 2).deltas] == [1, 2]
    with pytest.raises(OptionError, match="its domain is"):
        f.restrict(3, 4)


def test_steps():
    ramp = convolve(heaviside(), heaviside(1))
    assert abs(ramp(4.5) - 3.5) < 1e-14
    assert ramp(0.5) == 0


@pytest.mark.parametrize("wrong", [np.nan, INF, complex(0, np.nan)])
def test_wrong_weights(wrong):
    with pytest.raises(OptionError, match="finite"):
        delta(0, wrong)


# --- periods ----------------------------------------------------------------------------------


def periodic(call, low=0.0, high=TURN):
    return Function(call, (low, high), periodic=True)


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


# --- parts, powers, correlation ---------------------------------------------------------------


def test_modes():
    f, g = box(0, 10), box(-1, 1)
    assert convolve(f, g, mode="full").domain == (-1, 11)
    assert convolve(f, g, mode="same").domain == (0, 10)
    assert convolve(f, g, mode="valid").domain == (1, 9)
    assert convolve(g, f, mode="valid").domain == (1, 9)
    assert convolve(f, g, mode="same")(0.0) == convolve(f, g)(0.0)
    with pytest.raises(OptionError, match="no shift is valid"):
        convolve(f, box(0, 10), mode="valid")


def test_correlation():
    f, g = wave(0, 3, 2.0), Function(lambda t: t + 1j, (1, 2))
    h: Function = correlate(f, g)
    assert list(h.domain) == [-2, 2]
    quadrature = np.polynomial.legendre.leggauss(60)
    for t in (-0.5, 0.25, 1.0):
        low, high = max(1, -t), min(2, 3 - t)
        s = (low + high) / 2 + (high - low) / 2 * quadrature[0]
        true = (high - low) / 2 * (quadrature[1] @ (np.exp(2j * (s + t)) * np.conj(s + 1j)))
        assert abs(h(t) - true) < 1e-13
    assert abs(ft.correlate(f, f)(0.0) - 3) < 1e-13


def test_powers():
    spline = box(-0.5, 0.5).convolve_power(8)
    assert abs(spline(0.0) - 0.479365079365079365) < 1e-14
    assert abs(spline(-3.25) - 2.64848981584821428e-5) < 1e-14
    assert box(0, 1).convolve_power(0).deltas == delta(0).deltas
    assert_equal(convolve(box(0, 1).convolve_power(0), box(0, 1)), box(0, 1))
    wrongs: list[Any] = [-1, 0.5, "2"]
    for wrong in wrongs:
        with pytest.raises(OptionError, match="n="):
            box(0, 1).convolve_power(wrong)


@pytest.mark.parametrize("kind", ["normal", "exponential", "lorentz", "box", "complex", "period"])
def test_many_echoes(kind):
    f = {
        "normal": lambda: Function(lambda t: np.exp(-t * t), (-INF, INF)),
        "exponential": lambda: Function(lambda t: np.exp(-t), (0, INF)),
        "lorentz": lambda: Function(lambda t: 1 / (1 + t * t), (-INF, INF)),
        "box": lambda: box(0, 1),
        "complex": lambda: Function(lambda t: np.exp(1j * t - t * t), (-INF, INF)),
        "period": lambda: periodic(np.cos),
    }[kind]()
    rng = np.random.default_rng(3)
    places, weights = rng.uniform(0, 30, 12), rng.uniform(-1, 1, 12) + 0.5j * (kind == "normal")
    comb = delta(places[0], weights[0])
    for place, weight in zip(places[1:], weights[1:], strict=True):
        comb += delta(place, weight)
    h, t = convolve(f, comb), np.linspace(-5, 40, 91)
    true = sum(weight * f(t - place) for place, weight in zip(places, weights, strict=True))
    assert (np.abs(h(t) - true) <= h._whole.error_bounds(t) + 1e-14).all()
    assert h.error_bound < 1e-10


def test_too_many_pairs_of_deltas_are_refused():
    comb = Function._from(Whole(None, deltas=tuple(Delta(Fraction(n)) for n in range(1001))))
    with pytest.raises(ResolutionError, match="convolve their weights as arrays"):
        convolve(comb, comb)


# --- derivatives of deltas --------------------------------------------------------------------


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_derivative_of_a_delta_differentiates(order):
    f = Function(lambda t: np.exp(-t * t), (-INF, INF))
    h, t = convolve(f, delta(0.5, 2, order=order)), np.array([-4.0, -0.2, 0.5, 1.7, 8.0])
    u = t - 0.5
    hermite = np.polynomial.hermite.hermval(u, [0] * order + [1])
    true = 2 * (-1) ** order * hermite * np.exp(-u * u)
    assert (np.abs(h(t) - true) <= h._whole.error_bounds(t)).all()
    assert np.abs(h(t) - true).max() < 1e-10 * 100**order


def test_the_derivative_of_a_jump_is_a_delta():
    h = convolve(box(0, 2), delta(order=1))
    assert [(row.place, row.weight, row.order) for row in h.deltas] == [(0, 1, 0), (2, -1, 0)]
    twice = convolve(box(0, 2), delta(order=2))
    assert [(row.place, row.weight, row.order) for row in twice.deltas] == [(0, 1, 1), (2, -1, 1)]
    assert_equal(convolve(h, heaviside()), box(0, 2))


def test_derivatives_of_deltas_add_their_orders():
    (row,) = convolve(delta(1, 2, order=2), delta(Fraction(1, 3), 5, order=1)).deltas
    assert (row.exact, row.weight, row.order) == (Fraction(4, 3), 10, 3)
    (row,) = delta(1, order=1).scale(-2).deltas
    assert row.exact == -2
    assert row.weight == -4


def test_leibniz():
    f = Function(np.exp, (-1, 2))
    rows = (f * delta(0.5, order=2)).deltas
    true = [np.exp(0.5) * weight for weight in (1, -2, 1)]
    assert [row.order for row in rows] == [0, 1, 2]
    for row, weight in zip(rows, true, strict=True):
        assert abs(row.weight - weight) <= row.bound < 1e-6


def test_a_periodic_function_under_the_derivative_of_a_delta():
    h, t = convolve(periodic(np.sin), delta(order=1)), np.linspace(-9, 9, 41)
    assert np.abs(h(t) - np.cos(t)).max() <= h.error_bound < 1e-9
    assert h.deltas == ()
    square = convolve(Function(np.sign, (-1, 1), periodic=True), delta(order=1))
    assert [(row.place, round(row.weight.real, 12)) for row in square.deltas] == [(-1, -2), (0, 2)]


def test_the_derivative_of_the_convolution():
    f, g = Function(lambda t: t * t, (0, 2)), hat(-1, 0, 1)
    assert_equal(convolve(f, g).diff(), convolve(f.diff(), g))
    assert_equal(convolve(f, g).diff(), convolve(f, g.diff()))


@pytest.mark.parametrize("wrong", [-1, 65, 1.0, "1", True])
def test_wrong_orders(wrong):
    with pytest.raises(OptionError, match="whole number from 0 to 64"):
        delta(0, order=wrong)


def test_a_delta_of_a_rounded_break_knows_its_place_within_that():
    place = Fraction(10**10) + Fraction(1, 3)
    slope = box(0, 1).shift(place).diff()
    assert 0 < slope.deltas[0].reach < 1e-5
    assert slope.break_bound >= slope.deltas[0].reach
    normal = Function(lambda t: np.exp(-t * t / 2) / np.sqrt(TURN), (-INF, INF))
    h = convolve(slope, normal)
    for t in (10.0**10, 10.0**10 + 1, 10.0**10 + 2):
        exact = float(Fraction(t) - place)
        true = (np.exp(-(exact**2) / 2) - np.exp(-((exact - 1) ** 2) / 2)) / np.sqrt(TURN)
        assert abs(h(t) - true) <= h._whole.error_bounds(np.array([t]))[0] < 1e-4
    assert convolve(delta(1), delta(2)).deltas[0].reach == 0
    assert box(0, 1).diff().deltas[0].reach == 0
