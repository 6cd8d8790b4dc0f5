"""Numbers that are no doubles, at every door: rounded once, and counted."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faltung.errors import DtypeError, OptionError
from faltung.functions import Function, box, convolve, gaussian, hat
from tests.functions import exact

TENTH = Fraction(1, 10)
LARGE = 2**53 + 1

# A number between two doubles, and the nearest of them.
HEIGHTS = [Fraction(1, 3), LARGE, np.longdouble(1) / 3, np.int64(LARGE)]


def constant(value):
    return lambda t: value + 0 * t


# --- ends and breaks ---------------------------------------------------------------------------

BETWEEN = {
    "box": lambda: box(TENTH, 1),
    "hat": lambda: hat(TENTH, 0.5, 1) + box(TENTH, 1),
    "number": lambda: Function(1, (TENTH, 1)),
    "callable": lambda: Function(constant(1.0), (TENTH, 1)),
    "pieces": lambda: Function.from_pieces([TENTH, 1], [[1.0]]),
    "longdouble": lambda: Function.from_pieces(
        np.array([np.longdouble(1) / 10, 1]), np.array([[1.0]])
    ),
    "inner": lambda: Function.from_pieces([0, TENTH, 1], [[0.0], [1.0]]),
    "break": lambda: Function(lambda t: 1.0 * (t >= 0.1), (0, 1), breaks=[TENTH]),
}


@pytest.mark.parametrize("name", BETWEEN)
def test_an_end_between_two_doubles_shows_when_it_is_shifted(name):
    """The jump is at 1/10 - 3/32, not where the rounded end went."""
    f = BETWEEN[name]()
    assert abs(Fraction(0.1) - TENTH) <= f.break_bound < 1e-16
    moved = f.shift(-0.09375)
    jump = TENTH - Fraction(3, 32)
    distance = min(abs(Fraction(b) - jump) for b in moved.breaks.tolist())
    assert 0 < distance <= moved.break_bound
    area = abs(Fraction(box(TENTH, 1).integral()) - Fraction(9, 10))
    assert area <= f.cumulative().error_bound


def test_a_whole_number_between_two_doubles():
    f = box(0, LARGE).shift(-(2**53))
    assert f.domain[1] == 0.0
    assert f.break_bound >= 1
    g = Function.from_pieces([-1.0, LARGE], [[1.0]])
    assert g.break_bound >= 1


def test_a_callable_that_is_continuous_excludes_no_point():
    f = Function(lambda t: np.abs(t - 0.1), (0, 1), breaks=[TENTH])
    g = hat(0, TENTH, 1)
    assert f.break_bound == g.break_bound == 0.0
    assert abs(Fraction(f(0.1)) - (Fraction(0.1) - TENTH)) <= f.error_bound < 1e-13


@given(st.lists(st.fractions(-3, 3, max_denominator=30), min_size=3, max_size=4, unique=True))
def test_fractions_as_breaks(places):
    places = sorted(places)
    rows = [[Fraction(k + 1, 7), Fraction(1, 3)] for k in range(len(places) - 1)]
    f = Function.from_pieces(places, rows)
    lines = [
        (low, high, row[0] - row[1], row[0] + row[1])
        for low, high, row in zip(places, places[1:], rows, strict=False)
    ]
    true = exact.Lines(lines)
    for x in f.breaks[:-1] + np.diff(f.breaks) * 0.37:
        assert abs(Fraction(f(x)) - true(Fraction(float(x)))) <= f.error_bound < 1e-13
    whole = f.cumulative()
    for x in f.breaks.tolist():
        assert abs(Fraction(whole(x)) - true.area(Fraction(x))) <= whole.error_bound
    h = convolve(f, box(0, Fraction(1, 3)))
    other = exact.box(0, Fraction(1, 3))
    for x in h.breaks.tolist():
        assert abs(Fraction(h(x)) - true.convolved(other, Fraction(x))) <= h.error_bound


def test_doubles_stay_exact():
    for f in (
        box(0.1, 1.1, 0.3),
        Function.from_pieces([0.1, 1, 2], [[0.1, 1], np.array([2.0, 3.0])]),
        Function.from_pieces(np.array([0.1, 1.0]), np.array([[0.1]])),
        Function.from_pieces([Fraction(1, 2), 1], [[Fraction(1, 4)]]),
        Function(0.3, (0.1, float(np.float32(1.1))), breaks=[0.5]),
    ):
        assert f.break_bound == 0.0
        assert not f._pieces.deviation.bound.any()


# --- heights and coefficients ------------------------------------------------------------------


@pytest.mark.parametrize("height", HEIGHTS, ids=["fraction", "int", "longdouble", "int64"])
def test_a_height_between_two_doubles_shows_when_it_cancels(height):
    true = Fraction(*height.as_integer_ratio()) if height is not HEIGHTS[3] else Fraction(LARGE)
    rounded = Fraction(float(true))
    assert true != rounded
    for f in (
        box(0, 1, height),
        Function(height, (0, 1)),
        Function.from_pieces([0, 1], [[height]]),
        Function.from_pieces([0, 1], [[height, 0.0]]),
        Function.from_pieces([0, 1], [np.array([height])]),
    ):
        left = f - float(true)
        assert abs(Fraction(left(0.5)) - (true - rounded)) <= left.error_bound
    peak = hat(0, 1, 2, height) - hat(0, 1, 2, float(true))
    assert abs(Fraction(peak(1.0)) - (true - rounded)) <= peak.error_bound


def test_half_of_the_smallest_double():
    f = hat(0, 1, 2, 5e-324)
    assert abs(f(1.0) - 5e-324) <= f.error_bound


# --- gaussians ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sigma", "mean"),
    [
        (Fraction(1, 3), Fraction(10**15, 7)),
        (Fraction(1, 10**9), Fraction(1, 3)),
        (LARGE, 2**60 + 1),
    ],
)
def test_a_gaussian_of_fractions(sigma, mean):
    f = gaussian(sigma, mean)
    peak = math.sqrt(1 / (2 * math.pi)) / float(sigma)
    for t in (-1.5, -0.1, 0.0, 2.3):
        x = float(mean + Fraction(t) * Fraction(sigma))
        z = float((Fraction(x) - mean) / sigma)
        assert abs(f(x) - peak * math.exp(-z * z / 2)) <= f.error_bound + 1e-15 * peak


# --- refused -----------------------------------------------------------------------------------


def test_ends_that_double_precision_cannot_tell_apart():
    near = TENTH + Fraction(1, 10**30)
    for make in (
        lambda: box(TENTH, near),
        lambda: Function(1.0, (0, 1), breaks=[TENTH, near]),
        lambda: Function(1.0, (TENTH, 1), breaks=[0.1]),
        lambda: Function.from_pieces([0, TENTH, near], [[1], [2]]),
        lambda: box(LARGE, 2**53),
    ):
        with pytest.raises(OptionError, match=r"in double precision|reversed"):
            make()
    with pytest.raises(OptionError, match="do not rise"):
        Function.from_pieces([near, TENTH], [[1.0]])


def test_what_is_no_number_or_no_double_at_all():
    with pytest.raises(DtypeError, match="real numbers, not str"):
        Function.from_pieces([0, 1], [[Fraction(1, 3), "1"]])
    with pytest.raises(OptionError, match="finite"):
        box(0, 10**400)
    with pytest.raises(OptionError, match="at least two finite"):
        Function.from_pieces([0, 10**400], [[1.0]])
