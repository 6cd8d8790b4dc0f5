"""SciPy's continuous families at SciPy's own test parameters: taken, or refused with the reason."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy import stats
from scipy.stats._distr_params import distcont

from faltung.distributions import Density, distribution
from faltung.distributions.scipy_laws.continuous import has_own
from faltung.distributions.scipy_laws.shapes import REFUSED
from faltung.errors import OptionError

FAMILIES = [(name, shapes) for name, shapes in distcont if isinstance(name, str)]
TAKEN = [case for case in FAMILIES if case[0] not in REFUSED]

# What SciPy's own cdf or sf is wrong by in the tail that is looked at, more than 1e-9 of it.
ROUGH = {"norminvgauss": 2e-6, "geninvgauss": 1e-8, "tukeylambda": 1e-8, "kstwobign": 2e-9}


def test_at_most_a_twentieth_is_refused():
    continuous = {
        name for name in dir(stats) if isinstance(getattr(stats, name), stats.rv_continuous)
    }
    assert set(REFUSED) <= continuous
    assert len(REFUSED) <= 0.05 * len(continuous)


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_the_reason(name):
    shapes = dict(FAMILIES) | {"levy_stable": (1.8, -0.5), "studentized_range": (3.0, 10.0)}
    with pytest.raises(OptionError, match=f"scipy.stats.{name}.* is not supported: "):
        distribution(getattr(stats, name)(*shapes[name]))


@pytest.mark.parametrize(("name", "shapes"), TAKEN)
def test_both_sides_agree_with_scipy(name, shapes):
    frozen = getattr(stats, name)(*shapes)
    law = distribution(frozen)
    assert isinstance(law, Density)
    assert law.error_bound <= 1e-8
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        # Only what a family computes itself, and what 1 - cdf has digits of, is compared.
        if has_own(frozen, "_cdf"):
            x = law.ppf([1e-5, 1e-3, 0.2, 0.5, 0.9])
            np.testing.assert_allclose(
                law.cdf(x), frozen.cdf(x), rtol=ROUGH.get(name, 1e-9), atol=1e-13
            )
        if has_own(frozen, "_sf"):
            x = law.isf([1e-5, 1e-3, 0.2, 0.5, 0.9])
            np.testing.assert_allclose(
                law.sf(x), frozen.sf(x), rtol=ROUGH.get(name, 1e-9), atol=1e-13
            )
    assert law.support() == pytest.approx(frozen.support())


# Families whose two tails SciPy computes itself, to many digits: the log of the probability.
DEEP = [
    ("norm", ()),
    ("cauchy", ()),
    ("logistic", ()),
    ("gumbel_r", ()),
    ("gumbel_l", ()),
    ("weibull_min", (1.5,)),
    ("lognorm", (1.0,)),
    ("gamma", (0.3,)),
    ("chi2", (1,)),
    ("t", (3,)),
    ("invgamma", (2.5,)),
    ("moyal", ()),
    ("hypsecant", ()),
    ("laplace_asymmetric", (2.0,)),
]


@pytest.mark.parametrize(("name", "shapes"), DEEP)
def test_deep_in_both_tails(name, shapes):
    """Down to 1e-250: SciPy's own roundings grow with the logarithm."""
    frozen = getattr(stats, name)(*shapes)
    law = distribution(frozen)
    assert isinstance(law, Density)
    q = np.array([1e-20, 1e-60, 1e-100, 1e-200, 1e-250])
    below, above = np.asarray(law.ppf(q)), np.asarray(law.isf(q))
    # A quantile of a pole may be below the least double.
    below = below[np.abs(below) > 1e-300]
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(law.cdf(below), frozen.cdf(below), rtol=1e-12)
        np.testing.assert_allclose(law.sf(above), frozen.sf(above), rtol=1e-12)
    assert np.max(law.relative_error_bound(below)) <= 2e-10
    assert np.max(law.relative_error_bound(above, of="sf")) <= 2e-10


def test_tails_are_taken_from_their_own_side():
    """SciPy's sf of these is 1 - cdf, and 0 or noise where it is asked for."""
    alpha = distribution(stats.alpha(3.57))
    x = float(alpha.isf(1e-40))
    assert stats.alpha(3.57).sf(x) == 0.0
    assert alpha.sf(x) == pytest.approx(1e-40, rel=1e-13)
    skew = distribution(stats.skewcauchy(0.5))
    assert skew.sf(1e60) == pytest.approx(1.5**2 / 2 / np.pi / 1e60, rel=1e-11)


def test_a_standard_law_is_made_once():
    one, other = distribution(stats.gompertz(2.25)), distribution(stats.gompertz(2.25))
    assert one is other
    moved = distribution(stats.gompertz(2.25, loc=1, scale=3))
    assert moved.cdf(4.0) == pytest.approx(one.cdf(1.0), rel=1e-15)
