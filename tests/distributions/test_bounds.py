"""Each part of a bound on its own, where nothing else can make up for it."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import faltung as ft
from faltung.distributions import Density, Discrete, Lattice, die, distribution
from faltung.distributions.continuous.facts import Facts, facts_of_sum
from faltung.distributions.discrete.lattice import point
from faltung.distributions.numbers.inversion import (
    Monotone,
    approximate,
    first_between,
    first_reaching,
    near,
)
from faltung.distributions.numbers.reach import Reach
from faltung.distributions.scipy_laws.discrete import _weights
from faltung.distributions.weights.given import as_weights
from faltung.distributions.weights.scaled import ScaledWeights
from tests.distributions import reference, strategies


def worst(weights, true):
    """The largest error of a weight beyond `neglected`, relative, in units of `relative`."""
    lost = Fraction(weights.neglected)
    errors = [
        max(abs(w - t) - lost, Fraction(0)) / t
        for w, t in zip(reference.kept(weights.to_float()), true, strict=True)
        if t
    ]
    return max(errors) / Fraction(weights.relative) if max(errors) else 0


@given(strategies.wild_weights)
def test_normalizing(given_weights):
    weights = as_weights(given_weights, normalize=True)
    assert worst(weights, reference.normalized(given_weights)) <= 1


def test_weights_that_sum_to_one_exactly_are_kept():
    weights = as_weights([0.25, 0.5, 0.25], normalize=False)
    assert weights.floats.tolist() == [0.25, 0.5, 0.25]
    assert weights.to_float().relative == 0


@given(st.integers(2, 12), st.integers(0, 1000))
def test_one_product_of_exact_operands(n, seed):
    """The weights are multiples of 2**-50, so all the error is that of the sums."""
    counts = np.random.default_rng(seed).integers(1, 2**49, size=n)
    a = ScaledWeights.from_floats(counts * 2.0**-50)
    true = [Fraction(0)] * (2 * n - 1)
    for i, x in enumerate(counts.tolist()):
        for j, y in enumerate(counts.tolist()):
            true[i + j] += Fraction(x * y, 2**100)
    assert worst(a.convolved(a), true) <= 1


@pytest.mark.parametrize("faces", range(3, 16))
def test_errors_of_operands_add_up_over_many_copies(faces):
    floats, exactly = die(faces).to_float().sum(256), die(faces).sum(256)
    some = np.array([0, 1, len(floats) // 2, -2, -1])
    weights = floats._weights.to_float().chosen(some)
    true = exactly.exact_weights()
    assert worst(weights, [true[i] for i in some]) <= 1


def test_bounds_of_operands_chain():
    a = ScaledWeights.from_floats(np.array([0.5, 0.5]), 1e-3, 1e-4)
    b = ScaledWeights.from_floats(np.array([0.25, 0.75]), 1e-2, 2e-4)
    for product in (a.convolved(b), a.products(b), b.convolved(a)):
        assert 1.001 * 1.01 - 1 <= product.relative <= 1.0101 * 1.001 - 1
        assert product.estimate == pytest.approx(5**0.5 * 1e-4)
    assert a.convolved(a).estimate == pytest.approx(2e-4)
    assert a.grouped(np.array([0, 0]), 1).relative >= 1e-3


def test_prefix_sums_alone():
    """The weights are exact, their sums need more than 53 bits."""
    rng = np.random.default_rng(2)
    counts = rng.integers(1, 2**52, size=2000)
    values = counts.astype(np.float64) * 2.0**-64
    weights = ScaledWeights.from_floats(values)
    assert weights.error_bound > 0
    total = Fraction(0)
    off = Fraction(0)
    for computed, value in zip(weights.above[-2:0:-1], values[:0:-1], strict=True):
        total += Fraction(float(value))
        off = max(off, abs(Fraction(float(computed)) - total) / total)
    assert 0 < off <= Fraction(weights.error_bound)


def test_quantile_of_one_is_the_last_point():
    law = Lattice([1 - 1e-20, 1e-20], normalize=True)
    assert law.cdf(0) == 1.0
    assert law.ppf(1) == 1
    assert law.isf(1e-20) == 1 - (law.sf(0) <= 1e-20)
    assert law.isf(0) == 1


def test_points_that_round_to_one_float_are_told_together_and_kept_apart():
    law = Discrete([0, 2.0**53], [1, 1], normalize=True) + Discrete([0.25, 0.5], [0.5, 0.5])
    assert law.points.tolist() == [0.25, 0.5, 2.0**53]
    assert law.weights.tolist() == [0.25, 0.25, 0.5]
    back = law - 2**53
    assert back.points.tolist() == [0.25 - 2.0**53, 0.5 - 2.0**53, 0.25, 0.5][1:]
    assert back.weights.tolist() == [0.5, 0.25, 0.25]
    assert back.pmf([0.25, 0.5]).tolist() == [0.25, 0.25]


# --- what windows lose -------------------------------------------------------------------------

BOX = ft.Function(1.0, (0, 1))


def facts(mass, density):
    return Facts(0.5, 1 / 12, Reach(Fraction(0), Fraction(1)), mass, density)


def test_lost_mass_is_part_of_the_bound_and_adds():
    x = Density._create(BOX, facts(1e-3, 2e-3), point(0))
    y = Density._create(BOX, facts(1e-4, 3e-4), point(0))
    assert x.error_bound >= 1e-3
    assert x.pdf_error_bound >= 2e-3
    total = x + y
    assert isinstance(total, Density)
    assert total.neglected_mass >= 1.1e-3
    assert total.error_bound >= 1.1e-3
    assert total.pdf_error_bound >= 1e-3 * 1.0003 + 1e-4


def test_scaling_stretches_the_lost_density():
    assert facts(0.1, 0.3).scaled(Fraction(1, 10)).lost_density == pytest.approx(3)
    assert facts(0.1, 0.3).scaled(Fraction(-2)).reach.low == -2


def test_facts_of_a_sum():
    both = facts_of_sum(BOX, facts(0.1, 0.5), BOX, facts(0.01, 0.2))
    assert both.lost_mass >= 0.11
    assert both.lost_density == pytest.approx(0.1 * 1.2 + 0.01 * 1.0)
    assert (both.reach, both.mean) == (Reach(Fraction(0), Fraction(2)), 1)


def test_what_a_tail_leaves_out_is_stated():
    from scipy import stats

    law = distribution(stats.gumbel_r())
    assert 0 < law.neglected_mass <= 1e-280
    assert law.sf(660.0) == pytest.approx(stats.gumbel_r.sf(660.0), rel=1e-10)
    assert distribution(stats.norm()).neglected_mass == 0  # it knows its own tails
    assert distribution(stats.uniform()).neglected_mass == 0
    assert distribution(stats.cauchy()).neglected_mass == 0  # it goes on as a power


def test_a_sum_of_probabilities_that_is_not_one_is_part_of_the_bound():
    values = np.array([0.5, 0.5 + 1e-10])
    assert _weights(values, 0.0, "law").relative >= 1e-10
    assert _weights(values, 1e-3, "law").neglected == 1e-3


# --- inversion ---------------------------------------------------------------------------------


def monotone(function, table, *, falls=False):
    table = np.asarray(table, dtype=np.float64)
    return Monotone(function, table, function(table), falls)


def test_a_goal_reached_at_the_very_start():
    curve = monotone(np.ones_like, [0.0, 1.0])
    found = first_reaching(curve, np.array([0.5, 1.0, 2.0, np.nan]))
    assert found[:3].tolist() == [0, 0, 1]
    assert np.isnan(found[3])


@given(st.floats(-1e300, 1e300))
def test_every_float_can_be_found(x):
    curve = monotone(lambda t: np.where(t >= x, 1.0, 0.0), [-1.1e300, 1e300])
    assert first_reaching(curve, np.array([1.0]))[0] == x
    curve = monotone(lambda t: np.where(t >= x, 0.0, 1.0), [-1.1e300, 1e300], falls=True)
    assert first_reaching(curve, np.array([0.5]))[0] == x


@given(st.lists(st.floats(1e-300, 1.0), min_size=1, max_size=20), st.booleans())
def test_roots_are_between_neighbours(goals, falls):
    """Of a function that ranges over all doubles, with its noise."""

    def curve(t):
        with np.errstate(over="ignore", under="ignore"):
            return np.minimum(np.exp(t if not falls else -t), 1.0)

    made, wanted = monotone(curve, [-745.0, -1.0, 1.0, 745.0], falls=falls), np.array(goals)
    found = first_reaching(made, wanted)
    assert made.passed(curve(found), wanted).all()
    inner = found > made.table[0]
    assert not made.passed(curve(np.nextafter(found, -np.inf)), wanted)[inner].any()
    near = approximate(made, wanted)
    assert np.abs(curve(near) / wanted - 1).max() <= 1e-13 + 745 * 2.0**-52


@given(st.lists(st.floats(1e-300, 0.999), min_size=1, max_size=9), st.floats(-200, 200))
def test_shares_without_a_table_are_inverted(goals, exponent):
    """Wherever the law is, with an atom of 1/4 at its scale."""
    scale = 10.0**exponent
    wanted = np.array(goals)

    def below(x):
        with np.errstate(over="ignore", under="ignore"):
            smooth = -np.expm1(-np.maximum(x, 0.0) / scale)
        return 0.75 * smooth + 0.25 * (x >= scale)

    for jumps in (np.zeros(0), np.array([scale])):
        found = first_between(below, wanted, (0.0, np.inf), falls=False, jumps=jumps)
        assert (below(found) >= wanted).all()
        assert (below(np.nextafter(found, -np.inf)) < wanted).all()
        found = first_between(
            lambda x: 1 - below(x), wanted, (0.0, np.inf), falls=True, jumps=jumps
        )
        assert (1 - below(found) <= wanted).all()
        assert (1 - below(np.nextafter(found, -np.inf)) > wanted).all()


@given(st.lists(st.floats(1e-300, 0.999), max_size=9), st.floats(-200, 200))
def test_places_near_a_quantile_without_a_table(goals, exponent):
    scale, wanted = 10.0**exponent, np.array(goals)

    def above(x):
        with np.errstate(over="ignore", under="ignore"):
            return np.exp(-x / scale)

    found = near(above, wanted, (0.0, np.inf), falls=True)
    assert np.abs(np.log(above(found) / wanted)).max(initial=0) <= math.log(2) * (1 + 1e-9)
