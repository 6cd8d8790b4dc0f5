"""Mean excesses and layers of sums that are not built, against exact integers and closed forms."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faltung.distributions import Lattice, die, risk
from faltung.distributions.discrete.answers import Answers
from faltung.distributions.discrete.excesses import Excesses, measured
from faltung.distributions.discrete.sums import LatticeSum
from faltung.distributions.discrete.tails import ACCEPTED, Tails
from faltung.distributions.weights.scaled import ScaledWeights
from tests.distributions.discrete.exactly import Exact, parts_of
from tests.distributions.discrete.test_tails import log_upper

TERMS = {
    "dice": [([1] * 6, 1, 40)],
    "skewed": [([10**20, 0, 5, 1], 1, 40)],
    "mixed": [([1, 2, 3], 1, 30), ([5, 0, 0, 1], 2, 9)],
    "period": [([1, 0, 1, 0, 3], 1, 30)],
    "far atoms": [([500] + [0] * 99 + [499, 1], 1, 6)],
}

GAPS = ("skewed", "far atoms")  # a tail from a place that is no value may be beyond resolution


def over(exact, u):
    """E (S - u)+, exactly."""
    total = sum(c * max(k - u, 0) for k, c in enumerate(exact.counts) if c)
    return Fraction(total) / exact.total


@pytest.mark.parametrize("name", TERMS)
def test_every_mean_excess_is_within_its_bound(name):
    tails, exact = Tails(parts_of(TERMS[name])), Exact(TERMS[name])
    last, g = len(exact.counts) - 1, tails.divisor
    mean = over(exact, 0)
    for k in range(0, last + 1, g):
        row = tails.log_excess(k) if k >= tails.mean else tails.log_shortage(k)
        true = over(exact, k) if k >= tails.mean else over(exact, k) - (mean - k)
        if not true:
            assert k in (0, last)
            continue
        assert row[2] <= ACCEPTED or name in GAPS
        with mpmath.workdps(60):
            log = mpmath.log(mpmath.mpf(true.numerator) / true.denominator / g)
            assert abs(mpmath.mpf(row[0]) + mpmath.mpf(row[1]) - log) <= row[2]


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(["dice", "mixed", "period"]),
    st.fractions(-5, 300, max_denominator=7),
    st.fractions(Fraction(1, 7), 300, max_denominator=7),
    st.sampled_from([1, 2**10]),
)
def test_excesses_and_layers(name, u, width, few):
    """Between any two places, with the tails added one by one and as a difference."""
    start, step = Fraction(-7, 3), Fraction(1, 2)
    exact = Exact(TERMS[name])
    excesses = Excesses(Answers(parts_of(TERMS[name]), start, step), few)
    low, high = start + step * u, start + step * (u + width)
    true = step * over(exact, u), step * (over(exact, u) - over(exact, u + width))
    found = measured(excesses, start, step, low, None), measured(excesses, start, step, low, high)
    for value, expected in zip(found, true, strict=True):
        assert value == pytest.approx(float(expected), rel=1e-12, abs=0)


def test_layers_where_a_loss_is_rare():
    """Below the mean, and the sf is small all the same."""
    exact = Exact(TERMS["skewed"])
    excesses = Excesses(Answers(parts_of(TERMS["skewed"]), Fraction(0), Fraction(1)))
    for low, high in ((0, 1), (0, 3), (Fraction(1, 3), 2), (-1, 120)):
        true = float(over(exact, low) - over(exact, high))
        assert float(excesses.between(Fraction(low), Fraction(high))) == pytest.approx(
            true, rel=1e-12, abs=0
        )


@pytest.mark.parametrize("deviations", [-3, 0.01, 40])
def test_ten_million_coins(deviations):
    """E (S - k)+ = n/2 P(S' >= k - 1) - k P(S >= k), with S' of n - 1 coins."""
    n = 10**7
    k = n // 2 + round(deviations * math.sqrt(n) / 2)
    coins = Lattice._create(
        ScaledWeights.from_floats(np.array([0.5, 0.5])), Fraction(0), Fraction(1), None
    ).sum(n)
    with mpmath.workdps(60):
        true = n * mpmath.exp(log_upper(n - 1, k - 1)) / 2 - k * mpmath.exp(log_upper(n, k))
        layer = (
            true
            - (n * mpmath.exp(log_upper(n - 1, k + 4999)) / 2)
            + ((k + 5000) * mpmath.exp(log_upper(n, k + 5000)))
        )
        assert risk.stop_loss(coins, k) == pytest.approx(float(true), rel=1e-12, abs=0)
        assert risk.layer_premium(coins, k, 5000) == pytest.approx(float(layer), rel=1e-12, abs=0)


def test_the_shortfall_of_a_million_dice():
    many = die(6).sum(10**6)
    assert isinstance(many, LatticeSum)
    levels = [0.5, 0.99, 1 - 2.0**-40]
    found = risk.expected_shortfall(many, levels)
    assert found.shape == (3,)
    for level, mean in zip(levels, found.tolist(), strict=True):
        z = mpmath.sqrt(2) * mpmath.erfinv(2 * mpmath.mpf(level) - 1)
        normal = many.mean() + many.std() * float(mpmath.npdf(z) / (1 - mpmath.mpf(level)))
        assert mean == pytest.approx(normal, rel=1e-8)
        assert risk.expected_shortfall(many, level) == mean
    assert risk.limited_expected_value(many, 3_500_000) == pytest.approx(
        many.mean() - risk.stop_loss(many, 3_500_000), rel=1e-14
    )
    assert risk.stop_loss(many, [0, 6 * 10**6]).tolist() == [3.5 * 10**6, 0]
    assert not many._parts.is_built
