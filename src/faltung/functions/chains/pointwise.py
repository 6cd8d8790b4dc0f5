"""Sums, products and other operations on bodies that are done point by point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from faltung.functions.bounds import UNIT, Deviation
from faltung.functions.chains.body import Body, resolved
from faltung.functions.chains.ceilings import heights
from faltung.functions.chains.knots import LEAST, NO_REACH, SMOOTH, Edge, Knot, Reach, Tail
from faltung.functions.chains.meetings import Meeting, Placed, meetings, placed, sides_at
from faltung.functions.chains.sources import ExactSource, Samples
from faltung.functions.chains.spans import Spans
from faltung.functions.polynomials.misplaced import NOTHING, Misplaced, product
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.transform import FloatArray

# From the values of two functions and bounds on their errors to those of a third, and its noise.
Operation: TypeAlias = Callable[
    [FloatArray, FloatArray, FloatArray, FloatArray], tuple[FloatArray, FloatArray, FloatArray]
]


# Unit roundoffs that a value commonly is off; and for each e by which it differs from 1, for its weight
# has the rounding of its exponent, and of the distance in it.
_NOISE, _NOISE_OF_EXPONENT = 8, 4

# What an error is likely to be, as a part of its bound.
LIKELY = 1 / 64


class _PointwiseSource(ExactSource):
    """Two bodies under an operation."""

    def __init__(self, f: Placed, g: Placed, operation: Operation, least: float) -> None:
        super().__init__(least)
        self._f, self._g, self._operation = f, g, operation

    def sample(self, spans: Spans, distances: FloatArray) -> Samples:
        """Return the operation's values at exactly these distances."""
        base = np.broadcast_to(spans.anchor[:, None], distances.shape).ravel()
        offset = (spans.rest[:, None] + spans.side[:, None] * distances).ravel()
        values_f, errors_f = self._f.evaluate(base, offset)
        values_g, errors_g = self._g.evaluate(base, offset)
        with np.errstate(all="ignore"):
            results = self._operation(values_f, errors_f, values_g, errors_g)
        return Samples(distances, *(each.reshape(distances.shape) for each in results))


def added(f: Body, g: Body) -> Body:
    """Return f + g."""
    rules = _Rules(_sum, edge_of_sum, reach_of_sum)
    made = _combined(f, g, rules, max(LEAST, f.cut + g.cut))
    return replace(made, misplaced=f.misplaced + g.misplaced)


def multiplied(f: Body, g: Body) -> Body:
    """Return f times g, point by point."""
    rules = _Rules(_product, _edge_of_product, _reach_of_product)
    if min(f.domain[1], g.domain[1]) <= max(f.domain[0], g.domain[0]):
        return _nothing(f, g)
    lost = max(f.cut * _top(g), g.cut * _top(f))
    made = _combined(f, g, rules, max(LEAST, lost))
    return replace(made, misplaced=_misplaced(f, g))


def _misplaced(f: Body, g: Body) -> Misplaced:
    """Return what is misplaced in a product, outside the domains each of which may be cut."""
    a, b = f.misplaced, g.misplaced
    if a == NOTHING == b:
        return NOTHING
    top_f, top_g = _top(f) + a.height, _top(g) + b.height
    area = product(top_f, b.area) + product(top_g, a.area)
    height = product(top_f, b.height) + product(top_g, a.height)
    outside = product(top_f, b.outside) + product(top_g, a.outside)
    return Misplaced(1.01 * area, 1.01 * height, outside=1.01 * outside)


def _nothing(f: Body, g: Body) -> Body:
    """Return zero, from the end of the left domain to the start of the right one."""
    low, high = min(f.domain[1], g.domain[1]), max(f.domain[0], g.domain[0])
    high = high if low < high else low + max(1.0, abs(low))
    zero = Pieces(np.array([low, high]), np.zeros((1, 1)), Deviation.zero(1))
    return Body.of_pieces(zero)


