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

# Just inside the last piece: a distance that is rounded up lies beyond it.
_INSIDE = 2.0**-40

_LEAST_DOUBLE = 2.0**-1074


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
    value, error, apart = exponent_off(body, reach, anchor)
    if not value:
        return np.zeros_like(distances), np.full_like(distances, body.least)
    with np.errstate(over="ignore", under="ignore"):
        away = np.log(distances / reach.stop)
        power = value * np.exp(reach.exponent * away)
        unsure = error / abs(value) + np.expm1(2 * abs(apart) * away) + 1e-15 * (1 + away)
        # What underflows is off by the least double, and zero by what it may be.
        return power, np.abs(power) * unsure + _LEAST_DOUBLE


def exponent_off(body: Body, reach: Reach, anchor: tuple[float, int]) -> tuple[float, float, float]:
    """Return the last value of an algebraic tail, its error, and how far its exponent is off there."""
    place, side = anchor
    ends = reach.stop * (1 - _INSIDE) * np.array([1.0, _BEFORE])
    values, errors = body.chain.evaluate(np.full(2, place), side * ends)
    if not values.all() or not errors[0] < abs(values[0]):
        return 0.0, 0.0, 0.0
    with np.errstate(invalid="ignore"):
        apart = np.log(np.abs(values[0] / values[1])) / -np.log(_BEFORE) - reach.exponent
    # From just inside to the end itself it is the power.
    last = values[0] * (1 - _INSIDE) ** -reach.exponent
    return float(last), float(errors[0]), float(apart)
