"""Inverting a monotone function of float64, for a vector of goals at once.

A table brackets each goal. Regula falsi with the Illinois rule (Dowell & Jarratt, BIT 11, 1971) runs on
the logarithm of the function, so that tails are as easy as the middle; then floats beside the root
are tried, farther and farther, and the rest is bisection over the floats in their order. The last
two steps use the function itself: what is returned is a float where the condition holds, and whose
lower neighbour does not meet it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faltung.distributions.numbers.ranks import between, float_of_rank, rank
from faltung.distributions.numbers.rounding import Floats

# Rounds of regula falsi; of these, one in so many is a bisection if the bracket does not shrink.
_ROUNDS, _SLOW = 40, 3

# A root is found if logarithms differ by no more.
_NEAR = 4e-16

# A bracket whose ends differ by this factor is searched in the order of the floats, else linearly.
_WIDE = 4.0

# Floats beside a root are tried at 2 to these powers.
_ASIDE = (1, 5, 9, 14, 20, 28, 40, 52, 61)

# A table is made by so many rounds: these tell the exponents of the answers, and some bits.
_ROUGH, _PARTS = 4, 16
_NONE: Floats = np.zeros(0)

# A logarithm of 0.
_NOTHING = -1e4


@dataclass(frozen=True, slots=True, eq=False)
class Monotone:
    """A function that rises, or with `falls` falls, and a table of it.

    Attributes
    ----------
    evaluate
        Returns values >= 0 for a vector.
    table, values
        Ascending points, and the values there.
    """

    evaluate: Callable[[Floats], Floats]
    table: Floats
    values: Floats
    falls: bool

    def passed(self, values: Floats, goals: Floats) -> NDArray[np.bool_]:
        """Whether values have reached the goals: risen or fallen to them."""
        return values <= goals if self.falls else values >= goals

    def excess(self, values: Floats, goals: Floats) -> Floats:
        """Return how far values are beyond the goals, in logarithms: negative where before."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
            apart = np.log(values / goals)
        apart = np.clip(apart, _NOTHING, -_NOTHING)
        return -apart if self.falls else apart


def first_reaching(function: Monotone, goals: Floats) -> Floats:
    """Return an x where the function has reached its goal, and whose lower neighbour has not.

    Before the table the answer is its first point, behind it the last one.

    Parameters
    ----------
    function
        With a table that spans the answers.
    goals
        One positive goal for each result; NaN gives NaN.
    """
    result = np.full(goals.shape, np.nan)
    open_ = np.flatnonzero(~np.isnan(goals))
    wanted = goals[open_]
    low, high, root = _roots(function, wanted)
    below, above = _beside(function, wanted, (rank(low), rank(high)), rank(root))
    rest = np.flatnonzero(above - 1 > below)
    while len(rest):
        a, b = below[rest], above[rest]
        middle = between(a, b)
        there = function.passed(function.evaluate(float_of_rank(middle)), wanted[rest])
        above[rest] = np.where(there, middle, b)
        below[rest] = np.where(there, a, middle)
        rest = rest[above[rest] - 1 > below[rest]]
    result[open_] = float_of_rank(above)
    return result


def first_between(
    share: Callable[[Floats], Floats],
    goals: Floats,
    ends: tuple[float, float],
    *,
    falls: bool,
    jumps: Floats = _NONE,
) -> Floats:
    """Return the same for a share of a probability of which no table is known.

    Parameters
    ----------
    share
        A cdf, or with `falls` an sf, for vectors.
    goals
        Probabilities between 0 and 1, or NaN.
    ends
        Where the search begins and ends; what is reached at no float before the last one is there.
    jumps
        Points at which the share may jump, a few, in ascending order.
    """
    return first_reaching(_tabled(share, goals, ends, falls, jumps), goals)


def near(
    share: Callable[[Floats], Floats], goals: Floats, ends: tuple[float, float], *, falls: bool
) -> Floats:
    """Return places where a share is within a factor of two of its goals, unless it jumps there."""
    return _roots(_tabled(share, goals, ends, falls, _NONE), goals, math.log(2))[2]


