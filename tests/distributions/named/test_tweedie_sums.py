"""Tweedie laws beside other laws: sums, extremes, mixtures, parts of the line."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from scipy import special

from faltung.distributions import (
    Tweedie,
    add,
    die,
    discretize,
    distribution,
    maximum,
    minimum,
    mixture,
    product,
    tweedie,
)
from tests.distributions.named.test_tweedie import claims, series

CLAIMS = tweedie(2, 1.5, 1.5)
OTHERS = {
    "die": die(6),
    "points": distribution({0: 0.3, 0.25: 0.7}),
    "normal": distribution("normal(0, 1)"),
    "mixed": mixture([die(2), distribution("expon(1)")]),
    "claims": tweedie(3, 1, 1.25),
}


def apart(law, other, x):
    """P(law + other > x) for claims of shape 1: the atom, and an integral over the rest.

    The density of the rest is exp(-z - r) sqrt(r / z) I_1(2 sqrt(r z)) over the scale (Feller,
    *Probability Theory*, vol. 2, section II.7).
    """
    family, scale = claims(law), float(law.rest.scale)
    nodes, weights = np.polynomial.legendre.leggauss(60)
    cuts = np.concatenate([np.linspace(0, x + 1, 30), np.linspace(x + 1, x + 60, 20)[1:]])
    low, half = cuts[:-1], np.diff(cuts)[:, np.newaxis] / 2
    t = (low[:, np.newaxis] + half * (1 + nodes)).ravel()
    root = 2 * np.sqrt(family.rate * t / scale)
    logs = root - t / scale - family.rate + 0.5 * np.log(family.rate / (t / scale))
    values = np.exp(logs) * special.ive(1, root) / scale * other.sf(x - t)
    return math.exp(-family.rate) * other.sf(x) + float((half * weights).ravel() @ values)


def test_claims_of_one_law_add_up_in_closed_form():
    x, y = tweedie(4, 1, 1.5), tweedie(1, 2, 1.5)  # both of scale 1 and shape 1
    total = x + y
    assert isinstance(total, Tweedie)
    assert total.pmf(0) == pytest.approx(math.exp(-5), rel=1e-15)
    for place in (0.5, 60.0):
        for got, true in zip(
            (total.pdf(place), total.cdf(place), total.sf(place)), series(total, place), strict=True
        ):
            assert abs(got / true - 1) <= total.error_bound < 1e-10
    assert (x + x).sf(9.0) == x.sum(2).sf(9.0)
    assert isinstance(x + x + 3, Tweedie)
    assert not isinstance(x + 2 * y, Tweedie)


@pytest.mark.parametrize("faces", [1, 6])
def test_with_a_die_each_tail_is_a_sum_of_its_own(faces):
    total = CLAIMS + die(faces)
    for x in (0.75, 4.25, 60.0):
        parts = [series(CLAIMS, x - k)[1:] if x > k else (0, 1) for k in range(1, faces + 1)]
        below, above = (sum(part[i] for part in parts) / faces for i in (0, 1))
        assert abs(total.sf(x) / above - 1) < 1e-11
        assert abs(total.sf(x) - above) <= total.error_bound < 1e-10
        if below:
            assert abs(total.cdf(x) / below - 1) < 1e-11
    assert total.pmf(1) == pytest.approx(math.exp(-claims(CLAIMS).rate) / faces, rel=1e-14)


@pytest.mark.parametrize("x", [5.0, 40.0])
def test_with_a_density(x):
    other = distribution("logistic(0, 0.5)")
    total = CLAIMS + other
    true = apart(CLAIMS, other, x)
    assert abs(total.sf(x) / true - 1) < 1e-10
    assert abs(total.sf(x) - true) <= total.error_bound < 1e-10


def test_two_different_ones_against_their_double_series():
    """Shapes 1 and 3: the sum of n + 3 m exponential steps of equal scale is a gamma law."""
    x, y = tweedie(2, 1, 1.5), tweedie(2, 2**0.25 * 2**0.5 * 2, 1.25)
    total = x + y * (float(x.rest.scale) / float(y.rest.scale))
    assert total.mean() == pytest.approx(2 + 2 * float(x.rest.scale) / float(y.rest.scale))
    rates = [mpmath.mpf(claims(law).rate) for law in (x, y)]
    for place in (1.0, 40.0):
        with mpmath.workdps(40):
            z, true = mpmath.mpf(place) / mpmath.mpf(float(x.rest.scale)), mpmath.mpf(0)
            for n in range(60):
                for m in range(0 if n else 1, 60):
                    chance = (
                        rates[0] ** n * rates[1] ** m / mpmath.factorial(n) / mpmath.factorial(m)
                    )
                    true += chance * mpmath.gammainc(n + 3 * m, z, regularized=True)
            true *= mpmath.exp(-sum(rates))
        assert abs(total.sf(place) / true - 1) < 1e-10
        assert abs(total.sf(place) - true) <= total.error_bound < 1e-10


@pytest.mark.parametrize("name", list(OTHERS))
def test_every_operation_knows_them(name):
    other = OTHERS[name]
    mean, var = CLAIMS.mean() + other.mean(), CLAIMS.var() + other.var()
    for total in (CLAIMS + other, other + CLAIMS, add(CLAIMS, other)):
        assert total.mean() == pytest.approx(mean, rel=1e-12)
        assert total.var() == pytest.approx(var, rel=1e-11)
    assert (CLAIMS - other).mean() == pytest.approx(CLAIMS.mean() - other.mean(), abs=1e-12)
    x = np.array([0.5, 2.0, 5.0])
    larger, smaller = maximum(CLAIMS, other), minimum(CLAIMS, other)
    assert larger.cdf(x) == pytest.approx(CLAIMS.cdf(x) * other.cdf(x), rel=1e-14)
    assert smaller.sf(x) == pytest.approx(CLAIMS.sf(x) * other.sf(x), rel=1e-14)
    both = mixture([CLAIMS, other])
    assert both.cdf(x) == pytest.approx((CLAIMS.cdf(x) + other.cdf(x)) / 2, rel=1e-14)


def test_parts_of_the_line():
    kept = CLAIMS.truncate(0, 3)
    assert kept.pmf(0) == pytest.approx(CLAIMS.pmf(0) / CLAIMS.cdf(3.0), rel=1e-13)
    assert CLAIMS.truncate(low=1).sf(2.0) == pytest.approx(
        CLAIMS.sf(2.0) / CLAIMS.sf(1.0), rel=1e-12
    )
    assert CLAIMS.clip(high=3).pmf(3) == pytest.approx(CLAIMS.sf(3.0), rel=1e-13)
    assert abs(CLAIMS - 1).sf(1.0) == pytest.approx(CLAIMS.sf(2.0), rel=1e-11)
    assert CLAIMS.order_statistic(2, 2).cdf(1.0) == pytest.approx(CLAIMS.cdf(1.0) ** 2, rel=1e-12)
    assert product(CLAIMS, die(2)).pmf(0) == pytest.approx(CLAIMS.pmf(0), rel=1e-14)
    assert discretize(CLAIMS, 0.5, method="mean").mean() == pytest.approx(2, rel=1e-9)
    assert CLAIMS.expect(lambda x: x * x) == pytest.approx(CLAIMS.var() + 4, rel=1e-11)
