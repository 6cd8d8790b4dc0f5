"""Where a function is made in parts: between zeros whose places are no doubles, and poles and tails.

Pieces with weights keep relative accuracy, and that cannot be had beside a zero that a callable and
its knot round to different doubles. So a zero and a pole do not share a part.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np

from faltung.functions.doors.recipe import Interval, Recipe, Sharp
from faltung.functions.rounding import nearest

# More parts than this are not worth it: each is added to all others.
_MOST = 6

# Two distances from a place, and what is this much smaller at the first falls to zero there.
_NEAR, _FAR, _SMALL = 1e-10, 1e-3, 1e-6


def parts_of(recipe: Recipe, ends: Interval, known: Sharp) -> list[Interval]:
    """Return the intervals of which a function is to be made, one if it need not be cut."""
    if not known.breaks:
        return [ends]
    low, high = map(nearest, ends)
    special = {nearest(at) for at in known.singular} | {at for at in (low, high) if math.isinf(at)}
    if not callable(recipe.values) or not special:
        return [ends]
    zeros = {nearest(at) for at in known.breaks if nearest(at) != at and _vanishes(recipe, at)}
    cuts = [
        _between(one, other)
        for one, other in pairwise(sorted(special | zeros))
        if (one in zeros) != (other in zeros)
    ]
    if len(cuts) >= _MOST:
        return [ends]
    return list(pairwise([ends[0], *(at for at in cuts if low < at < high), ends[1]]))


def _between(one: float, other: float) -> float:
    """Return a double between two places, of which one may be infinite."""
    if math.isinf(one):
        return other - 1 - abs(other)
    return one + 1 + abs(one) if math.isinf(other) else one / 2 + other / 2


def _vanishes(recipe: Recipe, place: Fraction) -> bool:
    """Whether a function falls to zero at a place, from one side at least."""
    values, at = recipe.values, nearest(place)
    assert callable(values)
    with np.errstate(all="ignore"):
        near, far = (
            max(abs(complex(values(at + side * distance * (1 + abs(at))))) for side in (-1, 1))
            for distance in (_NEAR, _FAR)
        )
    return near < _SMALL * far
