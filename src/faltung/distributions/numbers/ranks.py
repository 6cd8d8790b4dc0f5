"""The floats in their order, as integers: neighbours for neighbours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from faltung.distributions.numbers.rounding import Floats

_SIGN_BIT = np.int64(-(2**63))


def rank(values: Floats) -> NDArray[np.int64]:
    """Return integers in the order of the floats."""
    bits = np.ascontiguousarray(values + 0.0).view(np.int64)
    return np.where(bits < 0, _SIGN_BIT - bits, bits)


def float_of_rank(ranks: NDArray[np.int64]) -> Floats:
    """Return the floats of their ranks."""
    bits = np.where(ranks < 0, _SIGN_BIT - ranks, ranks)
    return bits.view(np.float64)


def between(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the mean of two ranks, rounded down, without overflow."""
    return np.asarray((a & b) + ((a ^ b) >> 1))


def smallest_reaching(
    rising: Callable[[Floats], Floats], goals: Floats, low: float, high: float
) -> Floats:
    """Return an x with ``rising(x) >= goal`` whose lower neighbour in float64 stays below.

    Bisection over the floats themselves, so at most 64 steps wherever the answer lies, also where
    the function jumps. A goal that is not reached within gives `high`; one that is NaN gives NaN.

    Parameters
    ----------
    rising
        The function, for vectors.
    goals
        One goal for each result.
    low, high
        The ends of the search.
    """
    ends = rank(np.array([np.nextafter(low, -np.inf), high]))
    below, above = np.full(goals.shape, ends[0]), np.full(goals.shape, ends[1])
    open_ = np.flatnonzero(~np.isnan(goals))
    while len(open_):
        a, b = below[open_], above[open_]
        middle = between(a, b)
        reached = rising(float_of_rank(middle)) >= goals[open_]
        above[open_] = np.where(reached, middle, b)
        below[open_] = np.where(reached, a, middle)
        open_ = open_[above[open_] - 1 > below[open_]]
    return np.where(np.isnan(goals), np.nan, float_of_rank(above))
