"""Sums that keep their terms: what is asked of them, and that nobody notices."""

from __future__ import annotations

import copy
import math
import pickle
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faltung.distributions import Lattice, add, die, distribution, point
from faltung.distributions.discrete.sums import LatticeSum
from faltung.errors import DataError, ExactnessError, OptionError

LOG10 = math.log(10)


def inside(law: Any) -> Any:
    """A law whose private parts are looked at."""
    return law


REFERENCES = [
    (die(6), 2000, 8000, -39.0462425059147689),
    (die(6), 10**4, 4 * 10**4, -189.671018419046733),
    (die(6), 10**6, 4 * 10**6, -18787.459143175755),
    (Lattice([1, 1], normalize=True), 10**6, 600_000, -8747.3545084525767007),
    (Lattice([0.5, 0.5]), 10**6, 600_000, -8747.3545084525767007),
]


@pytest.mark.parametrize("case", range(len(REFERENCES)))
def test_reference_values(case):
    law, n, x, true = REFERENCES[case]
    total = law.sum(n)
    assert abs(total.logsf(x - 1) / LOG10 - true) <= max(1e-12, 4 * math.ulp(true))
    mirrored = (-law).sum(n)
    assert abs(mirrored.logcdf(-x) / LOG10 - true) <= max(1e-12, 4 * math.ulp(true))


def test_a_tail_builds_nothing():
    total = inside(die(6).sum(10**6))
    assert total.logsf(3_999_999) < -43_000
    assert not total._parts.is_built
    assert "not built" in total.explain()


def test_the_last_of_a_hundred_dice():
    assert die(6).sum(100).sf(499) == pytest.approx(2.5234342767446676e-20, rel=1e-15)
    assert die(6).sum(100).pmf(600) == 6.0**-100


def test_logarithms_far_below_every_float():
    many = Lattice([1, 1], normalize=True).sum(10**9)
    assert many.logpmf(0) == pytest.approx(-(10**9) * math.log(2), rel=1e-15)
    with mpmath.workdps(50):
        true = mpmath.log(10**9) - 10**9 * mpmath.log(2)
        assert abs(many.logpmf(1) - true) <= 4 * math.ulp(float(true))
        assert abs(many.logpmf(10**9 - 1) - true) <= 4 * math.ulp(float(true))
    assert many.logcdf(-1) == many.logsf(10**9) == -math.inf
    assert many.logcdf(10**9) == many.logsf(-0.5) == 0


def test_a_thousand_weights_a_billion_times():
    many = Lattice([1] * 1000, normalize=True).sum(10**9)
    x = many.mean() + 10 * many.std()
    # Close to the normal law: the next term of Edgeworth's series is of the order of 1e-9.
    assert many.logsf(x) == pytest.approx(float(mpmath.log(mpmath.ncdf(-10))), rel=1e-6)
    assert many.isf(many.sf(x)) == math.floor(x)


# --- quantiles ------------------------------------------------------------------------------------

LONG: dict[str, Any] = {
    "dice": die(6).sum(10**5),
    "coins": Lattice([0.5, 0.5]).sum(10**7),
    "skewed": Lattice([0.75, 0, 0.125, 0.125], step=0.25).sum(10**4),
    "shifted": die(6).sum(10**4) * Fraction(-1, 3) + 7,
    "mixed": die(6).sum(10**4) + Lattice([0.5, 0.25, 0.25]).sum(3000),
}


@pytest.mark.parametrize("name", LONG)
@settings(max_examples=15, deadline=None)
@given(
    q=st.one_of(st.floats(1e-300, 1, exclude_max=True), st.floats(-600, -1).map(lambda e: 10**e))
)
def test_galois(name, q):
    law = LONG[name]
    if not 0 < q < 1:
        return
    x, y, step = law.ppf(q), law.isf(q), float(law.step)
    assert law.cdf(x) >= q
    assert law.cdf(x - 0.5 * step) < q
    assert law.sf(y) <= q
    assert law.sf(y - 0.5 * step) > q
    for more in (1, 2, 3, 10, 100):
        assert law.cdf(x + more * step) >= q > law.cdf(x - more * step)
        assert law.sf(y + more * step) <= q < law.sf(y - more * step)


