"""Points of a law as points of its standard law, exact up to a few roundings."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from faltung.distributions.numbers.rational import rounded
from faltung.distributions.numbers.rounding import Floats

_LARGEST = np.finfo(np.float64).max

Anchors: TypeAlias = tuple[Floats, Floats]


def as_anchors(places: Sequence[Fraction]) -> Anchors:
    """Return places as floats and what these lack, each rounded once."""
    high = np.array([rounded(place) for place in places])
    low = [rounded(p - Fraction(h)) for p, h in zip(places, high.tolist(), strict=True)]
    return high, np.array(low)


def gaps(x: Floats, anchors: Anchors) -> Floats:
    """Return ``x - anchor`` for each x and each anchor, within 2 roundings and with its sign.

    Knuth's TwoSum of x and the anchor's float has no error; where it cancels, its error term is 0
    and what the float lacks is taken off as it is.
    """
    high, low = anchors
    left = x[:, np.newaxis]
    total = left - high
    part = total - left
    error = (left - (total - part)) + (-high - part)
    exact = total + (error - low)
    return np.where(np.isfinite(exact), exact, np.nan_to_num(total, nan=np.nan))


def within_floats(values: Floats) -> Floats:
    """Return the values, infinite ones as the largest floats."""
    return np.clip(values, -_LARGEST, _LARGEST)
