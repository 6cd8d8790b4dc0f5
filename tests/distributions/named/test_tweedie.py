"""Compound Poisson laws of gamma claims."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faltung.distributions import Tweedie, tweedie
from faltung.distributions.families.compounds import GammaClaims
from faltung.errors import DataError, DtypeError, OptionError


def claims(law):
    family = law.rest.family
    assert isinstance(family, GammaClaims)
    return family


def series(law, x):
    """pdf, cdf and sf of a Tweedie law, its defining series with many digits."""
    with mpmath.workdps(50):
        rate, shape = mpmath.mpf(claims(law).rate), mpmath.mpf(claims(law).claim)
        scale = mpmath.mpf(float(law.rest.scale))
        z = mpmath.mpf(x) / scale
        height, below, above = mpmath.mpf(0), mpmath.exp(-rate), mpmath.mpf(0)
        for n in range(1, int(rate + 50 * mpmath.sqrt(rate)) + 250):
            weight = mpmath.exp(-rate) * rate**n / mpmath.factorial(n)
            a = n * shape
            height += weight * mpmath.exp((a - 1) * mpmath.log(z) - z - mpmath.loggamma(a))
            upper = mpmath.gammainc(a, z, regularized=True)
            above += weight * upper
            below += weight * (1 - upper)
        return height / scale, below, above


def test_bahnemanns_example():
    """D. Bahnemann, Distributions for Actuaries (2015), example 4.2: Poisson(2.5), gamma(3, 400)."""
    law = tweedie(3000, 400 / (0.25 * 3000**0.25), 1.25)
    true = {
        0: 0.082084998623898795,
        500: 0.10955001083722469,
        1000: 0.18672473239569804,
        2000: 0.3755291437638643,
        5000: 0.82728343051730625,
        10000: 0.99343773326030005,
    }
    for x, value in true.items():
        assert law.cdf(x) == pytest.approx(value, rel=1e-14)
    assert law.pmf([0, 1]).tolist() == [math.exp(-2.5), 0]
    assert law.logpmf([0.0, 1.0]).tolist() == [-2.5, -math.inf]
    assert law.atom == (0, math.exp(-2.5))


@given(
    st.floats(0.05, 50),
    st.floats(0.05, 20),
    st.floats(1.05, 1.95),
    st.floats(0.05, 299),
)
@settings(max_examples=12, deadline=None)
def test_both_tails(mean, dispersion, power, level):
    try:
        law = tweedie(mean, dispersion, power)
    except OptionError:
        return
    if claims(law).rate > 30:
        return
    x = law.isf(10.0**-level)
    if x < 1e-280:
        return
    true = series(law, x)
    for got, value in zip((law.pdf(x), law.cdf(x), law.sf(x)), true, strict=True):
        if value >= 1e-300:
            assert abs(got / value - 1) <= law.error_bound
    assert law.logpdf(x) == pytest.approx(float(mpmath.log(true[0])), rel=1e-11, abs=1e-11)
    assert law.error_bound < 1e-10


def test_moments():
    law = tweedie(3.0, 1.7, 1.4)
    assert law.mean() == pytest.approx(3)
    assert law.var() == pytest.approx(1.7 * 3**1.4)
    inside = law.rest
    share = 1 - law.pmf(0)
    assert inside.mean() * share == pytest.approx(3)
    assert (inside.var() + inside.mean() ** 2) * share == pytest.approx(law.var() + 9)
    x = np.linspace(1e-3, 60, 200001)
    heights = law.pdf(x[::100])
    assert np.trapezoid(heights, x[::100]) == pytest.approx(share, rel=2e-2)
    assert inside.pdf_error_bound > 0


def test_operations():
    law = tweedie(3.0, 1.7, 1.4)
    moved = -2 * law + 1
    assert isinstance(moved, Tweedie)
    assert list(moved.atom) == [1, law.pmf(0)]
    assert moved.cdf(-5.0) == law.sf(3.0)
    assert moved.support() == (-math.inf, 1)
    assert moved.sf([0.999999, 1, 2])[1:].tolist() == [0, 0]
    assert moved.cdf(1.0) == 1
    three = law.sum(3)
    assert isinstance(three, Tweedie)
    assert three.pmf(0) == pytest.approx(law.pmf(0) ** 3)
    assert three.mean() == pytest.approx(9)
    assert law.sum(0).support() == (law * 0).support() == (0, 0)
    with pytest.raises(OptionError, match="claims of shape"):
        law.sum(10**9)


def test_quantiles():
    law = tweedie(3.0, 1.7, 1.4)
    for q in (1e-300, 0.01, law.pmf(0), 0.5, 0.999):
        x = law.ppf(q)
        assert law.cdf(x) >= q > law.cdf(math.nextafter(x, -1))
        y = law.isf(q)
        assert law.sf(y) <= q < law.sf(math.nextafter(y, -1))
    assert law.ppf([0, 0.01, 1]).tolist() == [0, 0, math.inf]
    assert math.isnan(law.ppf(1.5))
    draws = np.asarray(law.rvs(2000, rng=3))
    assert abs((draws == 0).mean() - law.pmf(0)) < 0.05
    assert abs(draws.mean() - 3) < 0.4
    assert law.logcdf(0.0) == pytest.approx(math.log(law.pmf(0)))
    assert law.logsf(1.0) == pytest.approx(math.log(law.sf(1.0)))


def test_what_is_said():
    law = tweedie(3.0, 1.7, 1.4)
    assert "Tweedie(atom 0." in repr(law)
    assert "sums of non-negative terms" in law.explain()
    assert law.neglected_mass == 0
    assert 0 < law.error_estimate < law.error_bound
    assert len(law._outline()[0]) == len(law._outline()[1])
    assert "<svg" in law._repr_html_()


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ((3, 1, 1), OptionError, "power=1: write a number above 1 and below 2"),
        ((3, 1, 2), OptionError, "power=2"),
        ((0, 1, 1.5), DataError, "mean is 0 and must be positive"),
        (([1, 2], 1, 1.5), DtypeError, "mean .1, 2. is a list: write a real number"),
        ((1, -1, 1.5), DataError, "dispersion is -1 and must be positive"),
        ((1, "a", 1.5), DtypeError, "dispersion 'a' is a str"),
        ((1e9, 1e-9, 1.5), OptionError, "claims of shape 1 are expected"),
    ],
)
def test_parameters_that_make_no_law(parameters, error, message):
    given: Any = parameters
    with pytest.raises(error, match=message):
        tweedie(*given)
