"""Splines, NumPy's polynomials and samples: their polynomials in rational numbers, within the bound."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
import scipy.interpolate as si
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.polynomial import Chebyshev, Hermite, HermiteE, Laguerre, Legendre, Polynomial

from faltung.errors import DataError, DtypeError, OptionError, ShapeError
from faltung.functions import Function

VALUES = st.one_of(
    st.sampled_from([0.0, 1.0, -1.0]),
    st.floats(-10, 10),
    st.floats(-1e60, 1e60),
    st.floats(-1e-60, 1e-60),
)
WIDTHS = st.one_of(st.sampled_from([0.1, 1.0, 0.25]), st.floats(1e-3, 5.0))


def exact_value(f, x):
    """The value of a Function's polynomial at a Fraction, without rounding."""
    breaks = f.breaks.tolist()
    index = min(max(k for k, low in enumerate(breaks) if low <= x), len(breaks) - 2)
    low, high = Fraction(breaks[index]), Fraction(breaks[index + 1])
    y = (2 * x - low - high) / (high - low)
    before, now, total = Fraction(1), y, Fraction(0)
    for k, coefficient in enumerate(f.coefficients[index].tolist()):
        total += Fraction(coefficient) * (1 if k == 0 else now)
        if k:
            before, now = now, 2 * y * now - before
    return total


def places_in(f, count=7):
    """Rational points inside each piece."""
    for low, high in zip(f.breaks[:-1].tolist(), f.breaks[1:].tolist(), strict=True):
        width = Fraction(high) - Fraction(low)
        yield from (Fraction(low) + width * Fraction(k, count) for k in range(1, count))


def require_exact(f, truth):
    """The polynomials are those of the truth within the bound of the pieces."""
    for x in places_in(f):
        assert abs(exact_value(f, x) - truth(x)) <= Fraction(f.error_bound)


# --- splines ------------------------------------------------------------------------------------


def powers(breaks, c, x):
    """A PPoly in rational numbers."""
    k = max(i for i in range(len(breaks) - 1) if breaks[i] <= x)
    y = x - Fraction(breaks[k])
    return sum((Fraction(row[k]) * y**j for j, row in enumerate(c[::-1].tolist())), Fraction(0))


def bernstein(breaks, c, x):
    k = max(i for i in range(len(breaks) - 1) if breaks[i] <= x)
    low, high = Fraction(breaks[k]), Fraction(breaks[k + 1])
    y, n = (x - low) / (high - low), len(c) - 1
    terms = (
        Fraction(c[j, k].item()) * math.comb(n, j) * y**j * (1 - y) ** (n - j) for j in range(n + 1)
    )
    return sum(terms, Fraction(0))


def b_spline(t, c, degree, x):
    """De Boor's recurrence in rational numbers."""
    t = [Fraction(each) for each in t]
    k = max(i for i in range(degree, len(t) - degree - 1) if t[i] <= x and t[i] < t[i + 1])
    d = [Fraction(c[k - degree + j]) for j in range(degree + 1)]
    for level in range(1, degree + 1):
        for j in range(degree, level - 1, -1):
            low, high = t[k - degree + j], t[k + 1 + j - level]
            part = (x - low) / (high - low)
            d[j] = (1 - part) * d[j - 1] + part * d[j]
    return d[degree]


@st.composite
def local_polynomials(draw):
    widths = draw(st.lists(WIDTHS, min_size=1, max_size=4))
    breaks = np.unique(draw(st.floats(-50, 50)) + np.concatenate([[0], np.cumsum(widths)]))
    degree = draw(st.integers(0, 6))
    count = (degree + 1) * (len(breaks) - 1)
    c = np.array(draw(st.lists(VALUES, min_size=count, max_size=count)))
    return breaks, c.reshape(degree + 1, len(breaks) - 1)


@given(local_polynomials())
@settings(max_examples=60, deadline=None)
def test_ppoly_is_taken_as_it_is(parts):
    breaks, c = parts
    f = Function(si.PPoly(c, breaks))
    assert f.breaks.tolist() == breaks.tolist()
    require_exact(f, lambda x: powers(breaks.tolist(), c, x))


@pytest.mark.parametrize("width", [1e-200, 1e-120, 1e-300, 1e100])
@pytest.mark.parametrize("size", [1e300, 1.0, 1e-300])
def test_powers_of_widths_that_leave_the_doubles_are_counted(width, size):
    c = np.array([[size], [-1.0], [size], [0.5]])
    try:
        f = Function(si.PPoly(c, [0, width]))
    except DataError as error:
        assert "overflows" in str(error)  # noqa: PT017
        return
    require_exact(f, lambda x: powers([0, width], c, x))


