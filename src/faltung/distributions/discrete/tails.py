"""Single probabilities, tails and mean excesses of a sum, in logarithms, without the whole law.

A sum S of independent lattice terms is tilted so that its mean moves to where it is asked for, and
its characteristic function is inverted by the trapezoidal rule, in double-double; the core does it
and bounds its error. Here are the two sides, upper and lower, and what is 0 or 1 without a sum.
"""

from __future__ import annotations

from collections.abc import Callable
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung._core import TiltedSum
from faltung.distributions.discrete.parts import Part, Parts
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats
from faltung.distributions.weights.exact import ExactWeights
from faltung.distributions.weights.numbers import ScaledNumbers
from faltung.errors import OptionError

Indices = NDArray[np.int64]

_WIDEST = 2**28
ACCEPTED = 2.0**-41  # of a logarithm, before it is rounded: with that within 1e-12


class Tails:
    """log P(S = k), log P(S >= k) and log P(S <= k) for indices k of any size.

    Each is an array with three numbers in a row: the logarithm is high + low, with low below one
    ulp of high, and the third bounds its error. The bound is infinite where the probability is not
    told from rounding.
    """

    def __init__(self, parts: Parts) -> None:
        terms = [_entries(part) for part in parts.list if len(part.weights) > 1]
        self._divisor = gcd(*(int(np.gcd.reduce(places)) for places, *_ in terms))
        self._last = parts.last // self._divisor
        self._upper = TiltedSum([self._reduced(term) for term in terms])
        self._lower = TiltedSum([self._reduced(_mirrored(term)) for term in terms])

    @property
    def deviation(self) -> float:
        """The standard deviation, in indices."""
        return self._upper.deviation * self._divisor

    @property
    def divisor(self) -> int:
        """All values of the sum are multiples of this."""
        return self._divisor

    @property
    def mean(self) -> float:
        """The mean, in indices."""
        return self._upper.mean * self._divisor

    def _reduced(self, term: tuple[Any, ...]) -> tuple[Any, ...]:
        places, *rest = term
        return places // self._divisor, *rest

    def log_single(self, k: Indices) -> Floats:
        """Return log P(S = k)."""
        inside = (k >= 0) & (k % self._divisor == 0) & (k <= self._last * self._divisor)
        return _chosen(inside, self._log_single, k // self._divisor)

    def log_upper(self, k: Indices) -> Floats:
        """Return log P(S >= k)."""
        k = np.maximum(-(-k // self._divisor), 0)
        return _chosen(k <= self._last, lambda k: _tail(self._upper, self._lower, k), k)

    def log_lower(self, k: Indices) -> Floats:
        """Return log P(S <= k)."""
        k = self._last - np.minimum(k // self._divisor, self._last)
        return _chosen(k <= self._last, lambda k: _tail(self._lower, self._upper, k), k)

    def log_excess(self, k: int) -> Floats:
        """Return the row of log E (S - k)+ / divisor, for a multiple k of the divisor from the mean on."""
        row: Floats = _evaluated(self._upper, np.array([k // self._divisor]), "excess")[0]
        return row

    def log_shortage(self, k: int) -> Floats:
        """Return the row of log E (k - S)+ / divisor, for a multiple k of the divisor up to the mean."""
        at = np.array([self._last - k // self._divisor])
        row: Floats = _evaluated(self._lower, at, "excess")[0]
        return row

    def _log_single(self, k: Indices) -> Floats:
        above = (k >= self._upper.mean) & (k > 0)  # a mean may round to 0, and 0 is the lower end
        result = np.empty((len(k), 3))
        result[above] = _evaluated(self._upper, k[above], "single")
        result[~above] = _evaluated(self._lower, self._last - k[~above], "single")
        return result


def _tail(own: TiltedSum, other: TiltedSum, k: Indices) -> Floats:
    """Return log P(S >= k), 0 <= k <= last: a small tail is summed from its own side.

    The larger part of 1 is what the smaller leaves of it: a difference without cancellation, which
    ascends where the smaller part descends.
    """
    result = np.zeros((len(k), 3))
    inside = np.flatnonzero(k > 0)
    above = inside[k[inside] >= own.mean]
    below = inside[k[inside] < own.mean]
    rest = _evaluated(other, own.last - k[below] + 1, "tail")
    small = rest[:, 0] <= np.log(0.5)
    result[below[small]] = _of_the_rest(*rest[small].T)
    direct = np.concatenate((above, below[~small]))
    result[direct] = _evaluated(own, k[direct], "tail")
    return result


def _of_the_rest(high: Floats, low: Floats, error: Floats) -> Floats:
    """Return log(1 - e**(high + low)) for at most log(1/2)."""
    logs = np.log1p(-np.exp(high) * (1 + low))
    # exp, the product and log1p round by an ulp each, and the slope is at most 2 in relative terms.
    bounds = (2 * error + 8 * ROUNDOFF) * -logs + 2.0**-1074
    return np.column_stack((logs, np.zeros(len(logs)), bounds))


def _chosen(inside: NDArray[np.bool_], evaluate: Callable[[Indices], Floats], k: Indices) -> Floats:
    """Return the rows for the indices inside, and log 0 for the others."""
    result = np.tile([-np.inf, 0.0, 0.0], (len(k), 1))
    result[inside] = evaluate(k[inside])
    return result


def _evaluated(side: TiltedSum, k: Indices, kind: str) -> Floats:
    distinct, inverse = np.unique(k, return_inverse=True)
    results = np.empty((len(distinct), 3))
    try:
        side.evaluate(distinct, kind, results)
    except ValueError:  # more frequencies matter than can be summed
        results[:] = (0.0, 0.0, np.inf)
    return results[inverse]


def _entries(part: Part) -> tuple[Any, ...]:
    """Return places, mantissas in two floats, exponents of two, and the count."""
    weights = part.weights
    if isinstance(weights, ExactWeights):
        numbers = ScaledNumbers.from_integers(weights.counts)
    else:
        numbers = weights.numbers
    places = np.flatnonzero(numbers.high)
    high, low, exponents = numbers.at(places).parts
    exponents = (
        exponents - exponents.max()
    )  # their sum does not matter: the law is that of their ratios
    if exponents.min() < -_WIDEST:
        raise OptionError(
            f"weights range over a factor of 2**{-exponents.min()}, more than 2**{_WIDEST}: drop the "
            "smallest"
        )
    return places * part.stride, high, low, exponents.astype(np.int32), part.count


def _mirrored(term: tuple[Any, ...]) -> tuple[Any, ...]:
    places, high, low, exponents, count = term
    turned = (array[::-1].copy() for array in (high, low, exponents))
    return (places[-1] - places)[::-1].copy(), *turned, count
