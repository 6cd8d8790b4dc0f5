"""Laws given that they are in an interval, also far out, against many digits."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import numpy as np
import pytest

from faltung.distributions import (
    die,
    distribution,
    generalized_chi2,
    logarithm,
    maximum,
    mixture,
    point,
    product,
    risk,
)
from faltung.errors import DataError, OptionError

NORMAL = distribution("normal(0, 1)")
UNIFORM = distribution("uniform(0, 1)")


def normal_tail(x):
    return mpmath.erfc(mpmath.mpf(x) / mpmath.sqrt(2)) / 2


def gamma_tail(x):
    return mpmath.gammainc(mpmath.mpf("0.5"), x, regularized=True)


def cauchy_tail(x):
    return mpmath.atan2(1, x) / mpmath.pi


def laplace_tail(x):
    return mpmath.exp(-x) / 2 if x > 0 else 1 - mpmath.exp(x) / 2


TAILS: dict[str, Any] = {
    "normal(0, 1)": (normal_tail, lambda x: mpmath.npdf(x)),
    "gamma(0.5, 1)": (gamma_tail, lambda x: mpmath.exp(-x) / mpmath.sqrt(mpmath.pi * x)),
    "cauchy(0, 1)": (cauchy_tail, lambda x: 1 / mpmath.pi / (1 + x * x)),
    "laplace(0, 1)": (laplace_tail, lambda x: mpmath.exp(-abs(x)) / 2),
}


@pytest.mark.parametrize(
    ("text", "low", "high", "places"),
    [
        ("normal(0, 1)", 5, 8, [5 + 2.0**-40, 6.0, 7.9, 8 - 2.0**-40]),
        ("normal(0, 1)", 50, 60, [50.001, 50.25, 52.0, 55.0, 59.0]),
        ("normal(0, 1)", -60, -50, [-59.0, -50.25]),
        ("normal(0, 1)", -1, 2, [-1 + 2.0**-30, 0.0, 1.5, 2 - 2.0**-40]),
        ("normal(0, 1)", 1, 1.0009765625, [1.0001, 1.0005]),
        ("gamma(0.5, 1)", 2.0**-30, 4, [2.0**-29, 2.0**-10, 1.0, 4 - 2.0**-30]),
        ("gamma(0.5, 1)", 2000, 2010, [2001.0, 2009.5]),
        ("cauchy(0, 1)", 1e6, 1e8, [2e6, 9e7]),
        ("laplace(0, 1)", -0.0625, 0.03125, [-0.06, 0.0, 0.001, 0.03]),
    ],
)
def test_each_side_keeps_its_digits(text, low, high, places):
    law: Any = distribution(text).truncate(low, high)
    tail, height = TAILS[text]
    assert law.error_bound < 2e-9
    with mpmath.workdps(60):
        start, stop = mpmath.mpf(low), mpmath.mpf(high)
        if text == "normal(0, 1)" and stop < 0:
            start, stop, mirrored = -stop, -start, True
        else:
            mirrored = False
        mass = tail(start) - tail(stop)
        for x in places:
            at = mpmath.mpf(-x if mirrored else x)
            below, above = (tail(start) - tail(at)) / mass, (tail(at) - tail(stop)) / mass
            below, above = (above, below) if mirrored else (below, above)
            for got, true, of in ((law.cdf(x), below, "cdf"), (law.sf(x), above, "sf")):
                assert abs(got - true) <= law.error_bound
                if true > 1e-300:
                    assert abs(got / true - 1) <= law.relative_error_bound(x, of=of) < 1e-9
            assert abs(law.pdf(x) / (height(at) / mass) - 1) < 1e-11
    for q in (1e-6, 0.25, 0.75):
        assert law.cdf(law.ppf(q)) == pytest.approx(q, rel=1e-9)
        assert law.sf(law.isf(q)) == pytest.approx(q, rel=1e-9)


def test_far_out_it_is_nearly_exponential():
    law = NORMAL.truncate(low=60)
    with mpmath.workdps(40):
        ratio = mpmath.log(mpmath.ncdf(-61)) - mpmath.log(mpmath.ncdf(-60))
        mean = mpmath.npdf(60) / mpmath.ncdf(-60)
    assert law.logsf(61.0) == pytest.approx(float(ratio), rel=1e-12)
    assert law.mean() == pytest.approx(float(mean), rel=1e-12)
    assert law.truncate(high=61).support() == (60.0, 61.0)
    draws = np.asarray(law.rvs(100, rng=1))
    assert ((draws >= 60) & (draws < 61)).all()
    assert "given that it is from 60 to inf" in law.explain()
    assert law.neglected_mass == 0


def test_it_can_be_moved_and_added():
    law = NORMAL.truncate(5, 8)
    moved = 1 - 2 * law
    assert moved.support() == (-15.0, -9.0)
    assert moved.cdf(-11.0) == pytest.approx(law.sf(6.0), rel=1e-13)
    assert (0 * law).pmf(0) == 1.0
    total = law + die(2)
    assert total.sf(7.5) == pytest.approx((law.sf(6.5) + law.sf(5.5)) / 2, rel=1e-9)
    assert (law + law).mean() == pytest.approx(2 * law.mean(), rel=1e-10)
    assert law.logpdf(9.0) == law.logcdf(4.0) == -math.inf
    assert law.cdf([4.0, 9.0]).tolist() == [0, 1]
    assert math.isnan(law.cdf(math.nan))


def test_parts_of_products_extremes_and_mixtures():
    two = product(UNIFORM, distribution("expon(1)"))
    kept: Any = two.truncate(1e-60, 1e-50)
    with mpmath.workdps(40):  # P(two <= x) = x E1(x) + 1 - exp(-x)
        below = lambda x: x * mpmath.e1(x) - mpmath.expm1(-x)
        a, b, x = (mpmath.mpf(v) for v in (1e-60, 1e-50, 1e-55))
        true = (below(x) - below(a)) / (below(b) - below(a))
    assert abs(kept.cdf(1e-55) / true - 1) <= kept.relative_error_bound(1e-55) < 1e-8
    assert two.clip(0.5, 2).pmf(2) == pytest.approx(two.sf(2.0), rel=1e-12)
    later = maximum(distribution("expon(1)"), distribution("expon(2)")).truncate(low=300)
    assert later.sf(302.0) == pytest.approx(math.exp(-1), rel=1e-11)
    assert logarithm(UNIFORM).truncate(high=-500).cdf(-501.0) == pytest.approx(
        math.exp(-1), rel=1e-10
    )
    claim = mixture([point(0), NORMAL], [0.5, 0.5]).truncate(low=20)
    assert claim.sf(21.0) == pytest.approx(float(mpmath.ncdf(-21) / mpmath.ncdf(-20)), rel=1e-11)
    chi2 = generalized_chi2([1, 2]).truncate(1, 2)
    assert chi2.cdf(2.0) == 1.0
    assert risk.expected_shortfall(NORMAL.truncate(5, 8), 0.5) > NORMAL.truncate(5, 8).median()


def test_many_of_them_are_joined_before_a_sum():
    parts = mixture([(NORMAL + k).truncate(k, k + 1) for k in range(9)])
    total = parts + parts
    assert total.mean() == pytest.approx(2 * parts.mean(), rel=1e-9)
    assert total.cdf(1.0) < total.cdf(2.0) < 1


def test_what_is_refused():
    with pytest.raises(DataError, match="never from 2 to 3"):
        UNIFORM.truncate(2, 3)
    with pytest.raises(DataError, match="never from 1 to 1"):
        NORMAL.truncate(1, 1)
    with pytest.raises(OptionError, match="too little to divide by"):
        mixture([point(0), NORMAL]).truncate(low=60)
