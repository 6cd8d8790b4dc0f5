"""Joining neighbouring pieces where one polynomial of fewer coefficients says the same.

A convolution has a break at every sum of breaks, and most of them are only traces of how the
operands were cut. Without joining, repeated convolution would multiply the pieces each time.
"""

from __future__ import annotations

import numpy as np

from faltung.functions import bounds, transform
from faltung.functions.bounds import UNIT, Deviation
from faltung.functions.polynomials import chebyshev
from faltung.functions.polynomials.chebyshev import MAXIMAL_DEGREE
from faltung.functions.polynomials.pieces import Pieces, padded
from faltung.functions.transform import BoolArray, FloatArray, IndexArray

# By how much joining may change the function, in unit roundoffs of its size: above the noise that
# rounding leaves in 65 coefficients.
_CHANGE = 64 * UNIT


def merged(pieces: Pieces, keep: FloatArray | None = None, part: float = 0.0) -> Pieces:
    """Return the function with as many neighbours joined as its size allows.

    Breaks in `keep` stay. No other break may be misplaced: what is said of the error beside it
    would no longer name the place. Joining may change the function by a few unit roundoffs of its
    size, or by this part of the error bounds on both sides.

    The change is computed, not sampled: over either piece the difference is a polynomial, and the
    sum of its coefficients' sizes bounds it. It goes into the deviation.
    """
    scale = pieces.scale()
    free = np.ones(pieces.count - 1, dtype=bool)
    if keep is not None:
        free = ~np.isin(pieces.breaks[1:-1], keep)
    # Two neighbours that were refused would be refused again until one of them has changed.
    fresh = free.copy()
    parity = 0
    while fresh.any():
        left = np.flatnonzero(fresh)
        left = left[left % 2 == parity]
        fresh[left] = False
        pieces, joined = _round(pieces, left, scale, part)
        fresh[np.clip(np.concatenate([joined - 1, joined + 1]), 0, len(fresh) - 1)] = True
        free, fresh = np.delete(free, joined), np.delete(fresh, joined)
        fresh &= free
        parity = 1 - parity
    return pieces


def _round(
    pieces: Pieces, left: IndexArray, scale: float, part: float
) -> tuple[Pieces, IndexArray]:
    """Try to join each piece of `left` with its right neighbour; no two of them overlap.

    Returns which of them were joined, too.
    """
    bound = pieces.deviation.bound
    allowed = np.maximum(_CHANGE * scale, part * np.maximum(bound[left], bound[left + 1]))
    tried = _may_join(pieces, left, allowed)
    left, allowed = left[tried], allowed[tried]
    if not len(left):
        return pieces, left
    joint, deviation, change = _joint(
        pieces, left, np.maximum(0.25 * _CHANGE * scale, allowed / 32)
    )
    lengths = _lengths(pieces.coefficients)
    fewer = _lengths(joint) <= lengths[left] + lengths[left + 1]
    accepted = np.flatnonzero(fewer & (change <= allowed))
    joined = left[accepted]
    return _replaced(pieces, joined, joint[accepted], deviation[accepted]), joined


def _replaced(pieces: Pieces, left: IndexArray, joint: FloatArray, deviation: Deviation) -> Pieces:
    """Return the pieces with `joint` in place of each piece of `left` and its right neighbour."""
    coefficients = padded(pieces.coefficients, joint.shape[1]).copy()
    coefficients[left] = joint
    bound, estimate = pieces.deviation.bound.copy(), pieces.deviation.estimate.copy()
    bound[left], estimate[left] = deviation.bound, deviation.estimate
    kept = np.delete(np.arange(pieces.count), left + 1)
    length = int(_lengths(coefficients[kept]).max())
    breaks = np.delete(pieces.breaks, left + 1)
    deviation = Deviation(bound, estimate)[kept]
    return Pieces(breaks, coefficients[kept, :length], deviation, pieces.misplaced)


def _lengths(coefficients: FloatArray) -> IndexArray:
    """Return how many coefficients each row has up to its last one that is not zero."""
    nonzero = coefficients != 0
    last = coefficients.shape[1] - np.argmax(nonzero[:, ::-1], axis=1)
    return np.where(nonzero.any(axis=1), last, 1)


def _may_join(pieces: Pieces, left: IndexArray, tolerance: FloatArray) -> BoolArray:
    """Whether value, slope and curvature agree at the break: cheap, and refuses most.

    Noise in the last coefficient counts as often as its derivative is large.
    """
    width = pieces.widths
    shorter = np.minimum(width[left], width[left + 1]) / 2
    here, there = pieces.coefficients[left], pieces.coefficients[left + 1]
    agree = np.ones(len(left), dtype=bool)
    weight = np.ones(pieces.coefficients.shape[1])
    k = np.arange(len(weight))
    alternating = np.where(k % 2, -1.0, 1.0)
    for order in range(3):
        # The derivative of T_k of order p at 1 is the product of (k^2 - i^2) / (2i + 1), i < p.
        sign = (-1.0) ** order
        jump = (here @ weight) * (2 * shorter / width[left]) ** order - sign * (
            there @ (weight * alternating)
        ) * (2 * shorter / width[left + 1]) ** order
        agree &= np.abs(jump) <= tolerance * (1 + weight[-1])
        weight = weight * (k**2 - order**2) / (2 * order + 1)
    return agree


def _joint(
    pieces: Pieces, left: IndexArray, needless: FloatArray
) -> tuple[FloatArray, Deviation, FloatArray]:
    """Return one series over each two neighbours, its deviation, and its distance from them.

    Last coefficients that come to no more than `needless` are left out.
    """
    low, middle, high = (pieces.breaks[left + step] for step in range(3))
    at = ((middle - low) - (high - middle)) / (high - low)
    nodes = np.broadcast_to(transform.nodes(MAXIMAL_DEGREE + 1), (len(left), MAXIMAL_DEGREE + 1))
    on_left = nodes < at[:, None]
    values = np.empty(nodes.shape)
    for side, piece, centre, ratio in (
        (on_left, left, (at - 1) / 2, (1 + at) / 2),
        (~on_left, left + 1, (at + 1) / 2, (1 - at) / 2),
    ):
        x = np.clip((nodes - centre[:, None]) / ratio[:, None], -1, 1)
        values[side] = chebyshev.evaluate_rows(pieces.coefficients[piece], x)[side]
    joint = transform.interpolate(values)
    tail = np.abs(joint[:, ::-1]).cumsum(axis=1)[:, ::-1]
    joint[tail <= needless[:, None]] = 0.0
    return joint, *_compared(pieces, left, joint, at)


def _compared(
    pieces: Pieces, left: IndexArray, joint: FloatArray, at: FloatArray
) -> tuple[Deviation, FloatArray]:
    """Return the deviation of each joint series, and its distance from its two pieces."""
    length = joint.shape[1]
    bound, estimate, change = np.zeros((3, len(joint)))
    for piece, centre, ratio in (
        (left, (at - 1) / 2, (1 + at) / 2),
        (left + 1, (at + 1) / 2, (1 - at) / 2),
    ):
        part = chebyshev.restrict(joint, centre, ratio, length)
        rounding = bounds.restriction(joint, part)
        part[:, : pieces.coefficients.shape[1]] -= pieces.coefficients[piece]
        inherited = pieces.deviation[piece]
        bound = np.maximum(bound, inherited.bound + rounding.bound + bounds.size(part))
        estimate = np.maximum(estimate, np.hypot(inherited.estimate, bounds.typical(part)))
        change = np.maximum(change, bounds.size(part))
    return Deviation(bound, estimate), change
