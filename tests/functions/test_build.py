"""From callables to pieces: resolved, bounded by what the samples say, or refused."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import partial
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faltung.errors import DataError, DtypeError, OptionError, ResolutionError, ShapeError
from faltung.functions import Function
from tests.functions import reference

# Smooth, steep, oscillating, narrow, far away, kinked, and noisy: as NumPy and in 50 digits.
CASES: dict[str, Any] = {
    "exp": (np.exp, mp.exp, (-1, 2), ()),
    "gaussian": (lambda t: np.exp(-(t**2)), lambda t: mp.exp(-(t**2)), (-6, 6), ()),
    "cos100": (lambda t: np.cos(100 * t), lambda t: mp.cos(100 * t), (-1, 1), ()),
    "runge": (lambda t: 1 / (1 + 25 * t**2), lambda t: 1 / (1 + 25 * t**2), (-1, 1), ()),
    "steep": (lambda t: np.tanh(50 * t), lambda t: mp.tanh(50 * t), (-1, 1), ()),
    "spike": (
        lambda t: np.exp(-(((t - 0.3) / 0.01) ** 2)),
        lambda t: mp.exp(-(((t - mp.mpf(0.3)) / mp.mpf(0.01)) ** 2)),
        (-1, 1),
        (),
    ),
    "far": (
        lambda t: np.exp(-((t - 1e6) ** 2)),
        lambda t: mp.exp(-((t - 10**6) ** 2)),
        (1e6 - 3, 1e6 + 3),
        (),
    ),
    "wave": (
        lambda t: np.exp(-t) * np.sin(5 * t),
        lambda t: mp.exp(-t) * mp.sin(5 * t),
        (0, 4),
        (),
    ),
    "kink": (lambda t: np.abs(t - 0.3), lambda t: abs(t - mp.mpf(0.3)), (-1, 2), (0.3,)),
    "root": (np.sqrt, mp.sqrt, (0.01, 4), ()),
    "small": (lambda t: 1e-200 * np.cos(t), lambda t: mp.mpf(1e-200) * mp.cos(t), (0, 3), ()),
    "large": (lambda t: 1e200 * np.cos(t), lambda t: mp.mpf(1e200) * mp.cos(t), (0, 3), ()),
    "polynomial": (lambda t: t**5 - t, lambda t: t**5 - t, (-2, 1), ()),
    "cancelling": (
        lambda t: (1 - np.cos(t)) / t**2,
        lambda t: (1 - mp.cos(t)) / t**2,
        (1e-3, 1),
        (),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_bound_holds(name):
    function, truth, interval, breaks = CASES[name]
    f = Function(function, interval, breaks)
    error = reference.largest_error(f, truth, reference.points_of(f, 300))
    assert error <= f.error_bound
    assert f.degree <= 64


def test_estimate_is_near_in_the_median():
    ratios = []
    for function, truth, interval, breaks in CASES.values():
        f = Function(function, interval, breaks)
        error = reference.largest_error(f, truth, reference.points_of(f, 300))
        ratios.append(f.error_estimate / error)
    assert 0.01 <= np.median(ratios) <= 100


@pytest.mark.parametrize("name", sorted(set(CASES) - {"cancelling"}))
def test_machine_precision(name):
    """A few roundings of the size, and of x f'(x), which a rounded x costs anyway."""
    function, truth, interval, breaks = CASES[name]
    f = Function(function, interval, breaks)
    points = reference.points_of(f, 300)
    values = np.abs(function(points))
    error = reference.largest_error(f, truth, points)
    assert error <= 2e-16 * (20 * values.max() + (1000 if name in ("cos100", "steep") else 0))


@pytest.mark.parametrize("place", [-3.21, 0.123, 9.99])
def test_a_narrow_spike_in_a_wide_interval_is_found(place):
    f = Function(lambda t: np.exp(-(((t - place) / 1e-3) ** 2)), (-10, 10))
    assert f(place) == pytest.approx(1, abs=1e-12)
    assert f.integral() == pytest.approx(1e-3 * np.sqrt(np.pi), rel=1e-12)


@pytest.mark.parametrize("place", [0.1234, -0.777, 0.5001])
def test_a_spike_of_a_callable_for_numbers_only_is_found(place):
    f = Function(lambda t: max(0.0, 1 - abs(t - place) / 1e-3), (-1, 1))
    assert f(place) == pytest.approx(1, abs=1e-9)
    assert f.integral() == pytest.approx(1e-3, rel=1e-9)


def distance_to(place, t):
    return np.abs(t - place)


