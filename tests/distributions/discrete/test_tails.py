"""Tilted sums against exact integers: every answer within the bound that comes with it."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faltung.distributions.discrete.parts import Part, Parts
from faltung.distributions.discrete.tails import ACCEPTED, Tails
from faltung.distributions.weights.scaled import ScaledWeights
from tests.distributions.discrete.exactly import Exact, parts_of

KINDS = ("single", "lower", "upper")


def overdrawn(terms, kind, indices=None):
    """Return how many answers are farther off than their bound, and how many are not told."""
    tails, exact = Tails(parts_of(terms)), Exact(terms)
    k = np.arange(len(exact.counts)) if indices is None else np.asarray(indices)
    rows = {"single": tails.log_single, "lower": tails.log_lower, "upper": tails.log_upper}[kind](k)
    wrong, untold = 0, 0
    with mpmath.workdps(60):
        for i, (high, low, error) in zip(k.tolist(), rows.tolist(), strict=True):
            true = exact.log(kind, i)
            if math.isinf(error):
                untold += 1
            elif true == -mpmath.inf:
                wrong += high != -math.inf
            else:
                wrong += abs(mpmath.mpf(high) + mpmath.mpf(low) - true) > error
    return wrong, untold


DENSE = {
    "dice": [([1] * 6, 1, 60)],
    "coins": [([1, 1], 1, 200)],
    "skewed": [([10**30, 0, 5, 1], 1, 40)],
    "rare": [([10**12, 1], 1, 50)],
    "mixed": [([1, 2, 3], 1, 30), ([5, 0, 0, 1], 2, 9), ([1, 1], 1, 7), ([3, 0, 1], 1, 1)],
    "constant term": [([1], 1, 5), ([2, 1], 1, 60)],
    "period": [([1, 0, 1, 0, 3], 1, 30)],
    "strides": [([1, 2], 3, 20), ([1, 1, 1], 6, 9)],
    "one": [([1, 7, 3, 2], 1, 1)],
    "digits beyond 106 bits": [([3**200, 7**71, 5**80], 1, 30)],
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", DENSE)
def test_every_entry_is_within_its_bound(name, kind):
    wrong, untold = overdrawn(DENSE[name], kind)
    assert wrong == 0
    if kind != "single" and name != "skewed":
        assert untold == 0


@pytest.mark.parametrize("kind", KINDS)
def test_two_far_atoms_and_a_near_one(kind):
    """The characteristic function has a peak of height 1 at every hundredth of the circle."""
    assert overdrawn([([500] + [0] * 99 + [499, 1], 1, 12)], kind)[0] == 0


@pytest.mark.parametrize("kind", KINDS)
def test_weights_over_three_hundred_decades(kind):
    assert overdrawn([([10**300, 10**150, 1], 1, 25)], kind)[0] == 0
    assert overdrawn([([10**150, 1, 10**75, 10**140], 1, 20)], kind)[0] == 0


@pytest.mark.parametrize("kind", KINDS)
def test_long_terms_whose_frequencies_are_sought_on_a_grid(kind):
    counts = np.random.default_rng(3).integers(1, 10**6, 500).tolist()
    places = [0, 1, 2, 700, 1200, 1497, 1803, 2500, 2993, 2994]
    assert overdrawn([(counts, 1, 6)], kind, places) == (0, 0)


terms = st.lists(
    st.tuples(
        st.lists(
            st.one_of(st.just(0), st.integers(1, 9), st.integers(0, 80).map(lambda e: 10**e)),
            min_size=1,
            max_size=6,
        ).map(lambda w: [1, *w, 2]),
        st.integers(1, 3),
        st.integers(1, 12),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=60, deadline=None)
@given(terms, st.sampled_from(KINDS))
def test_random_terms_are_within_their_bounds(terms, kind):
    assert overdrawn(terms, kind)[0] == 0


@pytest.mark.parametrize(
    ("n", "deviations"),
    [(1000, -30), (1000, -1), (1000, 31), (10**6, -900), (10**6, 2), (10**9, -30), (10**9, 5000)],
)
def test_binomials_of_any_size(n, deviations):
    """Against log binomial coefficients and continued fractions to 60 digits."""
    k = n // 2 + round(deviations * math.sqrt(n) / 2)
    tails = Tails(Parts([Part(ScaledWeights.from_floats(np.array([0.5, 0.5])), 1, n)]))
    with mpmath.workdps(60):
        for rows, true in (
            (tails.log_single(np.array([k])), log_single(n, k)),
            (tails.log_upper(np.array([k])), log_upper(n, k)),
        ):
            high, low, error = rows[0]
            assert error <= ACCEPTED
            assert abs(mpmath.mpf(high) + mpmath.mpf(low) - true) <= error


def log_single(n, k):
    binomial = mpmath.loggamma(n + 1) - mpmath.loggamma(k + 1) - mpmath.loggamma(n - k + 1)
    return binomial - n * mpmath.log(2)


def log_upper(n, k):
    """log P(S >= k), by a series of falling terms from k on or from the other side."""
    if 2 * k <= n:
        return mpmath.log1p(-mpmath.exp(log_upper(n, n - k + 1)))
    total, term, j = mpmath.mpf(1), mpmath.mpf(1), k
    while j < n and term > total * mpmath.mpf(10) ** -50:
        term *= mpmath.mpf(n - j) / (j + 1)
        total += term
        j += 1
    return log_single(n, k) + mpmath.log(total)


def test_answers_do_not_depend_on_what_else_is_asked():
    terms = [([1, 3, 2, 0, 5], 1, 500)]
    k = np.arange(600, 2001, 7)
    together = Tails(parts_of(terms)).log_upper(k)
    alone = [Tails(parts_of(terms)).log_upper(k[i : i + 1])[0] for i in range(0, len(k), 20)]
    assert np.array_equal(together[::20], np.array(alone))


def test_indices_outside():
    tails = Tails(parts_of([([1, 2, 1], 2, 50)]))
    k = np.array([-5, -1, 0, 1, 199, 200, 201, 10**15])
    assert tails.log_single(k)[[0, 1, 3, 4, 6, 7], 0].tolist() == [-np.inf] * 6
    assert tails.log_upper(k)[:3, 0].tolist() == [0, 0, 0]
    assert tails.log_upper(k)[6:, 0].tolist() == [-np.inf, -np.inf]
    assert tails.log_lower(k)[:2, 0].tolist() == [-np.inf, -np.inf]
    assert tails.log_lower(k)[5:, 0].tolist() == [0, 0, 0]
    assert tails.log_upper(k)[4] == pytest.approx(tails.log_upper(k)[5])  # 199 is no point
