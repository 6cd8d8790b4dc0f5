"""The largest and smallest values of a body, and where it turns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from faltung.functions.chains import slopes
from faltung.functions.chains.body import Body
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.knots import Tail
from faltung.functions.chains.places import places_at, values_at
from faltung.functions.chains.zeros import gaps_of
from faltung.functions.polynomials.zeros import near_zeros
from faltung.functions.transform import FloatArray


class Extremum(NamedTuple):
    """A value that is not exceeded nearby, or nowhere.

    Attributes
    ----------
    place
        Where it is taken, or where the function comes to it: an infinity, or one side of a jump.
    value
        The value, infinite at a pole.
    bound
        How far it may be from the true one.
    is_maximum
        False for a minimum.
    """

    place: float
    value: float
    bound: float
    is_maximum: bool


class Turns(NamedTuple):
    """Places in order, between which a function rises or falls all the way; with both ends."""

    places: FloatArray
    values: FloatArray
    bounds: FloatArray

    def most(self, sign: float) -> Extremum:
        """Return the largest value, or with sign -1 the smallest."""
        values = sign * self.values
        index = int(np.argmax(values))
        value = float(values[index])
        with np.errstate(invalid="ignore"):
            above = float(np.nanmax(values + self.bounds)) - value
            below = value - float(np.nanmax(values - self.bounds))
        bound = max(above, below) if np.isfinite(value) else 0.0
        return Extremum(float(self.places[index]), sign * value + 0.0, bound, sign > 0)

    def local(self) -> list[Extremum]:
        """Return what is not exceeded nearby: turns back by less than the bounds are none."""
        found: list[tuple[int, bool]] = []
        high = low = 0
        rising: bool | None = None
        for index in range(1, len(self.values)):
            high = index if self.values[index] > self.values[high] else high
            low = index if self.values[index] < self.values[low] else low
            if rising is not False and self._apart(high, index):
                found.append((high, True))
                rising, low = False, index
            elif rising is not True and self._apart(low, index):
                found.append((low, False))
                rising, high = True, index
        if rising is not None:
            found.append((high, True) if rising else (low, False))
        return [self._extremum(*each) for each in found if np.isfinite(self.places[each[0]])]

    def _apart(self, one: int, other: int) -> bool:
        distance = abs(self.values[one] - self.values[other])
        return bool(distance > self.bounds[one] + self.bounds[other])

    def _extremum(self, index: int, is_maximum: bool) -> Extremum:
        place, value, bound = (float(column[index]) + 0.0 for column in self)
        return Extremum(place, value, bound, is_maximum)


def turns_of(body: Body) -> Turns:
    """Return where a body may turn: zeros of its derivative, ends of pieces, infinities."""
    rows, x, wide = _candidates(body.chain)
    values, errors = values_at(body.chain, rows, x)
    # Where the slope is none but for rounding, the value changes by no more than that times so much.
    with np.errstate(invalid="ignore"):
        errors = errors * (1 + body.chain.coefficients.shape[1] * wide)
    columns = [places_at(body.chain, rows, x), values, np.where(np.isfinite(values), errors, 0.0)]
    keys = [columns[0], body.chain.sides[rows] * x]
    extra = [*_at_infinity(body), *_at_poles(body), *_in_gaps(body)]
    more = np.array(extra).reshape(-1, 3).T
    together = [np.concatenate(pair) for pair in zip(columns, more, strict=True)]
    # At one place the right end of the left piece comes before the left end of the right one.
    side = np.concatenate([-keys[1], np.zeros(len(extra))])
    order = np.lexsort((side, together[0]))
    return Turns(*(column[order] for column in together))


def _candidates(chain: Chain) -> tuple[np.ndarray, FloatArray, FloatArray]:
    """Return rows, places in [-1, 1] where each may turn, and how well these are known."""
    made = slopes.differentiated(chain)
    near = near_zeros(made.coefficients, made.deviation.bound)
    every = np.arange(chain.count)
    one = np.ones(chain.count)
    return (
        np.concatenate([every, near.rows, every]),
        np.concatenate([-one, near.best, one]),
        np.concatenate([0 * one, near.high - near.low, 0 * one]),
    )


def _at_infinity(body: Body) -> list[tuple[float, float, float]]:
    found = []
    for side, reach in ((-1, body.left), (1, body.right)):
        if reach.tail is Tail.NOTHING:
            continue
        row = int(np.argmin(body.chain.low) if side < 0 else np.argmax(body.chain.high))
        outer = np.array([row])
        value, bound = values_at(body.chain, outer, np.array([side * body.chain.sides[row]]))
        if reach.tail is Tail.FALLING or reach.exponent < 0:
            found.append((side * np.inf, 0.0, body.cut))
        elif reach.exponent > 0:
            found.append((side * np.inf, float(np.sign(value[0])) * np.inf, 0.0))
        else:
            found.append((side * np.inf, float(value[0]), float(bound[0])))
    return found


def _at_poles(body: Body) -> list[tuple[float, float, float]]:
    """Return the infinities to which logarithms grow: their pieces end at a distance above 0."""
    chain = body.chain
    rows = np.flatnonzero(slopes.grows_at_anchor(chain) & (chain.near > 0))
    values = values_at(chain, rows, np.full(len(rows), -1.0))[0]
    return [
        (place, sign * np.inf, 0.0)
        for place, sign in zip(chain.anchors[rows].tolist(), np.sign(values).tolist(), strict=True)
    ]


def _in_gaps(body: Body) -> list[tuple[float, float, float]]:
    return [(end, 0.0, 0.0) for gap in gaps_of(body) for end in gap]