def _sum(
    f: FloatArray, error_f: FloatArray, g: FloatArray, error_g: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    total = f + g
    # Of what cancels the errors are left.
    noise = noise_of(f) + noise_of(g) + LIKELY * (error_f + error_g)
    return total, error_f + error_g + UNIT * np.abs(total), noise


def _product(
    f: FloatArray, error_f: FloatArray, g: FloatArray, error_g: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    product = f * g
    inherited = np.abs(f) * error_g + error_f * (np.abs(g) + error_g)
    rounding = UNIT * np.abs(product)
    return product, inherited + rounding, np.abs(g) * noise_of(f) + np.abs(f) * noise_of(g)


def noise_of(values: FloatArray) -> FloatArray:
    """Return by how much values commonly are off."""
    size = np.abs(values)
    exponent = np.abs(np.log(np.where(size > 0, size, 1.0)))
    return np.asarray(UNIT * size * (_NOISE + _NOISE_OF_EXPONENT * exponent))


@dataclass(frozen=True, slots=True)
class _Rules:
    """What an operation does to values, to edges and to tails."""

    values: Operation
    edge: Callable[[Edge | None, Edge | None], Edge | None]
    reach: Callable[[Reach, Reach], Reach]


def _top(f: Body) -> float:
    """Return about the largest value, poles left aside."""
    tops = heights(f.chain)[0]
    return float(tops[np.isfinite(tops)].max(initial=1.0))


def _combined(f: Body, g: Body, rules: _Rules, least: float) -> Body:
    met = meetings(f, g) or [Meeting(f.knots[0].at, None, None)]
    knots = _with_something(tuple(_met(f, g, each, rules) for each in met))
    low, high = knots[0].at, knots[-1].at
    left = _beyond(rules.reach(f.left, g.left), knots[0].left, low - _first(f, g))
    right = _beyond(rules.reach(f.right, g.right), knots[-1].right, _last(f, g) - high)
    of_f, of_g = placed(f, g, met)
    source = _PointwiseSource(of_f, of_g, rules.values, least)
    made = resolved(source, knots, left, right, least)
    displaced = max(f.displaced + of_f.displaced, g.displaced + of_g.displaced)
    return replace(made, displaced=displaced)


def _with_something(knots: tuple[Knot, ...]) -> tuple[Knot, ...]:
    """Return the knots without those at both ends that have nothing on either side."""
    alive = [i for i, knot in enumerate(knots) if knot.left or knot.right]
    return knots[alive[0] : alive[-1] + 1] if alive else knots[:1]


def _met(f: Body, g: Body, met: Meeting, rules: _Rules) -> Knot:
    """Return the knot of the result where two functions meet."""
    left_f, right_f = sides_at(f, met.of_f, met.place)
    left_g, right_g = sides_at(g, met.of_g, met.place)
    return Knot(met.place, 0.0, rules.edge(left_f, left_g), rules.edge(right_f, right_g))


def _first(f: Body, g: Body) -> float:
    return min(f.knots[0].at, g.knots[0].at)


def _last(f: Body, g: Body) -> float:
    return max(f.knots[-1].at, g.knots[-1].at)


def _beyond(reach: Reach, edge: Edge | None, distance: float) -> Reach:
    """Return a tail that is counted from another knot, `distance` farther in."""
    if edge is None or reach.tail is Tail.NOTHING:
        return NO_REACH
    distance = max(distance, 0.0)
    return Reach(reach.tail, reach.exponent, reach.start + distance, reach.stop + distance)


def edge_of_sum(a: Edge | None, b: Edge | None) -> Edge | None:
    """Return what the sum of two functions is on one side of a place."""
    if a is None or b is None:
        return a or b
    if a.is_smooth and b.is_smooth:
        return SMOOTH
    # Beside the place the sum is as large as the steeper one: its power is taken out, and what is left
    # is smooth in the logarithm.
    return a if a == b else Edge(min(a.exponent, b.exponent), mixed=True)


def _edge_of_product(a: Edge | None, b: Edge | None) -> Edge | None:
    if a is None or b is None:
        return None
    return Edge(a.exponent + b.exponent, a.mixed or b.mixed)


def reach_of_sum(a: Reach, b: Reach) -> Reach:
    """Return the tail of the sum of two functions."""
    if a.tail is Tail.NOTHING or b.tail is Tail.NOTHING:
        return b if a.tail is Tail.NOTHING else a
    stop = max(a.stop, b.stop)
    if Tail.ALGEBRAIC not in (a.tail, b.tail):
        return Reach(Tail.FALLING, stop=stop)
    heavy = [each for each in (a, b) if each.tail is Tail.ALGEBRAIC]
    start = max(each.start if each.tail is Tail.ALGEBRAIC else each.stop for each in (a, b))
    return Reach(
        Tail.ALGEBRAIC,
        max(each.exponent for each in heavy),
        start,
        min(each.stop for each in heavy),
    )


def _reach_of_product(a: Reach, b: Reach) -> Reach:
    if Tail.NOTHING in (a.tail, b.tail):
        return NO_REACH
    if a.tail is Tail.ALGEBRAIC is b.tail:
        exponent = a.exponent + b.exponent
        stop = min(a.stop, b.stop)
        if abs(exponent) > 1:
            stop = min(stop, 10.0 ** (250 / abs(exponent)))
        return Reach(Tail.ALGEBRAIC, exponent, max(a.start, b.start), stop)
    falling = [each.stop for each in (a, b) if each.tail is Tail.FALLING]
    return Reach(Tail.FALLING, stop=min(falling))
