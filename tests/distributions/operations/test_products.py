"""Products and powers of positive variables."""

from __future__ import annotations

import functools
import itertools
import math
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from scipy import special, stats

from faltung.distributions import (
    NamedDensity,
    die,
    distribution,
    exponential,
    logarithm,
    mixture,
    point,
    power,
    product,
)
from faltung.errors import DtypeError, OptionError
from tests.distributions import strategies
from tests.distributions.mixed.test_mixture import table

UNIFORM = distribution("uniform(0, 1)")
NORMAL = distribution("normal(0, 1)")


@given(strategies.exact_laws, strategies.exact_laws)
def test_products_of_discrete_laws(x, y):
    true: dict[Fraction, Fraction] = {}
    for (a, p), (b, q) in itertools.product(table(x).items(), table(y).items()):
        true[a * b] = true.get(a * b, Fraction(0)) + p * q
    assert table(product(x, y)) == true


def test_products_of_uniform_variables():
    law = product(UNIFORM, UNIFORM)
    x = np.array([1e-4, 0.01, 0.5, 0.99])
    assert law.cdf(x) == pytest.approx(x * (1 - np.log(x)), rel=1e-10)
    assert law.sf(x) == pytest.approx(1 - x * (1 - np.log(x)), rel=1e-10)
    assert law.pdf(x) == pytest.approx(-np.log(x), rel=1e-9)
    assert law.mean() == pytest.approx(0.25, rel=1e-11)
    assert law.support() == (0.0, 1.0)
    assert "exp of a variable" in law.explain()
    assert abs(law.rvs(4000, 1).mean() - 0.25) < 0.02


def test_products_of_lognormal_variables_are_lognormal():
    law = product(distribution("lognormal(1, 0.3)"), distribution("lognormal(0, 0.4)"))
    true = stats.lognorm(0.5, scale=math.e)
    x = np.array([0.3, 1.0, 3.0, 12.0])
    assert law.cdf(x) == pytest.approx(true.cdf(x), rel=1e-8)
    assert law.sf(x) == pytest.approx(true.sf(x), rel=1e-8)
    assert (np.abs(law.sf(x) - true.sf(x)) <= law.error_bound).all()
    assert law.median() == pytest.approx(math.e, rel=1e-10)


def test_products_with_discrete_laws_and_signs():
    law = product(die(2) - 1, UNIFORM)
    assert law.pmf(0) == 0.5
    assert law.cdf(0.5) == 0.75
    assert product(UNIFORM, die(3)).mean() == pytest.approx(1, rel=1e-14)
    assert product(-UNIFORM, UNIFORM).cdf(-0.5) == pytest.approx(
        1 - 0.5 * (1 + math.log(2)), rel=1e-9
    )
    claim = mixture([point(0), UNIFORM])
    assert product(claim, claim).pmf(0) == 0.75
    assert product(die(6), NORMAL).mean() == pytest.approx(0, abs=1e-15)


def test_powers_and_logarithms():
    square = power(UNIFORM, 2)
    assert square.cdf([0.04, 0.25]) == pytest.approx([0.2, 0.5], rel=1e-14)
    inverse = power(UNIFORM, -1)
    assert inverse.sf([2.0, 1e12]) == pytest.approx([0.5, 1e-12], rel=1e-13)
    assert power(UNIFORM, 0.5).mean() == pytest.approx(2 / 3, rel=1e-12)
    log = logarithm(UNIFORM)
    assert log.cdf(-3.0) == pytest.approx(math.exp(-3), rel=1e-13)
    assert log.mean() == pytest.approx(-1, rel=1e-11)
    assert exponential(log) is UNIFORM
    assert logarithm(exponential(NORMAL)) is NORMAL
    assert exponential(NORMAL).logsf(50) == pytest.approx(NORMAL.logsf(math.log(50)), rel=1e-14)
    moved = 3 - 2 * log
    assert moved.sf(7) == pytest.approx(math.exp(-2), rel=1e-12)
    assert moved.logsf(7) == pytest.approx(-2, rel=1e-12)
    assert (moved * -1 + 1).mean() == pytest.approx(-4, rel=1e-11)
    assert (0 * log).pmf(0) == 1.0
    assert (log + die(6)).mean() == pytest.approx(2.5, rel=1e-10)


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: product(NORMAL, UNIFORM), OptionError, "one sign only"),
        (lambda: product(2, UNIFORM), DtypeError, "takes laws"),  # type: ignore[arg-type]
        (lambda: product(die(2) * UNIFORM.mean(), "x"), DtypeError, "distribution"),  # type: ignore[arg-type]
        (lambda: product(die(500), UNIFORM), OptionError, "at most 400"),
        (lambda: power(UNIFORM, 0), OptionError, "exponent=0"),
        (lambda: logarithm(NORMAL), OptionError, "positive values"),
        (lambda: logarithm(die(6)), DtypeError, "with a density, not a discrete one"),
        (
            lambda: exponential(die(6)),
            DtypeError,
            "exponential takes a law with a density, not a discrete one",
        ),
    ],
)
def test_what_is_refused(call, error, match):
    with pytest.raises(error, match=match):
        call()


def test_an_exponential_is_never_negative():
    law = exponential(NORMAL + distribution("logistic(0, 1)"))
    x = [-math.inf, -1.0, 0.0]
    assert law.cdf(x).tolist() == law.pdf(x).tolist() == [0.0, 0.0, 0.0]
    assert law.sf(x).tolist() == [1.0, 1.0, 1.0]
    assert law.logcdf(-1.0) == law.logpdf(-1.0) == -math.inf
    assert (-law).sf(1.0) == 0.0
    assert math.isnan(law.cdf(math.nan))
    assert math.isnan(law.pdf(math.nan))


