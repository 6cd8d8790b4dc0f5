"""Integrals and antiderivatives of pieces."""

from __future__ import annotations

import numpy as np

from faltung.errors import DataError
from faltung.functions import bounds
from faltung.functions.bounds import TINY, UNIT, Deviation
from faltung.functions.polynomials import chebyshev
from faltung.functions.polynomials.limit import limited
from faltung.functions.polynomials.pieces import Pieces, refined
from faltung.functions.transform import FloatArray

# Half of a width below this may be rounded.
_NARROW = 2.0**-1000

# Coefficients above this are scaled down on the way.
_LARGE = 2.0**1020


def areas(f: Pieces) -> FloatArray:
    """Return the integral of each piece."""
    # Half the weights, not half the widths: these may be odd multiples of the smallest double.
    weights = 0.5 * chebyshev.integration_weights(f.coefficients.shape[1])
    each: FloatArray = (f.coefficients @ weights) * f.widths
    return each


def norm(f: Pieces) -> float:
    """Return a bound on the integral of |f|, a few percent above it for most functions."""
    return float(bounds.mean_size(f.coefficients) @ f.widths) + TINY * f.count


def integral(f: Pieces, low: float, high: float) -> float:
    """Return the integral from `low` to `high`; the function is zero outside its domain."""
    if high < low:
        return -integral(f, high, low)
    low, high = max(low, float(f.breaks[0])), min(high, float(f.breaks[-1]))
    if low >= high:
        return 0.0
    inner = f.breaks[(f.breaks > low) & (f.breaks < high)]
    with np.errstate(over="ignore", invalid="ignore"):
        total = float(areas(refined(f, np.concatenate([[low], inner, [high]]))).sum())
    if not np.isfinite(total):
        raise DataError(
            "the integral overflows double precision (largest number 1.8e308): scale the function "
            "down first, for instance f / 1e100"
        )
    return total


def integral_bound(f: Pieces) -> float:
    """Return a bound on the error of the integral over the whole domain."""
    return float(cumulative(f).deviation.bound[-1])


def _antiderivatives(f: Pieces) -> FloatArray:
    """Return the antiderivative of each piece that is zero at its left end."""
    # On the way the largest coefficient is doubled.
    room = 2 if np.abs(f.coefficients).max() > _LARGE else 0
    series, widths = chebyshev.antiderivative(np.ldexp(f.coefficients, -room)), f.widths[:, None]
    # Half a width may be no double. Then half the series is near enough, whatever is lost of it.
    made = np.where(widths < _NARROW, (0.5 * series) * widths, series * (0.5 * widths))
    return np.ldexp(made, room)


@np.errstate(over="ignore", invalid="ignore")
def cumulative(f: Pieces) -> Pieces:
    """Return the antiderivative that is zero at the left end, over the same pieces.

    It stands for the integral of the true function up to x on the domain of `f`, and for zero
    outside it, so that nothing of it is misplaced.
    """
    series = _antiderivatives(f)
    series[:, 0] += np.concatenate([[0.0], np.cumsum(areas(f))[:-1]])
    # Each area is wrong by at most width times bound, and all areas to the left add up; so may all
    # that is misplaced.
    wrong = np.cumsum(f.deviation.bound * f.widths) + f.misplaced.area
    likely = np.hypot.accumulate(f.deviation.estimate * f.widths)
    likely = np.hypot(likely, f.misplaced.area)
    # The small factor first: the sum may be larger than the largest double.
    unit = np.cumsum((UNIT * bounds.size(f.coefficients) + TINY) * f.widths)
    steps = f.coefficients.shape[1] + f.count + 6
    rounding = steps * (2 * unit + TINY * (1 + f.breaks[-1] - f.breaks[0]))
    deviation = Deviation(wrong + rounding, np.hypot(likely, unit))
    # Of a series of the highest degree the antiderivative has one more: its piece is halved.
    return limited(Pieces(f.breaks, series, deviation)).checked("the antiderivative")
