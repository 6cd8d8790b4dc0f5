"""Answers at the ends of float64, and everything against exact integers for laws of every kind."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import pytest

from faltung.distributions import Lattice, die
from faltung.distributions.discrete.sums import LatticeSum
from faltung.distributions.weights.exact import log_ratio


@pytest.mark.parametrize("depth", [10**6, 3 * 10**6])
def test_ratios_of_huge_integers(depth):
    """Either logarithm alone has an ulp of 4e-10 and more."""
    with mpmath.workdps(40):
        true = -1000 * mpmath.log(10) + mpmath.log(mpmath.mpf(7) / 3)
        found = log_ratio(7 * 10 ** (depth - 1000), 3 * 10**depth)
        assert abs(found - true) <= math.ulp(float(true))


def test_digits_below_the_smallest_normal_float_are_neglected_mass():
    many = die(6).sum(10**6)
    x = many.ppf(1e-300)
    while many.logpmf(x) > -743:
        x -= 100
    true = mpmath.exp(many.logpmf(x))
    assert 0 < many.pmf(x) < 1e-320
    assert abs(many.pmf(x) - true) <= many.error_bound * true + many.neglected_mass
    assert many.pmf(10**6) == 0 < many.neglected_mass < 1e-315


def test_sums_without_small_probabilities_neglect_nothing():
    """No answer is below 2**-1022 where no product of the least weights is."""
    wide = (Lattice([1] * 10**4, normalize=True) + Lattice([1] * 10**4, normalize=True)).sum(2)
    assert wide.neglected_mass == 0


def test_logarithms_are_never_positive():
    certain = Lattice([1, 10**12, 10**70, 10**4], Fraction(1, 10), normalize=True).sum(2000)
    x = [certain.mean() - 1, float(certain._start + 4000), certain.mean() + 1]
    for logarithms in (certain.logpmf(x), certain.logcdf(x), certain.logsf(x)):
        assert (logarithms <= 0).all()


@pytest.mark.parametrize("depth", [-600, -(10**4), -3 * 10**6, -(10**8)])
@pytest.mark.parametrize("n", [20_000, 10**9])
def test_steep_laws_are_not_built(depth, n):
    """Weights 1 and e**depth, n times: a mean that underflows, and tilts of a hundred million."""
    steep = Lattice.from_log_weights([0, depth], normalize=True).sum(n)
    assert isinstance(steep, LatticeSum)
    ln = mpmath.mpf(depth)
    with mpmath.workdps(60):
        none = -n * mpmath.log1p(mpmath.exp(ln))
        for k in (0, 1, 3, n // 2, n - 1, n):
            true = none + k * ln + mpmath.log(mpmath.binomial(n, k))
            if k in (0, n) or depth < -1000:
                allowed = max(1e-12, 4 * math.ulp(float(true)))
                assert abs(steep.logpmf(k) - true) <= allowed
                if k:
                    assert abs(steep.logsf(k - 1) - true) <= allowed
    assert steep.neglected_mass > 0
    assert not steep._parts.is_built
