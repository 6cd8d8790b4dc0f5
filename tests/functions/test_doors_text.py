"""Formulas as text: read as Python reads them, nothing run, sharp places exact, mistakes pointed at."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath as mp
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import faltung as ft
from faltung.errors import DataError, OptionError
from faltung.functions import Function
from faltung.functions.doors.expressions.expression import Expression
from faltung.functions.doors.expressions.nodes import PI, E
from faltung.functions.doors.expressions.sharp import sharp_places
from tests.functions import reference

# --- values: as Python's own evaluation ---------------------------------------------------------

NAMESPACE = {
    "pi": math.pi,
    "e": math.e,
    **{name: getattr(np, name) for name in ("exp", "sin", "cos", "tanh", "abs", "sqrt", "sign")},
    "where": np.where,
    "min": np.minimum,
    "max": np.maximum,
}
NUMBERS = st.sampled_from(["0", "1", "2", "3.5", ".25", "1e-1", "7", "pi", "e", "1_0"])
BLANK = st.sampled_from(["", " ", "  ", "\n"])
LEAVES = st.one_of(st.just("x"), NUMBERS)


def _grown(inner):
    two = st.tuples(inner, BLANK, st.sampled_from(["+", "-", "*", "/"]), BLANK, inner).map("".join)
    called = st.tuples(st.sampled_from(["sin", "cos", "tanh", "abs", "exp"]), inner)
    # Conditions are of the variable: two constants may fall together by rounding.
    condition = st.tuples(
        st.sampled_from(["x < ", "x >= ", "1 < x <= "]),
        NUMBERS,
        st.sampled_from(["", " and x > 0"]),
    ).map("".join)
    return st.one_of(
        two,
        inner.map(lambda one: f"({one})"),
        inner.map(lambda one: f"-{one}"),
        inner.map(lambda one: f"({one})**2"),
        called.map(lambda pair: f"{pair[0]}({pair[1]})"),
        inner.map(lambda one: f"sqrt(abs({one}))"),
        st.tuples(inner, inner).map(lambda pair: f"max({pair[0]}, {pair[1]})"),
        st.tuples(condition, inner, inner).map(lambda row: f"({row[1]} if {row[0]} else {row[2]})"),
        st.tuples(condition, inner).map(lambda row: f"({row[1]})*({row[0]})"),
    )


TEXTS = st.recursive(LEAVES, _grown, max_leaves=12)


@given(TEXTS, st.floats(-3, 3).filter(lambda x: abs(x * 8 - round(x * 8)) > 1e-6))
@settings(max_examples=500, deadline=None)
@example("2**3**2 - -x", 0.3)
@example("-x**2", 0.7)
@example("x - 1 - 2 + 3", 0.7)
@example("8/2*x/4", 0.7)
def test_values_are_those_of_python(text, x):
    try:
        formula = Expression.read(text)
    except DataError as error:
        why = str(error)
        assert "divides by zero" in why or "no double" in why
        return
    with np.errstate(all="ignore"):
        try:
            expected = float(eval(f"({text})", {**NAMESPACE, "x": np.float64(x)}))
        except ZeroDivisionError:
            return
    if not abs(expected) < 1e6:
        return
    # Constants are folded exactly: what is left is their rounding, which cancellation may show.
    assert formula(x) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert np.array_equal(formula(np.array([x, x])), [formula(x)] * 2)


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("exp(-t**2)", lambda t: mp.exp(-(t**2))),
        ("sin(3*x)*heaviside(x - 1)", lambda x: mp.sin(3 * x) if x > 1 else mp.mpf(0)),
        ("erf(s) + gamma(s + 1) + j0(s)", lambda s: mp.erf(s) + mp.gamma(s + 1) + mp.besselj(0, s)),
        ("sinc(x)", lambda x: mp.sincpi(x)),
        ("box(x - 1)", lambda x: mp.mpf(abs(x - 1) < 0.5)),
        ("tri(x/2)", lambda x: max(mp.mpf(0), 1 - abs(x / 2))),
        ("min(x, 1 - x, 0.25)", lambda x: min(x, 1 - x, mp.mpf(0.25))),
        ("where(x < 1, x, x < 2, 1, 0)", lambda x: x if x < 1 else mp.mpf(x < 2)),
        ("x if x < 1 else 2 - x if x < 2 else 0", lambda x: max(mp.mpf(0), 1 - abs(x - 1))),
        ("x % 1 + x // 1", lambda x: x),
        ("clip(x, 1, 2)", lambda x: min(max(x, mp.mpf(1)), mp.mpf(2))),
        ("log(x + 1)**2 - 2**x", lambda x: mp.log(x + 1) ** 2 - 2**x),
        ("(x > 1) & ~(x > 2) | (x < 0.5)", lambda x: mp.mpf((1 < x < 2) or x < 0.5)),
    ],
)
def test_the_bound_holds(text, truth):
    f = Function(text, (0, 3))
    points = [x for x in reference.points_of(f, 200) if min(abs(f.breaks - x)) > f.break_bound]
    assert reference.largest_error(f, truth, points) <= f.error_bound < 1e-11


def test_any_name_is_the_variable_and_a_number_is_a_constant():
    assert Function("2*weight", (0, 1))(0.5) == 1.0
    third = Function("1/3", (0, 1))
    assert abs(Fraction(third(0.5)) - Fraction(1, 3)) <= third.error_bound < 1e-15
    assert Function("x*0 + 2", (0, 1))(0.5) == 2.0


def test_pi_and_e_have_sixty_digits():
    with mp.workdps(80):
        for exact, truth in ((PI, mp.pi), (E, mp.e)):
            assert abs(mp.mpf(exact.numerator) / exact.denominator - truth) < mp.mpf(10) ** -60


# --- sharp places, from the formula itself ------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("sign(3*x - 1)", [Fraction(1, 3)]),
        ("abs(x/7 + 1/4)", [Fraction(-7, 4)]),
        ("abs(abs(x) - 1)", [-1, 0, 1]),
        ("heaviside((x - 1)*(x + 1))", [-1, 1]),
        ("floor(2*x + 1/2)", [Fraction(k, 4) for k in (-7, -5, -3, -1, 1, 3, 5, 7)]),
        ("round(x)", [Fraction(k, 2) for k in (-3, -1, 1, 3)]),
        ("x % 1.5", [Fraction(-3, 2), 0, Fraction(3, 2)]),
        ("max(x, 1 - x)", [Fraction(1, 2)]),
        ("1 if -1 < x <= 1/2 else 0", [-1, Fraction(1, 2)]),
        ("box(x)", [Fraction(-1, 2), Fraction(1, 2)]),
        ("tri(x)", [-1, 0, 1]),
        ("sign(x - pi/2)", [PI / 2]),
        ("exp(x)", []),
        ("x**2 + x**3", []),
    ],
)
def test_breaks_are_exact(text, places):
    sharp = sharp_places(Expression.read(text).tree, -2.0, 2.0)
    assert list(sharp.breaks) == places
    assert not sharp.singular


def test_roots_that_are_irrational_have_sixty_digits():
    (low, high) = sharp_places(Expression.read("sign(x**2 - 2)").tree, -2.0, 2.0).breaks
    assert abs(high**2 - 2) < Fraction(1, 10**58)
    assert abs(low + high) < Fraction(1, 10**58)
    for size in (10**30, 10**-30):
        tree = Expression.read(f"sign(x**2 - 2*{float(size)!r})").tree
        (_, root) = sharp_places(tree, -1e300, 1e300).breaks
        assert abs(root**2 / (2 * Fraction(float(size))) - 1) < Fraction(1, 10**55)


@pytest.mark.parametrize(
    ("text", "exponents"),
    [
        ("x**(-1/2)", {0: -0.5}),
        ("abs(x - 1)**(-1/4)*exp(x)", {1: -0.25}),
        ("1/sqrt(x*(1 - x))", {0: -0.5, 1: -0.5}),
        ("(1 - x**2)**-0.5", {-1: -0.5, 1: -0.5}),
        ("x**0.5 + x**-0.5", {0: -0.5}),
        ("abs(x)**(-1/3)*sin(x)", {0: -1 / 3}),
        ("cbrt(x)**2", {0: 2 / 3}),
        ("sin(x)/x", {}),
        ("x**0.5 + 1", {0: "log"}),
        ("x**-0.5 + x**(1/3)", {0: "log"}),
        ("log(x)*x**-0.5", {0: "log"}),
        ("log10(2*x)", {0: "log"}),
        ("exp(-sqrt(x))", {0: "log"}),
        ("arcsin(1 - x)", {0: "log"}),
        ("log(2 + x**2)", {}),
        ("1 + sqrt(x - 1)", {}),
        ("arcsin(x)", {}),
        ("sqrt(x) if x > 0 else 0", {}),
    ],
)
def test_exponents_are_read_from_the_formula(text, exponents):
    sharp = sharp_places(Expression.read(text).tree, -2.0, 2.0)
    found = {float(k): v if v == "log" else float(v) for k, v in sharp.singular.items()}
    assert found == exponents


@pytest.mark.parametrize(
    ("text", "interval", "area"),
    [
        ("x**(-1/2)", (0, 4), lambda: mp.mpf(4)),
        (
            "abs(x - 1)**(-1/4)*exp(x)",
            (0, 2),
            lambda: _area(lambda x: abs(x - 1) ** -0.25 * mp.exp(x)),
        ),
        ("1/(pi*sqrt(1 - x**2))", (-1, 1), lambda: mp.mpf(1)),
        ("log(x)", (0, 1), lambda: mp.mpf(-1)),
        ("x**-0.5 + 1", (0, 1), lambda: mp.mpf(3)),
        ("exp(-x)*x**-0.5", (0, math.inf), lambda: mp.sqrt(mp.pi)),
        ("arccos(x)", (-1, 1), lambda: mp.pi),
        ("heaviside(x - 1)*x**-0.5", (0, 4), lambda: mp.mpf(2)),
        ("sqrt(x) if x < 1 else 1/sqrt(x)", (0, 4), lambda: mp.mpf(8) / 3),
    ],
)
def test_poles_have_their_area(text, interval, area):
    assert Function(text, interval).integral() == pytest.approx(float(area()), rel=1e-12)


def _area(function):
    with mp.workdps(30):
        return mp.quad(function, [0, 1, 2])


def test_a_break_that_is_an_end_or_was_given_is_no_second_one():
    assert len(Function("sign(x - pi)", (0, math.pi)).breaks) == 2
    f = Function("sign(3*x - 1)", (0, 1), breaks=[1 / 3])
    assert f.breaks.tolist() == [0, 1 / 3, 1]
    assert Function("abs(x)", (-1, 1), breaks=[0, 0.5]).breaks.tolist() == [-1, 0, 0.5, 1]


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("sign(3*x - 1)*exp(-x)", (0, math.inf)),
        ("abs(3*x - 1)**-0.5", (0, 1)),
        ("sign(3*x - 1) + sqrt(x)", (0, 1)),
    ],
)
def test_rounded_places_are_counted_where_there_are_tails_and_poles(text, interval):
    f = Function(text, interval)
    assert Fraction(1, 3) - Fraction(1 / 3) <= Fraction(f.break_bound)
    assert f.break_bound < 1e-16
    assert Function(text.replace("3*x - 1", "4*x - 1"), interval).break_bound == 0


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("sqrt(x)*abs(3*x - 2)", (0, 1)),
        ("x**-0.5*abs(7*x - 2)", (0, 1)),
        ("log(x)*abs(7*x - 3)", (0, 1)),
        ("x**0.3*abs(13*x - 5)*sign(7*x - 2)", (0, 1)),
        ("max(7*x - 2, 0)*x**-0.5", (0, 1)),
        ("abs(3*x - 2)*exp(-x)", (0, math.inf)),
        ("abs(3*x - 2)*exp(-abs(x))", (-math.inf, math.inf)),
        ("abs(3*x - 2)*abs(3*x - 1)/(1 + x**4)", (0, math.inf)),
    ],
)
def test_zeros_at_places_that_are_no_doubles_beside_poles_and_tails(text, interval):
    f, formula = Function(text, interval), Expression.read(text)
    x = np.linspace(0, 1, 1003)[1:-1] + 1.3e-5
    assert np.abs(f(x) - formula(x)).max() < 1e-12
    assert f.error_bound < 1e-7


def test_a_function_that_is_zero_beside_a_logarithm():
    f = Function("heaviside(7*x - 2)*log(x)", (0, 1))
    start = mp.mpf(2) / 7
    assert f.integral() == pytest.approx(float(start - 1 - start * mp.log(start)), rel=1e-12)
    assert f([0.1, 0.2]).tolist() == [0, 0]


def test_a_given_exponent_is_kept():
    f = Function("abs(x)**-0.5", (-1, 1), singular={0: "log"})
    assert f.integral() == pytest.approx(4, rel=1e-10)


# --- deltas and complex numbers -----------------------------------------------------------------


def test_deltas_have_place_order_and_weight():
    f = Function("3*delta(2*t - 1) - delta'(t) + delta(1 - t, 2)/2 + exp(-t)", (0, 2))
    rows = [(row.exact, row.order, row.weight) for row in f.deltas]
    assert rows == [(0, 1, -1.0), (Fraction(1, 2), 0, 1.5), (1, 2, 0.5)]
    assert f(1.5) == pytest.approx(math.exp(-1.5))


def test_a_delta_takes_the_value_of_what_it_is_multiplied_by():
    (row,) = Function("sin(t)*delta(t - 1)", (0, 2)).deltas
    assert abs(row.weight - math.sin(1)) <= row.bound < 1e-12
    with pytest.raises(OptionError, match="jumps"):
        Function("heaviside(t - 1)*delta(t - 1)", (0, 2))


def test_deltas_outside_the_interval_are_left_out_and_those_at_its_ends_stay():
    f = Function("delta(t) + delta(t - 1) + delta(t - 2)", (0, 1))
    assert [row.place for row in f.deltas] == [0, 1]
    assert [
        row.place for row in Function("delta(t) + delta(t - 1)", (0, 1), periodic=True).deltas
    ] == [0]
    assert len(Function("delta(t) - delta(t - 9)").deltas) == 2


def test_convolving_with_a_delta_of_a_formula_moves():
    f = Function("exp(-t**2)", (-math.inf, math.inf))
    h = ft.convolve(f, Function("2*delta(t - 1/3)"))
    assert h(1.0) == pytest.approx(2 * math.exp(-((2 / 3) ** 2)), rel=1e-13)


@pytest.mark.parametrize("text", ["delta'(t)", "delta(t, 2)"])
def test_derivatives_of_deltas_are_never_taken_for_deltas(text):
    f, spike = Function("exp(-t**2)", (-3, 3)), Function(text)
    try:
        h = ft.convolve(f, spike)
    except OptionError as error:
        assert "derivative" in str(error)  # noqa: PT017
    else:
        order = spike.deltas[0].order
        exact = {1: -2 * 0.5 * math.exp(-0.25), 2: (4 * 0.25 - 2) * math.exp(-0.25)}[order]
        assert h(0.5) == pytest.approx(exact, rel=1e-9)
    assert ft.convolve(spike, spike).deltas[0].order == 2 * spike.deltas[0].order


@pytest.mark.parametrize(
    "text",
    [
        "delta(t)**2",
        "exp(delta(t))",
        "delta(t)*delta(t - 1)",
        "delta(t**2)",
        "t*delta'(t)",
        "1/delta(t)",
        "delta(t, 1.5)",
        "delta(t, -1)",
        "delta(1)",
        "delta(t) if t > 0 else 0",
        "delta(delta(t))",
    ],
)
def test_what_cannot_be_done_to_a_delta(text):
    with pytest.raises(DataError, match="delta"):
        Function(text, (0, 1))


@pytest.mark.parametrize("text", ["exp(2j*t)", "exp(2*i*t)", "cos(2*t) + 1j*sin(2*t)"])
def test_complex_formulas(text):
    f = Function(text, (0, 2))
    points = np.linspace(0.01, 1.99, 100)
    assert np.abs(f(points) - np.exp(2j * points)).max() <= 2 * f.error_bound < 1e-12
