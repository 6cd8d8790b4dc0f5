"""Complex functions and deltas: closed forms, laws, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import faltung as ft
from faltung import Function, convolve
from faltung.errors import OptionError, ResolutionError
from faltung.functions import box, correlate, delta, hat, heaviside
from faltung.functions.whole.deltas import Delta
from faltung.functions.whole.whole import Whole
from tests.functions.agreement import INF, TURN, assert_equal, periodic

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
