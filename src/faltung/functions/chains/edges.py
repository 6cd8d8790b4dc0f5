"""How a callable behaves beside a knot: smoothly, like a power, or like neither."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from faltung.errors import DataError
from faltung.functions.chains.knots import SMOOTH, Edge, Knot
from faltung.functions.sampling import Sampler
from faltung.functions.transform import FloatArray

# Distances at which a knot is looked at, as parts of that to the next one: from 2^-4 down.
_FIRST, _COUNT = 4, 40

# The nearest of them, in spacings of doubles at the knot.
_KEPT_OFF = 2.0**12

# What has fallen to this part of its size has died away.
_DEAD = 1e-100

# Two exponents this near to each other are the same.
_SAME = 1e-3


def with_edges(
    sampler: Sampler, ends: tuple[float, float], knots: list[Knot], *, known: set[float]
) -> list[Knot]:
    """Return the knots with the behaviour of the callable on both sides, where it is not known."""
    places = [knot.at for knot in knots]
    result = []
    for index, knot in enumerate(knots):
        if knot.at in known:
            result.append(knot)
            continue
        before = places[index - 1] if index else max(ends[0], knot.at - _beside(knot.at))
        behind = (
            places[index + 1]
            if index + 1 < len(knots)
            else min(ends[1], knot.at + _beside(knot.at))
        )
        left = None if knot.left is None else _edge(sampler, knot.at, -1, knot.at - before)
        right = None if knot.right is None else _edge(sampler, knot.at, 1, behind - knot.at)
        result.append(replace(knot, left=left, right=right))
    return result


def _beside(place: float) -> float:
    return max(1.0, abs(place) / 8)


def _edge(sampler: Sampler, place: float, side: int, width: float) -> Edge:
    """Return what the function is at one side of a knot."""
    distances = width * np.exp2(-np.arange(_FIRST, _FIRST + _COUNT, dtype=np.float64))
    distances = distances[distances > _KEPT_OFF * np.spacing(abs(place))]
    values = sampler.tried(place + side * distances)
    if not np.isfinite(values).all():
        return _undefined(sampler, place + side * distances, values)
    if len(distances) < 8 or not values.any():
        return SMOOTH
    # What dies away towards the knot is followed until it does.
    if not values.all():
        return Edge(mixed=True)
    slopes = np.diff(np.log(np.abs(values))) / np.diff(np.log(distances))
    exponent = float(slopes[-1])
    settled = float(np.abs(slopes[-4:] - exponent).max()) < _SAME
    if settled and exponent < _SAME - 1:
        raise DataError(
            f"the function goes like |x - {place!r}|^{exponent:.4g} beside x = {place!r}: a pole of "
            "exponent -1 or below has no integral. Choose an interval that leaves it out"
        )
    if settled and abs(exponent) > _SAME:
        return _power(exponent, slopes)
    return SMOOTH if _limit_is_smooth(values) else Edge(mixed=True)


def _undefined(sampler: Sampler, points: FloatArray, values: FloatArray) -> Edge:
    """Return what a function is that is undefined next to a knot: only what died away before may be.

    For instance t**-1.5 * exp(-1 / t), where both factors leave the doubles.
    """
    finite = np.abs(values[np.isfinite(values)])
    if not len(finite) or finite[-1] > _DEAD * finite.max():
        sampler(points)
    return Edge(mixed=True)


def _power(exponent: float, slopes: FloatArray) -> Edge:
    """Return a power: a simple fraction if it is one, for near the knot it shows to many digits."""
    for denominator in range(1, 13):
        nearest = round(exponent * denominator) / denominator
        # How far the slopes are from it must fall as the knot comes nearer.
        off = np.abs(slopes[[-1, -4, -8]] - nearest)
        if off[0] < _SAME and off[0] <= off[1] + 1e-9 and off[1] <= off[2] + 1e-9:
            return Edge(nearest)
    return Edge(exponent)


def _limit_is_smooth(values: FloatArray) -> bool:
    """Whether a function comes to its limit as a smooth one does, in proportion to the distance."""
    steps = np.abs(np.diff(values))
    scale = float(np.abs(values).max())
    clear = steps > 1e-12 * scale
    if np.count_nonzero(clear) < 4:
        return True
    pairs = clear[1:] & clear[:-1]
    ratios = np.log2(steps[:-1][pairs] / steps[1:][pairs])
    if not len(ratios):
        return True
    last = float(np.median(ratios[-4:]))
    return abs(last - round(last)) < 0.05 and last > 0.5
