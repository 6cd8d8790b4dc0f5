"""The number of successes in trials of different probabilities."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from faltung.distributions import poisson_binomial
from faltung.distributions.weights.scaled import ScaledWeights
from faltung.errors import DataError, DtypeError, ShapeError
from tests.distributions.weights.scaled import worst

LOG_TOLERANCE = 1e-12


@pytest.mark.usefixtures("instruction_set")
@pytest.mark.parametrize("n", [1, 2, 15, 16, 17, 33, 130])
def test_poisson_binomial_against_integers(n):
    p = np.random.default_rng(n).integers(1, 2**20, n) / 2**20
    law, exact = poisson_binomial(p), poisson_binomial([Fraction(value) for value in p])
    weights = law._weights
    assert isinstance(weights, ScaledWeights)
    true = [
        (c, -20 * n)
        for c in (q.numerator * 2 ** (20 * n) // q.denominator for q in exact.exact_weights())
    ]
    assert worst(weights.numbers, true) <= weights.relative < 1e-12


def test_poisson_binomial_to_any_depth():
    law = poisson_binomial(np.full(20_000, 1e-9))
    assert law.error_bound < 1e-12
    with mpmath.workdps(40):
        q = mpmath.mpf(1e-9)
        for k in (0, 3, 10_000, 19_999, 20_000):
            true = mpmath.log(mpmath.binomial(20_000, k)) + k * mpmath.log(q)
            true += (20_000 - k) * mpmath.log1p(-q)
            found = law.logpmf(k)
            assert abs(found - true) <= max(LOG_TOLERANCE, 4 * np.spacing(abs(found)))


def test_poisson_binomial_of_certain_trials():
    law = poisson_binomial([0.0, 1.0, 0.25, 1.0, 0.0])
    assert law.support() == (2, 3)
    assert law.pmf([1, 2, 3]).tolist() == [0, 0.75, 0.25]
    assert poisson_binomial([1, 1, 0]).support() == (2, 2)
    assert poisson_binomial([Fraction(1, 3), 1]).pmf(2, exact=True) == Fraction(1, 3)


@pytest.mark.parametrize(
    ("p", "error", "words"),
    [
        ([0.1, 1.5], DataError, "probability 1 is 1.5"),
        ([0.1, -0.2], DataError, "probability 1 is -0.2"),
        ([np.nan], DataError, "probability 0 is nan"),
        ([2, Fraction(1, 2)], DataError, "probability 0 is 2"),
        ([[0.1], [0.2]], ShapeError, "shape"),
        ([], ShapeError, "empty"),
        (0.5, DtypeError, "0.5: write a sequence"),
        ("0.5", DtypeError, "sequence"),
        (["a"], DtypeError, "real numbers"),
    ],
)
def test_bad_probabilities(p, error, words):
    with pytest.raises(error, match=words):
        poisson_binomial(p)
