"""Operations on laws with densities against closed forms."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from faltung.distributions import (
    Density,
    Mixed,
    die,
    distribution,
    maximum,
    minimum,
    mixture,
    point,
)
from faltung.distributions.operations.pointwise import Pointwise
from faltung.errors import DataError, OptionError

EXPON = distribution("expon(1)")
NORMAL = distribution("normal(0, 1)")
UNIFORM = distribution("uniform(0, 1)")
CLAIM = mixture([point(0), EXPON], [Fraction(1, 4), Fraction(3, 4)])
LAWS = [EXPON, NORMAL, UNIFORM, CLAIM, die(6), distribution("gamma(3, 1)") + die(4)]


def within(computed, true, bound):
    assert (np.abs(np.asarray(computed) - np.asarray(true)) <= bound).all()


# --- parts of the line ----------------------------------------------------------------------------


def test_truncated_laws():
    law = NORMAL.truncate(0.5, 2)
    x = np.linspace(0.4, 2.1, 18)
    true = stats.truncnorm(0.5, 2)
    within(law.cdf(x), true.cdf(x), law.error_bound + 1e-15)
    within(law.sf(x), true.sf(x), law.error_bound + 1e-15)
    assert law.mean() == pytest.approx(true.mean(), rel=1e-12)
    assert law.var() == pytest.approx(true.var(), rel=1e-10)
    assert law.support() == (0.5, 2.0)
    tail = NORMAL.truncate(low=5)
    assert tail.mean() == pytest.approx(stats.truncnorm(5, np.inf).mean(), rel=1e-10)
    assert tail.error_bound < 1e-5
    assert EXPON.truncate(high=30) is not EXPON
    assert UNIFORM.truncate(-1, 2) is UNIFORM


def test_truncation_of_mixtures_weighs_the_parts():
    law = CLAIM.truncate(0, 1)
    inside = 1 - math.exp(-1)
    assert isinstance(law, Mixed)
    assert law.pmf(0) == pytest.approx(0.25 / (0.25 + 0.75 * inside), rel=1e-12)
    assert CLAIM.truncate(low=1).cdf(2.0) == pytest.approx(inside, rel=1e-11)
    assert CLAIM.truncate(high=0).pmf(0) == 1.0
    assert CLAIM.truncate(0, 0).pmf(0) == 1.0


def test_truncation_where_too_little_is_known():
    with pytest.raises(DataError, match=r"never from 3 to 4: its support is from 0 to 1"):
        UNIFORM.truncate(3, 4)
    with pytest.raises((OptionError, DataError), match="too little to divide by|never from"):
        (NORMAL + distribution("logistic(0, 1)")).truncate(2000)
    with pytest.raises(DataError, match="never from 2 to 3"):
        mixture([die(6) * 10, UNIFORM]).truncate(2, 3)


def test_clipped_laws_have_atoms_at_the_ends():
    law = NORMAL.clip(-1, 2)
    assert isinstance(law, Mixed)
    within(law.pmf([-1, 2]), stats.norm.sf([1, 2]), law.error_bound)
    x = np.array([-1.5, -1.0, 0.3, 1.99])
    within(law.cdf(x), [0, *stats.norm.cdf(x[1:])], law.error_bound)
    within(law.sf(x), [1, *stats.norm.sf(x[1:])], law.error_bound)
    assert law.sf(2) == 0.0
    assert law.support() == (-1.0, 2.0)
    assert NORMAL.clip() is NORMAL
    assert UNIFORM.clip(2, 3).pmf(2) == 1.0
    assert UNIFORM.clip(-3, -2).pmf(-2) == 1.0
    assert UNIFORM.clip(0.25, 0.25).pmf(0.25) == 1.0
    assert CLAIM.clip(1, 2).pmf(1) == pytest.approx(1 - 0.75 * math.exp(-1), rel=1e-12)


def test_absolute_values():
    law = abs(NORMAL)
    x = np.array([0.0, 1e-12, 0.5, 3.0, 6.0])
    within(law.cdf(x), stats.halfnorm.cdf(x), law.error_bound)
    within(law.sf(x), stats.halfnorm.sf(x), law.error_bound)
    assert law.cdf(1e-12) == pytest.approx(math.sqrt(2 / math.pi) * 1e-12, rel=1e-9)
    assert abs(EXPON) is EXPON
    assert abs(-EXPON).sf(3) == EXPON.sf(3)
    moved = abs(EXPON - 1)
    assert moved.mean() == pytest.approx(2 / math.e, rel=1e-12)
    assert abs(CLAIM - 1).pmf(1) == 0.25
    assert abs(maximum(EXPON, EXPON) - 1).support() == (0.0, math.inf)


# --- extremes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", [maximum, minimum])
def test_extremes_are_products_on_one_side(operation):
    for x in LAWS:
        for y in LAWS:
            law = operation(x, y)
            t = np.array([-3.0, 0.0, 0.4, 1.0, 2.5, 6.0, 20.0])
            low, high = ("cdf", "sf") if operation is maximum else ("sf", "cdf")
            product = getattr(x, low)(t) * getattr(y, low)(t)
            other = getattr(x, high)(t) + getattr(x, low)(t) * getattr(y, high)(t)
            slack = 2e-15 if law.error_bound > 1e-10 or not hasattr(law, "exact") else 1e-12
            within(getattr(law, low)(t), product, slack)
            within(getattr(law, high)(t), other, slack)


def test_extremes_of_exponential_variables():
    last = maximum(EXPON, EXPON, distribution("expon(2)"))
    with mpmath.workdps(30):
        for x in (1e-6, 1.0, 10.0, 60.0):
            a, b = mpmath.exp(-mpmath.mpf(x)), mpmath.exp(-mpmath.mpf(x) / 2)
            assert abs(last.sf(x) - (1 - (1 - a) ** 2 * (1 - b))) <= last.error_bound
            assert abs(last.cdf(x) - (1 - a) ** 2 * (1 - b)) <= last.error_bound
            slope = 2 * a * (1 - a) * (1 - b) + (1 - a) ** 2 * b / 2
            assert last.pdf(x) == pytest.approx(float(slope), rel=1e-9, abs=1e-15)
    first = minimum(EXPON, distribution("expon(2)"))
    assert first.mean() == pytest.approx(2 / 3, rel=1e-12)
    assert first.var() == pytest.approx(4 / 9, rel=1e-11)
    assert first.skew() == pytest.approx(2, rel=1e-9)
    assert last.logcdf(1e-6) == pytest.approx(3 * math.log(1e-6) - math.log(2), rel=1e-6)
    assert first.logsf(10) == pytest.approx(-15, rel=1e-9)


def test_extremes_of_laws_with_atoms():
    law = maximum(die(6), 3, EXPON)
    assert isinstance(law, Pointwise)
    expon = stats.expon.cdf
    masses = [0.5 * expon(3), expon(4) / 6, expon(5) / 6, expon(6) / 6]
    assert law.pmf([3, 4, 5, 6]) == pytest.approx(masses, rel=1e-12)
    assert law.pdf(3.5) == pytest.approx(0.5 * math.exp(-3.5), rel=1e-11)
    assert law.support() == (3.0, math.inf)
    assert law.resolved().mean() == pytest.approx(law.mean(), rel=1e-10)
    least = minimum(die(6), 3, EXPON)
    assert least.pmf(3) == pytest.approx(2 / 3 * math.exp(-3), rel=1e-11)
    assert least.sf(2.5) == pytest.approx(5 / 6 * 4 / 5 * math.exp(-2.5), rel=1e-11)


@settings(max_examples=8, deadline=None)
@given(st.sampled_from(LAWS), st.sampled_from(LAWS), st.floats(-3, 9))
def test_extremes_are_dual(x, y, t):
    one, other = minimum(x, y), -maximum(-x, -y)
    assert one.cdf(t) == pytest.approx(other.cdf(t), rel=1e-12, abs=1e-14)
    assert one.sf(t) == pytest.approx(other.sf(t), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("law", [maximum(EXPON, NORMAL), maximum(die(6), EXPON)], ids=repr)
def test_extremes_can_be_moved_added_and_drawn(law):
    assert (3 - 2 * law).mean() == pytest.approx(3 - 2 * law.mean(), rel=1e-12)
    assert (law + die(6)).mean() == pytest.approx(law.mean() + 3.5, rel=1e-10)
    assert (law + point(3)).mean() == pytest.approx(law.mean() + 3, rel=1e-12)
    assert (point(3) - law).mean() == pytest.approx(3 - law.mean(), rel=1e-12)
    assert (law + law).var() == pytest.approx(2 * law.var(), rel=1e-9)
    assert law.sum(2).mean() == pytest.approx(2 * law.mean(), rel=1e-10)
    assert law.sum(1) is law
    assert law.sum(0).pmf(0) == 1.0
    assert (0 * law).pmf(0) == 1.0
    assert abs(law.rvs(4000, 1).mean() - law.mean()) < 0.1
    assert np.shape(law.rvs((2, 2), rng=1)) == (2, 2)
    assert isinstance(law.rvs(), float)
    assert law.truncate(low=1).support()[0] == 1.0
    assert law.clip(1, 4).support() == (1.0, 4.0)
    assert law.ppf(0.3) == pytest.approx(law.isf(0.7), rel=1e-12)
    assert "independent variables" in law.explain()
    assert "Maximum" in repr(law)


@given(st.floats(1e-300, 1, exclude_max=True))
def test_galois_inequality_of_extremes(q):
    law = maximum(die(6), UNIFORM * 9)
    for x in (law.ppf(q), np.nextafter(law.ppf(q), -np.inf)):
        assert (law.ppf(q) <= x) == (q <= law.cdf(x))
    for x in (law.isf(q), np.nextafter(law.isf(q), -np.inf)):
        assert (law.isf(q) <= x) == (law.sf(x) <= q)


# --- order statistics -----------------------------------------------------------------------------


@pytest.mark.parametrize(("r", "n"), [(1, 2), (2, 2), (3, 7), (60, 100)])
def test_order_statistics_of_uniform_variables_are_beta(r, n):
    law, true = UNIFORM.order_statistic(r, n), stats.beta(r, n + 1 - r)
    x = np.array([1e-3, 0.1, 0.5, 0.9, 0.999])
    assert law.cdf(x) == pytest.approx(true.cdf(x), rel=1e-11, abs=1e-300)
    assert law.sf(x) == pytest.approx(true.sf(x), rel=1e-11, abs=1e-300)
    assert law.pdf(x) == pytest.approx(true.pdf(x), rel=1e-11, abs=1e-300)
    assert law.logpdf(x) == pytest.approx(true.logpdf(x), rel=1e-11)
    assert law.mean() == pytest.approx(r / (n + 1), rel=1e-11)
    assert law.var() == pytest.approx(true.var(), rel=1e-10)
    assert (1 - law).mean() == pytest.approx(1 - r / (n + 1), rel=1e-11)


def test_order_statistics_far_below_the_smallest_float():
    law = UNIFORM.order_statistic(80, 100)
    with mpmath.workdps(60):
        for x in (1e-4, 1e-6, 1e-9):
            level = mpmath.exp(mpmath.mpf(UNIFORM.logcdf(x)))
            true = mpmath.log(mpmath.betainc(80, 21, 0, level, regularized=True))
            assert law.logcdf(x) == pytest.approx(float(true), rel=1e-12)
            level = mpmath.exp(mpmath.mpf(UNIFORM.logsf(1 - x)))
            true = mpmath.log(mpmath.betainc(80, 21, 0, level, regularized=True))
            assert UNIFORM.order_statistic(21, 100).logsf(1 - x) == pytest.approx(
                float(true), rel=1e-12
            )
    assert law.cdf(1e-9) == 0.0


@pytest.mark.parametrize(
    ("r", "n", "x"), [(500, 1000, 0.05), (5600, 10_000, 0.35), (9, 10_000, 1e-80)]
)
def test_order_statistics_of_many_copies_far_below_the_smallest_float(r, n, x):
    law = UNIFORM.order_statistic(r, n)
    assert isinstance(law, Pointwise)
    with mpmath.workdps(40):
        p, b = mpmath.mpf(x), n + 1 - r
        front = mpmath.log(mpmath.binomial(n, r)) + r * mpmath.log(p) + b * mpmath.log(1 - p)
        true = front + mpmath.log(mpmath.hyp2f1(n + 1, 1, r + 1, p))
        density = front + mpmath.log(r) - mpmath.log(p) - mpmath.log(1 - p)
    assert law.logcdf(x) == pytest.approx(float(true), rel=1e-13)
    assert law.logpdf(x) == pytest.approx(float(density), rel=1e-13)
    assert law.cdf(x) == 0.0
    assert law.relative_error_bound(x) == np.inf


def test_densities_of_extremes_far_below_the_smallest_float():
    expected = np.log(2) + NORMAL.logpdf(-30) + NORMAL.logcdf(-30)
    assert maximum(NORMAL, NORMAL).logpdf(-30) == pytest.approx(expected, rel=1e-14)
    assert minimum(NORMAL, NORMAL).logpdf(30) == pytest.approx(expected, rel=1e-14)
    law = maximum(NORMAL, NORMAL)
    assert isinstance(law, Pointwise)
    assert law.relative_error_bound(-40) == np.inf
    law = maximum(NORMAL, NORMAL, CLAIM)
    x = np.array([-1.0, 0.5, 2.0])
    within(np.exp(law.logpdf(x)), law.pdf(x), 1e-14)
    assert law.logpdf(-30) == -np.inf  # a claim is never negative


def test_order_statistics_with_atoms():
    law = CLAIM.order_statistic(2, 3)
    assert isinstance(law, Pointwise)
    assert law.pmf(0) == pytest.approx(0.25**3 + 3 * 0.25**2 * 0.75, rel=1e-13)
    assert law.resolved().mean() == pytest.approx(law.mean(), rel=1e-10)
    assert CLAIM.order_statistic(1, 1) is CLAIM
    assert (law + UNIFORM).mean() == pytest.approx(law.mean() + 0.5, rel=1e-10)
    total = sum(CLAIM.order_statistic(r, 3).mean() for r in (1, 2, 3))
    assert total == pytest.approx(3 * CLAIM.mean(), rel=1e-11)
    with pytest.raises(OptionError, match="at most 1000 copies"):
        CLAIM.order_statistic(7, 2000)


def test_the_extremes_are_order_statistics():
    x = np.linspace(-2, 4, 13)
    within(NORMAL.order_statistic(2, 2).cdf(x), maximum(NORMAL, NORMAL).cdf(x), 1e-14)
    within(NORMAL.order_statistic(1, 2).sf(x), minimum(NORMAL, NORMAL).sf(x), 1e-14)


def test_the_median_of_five_normal_variables():
    law = NORMAL.order_statistic(3, 5)
    assert law.mean() == pytest.approx(0, abs=1e-14)
    assert law.var() == pytest.approx(0.28683366, rel=1e-7)  # Teichroew 1956
    assert isinstance(law + NORMAL, Density)
    assert law.sf(3.0) == pytest.approx(special.betainc(3, 3, stats.norm.sf(3.0)), rel=1e-10)


@pytest.mark.parametrize(("low", "high", "inside"), [(10, 20, 11), (-1, 2, 0), (30, 31, 30.01)])
def test_a_cut_deep_in_a_tail_has_the_tail_s_digits(low, high, inside):
    with mpmath.workdps(60):
        beyond, last, first = (mpmath.ncdf(-mpmath.mpf(x)) for x in (inside, high, low))
        true = float((beyond - last) / (first - last))
    law = distribution("normal(0, 1)")
    right, left = law.truncate(low, high), law.truncate(-high, -low)
    for value in (right.sf(inside), left.cdf(-inside)):
        assert value == pytest.approx(true, rel=1e-12)
        assert abs(value - true) <= right.error_bound < 1e-9


def test_extremes_are_not_numbers_where_x_is_not():
    with np.errstate(all="raise", under="ignore"):
        assert math.isnan(maximum(NORMAL, EXPON).logsf(math.nan))
        assert math.isnan(minimum(NORMAL, EXPON).logcdf(math.nan))


def test_between_two_places_where_next_to_nothing_is():
    claim = distribution("weibull(1.5, 1)")
    rare = claim.sum(100)
    assert rare.clip(2, 10).cdf(9.5) == pytest.approx(rare.cdf(9.5), rel=1e-8, abs=0)
    total = claim.sum(200)
    held = total.clip(2, 10)
    assert held.support() == (10.0, 10.0)
    assert held.neglected_mass < 1e-100
    both = mixture([total, EXPON], [0.25, 0.75]).clip(2, 10)
    assert both.error_bound < 1e-8
    assert both.sf(5.0) == pytest.approx(0.25 + 0.75 * math.exp(-5), rel=1e-8)
