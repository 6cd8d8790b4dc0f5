"""A function as a chain, with its knots and its tails; and how one is resolved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from faltung.functions.bounds import Deviation
from faltung.functions.chains.ceilings import heights
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.knots import LEAST, NO_REACH, SMOOTH, Edge, Knot, Reach, Tail
from faltung.functions.chains.resolve import resolve
from faltung.functions.chains.sources import FLAT, SOON, Source
from faltung.functions.chains.spans import Form, Spans
from faltung.functions.polynomials.misplaced import NOTHING, Misplaced
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.transform import FloatArray

# A falling tail is approached in logarithms from its knot up to this part of its length.
_NEAR_A_KNOT = 64.0

# A function that falls to this part of itself soon on the way to a knot has a tail there.
_DEAD_AT_KNOT = 1e-100

# Logarithms of the distance are resolved by themselves nearer than this part of it.
_BESIDE = 2.0**-64

# What changes this much sooner beside a knot than up to the next one is resolved there by itself,
# and beyond in logarithms of the distance: then each scale in between is seen.
_SOONER = 1024.0

# Part of the width of a domain.
_NO_ROOM = 2.0**-40


@dataclass(frozen=True, eq=False)
class Body:
    """A function of a real variable without deltas: pieces, knots and tails.

    Attributes
    ----------
    chain
        The pieces.
    knots
        At least one, rising.
    left, right
        What the function does before the first knot and behind the last.
    least
        Where a falling tail was below this, it is taken as zero.
    displaced
        How far a knot may be from where it should be, for places are doubles.
    misplaced
        What stands within that on the wrong side of a knot, and what lies outside the domain.
    """

    chain: Chain
    knots: tuple[Knot, ...]
    left: Reach = NO_REACH
    right: Reach = NO_REACH
    least: float = LEAST
    displaced: float = 0.0
    misplaced: Misplaced = NOTHING

    @property
    def domain(self) -> tuple[float, float]:
        """The smallest interval outside of which the function is zero, or taken as zero."""
        return (
            -np.inf if self.left.tail is not Tail.NOTHING else self.knots[0].at,
            np.inf if self.right.tail is not Tail.NOTHING else self.knots[-1].at,
        )

    def place_of(self, knot: Knot) -> tuple[float, float]:
        """Return where a knot is as the pieces say, as the sum of two doubles.

        At an end of the domain the last piece may be counted from another knot: it ends where it
        does, and no double may be there.
        """
        for side, there in ((1, knot.right), (-1, knot.left)):
            if there is not None or knot is not self.knots[-1 if side > 0 else 0]:
                continue
            row = int(np.argmax(self.chain.high) if side > 0 else np.argmin(self.chain.low))
            if self.chain.sides[row] == side:
                return float(self.chain.anchors[row]), side * float(self.chain.far[row])
        return knot.at, 0.0

    @property
    def cut(self) -> float:
        """How large the function may be where it is taken as zero."""
        lost = self.least if Tail.FALLING in (self.left.tail, self.right.tail) else 0.0
        return max(lost, self.misplaced.outside)

    @staticmethod
    def of_pieces(pieces: Pieces) -> Body:
        """Return polynomials on neighbouring intervals as a body: each break is a knot."""
        places = pieces.breaks.tolist()
        inner = [Knot(place) for place in places[1:-1]]
        first, last = Knot(places[0], left=None), Knot(places[-1], right=None)
        knots = (first, *inner, last)
        own = pieces.misplaced
        width = places[-1] - places[0]
        # Ends of sums are rounded: what lies in so little room beside them is no part of a tail.
        outside = own.outside if own.area > _NO_ROOM * own.outside * width else 0.0
        return Body(
            Chain.of_pieces(pieces),
            knots,
            displaced=own.reach,
            misplaced=replace(own, outside=outside),
        )


def nothing(interval: tuple[float, float], knots: list[Knot]) -> Body:
    """Return the function that is zero on an interval with at most one finite end."""
    knots = knots or [smooth_knot(0.0)]
    side = 1 if np.isinf(interval[1]) else -1
    knot = knots[-1] if side > 0 else knots[0]
    chain = _zeros(knot.at, side, 1.0, 0.0)
    falling = Reach(Tail.FALLING, stop=1.0, least=0.0)
    left, right = (falling if np.isinf(end) else NO_REACH for end in interval)
    return Body(chain, tuple(knots), left, right, least=0.0)


def resolved(
    source: Source,
    knots: tuple[Knot, ...],
    left: Reach,
    right: Reach,
    least: float = LEAST,
    *,
    cuts: tuple[FloatArray, FloatArray] | None = None,
    scale: float = np.inf,
) -> Body:
    """Return the function that the source has between its knots and along its tails.

    At the first `cuts` intervals are cut before anything is looked at, and tails at the second.
    Beside knots the function may change within the distance `scale`.

    Raises
    ------
    Unresolved
        If an interval cannot be resolved: names the place.
    """
    outline = _Outline(source, scale)
    parts = [*outline.tail(knots[0], -1, left), *outline.tail(knots[-1], 1, right)]
    for before, behind in pairwise(knots):
        parts += outline.between(before, behind)
    spans = Spans.joined(parts)
    chain = resolve(source, spans if cuts is None else spans.cut(*cuts), least)
    return Body(
        Chain.joined([chain, *_nothing_near(source, spans, chain, least)]),
        knots,
        left,
        right,
        least,
    )


def _nothing_near(source: Source, spans: Spans, chain: Chain, least: float) -> list[Chain]:
    """Return pieces of zeros from knots to where functions begin that are flat there, as exp(-1 / t).

    Nearer they are taken as falling on.
    """
    begins = spans.logarithmic & (spans.near > SOON * spans.far)
    zeros, largest = [], float(heights(chain)[0].max())
    for row in np.flatnonzero(begins):
        same = (spans.anchor == spans.anchor[row]) & (spans.rest == spans.rest[row])
        same &= spans.side == spans.side[row]
        if not (same & (spans.far <= spans.near[row])).any():
            anchor, side = (spans.anchor[row], spans.rest[row]), int(spans.side[row])
            height = float(np.abs(source.glance(anchor, side, spans.near[[row]]))[0])
            if height < FLAT * largest:
                zeros.append(_zeros(sum(anchor), side, spans.near[row], max(height, least)))
    return zeros


def _zeros(anchor: float, side: int, far: float, off: float) -> Chain:
    """Return a piece that is zero up to a distance from its anchor, and off by so much at most."""
    one = np.ones(1)
    return Chain(
        np.array([Form.PLAIN], dtype=np.uint8),
        anchor * one,
        side * one,
        0 * one,
        far * one,
        0 * one,
        one,
        np.zeros((1, 1)),
        Deviation(off * one, off * one),
    )


@dataclass(frozen=True, slots=True)
class _Outline:
    """The intervals to be resolved, each with the form that its ends ask for."""

    source: Source
    scale: float

    def tail(self, knot: Knot, side: int, reach: Reach) -> list[Spans]:
        """Return the intervals on the outer side of a knot."""
        edge, other = (knot.right, knot.left) if side > 0 else (knot.left, knot.right)
        if reach.tail is Tail.NOTHING or edge is None:
            return []
        if reach.tail is Tail.FALLING and not reach.stop > 0:
            return []  # it ends nearer to the knot than any distance
        anchor = knot.place, knot.rest
        if reach.tail is Tail.FALLING:
            return self._from_edge(anchor, side, edge, reach.stop, tail=True)
        falls = reach.exponent < -1
        inner = self._from_edge(anchor, side, edge, reach.start, tail=falls, end=other is None)
        far = Spans.one(anchor, side, reach.start, reach.stop, form=Form.LOGARITHMIC, tail=True)
        return [*inner, far]

    def between(self, before: Knot, behind: Knot) -> list[Spans]:
        """Return the intervals between two knots: one, or one half from either."""
        width = (behind.place - before.place) + (behind.rest - before.rest)
        right, left = before.right, behind.left
        if right is None or left is None or not width > 0:
            return []
        one, other = (before.place, before.rest), (behind.place, behind.rest)
        first, last = before.left is None, behind.right is None
        halves = self._is_soon(width)
        if left.is_plain and not halves:
            return self._from_edge(one, 1, right, width, tail=False, end=first)
        if right.is_plain and not halves:
            return self._from_edge(other, -1, left, width, tail=False, end=last)
        return [
            *self._from_edge(one, 1, right, width / 2, tail=False, end=first),
            *self._from_edge(other, -1, left, width / 2, tail=False, end=last),
        ]

    def _from_edge(
        self,
        anchor: tuple[float, float],
        side: int,
        edge: Edge,
        far: float,
        *,
        tail: bool,
        end: bool = False,
    ) -> list[Spans]:
        """Return the interval from a knot up to the distance `far`.

        At an `end` of the domain what goes to 0, or to infinity, is followed as a tail is.
        """
        if edge.mixed:
            near = self.source.nearest(anchor, side, far)
            return self._beyond(anchor, side, edge, [near, far], tail=tail, end=end)
        if self._is_soon(far):
            beside = self._from_edge(anchor, side, edge, self.scale, tail=False)
            ends = [self.scale, far]
            return [*beside, *self._beyond(anchor, side, SMOOTH, ends, tail=tail, end=False)]
        if edge.is_plain:
            return [Spans.one(anchor, side, 0.0, far, tail=tail)]
        power = {"form": Form.POWER, "exponent": edge.exponent, "tail": tail}
        return [Spans.one(anchor, side, 0.0, far, **power)]

    def _beyond(
        self,
        anchor: tuple[float, float],
        side: int,
        edge: Edge,
        ends: list[float],
        *,
        tail: bool,
        end: bool,
    ) -> list[Spans]:
        """Return intervals in the logarithm of the distance between two `ends`."""
        near, far = ends
        away = max(far / _NEAR_A_KNOT, min(4 * near, far)) if tail else far
        # Errors go with the largest value of a piece: a logarithm that is large near the knot
        # must not spoil those where it is small.
        inner = [away * _BESIDE, *([self.scale] if self._is_soon(away) else [])]
        cuts = sorted({near, away, *(each for each in inner if near < each < away)})
        mixed = {
            "form": Form.LOGARITHMIC,
            "exponent": edge.exponent or np.nan,
            "tail": tail or end or self._dies(anchor, side, near, away),
            "free": not edge.mixed,
        }
        curved = [Spans.one(anchor, side, *ends, **mixed) for ends in pairwise(cuts)]
        return curved if away == far else [*curved, Spans.one(anchor, side, away, far, tail=True)]

    def _is_soon(self, far: float) -> bool:
        """Whether the function changes sooner beside a knot than up to a distance."""
        return far > _SOONER * self.scale

    def _dies(self, anchor: tuple[float, float], side: int, near: float, far: float) -> bool:
        """Whether a function falls towards a knot as it does towards infinity."""
        sizes = np.abs(self.source.glance(anchor, side, np.array([near, far])))
        return bool(sizes[0] < _DEAD_AT_KNOT * sizes[1] and near > SOON * far)


def smooth_knot(place: float, rest: float = 0.0) -> Knot:
    """Return a place to count distances from, where nothing happens."""
    return Knot(place, rest, SMOOTH, SMOOTH, sharp=False)