@given(local_polynomials())
@settings(max_examples=60, deadline=None)
def test_bpoly_is_taken_as_it_is(parts):
    breaks, c = parts
    require_exact(Function(si.BPoly(c, breaks)), lambda x: bernstein(breaks.tolist(), c, x))


@given(st.lists(WIDTHS, min_size=2, max_size=8), st.integers(0, 6), st.data())
@settings(max_examples=60, deadline=None)
def test_b_splines_are_taken_as_they_are(widths, degree, data):
    """With single, double and full knots."""
    inner = np.cumsum(widths)
    knots = np.concatenate([[0.0] * (degree + 1), inner, [inner[-1]] * degree])
    doubled = np.sort(np.append(knots, inner[:1])) if degree > 1 else knots
    count = len(doubled) - degree - 1
    c = np.array(data.draw(st.lists(VALUES, min_size=count, max_size=count)))
    f = Function(si.BSpline(doubled, c, degree))
    require_exact(f, lambda x: b_spline(doubled.tolist(), c.tolist(), degree, x))


X = np.sort(np.random.default_rng(3).uniform(0, 4, 60))
Y = np.sin(3 * X)
SPLINES = {
    "CubicSpline": si.CubicSpline(X, Y),
    "periodic": si.CubicSpline(
        np.linspace(0, 1, 9), [0, 1, 2, 3, 0, 1, 2, 3, 0], bc_type="periodic"
    ),
    "Pchip": si.PchipInterpolator(X, Y),
    "Akima": si.Akima1DInterpolator(X, Y),
    "Hermite": si.CubicHermiteSpline(X, Y, np.cos(X)),
    "make_interp_spline": si.make_interp_spline(X, Y, k=5),
    "UnivariateSpline": si.UnivariateSpline(X, Y, s=0.01),
    "InterpolatedUnivariateSpline": si.InterpolatedUnivariateSpline(X, Y, k=4),
    "LSQ": si.LSQUnivariateSpline(X, Y, [1.0, 2.0, 3.0]),
    "interp1d": si.interp1d(X, Y),
    "interp1d cubic": si.interp1d(X, Y, kind="cubic"),
    "derivative": si.CubicSpline(X, Y).derivative(),
    "complex": si.make_interp_spline(X, np.exp(1j * X)),
}


@pytest.mark.parametrize("name", SPLINES)
def test_splines_have_the_values_that_scipy_gives_them(name):
    spline = SPLINES[name]
    f = Function(spline)
    low, high = f.domain
    x = np.linspace(low, high, 1001)[1:-1]
    assert np.abs(f(x) - spline(x)).max() <= 1e-13 * np.abs(spline(x)).max()
    assert f.error_bound <= 1e-12 * np.abs(spline(x)).max()
    third = low + Fraction(1, 3)
    part = Function(spline, (third, high))
    assert part.domain == (float(third), high)
    x = x[x > third]
    assert np.abs(part(x) - spline(x)).max() <= 1e-13 * np.abs(spline(x)).max()


def test_splines_that_are_refused():
    grid = si.RegularGridInterpolator((X, X), np.outer(Y, Y))
    with pytest.raises(DtypeError, match="several variables"):
        Function(grid, (0, 1))
    with pytest.raises(ShapeError, match="more axes"):
        Function(si.CubicSpline(X, np.stack([Y, Y], axis=1)))
    with pytest.raises(ShapeError, match="more axes"):
        Function(si.make_interp_spline(X, np.stack([Y, Y], axis=1)))
    with pytest.raises(OptionError, match="goes beyond"):
        Function(si.CubicSpline(X, Y), (0, 5))
    with pytest.raises(OptionError, match="step function"):
        Function(si.interp1d(X, Y, kind="nearest"))
    with pytest.raises(DataError, match="coefficient nan at index"):
        Function(si.PPoly(np.array([[1.0, np.nan]]), [0, 1, 2]))
    with pytest.raises(OptionError, match="fall"):
        Function(si.PPoly(np.array([[1.0, 2.0]]), [2, 1, 0]))
    with pytest.raises(OptionError, match="degree 70"):
        Function(si.PPoly(np.ones((71, 1)), [0, 1]))
    with pytest.raises(OptionError, match="made of pieces"):
        Function(si.CubicSpline(X, Y), singular={1: -0.5})
    with pytest.raises(OptionError, match="lies outside"):
        Function(si.CubicSpline(X, Y), breaks=[9])


def test_a_spline_with_more_breaks_or_a_period():
    spline = SPLINES["periodic"]
    assert 0.3 in Function(spline, breaks=[0.3]).breaks
    f = Function(spline, periodic=True)
    assert f.period == 1
    assert f(5.3) == pytest.approx(float(spline(0.3)), rel=1e-12)


