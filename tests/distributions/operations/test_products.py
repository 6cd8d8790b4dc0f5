"""Products and powers of positive variables."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from faltung.distributions import (
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
