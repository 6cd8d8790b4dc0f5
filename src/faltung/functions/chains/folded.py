"""The sum of all copies of a body that lie whole periods apart, over one period."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from faltung.functions.bounds import UNIT
from faltung.functions.chains.body import Body, resolved
from faltung.functions.chains.knots import LEAST, NO_REACH, SMOOTH, Edge, Knot
from faltung.functions.chains.pointwise import NOISE, edge_of_sum
from faltung.functions.chains.sources import ExactSource, Samples
from faltung.functions.chains.spans import Spans
from faltung.functions.rounding import nearest
from faltung.functions.transform import FloatArray

# What lies so many spacings of doubles beside a knot is the knot, moved by whole periods.
_ASIDE = 4


def folded(f: Body, period: Fraction, start: Fraction, turns: list[int]) -> Body:
    """Return x -> the sum of f(x + n period) over these n, on [start, start + period].

    Raises
    ------
    Unresolved
        If the sum cannot be resolved.
    """
    source = _Copies(f, period, turns)
    places = {start: [Edge(), Edge()], start + period: [Edge(), Edge()]}
    for knot in f.knots:
        if knot.sharp:
            exact = Fraction(knot.place) + Fraction(knot.rest)
            place = start + (exact - start) % period
            for each in [place, place + period] if place == start else [place]:
                sides = places.setdefault(each, [Edge(), Edge()])
                sides[0] = edge_of_sum(sides[0], knot.left) or SMOOTH
                sides[1] = edge_of_sum(sides[1], knot.right) or SMOOTH
    knots = [
        Knot(nearest(place), nearest(place - Fraction(nearest(place))), left, right)
        for place, (left, right) in sorted(places.items(), key=lambda item: item[0])
    ]
    knots[0] = Knot(knots[0].place, knots[0].rest, None, knots[0].right)
    knots[-1] = Knot(knots[-1].place, knots[-1].rest, knots[-1].left, None)
    # What each copy cuts off comes to the sum.
    return resolved(source, tuple(knots), NO_REACH, NO_REACH, max(LEAST, f.cut * len(turns)))


class _Copies(ExactSource):
    """The sum of the copies of a body."""

    def __init__(self, f: Body, period: Fraction, turns: list[int]) -> None:
        super().__init__(max(LEAST, f.cut))
        self._f, self._period, self._turns = f, period, turns
        self._knots = np.array([knot.at for knot in f.knots if knot.sharp])
        self._known: dict[tuple[float, float], FloatArray] = {}

    def sample(self, spans: Spans, distances: FloatArray) -> Samples:
        """Return the sum at exactly these distances."""
        anchors = zip(spans.anchor.tolist(), spans.rest.tolist(), strict=True)
        bases = np.stack([self._bases(*anchor) for anchor in anchors], axis=-1)
        offset = (spans.side[:, None] * distances).ravel()
        total, errors, sizes = (np.zeros(offset.shape) for _ in range(3))
        for base, rest in bases:
            place = np.broadcast_to(base[:, None], distances.shape).ravel()
            values, bounds = self._f.chain.evaluate(
                place, offset + np.broadcast_to(rest[:, None], distances.shape).ravel()
            )
            total, errors, sizes = total + values, errors + bounds, sizes + np.abs(values)
        rounding = len(self._turns) * UNIT * sizes
        noise = NOISE * UNIT * sizes
        return Samples(
            distances,
            *(each.reshape(distances.shape) for each in (total, errors + rounding, noise)),
        )

    def _bases(self, place: float, rest: float) -> FloatArray:
        """Return for each copy where an anchor lies in it, as a place and a rest: (copies, 2)."""
        key = place, rest
        if key not in self._known:
            exact = [Fraction(place) + Fraction(rest) + n * self._period for n in self._turns]
            self._known[key] = np.array([self._split(each) for each in exact])
        return self._known[key]

    def _split(self, exact: Fraction) -> tuple[float, float]:
        base = nearest(exact)
        near = np.abs(self._knots - base) <= _ASIDE * np.spacing(abs(base))
        if near.any():
            # Beside a pole only the distance from it counts.
            return float(self._knots[near][0]), 0.0
        return base, nearest(exact - Fraction(base))
