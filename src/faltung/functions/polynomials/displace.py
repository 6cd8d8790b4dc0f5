"""What the rounding of breaks does to a function.

Let F be the true function, q the polynomials over the rounded breaks, and m the map of the rounded
breaks to the true ones, straight between them. The value of q at x is the value for m(x), and
|m(x) - x| is at most what the ends of the piece around x were rounded by.

- If x and m(x) lie in one true piece, the value is off by at most the slope times that. This goes
  into the deviation.
- Else x lies between a break and its true place. There the value is off by at most the sizes of
  both sides together. If no two breaks came near each other, it is off by at most the jump, and the
  slopes on both sides times the distance. The error that F is known with on the other side comes
  to it. This is misplaced: its integral is at most the sum over the breaks of rounding times size.

Where the function is continuous, what is misplaced is as small as the rest. Then it goes into the
deviation of both sides as well, so that no value beside the break is excluded from the bound.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

import numpy as np

from faltung.functions import bounds
from faltung.functions.bounds import TINY, UNIT, Deviation
from faltung.functions.polynomials.misplaced import Misplaced
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.rounding import nearest, no_less
from faltung.functions.transform import BoolArray, FloatArray

# A step at a break that raises the error bound by no more than about this factor is no jump.
_RAISED = 4.0


def placed(f: Pieces, places: Iterable[Fraction]) -> Pieces:
    """Return pieces with what the rounding of their breaks does counted.

    Parameters
    ----------
    f
        The pieces over the rounded breaks.
    places
        Where breaks truly are, each rounded to another double; a break of `f` that none of them is
        rounded to is exact.
    """
    exact = {nearest(place): place for place in places}
    breaks = [Fraction(b) for b in f.breaks.tolist()]
    true = [exact.get(float(b), b) for b in breaks]
    lost = [no_less(abs(b - place)) for b, place in zip(breaks, true, strict=True)]
    if not any(lost):
        return f
    widths = [float(high - low) for low, high in pairwise(true)]
    return displaced(f, np.array(lost), np.array(widths))


@np.errstate(over="ignore", invalid="ignore", divide="ignore")
def displaced(f: Pieces, lost: FloatArray, widths: FloatArray) -> Pieces:
    """Return pieces whose breaks were rounded, with what that does counted.

    Parameters
    ----------
    f
        The pieces over the rounded breaks.
    lost
        For each break, a bound on its distance from its true place.
    widths
        The true widths of the pieces.
    """
    wander = _wander(f, lost[:-1], widths), _wander(f, lost[1:], widths)
    sizes = bounds.size(f.coefficients)
    # Slopes that overflow leave the sizes: fmin passes over NaN, which infinity times 0 gives.
    drift = np.fmin(np.maximum(*wander), 2 * sizes)
    wrong = f.deviation + Deviation(drift, drift / f.coefficients.shape[1] ** 0.5)
    known = _framed(f.deviation.bound, f.misplaced.outside)
    apart = bool((lost[:-1] + lost[1:] < 0.5 * np.minimum(f.widths, widths)).all())
    steps = _steps(f, *wander) if apart else _both(_framed(sizes))
    published = float((wrong + bounds.evaluation(f.coefficients)).bound.max())
    smooth = (lost == 0) | (apart & (steps <= _RAISED * published))
    raised = _raised(_framed(wrong.bound, f.misplaced.outside), known, steps, smooth & (lost > 0))
    old = f.misplaced
    misplaced = Misplaced(
        area=old.area + _area(lost, steps + _both(known)),
        height=old.height + 2.02 * f.top(),
        reach=old.reach + 1.01 * float(lost.max()) if old.reach or not smooth.all() else 0.0,
        outside=float(max(raised[0], raised[-1])),
    )
    deviation = Deviation(raised[1:-1], wrong.estimate)
    return Pieces(f.breaks, f.coefficients, deviation, misplaced).checked("the function")


def _wander(f: Pieces, lost: FloatArray, widths: FloatArray) -> FloatArray:
    """Return how far each piece goes within what was lost: coefficients first made that small.

    Slopes alone may overflow. What underflows instead is counted.
    """
    part = 2.02 * lost / widths
    length = f.coefficients.shape[1]
    change = bounds.slope(f.coefficients * part[:, None])
    return change + np.where(part > 0, TINY * length**3, 0.0)


def _area(lost: FloatArray, heights: FloatArray) -> float:
    """Return a bound on the integral over what was lost; nothing lost is 0 however high."""
    where = lost > 0
    return 1.01 * float(lost[where] @ heights[where]) + TINY * len(lost)


def _framed(values: FloatArray, outside: float = 0.0) -> FloatArray:
    """Return the values of the pieces with that of the outside before and behind them."""
    return np.pad(values, 1, constant_values=outside)


def _both(framed: FloatArray) -> FloatArray:
    """Return the sum of both sides of each break."""
    both: FloatArray = framed[:-1] + framed[1:]
    return both


def _steps(f: Pieces, at_low: FloatArray, at_high: FloatArray) -> FloatArray:
    """Return how far the values on both sides of each break, within what it lost, are apart.

    Each piece goes `at_low` and `at_high` within what its ends lost.

    The jump, added up with one rounding for each coefficient, and the slopes. Where pieces are
    stretched by less than half, x and m(x) are within 1.5 of what was lost from the true break.
    """
    signs = np.where(np.arange(f.coefficients.shape[1]) % 2, -1.0, 1.0)
    on_left = np.append(0.0, f.coefficients.sum(axis=1))
    on_right = np.append(f.coefficients @ signs, 0.0)
    sizes = _both(_framed(bounds.size(f.coefficients)))
    rounding = (len(signs) + 2) * UNIT * sizes
    steps = (
        np.abs(on_left - on_right)
        + rounding
        + 1.5 * (np.append(0.0, at_high) + np.append(at_low, 0.0))
    )
    least: FloatArray = np.fmin(1.01 * steps, sizes)
    return least


def _raised(
    framed: FloatArray, known: FloatArray, steps: FloatArray, smooth: BoolArray
) -> FloatArray:
    """Return the bounds, raised on both sides of each smooth break to what may happen there."""
    there = np.where(smooth, np.maximum(known[:-1], known[1:]) + steps, 0.0)
    sides: FloatArray = np.maximum(np.append(there, 0.0), np.append(0.0, there))
    return np.maximum(framed, sides)
