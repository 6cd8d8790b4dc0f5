"""A function in pieces, each on an interval of its own: a dict from intervals to anything."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np

from faltung.errors import OptionError
from faltung.functions import contents
from faltung.functions.bounds import Deviation
from faltung.functions.contents import Content
from faltung.functions.doors.recipe import Interval
from faltung.functions.polynomials.misplaced import NOTHING
from faltung.functions.polynomials.pieces import Pieces, padded
from faltung.functions.rounding import is_number, nearest
from faltung.functions.whole.deltas import gathered
from faltung.functions.whole.whole import Whole


def rising(parts: Mapping[Any, Any]) -> list[tuple[Any, Interval]]:
    """Return the keys of a dict of pieces in order, each with its ends.

    Raises
    ------
    OptionError
        If there is none, one is no interval, or two overlap.
    """
    if not parts:
        raise OptionError("the dict of pieces is empty: write {(0, 1): 'x', (1, 2): '2 - x'}")
    for key in parts:
        if not _is_interval(key):
            raise OptionError(
                f"the key {key!r} is no interval: write pairs (a, b) with a < b, for instance "
                "{(0, 1): 'x', (1, 2): '2 - x'}"
            )
    keys = sorted(parts, key=lambda key: (key[0], key[1]))
    for one, other in pairwise(keys):
        if other[0] < one[1]:
            raise OptionError(
                f"the pieces on {one!r} and {other!r} overlap: end the first at {other[0]!r}, or add "
                "two Functions"
            )
    return [(key, (key[0], key[1])) for key in keys]


def _is_interval(key: Any) -> bool:
    """Whether a key is a pair of numbers that rise."""
    if not isinstance(key, tuple) or len(key) != 2 or not all(map(is_number, key)):
        return False
    return not any(math.isnan(nearest(end)) for end in key) and bool(key[0] < key[1])


def joined(parts: list[Whole]) -> Whole:
    """Return the sum of functions on intervals that rise and do not overlap."""
    reals = [part.real for part in parts if part.real is not None]
    imaginaries = [part.imaginary for part in parts if part.imaginary is not None]
    deltas = gathered(delta for part in parts for delta in part.deltas)
    return Whole(_sum(reals), _sum(imaginaries), deltas)


def _sum(parts: list[Content]) -> Content | None:
    together = [part for part in parts if isinstance(part, Pieces)]
    if len(together) < len(parts):
        return reduce(contents.added, parts)
    return _chained(together) if parts else None


def _chained(parts: list[Pieces]) -> Pieces:
    """Return polynomials one after the other, zero in the gaps between."""
    if len(parts) == 1:
        return parts[0]
    rows = [parts[0]]
    for part in parts[1:]:
        end, start = rows[-1].breaks[-1], part.breaks[0]
        if end < start:
            rows.append(Pieces(np.array([end, start]), np.zeros((1, 1)), Deviation.zero(1)))
        rows.append(part)
    length = max(row.coefficients.shape[1] for row in rows)
    deviation = Deviation.joined([row.deviation for row in rows])
    misplaced = sum((row.misplaced for row in rows), NOTHING)
    # What lies outside of one may lie on any other.
    deviation.bound[:] += misplaced.outside
    return Pieces(
        np.concatenate([rows[0].breaks, *(row.breaks[1:] for row in rows[1:])]),
        np.concatenate([padded(row.coefficients, length) for row in rows]),
        deviation,
        misplaced,
    ).checked("the function")
