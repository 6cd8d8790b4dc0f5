"""Points that share their nearest float: kept apart inside, told together, against Fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faltung.distributions import Discrete, Lattice, die, pairs, point
from faltung.distributions.numbers.rational import as_rational, rounding_interval
from faltung.distributions.weights.scaled import ScaledWeights
from tests.distributions import reference

THIRD = 1 / 3  # as a float: three of them are 1 - 2**-54


def as_table(law):
    """The points as rationals with the probabilities as they are kept."""
    points = (law._start + law._step * int(i) for i in law._indices)
    return {x: p for x, p in zip(points, reference.kept(law._weights), strict=True) if p}


def as_floats(table):
    """The law of the value as a float64: the definition of pmf."""
    seen: dict[float, Fraction] = {}
    for x, p in table.items():
        seen[float(x)] = seen.get(float(x), Fraction(0)) + p
    return seen


def check(law, true):
    """Every answer of a law against {rational: probability}, within its bound."""
    seen = as_floats(true)
    assert law.points[law.weights > 0].tolist() == sorted(seen)
    for x in seen:
        below = sum(p for y, p in seen.items() if y <= x)
        assert reference.excess(law.pmf(x), seen[x], law) <= 1
        assert reference.excess(law.cdf(x), below, law) <= 1
        assert reference.excess(law.sf(x), 1 - below, law) <= 1
        assert law.ppf(min(law.cdf(x), 1 - 2**-53)) <= x
    return seen


@pytest.mark.parametrize("step", [THIRD, Fraction(THIRD), Fraction(1, 3)])
def test_neighbours_come_back_after_a_shift(step):
    """1 - 2**-54 has the nearest float 1 and -2**-54 has one of its own."""
    x, y = Lattice([0.5, 0.5], step=step), Lattice([0.5, 0.5], step=Fraction(1, 10))
    total = x.sum(3) + y.sum(10)
    three = reference.copies(reference.table([0.5, 0.5], step=as_rational(step)), 3)
    ten = reference.copies(reference.table([0.5, 0.5], step=Fraction(1, 10)), 10)
    true = reference.add(three, ten)
    check(total, true)
    check(total - 1, {t - 1: p for t, p in true.items()})
    check((total - 1) * 3 + 7, {(t - 1) * 3 + 7: p for t, p in true.items()})
    assert total.pmf(1.0) == as_floats(true)[1.0]
    if step == Fraction(THIRD):
        assert (total - 1).pmf([-(2.0**-54), 0]).tolist() == [2.0**-13, 2.0**-13]
        assert len((total - 1).points) == len(total) > len(total.points)


near_ties = st.lists(
    st.tuples(st.integers(-3, 3), st.sampled_from([0, 1, 2, -1, 3]), st.sampled_from([52, 53, 54])),
    min_size=1,
    max_size=6,
).map(lambda entries: [n + Fraction(k, 2**e) for n, k, e in entries])


@given(near_ties, near_ties, st.integers(-2, 2), st.data())
def test_sums_of_points_around_ties(a, b, shift, data):
    def law_of(points):
        size = len(points)
        weights = data.draw(st.lists(st.floats(0.01, 1), min_size=size, max_size=size))
        return Discrete(points, weights, normalize=True)

    x, y = law_of(a), law_of(b)
    total = x + y
    true = reference.add(as_table(x), as_table(y))
    scale = sum(true.values())  # the floats sum to 1 only nearly
    rounding = x._weights.relative + y._weights.relative
    seen = as_floats({t + shift: p / scale for t, p in true.items()})
    moved = total + shift
    for t, p in seen.items():
        off = abs(Fraction(moved.pmf(t)) - p)
        assert off <= (Fraction(moved.error_bound) + Fraction(2 * rounding)) * p
    for goal in seen:
        found = pairs(x, y + shift, total=goal)
        assert found.probability == pytest.approx(moved.pmf(goal), rel=1e-14)
    for goal in {t + shift for t in true}:
        kept = true[goal - shift]
        assert pairs(x, y + shift, total=goal).probability == pytest.approx(float(kept), rel=1e-14)


def test_exact_laws_merge_exactly():
    tiny = Fraction(1, 2**60)
    law = Discrete([1, 1 + tiny, 2], [1, 2, 3], normalize=True)
    assert law.points.tolist() == [1, 2]
    assert law.exact_weights() == [Fraction(1, 2), Fraction(1, 2)]
    assert law.pmf(1.0, exact=True) == law.cdf(1.5, exact=True) == law.sf(1, exact=True)
    assert law.mean(exact=True) == 1 + Fraction(1, 2) + 2 * tiny / 6
    assert (law - 1).pmf([0, float(tiny)], exact=True).tolist() == [Fraction(1, 6), Fraction(1, 3)]
    assert law.ppf([0.5, 0.6]).tolist() == law.isf([0.5, 0.4]).tolist() == [1, 2]
    assert len(law) == 3
    assert (law + point(0)).pmf(1) == 0.5


def test_crumbs_are_not_lost_in_sums_within_one_float():
    """Each of 60 is less than half a unit of 1/2, all together are tens of units."""
    crumb = 0.49 * 2.0**-53
    weights = ScaledWeights.from_floats(np.array([0.5, *[crumb] * 60, 0.5]))
    law = Discrete._create(
        weights, Fraction(1), Fraction(1, 2**70), np.array([*range(61), 2**70], dtype=object)
    )
    assert law.points.tolist() == [1, 2]
    true = Fraction(1, 2) + 60 * Fraction(crumb)
    assert law.pmf(1) == float(true) > 0.5
    assert reference.excess(law.pmf(1), true, law) <= 1
    assert len(law) == 62


# --- pairs -------------------------------------------------------------------------------------


def test_a_float_total_is_every_sum_with_this_nearest_float():
    x = Lattice([0.25] * 4, step=THIRD)
    assert (x + x).pmf(1.0) == 0.25
    found = pairs(x, x, total=1.0)
    assert found.probability == 0.25
    assert [a for a, _, _ in found] == [0, THIRD, 2 * THIRD, 1.0]
    assert len(pairs(x, x, total=1)) == 0
    assert pairs(x, x, total=3 * Fraction(THIRD)).probability == 0.25
    assert pairs(x, x, total=np.float64(1)).probability == 0.25


def test_several_partners_of_one_value():
    near = Discrete([0, Fraction(1, 2**60), Fraction(2, 2**60)], [1, 1, 2], normalize=True)
    found = pairs(die(2), near, total=2.0)
    assert found.probability == Fraction(1, 2)
    assert [p for *_, p in found] == [Fraction(1, 8), Fraction(1, 8), Fraction(1, 4)]
    assert pairs(die(2), near, total=2).probability == Fraction(1, 8)


def test_ties_go_to_the_even_float():
    half_ulp = Fraction(1, 2**53)
    law = Discrete([1 + half_ulp, 1 + 3 * half_ulp, 5], [1, 1, 2], normalize=True)
    assert law.points.tolist() == [1, 1 + 4 * 2.0**-53, 5]
    assert len(pairs(law, point(0), total=1.0)) == 1
    assert len(pairs(law, point(0), total=1 + 2.0**-52)) == 0
    assert len(pairs(law, point(0), total=1 + 2.0**-51)) == 1


def test_totals_far_away_and_indices_beyond_64_bits():
    wide = Discrete([0, 1e-300, 1e300], [0.25, 0.25, 0.5])
    assert pairs(wide, die(1) - 1, total=1e300).probability == 0.5
    assert pairs(wide, wide, total=1e-300).probability == 0.125
    for total in (1e300, -1e300, 5e-324, 10**400, Fraction(1, 10**400)):
        assert pairs(die(6), die(6), total=total).rows == []
    assert repr(pairs(die(6), die(6), total=-(10**400))).startswith("x + y = -1e+400 in 0 ways")


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 2**80))
def test_rounding_intervals_hold_what_rounds_to_them(x, k):
    low, high, closed = rounding_interval(x)
    inside = low + (high - low) * Fraction(k + 1, 2**80 + 2)
    assert float(inside) == x
    beyond = (high - low) / 2**60
    for end, side in ((low, -1), (high, 1)):
        assert (float_or_inf(end) == x) == closed
        assert float_or_inf(end + side * beyond) != x


def float_or_inf(number):
    try:
        return float(number)
    except OverflowError:
        return math.inf
