"""Keeping pieces at degree 64 or below, and free of needless coefficients."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from faltung.functions import bounds
from faltung.functions.bounds import UNIT, Deviation
from faltung.functions.polynomials import chebyshev
from faltung.functions.polynomials.chebyshev import MAXIMAL_DEGREE
from faltung.functions.polynomials.pieces import Pieces, padded
from faltung.functions.transform import FloatArray, IndexArray

# What may be cut beyond degree 64, in typical errors of a coefficient: there are 65 of them.
_TAIL = 64

# Halving multiplies coefficient k by about 2^-k, so that one round nearly always does.
_ROUNDS = 8


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """Polynomials on intervals in any order."""

    low: FloatArray
    high: FloatArray
    coefficients: FloatArray
    deviation: Deviation

    def rows(self, which: IndexArray) -> _Parts:
        return _Parts(
            self.low[which], self.high[which], self.coefficients[which], self.deviation[which]
        )


def limited(pieces: Pieces) -> Pieces:
    """Return the function in pieces of degree at most 64, without needless coefficients.

    Pieces of a higher degree are halved until what lies beyond degree 64 is at the level of
    rounding. All that is dropped goes into the deviation.
    """
    scale = pieces.scale()
    if pieces.coefficients.shape[1] > MAXIMAL_DEGREE + 1:
        pieces = _halved_where_needed(pieces, UNIT * scale)
    return trimmed(pieces, scale)


def trimmed(pieces: Pieces, scale: float) -> Pieces:
    """Return the pieces without trailing coefficients below one unit roundoff of `scale`."""
    kept = np.abs(pieces.coefficients) > UNIT * scale
    length = pieces.coefficients.shape[1]
    last = np.where(kept.any(axis=1), length - np.argmax(kept[:, ::-1], axis=1), 1)
    dropped = np.arange(length) >= last[:, None]
    tail = np.where(dropped, pieces.coefficients, 0.0)
    deviation = pieces.deviation + Deviation(bounds.size(tail), bounds.typical(tail))
    coefficients = np.where(dropped, 0.0, pieces.coefficients)[:, : last.max()]
    return Pieces(pieces.breaks, coefficients, deviation, pieces.misplaced)


def _halved_where_needed(pieces: Pieces, least: float) -> Pieces:
    """Halve what has a tail above rounding: above the piece's own error, and above `least`."""
    rest = _Parts(pieces.breaks[:-1], pieces.breaks[1:], pieces.coefficients, pieces.deviation)
    done: list[_Parts] = []
    for _ in range(_ROUNDS):
        tolerance = _TAIL * np.maximum(rest.deviation.estimate, least)
        high = bounds.size(rest.coefficients[:, MAXIMAL_DEGREE + 1 :]) > tolerance
        middle = 0.5 * (rest.low + rest.high)
        high &= (rest.low < middle) & (middle < rest.high)
        done.append(_cut(rest.rows(np.flatnonzero(~high))))
        rest = rest.rows(np.flatnonzero(high))
        if not len(rest.low):
            break
        rest = _halved(rest)
    else:
        done.append(_cut(rest))
    return replace(_in_order(done), misplaced=pieces.misplaced)


def _cut(parts: _Parts) -> _Parts:
    """Return the parts without what lies beyond degree 64."""
    tail = parts.coefficients[:, MAXIMAL_DEGREE + 1 :]
    dropped = Deviation(bounds.size(tail), bounds.typical(tail))
    kept = parts.coefficients[:, : MAXIMAL_DEGREE + 1]
    return _Parts(parts.low, parts.high, kept, parts.deviation + dropped)


def _halved(parts: _Parts) -> _Parts:
    """Return both halves of each part."""
    middle = 0.5 * (parts.low + parts.high)
    # Where rounding puts the middle off the centre, the halves are of slightly unequal width.
    centre = ((middle - parts.low) - (parts.high - middle)) / (parts.high - parts.low)
    length = parts.coefficients.shape[1]
    whole, length = parts.coefficients, parts.coefficients.shape[1]
    left = chebyshev.restrict(whole, (centre - 1) / 2, (1 + centre) / 2, length)
    right = chebyshev.restrict(whole, (centre + 1) / 2, (1 - centre) / 2, length)
    deviations = [parts.deviation + bounds.restriction(whole, half) for half in (left, right)]
    return _Parts(
        np.concatenate([parts.low, middle]),
        np.concatenate([middle, parts.high]),
        np.concatenate([left, right]),
        Deviation.joined(deviations),
    )


def _in_order(groups: list[_Parts]) -> Pieces:
    low = np.concatenate([parts.low for parts in groups])
    order = np.argsort(low)
    last = max(parts.high.max() for parts in groups if len(parts.high))
    length = max(parts.coefficients.shape[1] for parts in groups)
    coefficients = np.concatenate([padded(parts.coefficients, length) for parts in groups])
    deviation = Deviation.joined([parts.deviation for parts in groups])
    return Pieces(np.append(low[order], last), coefficients[order], deviation[order])
