"""Lattice laws against exact rationals, and the values published for them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import faltung as ft
from faltung.distributions import Lattice, die, point
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.numbers import integers as exact
from faltung.distributions.numbers.powers import power, power_head
from tests.distributions import reference, strategies


def total_of(parts: Iterable[Atoms]) -> Atoms:
    return sum(parts, start=point(0))


# --- the examples of the contract --------------------------------------------------------------


def test_two_dice():
    two = die(6) + die(6)
    assert two.pmf(7) == 0.16666666666666666
    assert two.pmf(7, exact=True) == Fraction(1, 6)
    assert two.cdf(4, exact=True) == Fraction(1, 6)
    assert two.sf(9, exact=True) == Fraction(1, 6)
    assert two.mean() == 7
    assert two.var(exact=True) == Fraction(35, 6)
    assert two.support() == (2, 12)
    assert two.exact


def test_exact_values_of_arrays():
    values = die(6).pmf([[1, 7], [2.5, 6]], exact=True)
    assert values.tolist() == [[Fraction(1, 6), 0], [0, Fraction(1, 6)]]


def test_convolve_adds_laws():
    total = ft.convolve(die(4), die(6))
    assert isinstance(total, Lattice)
    assert total.pmf(5, exact=True) == Fraction(1, 6)


# --- published and exact reference values ------------------------------------------------------


def test_ten_dice():
    assert die(6).sum(10).pmf(35, exact=True) == Fraction(7631, 104976)
    assert die(6).to_float().sum(10).pmf(35) == pytest.approx(7631 / 104976, rel=1e-14)


def test_hundred_dice_in_floats():
    total = die(6).to_float().sum(100)
    assert reference.relative_error(total.pmf(600), Fraction(1, 6**100)) < 1e-12
    assert total.sf(499) == pytest.approx(2.5234342767446676e-20, rel=1e-13, abs=0)
    assert total.weights.min() > 0


def test_hundred_dice_by_repeated_addition():
    total = total_of([die(6).to_float()] * 100)
    assert reference.relative_error(total.pmf(600), Fraction(1, 6**100)) < 1e-12


def test_two_thousand_dice_exactly():
    tail = die(6).sum(2000).logsf(4 * 2000 - 1) / math.log(10)
    assert tail == pytest.approx(-39.0462425059147689, rel=1e-14)


def test_thousand_dice_below_the_smallest_float():
    total = die(6).sum(1000)
    assert total.pmf(6000) == 0.0
    assert total.logpmf(6000) == pytest.approx(-1000 * math.log(6), rel=1e-15)
    assert total.pmf(6000, exact=True) == Fraction(1, 6**1000)


def test_compound_claims():
    claims = Lattice([Fraction(4, 10), Fraction(5, 10), Fraction(1, 10)], start=1)
    weights = [Fraction(6, 10), Fraction(3, 10), Fraction(1, 10)]
    mixed = {
        x: sum(w * claims.sum(n).pmf(x, exact=True) for n, w in enumerate(weights))
        for x in range(7)
    }
    expected = ["0.600", "0.120", "0.166", "0.070", "0.033", "0.010", "0.001"]
    assert mixed == {x: Fraction(p) for x, p in enumerate(expected)}


def test_motif_score():
    exactly = Lattice([Fraction(n, 10) for n in (1, 3, 2, 4)]).sum(10)
    assert exactly.sf(24, exact=True) == Fraction(430528, 9765625)
    floats = Lattice([0.1, 0.3, 0.2, 0.4]).sum(10)
    assert floats.sf(24) == pytest.approx(0.0440860672, rel=1e-14)


def test_wilcoxon_signed_rank():
    ten = total_of(Lattice([1, 1], step=rank, normalize=True) for rank in range(1, 11))
    assert ten.cdf(8, exact=True) == Fraction(25, 1024)
    fifty = total_of(Lattice([1, 1], step=rank, normalize=True) for rank in range(1, 51))
    assert fifty.cdf(434) == pytest.approx(0.024723203400300875, rel=1e-15)
    assert fifty.cdf(100, exact=True) == Fraction(5049886, 2**50)


def test_poisson_binomial():
    chances = [Fraction(n, 10) for n in (5, 3, 7, 3, 9)]
    law = total_of(Lattice([1 - p, p]) for p in chances)
    assert law.pmf(2, exact=True) == Fraction(3167, 10000)


def test_coins():
    coins = Lattice([1, 1], normalize=True).sum(300)
    for k in (0, 1, 150, 299):
        assert coins.pmf(k, exact=True) == reference.pascal(300, k)


# --- bounds and estimates ----------------------------------------------------------------------


def excesses(law, true):
    for x, p in true.items():
        yield reference.excess(law.pmf(float(x)), p, law)
        yield reference.excess(law.cdf(float(x)), reference.cdf(true, x), law)
        yield reference.excess(law.sf(float(x)), reference.sf(true, x), law)


@given(strategies.wild_weights, strategies.wild_weights)
def test_error_bound_holds_for_sums(a, b):
    law = Lattice(a, normalize=True) + Lattice(b, normalize=True)
    true = reference.add(reference.table(a), reference.table(b))
    assert max(excesses(law, true)) <= 1


@settings(max_examples=40)
@given(strategies.wild_weights, st.integers(2, 9))
def test_error_bound_holds_for_copies(a, n):
    law = Lattice(a, normalize=True).sum(n)
    assert max(excesses(law, reference.copies(reference.table(a), n))) <= 1


def test_error_bound_holds_deep_down():
    weights = [1.0, 1e-200, 1e-307, 0.0, 5e-324]
    law = Lattice(weights, normalize=True).sum(3)
    assert law.neglected_mass > 0
    assert max(excesses(law, reference.copies(reference.table(weights), 3))) <= 1


def test_error_estimate_is_near_the_error():
    ratios = []
    for seed in range(15):
        rng = np.random.default_rng(seed)
        a, b, c = (rng.random(n) ** 8 for n in (40, 30, 20))
        law = total_of(Lattice(w, normalize=True) for w in (a, b, c))
        true = reference.table(a)
        for w in (b, c):
            true = reference.add(true, reference.table(w))
        error = max(reference.relative_error(law.pmf(float(x)), p) for x, p in true.items())
        ratios.append(law.error_estimate / error)
    assert 0.01 <= np.median(ratios) <= 100


def test_error_estimate_is_near_the_error_of_many_copies():
    ratios = []
    for faces in range(2, 14):
        floats, exactly = die(faces).to_float().sum(64), die(faces).sum(64)
        true = np.array(exactly.exact_weights(), dtype=object)
        errors = [reference.relative_error(w, t) for w, t in zip(floats.weights, true, strict=True)]
        if max(errors):
            ratios.append(floats.error_estimate / max(errors))
    assert len(ratios) >= 6
    assert 0.01 <= np.median(ratios) <= 100


def test_exact_law_rounds_once():
    law = die(7).sum(9)
    for x in law.points:
        assert law.pmf(x) == float(law.pmf(x, exact=True))
        assert law.sf(x) == float(law.sf(x, exact=True))
    assert law.error_bound == 2.0**-53


# --- exact convolution -------------------------------------------------------------------------

integers = st.lists(st.integers(0, 10**40), min_size=1, max_size=12).filter(any)


def plain_convolve(a, b):
    result = [0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            result[i + j] += x * y
    return result


@given(integers, integers)
def test_kronecker_substitution(a, b):
    assert exact.convolve(a, b) == plain_convolve(a, b)


@given(integers.filter(lambda a: a[0] > 0), st.integers(1, 12))
def test_powers(a, n):
    expected = [1]
    for _ in range(n):
        expected = plain_convolve(expected, a)
    assert power(a, n) == expected


@pytest.mark.parametrize(("a", "n"), [([3, 1, 2], 40), ([10**30 + 7] * 60, 3)])
def test_both_ways_to_a_power_agree(a, n):
    width = exact._entry_bytes(sum(a) ** n)
    by_substitution = exact.unpack(exact.pack(a, width) ** n, width, n * (len(a) - 1) + 1)
    assert power_head(a, n, 10**9) == by_substitution == power(a, n)


# --- details of the interface ------------------------------------------------------------------


def test_agrees_with_scipy_names_and_conventions():
    ours, theirs = Lattice([0.25, 0.5, 0.25]), stats.binom(2, 0.5)
    x = np.array([-1, 0, 0.5, 1, 2, 3, np.nan])
    for name in ("pmf", "cdf", "sf", "logpmf", "logcdf", "logsf"):
        if name in ("pmf", "logpmf"):
            x = x[x != 0.5]
        np.testing.assert_allclose(getattr(ours, name)(x), getattr(theirs, name)(x), rtol=1e-15)
    q = np.array([0, 0.1, 0.25, 0.3, 0.75, 0.9, 1, -0.1, 1.1, np.nan])
    np.testing.assert_array_equal(ours.ppf(q), theirs.ppf(q))
    np.testing.assert_array_equal(ours.isf(q), theirs.isf(q))
    assert (ours.mean(), ours.var(), ours.std()) == (1.0, 0.5, math.sqrt(0.5))
    assert ours.median() == theirs.median()
    assert ours.interval(0.4) == theirs.interval(0.4)


def test_shapes_come_back():
    law = die(6)
    assert isinstance(law.pmf(3), float)
    assert law.cdf([[1, 2, 3]]).shape == (1, 3)
    assert law.ppf([]).shape == (0,)


def test_logs_near_one_keep_their_digits():
    law = Lattice([1e-20, 1 - 1e-20], normalize=True)
    assert law.logsf(0) == pytest.approx(-1e-20, rel=1e-14, abs=0)
    assert die(2).sum(80).logcdf(159) == pytest.approx(-(2.0**-80), rel=1e-14, abs=0)


def test_points_do_not_drift():
    law = Lattice([1, 1], step=0.1, normalize=True).sum(10)
    assert law.points.tolist() == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert law.pmf(0.3, exact=True) == Fraction(120, 1024)


def test_zeros_at_the_ends_are_no_support():
    law = Lattice([0, 0, 0.5, 0, 0.5, 0], start=10)
    assert law.support() == (12, 14)
    assert law.pmf(13) == 0


def test_different_steps_meet_on_their_common_one():
    total = Lattice([1, 1], step=0.5, normalize=True) + Lattice([1, 1], step=0.75, normalize=True)
    assert total.points[total.weights > 0].tolist() == [0, 0.5, 0.75, 1.25]
    assert total.pmf(1.25, exact=True) == Fraction(1, 4)


def test_moments_of_points_far_from_zero():
    law = Lattice([0.25, 0.5, 0.25], start=10**9)
    assert law.mean() == 10**9 + 1
    assert law.var() == 0.5


def test_samples_follow_the_law():
    law = die(6) + die(6)
    draws = law.rvs((100, 500), random_state=5)
    assert draws.shape == (100, 500)
    counts = [(draws == x).sum() for x in range(2, 13)]
    assert stats.chisquare(counts, 50_000 * law.weights).pvalue > 1e-3
    np.testing.assert_array_equal(draws, law.rvs((100, 500), rng=np.random.default_rng(5)))
    assert isinstance(law.rvs(rng=1), float)
    assert law.rvs(3, random_state=np.random.RandomState(0)).shape == (3,)


def test_weights_are_read_only_and_the_input_is_kept():
    weights = np.array([1.0, 3.0])
    law = Lattice(weights, normalize=True)
    assert weights.tolist() == [1, 3]
    with pytest.raises(ValueError, match="read-only"):
        law.weights[0] = 1
    weights[:] = 0
    assert law.pmf(1) == 0.75


def test_wide_law_of_many_floats():
    rng = np.random.default_rng(0)
    x, y = (Lattice(rng.random(3000), normalize=True) for _ in range(2))
    total = x + y
    whole = np.convolve(x.weights, y.weights)
    np.testing.assert_allclose(total.weights, whole, rtol=1e-12)


def test_points_in_single_precision_are_the_numbers_they_are():
    tenth = np.float32(0.1)
    law = Lattice([0.5, 0.5], start=tenth, step=1)
    assert law.pmf(tenth) == 0.5
    assert law.pmf(0.1) == 0
