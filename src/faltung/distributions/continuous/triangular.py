"""The triangular law with exact rational corners."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from faltung.distributions.continuous.density import Density
from faltung.distributions.continuous.facts import Facts
from faltung.distributions.continuous.moved import stretched
from faltung.distributions.discrete.lattice import point
from faltung.distributions.numbers.rational import rounded
from faltung.distributions.numbers.reach import Reach
from faltung.functions import Function
from faltung.functions.bounds import Deviation
from faltung.functions.chains.body import Body
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.knots import Edge, Knot
from faltung.functions.chains.spans import Form


def triangular(low: Fraction, mode: Fraction, high: Fraction) -> Density:
    """Return the law whose density rises from `low` to `mode` and falls to `high`.

    Two ramps about 0, exact but for their outer ends, which are rounded once, and again when the
    whole is stretched; the function's bounds count that. They are powers of the distance from their
    ends, so that both tails have relative accuracy.

    Parameters
    ----------
    low, mode, high
        Ascending; `mode` may be either of the others, but not both.
    """
    width = high - low
    rising, falling = (mode - low) / width, (high - mode) / width
    ramps = []
    if rising:
        ramps.append(_ramp().scale(rising))
    if falling:
        ramps.append(_ramp().reflect().scale(falling))
    whole = ramps[0] + ramps[1] if len(ramps) == 2 else ramps[0]
    square = low * low + mode * mode + high * high - low * mode - low * high - mode * high
    facts = Facts((low + high - 2 * mode) / 3, rounded(square / 18), Reach(low - mode, high - mode))
    return Density._create(stretched(whole, width), facts, point(mode))


def _ramp() -> Function:
    """Return 2 (1 + x) on [-1, 0]."""
    one = np.ones(1)
    chain = Chain(
        np.array([Form.POWER], dtype=np.uint8),
        -one,
        one,
        0 * one,
        one,
        one,
        one,
        np.full((1, 1), 2.0),
        Deviation.zero(1),
    )
    knots = (Knot(-1.0, left=None, right=Edge(1.0)), Knot(0.0, right=None))
    return Function._of(Body(chain, knots))
