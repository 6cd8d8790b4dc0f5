"""Polynomial pieces in rational numbers: values and derivatives of any order, exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np


def piece_at(function, x):
    """The index of the piece with x strictly inside, or None."""
    inside = np.flatnonzero((function.breaks[:-1] < x) & (x < function.breaks[1:]))
    return int(inside[0]) if len(inside) else None


def derivatives(function, index, x, order):
    """The value and the first derivatives of one polynomial at x, Fractions."""
    low, high = (Fraction(end) for end in function.breaks[index : index + 2].tolist())
    scale = 2 / (high - low)
    y = (Fraction(x) - low) * scale - 1
    # Taylor series of T_k at y, to the order that is asked for.
    before, now = [Fraction(1)] + [Fraction(0)] * order, [y, Fraction(1)] + [Fraction(0)] * order
    now = now[: order + 1]
    totals = [Fraction(0)] * (order + 1)
    for k, coefficient in enumerate(function.coefficients[index].tolist()):
        term = before if k == 0 else now
        totals = [t + Fraction(coefficient) * c for t, c in zip(totals, term, strict=True)]
        if k:
            shifted = [Fraction(0), *now[:-1]]
            later = [2 * (y * c + s) for c, s in zip(now, shifted, strict=True)]
            before, now = now, [a - b for a, b in zip(later, before, strict=True)]
    factorial, result = 1, []
    for k, total in enumerate(totals):
        factorial *= max(k, 1)
        result.append(total * factorial * scale**k)
    return result


def jumps(function):
    """What an exact function of polynomials does at each break: (place, height)."""
    last = len(function.breaks) - 2
    found = []
    for k, place in enumerate(function.breaks.tolist()):
        left = derivatives(function, k - 1, place, 0)[0] if k > 0 else Fraction(0)
        right = derivatives(function, k, place, 0)[0] if k <= last else Fraction(0)
        found.append((place, right - left))
    return found


def inner_points(function, parts=(0.013, 0.31, 0.5, 0.77, 0.9994)):
    """A few points strictly inside each piece."""
    low, high = function.breaks[:-1], function.breaks[1:]
    points = (low + (high - low) * np.array(parts)[:, None]).ravel()
    return np.array([x for x in points if piece_at(function, x) is not None])
