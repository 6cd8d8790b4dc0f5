"""Pieces with a sign of their own: functions cut at their zeros."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from faltung.functions import transform
from faltung.functions.bounds import Deviation
from faltung.functions.chains.body import Body
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.knots import Knot, Reach, Tail
from faltung.functions.chains.places import cut_at
from faltung.functions.polynomials import chebyshev
from faltung.functions.polynomials.zeros import near_zeros
from faltung.functions.transform import BoolArray, FloatArray

# Points of each piece at which its sign is looked at.
_POINTS = 33

# A piece ends at a place if it is so near to it, in spacings of doubles.
_NEAR = 4


def signs(coefficients: FloatArray) -> FloatArray:
    """Return the sign of the largest value of each row, +1 for a row of zeros."""
    length = max(_POINTS, coefficients.shape[1])
    values = coefficients @ transform.sampling_matrix(length, coefficients.shape[1])
    largest = values[np.arange(len(values)), np.abs(values).argmax(axis=1)]
    return np.where(largest < 0, -1.0, 1.0)


def with_signs(coefficients: FloatArray, deviation: Deviation) -> tuple[FloatArray, Deviation]:
    """Return the sizes of series that were cut at their zeros, and their deviation.

    Beside a cut a series may be of the wrong sign still: nowhere is it farther from zero there than
    its noise and its rounding, and the size is off by twice that.
    """
    flipped = coefficients * signs(coefficients)[:, None]
    wrong = _below_zero(flipped, deviation.bound)
    return flipped, deviation + Deviation(2 * wrong, np.zeros(len(wrong)))


def _below_zero(series: FloatArray, noise: FloatArray) -> FloatArray:
    """Return how far below zero each row may be, a row whose zeros lie at its ends."""
    near = near_zeros(series, noise)
    deepest = np.zeros(len(series))
    if len(near):
        parts = chebyshev.restrict(
            series[near.rows],
            near.low / 2 + near.high / 2,
            near.high / 2 - near.low / 2,
            series.shape[1],
        )
        np.maximum.at(deepest, near.rows, np.abs(parts).sum(axis=1))
    return 1.01 * deepest


def changes_sign(before: FloatArray, behind: FloatArray) -> BoolArray:
    """Whether pieces on both sides of a cut have different signs."""
    return np.asarray(signs(before) != signs(behind))


def absolute(f: Body, places: FloatArray) -> Body:
    """Return abs(f), with knots at those of its zeros at which it changes its sign."""
    chain = cut_at(f.chain, places)
    series, deviation = with_signs(chain.coefficients, chain.deviation)
    made = replace(chain, coefficients=series, deviation=deviation)
    known = {knot.at for knot in f.knots if knot.sharp}
    new = [Knot(place) for place in places.tolist() if place not in known and _bends(chain, place)]
    old = [knot for knot in f.knots if knot.sharp or not new]
    knots = tuple(sorted([*old, *new], key=lambda knot: knot.at))
    left = _farther(f.left, f.knots[0].at - knots[0].at)
    right = _farther(f.right, knots[-1].at - f.knots[-1].at)
    # A cut is where its distance from an anchor is a double.
    off = max((float(np.spacing(abs(knot.at))) for knot in new), default=0.0)
    displaced = max(f.displaced, off)
    return replace(f, chain=made, knots=knots, left=left, right=right, displaced=displaced)


def _bends(chain: Chain, place: float) -> bool:
    """Whether the function changes its sign at the end of pieces."""
    room = _NEAR * np.spacing(abs(place))
    before = np.flatnonzero(np.abs(chain.high - place) <= room)
    behind = np.flatnonzero(np.abs(chain.low - place) <= room)
    if not (len(before) and len(behind)):
        return False
    one, other = chain.coefficients[before[:1]], chain.coefficients[behind[:1]]
    return bool(changes_sign(one, other)[0])


def _farther(reach: Reach, distance: float) -> Reach:
    """Return a tail counted from a knot that is farther out by a distance."""
    start, stop = (max(each - distance, 0.0) for each in (reach.start, reach.stop))
    return reach if reach.tail is Tail.NOTHING else replace(reach, start=start, stop=stop)