def test_a_kink_beside_an_end_is_found():
    for distance in 10.0 ** -np.arange(1, 12):
        f = Function(partial(distance_to, distance), (0, 1))
        t = distance * np.linspace(0, 2, 101)
        assert np.abs(f(t) - np.abs(t - distance)).max() <= f.error_bound < 1e-10


def test_noise_of_the_callable_is_in_the_bound():
    function, _, interval, _ = CASES["cancelling"]
    assert Function(function, interval).error_bound > 1e-12


# --- breaks ------------------------------------------------------------------------------------


def test_declared_jump_is_exact_on_both_sides():
    f = Function(lambda t: np.where(t < 0.3, 1.0, 5.0), (0, 1), breaks=[0.3])
    assert f.breaks.tolist() == [0, 0.3, 1]
    assert f(np.nextafter(0.3, 0)) == 1
    assert f(0.3) == 5
    assert f.degree == 0


def test_a_function_may_be_undefined_at_breaks_and_ends():
    f = Function(lambda t: np.sin(t) / t, (0, 2), breaks=[1])
    assert f(0) == pytest.approx(1, abs=1e-15)
    g = Function(lambda t: np.where(t == 1.0, np.nan, t), (0, 2), breaks=[1])
    assert g(1.0) == 1.0


def test_breaks_are_sorted_and_counted_once():
    f = Function(lambda t: 0 * t, (0, 1), breaks=[0.5, 0.25, 0.5, 0, 1])
    assert f.breaks.tolist() == [0, 0.25, 0.5, 1]


@pytest.mark.parametrize("kink", [0.3, 0.1 + 0.2, -0.7071])
def test_an_undeclared_kink_is_found(kink):
    f = Function(lambda t: np.abs(t - kink), (-1, 2))
    assert len(f.breaks) == 3
    assert f.breaks[1] == pytest.approx(kink, abs=1e-14)
    spread = np.concatenate([np.linspace(-1, 2, 1000), kink + np.geomspace(1e-16, 1e-9, 200)])
    t = np.concatenate([spread, 2 * kink - spread[1000:]])
    assert np.abs(f(t) - np.abs(t - kink)).max() <= min(f.error_bound, 1e-14)


def test_two_undeclared_kinks():
    f = Function(lambda t: np.clip(t, 0.21, 0.47) ** 2, (0, 1))
    assert f.breaks[1:-1] == pytest.approx([0.21, 0.47], abs=1e-14)


# --- how the callable is called ----------------------------------------------------------------


def test_a_callable_for_numbers_only():
    f = Function(math.exp, (0, 1))
    assert f(0.5) == pytest.approx(math.exp(0.5), rel=1e-15)


def test_a_callable_with_a_branch():
    f = Function(lambda t: t if t < 1 else 2 - t, (0, 2), breaks=[1])
    assert f([0.5, 1.5]) == pytest.approx([0.5, 0.5], abs=1e-15)


def test_a_callable_that_takes_vectors_but_mixes_them_up():
    f = Function(lambda t: t / np.max(t) if np.ndim(t) else t, (0, 1))
    assert f(0.25) == pytest.approx(0.25, abs=1e-15)


def test_a_callable_that_writes_into_its_argument():
    def square(t):
        t *= t
        return t

    assert Function(square, (0, 2))(1.5) == pytest.approx(2.25, abs=1e-15)


def test_a_callable_that_hands_its_argument_back():
    assert Function(lambda t: t, (0, 2))(1.5) == pytest.approx(1.5, abs=1e-15)


def test_constants_from_a_callable_and_from_a_number():
    assert Function(lambda _: 3, (0, 1))(0.4) == 3.0
    assert Function(2.5, (0, 1), breaks=[0.5])([0.4, 2]) == pytest.approx([2.5, 0], abs=0)


def test_booleans_fractions_and_single_precision_are_numbers():
    assert Function(lambda t: t > 1, (0, 2), breaks=[1])([0.5, 1.5]).tolist() == [0, 1]
    assert Function(lambda _: Fraction(1, 4), (0, 2))(1) == 0.25
    f = Function(lambda t: np.float32(2.5) + 0 * np.float32(t), (0, 1))
    assert f(0.5) == 2.5


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3), st.lists(st.floats(-5, 5), max_size=6))
def test_polynomials_of_any_kind(start, width, coefficients):
    stop = start + width

    def polynomial(t):
        return np.polynomial.chebyshev.chebval((2 * t - start - stop) / width, [1.0, *coefficients])

    f = Function(polynomial, (start, stop))
    t = np.linspace(start, stop, 77)
    assert np.abs(f(t) - polynomial(t)).max() <= 1.01 * f.error_bound


