"""Expected values of a law as integrals over its tails, each tail from its own side.

For every law and every c, by Fubini's theorem,

    E ((X - c)+)^k = k * integral over x > c of (x - c)^(k-1) P(X > x),

a non-negative integrand. So a small excess keeps the relative accuracy that `sf` has.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from faltung.distributions.numbers.inversion import near
from faltung.distributions.numbers.quadrature import integrate
from faltung.distributions.numbers.rounding import Floats

if TYPE_CHECKING:
    from faltung.distributions.law.law import Law

_Rule: TypeAlias = Callable[[Floats], Floats]

# A piece of the integral ends at each of them; far out there is little but for heavy tails.
_LEVELS = 2.0 ** -np.append(np.arange(4.0, 100.0, 4.0), np.arange(100.0, 990.0, 30.0))
_NEAR = np.array([1e-2, 1e-5, 1e-10, 1e-16])
_LARGEST_EXPONENT = 290.0  # of what (x - c)^k may reach
_SURE = 1e-6  # an index of a tail so near to the order of a moment is that order


@dataclass(frozen=True)
class Side:
    """One tail of a law, seen to the right: the left one is that of -X."""

    tail: _Rule
    rest: _Rule  # the other tail
    ends: tuple[float, float]
    bends: list[float]

    @classmethod
    def upper(cls, law: Law) -> Side:
        """Return the upper tail."""
        return cls(law.sf, law.cdf, law.support(), law._bends())

    @classmethod
    def lower(cls, law: Law) -> Side:
        """Return the lower tail, reflected."""
        low, high = law.support()
        bends = [-x for x in law._bends()]
        return cls(lambda x: law.cdf(-x), lambda x: law.sf(-x), (-high, -low), bends)

    @property
    def end(self) -> float:
        """Where the tail ends."""
        return self.ends[1]

    def breaks(self, start: float, stop: float = math.inf) -> Floats:
        """Return ascending points from `start` on: where the tail has fallen by powers of 16, and bends."""
        level = float(self.tail(np.array([start]))[0])
        before = float(self.rest(np.array([start]))[0])
        levels = level * _LEVELS
        places = np.concatenate(
            [
                near(self.tail, levels[levels > 0], self.ends, falls=True),
                near(self.rest, _NEAR[before < _NEAR], self.ends, falls=False),
                self.bends,
            ]
        )
        inside = places[np.isfinite(places) & (places > start) & (places < stop)]
        ends = [start] if math.isinf(stop) else [start, stop]
        return np.unique(np.concatenate([ends, inside]))


def excess(law: Law, start: float, order: int = 1) -> float:
    """Return ``E ((X - start)+)^order``, infinite where it does not exist."""
    return _excess(Side.upper(law), start, order)


def shortage(law: Law, start: float, order: int = 1) -> float:
    """Return ``E ((start - X)+)^order``, infinite where it does not exist."""
    return _excess(Side.lower(law), -start, order)


def between(law: Law, start: float, stop: float) -> float:
    """Return the integral of `sf` from `start` to `stop`: ``E min((X - start)+, stop - start)``."""
    side = Side.upper(law)
    stop = min(stop, side.end)
    if not start < stop:
        return 0.0
    low = max(start, law.support()[0])
    flat = max(min(low, stop) - start, 0.0)  # below the support the sf is 1
    return flat + (integrate(side.tail, side.breaks(low, stop)) if low < stop else 0.0)


def step(law: Law, start: float, stop: float) -> float:
    """Return the same for places that lie near each other: cut at bends and ends alone."""
    places = np.array([x for x in (*law._bends(), *law.support()) if start < x < stop])
    breaks = np.unique(np.concatenate([[start], places, [stop]]))
    return integrate(law.sf, breaks) if len(breaks) > 1 else 0.0


def central_moment(law: Law, centre: float, order: int) -> float:
    """Return ``E (X - centre)^order``; NaN where both tails are infinite and cancel."""
    if order == 0:
        return 1.0
    above, below = excess(law, centre, order), shortage(law, centre, order)
    return above + below if order % 2 == 0 else above - below


def _excess(side: Side, start: float, order: int) -> float:
    if start >= side.end:
        return 0.0
    breaks = side.breaks(start, side.end)
    if len(breaks) < 2:
        return 0.0
    unit = _unit(breaks - start)
    if math.isinf(side.end):
        farthest = start + unit * 10.0 ** (_LARGEST_EXPONENT / max(order, 1) / 2)
        breaks = breaks[breaks <= farthest] if farthest > breaks[1] else breaks[:2]
    rest = _beyond(side, start, breaks, order) if math.isinf(side.end) else 0.0
    if math.isinf(rest):
        return math.inf

    def integrand(x: Floats) -> Floats:
        return np.asarray(((x - start) / unit) ** (order - 1) * side.tail(x))

    near = order * integrate(integrand, breaks) / unit
    try:
        return (near + rest / unit**order) * unit**order
    except OverflowError:
        return math.inf


def _unit(distances: Floats) -> float:
    """Return a power of two of the size of the middle of the tail."""
    middle = float(distances[min(len(distances) - 1, 2)])
    return 2.0 ** math.floor(math.log2(middle)) if middle > 0 else 1.0


def _beyond(side: Side, start: float, breaks: Floats, order: int) -> float:
    """Return the part of an excess beyond the last break, as if the tail were a power from there.

    The exponent is that between the last two breaks, between which the tail falls by 16; where it
    does not exceed `order`, there is no such moment. A tail that has fallen less there ends where
    a window ends.
    """
    tails = side.tail(breaks[-2:])
    if len(breaks) < 3 or not tails[-1] > 0 or tails[0] < 8 * tails[1]:
        return 0.0
    distances = breaks[-2:] - start
    index = math.log(tails[0] / tails[1]) / math.log(distances[1] / distances[0])
    if index <= order * (1 + _SURE):
        return math.inf
    return float(order / (index - order) * tails[1] * distances[1] ** order)