# --- NumPy's polynomials ------------------------------------------------------------------------

BASES = {
    Polynomial: lambda _k, u, b, _a: u * b,
    Chebyshev: lambda k, u, b, a: 2 * u * b - a if k else u,
    Legendre: lambda k, u, b, a: ((2 * k + 1) * u * b - k * a) / (k + 1),
    Hermite: lambda k, u, b, a: 2 * u * b - 2 * k * a,
    HermiteE: lambda k, u, b, a: u * b - k * a,
    Laguerre: lambda k, u, b, a: ((2 * k + 1 - u) * b - k * a) / (k + 1),
}


def numpy_value(p, x):
    """A polynomial of NumPy in rational numbers, its map included."""
    (d0, d1), (w0, w1) = ([Fraction(e) for e in pair.tolist()] for pair in (p.domain, p.window))
    u = w0 + (x - d0) * (w1 - w0) / (d1 - d0)
    before, now, total = Fraction(0), Fraction(1), Fraction(0)
    for k, coefficient in enumerate(p.coef.tolist()):
        total += Fraction(coefficient) * now
        before, now = now, BASES[type(p)](k, u, now, before)
    return total


@given(
    st.sampled_from(list(BASES)),
    st.lists(VALUES, min_size=1, max_size=9),
    st.tuples(st.floats(-9, 9), WIDTHS),
    st.tuples(st.floats(-9, 9), WIDTHS),
)
@settings(max_examples=150, deadline=None)
def test_numpy_polynomials_are_taken_as_they_are(kind, coefficients, domain, interval):
    (low, width), (start, span) = domain, interval
    p = kind(coefficients, domain=[low, low + width])
    require_exact(Function(p, (start, start + span)), lambda x: numpy_value(p, x))
    own = Function(p)
    assert own.domain == tuple(p.domain)
    require_exact(own, lambda x: numpy_value(p, x))


def test_poly1d_and_high_degrees():
    f = Function(np.poly1d([1, 2, 3]), (0, 2))
    require_exact(f, lambda x: x * x + 2 * x + 3)
    with pytest.raises(OptionError, match="interval is missing"):
        Function(np.poly1d([1, 2]))
    rng = np.random.default_rng(0)
    for degree in (64, 65, 200):
        p = Chebyshev(rng.normal(size=degree + 1) / np.arange(1, degree + 2) ** 2)
        f = Function(p)
        x = np.linspace(-1, 1, 2001)
        assert np.abs(f(x) - p(x)).max() <= 1e-13
    require_exact(Function(Chebyshev(np.arange(1.0, 66))), lambda x: numpy_value(p64, x))


p64 = Chebyshev(np.arange(1.0, 66))


def test_polynomials_of_other_numbers():
    f = Function(Polynomial([1, 2j]))
    assert f(0.5) == 1 + 1j
    exact = Function(Polynomial(np.array([Fraction(1, 3), Fraction(2, 7)])), (0, 1))
    require_exact(exact, lambda x: Fraction(1, 3) + Fraction(2, 7) * x)
    with pytest.raises(OptionError, match="coefficient is nan"):
        Function(Polynomial([1, np.nan]))


# --- samples ------------------------------------------------------------------------------------


@given(st.lists(VALUES, min_size=2, max_size=6), st.data())
@settings(max_examples=80, deadline=None)
def test_lines_between_samples(values, data):
    widths = data.draw(st.lists(WIDTHS, min_size=len(values) - 1, max_size=len(values) - 1))
    x = data.draw(st.floats(-50, 50)) + np.concatenate([[0.0], np.cumsum(widths)])
    f = Function.from_samples(values, x=x)
    places = x.tolist()

    def line(at):
        k = max(i for i in range(len(places) - 1) if places[i] <= at)
        low, high = Fraction(places[k]), Fraction(places[k + 1])
        one, other = Fraction(values[k]), Fraction(values[k + 1])
        return one + (other - one) * (at - low) / (high - low)

    assert f.breaks.tolist() == places
    require_exact(f, line)


def test_steps_are_a_histogram():
    counts, edges = np.histogram([0.1, 0.2, 0.9], bins=4, range=(0, 1))
    f = Function.from_samples(counts, x=edges, interpolation="steps")
    assert f([0.1, 0.3, 0.9]).tolist() == [2, 0, 1]
    assert f.domain == (0.0, 1.0)
    assert f.break_bound == 0
    assert Function.from_samples([2, 3], dx=2, start=1, interpolation="steps").domain == (1, 5)


