"""Densities of any shape: moments, sums, shifts and multiples, quantiles, atoms in both tails."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

import faltung as ft
from faltung.distributions import Density, Lattice, die, distribution
from faltung.errors import OptionError

INFINITE = math.inf
RATES = st.floats(0.1, 10.0)


def law(frozen):
    made = distribution(frozen)
    assert isinstance(made, Density)
    return made


MOMENTS = {
    "line": (lambda x: 2 / np.pi / (1 + x * x) ** 2, (-INFINITE, INFINITE), (0.0, 1.0)),
    "pole": (lambda x: np.exp(-x) / np.sqrt(np.pi * x), (0, INFINITE), (0.5, 0.5)),
    "no variance": (lambda x: 1.5 / (1 + x) ** 2.5, (0, INFINITE), (2.0, INFINITE)),
    "no mean": (lambda x: 0.5 / (1 + x) ** 1.5, (0, INFINITE), (INFINITE, INFINITE)),
    "no mean on the left": (
        lambda x: 0.5 / (1 - x) ** 1.5,
        (-INFINITE, 0),
        (-INFINITE, INFINITE),
    ),
    "neither": (
        lambda x: 1 / (np.pi * (1 + x * x)),
        (-INFINITE, INFINITE),
        (math.nan, math.nan),
    ),
    "far from 0": (
        lambda x: np.exp(-((x - 1000) ** 2) / 2) / np.sqrt(2 * np.pi),
        (-INFINITE, INFINITE),
        (1000.0, 1.0),
    ),
}


@pytest.mark.parametrize("case", MOMENTS)
def test_moments_of_callables(case):
    values, interval, known = MOMENTS[case]
    made = Density(ft.Function(values, interval))
    assert (made.mean(), made.var()) == pytest.approx(known, rel=1e-12, abs=1e-12, nan_ok=True)


@given(RATES, RATES, st.floats(-3.0, 2.0))
@settings(max_examples=25)
def test_two_exponentials_in_both_tails(rate, other, place):
    """Hypoexponential, and the difference, against 40 digits wherever the value is a double."""
    assume(abs(rate / other - 1) > 0.01)
    x = 10.0**place / min(rate, other)
    one, two = law(stats.expon(scale=1 / rate)), law(stats.expon(scale=1 / other))
    with mpmath.workdps(60):
        a, b, t = 1 / mpmath.mpf(1 / rate), 1 / mpmath.mpf(1 / other), mpmath.mpf(x)
        above = (b * mpmath.exp(-a * t) - a * mpmath.exp(-b * t)) / (b - a)
        total = one + two
        require_digits(total.sf(x), above, total.relative_error_bound(x, of="sf"))
        require_digits(total.cdf(x), 1 - above, total.relative_error_bound(x))
        apart = one - two
        true = b * mpmath.exp(-a * t) / (a + b)
        require_digits(apart.sf(x), true, apart.relative_error_bound(x, of="sf"))
        true = a * mpmath.exp(-b * t) / (a + b)
        require_digits(apart.cdf(-x), true, apart.relative_error_bound(-x))


def require_digits(value, true, bound):
    """Nine digits where the value is at least 1e-299, and below that what the bound says."""
    assert abs(value / true - 1) <= bound
    assert bound <= 1e-9 or true < 1e-299


@given(
    st.fractions(Fraction(1, 10**6), 10**6).filter(bool),
    st.booleans(),
    st.floats(-30, 30),
    st.integers(-(10**6), 10**6),
)
@settings(max_examples=40)
def test_multiples_and_shifts_keep_the_relative_accuracy(factor, negative, z, offset):
    factor = -factor if negative else factor
    made = factor * law(stats.norm()) + offset
    x = float(Fraction(z) * factor + offset)
    with mpmath.workdps(40):
        t = (mpmath.mpf(x) - offset) * factor.denominator / factor.numerator
        below, above = mpmath.ncdf(t), mpmath.ncdf(-t)
        below, above = (above, below) if negative else (below, above)
        assert abs(made.cdf(x) / below - 1) <= made.relative_error_bound(x) <= 1e-10
        assert abs(made.sf(x) / above - 1) <= made.relative_error_bound(x, of="sf") <= 1e-10
        density = mpmath.npdf(t) / abs(mpmath.mpf(factor.numerator) / factor.denominator)
        assert abs(made.pdf(x) / density - 1) <= made.relative_error_bound(x, of="pdf") <= 1e-9


@pytest.mark.parametrize("x", [-20.0, -3.0, 0.1, 3.5, 9.0, 30.0])
def test_dice_and_noise_in_both_tails(x):
    made = die(6) + law(stats.norm())
    with mpmath.workdps(40):
        above = sum(mpmath.ncdf(k - mpmath.mpf(x)) for k in range(1, 7)) / 6
        below = sum(mpmath.ncdf(mpmath.mpf(x) - k) for k in range(1, 7)) / 6
        assert abs(made.sf(x) / above - 1) <= made.relative_error_bound(x, of="sf") <= 1e-10
        assert abs(made.cdf(x) / below - 1) <= made.relative_error_bound(x) <= 1e-10
        assert made.relative_error_estimate(x) <= 1e-12


@given(st.lists(st.floats(1e-300, 1.0, exclude_max=True), min_size=1, max_size=30))
@settings(max_examples=40)
@pytest.mark.parametrize("name", ["cauchy", "exponential", "tent", "dice and noise", "lognormal"])
def test_quantiles_are_the_first_floats(name, probabilities):
    made = LAWS[name]
    q = np.array(probabilities)
    x = np.asarray(made.ppf(q))
    assert (made.cdf(x) >= q).all()
    assert (np.asarray(made.cdf(np.nextafter(x, -np.inf))) < q).all()
    x = np.asarray(made.isf(q))
    assert (made.sf(x) <= q).all()
    assert (np.asarray(made.sf(np.nextafter(x, -np.inf))) > q).all()


LAWS = {
    "cauchy": law(stats.cauchy()),
    "exponential": law(stats.expon()) + law(stats.expon()) / 2,
    "tent": law(stats.uniform()) + law(stats.uniform()) - 1,
    "dice and noise": die(6) + law(stats.norm(0, 0.1)),
    "lognormal": law(stats.lognorm(1)),
}


def test_copies_by_squaring():
    cauchy, uniform = law(stats.cauchy()).sum(13), law(stats.uniform()).sum(12)
    assert cauchy.sf(1e80) == pytest.approx(13 / np.pi / 1e80, rel=1e-12)
    assert uniform.cdf(1e-20) == pytest.approx(1e-240 / math.factorial(12), rel=1e-11)
    exponential = law(stats.expon()).sum(100)
    assert exponential.sf(300.0) == pytest.approx(stats.gamma(100).sf(300), rel=1e-11)
    assert exponential.error_estimate < 1e-7


def test_probabilities_are_no_less_than_0_and_no_more_than_1():
    for made in LAWS.values():
        x = np.concatenate([-np.geomspace(1e308, 1e-300, 300), np.geomspace(1e-300, 1e308, 300)])
        x = np.concatenate([x, [-np.inf, np.inf]])
        for part in (made.cdf, made.sf, made.pdf):
            values = np.asarray(part(x))
            assert (values >= 0).all()
        assert np.max(made.cdf(x)) == 1 == np.max(made.sf(x))
        assert made.cdf(-np.inf) == 0 == made.sf(np.inf)
        assert np.abs(made.cdf(x) + made.sf(x) - 1).max() <= 2 * made.error_bound + 1e-15


def test_which_error_is_asked_for():
    made = law(stats.norm())
    with pytest.raises(OptionError, match="of='ppf': write of=\"cdf\""):
        made.relative_error_bound(0.0, of="ppf")
    assert made.relative_error_bound(np.inf, of="sf") == 0
    bounds = np.asarray(made.relative_error_bound([[0.0, 1.0], [2.0, 3.0]], of="pdf"))
    assert bounds.shape == (2, 2)
    assert (bounds < 1e-11).all()


def test_many_atoms_are_taken_at_their_floats():
    weights = np.full(5000, 1 / 5000)
    made = Lattice(weights, start=0.1, step=0.001, normalize=True) + law(stats.norm())
    x = 0.1 + 0.001 * np.arange(5000)
    assert made.cdf(2.0) == pytest.approx(stats.norm.cdf(2.0 - x).mean(), rel=1e-12)
    assert made.sf(2.0) == pytest.approx(stats.norm.sf(2.0 - x).mean(), rel=1e-12)


def test_ends_that_are_rounded():
    """The pieces end a rounding before the end of the domain; a table crosses all floats around 0."""
    two = law(stats.loguniform(0.01, 1.25)).sum(2)
    x = np.asarray(two.ppf([1e-80, 1e-3]))
    np.testing.assert_allclose(two.sf(x), [1.0, 0.999], rtol=1e-12)
    ramps = law(stats.powerlaw(1.6591133289905851)).sum(2)
    assert ramps.ppf(0.5) == pytest.approx(ramps.isf(0.5), rel=1e-14)
    assert law(stats.laplace()).relative_error_bound(5e-324) < 1e-11
