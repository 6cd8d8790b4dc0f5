"""Shifting, stretching and reversing the variable of a function."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from faltung.errors import OptionError
from faltung.functions.bounds import Deviation
from faltung.functions.checks import refuse_too_wide
from faltung.functions.polynomials.displace import placed
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.rounding import nearest
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
    return Pieces(-f.breaks[::-1], coefficients, deviation, f.misplaced)


def moved(f: Pieces, factor: Fraction, offset: Fraction) -> Pieces:
    """Return x -> f((x - offset) / factor): every break b goes to factor * b + offset, rounded."""
    if factor < 0:
        f, factor = reflected(f), -factor
    places = [Fraction(place) * factor + offset for place in f.breaks.tolist()]
    breaks = np.array([nearest(place) for place in places])
    if not np.isfinite(breaks).all() or (breaks[1:] <= breaks[:-1]).any():
        raise OptionError(
            f"x -> f((x - {float(offset)!r}) / {float(factor)!r}) has breaks that double precision "
            "cannot tell apart or hold: take a smaller shift, or a factor nearer to 1"
        )
    refuse_too_wide(places[0], places[-1])
    return placed(replace(f, breaks=breaks, misplaced=f.misplaced.stretched(factor)), places)
