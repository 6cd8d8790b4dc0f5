"""Logarithms of named laws, against their closed forms with many digits."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from faltung.distributions import distribution
from faltung.distributions.families.exponents import (
    exp_of_number,
    exponential_of,
    log_of_number,
    logarithm_of,
)
from faltung.distributions.families.named import NamedDensity


def named(text):
    law = distribution(text)
    assert isinstance(law, NamedDensity)
    return law


def log_of(text):
    law = logarithm_of(named(text))
    assert law is not None
    return law


def gamma_parts(t, a):
    """Density, lower and upper part of the log of a gamma variable."""
    z, a = mpmath.exp(t), mpmath.mpf(a)
    below = mpmath.gammainc(a, 0, z, regularized=True)
    above = mpmath.gammainc(a, z, regularized=True)
    return mpmath.exp(a * t - z - mpmath.loggamma(a)), below, above


def beta_parts(t, a, b):
    z = mpmath.exp(t)
    below = mpmath.betainc(a, b, 0, z, regularized=True)
    above = mpmath.betainc(b, a, 0, -mpmath.expm1(t), regularized=True)
    return z**a * (-mpmath.expm1(t)) ** (b - 1) / mpmath.beta(a, b), below, above


def lomax_parts(t, b):
    z = mpmath.exp(t)
    above = (1 + z) ** (-b)
    return b * z * above / (1 + z), -mpmath.expm1(-b * mpmath.log1p(z)), above


CASES = {
    "gamma(2, 1)": (lambda t: gamma_parts(t, 2), [-340.0, -2.0, 0.5, 3.0, 6.5]),
    "gamma(0.25, 1)": (lambda t: gamma_parts(t, 0.25), [-2700.0, -691.0, -300.0, 0.5, 6.5]),
    "chi2(1)": (
        lambda t: gamma_parts(t - mpmath.log(2), 0.5),
        [-1300.0, -700.0, -0.5, 1.5, 7.0],
    ),
    "weibull(2, 1)": (
        lambda t: (2 * gamma_parts(2 * t, 1)[0], *gamma_parts(2 * t, 1)[1:]),
        [-300.0, 0.25, 3.2],
    ),
    "beta(0.5, 0.5)": (lambda t: beta_parts(t, 0.5, 0.5), [-1300.0, -30.0, -0.5, -1e-12]),
    "beta(2, 3)": (lambda t: beta_parts(t, 2, 3), [-340.0, -30.0, -0.5, -1e-60]),
}


@pytest.mark.parametrize("text", list(CASES))
def test_both_tails(text):
    law, (parts, places) = log_of(text), CASES[text]
    assert law.error_bound < 1e-11
    for t in places:
        with mpmath.workdps(50):
            true = parts(mpmath.mpf(t))
            for got, value in zip((law.pdf(t), law.cdf(t), law.sf(t)), true, strict=True):
                if value > 1e-300:
                    assert abs(got / value - 1) <= law.error_bound
            for got, value in ((law.logcdf(t), true[1]), (law.logsf(t), true[2])):
                assert got == pytest.approx(float(mpmath.log(value)), rel=1e-12, abs=1e-15)


def test_a_heavy_tail_goes_on_beyond_the_floats():
    law = logarithm_of(named("pareto(0.25, 1)") - 1)
    assert law is not None
    for t in (-300.0, 0.5, 600.0, 2500.0):
        true = lomax_parts(mpmath.mpf(t), mpmath.mpf("0.25"))
        for got, value in zip((law.pdf(t), law.cdf(t), law.sf(t)), true, strict=True):
            assert abs(got / value - 1) <= law.error_bound < 1e-11


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("lognormal(1, 0.3)", "norm"),
        ("uniform(0, 3)", "expon"),
        ("pareto(2, 3)", "expon"),
        ("beta(4, 1)", "expon"),
        ("weibull(2, 3)", "log of expon"),
        ("levy(0, 2)", "log of gamma"),
        ("inverse_gaussian(1, 2)", "log of invgauss"),
        ("triangular(0, 1, 3)", "log of triang"),
    ],
)
def test_closed_forms(text, family):
    law, of = log_of(text), named(text)
    assert law.family.name == family
    x = np.asarray(of.ppf([1e-200, 1e-20, 0.1, 0.5, 0.9]))
    assert law.cdf(np.log(x)) == pytest.approx(of.cdf(x), rel=1e-12)
    assert law.pdf(np.log(x)) == pytest.approx(of.pdf(x) * x, rel=1e-12)
    y = np.asarray(of.isf([1e-20, 0.1, 0.5]))
    assert law.sf(np.log(y)) == pytest.approx(of.sf(y), rel=1e-6 if law.support()[1] < 9 else 1e-12)


def test_moments_of_the_log_of_a_gamma_variable():
    law = log_of("gamma(2, 3)")
    assert law.mean() == pytest.approx(float(mpmath.digamma(2) + mpmath.log(3)), rel=1e-13)
    assert law.var() == pytest.approx(float(mpmath.polygamma(1, 2)), rel=1e-13)
    ratio = mpmath.polygamma(3, 2) / mpmath.polygamma(1, 2) ** 2
    assert law.kurtosis() == pytest.approx(float(ratio), rel=1e-12)
    assert law.moment(2) == pytest.approx(law.var() + law.mean() ** 2, rel=1e-12)
    assert abs(np.mean(law.rvs(4000, rng=1)) - law.mean()) < 0.06
    assert (
        abs(np.mean(log_of("gamma(0.25, 1)").rvs(2000, rng=1)) - float(mpmath.digamma(0.25))) < 0.5
    )


def test_what_has_no_name():
    assert logarithm_of(named("uniform(1, 2)")) is None
    assert logarithm_of(-named("gamma(2, 1)")) is None
    turned = logarithm_of(1 - named("beta(1, 3)"))
    assert turned is not None
    assert turned.family.name == "expon"
    assert exponential_of(named("logistic(0, 1)")) is None
    lognormal = exponential_of(named("normal(1, 0.25)"))
    assert lognormal is not None
    assert lognormal.mean() == pytest.approx(math.exp(1 + 0.25**2 / 2), rel=1e-15)


def test_numbers():
    assert float(log_of_number(Fraction(10) ** 400)) == pytest.approx(400 * math.log(10), rel=1e-15)
    tiny = Fraction(1, 10**20)
    assert abs(log_of_number(1 + tiny) / tiny - 1) < tiny
    assert float(exp_of_number(Fraction(1))) == math.e
