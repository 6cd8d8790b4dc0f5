"""Densities and their sums against closed forms."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from scipy import stats

import faltung as ft
from faltung.distributions import Density, Lattice, die, distribution

NORMAL, UNIFORM, EXPON = stats.norm(), stats.uniform(), stats.expon()


def law(frozen):
    return distribution(frozen)


def irwin_hall(n, x):
    """The distribution function of the sum of n standard uniform variables, exactly."""
    x = Fraction(x)
    terms = ((-1) ** k * math.comb(n, k) * (x - k) ** n for k in range(min(math.floor(x), n) + 1))
    return float(sum(terms, Fraction(0)) / math.factorial(n))


def normal_plus_uniform(z):
    """P(N(0, 1) + U(0, 2) <= z): Phi has the antiderivative x Phi(x) + phi(x)."""
    with mpmath.workdps(30):
        part = [x * mpmath.ncdf(x) + mpmath.npdf(x) for x in (mpmath.mpf(z), mpmath.mpf(z) - 2)]
        return float((part[0] - part[1]) / 2)


def hypoexponential(x):
    """The survival function for the rates 1, 2, 3."""
    return 1 - (3 * math.exp(-x) - 3 * math.exp(-2 * x) + math.exp(-3 * x))


CASES = {
    "normal": (lambda: law(NORMAL), NORMAL.cdf, (-8, 8)),
    "normal + normal": (
        lambda: law(NORMAL) + law(stats.norm(1, 2)),
        stats.norm(1, 5**0.5).cdf,
        (-20, 22),
    ),
    "normal - normal": (
        lambda: law(NORMAL) - law(stats.norm(1, 2)),
        stats.norm(-1, 5**0.5).cdf,
        (-20, 20),
    ),
    "normal + uniform": (
        lambda: law(NORMAL) + law(stats.uniform(0, 2)),
        np.vectorize(normal_plus_uniform),
        (-8, 10),
    ),
    "expon + expon": (lambda: law(EXPON) + law(EXPON), stats.gamma(2).cdf, (0, 50)),
    "expon copies": (lambda: law(EXPON).sum(5), stats.gamma(5).cdf, (0, 60)),
    "gamma + gamma": (
        lambda: law(stats.gamma(2, scale=3)) + law(stats.gamma(3, scale=3)),
        stats.gamma(5, scale=3).cdf,
        (0, 150),
    ),
    "scaled expon": (lambda: 3 * law(EXPON) + 1, stats.expon(1, 3).cdf, (1, 120)),
    "chi2(3)": (lambda: law(stats.chi2(3)), stats.chi2(3).cdf, (0, 90)),
    "chi2(3) + chi2(4)": (
        lambda: law(stats.chi2(3)) + law(stats.chi2(4)),
        stats.chi2(7).cdf,
        (0, 100),
    ),
    "hypoexponential": (
        lambda: law(EXPON) + law(EXPON) / 2 + law(EXPON) / 3,
        np.vectorize(hypoexponential),
        (0, 40),
    ),
    "laplace": (
        lambda: law(EXPON) - law(EXPON),
        stats.laplace().cdf,
        (-30, 30),
    ),
    "two uniforms": (
        lambda: law(UNIFORM) + law(UNIFORM),
        np.vectorize(lambda x: irwin_hall(2, x)),
        (0, 2),
    ),
    "ten uniforms": (
        lambda: law(UNIFORM).sum(10),
        np.vectorize(lambda x: irwin_hall(10, x)),
        (0, 10),
    ),
}


def errors(case):
    make, cdf, (low, high) = CASES[case]
    made = make()
    x = np.linspace(low, high, 101)
    true = cdf(x)
    return made, float(np.abs(made.cdf(x) - true).max()), float(np.abs(made.sf(x) + true - 1).max())


@pytest.mark.parametrize("case", CASES)
def test_distribution_function_is_within_the_bound(case):
    made, below, above = errors(case)
    assert max(below, above) <= made.error_bound + 2e-16  # the reference is rounded too
    assert max(below, above) <= 2e-14
    assert made.error_bound <= 5e-9


def test_error_estimate_is_near_the_error():
    ratios = []
    for case in CASES:
        made, below, above = errors(case)
        ratios.append(made.error_estimate / max(below, above, 1e-17))
    assert 0.01 <= np.median(ratios) <= 100


@pytest.mark.parametrize(
    ("made", "true"),
    [
        (lambda: law(NORMAL) + law(NORMAL), stats.norm(0, 2**0.5)),
        (lambda: law(EXPON).sum(4), stats.gamma(4)),
        (lambda: -2 * law(stats.gamma(3)) + 1, None),
        (lambda: law(stats.uniform(1, 2)) + law(stats.uniform(1, 2)), stats.triang(0.5, 2, 4)),
    ],
    ids=["normal", "expon", "gamma", "uniform"],
)
def test_density_is_within_its_bound(made, true):
    sum_ = made()
    x = np.linspace(sum_.ppf(5e-10), sum_.isf(5e-10), 200)
    known = true.pdf(x) if true else stats.gamma(3).pdf((1 - x) / 2) / 2
    assert np.abs(sum_.pdf(x) - known).max() <= sum_.pdf_error_bound + 1e-15
    assert (sum_.pdf(x) >= 0).all()


def test_irwin_hall_at_whole_numbers():
    ten = law(UNIFORM).sum(10)
    known = [1 / 3628800, 169 / 604800, 24427 / 1814400, 252023 / 1814400, 1 / 2]
    np.testing.assert_allclose(ten.cdf([1, 2, 3, 4, 5]), known, rtol=1e-13)


def test_standby_reliability():
    total = law(EXPON) + law(EXPON) / 2 + law(EXPON) / 3
    assert total.sf(1) == pytest.approx(0.74741954217235283, rel=1e-13)
    assert total.sf(10) == pytest.approx(1.3619360592016347e-4, abs=total.error_bound)


def test_sum_of_lognormals():
    total = law(stats.lognorm(1)) + law(stats.lognorm(1))
    assert total.sf(50) == pytest.approx(1.079782108381844e-4, abs=total.error_bound)
    assert total.sf(50) == pytest.approx(1.079782108381844e-4, abs=1e-13)


def test_mass_is_one():
    for case in CASES:
        made = CASES[case][0]()
        assert abs(made.function.integral() - 1) <= made.error_bound


def test_moments_add():
    x, y = law(stats.gamma(3)), law(stats.norm(2, 0.5))
    total = 2 * x - y + 1
    assert total.mean() == pytest.approx(2 * 3 - 2 + 1, rel=1e-14)
    assert total.var() == pytest.approx(4 * 3 + 0.25, rel=1e-14)
    own = Density(ft.Function(stats.beta(2, 3).pdf, (0, 1)))
    assert own.mean() == pytest.approx(0.4, rel=1e-14)
    assert own.var() == pytest.approx(0.04, rel=1e-13)


def test_support_is_the_true_one():
    assert law(NORMAL).support() == (-math.inf, math.inf)
    assert (law(EXPON) + law(stats.uniform(2, 3))).support() == (2, math.inf)
    assert (-2 * law(UNIFORM) + die(6)).support() == (-1, 6)
    assert law(NORMAL).ppf([0, 1]).tolist() == [-math.inf, math.inf]


# --- dice and noise ----------------------------------------------------------------------------


def test_dice_and_noise_are_a_mixture():
    noise = stats.norm(0, 0.3)
    total = die(6) + law(noise)
    x = np.linspace(-1, 8, 91)
    known = sum(noise.cdf(x - face) for face in range(1, 7)) / 6
    assert np.abs(total.cdf(x) - known).max() <= total.error_bound
    assert np.abs(total.sf(x) + known - 1).max() <= total.error_bound + 2e-16
    known = sum(noise.pdf(x - face) for face in range(1, 7)) / 6
    assert np.abs(total.pdf(x) - known).max() <= total.pdf_error_bound
    assert np.abs(total.function(x) - known).max() <= 2 * total.pdf_error_bound
    assert total.mean() == pytest.approx(3.5, rel=1e-15)


def test_mixtures_add_their_parts():
    x, y = die(6) + law(NORMAL), 2 * die(4) - law(UNIFORM)
    total = x + y
    known = (die(6) + 2 * die(4)) + (law(NORMAL) - law(UNIFORM))
    t = np.linspace(-5, 20, 60)
    np.testing.assert_allclose(total.cdf(t), known.cdf(t), rtol=0, atol=1e-15)
    assert total.var() == pytest.approx(35 / 12 + 4 * 15 / 12 + 1 + 1 / 12, rel=1e-13)


def test_a_thousand_atoms():
    total = Lattice(np.full(1000, 1e-3), step=0.001) + law(UNIFORM)
    x = np.array([0.25, 1.0, 1.7])
    k = np.arange(1000) / 1000
    known = np.clip(np.subtract.outer(x, k), 0, 1).mean(axis=1)
    np.testing.assert_allclose(total.cdf(x), known, rtol=0, atol=total.error_bound + 1e-15)
    with pytest.raises(ft.errors.OptionError, match="1000 shifted copies"):
        _ = total.function


def test_scaling_by_zero_leaves_a_point():
    assert (0 * law(NORMAL)).pmf(0) == 1.0
    assert law(NORMAL).sum(0).pmf(0) == 1.0


# --- quantiles and samples ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "made",
    [
        lambda: law(NORMAL),
        lambda: law(EXPON) + law(UNIFORM),
        lambda: die(6) + law(stats.norm(0, 0.1)),
        lambda: law(stats.gamma(2.5)),
    ],
    ids=["normal", "expon + uniform", "die + normal", "gamma"],
)
def test_quantiles_are_the_smallest_floats_that_serve(made):
    x = made()
    q = np.array([1e-12, 1e-5, 0.01, 1 / 6, 0.3, 0.5, 0.9, 0.999, 1 - 1e-9])
    t = x.ppf(q)
    assert (x.cdf(t) >= q).all()
    assert (x.cdf(np.nextafter(t, -np.inf)) < q).all()
    t = x.isf(q)
    assert (x.sf(t) <= q).all()
    assert (x.sf(np.nextafter(t, -np.inf)) > q).all()


def test_quantiles_of_the_normal_law():
    x = law(NORMAL)
    q = np.array([1e-6, 0.025, 0.5, 0.8])
    np.testing.assert_allclose(x.ppf(q), NORMAL.ppf(q), rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(x.isf(q), NORMAL.isf(q), rtol=1e-9, atol=1e-15)
    assert x.interval(0.95) == pytest.approx(NORMAL.interval(0.95), rel=1e-13)
    assert np.isnan(x.ppf([-0.1, 1.1, np.nan])).all()


@pytest.mark.parametrize(
    "made",
    [
        lambda: law(NORMAL) + law(stats.uniform(0, 2)),
        lambda: die(6) + law(stats.norm(0, 0.1)),
        lambda: law(stats.lognorm(1)),
    ],
    ids=["normal + uniform", "die + normal", "lognormal"],
)
def test_samples_follow_the_law(made):
    x = made()
    draws = x.rvs(20_000, random_state=11)
    assert stats.kstest(draws, x.cdf).pvalue > 1e-3
    assert isinstance(x.rvs(rng=1), float)
    assert x.rvs((2, 3), rng=1).shape == (2, 3)


def test_tails_fall_to_zero_and_never_below():
    x = law(NORMAL) + law(NORMAL)
    t = np.linspace(-40, 40, 801)
    assert (x.pdf(t) >= 0).all()
    assert (x.cdf(t) >= 0).all()
    assert (x.sf(t) >= 0).all()
    assert all(b - a >= -x.error_bound for a, b in pairwise(x.cdf(t)))
    assert x.cdf(1e6) == 1.0
    assert x.sf(-1e6) == 1.0
    assert math.isnan(x.cdf(math.nan))
    assert x.logsf(-1e6) == 0.0
    assert x.logpdf(1e6) == pytest.approx(-2.5e11)
    assert x.logcdf(0.0) == pytest.approx(math.log(0.5), rel=1e-14)


def test_numbers_near_the_ends_of_the_range():
    wide = law(NORMAL) * 1e300
    assert wide.cdf(1e300) == pytest.approx(NORMAL.cdf(1), rel=1e-12)
    assert wide.var() == math.inf
    assert "1e+300" in repr(Lattice([0.5, 0.5], step=1e300))
    with pytest.raises(ft.errors.OptionError, match="take a smaller shift"):
        _ = law(stats.gumbel_r()) + 1e20
    with pytest.raises(ft.errors.DataError, match="range of float64"):
        _ = law(NORMAL) + 10**400


def test_a_convolution_names_its_operands():
    total = distribution("expon(10)") + distribution("normal(0, 1)")
    assert "the law of norm(loc=0, scale=1) + expon(loc=0, scale=10): cdf" in total.explain()
    copies = 2 * distribution("weibull(1.5, 2)").sum(2) + 1
    assert "the law of 2 (2 copies of weibull_min(loc=0, scale=2, c=1.5))" in copies.explain()
    own = distribution(lambda t: 2 * t, support=(0, 1))
    assert "the law of a density on [0, 1] + uniform(loc=0, scale=1)" in (
        own + distribution("uniform(0, 1)")
    ).explain().replace(
        "uniform(loc=0, scale=1) + a density on [0, 1]",
        "a density on [0, 1] + uniform(loc=0, scale=1)",
    )
    many = own
    for _ in range(5):
        many = many + own
    assert "a density on [0, 1] + 2 more: cdf" in many.explain()
    assert "the law of" not in own.explain()
