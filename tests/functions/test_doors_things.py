"""SymPy, laws of scipy.stats, dicts of pieces, functions of functions, and every kind of callable."""

from __future__ import annotations

import math
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import mpmath as mp
import numpy as np
import pytest
import scipy.stats
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import faltung as ft
from faltung.errors import DataError, DtypeError, OptionError
from faltung.functions import Function, box
from faltung.functions.doors.sympy_trees import as_sympy
from tests.functions import reference

t = sp.Symbol("t")

# --- SymPy --------------------------------------------------------------------------------------

EXPRESSIONS = [
    sp.exp(-(t**2)),
    sp.sin(t) * sp.Heaviside(t - sp.Rational(1, 3)),
    sp.Piecewise((t, t < sp.sqrt(2)), (2 - t, t < 2), (0, True)),
    sp.Piecewise((1, (t > 1) & (t < 2)), (0, True)),
    sp.Abs(t - sp.log(2)) + sp.sign(t - 1),
    sp.Max(t, 1 - t, sp.Rational(3, 4)) + sp.Min(t, 1),
    sp.besselj(0, t) + sp.zeta(t + 2),
    sp.sinc(t),
    sp.floor(2 * t) + sp.Mod(t, 1),
    sp.erf(t) / (1 + t**2) ** sp.Rational(3, 2),
    sp.cosh(t) * sp.GoldenRatio,
    sp.gamma(t + 1) * sp.E ** (-t),
]


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_sympy_expressions_have_their_values(expression):
    f = Function(expression, (0, 3))

    def truth(x):
        value = expression.subs(t, sp.Float(mp.nstr(x, 40), 40)).evalf(30)
        return mp.mpf(str(value))

    points = [x for x in reference.points_of(f, 30) if min(abs(f.breaks - x)) > 1e-12]
    assert reference.largest_error(f, truth, points) <= f.error_bound < 1e-11


@pytest.mark.parametrize(
    ("expression", "places"),
    [
        (sp.Heaviside(3 * t - 1), [sp.Rational(1, 3)]),
        (sp.Piecewise((t, t <= sp.sqrt(2)), (1, True)), [sp.sqrt(2)]),
        (sp.Abs(t - sp.log(2)), [sp.log(2)]),
        (sp.sign(t - sp.pi / 5), [sp.pi / 5]),
        (sp.Max(2 * t, 1 - t), [sp.Rational(1, 3)]),
    ],
    ids=str,
)
def test_break_points_of_sympy_are_exact_to_sixty_digits(expression, places):
    recipe: Any = as_sympy(expression)
    found = recipe.sharp(0.0, 3.0).breaks
    assert len(found) == len(places)
    for place, truth in zip(found, places, strict=True):
        apart = sp.Rational(place.numerator, place.denominator) - truth
        assert abs(apart.evalf(20)) < sp.Float("1e-57")


def test_exponents_deltas_and_complex_numbers_of_sympy():
    recipe: Any = as_sympy(t ** sp.Rational(-1, 3) * sp.exp(-t))
    assert dict(recipe.sharp(0.0, math.inf).singular) == {0: Fraction(-1, 3)}
    f = Function(3 * sp.DiracDelta(2 * t - 1, 1) + sp.sin(t) * sp.DiracDelta(t - 1), (0, 2))
    assert [(row.exact, row.order) for row in f.deltas] == [(Fraction(1, 2), 1), (1, 0)]
    assert [row.weight for row in f.deltas] == [0.75, pytest.approx(math.sin(1))]
    wave = Function(sp.exp(2 * sp.I * t), (0, 1))
    assert abs(wave(0.3) - np.exp(0.6j)) < 1e-13
    assert Function(sp.sqrt(2), (0, 1))(0.5) == math.sqrt(2)
    assert Function(sp.Lambda(t, t**2), (0, 1))(0.5) == 0.25
    assert Function(sp.Poly(t**2 + 1, t), (0, 1))(0.5) == 1.25
    assert Function(t > 1, (0, 2))([0.5, 1.5]).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("expression", "kind", "why"),
    [
        (t * sp.Symbol("a"), DataError, r"symbols a, t.*subs\(a, 1\)"),
        (sp.Integral(sp.exp(t * t), t), DataError, "not worked out"),
        (sp.Derivative(sp.Function("u")(t), t), DataError, "not worked out"),
        (sp.Function("u")(t), DataError, "has no values"),
        (sp.exp, DtypeError, r"write exp\(x\)"),
        (sp.Matrix([t]), DtypeError, "Matrix"),
        (sp.Interval(0, 1), DtypeError, "Interval"),
        (sp.oo * t, DataError, "no finite number"),
        (sp.DiracDelta(t) ** 2, DataError, "delta"),
        (sp.Piecewise((t, t < 1)), DataError, "is nan at"),
        (1 / t, DataError, "no integral"),
        (10 ** sp.Integer(400) * t, DataError, "largest double"),
    ],
    ids=str,
)
def test_sympy_that_is_refused(expression, kind, why):
    with pytest.raises(kind, match=why):
        Function(expression, (0, 2))


