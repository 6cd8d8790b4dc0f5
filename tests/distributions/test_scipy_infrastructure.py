"""Laws of SciPy's newer infrastructure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from faltung.distributions import Density, Lattice, NamedDensity, distribution
from faltung.errors import DataError, DtypeError

NEW: Any = pytest.importorskip("scipy.stats._new_distributions")
X: Any = stats.Normal(mu=1.0, sigma=2.0)


@pytest.mark.parametrize(
    ("law", "older"),
    [
        (X, stats.norm(1, 2)),
        (2 * X + 1, stats.norm(3, 4)),
        (1 - X / 2, stats.norm(0.5, 1)),
        (stats.Normal(), stats.norm()),
        (stats.Logistic(), stats.logistic()),
        (stats.Uniform(a=-1.0, b=3.0), stats.uniform(-1, 4)),
        (stats.make_distribution(stats.gamma)(a=2.5), stats.gamma(2.5)),
        (-3 * stats.make_distribution(stats.levy)(), None),
    ],
    ids=range(8),
)
def test_known_families_have_their_own_tails(law, older):
    made = distribution(law)
    assert isinstance(made, NamedDensity)
    if older is not None:
        expected = distribution(older)
        x = np.linspace(-30, 30, 13)
        np.testing.assert_array_equal(made.logsf(x), expected.logsf(x))
    else:
        assert made.support() == (-np.inf, 0)


def test_other_families_are_made_from_their_own_functions():
    made = distribution(stats.make_distribution(stats.gumbel_r)())
    assert isinstance(made, Density)
    assert made.cdf(1.0) == pytest.approx(stats.gumbel_r.cdf(1.0), rel=1e-12)
    cut = distribution(stats.truncate(X, 0, 1))
    assert cut.support() == (0, 1)
    assert cut.cdf(0.5) == pytest.approx(float(stats.truncate(X, 0, 1).cdf(0.5)), rel=1e-11)
    both = distribution(stats.Mixture([X, stats.Normal()]))
    assert both.cdf(0.5) == pytest.approx((X.cdf(0.5) + stats.norm.cdf(0.5)) / 2, rel=1e-11)


def test_a_density_of_ones_own():
    class Power:
        __make_distribution_version__ = "1.16.0"
        parameters = {"a": {"endpoints": (0, 5)}}  # noqa: RUF012
        support = {"endpoints": (0, 1)}  # noqa: RUF012

        def pdf(self, x, a):
            return (a + 1) * x**a

    law = distribution(stats.make_distribution(Power())(a=2.0))
    assert law.mean() == pytest.approx(0.75)
    assert law.cdf(0.5) == pytest.approx(0.125)


def test_discrete_laws():
    made = distribution(stats.Binomial(n=10, p=0.3))
    assert isinstance(made, Lattice)
    assert made.pmf(3) == pytest.approx(stats.binom.pmf(3, 10, 0.3))
    poisson = distribution(stats.make_distribution(stats.poisson)(mu=3.0))
    assert isinstance(poisson, Lattice)
    assert poisson.mean() == pytest.approx(3)


def test_what_is_no_single_law():
    with pytest.raises(DataError, match="has arrays for parameters"):
        distribution(stats.Normal(mu=[1.0, 2.0], sigma=1.0))
    with pytest.raises(DtypeError, match="write a frozen distribution"):
        distribution(stats.multivariate_normal([0, 0]))
