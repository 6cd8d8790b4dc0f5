"""Every kind of law keeps the shapes, the NaN and the infinities that it is asked with."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from faltung.distributions import (
    Atoms,
    compound,
    die,
    distribution,
    empirical,
    maximum,
    minimum,
    poisson_binomial,
    power,
    tweedie,
)

NORMAL = distribution("normal(0, 1)")
EXPON = distribution("expon(1)")
CLAIM = distribution("0.5*point(0) + 0.5*expon(1)")
LAWS = {
    "lattice": die(6),
    "long sum": die(6).sum(10**7),
    "points": empirical([1.5, 2.7, math.pi]),
    "poisson": distribution("poisson(3)"),
    "counts": poisson_binomial([0.1, 0.2, 0.3]),
    "named": NORMAL,
    "convolved": EXPON + NORMAL,
    "scipy": distribution(stats.genextreme(0.1)),
    "mixture": CLAIM,
    "clipped": (EXPON + NORMAL).clip(0, 1),
    "truncated": NORMAL.truncate(1, 2),
    "tweedie": tweedie(1, 2, 1.5),
    "compound": compound(stats.poisson(3), EXPON),
    "largest": maximum(EXPON, NORMAL),
    "smallest": minimum(die(6), NORMAL),
    "order": NORMAL.order_statistic(2, 5),
    "order with atoms": CLAIM.order_statistic(2, 5),
    "power": power(EXPON, 2),
}
OF_X = ["cdf", "sf", "logcdf", "logsf"]
OF_Q = ["ppf", "isf"]


def asked(law):
    """The methods of a law that answer for a number."""
    own = []
    if isinstance(law, Atoms) or getattr(law, "atoms", None) is not None:
        own += ["pmf", "logpmf"]
    if not isinstance(law, Atoms):
        own += ["pdf", "logpdf"]
    return own + OF_X + OF_Q


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_shapes_are_those_of_the_question(law):
    for method in asked(law):
        ask = getattr(law, method)
        assert type(ask(0.5)) is float
        assert type(ask(np.array(0.5))) is float
        for x in ([], np.empty((0, 3)), [0.25, 0.5], np.array([[0.25], [0.5]]), np.array([0, 1])):
            answers = ask(x)
            assert answers.shape == np.shape(x)
            assert answers.dtype == np.float64


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_nan_is_answered_by_nan(law):
    for method in asked(law):
        assert math.isnan(getattr(law, method)(math.nan)), method
        mixed = getattr(law, method)([0.5, math.nan])
        assert np.isnan(mixed).tolist() == [False, True], method


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_infinities_are_beyond_everything(law):
    assert (law.cdf(math.inf), law.sf(-math.inf)) == (1.0, 1.0)
    assert (law.cdf(-math.inf), law.sf(math.inf)) == (0.0, 0.0)
    assert (law.logcdf(math.inf), law.logsf(-math.inf)) == (0.0, 0.0)
    assert (law.logcdf(-math.inf), law.logsf(math.inf)) == (-math.inf, -math.inf)


def test_what_is_masked_is_not_known():
    masked = np.ma.array([0, 7], mask=[False, True])
    assert NORMAL.cdf(masked).tolist()[:1] == [0.5]
    assert np.isnan(NORMAL.cdf(masked)[1])
    assert math.isnan(die(6).pmf(masked)[1])


def test_long_doubles_beyond_all_floats_are_infinite():
    assert NORMAL.cdf(np.longdouble("1e4000")) == 1.0
