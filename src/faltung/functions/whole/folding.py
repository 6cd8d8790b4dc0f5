"""Points folded into one period."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from faltung.functions import contents
from faltung.functions.bounds import UNIT
from faltung.functions.contents import Content
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.rounding import nearest
from faltung.functions.transform import FloatArray


def folded(points: FloatArray, period: Fraction, start: Fraction) -> tuple[FloatArray, FloatArray]:
    """Return places in [start, start + period) a whole number of periods away, and what they lack.

    The remainder of a double by a double is exact (fmod). The period is the sum of two doubles,
    the second below the rounding of the first: n periods are n times each.
    """
    low, high = nearest(start), nearest(start + period)
    first = nearest(period)
    second = nearest(period - Fraction(first))
    with np.errstate(invalid="ignore"):
        place = np.fmod(points, first)
        rest = -np.rint((points - place) / first) * second
        for _ in range(2):
            # The start may be some periods from zero: at most one more after the first step.
            turns = np.floor((place + rest - low) / first)
            place, lost = _less(place, turns * first)
            rest += lost - turns * second
    # What rounding put on the end of this period is the start of the next.
    place = np.where(place >= high, low, np.maximum(place, low))
    return place, np.where((place == low) & (rest < 0), 0.0, rest)


def _less(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the rounded difference and what it lacks (D. E. Knuth, 4.2.2, theorem B)."""
    total = a - b
    part = total - a
    return total, (a - (total - part)) - (b + part)


def slack(content: Content) -> float:
    """Return how much values change when places within a period are rounded once."""
    low, high = contents.domain(content)
    place = max(abs(low), abs(high))
    if not isinstance(content, Pieces):
        return 4 * UNIT * contents.largest_value(content)
    slopes = np.abs(content.coefficients) @ np.arange(content.coefficients.shape[1]) ** 2.0
    return 2 * UNIT * place * float((2 * slopes / content.widths).max())
