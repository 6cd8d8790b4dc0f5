"""Shifting, stretching and reversing the variable of a function."""

from __future__ import annotations

import math

import numpy as np

from faltung.errors import OptionError
from faltung.functions import bounds
from faltung.functions.bounds import UNIT, Deviation
from faltung.functions.pieces import Pieces
from faltung.functions.transform import FloatArray


def sum_and_rest(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the rounded sum and what rounding lost of it, exactly.

    D. E. Knuth, "The Art of Computer Programming" 2, 4.2.2, theorem B.
    """
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def reflected(f: Pieces) -> Pieces:
    """Return s -> f(-s), exactly."""
    signs = np.where(np.arange(f.coefficients.shape[1]) % 2, -1.0, 1.0)
    coefficients = f.coefficients[::-1] * signs
    deviation = Deviation(f.deviation.bound[::-1], f.deviation.estimate[::-1])
    return Pieces(-f.breaks[::-1], coefficients, deviation)


@np.errstate(over="ignore", invalid="ignore")
def moved(f: Pieces, factor: float, offset: float) -> Pieces:
    """Return x -> f((x - offset) / factor): every break b goes to factor * b + offset.

    Where a break is rounded, the piece is stretched with it: that moves the argument by what
    rounding lost, and the value by at most the slope times that.
    """
    if factor < 0:
        f, factor = reflected(f), -factor
    stretched = f.breaks * factor
    breaks, lost = sum_and_rest(stretched, np.full_like(stretched, offset))
    lost = np.abs(lost)
    if math.frexp(factor)[0] != 0.5:
        lost = lost + UNIT * np.abs(stretched)
    if not np.isfinite(breaks).all() or (np.diff(breaks) <= 0).any():
        raise OptionError(
            f"x -> f((x - {offset!r}) / {factor!r}) has breaks that double precision cannot tell "
            "apart or hold: take a smaller shift, or a factor nearer to 1"
        )
    inward = np.maximum(lost[:-1], lost[1:])
    change = 2 * bounds.slope(f.coefficients) * inward / np.diff(breaks)
    rounding = Deviation(1.01 * change, change / max(f.coefficients.shape[1] ** 0.5, 1))
    return Pieces(breaks, f.coefficients, f.deviation + rounding)