# --- refused -----------------------------------------------------------------------------------


def test_too_many_oscillations():
    with pytest.raises(ResolutionError, match="oscillates too fast"):
        Function(lambda t: np.sin(1 / t), (0, 1))


def test_nan_names_the_point():
    with pytest.raises(DataError, match=r"is nan at x = 0\.\d+: .*breaks=\[0\.\d+\]"):
        Function(lambda t: np.where(t > 0.7, np.nan, t), (0, 1))


def test_infinity_names_the_point():
    with pytest.raises(DataError, match=r"beside x = 0\.5: a pole .* has no integral"):
        Function(lambda t: 1 / np.abs(np.asarray(t) - 0.5), (0, 1))


def test_exception_names_the_point_and_is_the_cause():
    def broken(t):
        raise RuntimeError("out of paper")

    with pytest.raises(DataError, match=r"raised RuntimeError at x = .*: out of paper") as error:
        Function(broken, (0, 1))
    assert isinstance(error.value.__cause__, RuntimeError)


def test_exception_for_some_points_only():
    with pytest.raises(DataError, match=r"raised ValueError at x = -0\.\d+"):
        Function(math.sqrt, (-0.5, 4))


def test_exception_in_a_vectorised_call_names_the_point():
    def broken(t):
        if np.any(np.asarray(t) > 0.99):
            raise KeyError("late")
        return np.asarray(t)

    with pytest.raises(DataError, match=r"raised KeyError at x = 0\.99\d+"):
        Function(broken, (0, 1))


@pytest.mark.parametrize("shape", [(2,), (2, 2), (0,)])
def test_wrong_shape(shape):
    with pytest.raises(ShapeError, match=r"shape \(.*\) for the single number"):
        Function(lambda _: np.ones(shape), (0, 1))


def test_wrong_shape_later():
    with pytest.raises(ShapeError, match=r"shape \(3,\) for \d+ points"):
        Function(lambda t: t[:3] if np.ndim(t) else t, (0, 1))


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (lambda t: t if t < 0.9 else t + 1j, "complex number"),
        (lambda _: "text", "'text'"),
        (lambda _: None, "None"),
    ],
    ids=["sum", "text", "nothing"],
)
def test_wrong_type(wrong, word):
    with pytest.raises(DtypeError, match=word):
        Function(wrong, (-1, 1))


def test_not_a_function():
    with pytest.raises(DtypeError, match=r"write Function\(lambda"):
        Function([1.0, 2.0], (0, 1))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        ((1, 0), r"reversed: write \(0\.0, 1\.0\)"),
        ((1, 1), "empty"),
        ((np.inf, -np.inf), "reversed"),
        ((np.inf, np.inf), "empty"),
        ((0, np.inf, 1), "write a pair"),
        ((0, np.nan), "finite"),
        ((0, 1, 2), "write a pair"),
        (3.0, "write a pair"),
        ((-1.7e308, 1.7e308), "wider than the largest double"),
        ((0, 10**400), "finite"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_intervals_that_are_refused(interval, words):
    with pytest.raises(OptionError, match=words):
        Function(np.exp, interval)


def test_an_end_that_is_no_number():
    with pytest.raises(DtypeError, match="left end of the interval must be a real number"):
        Function(np.exp, ("0", 1))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("breaks", "words"),
    [([2.0], "outside the interval"), ([np.nan], "finite"), (0.5, "write a list of numbers")],
)
def test_breaks_that_are_refused(breaks, words):
    with pytest.raises(OptionError, match=words):
        Function(np.exp, (0, 1), breaks=breaks)


def test_a_function_that_draws_at_random_is_refused_at_once():
    rng = np.random.default_rng(0)
    calls = []

    def noise(x):
        calls.append(x)
        return rng.random(np.shape(x))

    with pytest.raises(DataError, match="and then .* at x = 0.237: it must give one value"):
        Function(noise, (0, 1))
    assert len(calls) < 20


@pytest.mark.parametrize("width", [1e-300, 1e-307, 1e300])
def test_a_callable_on_an_interval_of_any_width(width):
    f = Function(lambda t: 1e300 * np.exp(-((t / width) ** 2)), (-5 * width, 5 * width))
    for t in (-3.2, 0.0, 0.77):
        assert abs(f(t * width) - 1e300 * math.exp(-t * t)) <= f.error_bound < 1e288


def test_a_callable_on_an_interval_of_the_smallest_double():
    f = Function(lambda t: 1 + 0 * t, (0, 5e-324))
    assert f([0.0, 5e-324]).tolist() == [1.0, 1.0]
