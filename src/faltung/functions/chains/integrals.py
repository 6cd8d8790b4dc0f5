"""Integrals of bodies: the convolution with a constant, at one point."""

from __future__ import annotations

import numpy as np

from faltung import _core
from faltung.errors import DataError
from faltung.functions.bounds import UNIT, Deviation
from faltung.functions.chains.body import Body
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.knots import Knot, Reach, Tail
from faltung.functions.chains.spans import Form

# A constant to the end of double precision.
WIDE = 2.0**990


def one(width: float = WIDE, side: int = 1) -> Chain:
    """Return the function that is 1 on [0, width], or with side -1 on [-width, 0]."""
    anchor, near, tilt, reference = 0.0, 0.0, 0.0, 1.0
    return Chain(
        np.array([Form.PLAIN], dtype=np.uint8),
        np.array([anchor]),
        np.array([float(side)]),
        np.array([near]),
        np.array([width]),
        np.array([tilt]),
        np.array([reference]),
        np.ones((1, 1)),
        Deviation.zero(1),
    )


def step(width: float = WIDE) -> Body:
    """Return Heaviside's function: 1 from 0 to infinity, or as far as doubles go."""
    reach = Reach(Tail.ALGEBRAIC, 0.0, 1.0, width)
    return Body(one(width), (Knot(0.0, left=None),), right=reach)


def integral(f: Body, low: float, high: float) -> tuple[float, float]:
    """Return the integral from `low` to `high`, and a bound on its error.

    Raises
    ------
    DataError
        If it diverges.
    """
    if high < low:
        value, bound = integral(f, high, low)
        return -value, bound
    for reach, is_asked in ((f.left, low == -np.inf), (f.right, high == np.inf)):
        if is_asked and reach.tail is Tail.ALGEBRAIC and not reach.exponent < -1:
            raise DataError(
                f"the integral diverges: far away the function goes like "
                f"|x|^{reach.exponent:.4g}, and the exponent must be below -1. Give finite ends"
            )
    if high == np.inf and low == -np.inf:
        middle = f.knots[len(f.knots) // 2].at
        parts = integral(f, low, middle), integral(f, middle, high)
        return parts[0][0] + parts[1][0], parts[0][1] + parts[1][1]
    if high == np.inf:
        value, bound = _on_one_side(f, max(low, -WIDE / 4), WIDE, -1)
        rest = _remainder(f, f.right, 1)
        return value + rest, bound + 2 * abs(rest)
    if low == -np.inf:
        value, bound = _on_one_side(f, high, WIDE, 1)
        rest = _remainder(f, f.left, -1)
        return value + rest, bound + 2 * abs(rest)
    # Up to the middle from either end: each end counts to its last digit.
    half = high / 2 - low / 2
    left, right = _on_one_side(f, low, half, -1), _on_one_side(f, high, half, 1)
    return left[0] + right[0], left[1] + right[1] + _gap(f, low + half, half)


def _on_one_side(f: Body, place: float, width: float, side: int) -> tuple[float, float]:
    """Return the integral over [place - width, place], or with side -1 over [place, place + width].

    It is the convolution with a constant there: f(s) counts where place - s is in its domain.
    """
    places = np.array([[place, 0.0, 0.0]])
    results = np.empty((1, 4))
    _core.convolve_at(f.chain.core, one(width, side).core, places, results, 1)
    value, _, bound, _ = results[0].tolist()
    if not np.isfinite(value):
        raise DataError(
            "the integral takes too much work"
            if np.isnan(value)
            else "the integral is infinite, or beyond the largest double, 1.8e308"
        )
    return value, bound


def _remainder(f: Body, reach: Reach, side: int) -> float:
    """Return the integral beyond the end of an algebraic tail, if it goes on as it is there."""
    if reach.tail is not Tail.ALGEBRAIC:
        return 0.0
    place = f.knots[-1 if side > 0 else 0].at + side * reach.stop / 2
    value = float(f.chain.evaluate(np.array([place]))[0][0])
    return float(value * 2.0**reach.exponent * reach.stop / (-1 - reach.exponent))


def _gap(f: Body, middle: float, half: float) -> float:
    """Return what may be counted twice or not at all where the two halves meet."""
    values, errors = f.chain.evaluate(np.array([middle]))
    size = float(np.abs(values[0]) + errors[0])
    return 4 * UNIT * (abs(middle) + half) * size if np.isfinite(size) else 0.0
