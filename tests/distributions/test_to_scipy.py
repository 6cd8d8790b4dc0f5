"""Laws as distributions of SciPy: every probability is the law's own."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from faltung.distributions import die, distribution, empirical, maximum, mixture, point
from faltung.errors import DtypeError

HALVES = (die(6) / 2).sum(100)
NORMAL = distribution("normal(0, 1)")


def test_discrete_laws_keep_their_tails():
    frozen = HALVES.to_scipy()
    x = np.array([49.5, 50, 50.2, 175, 299.5, 300])
    for name in ("pmf", "logpmf", "cdf", "logcdf", "sf", "logsf"):
        assert getattr(frozen, name)(x).tolist() == getattr(HALVES, name)(x).tolist()
    assert frozen.sf(299.5) == 6.0**-100
    assert frozen.isf(1e-70) == HALVES.isf(1e-70)
    assert frozen.ppf([1e-70, 0.5, 1]).tolist() == HALVES.ppf([1e-70, 0.5, 1]).tolist()
    assert frozen.stats("mvsk") == pytest.approx(HALVES.stats("mvsk"))
    assert frozen.moment(3) == HALVES.moment(3)
    assert frozen.entropy() == pytest.approx(HALVES.entropy())
    assert frozen.expect(lambda x: x + 1) == pytest.approx(176)
    assert frozen.expect(lb=100, ub=170, conditional=True) < 170
    assert frozen.interval(0.9) == HALVES.interval(0.9)
    assert frozen.support() == (50, 300)
    assert frozen.median() == 175
    assert set(2 * frozen.rvs(size=50, random_state=1) % 2) == {0, 1}
    assert isinstance(frozen.rvs(random_state=1), float)
    assert isinstance(frozen.dist, stats.rv_discrete)


def test_points_anywhere():
    frozen = empirical([-1.5, 0.25, 0.25, math.pi]).to_scipy()
    assert frozen.pmf([0.25, math.pi, 0]).tolist() == [0.5, 0.25, 0]
    assert frozen.cdf([-2, -1.5, 3.2]).tolist() == [0, 0.25, 1]


def test_infinite_supports():
    frozen = distribution("poisson(3)").to_scipy()
    assert frozen.support() == (0, math.inf)
    assert frozen.sf(200) == pytest.approx(distribution("poisson(3)").sf(200))


@pytest.mark.parametrize(
    "law", [NORMAL, maximum(NORMAL, NORMAL), mixture([NORMAL, 2 * NORMAL])], ids=repr
)
def test_densities_keep_their_tails(law):
    exported = law.to_scipy()
    x = np.array([-3.0, 0.0, 1.5, 7.0])
    for ours, theirs in (
        ("pdf", "pdf"),
        ("logpdf", "logpdf"),
        ("cdf", "cdf"),
        ("logcdf", "logcdf"),
        ("sf", "ccdf"),
        ("logsf", "logccdf"),
    ):
        assert getattr(exported, theirs)(x).tolist() == getattr(law, ours)(x).tolist()
    q = np.array([1e-12, 0.3, 0.9])
    assert exported.icdf(q).tolist() == law.ppf(q).tolist()
    assert exported.iccdf(q).tolist() == law.isf(q).tolist()
    assert exported.mean() == law.mean()
    assert exported.variance() == law.var()
    assert exported.standard_deviation() == pytest.approx(law.std())
    assert exported.skewness() == law.skew()
    assert exported.kurtosis() == pytest.approx(law.kurtosis() + 3)
    assert exported.median() == law.median()
    assert exported.entropy() == law.entropy()
    assert exported.mode() == law.mode()
    assert exported.moment(3) == pytest.approx(law.moment(3), abs=1e-12)
    assert exported.moment(6, kind="standardized") > 0
    assert exported.moment(2, kind="central") == law.var()
    assert exported.support() == law.support()
    assert exported.sample((2, 3), rng=np.random.default_rng(1)).shape == (2, 3)
    assert exported.cdf(-1.0, 1.0) == pytest.approx(law.cdf(1.0) - law.cdf(-1.0))
    assert exported.ccdf(-1.0, 1.0) == pytest.approx(law.sf(1.0) + law.cdf(-1.0))
    assert (2 * exported + 1).ccdf(9.0) == pytest.approx(law.sf(4.0))


def test_tails_between_two_places():
    exported = NORMAL.to_scipy()
    assert exported.cdf(5.0, 6.0) == pytest.approx(stats.norm.sf(5) - stats.norm.sf(6), rel=1e-9)
    assert exported.cdf(-6.0, -5.0) == pytest.approx(exported.cdf(5.0, 6.0), rel=1e-9)


def test_laws_with_both_have_no_place_in_scipy():
    for law in (mixture([point(0), NORMAL]), maximum(die(6), NORMAL)):
        with pytest.raises(DtypeError, match="no distribution with atoms and a density"):
            law.to_scipy()


def test_an_old_scipy(monkeypatch):
    monkeypatch.delattr(stats, "make_distribution")
    with pytest.raises(Exception, match="needs SciPy 1.16"):
        NORMAL.to_scipy()


def test_scipy_makes_other_laws_of_it():
    law = distribution("gamma(2, 1)") + distribution("normal(0, 1)")
    made = law.to_scipy()
    share = law.cdf(3.0) - law.cdf(0.0)
    assert stats.truncate(made, 0, 3).cdf(2.0) == pytest.approx(
        (law.cdf(2.0) - law.cdf(0.0)) / share, rel=1e-12
    )
    first = stats.order_statistic(made, r=1, n=2)
    assert first.ccdf(2.0) == pytest.approx(law.sf(2.0) ** 2, rel=1e-12)
    assert abs(made - 2).cdf(1.0) == pytest.approx(law.cdf(3.0) - law.cdf(1.0), rel=1e-12)
