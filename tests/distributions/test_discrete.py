"""Laws on arbitrary points, laws of samples, and pairs."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faltung.distributions import Discrete, Lattice, die, distribution, empirical, pairs
from faltung.distributions.numbers.rational import as_rational, common_grid, grid_points
from tests.distributions import reference, strategies


def exact_table(law):
    points = (law._start + law._step * int(i) for i in law._indices)
    return {x: p for x, p in zip(points, law.exact_weights(), strict=True) if p}


def test_points_without_a_useful_lattice():
    law = Discrete([0, 1, math.pi], [0.5, 0.25, 0.25])
    total = law + law
    assert isinstance(total, Discrete)
    assert total.points.tolist() == [0, 1, 2, math.pi, 1 + math.pi, 2 * math.pi]
    assert total.weights.tolist() == [0.25, 0.25, 0.0625, 0.25, 0.125, 0.0625]


def test_points_are_sorted_and_merged():
    law = Discrete([3, 1, 3, 2], [1, 2, 3, 0], normalize=True)
    assert law.points.tolist() == [1, 3]
    assert law.exact_weights() == [Fraction(1, 3), Fraction(2, 3)]


@given(strategies.exact_laws, strategies.exact_laws)
def test_sum_is_the_sum_over_all_pairs(x, y):
    assert exact_table(x + y) == reference.add(exact_table(x), exact_table(y))


def test_sums_point_by_point_keep_their_bound():
    rng = np.random.default_rng(1)
    weights = rng.random(9) ** 9
    points = np.cumsum(rng.random(9)).round(3)
    law = Discrete(points, weights, normalize=True)
    total = law + law + law
    chances = reference.normalized(weights)
    table = {as_rational(x): p for x, p in zip(points, chances, strict=True)}
    true = reference.add(reference.add(table, table), table)
    assert len(true) == len(total)
    for x, p in true.items():
        assert reference.excess(total.pmf(float(x)), p, total) <= 1
        assert reference.excess(total.sf(float(x)), reference.sf(true, x), total) <= 1


def test_mapping():
    law = distribution({0: Fraction(1, 4), 10: Fraction(3, 4)})
    assert isinstance(law, Lattice)
    assert law.step == 10
    assert law.mean(exact=True) == Fraction(15, 2)
    assert isinstance(distribution({0: 0.5, 1: 0.25, 1000: 0.25}), Discrete)
    decimals = distribution({0.1: 0.5, 0.3: 0.5})
    assert isinstance(decimals, Lattice)
    assert decimals.step == Fraction(1, 5)


def test_empirical_law_of_a_sample():
    samples = np.random.default_rng(3).normal(size=500)
    law = empirical(samples)
    assert law.cdf(np.median(samples)) == 0.5
    assert law.mean() == pytest.approx(samples.mean(), rel=1e-13)
    assert law.var() == pytest.approx(samples.var(), rel=1e-13)
    assert law.pmf(samples[7], exact=True) == Fraction(1, 500)
    np.testing.assert_array_equal(law.points, np.sort(samples))


def test_each_sample_is_read_for_itself():
    """One that is no short decimal does not make the others binary."""
    total = empirical([0.1, np.pi]) + empirical([0.2, np.e])
    assert total.pmf([0.3, np.pi + 0.2]).tolist() == [0.25, 0.25]
    assert total.pmf(Fraction(3, 10), exact=True) == Fraction(1, 4)
    tiny = empirical([1e-20, 2e-20, 3e-20])
    assert (tiny + tiny).points.tolist() == [2e-20, 3e-20, 4e-20, 5e-20, 6e-20]
    assert (tiny + tiny).pmf(3e-20, exact=True) == Fraction(2, 9)
    far = empirical([1e23, 0.1, 1e-300])
    assert (far - Fraction(1, 10)).pmf(0, exact=True) == Fraction(1, 3)


@given(
    st.lists(
        st.one_of(
            st.floats(allow_nan=False, allow_infinity=False),
            st.decimals(-100, 100, places=2).map(float),
            st.floats(-3, 3),
            st.integers(-(10**18), 10**18).map(float),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_samples_are_read_as_points_are(values):
    distinct = np.unique(np.array(values) + 0.0)
    start, step, indices = common_grid(distinct)
    read = [start + step * int(k) for k in indices]
    assert read == [as_rational(value) for value in distinct.tolist()]


def test_sum_of_two_samples():
    rng = np.random.default_rng(4)
    a, b = rng.normal(size=40), rng.normal(size=50)
    total = empirical(a) + empirical(b)
    sums = np.add.outer(a, b).ravel()
    t = 0.37
    assert total.cdf(t, exact=True) == Fraction(int((sums <= t).sum()), 2000)


def test_lattice_and_points_together():
    total = die(6) + Discrete([0, math.e], [1, 1], normalize=True)
    assert total.pmf(4 + math.e, exact=True) == Fraction(1, 12)
    assert len(total) == 12


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=64), min_size=1, max_size=8))
def test_every_float_is_kept_as_a_point(values):
    values = np.unique(np.array(values) + 0.0)
    start, step, indices = common_grid(values)
    np.testing.assert_array_equal(grid_points(start, step, indices), values)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_read_as_they_print(x):
    assert float(as_rational(x)) == x
    assert as_rational(0.1) == Fraction(1, 10)
    assert as_rational(np.float32(0.1)) == Fraction(float(np.float32(0.1)))
    assert as_rational(1 / 3) == Fraction(1 / 3)


# --- pairs -------------------------------------------------------------------------------------


def test_pairs_of_two_drops():
    first, second = Lattice([0.1, 0.4, 0.3, 0.2]), Lattice([0.4, 0.3, 0.2, 0.1])
    found = pairs(first, second, total=3)
    assert [(a, b) for a, b, _ in found] == [(0, 3), (1, 2), (2, 1), (3, 0)]
    assert [p for *_, p in found] == [0.1 * 0.1, 0.4 * 0.2, 0.3 * 0.3, 0.2 * 0.4]
    assert found.probability == pytest.approx((first + second).pmf(3), rel=1e-15)
    assert "2    1       0.09" in repr(found)
    assert "<td>0.09</td>" in found._repr_html_()


@given(strategies.exact_laws, strategies.exact_laws, st.integers(-60, 60))
def test_pairs_sum_to_the_probability_of_the_total(x, y, total):
    found = pairs(x, y, total=total)
    assert found.probability == (x + y).pmf(total, exact=True)
    assert sum(p for *_, p in found) == found.probability
    for a, b, p in found:
        assert p == x.pmf(a, exact=True) * y.pmf(b, exact=True)


def test_pairs_of_laws_with_different_steps():
    found = pairs(Lattice([1] * 9, step=0.25, normalize=True), die(6), total=3.5)
    assert [(a, b) for a, b, _ in found] == [(0.5, 3), (1.5, 2)]
    assert len(pairs(die(6), die(6), total=2.5)) == 0


def test_many_pairs_are_shortened():
    found = pairs(die(100), die(100), total=101)
    assert len(found) == 100
    assert "60 more" in repr(found)
    assert found[3] == (4, 97, Fraction(1, 10000))


def test_exact_samples_stay_exact():
    thirds = empirical([Fraction(1, 3), Fraction(2, 3), Fraction(1, 3)])
    assert thirds.mean(exact=True) == Fraction(4, 9)
    assert thirds.pmf(Fraction(1, 3), exact=True) == Fraction(2, 3)
    assert empirical([2**53 + 1]).mean(exact=True) == 2**53 + 1
    assert empirical(np.array([2**60 + 1, 1])).mean(exact=True) == Fraction(2**60 + 2, 2)
    assert empirical([Decimal("0.1"), 0.2]).mean(exact=True) == Fraction(3, 20)
