"""The number of successes in independent trials, each with a probability of its own."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from faltung.distributions.discrete.lattice import Lattice, point
from faltung.distributions.numbers.rational import as_rational, written
from faltung.distributions.weights.exact import ExactWeights
from faltung.distributions.weights.given import as_entries
from faltung.distributions.weights.sums import bernoulli_sum
from faltung.errors import DataError


def poisson_binomial(p: Any) -> Lattice:
    """Return the law of the number of successes in independent trials.

    Parameters
    ----------
    p : sequence of numbers
        The probability of success of each trial, from 0 to 1. Ints, Fractions and Decimals make an
        exact law; anything else is read as float64, and the law is that of the floats as they are:
        ``1 - p`` is not rounded.

    Returns
    -------
    Lattice
        On 0 … n, without the ends that have no probability. Every pmf, cdf and sf is within
        ``error_bound`` < 1e-12, relatively, for up to a million trials and at any depth in the
        logarithms.

    Raises
    ------
    ShapeError
        Not one-dimensional.
    DtypeError
        Probabilities that are no real numbers.
    DataError
        A probability that is NaN or not from 0 to 1.
    OptionError
        More than 2 million trials with probabilities other than 0 and 1.

    Notes
    -----
    The direct convolution of a balanced tree of trials (Biscarri, Zhao & Brunner, *Computational
    Statistics and Data Analysis* 122, 2018), every sum of non-negative terms.

    Examples
    --------
    >>> law = poisson_binomial([0.5, 0.3, 0.7, 0.3, 0.9])
    >>> round(law.pmf(2), 12)
    0.3167
    >>> rare = poisson_binomial(np.full(10_000, 0.001))
    >>> round(rare.logpmf(10_000), 6)
    -69077.55279
    """
    entries = as_entries(p, "probability", "probabilities")
    if isinstance(entries, list):
        return _exact(entries)
    wrong = ~((entries >= 0) & (entries <= 1))
    if wrong.any():
        i = int(np.argmax(wrong))
        raise _outside(i, float(entries[i]))
    certain = int(np.count_nonzero(entries == 1))
    uncertain = entries[(entries > 0) & (entries < 1)]
    if not len(uncertain):
        return point(certain)
    return Lattice._create(bernoulli_sum(uncertain), Fraction(certain), Fraction(1), None)


def _outside(i: int, value: Fraction | float) -> DataError:
    return DataError(f"probability {i} is {written(value)}: write one from 0 to 1")


def _exact(entries: list[Any]) -> Lattice:
    p = [as_rational(entry, f"probability {i}") for i, entry in enumerate(entries)]
    for i, value in enumerate(p):
        if not 0 <= value <= 1:
            raise _outside(i, value)
    certain = sum(value == 1 for value in p)
    uncertain = [value for value in p if 0 < value < 1]
    if not uncertain:
        return point(certain)
    return Lattice._create(_exact_sum(uncertain), Fraction(certain), Fraction(1), None)


def _exact_sum(p: list[Fraction]) -> ExactWeights:
    """Return the exact law, by a balanced tree of products."""
    level = [ExactWeights([q.denominator - q.numerator, q.numerator], q.denominator) for q in p]
    while len(level) > 1:
        pairs = [a.convolved(b) for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[2 * len(pairs) :]
    return level[0]