def test_sympy_nested_without_end_is_refused():
    deep = t
    for _ in range(200):
        deep = sp.sin(deep)
    with pytest.raises(DataError, match="nested"):
        Function(deep, (0, 1))


def test_sympy_is_not_imported_unless_it_is_given():
    code = (
        "import sys, faltung; faltung.Function('exp(-x)', (0, 1)); "
        "faltung.Function(lambda x: x, (0, 1)); print('sympy' in sys.modules, "
        "'scipy.interpolate' in sys.modules, 'scipy.stats' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split()[0] == "False"


# --- laws ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "law",
    [
        scipy.stats.norm(1, 2),
        scipy.stats.uniform(-1, 3),
        scipy.stats.gamma(0.5),
        scipy.stats.expon(),
        scipy.stats.beta(2, 3),
        scipy.stats.cauchy(),
    ],
    ids=lambda law: law.dist.name,
)
def test_laws_are_their_densities_on_their_supports(law):
    f = Function(law)
    assert f.domain == tuple(map(float, law.support()))
    assert f.integral() == pytest.approx(1, abs=1e-9)
    x = law.ppf([0.01, 0.3, 0.9])
    assert f(x) == pytest.approx(law.pdf(x), rel=1e-11)


def test_a_law_on_an_interval_and_laws_without_a_density():
    assert Function(scipy.stats.norm(), (0, 1)).domain == (0, 1)
    with pytest.raises(DtypeError, match="family of laws"):
        Function(scipy.stats.norm)
    with pytest.raises(DtypeError, match=r"discrete law.*distribution"):
        Function(scipy.stats.poisson(2))


# --- dicts of pieces ----------------------------------------------------------------------------


def test_pieces_of_every_kind():
    f = Function({(0, 1): "x", (1, 3): lambda x: 2 - x, (3, 4): 0.5, (6, 7): np.poly1d([1, 0])})
    assert f([0.25, 1.0, 2.5, 3.5, 5.0, 6.5]) == pytest.approx([0.25, 1, -0.5, 0.5, 0, 6.5])
    assert f.domain == (0.0, 7.0)
    assert f.breaks.tolist() == [0, 1, 3, 4, 6, 7]


@given(
    st.lists(
        st.tuples(st.floats(0.1, 3), st.floats(0, 2), st.floats(-9, 9)), min_size=1, max_size=8
    )
)
@settings(max_examples=60, deadline=None)
def test_pieces_are_the_sum_of_functions(rows):
    parts, at = {}, -5.0
    for width, gap, value in rows:
        start = at + (gap if gap > 0.01 else 0)
        at = start + width
        parts[start, at] = value
    f = Function(parts)
    whole = sum(
        (box(*key, value) for key, value in list(parts.items())[1:]),
        box(*next(iter(parts)), rows[0][2]),
    )
    points = np.linspace(-5.5, at + 0.5, 203)
    assert np.abs(f(points) - whole(points)).max() <= f.error_bound + whole.error_bound


def test_pieces_with_tails_poles_deltas_and_complex_values():
    f = Function({(-math.inf, 0): "exp(x)", (0, 1): "x**-0.5", (1, math.inf): "1/x**2"})
    assert f.domain == (-math.inf, math.inf)
    assert f([-1.0, 0.25, 4.0]) == pytest.approx([math.exp(-1), 2, 1 / 16], rel=1e-12)
    assert f.integral() == pytest.approx(1 + 2 + 1, rel=1e-10)
    g = Function({(0, 1): 1j, (1, 2): 1, (3, 4): "delta(t - 3.5)"})
    assert g([0.5, 1.5, 2.5]).tolist() == [1j, 1, 0]
    assert g.deltas[0].place == 3.5


def test_ends_of_pieces_are_rounded_once_and_that_is_counted():
    f = Function({(0, Fraction(1, 3)): 1, (Fraction(1, 3), 1): -1})
    assert f.breaks.tolist() == [0, 1 / 3, 1]
    assert 0 < f.break_bound < 1e-16


def test_many_pieces_are_joined_at_once():
    f = Function({(k, k + 1): float(k % 3) for k in range(3000)})
    assert f(np.arange(3000) + 0.5).tolist() == [k % 3 for k in range(3000)]


def test_a_period_of_pieces():
    f = Function({(0, 1): "t", (1, 2): "2 - t"}, periodic=True)
    assert f.period == 2
    assert f([0.5, 2.5, -0.25]) == pytest.approx([0.5, 0.5, 0.25])


