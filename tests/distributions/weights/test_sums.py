"""Sums of many variables: against exact integers, to any depth, with honest bounds."""

from __future__ import annotations

from functools import cache

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faltung.distributions import Lattice
from faltung.distributions.numbers.powers import power as exact_power
from faltung.distributions.weights.scaled import ScaledWeights
from faltung.distributions.weights.sums import convolved_all
from faltung.errors import DataError, OptionError
from tests.distributions.weights.scaled import (
    convolution,
    dyadics,
    numbers,
    relative_error,
    worst,
)

LOG_TOLERANCE = 1e-12


@cache
def copies(counts, n):
    return exact_power(list(counts), n)


def weights_of(values):
    return ScaledWeights(numbers(values))


def log_error(computed, count, denominator):
    """The error of a logarithm in units of the contract: 1e-12, or 4 ulp of it."""
    with mpmath.workdps(40):
        true = mpmath.log(count) - mpmath.log(denominator)
        return abs(mpmath.mpf(computed) - true) / max(LOG_TOLERANCE, 4 * np.spacing(abs(computed)))


@pytest.mark.usefixtures("instruction_set")
@pytest.mark.parametrize(
    ("counts", "n"), [((1, 2, 1), 5000), ((1, 0, 0, 7), 999), ((3, 1, 4, 1, 5, 9), 300)]
)
def test_copies_against_integers(counts, n):
    power = weights_of(map(float, counts)).power(n)
    assert worst(power.numbers, [(c, 0) for c in copies(counts, n)]) <= power.relative < 1e-12


def test_ten_thousand_dice_in_every_entry():
    law, exact = Lattice([1.0] * 6, 1, normalize=True).sum(10_000), copies((1,) * 6, 10_000)
    weights = law._weights
    assert isinstance(weights, ScaledWeights)
    some = weights.numbers.at(slice(None, None, 3))
    error = worst(some, [(c, 0) for c in exact[::3]])
    assert 0 < error <= weights.relative < 1e-12
    total = 6**10_000
    below, above = (
        np.array(exact, dtype=object).cumsum(),
        np.array(exact[::-1], dtype=object).cumsum(),
    )
    for k in [0, 1, 50, 20_000, 24_900, 25_000, 30_000, 49_990, 49_999]:
        assert log_error(weights.log_floats[k], exact[k], total) <= 1
        assert log_error(weights.log_below[k + 1], below[k], total) <= 1
        assert log_error(weights.log_above[50_000 - k], above[k], total) <= 1
        assert log_error(law.logpmf(10_000 + k), exact[k], total) <= 1


@pytest.mark.parametrize("seed", range(3))
def test_answers_never_fall_on_the_wrong_side(seed):
    rng = np.random.default_rng(seed)
    weights = Lattice(rng.random(20) ** 9, normalize=True).sum(700)._weights
    assert (weights.floats >= 0).all()
    for table in (weights.below, weights.log_below, weights.above[::-1], weights.log_above[::-1]):
        assert (np.diff(table[1:]) >= 0).all()
    assert weights.below[-1] == weights.above[0] == 1
    assert weights.log_below[-1] == weights.log_above[0] == 0
    assert weights.floats.sum() == pytest.approx(1, abs=1e-12)


def test_a_million_copies_keep_their_digits():
    """Weights are the floats themselves: 0.3 is not 3/10, and that counts a million times."""
    p, n = 0.3, 10**6
    weights = Lattice([1 - p, p], normalize=True).sum(n)._weights
    assert weights.error_bound < 1e-12
    with mpmath.workdps(60):
        q = mpmath.mpf(1 - p)
        share, rest = mpmath.mpf(p) / (q + mpmath.mpf(p)), q / (q + mpmath.mpf(p))
        for k in (0, 1, 1000, 299_000, 300_000, 301_234, 999_999, n):
            true = mpmath.log(mpmath.binomial(n, k)) + k * mpmath.log(share)
            true += (n - k) * mpmath.log(rest)
            allowed = max(LOG_TOLERANCE, 4 * np.spacing(abs(weights.log_floats[k])))
            assert abs(weights.log_floats[k] - true) <= allowed


def test_copies_of_a_single_weight():
    one = weights_of([(0.75, -900)])
    power = one.power(2**39)
    assert power.log_floats[0] == pytest.approx(2**39 * (np.log(0.75) - 900 * np.log(2)), rel=1e-15)
    with pytest.raises(OptionError, match="use fewer terms"):
        one.power(2**45)


