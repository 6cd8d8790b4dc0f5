"""Sums whose terms live on scales that are many orders of magnitude apart."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
import scipy.stats

from faltung.distributions import Density, distribution
from faltung.errors import ResolutionError

PLACES = np.array([-1e9, -1e3, -10.0, -1.0, 0.0, 1e-9, 1.0, 5.0, 10.0, 1e3, 1e9])


@pytest.mark.parametrize("other", ["normal(0, 1)", "logistic(0, 1)", "cauchy(0, 1)", "student(3)"])
@pytest.mark.parametrize("sign", [1, -1])
def test_both_tails_make_one(other, sign):
    law = (distribution(scipy.stats.lognorm(2.0)) + distribution(other)) * sign
    whole = law.cdf(PLACES) + law.sf(PLACES)
    assert np.abs(whole - 1).max() <= 2 * law.error_bound + 1e-15 < 1e-10
    assert law.sf(law.isf(0.3)) == pytest.approx(0.3)
    assert law.cdf(law.ppf(0.3)) == pytest.approx(0.3)
    assert law.ppf(0.3) == pytest.approx(law.isf(0.7), rel=1e-9)


def smoothed_box(x, scale):
    """Return P(U + scale Z <= x) of a uniform and a normal variable, to 60 digits."""

    def rising(z):
        return z * mp.ncdf(z) + mp.npdf(z)

    with mp.workdps(60):
        return scale * (rising(mp.mpf(x) / scale) - rising((mp.mpf(x) - 1) / scale))


@pytest.mark.parametrize("scale", [1e-3, 1e-6, 1e-9, 1e-13])
def test_narrow_noise_on_a_uniform_variable(scale):
    law = distribution("uniform(0, 1)") + distribution(f"normal(0, {scale!r})")
    assert isinstance(law, Density)
    assert law.error_bound < 1e-12
    for x in np.array([-20.0, -5.0, -1.0, 0.0, 1.0, 20.0, 100.0]) * scale:
        known = smoothed_box(x, scale)
        assert abs(law.cdf(x) - known) <= law.relative_error_bound(x) * known
        assert law.relative_error_bound(x) < 1e-8
    for x in (0.25, 0.5, 1 - 100 * scale, 1.0, 1 + 5 * scale):
        known = smoothed_box(1 - mp.mpf(x), scale)
        assert abs(law.sf(x) - known) <= law.relative_error_bound(x, of="sf") * known


@pytest.mark.parametrize(
    ("terms", "x", "expected"),
    [
        ("uniform(0, 1) + cauchy(0, 1e-6)", 0.5, 0.5),
        ("beta(0.5, 0.5) + normal(0, 1e-8)", 0.25, 1 / 3),
        ("beta(2, 3) + normal(0, 1e-8)", 0.5, 0.6875),
        ("uniform(0, 1) + normal(0, 1e-6) + uniform(0, 1) + normal(0, 1e-7)", 1.5, 0.875),
        ("uniform(0, 1e9) + normal(0, 1)", 2.5e8, 0.25),
        ("gamma(0.5, 1) + normal(0, 1e-8) + uniform(0, 1)", 1.0, 0.6289041447637617),
    ],
)
def test_narrow_noise_on_other_variables(terms, x, expected):
    law = distribution(terms)
    assert law.error_bound < 1e-10
    assert law.cdf(x) == pytest.approx(expected, abs=1e-6, rel=0)
    assert abs(law.cdf(x) + law.sf(x) - 1) < 1e-10


def test_noise_between_neighbouring_doubles_is_refused():
    with pytest.raises(ResolutionError, match="Take the narrow one as a constant"):
        distribution("uniform(0, 1)") + distribution("normal(0, 1e-30)")


@pytest.mark.parametrize(
    "scales",
    [
        (0.25, -0.04, -21.5),
        (-2e-6, -12.0, 0.125),
        (-500.0, 25.0, -1.0, 0.0065, 55.0),
        (2.0**-10, 2.0**10, -1.0),
    ],
)
def test_what_changes_fast_beside_a_knot_of_a_wide_law_is_seen(scales):
    law, *others = (abs(scale) * np.sign(scale) * distribution("expon(1)") for scale in scales)
    for other in others:
        law = law + other
    places = np.array([abs(scale) * part for scale in scales for part in (0.02, 0.5, 3.0)])
    for side in (1, -1):
        # Partial fractions of the product of 1 / (1 - a z), one for each scale a of this side.
        own = [a for a in scales if a * side > 0]
        shares = [np.prod([a / (a - b) for b in scales if b != a]) for a in own]
        heights = [c * np.exp(-places / abs(a)) / abs(a) for c, a in zip(shares, own, strict=True)]
        assert law.pdf(side * places) == pytest.approx(
            np.sum(heights, axis=0), rel=1e-11, abs=1e-14
        )
    assert law.error_bound < 1e-10


@pytest.mark.parametrize(
    "terms",
    [
        # a knot that is no double, beside one that is
        "weibull(1.5, 1) + 0.0598*triangular(0, 1, 3)",
        "weibull(1.5, 1) - 0.0018431228331806794*triangular(0, 1, 3)",
        # an end that is no double
        "beta(0.5, 0.5) + 0.1257510664142553*beta(0.5, 0.5)",
        # a left tail that begins at a knot of two doubles
        "uniform(0, 1) + 0.01589*weibull(1.5, 1) - 8.6e-5*pareto(1.1, 1)",
        # exponentials far from where they begin
        "logistic(0, 1) - 0.31426143391994094*uniform(0, 1)",
        # a pole in logarithms beside a power
        "weibull(0.7, 1) + 1.3458804383780486e-05*triangular(0, 1, 3)",
        "weibull(0.7, 1) + 0.001391156983325167*weibull(1.5, 1)",
        # a heavy tail whose middle falls by many orders of magnitude
        "pareto(4, 1) - 0.98*beta(0.7, 4) - 0.21*gamma(2.5, 1)",
    ],
)
def test_sums_on_other_scales_are_known(terms):
    law = distribution(terms)
    assert law.error_bound < 1e-10
    places = np.array([-3.0, -1.0, -0.1, 0.0, 0.01, 0.2, 0.5, 1.0, 1.5, 3.0, 10.0])
    assert np.abs(law.cdf(places) + law.sf(places) - 1).max() <= 2 * law.error_bound


def test_a_zero_beside_a_knot_is_no_crowd():
    law = distribution("lognormal(1, 1.5)") + distribution("expon(1)")
    assert isinstance(law, Density)
    assert len(law.function.breaks) == 1