@pytest.mark.parametrize("name", LONG)
def test_quantiles_of_the_very_probabilities(name):
    law = LONG[name]
    centre = law.ppf(0.5)
    for deviations in (-8, -3, -1, 0, 1, 3, 8):
        x = law.ppf(law.cdf(centre + deviations * law.std()))
        assert law.ppf(law.cdf(x)) == x
        y = law.isf(law.sf(x))
        assert law.isf(law.sf(y)) == y


def test_many_quantiles_are_of_the_law_that_many_probabilities_are_of():
    law = Lattice(np.ones(6), 1, normalize=True).sum(4000)
    q = Lattice(np.ones(6), 1, normalize=True).sum(4000).cdf(np.arange(13_000.0, 14_500.0))
    x, y = law.ppf(q), law.isf(q)
    assert (law.cdf(x) >= q).all()
    assert (law.cdf(x - 1) < q).all()
    assert (law.sf(y) <= q).all()
    assert (law.sf(y - 1) > q).all()


def test_quantiles_at_the_ends_and_far_out():
    law = die(6).sum(10**5)
    assert law.ppf([0, 1, -1, 2, math.nan]).tolist()[:2] == [10**5 - 1, 6 * 10**5]
    assert np.isnan(law.ppf([-1, 2, math.nan])).all()
    assert law.isf([0, 1]).tolist() == [6 * 10**5, 10**5 - 1]
    assert law.sf(law.isf(1e-300)) <= 1e-300 < law.sf(law.isf(1e-300) - 1)
    assert law.interval(0.5)[0] < law.median() == 350_000 < law.interval(0.5)[1]


# --- exactly --------------------------------------------------------------------------------------


def test_exact_tails_count_from_the_nearer_end():
    law = inside(die(6).sum(10**4))
    tail = law.sf(59_990, exact=True)
    assert tail == Fraction(sum(math.comb(10**4 + k - 1, k) for k in range(6)) - 0, 1) * (
        Fraction(1, 6**10**4)
    ) + Fraction(extra_of_dice(10**4), 6**10**4)
    assert law.cdf(10_002, exact=True) == Fraction(1 + 10**4 + math.comb(10**4 + 1, 2), 6**10**4)
    assert not law._parts.is_built


def extra_of_dice(n):
    """Counts of the ends 6 to 9 below the largest: with the faces that a die lacks taken away."""
    counts = 0
    for k in range(6, 10):
        counts += math.comb(n + k - 1, k) - n * math.comb(n + k - 7, k - 6)
    return counts


def test_exact_answers_agree_with_the_built_law():
    built = inside(die(6).sum(40) + die(4).sum(9) * 2)
    answers, points = built._answers, built.points
    assert built.pmf(points, exact=True).tolist() == built.exact_weights()
    for kind, method in (("single", built.pmf), ("lower", built.cdf), ("upper", built.sf)):
        found = answers.values(kind, points, exact=True)
        assert found.tolist() == method(points, exact=True).tolist()
        floats = answers.values(kind, points, exact=False)
        assert np.allclose(floats, method(points), rtol=1e-14, atol=0)


def test_counts():
    counts, denominator = die(6).sum(1000).exact_counts()
    assert denominator == 6**1000 == sum(counts)
    assert counts[:3] == [1, 1000, math.comb(1001, 2)] == counts[:-4:-1]


def test_exact_answers_too_long_to_write():
    with pytest.raises(ExactnessError, match="a denominator of 3e\\+09 bits"):
        die(6).sum(10**9).pmf(10**9, exact=True)
    with pytest.raises(ExactnessError, match="GB and .* digit products"):
        die(6).sum(10**6).pmf(3_500_000, exact=True)
    assert die(6).sum(10**6).pmf(10**6 + 1, exact=True) * 6**10**6 == 10**6


def test_exact_needs_exact_weights():
    law = Lattice([0.5, 0.5]).sum(10**6)
    for call in (law.pmf, law.cdf, law.sf):
        with pytest.raises(OptionError, match="exact=True needs exact weights"):
            call(3, exact=True)
    for moment in (law.mean, law.var):
        with pytest.raises(OptionError, match="exact=True needs exact weights"):
            moment(exact=True)
    with pytest.raises(DataError, match="x is NaN"):
        die(6).sum(10**6).pmf(math.nan, exact=True)


