"""Operations on float lattices keep every entry, far below 1e-308 too: against the exact ones."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faltung.distributions import Discrete, Lattice, die, maximum, minimum, mixture
from faltung.errors import OptionError
from tests.distributions import reference

CONTRACT = 1e-12
DEEP = [10**k for k in (0, 3, 20, 150, 400, 800)]

counts = st.lists(
    st.one_of(st.just(0), st.integers(1, 9), st.sampled_from(DEEP)), min_size=1, max_size=6
).filter(any)


def lattice(weights, start):
    return Lattice(weights, start, normalize=True)


laws = st.builds(lattice, counts, st.integers(-5, 5))


def table(weights, law):
    places = [law._start + law._step * int(k) for k in law._indices]
    return {x: p for x, p in zip(places, weights, strict=True) if p}


def assert_same(law, exact, bound=1e-25):
    """Whether a float law holds an exact one, within its bound and that within `bound`."""
    weights = law._weights
    assert weights.relative <= bound
    assert weights.neglected == 0
    got = table(reference.kept(weights), law)
    true = table(exact._exact().fractions(), exact)
    assert got.keys() == true.keys()
    for x, p in true.items():
        assert abs(got[x] - p) <= Fraction(weights.relative) * p
    for x in map(float, true):
        for log, other in (
            (law.logpmf(x), exact.logpmf(x)),
            (law.logcdf(x), exact.logcdf(x)),
            (law.logsf(x), exact.logsf(x)),
        ):
            assert log == other or abs(log - other) <= max(CONTRACT, 4 * math.ulp(other))


@given(laws, laws, laws)
def test_extremes(x, y, z):
    floats = [law.to_float() for law in (x, y, z)]
    assert_same(maximum(*floats), maximum(x, y, z))
    assert_same(minimum(*floats), minimum(x, y, z))
    assert_same(maximum(floats[0], y), maximum(x, y))


@given(laws, laws, st.fractions(Fraction(1, 10**6), 1 - Fraction(1, 10**6)))
def test_mixtures(x, y, share):
    weights = [share, 1 - share]
    assert_same(mixture([x.to_float(), y.to_float()], weights), mixture([x, y], weights))


@given(laws, st.integers(-6, 8), st.integers(0, 6))
def test_parts_of_the_line(x, low, width):
    assert_same(abs(x.to_float()), abs(x))
    assert_same(x.to_float().clip(low, low + width), x.clip(low, low + width))
    inside = x.cdf(low + width, exact=True) - x.cdf(low - 0.5, exact=True)
    if inside:
        assert_same(x.to_float().truncate(low, low + width), x.truncate(low, low + width))


@settings(max_examples=30)
@given(laws, st.integers(1, 12), st.integers(1, 12))
def test_order_statistics(x, r, n):
    r, n = min(r, n), max(r, n)
    assert_same(x.to_float().order_statistic(r, n), x.order_statistic(r, n))


@pytest.mark.parametrize(("r", "n"), [(1, 200), (200, 200), (60, 200), (199, 200), (2, 200)])
def test_order_statistics_of_many_copies(r, n):
    x = lattice([1, 10**30, 5, 0, 10**33, 3], 0)
    assert_same(x.to_float().order_statistic(r, n), x.order_statistic(r, n))


def test_sums_of_points_on_no_lattice():
    x = Discrete([0, 1, Fraction(10**9 + 1, 10**8)], [10**400, 1, 10**200], normalize=True)
    assert_same(x.to_float() + x.to_float(), x + x)
    assert_same(maximum(x.to_float(), x.to_float() + 1), maximum(x, x + 1))


def test_the_largest_of_two_long_sums():
    x, y = die(6).sum(400), die(4).sum(500)
    law = maximum(x.to_float(), y.to_float())
    with mpmath.workdps(40):
        # Both at most 500: the 400 dice are at most 500, the other 500 are ones.
        log = mpmath.log(mpmath.mpf(x.cdf(500, exact=True).numerator))
        log -= mpmath.log(mpmath.mpf(x.cdf(500, exact=True).denominator)) + 500 * mpmath.log(4)
        assert abs(law.logpmf(500) - log) <= max(CONTRACT, 4 * math.ulp(float(log)))
    assert law.error_bound < CONTRACT


def test_mixtures_with_float_weights():
    x = Lattice.from_log_weights([0, -1000, -2000], normalize=True)
    law = mixture([x, x + 1], [0.1, 0.9])
    first = Fraction(0.1) / (Fraction(0.1) + Fraction(0.9))
    share = [first, 1 - first]
    p = reference.kept(x._weights)
    true = [share[0] * p[0], share[0] * p[1] + share[1] * p[0], share[0] * p[2] + share[1] * p[1]]
    true.append(share[1] * p[2])
    for got, each in zip(reference.kept(law._weights), true, strict=True):
        assert abs(got - each) <= Fraction(law._weights.to_float().relative) * each
    assert law._weights.to_float().relative < 1e-27
    assert law.logpmf(3) == pytest.approx(-2000 + math.log(0.9), rel=1e-15)


def test_truncation_to_what_lies_below_all_floats():
    law = die(6).sum(1000).to_float()
    part = law.truncate(high=1003)
    exact = [math.comb(1000 + k - 1, k) for k in range(4)]
    for k, count in enumerate(exact):
        assert part.pmf(1000 + k) == pytest.approx(count / sum(exact), rel=1e-12)
    weights = replace(law._weights.to_float(), neglected=1e-300)
    window = Lattice._create(weights, law._start, law._step, None)
    with pytest.raises(OptionError, match=r"probability 1.18e-770, and 1e-300 may be missing"):
        window.truncate(high=1003)


def test_order_statistics_below_all_floats():
    law = die(6).sum(40).to_float().order_statistic(1, 40)
    log = -40 * 40 * math.log(6)
    assert law.logpmf(240) == pytest.approx(log, rel=1e-15)
    assert np.isfinite(law.logpmf(np.arange(40, 241))).all()