@pytest.mark.parametrize("count", [2, 3, 20])
def test_products_of_many_uniform_variables_are_known_near_zero(count):
    """P(product <= x) = x sum of (-log x)^k / k! over k < n: minus the log is a gamma variable."""
    law: Any = functools.reduce(product, [UNIFORM] * count)
    for x in (1e-290, 1e-50, 0.01, 0.9):
        with mpmath.workdps(40):
            logarithm = -mpmath.log(mpmath.mpf(x))
            below = x * sum(logarithm**k / mpmath.factorial(k) for k in range(count))
        assert abs(law.cdf(x) / below - 1) <= law.relative_error_bound(x) < 1e-10
    with mpmath.workdps(40):  # near 1 it is as the power n of the distance
        above = mpmath.gammainc(count, 0, -mpmath.log(mpmath.mpf(1 - 2.0**-40)), regularized=True)
    assert law.sf(1 - 2.0**-40) == pytest.approx(float(above), rel=1e-4 * count)


def test_products_of_lognormal_and_of_pareto_variables_have_names():
    law = product(distribution("lognormal(1, 0.3)"), distribution("lognormal(0, 0.4)"))
    assert isinstance(law, NamedDensity)
    assert law.family.name == "lognorm"
    for x in (1e-6, 0.3, 12.0, 1e8):
        with mpmath.workdps(40):
            y = (mpmath.log(mpmath.mpf(x)) - 1) / mpmath.mpf("0.5")
            assert abs(law.cdf(x) / mpmath.ncdf(y) - 1) <= law.error_bound < 1e-11
            assert abs(law.sf(x) / mpmath.ncdf(-y) - 1) <= law.error_bound
    incomes = product(distribution("pareto(2, 3)"), distribution("pareto(2, 1)"))
    for x in (3.5, 1e100):
        with mpmath.workdps(40):
            z = 2 * mpmath.log(mpmath.mpf(x) / 3)
            assert incomes.sf(x) == pytest.approx(float(mpmath.exp(-z) * (1 + z)), rel=1e-12)


def product_tail(scale, x, *, above):
    """P(L G >< x) for log L normal with a standard deviation and G gamma with shape 2."""
    with mpmath.workdps(30):

        def part(y):
            z = x * mpmath.exp(-scale * y)
            other = (1 + z) * mpmath.exp(-z)
            below = other if above else mpmath.gammainc(2, 0, z, regularized=True)
            return mpmath.npdf(y) * below

        edges = [mpmath.mpf(k) / 4 for k in range(-40, 160)]
        edges = edges if above else [-edge for edge in reversed(edges)]
        return mpmath.quad(part, edges)


@pytest.mark.parametrize(
    ("x", "above"), [(1e10, True), (30.0, True), (1e-3, False), (1e-12, False)]
)
def test_products_without_a_name_keep_both_tails(x, above):
    law: Any = product(distribution("lognormal(0, 1)"), distribution("gamma(2, 1)"))
    got = law.sf(x) if above else law.cdf(x)
    true = product_tail(1, x, above=above)
    bound = law.relative_error_bound(x, of="sf" if above else "cdf")
    assert abs(got / true - 1) <= bound < 1e-8
    assert abs(got - true) <= law.error_bound < 1e-10


def test_three_unlike_factors():
    """E1: the product of a uniform and an exponential variable has the density E1(x)."""
    law: Any = product(product(UNIFORM, distribution("expon(1)")), distribution("lognormal(0, 1)"))
    assert law.sf(1e9) > 1e-90
    assert law.relative_error_bound(1e9, of="sf") < 1e-8
    assert law.mean() == pytest.approx(math.exp(0.5) / 2, rel=1e-10)
    assert law.kurtosis() == pytest.approx(fourth_of_three(), rel=1e-8)
    two = product(UNIFORM, distribution("expon(1)"))
    for x in (1e-100, 1e-3, 0.5, 20.0, 200.0):
        assert two.pdf(x) == pytest.approx(special.exp1(x), rel=1e-9)
    assert (two + 1).sf(21.0) == pytest.approx(two.sf(20.0), rel=1e-13)
    assert (two + die(1)).sf(21.0) == two.sf(20.0)
    faces = two + die(2)
    assert faces.sf(3.0) == pytest.approx((two.sf(2.0) + two.sf(1.0)) / 2, rel=1e-9)


def fourth_of_three():
    m = [1 / (k + 1) * math.factorial(k) * math.exp(k * k / 2) for k in range(5)]
    variance = m[2] - m[1] ** 2
    return (m[4] - 4 * m[1] * m[3] + 6 * m[1] ** 2 * m[2] - 3 * m[1] ** 4) / variance**2 - 3


def test_multiples_of_products_are_factors():
    law = 3 * product(UNIFORM, UNIFORM)
    three = product(law, UNIFORM)
    with mpmath.workdps(40):
        level = -mpmath.log(mpmath.mpf(1e-60) / 3)
        true = mpmath.exp(-level) * (1 + level + level**2 / 2)
    assert three.cdf(1e-60) == pytest.approx(float(true), rel=1e-12)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        # the integral of -log(p) P(other > 1 - p) over p from 0 to 1, to 30 digits
        ("gamma(0.5, 1)", 0.237371092541417),
        ("lognormal(0, 1)", 0.623351111980333),
        ("cauchy(0, 1)", 0.299908292967848),
    ],
)
def test_a_product_with_a_logarithmic_pole_is_an_operand(other, expected):
    uniform = distribution("uniform(0, 1)")
    law = product(uniform, uniform) + distribution(other)
    assert law.sf(1.0) == pytest.approx(expected, rel=1e-13)
    assert law.error_bound < 1e-11
