"""How a callable behaves beside a knot: smoothly, like a power, or like neither."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from faltung.errors import DataError
from faltung.functions.chains.knots import DEAD, LEAST, SMOOTH, Edge, Knot
from faltung.functions.sampling import Sampler
from faltung.functions.transform import FloatArray

# Distances at which a knot is looked at, as parts of that to the next one: from 2^-4 down.
_FIRST, _COUNT = 4, 40

# The nearest of them, in spacings of doubles at the knot.
_KEPT_OFF = 2.0**12

# Two exponents this near to each other are the same, and this near to a fraction, that is meant.
_SAME, _FRACTION = 1e-3, 1e-5

# A decimal is meant only if the exponent is this near: there are more of them.
_DECIMALS, _DECIMAL = 1000, 1e-8

# The slope that is taken for the exponent: at 2^-24 of the distance to the next knot.
_CLEAR = 20

# Slopes up to 2^-20 are clear of the roundings of callables to this.
_CLEARER, _ROUNDED = 16, 1e-7

# Parts of the distance to the next knot at which a power is told from its values alone.
_DEEP = np.exp2(-np.arange(80.0, 900.0, 40.0))


def with_edges(
    sampler: Sampler,
    ends: tuple[float, float],
    knots: list[Knot],
    *,
    known: set[float],
    mixed: set[float],
) -> list[Knot]:
    """Return the knots with the behaviour of the callable on both sides, where it is not known.

    At places that are in `mixed` it was found to be no power.
    """
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
        if knot.at in mixed:
            left, right = (edge and replace(edge, mixed=True) for edge in (left, right))
        result.append(replace(knot, left=left, right=right))
    return result


def is_smooth_at(sampler: Sampler, place: float, width: float) -> bool:
    """Whether a function is smooth on both sides of a place, and nothing else than a jump there."""
    return all(_edge(sampler, place, side, width).is_plain for side in (-1, 1))


def _beside(place: float) -> float:
    return max(1.0, abs(place) / 8)


def _edge(sampler: Sampler, place: float, side: int, width: float) -> Edge:
    """Return what the function is at one side of a knot."""
    distances = width * np.exp2(-np.arange(_FIRST, _FIRST + _COUNT, dtype=np.float64))
    distances = distances[distances > _KEPT_OFF * np.spacing(abs(place))]
    points = place + side * distances
    # The distances of the points that are asked for: exact, by Sterbenz' lemma.
    distances = side * (points - place)
    values = sampler.tried(points)
    if not np.isfinite(values).all():
        return _undefined(sampler, points, values)
    if len(distances) < 8 or not values.any():
        return SMOOTH
    # What dies away towards the knot is followed until it does.
    if not values.all():
        return Edge(mixed=True)
    slopes = np.diff(np.log(np.abs(values))) / np.diff(np.log(distances))
    # Farther in, a callable that rounds its distance from the knot has few digits left.
    near = slopes[: _CLEAR + 1]
    exponent = float(near[-1])
    settled = float(np.abs(near[-4:] - exponent).max()) < _SAME
    if settled and exponent < _SAME - 1:
        raise DataError(
            f"the function goes like |x - {place!r}|^{exponent:.4g} beside x = {place!r}: a pole of "
            "exponent -1 or below has no integral. Choose an interval that leaves it out"
        )
    settled = settled and abs(exponent) > _SAME
    if place == 0 and not _goes_on(sampler, side * distances, values, exponent if settled else 0.0):
        return Edge(mixed=True)
    if settled and _limit_is_smooth(slopes[:_CLEARER], _ROUNDED):
        return _power(sampler, place, side * width, near)
    return SMOOTH if not settled and _limit_is_smooth(values) else Edge(mixed=True)


def _goes_on(sampler: Sampler, points: FloatArray, values: FloatArray, exponent: float) -> bool:
    """Whether a function goes on as the same power all the way to 0, where doubles are dense."""
    deeper = points[-1] * np.exp2(-np.arange(40.0, 900.0, 40.0))
    with np.errstate(all="ignore"):
        ratio = sampler.tried(deeper) / values[-1]
        expected = (deeper / points[-1]) ** exponent
    clear = np.isfinite(ratio) & np.isfinite(expected) & (expected != 0) & (ratio != 0)
    slopes = np.log(np.abs(ratio[clear] / expected[clear])) / np.log(points[-1] / deeper[clear])
    return bool((np.abs(slopes) < _SAME).all())


def _undefined(sampler: Sampler, points: FloatArray, values: FloatArray) -> Edge:
    """Return what a function is that is undefined next to a knot: only what died away before may be.

    For instance t**-1.5 * exp(-1 / t), where both factors leave the doubles.
    """
    finite = np.abs(values[np.isfinite(values)])
    if not len(finite) or finite[-1] > DEAD * finite.max():
        sampler(points)
    return Edge(mixed=True)


def _power(sampler: Sampler, place: float, signed_width: float, slopes: FloatArray) -> Edge:
    """Return a power: a simple number, if the slopes come nearer to it towards the knot.

    Any other exponent is known well enough only beside 0, where doubles are dense.
    """
    exponent = float(slopes[-1])
    for denominator in range(1, 13):
        nearest = round(exponent * denominator) / denominator
        off = np.abs(slopes[[-1, len(slopes) // 2]] - nearest)
        if off[0] < _FRACTION and off[0] <= off[1] + _FRACTION / 100:
            return Edge(nearest)
    if len(slopes) > _CLEARER:
        # What is in proportion to the distance falls out of the difference.
        nearest = round(float(2 * slopes[_CLEARER] - slopes[_CLEARER - 1]) * _DECIMALS) / _DECIMALS
        if abs(float(2 * slopes[_CLEARER] - slopes[_CLEARER - 1]) - nearest) < _DECIMAL:
            return Edge(nearest)
    if place:
        return Edge(exponent, mixed=True)
    values = np.abs(sampler.tried(signed_width * _DEEP))
    clear = np.flatnonzero(np.isfinite(values) & (values > LEAST))
    if len(clear) < 2:
        return Edge(exponent, mixed=True)
    first, last = clear[[0, -1]]
    found = math.log(values[last] / values[first]) / math.log(_DEEP[last] / _DEEP[first])
    return Edge(found) if abs(found - exponent) < _SAME else Edge(exponent, mixed=True)


def _limit_is_smooth(values: FloatArray, rounding: float = 1e-12) -> bool:
    """Whether a function comes to its limit as a smooth one does, in proportion to the distance."""
    steps = np.abs(np.diff(values))
    scale = float(np.abs(values).max())
    clear = steps > rounding * scale
    if np.count_nonzero(clear) < 4:
        return True
    pairs = clear[1:] & clear[:-1]
    ratios = np.log2(steps[:-1][pairs] / steps[1:][pairs])[-4:]
    if not len(ratios):
        return True
    power = round(float(np.median(ratios)))
    return power >= 1 and bool((np.abs(ratios - power) < 0.05).all())