# --- nobody notices -------------------------------------------------------------------------------


def test_moments_are_sums():
    law = die(6).sum(10**9) + Lattice([0.5, 0.25, 0.25]).sum(1000)
    assert law.mean() == 3.5e9 + 750
    assert law.var() == pytest.approx(35e9 / 12 + 1000 * 0.6875, rel=1e-15)
    assert law.std() == pytest.approx(math.sqrt(law.var()), rel=1e-15)
    assert die(6).sum(10**6).mean(exact=True) == Fraction(3_500_000)
    assert die(6).sum(10**6).var(exact=True) == Fraction(35 * 10**6, 12)


def test_the_shape_of_a_sum():
    law = inside(die(6).sum(10**9))
    assert len(law) == 5 * 10**9 + 1
    assert law.support() == law.window() == (1e9, 6e9)
    assert (law.start, law.step) == (10**9, 1)
    assert law.exact
    assert repr(law).startswith(
        "Lattice(5000000001 points from 1000000000 to 6000000000, mean 3.5e+09"
    )
    assert "<svg" in law._repr_html_()


@pytest.mark.parametrize("name", ["weights", "points", "_indices"])
def test_what_is_too_long_says_what_to_ask(name):
    law = die(6).sum(10**9)
    with pytest.raises(OptionError, match="5e\\+09 points, more than .*: ask pmf, cdf, sf"):
        getattr(law, name)


@pytest.mark.parametrize("change", [pickle.dumps, copy.deepcopy, copy.copy])
def test_copies(change):
    law = die(6).sum(10**6) + 3
    before = law.logsf(4_000_000)
    twin = change(law)
    twin = pickle.loads(twin) if isinstance(twin, bytes) else twin
    assert twin.logsf(4_000_000) == before
    assert repr(twin) == repr(law)


def test_a_chain_of_thousands_is_flat():
    terms = [Lattice([Fraction(k, 5000), Fraction(5000 - k, 5000)]) for k in range(1, 3000)]
    law = sum(terms, point(0))
    twin = pickle.loads(pickle.dumps(law))
    assert len(twin) == 3000
    assert twin.mean(exact=True) == sum(Fraction(5000 - k, 5000) for k in range(1, 3000))


def test_the_same_terms_are_one():
    x = die(6)
    law = inside(x + x + x.sum(5) + (x + 3) + 2)
    assert [part.count for part in law._parts.list] == [8]
    assert law.start == 13


@pytest.mark.parametrize("factor", [Fraction(1, 3), -1, Fraction(-5, 2), 4])
def test_multiples_and_shifts(factor):
    law = die(6).sum(5000) + Lattice([0.5, 0.5]).sum(4000)
    moved = law * factor + Fraction(1, 2)
    x = float(law.ppf(0.9))
    y = float(Fraction(x) * Fraction(factor) + Fraction(1, 2))
    tail, other = (moved.sf, moved.cdf) if factor > 0 else (moved.cdf, moved.sf)
    assert moved.pmf(y) == pytest.approx(law.pmf(x), rel=1e-12)
    assert moved.mean() == pytest.approx(law.mean() * float(factor) + 0.5, rel=1e-15)
    beyond = y if factor > 0 else y - 0.5 * float(moved.step)
    assert tail(beyond) == pytest.approx(law.sf(x), rel=1e-12)
    assert other(beyond) == pytest.approx(law.cdf(x), rel=1e-12)


def test_steps_that_differ():
    law = Lattice([1, 1], step=2, normalize=True).sum(3000) + die(3).sum(5000) * 3
    floats = Lattice([0.5, 0, 0.5]).sum(3000) + die(3).to_float().sum(5000) * 3
    assert len(law) == len(floats.weights) == 36_001
    some = np.arange(27_000, 39_000, 37)
    assert np.allclose(law.pmf(some), floats.pmf(some), rtol=floats.error_bound, atol=0)
    assert law.pmf(law.window()[0] + 1) == 0


