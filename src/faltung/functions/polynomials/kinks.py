"""Places where a function bends: found by halving, sharpened, and checked."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from faltung.functions.bounds import UNIT, Deviation
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.sampling import Sampler
from faltung.functions.transform import FloatArray

# Pieces narrower than this part of the domain have closed in on a kink.
_NARROW = 2.0**-20

# Misfits near a kink beyond this many unit roundoffs of the function's size refuse the break.
_MISFIT = 32

_TESTS = 48


@dataclass(frozen=True, slots=True)
class Kink:
    """A place where a function bends, known to `width` before it was sharpened."""

    place: float
    width: float


def kinks(pieces: Pieces, sampler: Sampler) -> list[Kink]:
    """Return the places that halving closed in on, each from its narrowest pieces."""
    widths = pieces.widths
    narrow = widths < _NARROW * (pieces.breaks[-1] - pieces.breaks[0])
    # The runs of neighbouring narrow pieces.
    starts = np.flatnonzero(np.diff(np.concatenate([[False], narrow]).astype(int)) == 1)
    stops = np.flatnonzero(np.diff(np.concatenate([narrow, [False]]).astype(int)) == -1) + 1
    found = []
    for start, stop in zip(starts, stops, strict=True):
        # The kink lies in one of the narrowest: in either of two, when they are halves.
        narrowest = widths[start:stop] <= 1.5 * widths[start:stop].min()
        places = start + np.flatnonzero(narrowest)
        low, high = float(pieces.breaks[places[0]]), float(pieces.breaks[places[-1] + 1])
        if pieces.breaks[0] < low and high < pieces.breaks[-1]:
            found.append(_sharpened(low, high, pieces, sampler))
    return found


def _sharpened(low: float, high: float, pieces: Pieces, sampler: Sampler) -> Kink:
    """Return where the lines through two points on either side of [low, high] meet."""
    middle, width = low / 2 + high / 2, high - low
    x = np.clip(middle + width * np.array([-4.0, -1.0, 1.0, 4.0]), *pieces.breaks[[0, -1]])
    y = sampler(x)
    left, right = (y[1] - y[0]) / (x[1] - x[0]), (y[3] - y[2]) / (x[3] - x[2])
    bend = left - right
    if bend:
        # In distances from the middle, which lose no digits.
        meeting = (y[2] - right * (x[2] - middle) - y[1] + left * (x[1] - middle)) / bend
        if abs(meeting) <= width:
            middle += float(meeting)
    return Kink(middle, width)


def checked_at(pieces: Pieces, found: list[Kink], sampler: Sampler) -> Pieces | None:
    """Return the pieces, their deviation raised by the misfits near the kinks; None if too large.

    A break a little off the kink leaves a sliver that no other test point would meet.
    """
    tolerance = _MISFIT * UNIT * pieces.scale()
    bound, estimate = pieces.deviation.bound.copy(), pieces.deviation.estimate.copy()
    for kink in found:
        points = np.clip(_around(kink), *pieces.breaks[[0, -1]])
        misfit = float(np.abs(pieces.evaluate(points) - sampler(points)).max())
        if misfit > tolerance:
            return None
        bound += 4 * misfit
        estimate = np.maximum(estimate, misfit)
    return replace(pieces, deviation=Deviation(bound, estimate))


def _around(kink: Kink) -> FloatArray:
    """Return points on both sides of a kink, evenly over its width and ever nearer to it."""
    even = np.linspace(-2.0, 2.0, _TESTS) * kink.width
    nearer = np.geomspace(1e-6, 2.0, _TESTS) * kink.width
    return np.asarray(kink.place + np.concatenate([even, -nearer, nearer]))