@pytest.mark.parametrize(
    ("parts", "options", "why"),
    [
        ({}, {}, "empty"),
        ({3: 1}, {}, "key 3 is no interval"),
        ({(1, 0): 1}, {}, r"key \(1, 0\) is no interval"),
        ({(0, math.nan): 1}, {}, "is no interval"),
        ({("a", 1): 1}, {}, "is no interval"),
        ({(0, 1.5): 1, (1, 2): 2}, {}, r"\(0, 1.5\) and \(1, 2\) overlap"),
        ({(0, 1): 1}, {"interval": (0, 1)}, "keys of a dict are the intervals"),
        ({(0, 1): 1}, {"breaks": [0.5]}, "keys of a dict are the intervals"),
        ({(0, 1): 1}, {"singular": {0: 1}}, "keys of a dict are the intervals"),
        ({(0, math.inf): "exp(-x)"}, {"periodic": True}, "not bounded"),
    ],
)
def test_pieces_that_are_refused(parts, options, why):
    with pytest.raises(OptionError, match=why):
        Function(parts, **options)


def test_an_error_of_a_piece_names_it():
    with pytest.raises(DataError, match=r"the piece on \(1, 2\): the formula"):
        Function({(0, 1): "x", (1, 2): "2x"})
    with pytest.raises(DtypeError, match=r"the piece on \(0, 1\): Function takes"):
        Function({(0, 1): None})


# --- functions of functions, and callables ------------------------------------------------------


def test_a_function_of_a_function_is_its_restriction():
    f = Function("exp(-t)*sin(5*t)", (0, 4))
    assert Function(f)(1.0) == f(1.0)
    part = Function(f, (1, 2))
    assert part.domain == (1.0, 2.0)
    assert abs(part(1.5) - f(1.5)) <= part.error_bound + f.error_bound
    assert 0 < Function(f, (0, Fraction(1, 3))).break_bound < 1e-16
    assert Function(Function("sin(t)", (0, 1), periodic=True), (0, 2))(1.5) == pytest.approx(
        math.sin(0.5), abs=1e-12
    )
    with pytest.raises(OptionError, match="write a pair"):
        Function(f, 3)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="is zero on"):
        Function(f, (7, 8))
    assert Function({(0, 1): f, (1, 2): 1})(0.5) == pytest.approx(f(0.5), abs=1e-12)


CALLABLES = {
    "math": math.exp,
    "numpy": np.exp,
    "mpmath": mp.exp,
    "Fraction": lambda x: Fraction(math.exp(x)),
    "Decimal": lambda x: Decimal(math.exp(x)),
    "array of one": lambda x: np.array(math.exp(x)),
    "longdouble": lambda x: np.longdouble(math.exp(x)),
    "partial": partial(lambda a, x: math.exp(a * x), 1),
    "a default": lambda x, a=1: np.exp(a * x),
    "any number of arguments": lambda *x: np.exp(x[0]),
    "vectorize": np.vectorize(math.exp),
}


@pytest.mark.parametrize("function", CALLABLES.values(), ids=CALLABLES)
def test_callables_of_every_kind(function):
    f = Function(function, (0, 1))
    x = np.linspace(0.01, 0.99, 50)
    assert np.abs(f(x) - np.exp(x)).max() <= f.error_bound < 1e-12


def test_callables_of_whole_numbers_and_truth_values():
    assert Function(lambda _x: 3, (0, 1))(0.5) == 3
    assert Function(lambda x: x > 0.5, (0, 1))([0.25, 0.75]).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("function", "why"),
    [
        (lambda x, _y: x, "takes 2 arguments.*partial"),
        (lambda: 1, "takes 0 arguments"),
        (lambda x, *, a: a * x, "needs a= beside its variable"),
        (np.add, "add takes 2 arguments"),
        (math.atan2, "takes 2 arguments"),
        ([1, 2], r"not list.*from_samples"),
        (None, "not NoneType"),
        (b"x", "not bytes"),
        (Decimal(1), "not Decimal"),
    ],
    ids=["two", "none", "named", "ufunc", "atan2", "list", "None", "bytes", "Decimal"],
)
def test_what_is_no_function_of_one_variable(function, why):
    with pytest.raises(DtypeError, match=why):
        Function(function, (0, 1))


def test_what_has_no_interval():
    with pytest.raises(OptionError, match="interval is missing"):
        Function(math.exp)
    with pytest.raises(OptionError, match="interval is missing"):
        Function(1)


def test_things_convolve():
    law = scipy.stats.uniform(-0.5, 1)
    h = ft.convolve(Function(law), Function("box(x)", (-1, 1)))
    assert h([-0.5, 0.0, 0.25]) == pytest.approx([0.5, 1, 0.75], abs=1e-13)
