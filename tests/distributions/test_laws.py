"""The laws of the sum itself: it commutes, associates, has an identity, moves with its operands."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faltung.distributions import die, empirical, point
from tests.distributions import strategies as laws


def atoms(law):
    """{point: probability} of an exact law, as rationals."""
    return {
        law._start + law._step * int(i): p
        for i, p in zip(law._indices, law.exact_weights(), strict=True)
        if p
    }


def close(x, y):
    """Whether two float laws have the same points and probabilities within both bounds."""
    a = {float(t): p for t, p in zip(x.points, x.weights, strict=True)}
    b = {float(t): p for t, p in zip(y.points, y.weights, strict=True)}
    relative = x.error_bound + y.error_bound
    lost = x.neglected_mass + y.neglected_mass
    return all(
        abs(a.get(t, 0.0) - b.get(t, 0.0)) <= relative * max(a.get(t, 0.0), b.get(t, 0.0)) + lost
        for t in a | b
    )


@given(laws.exact_laws, laws.exact_laws)
def test_sum_commutes(x, y):
    assert atoms(x + y) == atoms(y + x)


@settings(max_examples=50)
@given(laws.exact_laws, laws.exact_laws, laws.exact_laws)
def test_sum_associates(x, y, z):
    assert atoms((x + y) + z) == atoms(x + (y + z))


@given(laws.float_lattices(), laws.float_lattices(), laws.float_lattices())
def test_float_sums_associate_within_their_bounds(x, y, z):
    assert close((x + y) + z, z + (y + x))


@given(laws.laws)
def test_zero_is_the_identity(x):
    assert close(x + 0, x)
    assert close(0 + x, x)
    assert close(x + point(0), x)
    assert close(x.sum(1), x)


@given(laws.exact_laws, laws.exact_laws, st.sampled_from([2, -1, 0.1, Fraction(-3, 7)]))
def test_scaling_distributes_over_the_sum(x, y, c):
    assert atoms(c * (x + y)) == atoms(c * x + c * y)


@given(laws.exact_laws, laws.exact_laws, st.sampled_from([7, -0.3, Fraction(2, 3)]))
def test_shift_moves_the_sum(x, y, c):
    assert atoms((x + c) + y) == atoms((x + y) + c)


@given(laws.exact_laws, laws.exact_laws)
def test_difference_is_the_sum_with_the_reflection(x, y):
    assert atoms(x - y) == atoms(x + (-y))
    assert atoms(-(x - y)) == atoms(y - x)


@given(laws.exact_laws, laws.exact_laws)
def test_means_and_variances_add(x, y):
    total = x + y
    assert total.mean(exact=True) == x.mean(exact=True) + y.mean(exact=True)
    assert total.var(exact=True) == x.var(exact=True) + y.var(exact=True)


@given(laws.float_lattices(), laws.float_lattices())
def test_float_means_and_variances_add(x, y):
    total = x + y
    spread = x.std() + y.std() + abs(x.mean()) + abs(y.mean())
    assert total.mean() == pytest.approx(x.mean() + y.mean(), rel=1e-12, abs=1e-12 * spread)
    assert total.var() == pytest.approx(x.var() + y.var(), rel=1e-11, abs=1e-11 * spread**2)


@given(laws.laws, laws.laws)
def test_mass_is_one_and_nothing_is_negative(x, y):
    total = x + y
    assert (total.weights >= 0).all()
    assert abs(total.weights.sum() - 1) <= total.error_bound + total.neglected_mass + 1e-14
    assert total.cdf(total.points[-1]) == 1.0
    assert total.sf(total.points[0] - 1) == 1.0


@given(st.integers(0, 4), st.integers(0, 4), laws.exact_lattices())
def test_numbers_of_copies_add(m, n, x):
    assert atoms(x.sum(m) + x.sum(n)) == atoms(x.sum(m + n))


@settings(max_examples=30)
@given(st.integers(0, 4), laws.discrete_laws())
def test_copies_are_repeated_sums(n, x):
    assert atoms(x.sum(n)) == atoms(sum([x] * n, start=point(0)))


def test_built_in_sum():
    assert atoms(sum([die(4), die(6), die(8)])) == atoms(die(4) + (die(6) + die(8)))


def test_a_law_is_not_a_variable():
    assert atoms(die(6) + die(6)) != atoms(2 * die(6))
    assert (2 * die(6)).pmf(7) == 0.0


def test_numpy_numbers_take_part():
    assert atoms(np.float64(0.5) * die(6)) == atoms(die(6) / 2)
    assert atoms(np.int64(3) + die(6)) == atoms(die(6) + 3)
    assert atoms(np.array(3) + die(6) * np.array(2)) == atoms(2 * die(6) + 3)
    assert atoms(3 - die(6)) == atoms(-die(6) + 3)
    assert atoms(0 * die(6)) == {0: 1}


@given(laws.laws)
def test_distribution_functions_rise_and_complement(x):
    low, high = x.support()
    points = np.concatenate([x.points, np.linspace(low - 1, high + 1, 50)])
    points.sort()
    cdf, sf = x.cdf(points), x.sf(points)
    assert (np.diff(cdf) >= 0).all()
    assert (np.diff(sf) <= 0).all()
    assert np.allclose(cdf + sf, 1, rtol=0, atol=1e-14)


@given(laws.laws, st.floats(1e-320, 1, exclude_max=True), st.floats(-120, 120))
def test_galois_inequality(x, q, t):
    for probe in (t, x.ppf(q), np.nextafter(x.ppf(q), -np.inf)):
        assert (x.ppf(q) <= probe) == (q <= x.cdf(probe))
    for probe in (t, x.isf(q), np.nextafter(x.isf(q), -np.inf)):
        assert (x.isf(q) <= probe) == (x.sf(probe) <= q)


@given(st.lists(st.integers(-10, 10), min_size=1, max_size=30))
def test_empirical_law_counts(samples):
    law = empirical(samples)
    for value in set(samples):
        assert law.pmf(value, exact=True) == Fraction(samples.count(value), len(samples))
