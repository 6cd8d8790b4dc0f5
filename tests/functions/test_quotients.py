"""Sizes, quotients, powers, norms and inner products: against exact rationals, closed forms, laws."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from faltung.errors import DataError, DtypeError, OptionError
from faltung.functions import Function, box, delta, gaussian, hat
from tests.functions import series
from tests.functions.strategies import TAME, VALUES, functions

INF = np.inf

CALM = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

BELL = Function(lambda t: np.exp(-t * t), (-INF, INF))
LORENTZ = Function(lambda t: 1 / (1 + t * t), (-INF, INF))


def assert_within(function, points, truth):
    """All values are within their own bounds, and the bounds are small."""
    points = np.asarray(points, dtype=float)
    errors = function._whole.error_bounds(points)
    assert (np.abs(function(points) - truth) <= errors + 4e-16 * np.abs(truth)).all()
    assert (errors <= 1e-9 * np.abs(truth).max()).all()


# --- sizes ----------------------------------------------------------------------------------------


def test_the_size_of_a_sine():
    f = abs(Function(np.sin, (0, 10)))
    points = np.linspace(0, 10, 401)
    assert_within(f, points, np.abs(np.sin(points)))
    assert f.breaks.tolist() == pytest.approx([0, np.pi, 2 * np.pi, 3 * np.pi, 10])
    assert f.integral() == pytest.approx(7 - np.cos(10 - 3 * np.pi), abs=1e-13)


def test_a_size_on_the_line():
    f = abs(Function(lambda t: (t - 1) * np.exp(-t * t), (-INF, INF)))
    points = np.linspace(-20, 20, 201)
    truth = np.abs(points - 1) * np.exp(-points * points)
    assert np.abs(f(points)[points != 1] / truth[points != 1] - 1).max() < 1e-12
    assert f.breaks.tolist() == [1.0]


@CALM
@given(functions(values=VALUES, length=8))
def test_sizes_of_polynomials(f):
    size = abs(f)
    points = series.inner_points(f)
    errors = size._whole.error_bounds(points)
    for x, value, error in zip(points, size(points).tolist(), errors.tolist(), strict=True):
        exact = abs(series.derivatives(f, series.piece_at(f, x), x, 0)[0])
        assert abs(Fraction(value) - exact) <= Fraction(error)
    assert (size(points) >= -errors).all()
    assert size.domain == f.domain
    assert abs(abs(f) - abs(-f)).maximum().value <= 2 * size.error_bound


def test_sizes_of_complex_functions():
    f = Function(lambda t: (2 + t) * np.exp(3j * t), (0, 4))
    points = np.linspace(0, 4, 33)
    assert_within(abs(f), points, 2 + points)
    with pytest.raises(DataError, match="is 0 at"):
        abs(Function(lambda t: t * np.exp(3j * t), (-1, 1)))
    assert abs(abs(1j * box(0, 1)))(0.5) == 1


def test_numpy_has_no_functions_of_functions():
    size: Any = box(0, 1, -1)
    with pytest.raises(TypeError, match="ufunc"):
        np.abs(size)
    assert abs(size)(0.5) == 1


# --- quotients and powers -------------------------------------------------------------------------


def test_quotients():
    points = np.linspace(0, 10, 201)
    assert_within(1 / (2 + Function(np.sin, (0, 10))), points, 1 / (2 + np.sin(points)))
    f = Function(np.sin, (0, 1)) / Function(np.cos, (0, 1))
    points = np.linspace(0, 1, 101)
    assert_within(f, points, np.tan(points))
    assert (box(0, 1) / hat(-1, 0.5, 2))([0.25, 0.75]) == pytest.approx([1.2, 1.2])
    ratio = BELL / LORENTZ
    points = np.linspace(-20, 20, 101)
    truth = np.exp(-points * points) * (1 + points * points)
    assert np.abs(ratio(points) / truth - 1).max() < 1e-12
    assert ((3 * BELL) / 3 - BELL).norm(INF) < 1e-13


def test_quotients_with_more_than_one_part():
    wave = Function(lambda t: np.exp(1j * t), (0, 4))
    points = np.linspace(0.1, 3.9, 20)
    assert np.abs((1 / wave)(points) - np.exp(-1j * points)).max() < 1e-13
    assert np.abs((wave / (2 * wave))(points) - 0.5).max() < 1e-13
    swing = Function(np.sin, (0, 2 * np.pi), periodic=True)
    ratio = (1 + swing) / (2 + swing)
    assert ratio.period == swing.period
    assert ratio(40.0) == pytest.approx((1 + np.sin(40)) / (2 + np.sin(40)), abs=1e-13)
    picked = delta(0.5, 3.0) / Function(lambda t: 1 + t, (0, 1))
    assert picked.deltas[0].weight == pytest.approx(2.0, abs=1e-13)


@CALM
@given(functions(values=TAME, pieces=3), st.floats(1e-3, 5))
def test_a_quotient_is_the_inverse_of_a_product(f, aside):
    # In pieces as narrow as a few doubles a quotient may be refused.
    assume(np.diff(f.breaks).min() > 1e-9 * np.abs(f.breaks).max())
    size = abs(f) + aside
    back = (f * size) / size
    points = series.inner_points(f)
    errors = back._whole.error_bounds(points) + f._whole.error_bounds(points)
    assert (np.abs(back(points) - f(points)) <= errors).all()


@CALM
@given(functions(values=TAME, pieces=3), st.floats(1e-3, 5), st.sampled_from([0.5, -0.5, -1, 1.7]))
def test_powers_of_what_is_positive(f, aside, exponent):
    assume(np.diff(f.breaks).min() > 1e-9 * np.abs(f.breaks).max())
    base = f * f + aside
    power = base**exponent
    points = series.inner_points(f)
    errors = power._whole.error_bounds(points)
    with mp.workdps(40):
        for x, value, error in zip(points, power(points).tolist(), errors.tolist(), strict=True):
            inner = series.derivatives(f, series.piece_at(f, x), x, 0)[0]
            exact = inner * inner + Fraction(aside)
            true = (mp.mpf(exact.numerator) / exact.denominator) ** mp.mpf(exponent)
            assert abs(value - true) <= error


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 5, -1, -2, 0.5, -1.5, Fraction(1, 2)])
def test_powers(exponent):
    points = np.linspace(0, 1, 21)
    assert_within(
        Function(lambda t: 1 + t, (0, 1)) ** exponent, points, (1 + points) ** float(exponent)
    )


def test_powers_with_poles_and_tails():
    f = Function(lambda t: t**-0.5 * np.exp(-t), (0, INF))
    points = np.geomspace(1e-100, 50, 60)
    truth = points**-0.25 * np.exp(-points / 2)
    assert np.abs((f**0.5)(points) / truth - 1).max() < 1e-12
    places = np.linspace(-24, 24, 49)
    assert np.abs((BELL**0.5)(places) / np.exp(-places * places / 2) - 1).max() < 1e-12
    assert np.abs((LORENTZ**1.5)(points) / (1 + points**2) ** -1.5 - 1).max() < 1e-12
    inner = points[points < 3]
    inverse = 1 / f.restrict(0, 3)
    assert np.abs(inverse(inner) / (inner**0.5 * np.exp(inner)) - 1).max() < 1e-11


def test_signs_of_powers():
    f = -Function(lambda t: 1 + t, (0, 1))
    assert (f**-1)(0.5) == pytest.approx(-1 / 1.5)
    assert (f**-2)(0.5) == pytest.approx(1 / 2.25)
    assert (1 / (box(0, 1) - box(1, 2, 2)))([0.5, 1.5]) == pytest.approx([1, -0.5])
    with pytest.raises(DataError, match=r"negative at x = .*0.5 is not real"):
        f**0.5


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: 1 / Function(lambda t: t, (-1, 1)), r"is 0 at x = .*restrict"),
        (lambda: 1 / Function(lambda t: t, (0, 1)), r"is 0 at x = 0.0"),
        (lambda: box(-1, 1) / Function(lambda t: t - 0.5, (-1, 1)), r"is 0 at x = 0.5"),
        (lambda: box(0, 3) / box(0, 1), r"divisor is zero on \[1.0, 3.0\].*restrict"),
        (lambda: 1 / (box(0, 1) + box(2, 3)), r"on \[1.0, 2.0\]"),
        (lambda: 1 / BELL, "falls to nothing towards infinity"),
        (lambda: hat(-1, 0, 1) ** 0.5, "is 0 at x = -1.0"),
        (lambda: LORENTZ / BELL, "falls to nothing"),
        (lambda: Function(lambda t: t**0.5, (0, 1)) ** -2, "exponent -1 or below"),
    ],
)
def test_what_has_no_quotient(make, what):
    with pytest.raises(DataError, match=what):
        make()


def test_deltas_and_complex_powers_are_refused():
    wave = Function(lambda t: np.exp(1j * t), (0, 4))
    for wrong in (lambda: 1 / delta(0), lambda: delta(0) ** 2, lambda: abs(delta(0))):
        with pytest.raises(OptionError, match="not defined"):
            wrong()
    with pytest.raises(OptionError, match="power 0.5 of a complex function"):
        wave**0.5
    with pytest.raises(OptionError, match="finite"):
        box(0, 1) ** np.nan
    assert (wave**-2)(1.0) == pytest.approx(np.exp(-2j))


# --- norms and inner products ---------------------------------------------------------------------

NORMS: list[tuple[Any, float, float]] = [
    (Function(np.sin, (0, 2 * np.pi)), 1, 4.0),
    (Function(np.sin, (0, 2 * np.pi)), 2, np.sqrt(np.pi)),
    (Function(np.sin, (0, 2 * np.pi)), 4, (3 * np.pi / 4) ** 0.25),
    (Function(np.sin, (0, 2 * np.pi)), INF, 1.0),
    (Function(np.sin, (0, np.pi)), 3, (4 / 3) ** (1 / 3)),
    (BELL, 1, np.sqrt(np.pi)),
    (BELL, 2, (np.pi / 2) ** 0.25),
    (BELL, 2.5, (np.pi / 2.5) ** 0.2),
    (LORENTZ, 2, np.sqrt(np.pi / 2)),
    (LORENTZ, 3, (3 * np.pi / 8) ** (1 / 3)),
    (Function(lambda t: t**-0.25, (0, 1)), 2, np.sqrt(2)),
    (Function(lambda t: t**-0.25, (0, 1)), INF, INF),
    (Function(lambda t: np.exp(1j * t), (0, 4)), 1, 4.0),
    (Function(lambda t: np.exp(1j * t), (0, 4)), 2, 2.0),
    (Function(lambda t: np.exp(1j * t), (0, 4)), INF, 1.0),
    (Function(np.cos, (0, 2 * np.pi), periodic=True), 2, np.sqrt(np.pi)),
    (box(0, 4, -3), 2, 6.0),
]


@pytest.mark.parametrize(("f", "p", "truth"), NORMS)
def test_norms(f, p, truth):
    if np.isinf(truth):
        assert f.norm(p) == truth
        return
    assert abs(f.norm(p) - truth) <= f.norm_bound(p) + 2e-16 * truth
    assert f.norm_bound(p) <= 1e-10 * truth


def test_inner_products():
    f, g = Function(np.sin, (0, np.pi)), Function(lambda t: t, (0, np.pi))
    assert abs(f.inner(g) - np.pi) <= f.inner_bound(g) + 1e-15
    assert f.inner(g) == pytest.approx(g.inner(f), abs=1e-14)
    decay = Function(lambda t: np.exp(-t), (0, INF))
    assert decay.inner(decay) == pytest.approx(0.5, abs=1e-14)
    assert (
        decay.inner(box(-2, -1)) == decay.inner(decay.reflect()) == box(0, 1).inner(box(2, 3)) == 0
    )
    wave = Function(lambda t: np.exp(1j * t), (0, 2))
    assert wave.inner(box(0, 2)) == pytest.approx(np.conj((np.exp(2j) - 1) / 1j), abs=1e-13)
    half = Function(lambda t: t**-0.25, (0, 1))
    assert half.inner(half) == pytest.approx(2, abs=1e-13)


@CALM
@given(functions(values=TAME), functions(values=TAME))
def test_cauchy_and_schwarz(f, g):
    product, bound = f.inner(g), f.inner_bound(g)
    norms = [each.norm() + each.norm_bound() for each in (f, g)]
    assert abs(product) <= norms[0] * norms[1] * (1 + 1e-12) + bound
    assert abs(f.inner(f) - f.norm() ** 2) <= 2 * f.inner_bound(f) + 1e-15 * f.inner(f)


@CALM
@given(
    functions(values=TAME), st.sampled_from([1, 2, 3, 4, INF]), st.sampled_from([-2.0, 0.5, 3.0])
)
def test_norms_of_multiples_and_sums(f, p, factor):
    one, other = (factor * f).norm(p), abs(factor) * f.norm(p)
    bounds = (factor * f).norm_bound(p) + abs(factor) * f.norm_bound(p)
    assert abs(one - other) <= bounds + 1e-15 * other
    assert f.norm(p) >= 0


@CALM
@given(functions(values=TAME))
def test_exact_inner_products(f):
    """Against Gauss quadrature in rational numbers: the degrees are at most 4."""
    total = Fraction(0)
    starts = np.polynomial.legendre.leggauss(6)[0].tolist()
    with mp.workdps(40):
        nodes = [mp.findroot(lambda x: mp.legendre(6, x), mp.mpf(x)) for x in starts]
        weights = [2 / ((1 - x * x) * mp.diff(lambda y: mp.legendre(6, y), x) ** 2) for x in nodes]
        for index in range(len(f.coefficients)):
            low, high = (Fraction(end) for end in f.breaks[index : index + 2].tolist())
            for x, weight in zip(nodes, weights, strict=True):
                part = Fraction(int(mp.nint(x * 2**120)), 2**120)
                value = series.derivatives(f, index, (low + high + (high - low) * part) / 2, 0)[0]
                scaled = Fraction(int(mp.nint(weight * 2**120)), 2**120)
                total += value * value * scaled * (high - low) / 2
    assert abs(Fraction(f.inner(f)) - total) <= Fraction(f.inner_bound(f))


def test_what_has_no_norm():
    with pytest.raises(DataError, match="diverges"):
        Function(lambda t: (1 + t) ** -0.5, (0, INF)).norm()
    with pytest.raises(DataError, match="is 0 at"):
        Function(np.sin, (0, 6)).norm(1.5)
    with pytest.raises(OptionError, match="not defined"):
        delta(0).norm()
    with pytest.raises(OptionError, match="not defined"):
        delta(0).norm(INF)
    wrongs: list[Any] = [0.5, 0, -1, np.nan, "2", None, True]
    for wrong in wrongs:
        with pytest.raises(OptionError, match="1 or above"):
            box(0, 1).norm(wrong)
    with pytest.raises(DtypeError, match="two Functions"):
        box(0, 1).inner(3)  # type: ignore[arg-type]


def test_the_bound_of_an_integral():
    assert abs(gaussian().integral() - 1) <= gaussian().integral_bound() < 1e-12
    assert abs(BELL.integral() - np.sqrt(np.pi)) <= BELL.integral_bound() < 1e-12


def test_the_integral_of_a_gaussian_up_to_a_place_on_the_line():
    """A constant tail must not begin before what falls has ended."""
    density = Function(lambda t: np.exp(-t * t / 2) / np.sqrt(2 * np.pi), (-INF, INF))
    below = density.cumulative()
    points = np.linspace(-8, 12, 101)
    truth = np.array([float(mp.ncdf(x)) for x in points])
    assert np.abs(below(points) - truth).max() <= below.error_bound
