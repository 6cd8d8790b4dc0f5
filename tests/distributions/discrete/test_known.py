"""Counting laws from their ratios, and closed forms of their sums."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from faltung.distributions import Lattice, distribution
from faltung.distributions.discrete.sums import LatticeSum


def poisson(mu, k):
    return mpmath.exp(k * mpmath.log(mpmath.mpf(mu)) - mu - mpmath.loggamma(k + 1))


def binomial(n, p, k):
    p = mpmath.mpf(p)
    return mpmath.binomial(n, k) * p**k * (1 - p) ** (n - k)


def negative_binomial(n, p, k):
    p, n = mpmath.mpf(p), mpmath.mpf(n)
    ways = mpmath.gammaprod([n + k], [n, k + 1])
    return ways * p**n * (1 - p) ** k


@settings(max_examples=25, deadline=None)
@given(st.floats(1e-3, 1e4), st.floats(0.01, 0.99), st.floats(0.1, 50.0), st.floats(0, 1))
def test_every_digit(mu, p, n, place):
    cases = [
        (stats.poisson(mu), lambda k: poisson(mu, k)),
        (stats.binom(900, p), lambda k: binomial(900, p, k)),
        (stats.nbinom(n, p), lambda k: negative_binomial(n, p, k)),
    ]
    with mpmath.workdps(40):
        for frozen, true in cases:
            law = distribution(frozen)
            assert isinstance(law, Lattice)
            k = float(law.points[int(place * (len(law.points) - 1))])
            log = mpmath.log(true(k))
            error = float(abs(law.logpmf(k) - log))
            assert error <= law.error_bound + 4 * np.spacing(float(-log))
            assert law.error_bound <= 1e-12


@pytest.mark.parametrize(
    ("x", "y", "total", "how"),
    [
        (stats.poisson(2.5), stats.poisson(4), stats.poisson(6.5), "poisson(2.5) + poisson(4)"),
        (stats.binom(600, 0.25), stats.binom(40, 0.25), stats.binom(640, 0.25), "binom(640, 0.25)"),
        (stats.nbinom(2, 0.5), stats.geom(0.5), stats.nbinom(3, 0.5, loc=1), "nbinom(3, 0.5) + 1"),
    ],
)
def test_closed_forms_of_sums(x, y, total, how):
    law = distribution(x) + distribution(y)
    k = np.arange(law.support()[0], law.support()[0] + 40)
    np.testing.assert_allclose(law.pmf(k), total.pmf(k), rtol=1e-11)
    assert how in law.explain()
    assert law.support() == total.support()


def test_copies():
    assert (
        "sum of 9 poisson(0.5) = poisson(4.5)" in distribution(stats.poisson(0.5)).sum(9).explain()
    )
    assert "nbinom(4, 0.25) + 4" in distribution(stats.geom(0.25)).sum(4).explain()


def test_sums_without_a_closed_form_keep_their_terms():
    unequal = distribution(stats.binom(600, 0.25)) + distribution(stats.binom(600, 0.5))
    assert isinstance(unequal, LatticeSum)
    moved = (distribution(stats.poisson(3)) + 1) + distribution(stats.poisson(3))
    assert isinstance(moved, LatticeSum)
    # The window of such a closed form would end where the terms still know the tail.
    many = distribution("poisson(3)").sum(10**9)
    assert many.logsf(3.1e9) < -1e6


@pytest.mark.parametrize("frozen", [stats.binom(5, 1.0), stats.binom(5, 0.0), stats.poisson(0)])
def test_certain_laws(frozen):
    assert distribution(frozen).pmf(frozen.mean()) == 1.0
