"""SciPy's distributions at the door: taken over within the bound, or refused with the reason."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from scipy import stats

from faltung.distributions import Density, Discrete, Lattice, die, distribution
from faltung.errors import DataError, DtypeError, OptionError

CONTINUOUS = {
    "norm": stats.norm(3, 2),
    "narrow norm": stats.norm(1000, 1e-3),
    "uniform": stats.uniform(-1, 3),
    "expon": stats.expon(2, 5),
    "gamma": stats.gamma(3.7),
    "gamma with a root": stats.gamma(1.5),
    "beta": stats.beta(2.5, 3.5),
    "triang": stats.triang(0.3, 1, 4),
    "trapezoid": stats.trapezoid(0.2, 0.7),
    "lognorm": stats.lognorm(0.8),
    "laplace": stats.laplace(1, 2),
    "logistic": stats.logistic(),
    "weibull_min": stats.weibull_min(1.5),
    "gumbel_r": stats.gumbel_r(),
    "t": stats.t(6),
    "f": stats.f(29, 18),
    "pareto": stats.pareto(6),
    "maxwell": stats.maxwell(),
    "rayleigh": stats.rayleigh(),
    "skewnorm": stats.skewnorm(4),
    "truncnorm": stats.truncnorm(-1, 2),
    "rv_histogram": stats.rv_histogram(
        (np.array([1, 5, 2]), np.array([0, 1, 1.5, 4])), density=False
    ).freeze(),
}


@pytest.mark.parametrize("name", CONTINUOUS)
def test_continuous_laws_agree_with_scipy(name):
    frozen = CONTINUOUS[name]
    law = distribution(frozen)
    assert isinstance(law, Density)
    x = frozen.ppf(np.linspace(0.0005, 0.9995, 97))
    np.testing.assert_allclose(law.cdf(x), frozen.cdf(x), rtol=0, atol=law.error_bound + 2e-15)
    np.testing.assert_allclose(law.sf(x), frozen.sf(x), rtol=0, atol=law.error_bound + 2e-15)
    top = frozen.pdf(x).max()
    # SciPy's own densities are good to some 1e-14 of their size, more for a narrow law far from 0.
    noise = 1e-14 * top * (1 + abs(frozen.mean()) / frozen.std())
    np.testing.assert_allclose(law.pdf(x), frozen.pdf(x), rtol=0, atol=law.pdf_error_bound + noise)
    assert law.mean() == pytest.approx(frozen.mean(), rel=1e-12)
    assert law.std() == pytest.approx(frozen.std(), rel=1e-12)
    assert law.support() == frozen.support()
    assert law.error_bound < 1e-8


def test_more_accurate_than_a_quadrature_of_scipy():
    """SciPy integrates this density to 1e-8 only."""
    frozen = stats.geninvgauss(2.3, 1.5)
    with mpmath.workdps(20):
        weight = 2 * mpmath.besselk(2.3, 1.5)
        true = mpmath.quad(
            lambda x: x**1.3 * mpmath.exp(-0.75 * (x + 1 / x)) / weight, [0, 1, 2, 4]
        )
    law = distribution(frozen)
    assert abs(law.cdf(4.0) - float(true)) < 1e-13


@pytest.mark.parametrize(
    ("frozen", "reason"),
    [
        (stats.halfcauchy(), r"scipy.stats.halfcauchy\(\) has tails too heavy"),
        (stats.fisk(1.1), r"scipy.stats.fisk\(1.1\) has tails too heavy"),
        (stats.gengamma(0.9, 1), r"gengamma\(0.9, 1\) has a density that grows without bound at 0"),
        (stats.dgamma(0.5), "grows without bound at 0"),
    ],
)
def test_laws_that_a_window_cannot_hold_are_refused(frozen, reason):
    with pytest.raises(OptionError, match=reason):
        distribution(frozen)


DISCRETE = {
    "binom": stats.binom(40, 0.3),
    "large binom": stats.binom(10**6, 0.5),
    "poisson": stats.poisson(20),
    "moved poisson": stats.poisson(3, loc=-2),
    "geom": stats.geom(0.2),
    "nbinom": stats.nbinom(4.5, 0.3),
    "hypergeom": stats.hypergeom(50, 20, 12),
    "skellam": stats.skellam(5, 8),
    "dlaplace": stats.dlaplace(0.8),
    "randint": stats.randint(-3, 9),
    "logser": stats.logser(0.6),
}


@pytest.mark.parametrize("name", DISCRETE)
def test_discrete_laws_agree_with_scipy(name):
    frozen = DISCRETE[name]
    law = distribution(frozen)
    assert isinstance(law, Lattice)
    middle = frozen.ppf(0.5)
    x = middle + np.arange(-30, 31)
    np.testing.assert_allclose(law.pmf(x), frozen.pmf(x), rtol=1e-9, atol=0)
    np.testing.assert_allclose(law.cdf(x), frozen.cdf(x), rtol=1e-9, atol=1e-16)
    np.testing.assert_allclose(law.sf(x), frozen.sf(x), rtol=1e-9, atol=1e-15)
    assert law.mean() == pytest.approx(frozen.mean(), rel=1e-12)
    assert law.var() == pytest.approx(frozen.var(), rel=1e-11)
    assert law.neglected_mass <= 1e-19
    assert law.support() == frozen.support()
    np.testing.assert_array_equal(law.ppf([0, 1]), frozen.ppf([0, 1]))
    np.testing.assert_array_equal(law.isf([0, 1]), frozen.isf([0, 1]))
    assert (law.neglected_mass > 0) == (law.window() != law.support())


def test_cut_tails_are_stated():
    law = distribution(stats.poisson(20))
    assert 0 < law.neglected_mass <= 2e-300
    assert isinstance(law, Lattice)
    assert stats.poisson(20).sf(law.window()[1]) <= law.neglected_mass
    assert distribution(stats.binom(40, 0.3)).neglected_mass == 0
    slow = distribution(stats.geom(1e-4))
    assert isinstance(slow, Lattice)
    assert stats.geom(1e-4).sf(slow.window()[1]) <= slow.neglected_mass <= 1e-20


def test_the_support_is_the_true_one_through_every_operation():
    inf = math.inf
    poisson, walk = distribution(stats.poisson(1e5)), distribution(stats.skellam(2, 3))
    assert isinstance(poisson, Lattice)
    assert isinstance(walk, Lattice)
    low, high = poisson.window()
    assert 0 < low < 1e5 < high < inf
    assert poisson.support() == (0, inf)
    assert (poisson + 2).support() == (2, inf)
    assert (poisson + 2).window() == (low + 2, high + 2)
    assert (3 * poisson - 1).support() == (-1, inf)
    assert (-poisson / 4).support() == (-inf, 0)
    assert (-poisson / 4).window() == (-high / 4, -low / 4)
    assert (poisson * 0).support() == (0, 0)
    assert (poisson + die(6)).support() == (1, inf)
    assert (poisson + die(6)).window() == (low + 1, high + 6)
    assert (poisson - distribution(stats.poisson(2))).support() == (-inf, inf)
    assert (poisson + Discrete([0, math.pi], [0.5, 0.5])).support() == (0, inf)
    assert (walk + poisson).support() == (-inf, inf) == (-walk * 2).support()
    assert poisson.sum(2).support() == (0, inf)
    assert poisson.sum(0).support() == (0, 0)
    assert (die(6).sum(2) - 3).support() == (die(6).sum(2) - 3).window() == (-1, 9)
    trials = distribution(stats.geom(0.5)).sum(3)
    assert isinstance(trials, Lattice)
    assert trials.support() == (3, inf)
    assert trials.to_float().support() == (3, inf)
    assert trials.ppf([0, 1]).tolist() == [2, inf]
    assert distribution(stats.binom(10**6, 0.5)).sum(2).support() == (0, 2 * 10**6)


def test_a_window_is_told():
    law = distribution(stats.geom(0.04)) + 1
    assert isinstance(law, Lattice)
    low, high = law.window()
    assert f"plus {law.neglected_mass:.2g} in all" in law.explain()
    assert f"Kept from 2 to {high:g}, the rest neglected." in law.explain()
    assert f"from {low:g} to {high:g}," in repr(law)
    assert "2 … inf" in law._repr_html_()
    assert "Kept" not in distribution(stats.binom(40, 0.3)).explain()


def test_even_a_tail_below_every_float_is_stated():
    law = distribution(stats.poisson(1e-200))
    assert law.support() == (0, math.inf)
    assert law.neglected_mass > 0


def test_an_unbounded_law_as_atoms_of_a_density():
    law = distribution(stats.poisson(3)) + distribution(stats.uniform(0, 1))
    assert isinstance(law, Density)
    assert law.support() == (0, math.inf)
    x = np.arange(0.0, 12.0)
    np.testing.assert_allclose(law.cdf(x + 1), stats.poisson(3).cdf(x), rtol=0, atol=1e-13)
    middle = law.ppf(0.4)
    assert law.cdf(middle) >= 0.4 > law.cdf(np.nextafter(middle, 0))
    assert law.ppf(1) == math.inf
    assert np.isfinite(law.rvs(50, rng=1)).all()


def test_draws_stay_finite():
    class Zeros(np.random.RandomState):
        def random(self, size=None):
            return np.zeros(size)

    law = distribution(stats.poisson(3))
    assert law.ppf(1) == math.inf
    assert law.rvs(2, rng=Zeros()).tolist() == [law.ppf(1 - 2.0**-53)] * 2


def test_sum_of_poissons_is_a_poisson_far_into_the_tail():
    total = distribution(stats.poisson(3)) + distribution(stats.poisson(4))
    with mpmath.workdps(30):
        for k in (0, 7, 50, 100):
            true = mpmath.exp(-7) * mpmath.mpf(7) ** k / mpmath.factorial(k)
            assert total.pmf(k) == pytest.approx(float(true), rel=1e-13, abs=0)


def test_heavy_lattice_tail_is_refused():
    with pytest.raises(OptionError, match=r"zipf\(2.5\) has a tail too heavy"):
        distribution(stats.zipf(2.5))


def test_listed_values():
    law = distribution(stats.rv_discrete(values=([0, 1.5, math.pi], [0.5, 0.25, 0.25])))
    assert isinstance(law, Discrete)
    assert law.pmf([0, 1.5, math.pi]).tolist() == [0.5, 0.25, 0.25]


def test_family_without_parameters_is_its_standard_law():
    assert distribution(stats.norm).std() == 1


@pytest.mark.parametrize(
    ("obj", "error", "message"),
    [
        (stats.gamma, DtypeError, r"is a family: give its parameters, scipy.stats.gamma\(a\)"),
        (stats.norm([0, 1]), DataError, "has arrays for parameters"),
        (stats.norm(0, -1), DataError, "parameters outside their domain"),
        (stats.multivariate_normal([0, 0]), DtypeError, "write a frozen distribution"),
    ],
)
def test_what_is_no_single_law_is_refused(obj, error, message):
    with pytest.raises(error, match=message):
        distribution(obj)
