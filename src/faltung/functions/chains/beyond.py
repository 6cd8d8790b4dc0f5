"""Values of algebraic tails beyond the distance to which they are followed, 1e290 or nearer.

There the tail is a power, from its last value on. How well it is one is told by the exponent between
the last two distances that are four apart.
"""

from __future__ import annotations

import numpy as np

from faltung.functions.chains.body import Body
from faltung.functions.chains.knots import Reach, Tail
from faltung.functions.transform import FloatArray

# The exponent is taken between the end and this part of it.
_BEFORE = 0.25


def evaluate(body: Body, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return values and bounds on their errors at a vector of points, however far out."""
    values, errors = body.chain.evaluate(points)
    for reach, knot, side in ((body.left, body.knots[0], -1), (body.right, body.knots[-1], 1)):
        if reach.tail is Tail.ALGEBRAIC:
            with np.errstate(over="ignore", invalid="ignore"):
                distance = side * (points - knot.place) - side * knot.rest
            far = np.flatnonzero((distance > reach.stop) & np.isfinite(points))
            if len(far):
                anchor = knot.place, side
                values[far], errors[far] = _continued(body, reach, anchor, distance[far])
    return values, errors


def _continued(
    body: Body, reach: Reach, anchor: tuple[float, int], distances: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the tail as a power of the distance, from its end on."""
    place, side = anchor
    # Just inside the last piece: a distance that is rounded up lies beyond it.
    ends = reach.stop * (1 - 2.0**-40) * np.array([1.0, _BEFORE])
    values, errors = body.chain.evaluate(np.full(2, place), side * ends)
    if not values.all():
        return np.zeros_like(distances), np.full_like(distances, body.cut)
    with np.errstate(over="ignore"):
        apart = np.log(np.abs(values[0] / values[1])) / -np.log(_BEFORE) - reach.exponent
        away = np.log(distances / ends[0])
        power = values[0] * np.exp(reach.exponent * away)
        unsure = errors[0] / abs(values[0]) + np.expm1(2 * abs(apart) * away) + 1e-15 * away
    return power, np.abs(power) * unsure
