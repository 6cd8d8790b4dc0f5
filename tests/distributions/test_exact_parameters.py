"""The notation's locations and scales are the decimals that were written, not their floats."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faltung.distributions import Density, parse
from faltung.errors import FaltungError


def density(text):
    law = parse(text)
    assert isinstance(law, Density)
    return law


def mp(x):
    exact = Fraction(x)
    return mpmath.mpf(exact.numerator) / exact.denominator


QUANTILES = (0.01, 0.3, 0.5, 0.7, 0.9, 0.99)


@pytest.mark.parametrize(
    ("low", "high"),
    [("1000000.3", "1000000.4"), ("1000000.7", "1000000.71"), ("-3.3", "0.1"), ("1/3", "1")],
)
def test_uniform(low, high):
    law = density(f"uniform({low}, {high})")
    start, stop = Fraction(low), Fraction(high)
    for x in np.asarray(law.ppf(QUANTILES)).tolist():
        true = (Fraction(x) - start) / (stop - start)
        assert abs(Fraction(law.cdf(x)) - true) <= law.error_bound
        assert abs(Fraction(law.sf(x)) - (1 - true)) <= law.error_bound
        assert abs(Fraction(law.pdf(x)) - 1 / (stop - start)) <= law.pdf_error_bound
    assert law.error_bound < 1e-7
    assert law.support() == (float(start), float(stop))


@pytest.mark.parametrize(
    ("mean", "std"),
    [("1000000.1", "0.001"), ("10000.1", "0.00001"), ("100.3", "0.0000001"), ("0.1", "0.3")],
)
def test_normal(mean, std):
    law = density(f"normal({mean}, {std})")
    with mpmath.workdps(40):
        centre, sigma = mp(mean), mp(std)
        for x in np.asarray(law.ppf(QUANTILES)).tolist():
            z = (mp(x) - centre) / sigma
            assert abs(mp(law.cdf(x)) - mpmath.ncdf(z)) <= law.error_bound
            assert abs(mp(law.pdf(x)) - mpmath.npdf(z) / sigma) <= law.pdf_error_bound
    assert law.error_bound < 1e-6


@pytest.mark.parametrize("mu", ["0", "1/3", "-7.7", "600.1"])
def test_lognormal(mu):
    law = density(f"lognormal({mu}, 0.5)")
    with mpmath.workdps(40):
        for x in np.asarray(law.ppf(QUANTILES)).tolist():
            z = 2 * (mpmath.log(mp(x)) - mp(mu))
            assert abs(mp(law.cdf(x)) - mpmath.ncdf(z)) <= law.error_bound < 1e-11
            true = 2 * mpmath.npdf(z) / mp(x)
            assert abs(mp(law.pdf(x)) - true) <= law.pdf_error_bound


def test_scales():
    third, gamma = density("expon(1/3)"), density("gamma(3, 1/3)")
    with mpmath.workdps(40):
        for x in (0.01, 0.3, 2.0):
            y = 3 * mp(x)
            assert abs(mp(third.cdf(x)) - 1 + mpmath.exp(-y)) <= third.error_bound
            true = mpmath.gammainc(3, 0, y, regularized=True)
            assert abs(mp(gamma.cdf(x)) - true) <= gamma.error_bound < 1e-10


def triangle(corners, x):
    """The density of the triangular law and its distribution function, exactly."""
    low, mode, high = corners
    width, place = high - low, Fraction(x)
    if place <= low or place >= high:
        return Fraction(0), Fraction(int(place >= high))
    if place < mode:
        slope = 2 / (width * (mode - low))
        return slope * (place - low), slope * (place - low) ** 2 / 2
    slope = 2 / (width * (high - mode))
    return slope * (high - place), 1 - slope * (high - place) ** 2 / 2


RATIONALS = st.fractions(-1000, 1000, max_denominator=1000)


@given(st.lists(RATIONALS, min_size=3, max_size=3), st.floats(0, 1))
@settings(max_examples=80)
def test_triangular(numbers, share):
    corners = sorted(numbers)
    low, mode, high = corners
    if low == high:
        return
    law = density(f"triangular({low}, {mode}, {high})")
    for x in (float(low + Fraction(share) * (high - low)), float(mode), float(low), float(high)):
        height, mass = triangle(corners, x)
        assert abs(Fraction(law.cdf(x)) - mass) <= law.error_bound
        assert abs(Fraction(law.sf(x)) - (1 - mass)) <= law.error_bound
        if min(abs(Fraction(x) - corner) for corner in corners) > law.break_bound:
            assert abs(Fraction(law.pdf(x)) - height) <= law.pdf_error_bound
    assert law.mean() == float((low + mode + high) / 3)
    assert law.support() == (float(low), float(high))
    assert law.error_bound < 1e-9


@pytest.mark.parametrize("text", ["triangular(0, 0, 1)", "triangular(0, 2, 2)"])
def test_triangles_with_a_jump(text):
    law = density(text)
    assert law.pdf(0.5) == pytest.approx(1 if "1)" in text else 0.25)
    assert law.error_bound < 1e-12


@pytest.mark.parametrize(
    "text",
    ["normal(0, 1e-320)", "expon(5e-324)", "levy(0, 1e308)"],
)
def test_what_no_float_can_hold(text):
    with pytest.raises(FaltungError, match="beyond double precision"):
        parse(text)


def test_a_standard_law_is_made_once():
    assert parse("normal(0, 1)") is parse("normal(0, 1)")
    assert parse("uniform(0, 1)") is not parse("uniform(0, 2)")


def test_shapes_are_the_nearest_floats():
    law = density("gamma(10/3, 1)")
    with mpmath.workdps(40):
        for x in (0.3, 2.0, 5.0):
            true = mpmath.gammainc(mpmath.mpf(10 / 3), 0, x, regularized=True)
            assert abs(mp(law.cdf(x)) - true) <= law.error_bound
