"""Irwin–Hall, hypoexponential and generalised chi squared laws by name."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from faltung.distributions import (
    Density,
    NamedDensity,
    generalized_chi2,
    hypoexponential,
    irwin_hall,
    parse,
)
from faltung.errors import DataError, DtypeError, OptionError, ShapeError
from tests.distributions.families.test_sums import erlang_sum
from tests.distributions.families.test_sums import irwin_hall as exact_irwin_hall

# --- Irwin–Hall -----------------------------------------------------------------------------------


def test_ten_uniform_variables_as_wolfram_alpha_has_them():
    true = [1 / 3628800, 169 / 604800, 24427 / 1814400, 252023 / 1814400, 0.5]
    law = irwin_hall(10)
    np.testing.assert_allclose(law.cdf(np.arange(1.0, 6)), true, rtol=law.error_bound)
    np.testing.assert_allclose(law.sf(10 - np.arange(1.0, 6)), true, rtol=law.error_bound)
    moment = Fraction(17453002755350010529309685557285098151740985685, 4862)
    assert law.moment(50) == float(moment)


@pytest.mark.parametrize(
    ("n", "points"),
    [
        (2, [1e-100, 0.5, 1.0, 1.9999]),
        (100, [0.5, 3.3, 41.7, 50, 97.2]),
        (600, [130.25, 270.0, 280.0, 299.5, 300.5]),
        (1000, [20.5, 421.75, 440.0, 560.0]),
    ],
)
def test_irwin_hall_in_both_tails(n, points):
    law = irwin_hall(n)
    for x in points:
        true = exact_irwin_hall(n, x)
        for got, value in zip((law.pdf(x), law.cdf(x), law.sf(x)), true, strict=True):
            if value >= Fraction(1, 10**300):
                assert abs(Fraction(got) / value - 1) <= law.error_bound


def test_a_thousand_uniform_variables():
    law = irwin_hall(1000)
    assert law.error_bound < 3e-12
    assert law.cdf(500.0) == pytest.approx(0.5, rel=law.error_bound)
    assert law.logcdf(0.5) == pytest.approx(-1000 * math.log(2) - math.lgamma(1001), rel=1e-14)
    true = sum((-1) ** k * math.comb(1000, k) * Fraction(13 - 4 * k, 4) ** 1000 for k in range(4))
    with mpmath.workdps(40):
        log = mpmath.log(mpmath.mpf(true.numerator)) - mpmath.log(mpmath.mpf(true.denominator))
        log -= mpmath.loggamma(1001)
    assert law.logcdf(3.25) == pytest.approx(float(log), rel=1e-13)
    assert law.std() == pytest.approx(math.sqrt(1000 / 12))
    assert law.kurtosis() == -0.0012
    # Nearly normal: with the kurtosis k an entropy is smaller than the normal one by k**2 / 48.
    assert law.entropy() == pytest.approx(math.log(2 * math.pi * math.e * 1000 / 12) / 2, abs=1e-7)


@pytest.mark.parametrize("method", ["pdf", "logpdf", "cdf", "sf", "logcdf", "logsf"])
def test_irwin_hall_is_not_a_number_where_x_is_not(method):
    value = getattr(irwin_hall(5), method)
    assert math.isnan(value(math.nan))
    np.testing.assert_array_equal(value([math.nan, 1.5]), [math.nan, value(1.5)])


@pytest.mark.parametrize("n", [0, 1001, 2.5, True, "3"])
def test_irwin_hall_needs_a_number(n):
    with pytest.raises(OptionError, match="write a whole number from 1 to 1000"):
        irwin_hall(n)


# --- hypoexponential ------------------------------------------------------------------------------


def test_standby_units():
    law = hypoexponential([1, 2, 3])
    true = {
        1: 0.74741954217235283,
        10: 1.3619360592016347e-4,
        20: 6.1834608545706107e-9,
        40: 1.2745062765874767e-17,
        80: 5.4145541635362455e-35,
    }
    for t, value in true.items():
        assert law.sf(t) == pytest.approx(value, rel=1e-14)
    assert isinstance(law, NamedDensity)
    assert law.error_bound < 1e-11


@given(
    st.lists(st.integers(0, 40), min_size=2, max_size=6, unique=True),
    st.integers(3, 14),
    st.floats(0.1, 299),
    st.booleans(),
)
@settings(max_examples=10, deadline=None)
def test_nearly_equal_rates_cost_no_digits(steps, digits, level, left):
    rates = [1 + Fraction(step, 10**digits) for step in steps]
    law = hypoexponential(rates)
    assert isinstance(law, NamedDensity)
    x = law.ppf(10.0**-level) if left else law.isf(10.0**-level)
    for got, true in zip((law.pdf(x), law.cdf(x), law.sf(x)), erlang_sum(x, rates), strict=True):
        if true >= 1e-300:
            assert abs(got / true - 1) <= law.error_bound


def test_equal_rates_are_a_gamma_law():
    law = hypoexponential([0.5] * 7)
    assert isinstance(law, NamedDensity)
    assert law.sf(100) == parse("erlang(7, 2)").sf(100)
    assert hypoexponential(0.5).sf(3) == parse("expon(2)").sf(3)
    assert hypoexponential(np.array([0.5, 0.5])).mean() == 4


def test_rates_far_apart():
    law = hypoexponential([1, 1000, 1001])
    assert isinstance(law, Density)
    assert not isinstance(law, NamedDensity)
    for t in (0.5, 5.0):
        true = erlang_sum(t, [1, 1000, 1001])[2]
        assert abs(law.sf(t) - true) <= law.error_bound


def test_a_hundred_different_rates():
    rates = np.linspace(1, 10, 100)
    law = hypoexponential(rates)
    assert law.mean() == pytest.approx(math.fsum(1 / rates))
    assert law.var() == pytest.approx(math.fsum(1 / rates**2))
    true = erlang_sum(60.0, [Fraction(rate) for rate in rates.tolist()])[2]
    assert law.sf(60.0) == pytest.approx(float(true), rel=1e-10)


@pytest.mark.parametrize(
    ("rates", "error", "message"),
    [
        ([], ShapeError, "there is no rate: write at least one"),
        ([1, 0], DataError, "a rate is 0 and must be positive"),
        ([1, -2.5], DataError, "a rate is -5/2 and must be positive"),
        ([math.nan], DataError, "rate is nan: write a finite number"),
        (["a"], DtypeError, "rate 'a' is a str"),
        ("abc", DtypeError, "rate 'abc' is a str"),
    ],
)
def test_rates_that_are_none(rates, error, message):
    with pytest.raises(error, match=message):
        hypoexponential(rates)


# --- generalised chi squared ----------------------------------------------------------------------


def test_imhofs_table():
    """J. P. Imhof, Biometrika 48 (1961), table 1, the first quadratic form."""
    law = generalized_chi2([0.6, 0.3, 0.1])
    assert [round(value, 4) for value in law.sf([0.1, 0.7, 2.0])] == [0.9458, 0.5064, 0.1240]


def noncentral(df, delta, y):
    """cdf and sf of a noncentral chi squared variable at 2 y, the mixture by Poisson weights."""
    half, shape = mpmath.mpf(delta) / 2, mpmath.mpf(df) / 2
    with mpmath.workdps(400):
        upper = mpmath.gammainc(shape, y, regularized=True)
        power = mpmath.exp(shape * mpmath.log(y) - y - mpmath.loggamma(shape + 1))
        weight = mpmath.exp(-half)
        below = above = mpmath.mpf(0)
        for k in range(900):
            below += weight * (1 - upper)
            above += weight * upper
            upper, power = upper + power, power * y / (shape + k + 1)
            weight *= half / (k + 1)
        return below, above


@pytest.mark.parametrize("df", [1, 3, 20.5])
@pytest.mark.parametrize("delta", [0.3, 80.0])
def test_one_noncentral_chi_squared_variable(df, delta):
    law = generalized_chi2(2, df, noncentralities=delta)
    assert isinstance(law, NamedDensity)
    frozen = stats.ncx2(df, delta, scale=2)
    assert law.mean() == pytest.approx(frozen.mean())
    assert law.var() == pytest.approx(frozen.var())
    assert law.skew() == pytest.approx(float(frozen.stats("s")))
    with mpmath.workdps(50):
        for x in [*law.ppf([1e-100, 1e-9, 0.4]).tolist(), *law.isf([0.1, 1e-50, 1e-299]).tolist()]:
            below, above = noncentral(df, delta, mpmath.mpf(x) / 4)
            assert abs(law.sf(x) / above - 1) <= law.error_bound < 1e-10
            assert abs(law.cdf(x) / below - 1) <= law.error_bound


def test_two_noncentral_chi_squared_variables():
    law = generalized_chi2([1, 3], [2, 4], noncentralities=[1.5, 0.5])
    x, y = stats.ncx2(2, 1.5), stats.ncx2(4, 0.5, scale=3)
    assert law.mean() == pytest.approx(x.mean() + y.mean())
    from scipy.integrate import quad

    true, _ = quad(lambda t: x.pdf(t) * y.cdf(20 - t), 0, 20, epsabs=1e-13, epsrel=1e-12)
    assert law.cdf(20.0) == pytest.approx(true, rel=1e-10)


def test_weights_of_both_signs_and_a_normal_variable():
    law = generalized_chi2([1, -2, 0], [4, 6, 1], normal=1)
    assert isinstance(law, Density)
    assert law.mean() == pytest.approx(4 - 12)
    assert law.var() == pytest.approx(8 + 4 * 12 + 1)
    assert law.support() == (-math.inf, math.inf)
    mirrored = generalized_chi2([-1, -2], [4, 6])
    assert isinstance(mirrored, NamedDensity)
    assert mirrored.cdf(-30.0) == generalized_chi2([1, 2], [4, 6]).sf(30.0)
    alone = generalized_chi2(0, normal=3)
    assert alone.sf(6) == parse("normal(0, 3)").sf(6)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (([1, 2], [1, 2, 3]), ShapeError, "2 weights and 3 of degrees"),
        (([1, 2], -1), DataError, "a degree is -1 and must be positive"),
        (([0, 0], 1), DataError, "all weights are 0, and so is normal"),
        (([1, math.inf], 1), DataError, "weight is inf"),
    ],
)
def test_parameters_that_do_not_fit(call, error, message):
    with pytest.raises(error, match=message):
        generalized_chi2(*call)


def test_more_parameters_that_do_not_fit():
    with pytest.raises(DataError, match="normal is -1 and must be at least 0"):
        generalized_chi2(1, normal=-1)
    with pytest.raises(DataError, match="noncentrality is -1/2 and must be at least 0"):
        generalized_chi2(1, noncentralities=-0.5)
    huge: Any = 1e9
    with pytest.raises(OptionError, match="needs more than 262144 terms"):
        generalized_chi2([1, 2], huge).sf(1.0)


def test_weights_far_apart_are_added_in_narrow_groups():
    weights = 1.2 ** -np.arange(30.0)  # in 4 groups, the largest 200 times the smallest
    law = generalized_chi2(weights, 2)  # exponential variables of means 2 w
    assert not isinstance(law, NamedDensity)
    with mpmath.workdps(60):
        means = [2 * mpmath.mpf(weight) for weight in weights]
        for x in (30.0, 300.0):
            true = mpmath.mpf(0)
            for one in means:
                others = mpmath.fprod(1 - other / one for other in means if other != one)
                true += mpmath.exp(-x / one) / others
            assert abs(law.sf(x) / true - 1) <= law.relative_error_bound(x, of="sf") < 1e-9