def _tabled(
    share: Callable[[Floats], Floats],
    goals: Floats,
    ends: tuple[float, float],
    falls: bool,
    jumps: Floats,
) -> Monotone:
    """Return the function with a table of what a search over the floats for the goals has met.

    The bracket of each goal is cut into 16, again and again.
    """
    low, high = ends
    begin = math.nextafter(low, -math.inf)
    wanted = np.unique(goals[~np.isnan(goals)])
    below, above = np.repeat(rank(np.array([begin, high]))[:, np.newaxis], len(wanted), axis=1)
    inside = jumps[(jumps > low) & (jumps < high)]
    points = [np.unique(np.append(inside, np.nextafter(inside, -np.inf)))]
    values = [share(points[0])]
    each = np.arange(len(wanted))
    for _ in range(_ROUGH):
        inner = below + np.arange(1, _PARTS)[:, np.newaxis] * (above // _PARTS - below // _PARTS)
        tried, which = np.unique(float_of_rank(inner), return_inverse=True)
        points.append(tried)
        values.append(share(tried))
        found = values[-1][which.reshape(inner.shape)]
        reached = np.vstack([found <= wanted if falls else found >= wanted, each >= 0])
        first = reached.argmax(axis=0)
        grid = np.vstack([below, inner, above])
        below, above = grid[first, each], grid[first + 1, each]
    outer = (1.0, 0.0) if falls else (0.0, 1.0)  # at the ends, where nothing needs to be known
    table, kept = np.unique(np.concatenate([[begin, high], *points]), return_index=True)
    known = np.concatenate([outer, *values])[kept]
    return Monotone(share, table, known, falls)


def approximate(function: Monotone, goals: Floats) -> Floats:
    """Return points where the function is within about 1e-15 of its positive goals, relatively."""
    return _roots(function, goals)[2]


def _roots(
    function: Monotone, goals: Floats, enough: float = _NEAR
) -> tuple[Floats, Floats, Floats]:
    """Return brackets, not reached and reached, and a root in each by regula falsi.

    Logarithms that differ from those of the goals by no more than `enough` will do.
    """
    low, high, below, above = _brackets(function, goals)
    root = np.where(np.abs(below) < np.abs(above), low, high)
    inside = np.nextafter(low, np.inf) < high
    open_ = np.flatnonzero((below < -enough) & (above > enough) & inside)
    weight, moved = np.ones((2, len(goals))), np.zeros(len(goals))
    for turn in range(_ROUNDS):
        if not len(open_):
            break
        a, b = low[open_], high[open_]
        part = weight[0][open_] * below[open_], weight[1][open_] * above[open_]
        x = _halfway(a, b) if turn % _SLOW == _SLOW - 1 and turn > _SLOW else _secant(a, b, *part)
        found = function.evaluate(x)
        excess = function.excess(found, goals[open_])
        there = function.passed(found, goals[open_])
        high[open_], above[open_] = np.where(there, x, b), np.where(there, excess, above[open_])
        low[open_], below[open_] = np.where(there, a, x), np.where(there, below[open_], excess)
        # Illinois: an end that stays for the second time counts half.
        side = np.where(there, 1.0, -1.0)
        half = np.where(side == moved[open_], 0.5, 1.0)
        weight[0][open_] = np.where(there, weight[0][open_] * half, 1.0)
        weight[1][open_] = np.where(there, 1.0, weight[1][open_] * half)
        moved[open_] = side
        root[open_] = x
        far = (np.abs(excess) > enough) & (rank(high[open_]) - 1 > rank(low[open_]))
        open_ = open_[far]
    return low, high, root


def _brackets(function: Monotone, goals: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the two points of the table around each goal, and the excess there."""
    table, values = function.table, function.values
    if function.falls:
        steady = np.minimum.accumulate(values)
        index = len(values) - np.searchsorted(steady[::-1], goals, side="right")
    else:
        steady = np.maximum.accumulate(values)
        index = np.searchsorted(steady, goals, side="left")
    upper = np.clip(index, 0, len(table) - 1)
    lower = np.clip(index - 1, 0, len(table) - 1)
    below = np.minimum(function.excess(values[lower], goals), 0.0)
    above = np.maximum(function.excess(values[upper], goals), 0.0)
    return table[lower], table[upper], below, above


def _secant(a: Floats, b: Floats, below: Floats, above: Floats) -> Floats:
    """Return where a straight line between the ends is 0, always inside."""
    with np.errstate(invalid="ignore"):
        part = np.nan_to_num(-below / (above - below), nan=0.5)
        straight = a * (1 - part) + b * part
    straight = np.where(np.isnan(straight), _halfway(a, b), straight)
    small, large = np.minimum(np.abs(a), np.abs(b)), np.maximum(np.abs(a), np.abs(b))
    wide = (np.sign(a) == np.sign(b)) & (small < large / _WIDE)
    first, last = rank(a), rank(b)
    # Between numbers of one sign there are fewer floats than an integer counts.
    gap = np.where(wide, last, first) - first
    curved = float_of_rank(first + (part * gap).astype(np.int64))
    x = np.where(wide, curved, straight)
    return np.clip(x, np.nextafter(a, np.inf), np.nextafter(b, -np.inf))


def _halfway(a: Floats, b: Floats) -> Floats:
    return float_of_rank(between(rank(a), rank(b)))


def _beside(
    function: Monotone,
    goals: Floats,
    bracket: tuple[NDArray[np.int64], NDArray[np.int64]],
    root: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return narrow brackets around the roots, in ranks: floats are tried on both sides of each."""
    below, above = bracket
    below, above = below - (below == above), above.copy()
    known = function.passed(function.evaluate(float_of_rank(root)), goals)
    inner = (root > below) & (root < above)
    above = np.where(inner & known, root, above)
    below = np.where(inner & ~known, root, below)
    open_ = np.flatnonzero(above - 1 > below)
    for power in _ASIDE:
        if not len(open_):
            break
        step = np.int64(2**power)
        a, b, up = below[open_], above[open_], ~known[open_]
        # Towards the end that is not known: from a root that has reached it down, else up.
        tried = np.where(up, a + np.minimum(step, _gap(a, b)), b - np.minimum(step, _gap(a, b)))
        there = function.passed(function.evaluate(float_of_rank(tried)), goals[open_])
        inside = (tried > a) & (tried < b)
        above[open_] = np.where(inside & there, tried, b)
        below[open_] = np.where(inside & ~there, tried, a)
        done = ~inside | (there == up)
        open_ = open_[~done]
    return below, above


def _gap(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return half the distance of two ranks and more, without overflow."""
    return np.maximum((b >> 1) - (a >> 1), 1)


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
