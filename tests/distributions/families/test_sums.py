"""Closed forms: against the laws they are, and against laws of sums made in another way."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faltung.distributions import Density, NamedDensity, die, parse, point
from faltung.distributions.families.sums import root
from faltung.errors import OptionError
from tests.distributions.families import exact


def law(text):
    result = parse(text)
    assert isinstance(result, NamedDensity)
    return result


@pytest.mark.parametrize(
    ("total", "closed"),
    [
        ("normal(1, 3) + normal(2, 4)", "normal(3, 5)"),
        ("normal(1, 3) - normal(2, 4)", "normal(-1, 5)"),
        ("2 * normal(1, 3) - 5", "normal(-3, 6)"),
        ("cauchy(1, 2) + cauchy(0, 1/3)", "cauchy(1, 7/3)"),
        ("cauchy(1, 2) - cauchy(0, 1/3)", "cauchy(1, 7/3)"),
        ("levy(1, 4) + levy(2, 9)", "levy(3, 25)"),
        ("gamma(1/2, 3) + gamma(2, 3)", "gamma(5/2, 3)"),
        ("expon(3) + gamma(2, 3) + erlang(4, 3)", "gamma(7, 3)"),
        ("chi2(1) + chi2(4)", "chi2(5)"),
        ("chi2(1) / 2 + expon(1)", "gamma(3/2, 1)"),
        ("inverse_gaussian(2, 3) + inverse_gaussian(4, 12)", "inverse_gaussian(6, 27)"),
        ("normal(0, 1) + point(1/3)", "normal(1/3, 1)"),
        ("1 - expon(2) - expon(2)", "1 - gamma(2, 2)"),
    ],
)
def test_closed_forms(total, closed):
    x, y = law(total), law(closed)
    assert (x.family, x.loc, x.scale) == (y.family, y.loc, y.scale)
    if " + " in total and "point" not in total:
        assert "by the closed form" in x.explain()


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("normal(1, 3)", "normal(4, 6)"),
        ("cauchy(1, 2)", "cauchy(4, 8)"),
        ("levy(1, 2)", "levy(4, 32)"),
        ("gamma(1/2, 3)", "gamma(2, 3)"),
        ("expon(3)", "erlang(4, 3)"),
        ("inverse_gaussian(2, 3)", "inverse_gaussian(8, 48)"),
    ],
)
def test_copies(text, closed):
    x, y = law(text).sum(4), law(closed)
    assert isinstance(x, NamedDensity)
    assert (x.family, x.loc, x.scale) == (y.family, y.loc, y.scale)
    assert "closed form sum of 4" in x.explain()
    assert law(text).sum(1).cdf(0.7) == law(text).cdf(0.7)
    assert law(text).sum(0).support() == (0, 0)
    assert (law(text).sum(2) + law(text).sum(2)).ppf(0.3) == y.ppf(0.3)


def test_a_million_normal_variables():
    total = law("normal(1/3, 2)").sum(10**6)
    assert isinstance(total, NamedDensity)
    assert total.loc == Fraction(10**6, 3)
    assert total.scale == 2000


@pytest.mark.parametrize(
    "text",
    [
        "levy(0, 1) - levy(0, 1)",
        "inverse_gaussian(2, 3) + inverse_gaussian(2, 4)",
        "logistic(0, 1) + logistic(0, 1)",
    ],
)
def test_what_has_no_closed_form(text):
    first, second = (law(part) for part in text.replace(" - ", " + -1 * ").split(" + "))
    from faltung.distributions.families.sums import closed_sum

    assert closed_sum(first._located(), second._located()) is None


def test_atoms_stay_beside_a_closed_form():
    total = (law("normal(0, 3)") + die(6)) + (law("normal(0, 4)") + die(4))
    other = law("normal(0, 5)") + (die(6) + die(4))
    assert isinstance(total, NamedDensity)
    x = np.linspace(-150, 150, 7)
    np.testing.assert_array_equal(total.logsf(x), other.logsf(x))
    twice = (law("normal(0, 1)") + die(6)).sum(2)
    assert twice.mean() == 7
    assert twice.cdf(3.0) == (law("normal(0, 2)") / 2 * root_two() + die(6).sum(2)).cdf(3.0)


def root_two():
    return root(Fraction(2))


@given(st.fractions(min_value=Fraction(1, 10**30), max_value=10**30, max_denominator=10**30))
@settings(max_examples=60)
def test_roots_are_rounded_beyond_every_float(square):
    found = root(square)
    assert abs(found * found / square - 1) <= Fraction(1, 2**120)
    assert root(square * square) == square


@pytest.mark.parametrize("extreme", [Fraction(1, 10**600), Fraction(10) ** 600 + 1])
def test_roots_of_extreme_numbers(extreme):
    assert abs(root(extreme) ** 2 / extreme - 1) <= Fraction(1, 2**120)


# --- gamma variables of different scales ----------------------------------------------------------


def erlang_sum(t, rates):
    """pdf, cdf and sf of a sum of exponential variables, by partial fractions with many digits."""
    with mpmath.workdps(600):
        rates = [exact.number(rate) for rate in rates]
        t = exact.number(t)
        height = above = mpmath.mpf(0)
        for i, a in enumerate(rates):
            weight = mpmath.fprod(b / (b - a) for j, b in enumerate(rates) if j != i)
            height += weight * a * mpmath.exp(-a * t)
            above += weight * mpmath.exp(-a * t)
        return height, 1 - above, above


@given(
    st.lists(st.fractions(1, 10, max_denominator=1000), min_size=2, max_size=5, unique=True),
    st.floats(0.1, 299),
    st.booleans(),
)
@settings(max_examples=20, deadline=None)
def test_exponential_variables_of_different_rates(rates, level, left):
    total = sum(law(f"expon({1 / rate})") for rate in rates)
    assert isinstance(total, NamedDensity)
    x = total.ppf(10.0**-level) if left else total.isf(10.0**-level)
    for got, true in zip(
        (total.pdf(x), total.cdf(x), total.sf(x)), erlang_sum(x, rates), strict=True
    ):
        if true >= 1e-300:
            assert abs(got / true - 1) <= total.error_bound


def test_gamma_sums_know_their_moments():
    x, y = law("gamma(1/2, 3)"), law("gamma(2, 1)")
    total = x + y
    assert isinstance(total, NamedDensity)
    assert total.mean() == x.mean() + y.mean()
    assert total.var() == x.var() + y.var()
    thirds = [z.skew() * z.std() ** 3 for z in (x, y)]
    assert total.skew() * total.std() ** 3 == pytest.approx(sum(thirds))
    fourths = [z.kurtosis() * z.var() ** 2 for z in (x, y)]
    assert total.kurtosis() * total.var() ** 2 == pytest.approx(sum(fourths))
    moment = x.moment(3) + 3 * x.moment(2) * y.mean() + 3 * x.mean() * y.moment(2) + y.moment(3)
    assert total.moment(3) == pytest.approx(moment)
    assert total.pdf_error_bound > max(total.pdf(np.linspace(0.01, 10, 500))) * total.error_bound


def test_gamma_sums_are_one_law_however_they_are_added():
    x, y, z = law("gamma(1/2, 3)"), law("expon(1)"), law("gamma(3, 7)")
    first, second = (x + y) + z, z + (y + x)
    assert isinstance(first, NamedDensity)
    assert isinstance(second, NamedDensity)
    assert (first.family, first.scale) == (second.family, second.scale)
    assert (x + y).sum(2).cdf(3.0) == (x + x + y + y).cdf(3.0)
    far = y + law("expon(1000)")
    assert isinstance(far, Density)
    assert not isinstance(far, NamedDensity)


def test_gamma_sums_at_wild_points():
    total = law("expon(1)") + law("expon(2)")
    x = np.array([-np.inf, -1.0, 0.0, 5e-324, 1e-310, 1e300, np.inf, np.nan])
    np.testing.assert_array_equal(total.cdf(x)[[0, 1, 2, 5, 6]], [0, 0, 0, 1, 1])
    np.testing.assert_array_equal(total.sf(x)[[0, 1, 2, 3, 5, 6]], [1, 1, 1, 1, 0, 0])
    assert math.isnan(total.cdf(math.nan))
    assert total.logsf(2000.0) == pytest.approx(math.log(2) - 1000)


# --- uniform variables ----------------------------------------------------------------------------


def irwin_hall(n, x):
    """pdf, cdf and sf of n uniform variables, the alternating sums in rationals."""
    x = Fraction(x)
    signs = [(-1) ** k * math.comb(n, k) for k in range(math.floor(x) + 1)]
    height = sum(s * (x - k) ** (n - 1) for k, s in enumerate(signs)) / math.factorial(n - 1)
    below = sum(s * (x - k) ** n for k, s in enumerate(signs)) / math.factorial(n)
    return height, below, 1 - below


@given(st.integers(2, 60), st.floats(0.1, 299), st.booleans())
@settings(max_examples=20, deadline=None)
def test_uniform_variables(n, level, left):
    total = law("uniform(0, 1)").sum(n)
    assert isinstance(total, NamedDensity)
    x = total.ppf(10.0**-level) if left else total.isf(10.0**-level)
    for got, true in zip((total.pdf(x), total.cdf(x), total.sf(x)), irwin_hall(n, x), strict=True):
        if true >= 1e-300:
            assert abs(Fraction(got) / true - 1) <= total.error_bound


def test_uniform_variables_that_are_moved_and_stretched():
    total = law("uniform(1, 3)") + law("uniform(-1, 1)") + law("uniform(0, 2)")
    assert isinstance(total, NamedDensity)
    assert total.support() == (0, 6)
    assert total.cdf(1.5) == pytest.approx(0.75**3 / 6, rel=1e-14)
    assert total.cdf(3.0) == 0.5
    mixed = law("uniform(0, 1)") + law("uniform(0, 2)")
    assert not isinstance(mixed, NamedDensity)


def test_a_constant_is_no_closed_form_of_its_own():
    assert isinstance(law("expon(1)") + point(2), NamedDensity)


def test_many_copies_of_an_exponential_variable():
    total = law("expon(1)").sum(10**5)
    assert isinstance(total, NamedDensity)
    for x in (total.ppf(1e-299), total.ppf(1e-7), total.isf(1e-150)):
        for got, true in zip(
            (total.cdf(x), total.sf(x)), exact.gamma(mpmath.mpf(x), 10**5)[1:], strict=True
        ):
            assert abs(got / true - 1) <= total.error_bound < 1e-11
    most = law("expon(1)").sum(10**9)
    assert isinstance(most, NamedDensity)
    # Wilson and Hilferty (1931): the cube root is nearly normal.
    cube = 3 * math.sqrt(1e9) * ((most.isf(1e-100) / 1e9) ** (1 / 3) - 1 + 1 / 9e9)
    assert law("normal(0, 1)").logsf(cube) == pytest.approx(-100 * math.log(10), rel=1e-5)
    for many in (10**16, 10**400):
        with pytest.raises(OptionError, match="take the normal limit"):
            law("expon(1)").sum(many)
        with pytest.raises(OptionError, match=r"beyond double precision|normal limit"):
            law("inverse_gaussian(1, 1)").sum(many**3)


def test_a_difference_of_uniform_variables_is_triangular():
    law = parse("uniform(0, 1)") - parse("uniform(0, 1)")
    assert isinstance(law, NamedDensity)
    for x in (-0.99998585, -0.5, -(2.0**-40)):
        assert law.cdf(x) == pytest.approx(float((1 + Fraction(x)) ** 2 / 2), rel=1e-14)
        assert law.sf(-x) == pytest.approx(float((1 + Fraction(x)) ** 2 / 2), rel=1e-14)
    assert (law - law).support() == (-2, 2)
    assert not isinstance(law + parse("uniform(0, 2)"), NamedDensity)
