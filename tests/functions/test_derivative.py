"""Derivatives in the sense of distributions: against exact rationals, closed forms, and laws."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from faltung.errors import DataError, OptionError
from faltung.functions import Function, box, convolve, delta, gaussian, hat
from faltung.functions.analysis import real as analysis
from tests.functions import series
from tests.functions.strategies import TAME, VALUES, functions

INF = np.inf

CALM = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def within_bounds(function, points, truth, slack=1.0):
    """Whether all values are within their own bounds of `truth`."""
    points = np.asarray(points, dtype=float)
    values, errors = function(points), function._whole.error_bounds(points)
    wrong = [abs(Fraction(v) - t) for v, t in zip(values.tolist(), truth, strict=True)]
    return all(w <= slack * Fraction(e) for w, e in zip(wrong, errors.tolist(), strict=True))


# --- exact references -----------------------------------------------------------------------------


@CALM
@given(functions(values=VALUES, length=8), st.integers(1, 3))
def test_derivatives_of_polynomials_are_within_their_bounds(f, order):
    slope = f.diff(order)
    points = series.inner_points(f)
    truth = [series.derivatives(f, series.piece_at(f, x), x, order)[order] for x in points]
    assert within_bounds(slope, points, truth)


@CALM
@given(functions(values=VALUES, length=8))
def test_heights_of_jumps(f):
    found = {jump.place: jump for jump in analysis.derivative(f._content)[1]}
    deltas = {each.place: each for each in f.diff().deltas}
    for place, height in series.jumps(f):
        jump = found[place]
        assert abs(Fraction(jump.height) - height) <= Fraction(jump.bound)
        assert (place in deltas) == jump.is_certain
        if place in deltas:
            assert abs(Fraction(deltas[place].weight) - height) <= Fraction(deltas[place].bound)


@CALM
@given(functions(values=TAME), functions(values=TAME))
def test_the_product_rule_exactly(f, g):
    low, high = max(f.domain[0], g.domain[0]), min(f.domain[1], g.domain[1])
    assume(low < high)
    slope = (f * g).diff()
    for x in np.concatenate([series.inner_points(f), series.inner_points(g)]):
        at = series.piece_at(f, x), series.piece_at(g, x)
        if None in at:
            continue
        (a, da), (b, db) = (
            series.derivatives(each, i, x, 1) for each, i in zip((f, g), at, strict=True)
        )
        assert within_bounds(slope, [x], [da * b + a * db])


@CALM
@given(functions(values=TAME), functions(values=TAME))
def test_the_derivative_of_a_sum_exactly(f, g):
    slope = (f + g).diff()
    for x in np.concatenate([series.inner_points(f), series.inner_points(g)]):
        parts = [(each, series.piece_at(each, x)) for each in (f, g)]
        if any(i is None and x in each.breaks for each, i in parts):
            continue
        truth = sum(series.derivatives(each, i, x, 1)[1] for each, i in parts if i is not None)
        assert within_bounds(slope, [x], [Fraction(truth)])


# --- closed forms ---------------------------------------------------------------------------------

CASES: dict[str, tuple[Any, Any, tuple[float, float], dict[str, Any]]] = {
    "exp": (np.exp, mp.exp, (0, 1), {}),
    "exp wide": (lambda t: np.exp(-t), lambda t: mp.exp(-t), (-3, 20), {}),
    "sin": (np.sin, mp.sin, (0, 10), {}),
    "sin 50": (lambda t: np.sin(50 * t), lambda t: mp.sin(50 * t), (0, 4), {}),
    "runge": (lambda t: 1 / (1 + 25 * t * t), lambda t: 1 / (1 + 25 * t * t), (-1, 1), {}),
    "polynomial": (lambda t: t**5 - 3 * t, lambda t: t**5 - 3 * t, (-2, 2), {}),
    "tanh": (lambda t: np.tanh(40 * t), lambda t: mp.tanh(40 * t), (-1, 1), {}),
    "bump": (
        lambda t: np.exp(-((10 * t) ** 2)) * np.sin(40 * t),
        lambda t: mp.exp(-((10 * t) ** 2)) * mp.sin(40 * t),
        (-9, 9),
        {},
    ),
    "far": (lambda t: np.sin(t - 1e6), lambda t: mp.sin(t - mp.mpf(10) ** 6), (1e6, 1e6 + 3), {}),
    "narrow": (lambda t: np.cos(1e6 * t), lambda t: mp.cos(mp.mpf(10) ** 6 * t), (0, 1e-5), {}),
    "gauss": (lambda t: np.exp(-t * t), lambda t: mp.exp(-t * t), (-INF, INF), {}),
    "lorentz": (lambda t: 1 / (1 + t * t), lambda t: 1 / (1 + t * t), (-INF, INF), {}),
    "sech": (lambda t: 1 / np.cosh(t), lambda t: 1 / mp.cosh(t), (-INF, INF), {}),
    "decay": (lambda t: np.exp(-2 * t), lambda t: mp.exp(-2 * t), (0, INF), {}),
    "gamma": (lambda t: t**3 * np.exp(-t), lambda t: t**3 * mp.exp(-t), (0, INF), {}),
    "power": (lambda t: t**2.5, lambda t: mp.mpf(t) ** 2.5, (0, 2), {}),
    "decay of a power": (
        lambda t: (1 + t) ** -1.5,
        lambda t: (1 + t) ** mp.mpf(-1.5),
        (0, INF),
        {},
    ),
}


def places_in(interval):
    low, high = (max(interval[0], -12.0), min(interval[1], 12.0 + max(interval[0], 0.0)))
    if np.isfinite(interval[1]):
        high = interval[1]
    return low + (high - low) * np.array([0.003, 0.11, 0.237, 0.4999, 0.61, 0.8, 0.993])


@pytest.mark.parametrize("name", CASES)
def test_closed_forms(name):
    callable_, exact, interval, more = CASES[name]
    f = Function(callable_, interval, **more)
    points = places_in(interval)
    for order in (1, 2, 3):
        if name == "power" and order == 3:
            break
        slope = f.diff(order)
        with mp.workdps(60):
            truth = [mp.diff(exact, mp.mpf(float(x)), order) for x in points]
            values, errors = slope(points), slope._whole.error_bounds(points)
            for value, true, error in zip(values.tolist(), truth, errors.tolist(), strict=True):
                assert abs(value - true) <= error


def test_the_estimate_is_near_the_error():
    ratios = []
    for callable_, exact, interval, more in CASES.values():
        slope = Function(callable_, interval, **more).diff()
        points = places_in(interval)
        with mp.workdps(60):
            truth = np.array([float(mp.diff(exact, mp.mpf(float(x)))) for x in points])
        error = float(np.abs(slope(points) - truth).max())
        ratios.append(slope.error_estimate / max(error, 1e-300))
    assert 1 < np.median(ratios) < 1000


def test_the_slope_of_a_gaussian_keeps_its_accuracy_in_the_tails():
    slope = Function(lambda t: np.exp(-t * t), (-INF, INF)).diff()
    points = np.linspace(-24, 24, 301)
    points = points[points != 0]
    with mp.workdps(40):
        truth = [-2 * mp.mpf(x) * mp.exp(-(mp.mpf(x) ** 2)) for x in points.tolist()]
        wrong = [abs(v / t - 1) for v, t in zip(slope(points).tolist(), truth, strict=True)]
    assert max(wrong) < 1e-11
    assert slope.relative_error_bound(1, 24) < 1e-7
    assert not slope.deltas


def test_a_lorentzian_as_far_as_doubles_go():
    slope = Function(lambda t: 1 / (1 + t * t), (-INF, INF)).diff()
    points = np.geomspace(1e-3, 1e90, 60)
    truth = -2 / (points * (1 / points + points) ** 2)
    assert np.abs(slope(points) / truth - 1).max() < 1e-10
    assert abs(slope.integral()) < 1e-12


def test_a_root_gives_a_pole():
    f = Function(lambda t: np.abs(t) ** 0.5, (-1, 1))
    slope = f.diff()
    points = np.concatenate([-np.geomspace(1e-200, 0.9, 30), np.geomspace(1e-200, 0.9, 30)])
    truth = 0.5 * np.sign(points) * np.abs(points) ** -0.5
    assert np.abs(slope(points) / truth - 1).max() < 1e-13
    # It has an integral, and that is the function again.
    assert abs(slope.integral(0, 0.25) - 0.5) < 1e-10
    assert [each.place for each in slope.deltas] == [-1.0, 1.0]


@pytest.mark.parametrize(
    "f",
    [
        Function(lambda t: t**-0.5, (0, 1)),
        Function(lambda t: -np.log(t), (0, 1)),
        Function(lambda t: np.sign(t) * np.abs(t) ** -0.25, (-1, 1)),
    ],
    ids=["power", "logarithm", "a jump in a pole"],
)
def test_poles_have_no_derivative(f):
    with pytest.raises(DataError, match=r"beside x = -?0\.0.*no integral.*restrict"):
        f.diff()
    assert np.isfinite(f.restrict(0.25, 0.75).diff()(0.5))


def test_a_constant_tail_has_none():
    step = Function(lambda t: np.exp(-t * t / 2) / np.sqrt(2 * np.pi), (-INF, INF)).cumulative()
    slope = step.diff()
    points = np.linspace(-9, 9, 91)
    truth = np.exp(-points * points / 2) / np.sqrt(2 * np.pi)
    assert (np.abs(slope(points) - truth) <= slope._whole.error_bounds(points)).all()
    # Where the slope is less than the noise of the values, it is dropped.
    assert np.abs(slope(points) - truth).max() < 1e-10
    assert abs(slope.integral() - 1) < 1e-9


# --- deltas ---------------------------------------------------------------------------------------


def test_a_box():
    slope = box(-1, 2, 3).diff()
    assert [(each.place, each.weight, each.order) for each in slope.deltas] == [
        (-1.0, 3.0, 0),
        (2.0, -3.0, 0),
    ]
    assert slope([0.0, 1.0]).tolist() == [0.0, 0.0]
    again = box(-1, 2, 3).diff(3).deltas
    assert [(each.place, each.weight, each.order) for each in again] == [
        (-1.0, 3.0, 2),
        (2.0, -3.0, 2),
    ]


def test_a_hat():
    slope = hat(-1, 0, 1).diff()
    assert not slope.deltas
    assert slope([-0.5, 0.5]).tolist() == [1.0, -1.0]
    assert [(each.place, each.weight) for each in slope.diff().deltas] == [
        (-1.0, 1.0),
        (0.0, -2.0),
        (1.0, 1.0),
    ]


def test_deltas_rise_in_order():
    f = delta(1.0, 2.0).diff()
    assert [(each.place, each.weight, each.order) for each in f.deltas] == [(1.0, 2.0, 1)]


def test_a_saw_tooth():
    slope = Function(lambda t: t, (0, 1), periodic=True).diff()
    assert [(each.place, each.weight) for each in slope.deltas] == [(0.0, -1.0)]
    assert abs(slope(7.5) - 1) <= slope.error_bound
    assert not Function(np.sin, (0, 2 * np.pi), periodic=True).diff().deltas


def test_complex():
    f = Function(lambda t: np.exp(1j * t), (0, 4))
    slope = f.diff()
    points = np.linspace(0.1, 3.9, 20)
    assert np.abs(slope(points) - 1j * np.exp(1j * points)).max() <= slope.error_bound
    assert abs(slope.deltas[1].weight + np.exp(4j)) < 1e-13


def test_beside_a_break_that_is_off_its_place():
    third = Fraction(1, 3)
    slope = hat(0, third, 1).diff()
    assert 0 < slope.break_bound < 1e-13
    moved = box(0, 1).shift(0.1).diff()
    assert moved.break_bound < 1e-15
    # A kink that halving found.
    bend = Function(lambda t: np.abs(t - 0.3), (-1, 1)).diff()
    at = 0.3 + np.array([-1.0, 1.0]) * max(bend.break_bound, 1e-15) * 1.01
    assert (np.abs(bend(at) - [-1.0, 1.0]) <= bend.error_bound).all()
    assert bend.break_bound < 1e-9


# --- laws -----------------------------------------------------------------------------------------


@CALM
@given(functions(values=TAME))
def test_the_derivative_of_the_integral(f):
    slope = f.cumulative().diff()
    points = series.inner_points(f)
    truth = [series.derivatives(f, series.piece_at(f, x), x, 0)[0] for x in points]
    assert within_bounds(slope, points, truth)


@CALM
@given(functions(values=TAME))
def test_the_integral_of_the_derivative(f):
    back = f.diff().cumulative()
    points = series.inner_points(f)
    errors = back._whole.error_bounds(points) + f._whole.error_bounds(points)
    known = sum(jump.bound for jump in analysis.derivative(f._content)[1])
    assert (np.abs(back(points) - f(points)) <= errors + known).all()


@CALM
@given(functions(values=TAME), st.floats(-20, 20), st.sampled_from([0.25, 0.5, 2.0, -1.0, -4.0]))
def test_the_variable_moved(f, offset, factor):
    try:
        moved = f.compose_linear(factor, offset)
    except OptionError:
        assume(False)
    one, other = moved.diff(), f.diff().compose_linear(factor, offset) / factor
    points = series.inner_points(moved, (0.3, 0.6))
    reach = max(one.break_bound, other.break_bound)
    far = np.abs(points[:, None] - moved.breaks).min(axis=1) > reach
    points = points[far]
    errors = one._whole.error_bounds(points) + other._whole.error_bounds(points)
    assert (np.abs(one(points) - other(points)) <= errors).all()


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(functions(pieces=3, length=4), functions(pieces=3, length=4))
def test_the_derivative_of_a_convolution(f, g):
    h = convolve(f, g)
    slope = h.diff()
    for other in (convolve(f.diff(), g), convolve(f, g.diff())):
        points = series.inner_points(h, (0.2, 0.5, 0.7))
        reach = max(slope.break_bound, other.break_bound)
        breaks = np.union1d(slope.breaks, other.breaks)
        points = points[np.abs(points[:, None] - breaks).min(axis=1) > reach]
        errors = slope._whole.error_bounds(points) + other._whole.error_bounds(points)
        assert (np.abs(slope(points) - other(points)) <= errors).all()


def test_a_narrow_convolution_has_its_slope():
    slope = convolve(box(0, 1), box(0, 1e-12)).diff()
    assert slope([5e-13, 0.5, 1 + 5e-13]).tolist() == [1.0, 0.0, -1.0]


def test_a_convolution_on_the_line():
    f = Function(lambda t: np.exp(-t * t), (-INF, INF))
    slope = convolve(f, f).diff()
    points = np.linspace(-20, 20, 41)
    truth = -points * np.sqrt(np.pi / 2) * np.exp(-points * points / 2)
    assert np.abs(slope(points) - truth).max() <= slope.error_bound
    assert np.abs(slope(points)[points > 0] / truth[points > 0] - 1).max() < 1e-11


def test_a_window_of_a_gaussian():
    slope = gaussian().diff()
    points = np.linspace(-8, 8, 65)
    truth = -points * np.exp(-points * points / 2) / np.sqrt(2 * np.pi)
    assert np.abs(slope(points) - truth).max() <= slope.error_bound
    outside = np.array([9.5])
    assert 9.5 * np.exp(-(9.5**2) / 2) / np.sqrt(2 * np.pi) <= slope._whole.error_bounds(outside)[0]
    assert not slope.deltas


# --- bad input ------------------------------------------------------------------------------------


def test_orders():
    f = hat(-1, 0, 1)
    assert f.diff(0) is f
    one: Any = np.int64(1)
    assert f.diff(one)(0.5) == -1
    wrongs: list[Any] = [-1, 0.5, "1", None, 65, 10**9]
    for wrong in wrongs:
        with pytest.raises(OptionError, match="whole number from 0 to 64"):
            f.diff(wrong)


def test_a_slope_beyond_doubles_is_refused():
    with pytest.raises(DataError, match="derivative.*overflow"):
        hat(0, 1e-200, 2e-200, 1e200).diff()
