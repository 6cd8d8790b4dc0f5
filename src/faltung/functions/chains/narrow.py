"""Where a convolution may change within so little room that samples of an interval miss it.

Beside a knot of g, where that jumps or bends, f * g is the integral of f from there, or an integral of
that: it changes as fast as f does. So does f * g beside the knots of f as g does. A piece of f that
stands for many powers of e does so within one of them from its higher end.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from faltung.functions.chains.ceilings import heights
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.spans import Form, Spans
from faltung.functions.transform import BoolArray, FloatArray

# Widths in parts of an interval: of what is wider than the first some samples tell; of each scale that is
# narrower one place is looked at beside the near end, and one elsewhere.
_SCALES = (1 / 6, *(10.0 ** -np.arange(2.0, 17.0)), 0.0)

# How far from where it begins, in parts of what is inside of an interval.
_INSIDE = 1 / 64


@dataclass(frozen=True, eq=False)
class Narrow:
    """The intervals on which a convolution may change, and how much: integrals of a piece."""

    low: FloatArray
    high: FloatArray
    mass: FloatArray

    @staticmethod
    def of(one: tuple[Chain, FloatArray], other: tuple[Chain, FloatArray]) -> Narrow:
        """Return those of two chains with their knots."""
        sides = [_about(one[0], other[1]), _about(other[0], one[1])]
        return Narrow(*(np.concatenate(parts) for parts in zip(*sides, strict=True)))

    def places(self, spans: Spans) -> FloatArray:
        """Return distances on each interval, two for each scale: NaN where nothing is so narrow."""
        anchor = spans.anchor + spans.rest
        low = anchor + np.where(spans.side > 0, spans.near, -spans.far)
        high = anchor + np.where(spans.side > 0, spans.far, -spans.near)
        own, width = self.high - self.low, (high - low)[:, np.newaxis]
        meets = (self.low < high[:, np.newaxis]) & (self.high > low[:, np.newaxis])
        forward = (spans.side > 0)[:, np.newaxis]
        beside = np.where(forward, self.low <= low[:, np.newaxis], self.high >= high[:, np.newaxis])
        columns = []
        for widest, least in pairwise(_SCALES):
            narrow = meets & (own < width * widest) & (own >= width * least)
            if narrow.any():
                columns += [
                    self._highest(spans, narrow & where, low, high) for where in (beside, ~beside)
                ]
        return np.stack(columns, axis=1) if columns else np.empty((len(spans), 0))

    def _highest(
        self, spans: Spans, narrow: BoolArray, low: FloatArray, high: FloatArray
    ) -> FloatArray:
        """Return a distance on each interval inside the one with the largest integral."""
        masses = np.where(narrow, self.mass, 0.0)
        best = masses.argmax(axis=1)
        left, right = np.maximum(self.low[best], low), np.minimum(self.high[best], high)
        part = np.where(left == low, _INSIDE, np.where(right == high, 1 - _INSIDE, 0.5))
        distances = spans.side * ((left - (spans.anchor + spans.rest)) + part * (right - left))
        inside = (distances > spans.near) & (distances < spans.far) & (masses.max(axis=1) > 0)
        return np.where(inside, distances, np.nan)


def _about(chain: Chain, knots: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return where the pieces of a chain lie about the knots of another, and their integrals."""
    near, far = chain.near, chain.far
    steep = (chain.forms == Form.EXPONENTIAL) & (chain.tilts != 0)
    with np.errstate(divide="ignore"):
        reach = np.where(steep, np.minimum(1 / np.abs(chain.tilts), far - near), far - near)
    rising = steep & (chain.tilts > 0)
    inner, outer = np.where(rising, far - reach, near), np.where(rising, far, near + reach)
    forward = chain.sides > 0
    low = chain.anchors + np.where(forward, inner, -outer)
    high = chain.anchors + np.where(forward, outer, -inner)
    mass = np.nan_to_num(heights(chain)[1], nan=0.0, posinf=1e300)
    return (
        np.add.outer(low, knots).ravel(),
        np.add.outer(high, knots).ravel(),
        np.repeat(mass, len(knots)),
    )
