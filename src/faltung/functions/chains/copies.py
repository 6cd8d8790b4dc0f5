"""Sums of copies of a body, each moved and multiplied: what deltas and periods make of it.

All copies are added up at each point, each at its exact distance from its own knots, and the sum is
resolved once; so a thousand echoes take no thousand sums.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import reduce
from typing import NamedTuple

import numpy as np

from faltung.functions.bounds import UNIT
from faltung.functions.chains.algebra import displaced
from faltung.functions.chains.body import Body, resolved
from faltung.functions.chains.knots import LEAST, NO_REACH, SMOOTH, Edge, Knot, Reach, Tail
from faltung.functions.chains.pointwise import LIKELY, edge_of_sum, noise_of, reach_of_sum
from faltung.functions.chains.sources import ExactSource, Samples
from faltung.functions.chains.spans import Spans
from faltung.functions.rounding import nearest
from faltung.functions.transform import FloatArray

# What lies so many spacings of doubles beside a knot is the knot, moved there.
_ASIDE = 4


class Copy(NamedTuple):
    """x -> weight * f(x - offset), the weight within `apart` of the true one."""

    offset: Fraction
    weight: float = 1.0
    apart: float = 0.0


Window = tuple[Fraction, Fraction]
Sides = tuple[Edge | None, Edge | None]


def sum_of_copies(f: Body, copies: list[Copy], window: Window | None = None) -> Body:
    """Return the sum of copies, on a window of the line if one is given.

    Raises
    ------
    Unresolved
        If the sum cannot be resolved.
    """
    places = _places(f, copies, window)
    knots = [
        Knot(nearest(place), nearest(place - Fraction(nearest(place))), *_sides(f, copies, place))
        for place in places
    ]
    if window is None:
        left = _reach(f.left, knots[0].left, _spread(f, copies))
        right = _reach(f.right, knots[-1].right, _spread(f, copies))
    else:
        left = right = NO_REACH
        knots[0] = knots[0].without_left()
        knots[-1] = knots[-1].without_right()
    # What each copy cuts off comes to the sum.
    least = max(LEAST, f.cut * sum(abs(copy.weight) for copy in copies))
    source = _Copies(f, copies, least)
    made = resolved(source, tuple(knots), left, right, least)
    off = np.full(made.chain.count, source.displaced)
    deviation = made.chain.deviation + displaced(made.chain, off)
    return replace(
        made,
        chain=replace(made.chain, deviation=deviation),
        displaced=f.displaced + source.displaced,
    )


def _places(f: Body, copies: list[Copy], window: Window | None) -> list[Fraction]:
    """Return where a copy is sharp, rising, each place once but for rounding."""
    exact = [Fraction(knot.place) + Fraction(knot.rest) for knot in f.knots if knot.sharp]
    found = {place + copy.offset for place in exact for copy in copies}
    if window is not None:
        found = {place for place in found if window[0] < place < window[1]}.union(window)
    if not found:
        found = {Fraction(f.knots[0].at) + copies[len(copies) // 2].offset}
    kept: list[Fraction] = []
    for place in sorted(found):
        at = nearest(place)
        if not kept or at - nearest(kept[-1]) > _ASIDE * float(np.spacing(abs(at))):
            kept.append(place)
        elif window is not None and place == window[1]:
            kept[-1] = place
    return kept


def _sides(f: Body, copies: list[Copy], place: Fraction) -> Sides:
    """Return what the sum is on both sides of a place."""
    sides = [_sides_of_one(f, nearest(place - copy.offset)) for copy in copies]
    left, right = (reduce(edge_of_sum, side, None) for side in zip(*sides, strict=True))
    return left, right


def _sides_of_one(f: Body, place: float) -> Sides:
    for knot in f.knots:
        if knot.sharp and abs(knot.at - place) <= _ASIDE * np.spacing(abs(place)):
            return knot.left, knot.right
    low, high = f.domain
    inside = SMOOTH if low < place < high else None
    return inside, inside


def _spread(f: Body, copies: list[Copy]) -> float:
    """Return how far the last knot of one copy may be from that of another."""
    offsets = [copy.offset for copy in copies]
    return nearest(max(offsets) - min(offsets)) + f.knots[-1].at - f.knots[0].at


def _reach(reach: Reach, edge: Edge | None, spread: float) -> Reach:
    """Return the tail of a sum, counted from the outermost knot."""
    if reach.tail is Tail.NOTHING or edge is None:
        return NO_REACH
    return reach_of_sum(
        reach, Reach(reach.tail, reach.exponent, reach.start + spread, reach.stop + spread)
    )


class _Copies(ExactSource):
    """The sum of the copies of a body."""

    def __init__(self, f: Body, copies: list[Copy], least: float) -> None:
        super().__init__(least)
        self._f, self._copies = f, copies
        self._knots = np.array([knot.at for knot in f.knots if knot.sharp])
        self.displaced = 0.0
        self._known: dict[tuple[float, float], FloatArray] = {}

    def sample(self, spans: Spans, distances: FloatArray) -> Samples:
        """Return the sum at exactly these distances."""
        anchors = zip(spans.anchor.tolist(), spans.rest.tolist(), strict=True)
        bases = np.stack([self._bases(*anchor) for anchor in anchors], axis=-1)
        offset = spans.side[:, None] * distances
        total, errors, noise = (np.zeros(offset.size) for _ in range(3))
        for copy, (base, rest) in zip(self._copies, bases, strict=True):
            place = np.broadcast_to(base[:, None], offset.shape).ravel()
            values, bounds = self._f.chain.evaluate(place, (offset + rest[:, None]).ravel())
            size, weight = np.abs(copy.weight * values), abs(copy.weight) + copy.apart
            total += copy.weight * values
            errors += bounds * weight + np.abs(values) * copy.apart
            noise += noise_of(copy.weight * values) + LIKELY * bounds * weight
            errors += (len(self._copies) + 1) * UNIT * size
        return Samples(distances, *(each.reshape(offset.shape) for each in (total, errors, noise)))

    def _bases(self, place: float, rest: float) -> FloatArray:
        """Return for each copy where an anchor lies in it, as a place and a rest: (copies, 2)."""
        key = place, rest
        if key not in self._known:
            exact = Fraction(place) + Fraction(rest)
            self._known[key] = np.array([self._split(exact - copy.offset) for copy in self._copies])
        return self._known[key]

    def _split(self, exact: Fraction) -> tuple[float, float]:
        base = nearest(exact)
        near = np.abs(self._knots - base) <= _ASIDE * np.spacing(abs(base))
        if near.any():
            # Beside a pole only the distance from it counts.
            knot = float(self._knots[near][0])
            self.displaced = max(self.displaced, abs(nearest(exact - Fraction(knot))))
            return knot, 0.0
        return base, nearest(exact - Fraction(base))