def test_the_estimate_is_near_the_error():
    ratios = []
    for n in (20, 300, 1000, 3000):
        power = weights_of(map(float, (3, 1, 4, 1, 5))).power(n)
        exact = copies((3, 1, 4, 1, 5), n)
        pairs = zip(dyadics(power.numbers), exact, strict=True)
        errors = [float(relative_error(found, (count, 0))) for found, count in pairs]
        ratios.append(max(power.estimate, 1e-30) / max(np.median(errors), 1e-33))
    assert 1e-3 < np.median(ratios) < 1e3


# --- different laws ------------------------------------------------------------------------------

wild = st.one_of(
    st.just(0.0),
    st.floats(0, 1),
    st.sampled_from([5e-324, 1e-300, 1e300]),
    st.tuples(st.floats(0.5, 1), st.integers(-900, 900)),
)
vectors = st.lists(wild, min_size=1, max_size=40).filter(any)


def exact_product(vectors):
    level = [dyadics(vector) for vector in vectors]
    while len(level) > 1:
        level = [
            convolution(*level[i : i + 2]) if i + 1 < len(level) else level[i]
            for i in range(0, len(level), 2)
        ]
    return level[0]


@pytest.mark.usefixtures("instruction_set")
@settings(max_examples=15)
@given(st.lists(vectors, min_size=1, max_size=7))
def test_different_wild_laws(laws):
    laws = [weights_of([v if isinstance(v, tuple) else float(v) for v in law]) for law in laws]
    total = convolved_all(laws).to_float()
    assert worst(total.numbers, exact_product([law.numbers for law in laws])) <= total.relative + 0


def test_a_portfolio_of_losses():
    """Probabilities are multiples of 2**-20, so that integers can follow."""
    rng = np.random.default_rng(8)
    laws, exact = [], [1]
    for loss, p in zip(rng.integers(1, 60, 200), rng.integers(1, 2**18, 200), strict=True):
        values = np.zeros(loss + 1)
        values[0], values[loss] = (2**20 - p) / 2**20, p / 2**20
        laws.append(ScaledWeights.from_floats(values))
        longer = [count * int(2**20 - p) for count in exact] + [0] * int(loss)
        for i, count in enumerate(exact):
            longer[i + loss] += count * int(p)
        exact = longer
    total = convolved_all(laws).to_float()
    assert worst(total.numbers, [(count, -20 * 200) for count in exact]) <= total.relative < 1e-12


# --- logarithms of weights -----------------------------------------------------------------------


def test_weights_from_logarithms():
    x = np.linspace(0, 3 * np.pi, 300)
    logs = 1000 * np.sin(x) - 100 * x
    law = Lattice.from_log_weights(logs, normalize=True)
    weights = law.sum(2)._weights
    with mpmath.workdps(60):
        values = [mpmath.exp(mpmath.mpf(log)) for log in logs]
        total = mpmath.fsum(values)
        for k in (0, 1, 77, 299, 300, 450, 597, 598):
            true = mpmath.fsum(
                values[i] * values[k - i] for i in range(max(0, k - 299), min(k, 299) + 1)
            )
            true = mpmath.log(true / total**2)
            allowed = max(LOG_TOLERANCE, 4 * np.spacing(abs(weights.log_floats[k])))
            assert abs(weights.log_floats[k] - true) <= allowed
    assert weights.error_bound < 1e-12


@pytest.mark.parametrize(
    ("logs", "words"),
    [
        ([0.0, np.nan], "logarithm 1 is nan"),
        ([np.inf, 0.0], "logarithm 0 is inf"),
        ([-np.inf, -np.inf], "all weights are zero"),
        ([-1e16, 0.0], "logarithm 0"),
        ([0.0, 0.0], "0.693147180"),
    ],
)
def test_bad_logarithms(logs, words):
    with pytest.raises(DataError, match=words):
        Lattice.from_log_weights(logs)


def test_logarithms_that_sum_to_one():
    law = Lattice.from_log_weights([np.log(0.25), np.log(0.75), -np.inf])
    assert law.pmf([0, 1]).tolist() == pytest.approx([0.25, 0.75], rel=1e-15)
    assert len(law) == 2


@pytest.mark.parametrize(
    "values", [[0.5, 0, 0, 0.25, 0, 0, 0.25], [0.5, 0, 0, 0, 0.5, 0], [0, 0, 1]]
)
def test_numbers_at_multiples_of_a_distance(values):
    power = weights_of(values).power(9)
    exact = copies(tuple(int(4 * value) for value in values), 9)
    assert worst(power.numbers, [(count, -18) for count in exact]) <= power.relative


def test_a_sum_of_wild_weights_that_would_take_hours_is_refused():
    exponents = np.random.default_rng(9).integers(-(10**6), 0, 300_000)
    law = Lattice.from_log_weights(exponents.astype(float), normalize=True)
    with pytest.raises(OptionError, match="differ by so many powers of two"):
        _ = law.sum(2).weights
