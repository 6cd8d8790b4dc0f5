"""Cutting a smooth function anew, so that its pieces are as wide as those of another.

Two long series on intervals of any widths were halved to pieces that have no lattice in common. But
most breaks mean nothing: the function goes on smoothly. The one with the wider pieces is cut into
pieces of the other's width from its first break on; what is left over is one piece more::

      f   |     |     |     |     |     |      its own breaks
          |    |    |    |    |    |    | |    anew: cells of g's width, and a rest
      g   |    |    |    |    |    |    |

Where old breaks are more than traces, f keeps them: it cannot be cut anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faltung.functions.bounds import Deviation
from faltung.functions.polynomials.lattice import (
    Lattice,
    on_lattice,
    tolerance_of,
    width_of,
    work_of_pairs,
)
from faltung.functions.polynomials.limit import trimmed
from faltung.functions.polynomials.merge import merged
from faltung.functions.polynomials.pieces import Pieces, refined
from faltung.functions.transform import FloatArray

# Multiplications for all pairs up to which they are taken as they are.
_ENOUGH = 200_000_000

# How many times less work it must be: cutting rounds, and may be in vain.
_GAIN = 4


# What cutting may add to the error of a piece: as much again, as its two sides may differ by.
_PART = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Recut:
    """A function in cells of another's width and a rest, and the other one.

    Attributes
    ----------
    anew
        The function that was cut: its cells, and the rest as the last piece if there is one.
    other
        The other function, in cells.
    lattice
        The cells of both.
    exchanged
        Whether it was the second function that was cut.
    """

    anew: Pieces
    other: Pieces
    lattice: Lattice
    exchanged: bool

    @property
    def operands(self) -> tuple[Pieces, Pieces]:
        """Return both functions in the order in which they were given."""
        return (self.other, self.anew) if self.exchanged else (self.anew, self.other)


def recut(f: Pieces, g: Pieces) -> Recut | None:
    """Return two functions without a lattice cut so that most of both has one, if that pays."""
    exchanged = bool(f.widths.min() < g.widths.min())
    if exchanged:
        f, g = g, f
    tolerance = tolerance_of(f, g)
    width = width_of(g, tolerance) if tolerance else None
    if not tolerance or not width or not _pays(f, g, width):
        return None
    breaks = _cells_and_rest(f.breaks, width, tolerance)
    parts = trimmed(refined(f, np.union1d(breaks, f.breaks)), f.scale())
    # What is misplaced at a break that goes keeps its integral and its height.
    anew = merged(parts, keep=breaks, part=_PART)
    if anew.count != len(breaks) - 1:
        return None
    whole = abs(breaks[-1] - breaks[-2] - width) <= 4 * tolerance
    lattice = on_lattice(_first(anew, anew.count - (0 if whole else 1)), g, width)
    return Recut(anew, lattice.g, lattice, exchanged)


def _pays(f: Pieces, g: Pieces, width: float) -> bool:
    """Whether it makes much less work than all pairs."""
    m, n = (each.coefficients.shape[1] for each in (f, g))
    of_pairs = work_of_pairs(f, g)
    cells = sum((each.breaks[-1] - each.breaks[0]) / width for each in (f, g))
    # Each cell of the result is evaluated twice, and the rest meets all of g.
    of_cells = 4 * cells * (m + n) ** 2 + cells * m * n * (m + n)
    return bool(of_pairs > _ENOUGH and _GAIN * of_cells < of_pairs)


def _cells_and_rest(breaks: FloatArray, width: float, tolerance: float) -> FloatArray:
    """Return the ends of cells from the first break to the last; old breaks stay if they fit."""
    first, last = float(breaks[0]), float(breaks[-1])
    anew = first + np.arange(int((last - first) // width) + 1) * width
    if last - anew[-1] > tolerance:
        anew = np.append(anew, last)
    nearest = np.clip(np.searchsorted(breaks, anew - tolerance), 0, len(breaks) - 1)
    return np.where(np.abs(breaks[nearest] - anew) <= tolerance, breaks[nearest], anew)


def _first(f: Pieces, count: int) -> Pieces:
    """Return the first pieces of a function."""
    deviation = Deviation(f.deviation.bound[:count], f.deviation.estimate[:count])
    return Pieces(f.breaks[: count + 1], f.coefficients[:count], deviation, f.misplaced)