def test_windows_and_bounds_are_handed_on():
    one = distribution("poisson(3)") + 1  # moved, it has no closed form
    law = one.sum(10**4) - 10**4
    assert law.support() == (0, math.inf)
    assert 0 < law.neglected_mass < 1e-290
    assert law.error_bound >= 10**4 * one.error_bound / 10
    single = -3e4 + 31_000 * math.log(3e4) - math.lgamma(31_001)
    assert law.logpmf(31_000) == pytest.approx(single, rel=1e-9)


def test_points_are_the_nearest_floats():
    law = Lattice([1, 1], step=0.1, normalize=True).sum(10**5)
    assert law.pmf(5000.1) == law.pmf(Fraction(50_001, 10)) > 0
    assert law.pmf(np.nextafter(5000.1, 0)) == 0
    assert law.cdf(np.nextafter(5000.1, 0)) == law.cdf(5000.0) < law.cdf(5000.1)
    assert np.isnan(law.pmf([math.nan]))
    assert law.sf([-math.inf, math.inf]).tolist() == [1, 0]


def test_what_cannot_be_reached_near_an_end_is_zero():
    law = Lattice([0.5, 0, 0.25, 0.25]).sum(10**6)
    assert law.logpmf(1) == -math.inf
    assert law.logpmf(2) > -math.inf
    gap = Lattice([1] + [0] * 99 + [1, 1], normalize=True).to_float().sum(10**5)
    assert gap.pmf([1, 99, 102 * 10**5 // 102 * 101 - 2]).tolist()[:2] == [0, 0]


def test_what_is_lost_between_other_points_says_so():
    wide = Lattice([0.5, *[0.0] * 999, 0.499, 0.001], normalize=True).sum(1000)
    assert wide.sf(600_000) > 0
    with pytest.raises(OptionError, match=r"the probability at 816229 .*ask for `weights`"):
        wide.pmf(816_229)


def test_draws():
    law = die(6).sum(10**6)
    draws = law.rvs(2000, random_state=1)
    assert abs(draws.mean() - law.mean()) < 5 * law.std() / math.sqrt(2000)
    assert law.pmf(draws).min() > 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=6), st.integers(2, 60))
def test_laws_answered_both_ways(counts, n):
    """The built law and the tilted one agree, and bounds say by how much they may differ."""
    if sum(counts) == 0:
        return
    built = Lattice(counts, normalize=True).sum(n)
    if not isinstance(built, LatticeSum):
        return
    points = built.points
    for kind, method in (("single", built.logpmf), ("lower", built.logcdf), ("upper", built.logsf)):
        found, true = built._answers.logarithms(kind, points), method(points)
        zero = np.isneginf(true)
        assert np.array_equal(np.isneginf(found), zero)
        allowed = np.maximum(1e-12, 4 * np.spacing(np.abs(true[~zero])))
        assert (np.abs(found[~zero] - true[~zero]) <= allowed).all()


def test_many_laws_are_added_in_one_call():
    laws = [distribution({0: 0.75, amount: 0.25}) for amount in (3, 5, 7, 11, 2, 9, 4, 6, 8, 1)]
    together, one_by_one = add(*laws), sum(laws, start=point(0))
    points = np.arange(57.0)
    np.testing.assert_allclose(together.sf(points), one_by_one.sf(points), rtol=1e-13)
    assert isinstance(together, LatticeSum)
    assert add().pmf(0) == 1.0
    assert add(*laws, point(100), distribution("normal(0, 1)")).mean() == pytest.approx(114.0)


def test_many_questions_build_the_law_and_few_do_not():
    few, many = (Lattice(np.ones(6), 1, normalize=True).sum(4000) for _ in range(2))
    assert isinstance(few, LatticeSum)
    assert isinstance(many, LatticeSum)
    points = np.arange(12_000.0, 16_000.0)
    one_by_one = [few.logsf(x) for x in points[::500].tolist()]
    np.testing.assert_allclose(many.logsf(points)[::500], one_by_one, rtol=0, atol=1e-12)
    assert many._parts.is_built
    assert not few._parts.is_built
