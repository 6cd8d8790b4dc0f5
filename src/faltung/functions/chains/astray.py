"""What an operand's misplaced parts do to a convolution: jumps beside their places, tails cut off.

Let e be the misplaced part of f, with the integral A of its size. If nothing of it lies off the
domain, it is within the reach r of the knots b of f that are not exact, and

    |(e * g)(t)| <= A * max |g(t - s)| over |s - b| <= r, for all b.

Beside a pole of g this rises without end, and so does the error: nearer to it than a little it is
not told, and `break_bound` says so.

Else it may be anywhere: |e * g| <= A * max |g|. If g has a pole c d^a, of which only the outer part
is below any number, e is at most its height H; cut at the distance A / H, both parts of the pole
come to at most A times its value there, the inner one by a factor of 1 / (1 + a) more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faltung.functions.chains.body import Body
from faltung.functions.chains.ceilings import heights
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.spans import Form, Spans
from faltung.functions.transform import FloatArray

# Knots that are looked at each by itself.
_MOST = 64

# How near to poles it is told, as a part of their distance from the next knot or of 1.
_BESIDE = 2.0**-30

# What g may be larger within the reach than at its ends and its middle.
_BETWEEN = 1.5


@dataclass(frozen=True, slots=True)
class _Part:
    """What one operand's misplaced part does, convolved with the other operand."""

    area: float
    reach: float
    knots: FloatArray
    other: Chain
    poles: FloatArray
    beside: float

    def over(self, spans: Spans, distances: FloatArray) -> FloatArray:
        """Return a bound at the distances of each row."""
        largest = np.zeros(distances.shape)
        offset = (spans.side[:, None] * distances).ravel()
        for knot in self.knots:
            place = (spans.anchor - knot) + spans.rest
            base = np.broadcast_to(place[:, None], distances.shape).ravel()
            for aside in (-self.reach, 0.0, self.reach):
                values, errors = self.other.evaluate(*self._off_poles(base, offset + aside))
                largest = np.fmax(largest, (np.abs(values) + errors).reshape(distances.shape))
        return _BETWEEN * self.area * largest

    def _off_poles(self, base: FloatArray, offset: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return points that are moved away from poles of the other function."""
        for pole in self.poles:
            distance = (base - pole) + offset
            near = np.abs(distance) < self.beside
            base = np.where(near, pole, base)
            offset = np.where(near, np.copysign(self.beside, distance), offset)
        return base, offset


class Astray:
    """A bound on what is misplaced in a convolution.

    Attributes
    ----------
    anywhere
        What may be anywhere: an error of the result that is misplaced again.
    beside
        How near to the knots of the result it is not told.
    """

    def __init__(self, f: Body, g: Body) -> None:
        self._parts: list[_Part] = []
        self.anywhere = self.beside = 0.0
        for one, other in ((f, g), (g, f)):
            knots = np.array([knot.at for knot in one.knots if knot.sharp and not knot.exact])
            if not one.misplaced.area:
                continue
            if one.misplaced.outside or not 0 < len(knots) <= _MOST:
                self.anywhere += one.misplaced.area * _top(other.chain, one)
            else:
                poles = _poles(other)
                beside = max(_BESIDE * _room(other), 2 * one.displaced)
                self.beside = max(self.beside, beside if len(poles) else 0.0)
                area, reach = one.misplaced.area, one.displaced
                self._parts.append(_Part(area, reach, knots, other.chain, poles, beside))

    def over(self, spans: Spans, distances: FloatArray) -> FloatArray:
        """Return a bound on the rest at the distances of each row."""
        total = np.zeros(distances.shape)
        for part in self._parts:
            total += part.over(spans, distances)
        return total


def _poles(g: Body) -> FloatArray:
    """Return the knots beside which g may grow without end."""
    return np.array(
        [
            knot.at
            for knot in g.knots
            if any(edge and (edge.mixed or edge.exponent < 0) for edge in (knot.left, knot.right))
        ]
    )


def _room(g: Body) -> float:
    """Return the least distance of two knots, at most 1."""
    return float(np.diff([knot.at for knot in g.knots if knot.sharp]).min(initial=1.0))


def _top(g: Chain, f: Body) -> float:
    """Return the largest value of g, for a pole what counts as its value."""
    size = np.abs(g.coefficients).sum(axis=1) + g.deviation.bound
    top = np.nan_to_num(heights(g)[0], nan=np.inf)
    pole = (g.forms >= Form.POWER) & (g.tilts < 0) & (g.tilts > -1)
    with np.errstate(all="ignore"):
        cut = np.fmin(g.far, np.fmax(g.near, f.misplaced.area / f.misplaced.height))
        inner = np.where(g.near > 0, 0.0, 1 / (1 + g.tilts))
        of_pole = size * g.weights(cut) * (1 + inner)
    plain = float(top[~pole].max(initial=0.0))
    return plain + float(of_pole[pole].sum())
