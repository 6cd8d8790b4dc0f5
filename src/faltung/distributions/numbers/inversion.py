"""Inverting a rising function of float64, for a vector of goals at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from faltung.distributions.numbers.rounding import Floats

_MAX_STEPS = 60
_SIGN_BIT = np.int64(-(2**63))


def approximate(
    rising: Callable[[Floats], Floats],
    slope: Callable[[Floats], Floats],
    goals: Floats,
    table: Floats,
) -> Floats:
    """Return points at which `rising` is within about 1e-14 of its goals.

    Newton's method from a bracket between two points of the table; where a step leaves the
    bracket, it is halved instead.

    Parameters
    ----------
    rising, slope
        The function and its derivative, for vectors.
    goals
        Between the values at the two ends of the table.
    table
        Ascending points, dense where the function bends.
    """
    values = np.maximum.accumulate(rising(table))
    index = np.clip(np.searchsorted(values, goals) - 1, 0, len(table) - 2)
    low, high = table[index], table[index + 1]
    x = 0.5 * (low + high)
    open_ = np.arange(len(goals))
    for _ in range(_MAX_STEPS):
        here = x[open_]
        excess = rising(here) - goals[open_]
        far = np.abs(excess) > 1e-14
        open_, here, excess = open_[far], here[far], excess[far]
        if not len(open_):
            break
        high[open_] = np.where(excess > 0, here, high[open_])
        low[open_] = np.where(excess > 0, low[open_], here)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            step = here - excess / slope(here)
        inside = (step > low[open_]) & (step < high[open_])
        x[open_] = np.where(inside, step, 0.5 * (low[open_] + high[open_]))
    return x


def smallest_reaching(
    rising: Callable[[Floats], Floats], goals: Floats, low: float, high: float
) -> Floats:
    """Return an x with ``rising(x) >= goal`` whose lower neighbour in float64 stays below.

    Bisection over the floats themselves in their order, so at most 64 steps wherever the answer
    lies. A goal that is not reached within gives `high`; one that is NaN gives NaN.

    Parameters
    ----------
    rising
        The function, for vectors.
    goals
        One goal for each result.
    low, high
        The ends of the search.
    """
    ends = _rank(np.array([np.nextafter(low, -np.inf), high]))
    below, above = np.full(goals.shape, ends[0]), np.full(goals.shape, ends[1])
    open_ = np.flatnonzero(~np.isnan(goals))
    while len(open_):
        a, b = below[open_], above[open_]
        middle = (a & b) + ((a ^ b) >> 1)  # the mean, rounded down, without overflow
        reached = rising(_float_of_rank(middle)) >= goals[open_]
        above[open_] = np.where(reached, middle, b)
        below[open_] = np.where(reached, a, middle)
        open_ = open_[above[open_] - 1 > below[open_]]
    return np.where(np.isnan(goals), np.nan, _float_of_rank(above))


def smallest_index(
    reached: Callable[[NDArray[np.int64], NDArray[np.intp]], NDArray[np.bool_]],
    guesses: Floats,
    step: int,
    last: int,
) -> NDArray[np.int64]:
    """Return for each goal the smallest index from 0 to `last` that reaches it.

    Parameters
    ----------
    reached
        Tells for indices k and numbers i of goals whether k reaches the i-th; `last` reaches all.
    guesses
        Where to begin, one for each goal; from there in steps that double, then by halving.
    step
        The first step.
    last
        The largest index.
    """
    below = np.full(guesses.shape, -1, dtype=np.int64)
    above = np.full(guesses.shape, last, dtype=np.int64)
    probes = np.clip(guesses, 0, last).astype(np.int64)
    open_ = np.flatnonzero(above > 0)
    rises = ~reached(probes, np.arange(len(probes)))
    while len(open_):
        k = probes[open_]
        good = reached(k, open_)
        above[open_] = np.where(good, k, above[open_])
        below[open_] = np.where(good, below[open_], k)
        ahead = np.where(rises[open_], k + step, k - step)
        open_ = open_[(good != rises[open_]) & (ahead > below[open_]) & (ahead < above[open_])]
        probes[open_] = np.where(rises[open_], probes[open_] + step, probes[open_] - step)
        step *= 2
    return _halved(reached, below, above)


def _halved(
    reached: Callable[[NDArray[np.int64], NDArray[np.intp]], NDArray[np.bool_]],
    below: NDArray[np.int64],
    above: NDArray[np.int64],
) -> NDArray[np.int64]:
    open_ = np.flatnonzero(above - below > 1)
    while len(open_):
        middle = below[open_] + (above[open_] - below[open_]) // 2
        good = reached(middle, open_)
        above[open_] = np.where(good, middle, above[open_])
        below[open_] = np.where(good, below[open_], middle)
        open_ = open_[above[open_] - below[open_] > 1]
    return above


def _rank(values: Floats) -> NDArray[np.int64]:
    """Return integers in the order of the floats, neighbours for neighbours."""
    bits = values.view(np.int64)
    return np.where(bits < 0, _SIGN_BIT - bits, bits)


def _float_of_rank(ranks: NDArray[np.int64]) -> Floats:
    bits = np.where(ranks < 0, _SIGN_BIT - ranks, ranks)
    return bits.view(np.float64)
