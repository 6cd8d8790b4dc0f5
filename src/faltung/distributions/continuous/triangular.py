"""The triangular law with exact rational corners."""

from __future__ import annotations

from fractions import Fraction

from faltung.distributions.continuous.density import Density
from faltung.distributions.continuous.facts import Facts
from faltung.distributions.continuous.moved import shifted, stretched
from faltung.distributions.discrete.lattice import point
from faltung.distributions.numbers.rational import rounded
from faltung.distributions.numbers.reach import Reach
from faltung.functions import Function


def triangular(low: Fraction, mode: Fraction, high: Fraction) -> Density:
    """Return the law whose density rises from `low` to `mode` and falls to `high`.

    Two ramps about 0, exact but for their outer ends, which are rounded once, and again when the
    whole is stretched and moved to its place; the function's bounds count that.

    Parameters
    ----------
    low, mode, high
        Ascending; `mode` may be either of the others, but not both.
    """
    width = high - low
    rising, falling = (mode - low) / width, (high - mode) / width
    ramps = []
    if rising:
        ramps.append(Function.from_pieces([-1, 0], [[1.0, 1.0]]).scale(rising))
    if falling:
        ramps.append(Function.from_pieces([0, 1], [[1.0, -1.0]]).scale(falling))
    whole = ramps[0] + ramps[1] if len(ramps) == 2 else ramps[0]
    square = low * low + mode * mode + high * high - low * mode - low * high - mode * high
    facts = Facts(rounded((low + mode + high) / 3), rounded(square / 18), Reach(low, high))
    return Density._create(shifted(stretched(whole, width), mode), facts, point(0))
