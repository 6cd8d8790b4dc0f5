"""The lattice that the breaks of two functions lie on, if they do.

Functions that were cut by halving have breaks at whole multiples of their narrowest width, from the
first one on, or breaks that rounding put beside them. Pieces that are wider are cut, so that all
pieces of both functions have one width.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faltung.functions import bounds
from faltung.functions.bounds import UNIT
from faltung.functions.polynomials.chebyshev import reversed_series
from faltung.functions.polynomials.limit import trimmed
from faltung.functions.polynomials.moves import sum_and_rest
from faltung.functions.polynomials.pieces import Pieces, refined
from faltung.functions.transform import FloatArray

# How far a break may be from its place, in unit roundoffs of the largest sum of breaks: as far as
# breaks are merged.
_STRAY = 32

# The narrowest piece may be so many widths of the lattice.
_MOST_PARTS = 8

# Cells that both functions may have together: places are whole multiples of a width of 26 bits.
_MOST_CELLS = 2**20

# Coefficients that the result may have before it is simplified: 400 MB.
_MOST_COEFFICIENTS = 50_000_000

# Multiplications that take about ten milliseconds.
_LITTLE = 20_000_000

# No piece is narrower than this part of the largest coordinate, and no number is rounded to zero.
_LEAST = 2.0**-40
_SMALLEST = 2.0**-960


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """Two functions in pieces of one width, and what stands for them.

    Attributes
    ----------
    f, g
        The functions. Piece i of each stands for the same polynomial on the interval from the first
        break and i widths on, one width wide.
    width
        The width of every piece.
    breaks
        Those of the convolution, f.count + g.count + 1 of them.
    moved
        How far its first and its last break are from the sums that they stand for, together.
    displaced
        What it does to the convolution that breaks are not at their places.
    stray
        How far they are from them, those of f, of g and of the convolution together.
    slope
        A bound on the slope of the convolution.
    """

    f: Pieces
    g: Pieces
    width: float
    breaks: FloatArray
    moved: float
    displaced: float
    stray: float
    slope: float


def lattice_of(f: Pieces, g: Pieces) -> Lattice | None:
    """Return the coarsest lattice of both functions, or None if there is none worth the while."""
    tolerance = tolerance_of(f, g)
    if tolerance is None:
        return None
    narrowest = float(min(f.widths.min(), g.widths.min()))
    # The longer function tells the width to more digits.
    span = float(max(each.breaks[-1] - each.breaks[0] for each in (f, g)))
    # A little work is not worth any cutting: then all pieces have one width, or there is none.
    most = _MOST_PARTS if work_of_pairs(f, g) > _LITTLE else 1
    width = _coarsest(span, narrowest, (f.breaks, g.breaks), tolerance, most)
    return on_lattice(f, g, width) if width and _is_worth_it(f, g, width) else None


def width_of(f: Pieces, tolerance: float) -> float | None:
    """Return the width of the coarsest lattice of one function, or None."""
    span = float(f.breaks[-1] - f.breaks[0])
    return _coarsest(span, float(f.widths.min()), (f.breaks,), tolerance, _MOST_PARTS)


def tolerance_of(f: Pieces, g: Pieces) -> float | None:
    """Return how far breaks may be from their places, or None if rounding leaves no lattice."""
    ends = [each.breaks[[0, -1]] for each in (f, g)]
    largest = float(np.abs([*ends, ends[0] + ends[1]]).max())
    narrowest = float(min(f.widths.min(), g.widths.min()))
    span = float(sum(high - low for low, high in ends))
    if not np.isfinite([largest, span]).all() or narrowest < max(_LEAST * largest, _SMALLEST):
        return None
    return _STRAY * UNIT * largest


def _coarsest(
    span: float, narrowest: float, breaks: tuple[FloatArray, ...], tolerance: float, most: int
) -> float | None:
    """Return the largest width of which `span` and all distances of breaks are multiples."""
    for parts in range(1, most + 1):
        count = round(span / narrowest * parts)
        if count > _MOST_CELLS // 2:
            break
        width = span / count
        if all(_fits(each, width, tolerance) for each in breaks):
            return width
    return None


def _is_worth_it(f: Pieces, g: Pieces, width: float) -> bool:
    """Whether cutting the functions into cells makes much less work than taking them as they are.

    Cutting rounds. Without it a pair has to be restricted to each interval of the grid it covers.
    """
    cells = sum(round((each.breaks[-1] - each.breaks[0]) / width) for each in (f, g))
    m, n = (each.coefficients.shape[1] for each in (f, g))
    if cells * (m + n) > _MOST_COEFFICIENTS:
        return False
    if cells == f.count + g.count:
        return True
    of_cells = cells * m * n * (m + n)
    of_pairs = work_of_pairs(f, g)
    return bool(of_pairs > _LITTLE and of_cells < 0.5 * of_pairs)


def work_of_pairs(f: Pieces, g: Pieces) -> float:
    """Return about how many multiplications it takes to convolve all pairs as they are."""
    length = f.coefficients.shape[1] + g.coefficients.shape[1]
    return float(f.count * g.count * (f.count + g.count) * length**2)


def _fits(breaks: FloatArray, width: float, tolerance: float) -> bool:
    """Whether all breaks are whole multiples of `width` from the first one, but for rounding."""
    distance = breaks - breaks[0]
    return bool((np.abs(distance - np.rint(distance / width) * width) <= tolerance).all())


def on_lattice(f: Pieces, g: Pieces, width: float) -> Lattice:
    """Return two functions on the lattice that their breaks have in common."""
    # A function whose breaks are moved by at most d differs from itself by at most d times its
    # variation in the mean; and h' = f' * g = f * g'.
    of_f, of_g = total_variation(f) * g.scale(), total_variation(g) * f.scale()
    cut = _cut(f, width)
    f, g = cut, cut if f is g else _cut(g, width)
    (first, last), lost = sum_and_rest(f.breaks[[0, -1]], g.breaks[[0, -1]])
    breaks = first + np.arange(f.count + g.count + 1) * width
    breaks[-1] = last
    lost = np.abs(lost)
    stray_f, stray_g = _stray(f.breaks, width), _stray(g.breaks, width)
    stray = _stray(breaks, width) + float(lost[0])
    # Cutting adds to the variation, but less than a twentieth: it rounds.
    displaced = 1.06 * (stray_f * of_f + stray_g * of_g + stray * min(of_f, of_g))
    slope = 1.06 * min(of_f, of_g)
    return Lattice(
        f, g, width, breaks, float(lost.sum()), displaced, stray_f + stray_g + stray, slope
    )


def total_variation(f: Pieces) -> float:
    """Return a bound on the total variation of a function, its jumps included.

    T_k varies by 2 k over [-1, 1]; values at ends are sums, each rounded as often as it has terms.
    """
    c = f.coefficients
    k = np.arange(c.shape[1])
    right = np.append(0.0, c.sum(axis=1))
    left = np.append(reversed_series(c).sum(axis=1), 0.0)
    rounding = 2 * len(k) * UNIT * float(bounds.size(c).sum())
    inside = float((np.abs(c) @ (2.0 * k)).sum())
    return 1.01 * (inside + float(np.abs(left - right).sum()) + rounding)


def _cut(f: Pieces, width: float) -> Pieces:
    """Return the function in pieces of one width."""
    places = np.rint((f.breaks - f.breaks[0]) / width).astype(np.intp)
    if len(places) == places[-1] + 1:
        return f
    breaks = f.breaks[0] + np.arange(places[-1] + 1) * width
    breaks[places] = f.breaks
    return trimmed(refined(f, breaks), f.scale())


def _stray(breaks: FloatArray, width: float) -> float:
    """Return how far the breaks are at most from the places breaks[0] + i * width.

    Both parts of the width have so few bits that their multiples are exact, and so is the first
    difference, by Sterbenz: what is left is rounded twice, and is 0 if it should be.
    """
    mantissa, exponent = np.frexp(width)
    high = np.ldexp(np.rint(np.ldexp(mantissa, 26)), exponent - 26)
    index = np.arange(len(breaks))
    distance, rest = sum_and_rest(breaks, np.full(len(breaks), -breaks[0]))
    apart = ((distance - index * high) - index * (width - high)) + rest
    return float((1.01 * np.abs(apart) + 2 * UNIT * np.abs(rest)).max())