def test_cubic_is_scipys():
    x = np.sort(np.random.default_rng(5).uniform(0, 9, 40))
    f = Function.from_samples(np.cos(x), x=x, interpolation="cubic")
    at = np.linspace(x[0], x[-1], 999)[1:-1]
    assert np.abs(f(at) - si.CubicSpline(x, np.cos(x))(at)).max() < 1e-13


@given(
    st.one_of(st.integers(1, 9).map(lambda k: Fraction(1, k)), st.floats(1e-3, 1e3)),
    st.one_of(st.sampled_from([0, Fraction(1, 3), 1e9]), st.floats(-1e3, 1e3)),
    st.integers(2, 30),
)
@settings(max_examples=80, deadline=None)
@example(Fraction(1), 4.552414627398374e-308, 2)
@example(Fraction(3, 2**1075), 0, 4)
@example(5e-324, Fraction(1, 3 * 2**1074), 2)
def test_places_are_rounded_once_and_that_is_counted(dx, start, count):
    y = np.arange(float(count)) % 3
    f = Function.from_samples(y, dx=dx, start=start, interpolation="steps")
    exact = [Fraction(start) + k * Fraction(dx) for k in range(count + 1)]
    assert f.breaks.tolist() == [float(place) for place in exact]
    lost = max(abs(Fraction(float(place)) - place) for place in exact)
    assert lost <= Fraction(f.break_bound)
    assert f.break_bound <= 2 * np.spacing(np.abs(f.breaks).max())
    assert (f.break_bound == 0) == (lost == 0)


def test_lines_over_rounded_places_stay_within_the_bound():
    f = Function.from_samples([0, 1, 4, 9, 16], dx=Fraction(1, 3), start=Fraction(1, 7))
    for x in places_in(f):
        k = (x - Fraction(1, 7)) * 3
        low = min(int(k), 3)
        truth = low**2 + (k - low) * (2 * low + 1)
        assert abs(exact_value(f, x) - truth) <= Fraction(f.error_bound)
    assert f.error_bound < 1e-13


def test_complex_samples():
    f = Function.from_samples([1, 1j, -1], dx=1)
    assert f(0.5) == 0.5 + 0.5j


@pytest.mark.parametrize("interpolation", ["linear", "cubic", "steps"])
def test_many_samples(interpolation):
    y = np.sin(np.arange(20_000) * 0.01)
    f = Function.from_samples(y, dx=0.1, interpolation=interpolation)
    at = np.array([0, 7, 9_999, 19_998])
    assert np.abs(f(at * 0.1 + 0.01) - y[at]).max() < 2e-3
    assert f.domain[0] <= 0
    assert f.domain[1] >= 1999.9


@pytest.mark.parametrize(
    ("y", "options", "kind", "why"),
    [
        ([1, 2], {}, OptionError, "one axis"),
        ([1, 2], {"dx": 1, "x": [0, 1]}, OptionError, "one axis"),
        ([1, 2], {"dx": 0}, OptionError, "above 0"),
        ([1, 2], {"dx": -1}, OptionError, "above 0"),
        ([1, 2], {"dx": np.nan}, OptionError, "dx is nan"),
        ([1, 2], {"dx": "a"}, DtypeError, "real number"),
        ([1, np.nan], {"dx": 1}, DataError, r"y\[1\] is nan"),
        ([1, 2], {"x": [0, np.inf]}, DataError, r"x\[1\] is inf"),
        ([1, 2, 3], {"x": [0, 2, 1]}, OptionError, "from index 1 to 2"),
        ([1, 2], {"x": [0, 0]}, OptionError, "does not rise"),
        ([1, 2], {"x": [0, 1, 2]}, ShapeError, "2 values and x has 3"),
        ([1, 2], {"x": [0, 1], "interpolation": "steps"}, ShapeError, "one edge more"),
        (
            [1, 2],
            {"dx": 1, "interpolation": "spline"},
            OptionError,
            "'linear' or 'cubic' or 'steps'",
        ),
        ([1, 2, 3], {"dx": 1, "interpolation": "cubic"}, ShapeError, "at least 4"),
        ([], {"dx": 1}, ShapeError, "at least 2"),
        ([[1, 2]], {"dx": 1}, ShapeError, "a vector"),
        (["a", "b"], {"dx": 1}, DtypeError, "must be numbers"),
        ([1, 2], {"dx": 1e-20, "start": 1}, OptionError, "too small beside start=1.0"),
        ([1, 2], {"x": [0, 1], "start": 1}, OptionError, "goes with dx"),
        ([0, 1], {"dx": 1e308, "start": 1e308}, OptionError, "larger unit"),
    ],
)
def test_samples_that_are_refused(y, options, kind, why):
    with pytest.raises(kind, match=why):
        Function.from_samples(y, **options)
