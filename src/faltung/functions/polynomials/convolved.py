r"""The convolution of two piecewise polynomials: h(t) = integral of f(s) g(t - s) ds.

In numbered steps:

1. Scale both by powers of two, so that nothing overflows on the way.
2. Where all pieces have one width, or can be cut so, add the triangles of all pairs up by a
   transform over the number of the piece.
3. Elsewhere make the grid: the sums of a break of f and a break of g, nearly equal ones merged.
   Convolve every pair of pieces: three polynomials, each over its own part of the grid; and add
   them up on each interval of the grid.
4. Count what the errors of the operands do.
5. Halve intervals until the degree is at most 64, drop needless coefficients, and join
   neighbours that one polynomial serves as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from faltung.errors import ResolutionError
from faltung.functions.bounds import TINY, Deviation
from faltung.functions.polynomials.calculus import norm
from faltung.functions.polynomials.cells import convolved_cells
from faltung.functions.polynomials.grid import Grid, sum_grid
from faltung.functions.polynomials.lattice import Lattice, lattice_of
from faltung.functions.polynomials.limit import limited
from faltung.functions.polynomials.merge import merged
from faltung.functions.polynomials.misplaced import Misplaced, product, shifted
from faltung.functions.polynomials.pairs import Pairs, pairs_of
from faltung.functions.polynomials.patches import convolve_pairs
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.polynomials.recut import recut
from faltung.functions.polynomials.total import Total
from faltung.functions.transform import FloatArray

# Coefficients that the result may have before it is simplified: 400 MB.
_COEFFICIENTS = 50_000_000

# Multiplications to restrict each pair of pieces to the intervals it covers: about a minute of one
# processor.
_WORK = 5e11

# The part of a piece's error bound by which joining it with a neighbour may change it.
_PART = 2.0**-10


@np.errstate(over="ignore", invalid="ignore")
def convolved(f: Pieces, g: Pieces) -> Pieces:
    """Return the convolution of two chains of pieces."""
    alike = f is g
    f, exponent_f = _normalised(f)
    g, exponent_g = (f, exponent_f) if alike else _normalised(g)
    if lattice := lattice_of(f, g):
        f, g, moved = lattice.f, lattice.g, lattice.moved
        total = convolved_cells(lattice)
    elif cut := recut(f, g):
        f, g = cut.operands
        total, moved = _of_all_pairs(cut.anew, cut.other, cut.lattice)
    else:
        total, moved = _of_all_pairs(f, g)
    # What the operands are not known to is no reason for more pieces: their errors come first.
    total = replace(total, deviation=total.deviation + _inherited(f, g, total.count))
    result = merged(limited(total), part=_PART)
    bound = float(result.deviation.bound.max())
    # Off the domain the convolution is within the bound too.
    result = replace(result, misplaced=Misplaced(height=bound, outside=bound))
    result = _times_power(result, exponent_f + exponent_g)
    # What is not misplaced in the operands reaches beyond the ends by what these were moved.
    beyond = product(moved, result.misplaced.outside)
    area = 1.01 * beyond + _misplaced_area(f, exponent_f, g, exponent_g)
    misplaced = replace(result.misplaced, area=area)
    return replace(result, misplaced=misplaced).checked("the convolution")


def _of_all_pairs(f: Pieces, g: Pieces, lattice: Lattice | None = None) -> tuple[Pieces, float]:
    """Return the convolution of functions with any breaks, and how far both its ends were moved.

    With a lattice, the first pieces of f and all of g are on it: it makes these pairs.
    """
    length = f.coefficients.shape[1] + g.coefficients.shape[1]
    if (f.count + 1) * (g.count + 1) * length > _COEFFICIENTS:
        raise _too_many(f, g)
    grid = sum_grid(f.breaks, g.breaks)
    total = Total(grid.breaks, length)
    moved = float(grid.moved[0, 0] + grid.moved[-1, -1])
    if lattice:
        _add_cells(total, grid, lattice)
        f = _rest(f, lattice.f.count)
    elif float(np.sum(grid.place[1:, 1:] - grid.place[:-1, :-1])) * length**2 > _WORK:
        raise _too_many(f, g)
    for pairs in pairs_of(f, g, grid.place, grid.moved, equal=True):
        _add_pairs(total, grid, pairs)
    for pairs in pairs_of(g, f, grid.place.T, grid.moved.T, equal=False):
        _add_pairs(total, grid, pairs)
    return total.pieces(), moved


def _add_cells(total: Total, grid: Grid, lattice: Lattice) -> None:
    """Add the convolution of the cells of a lattice, each where the grid has its ends."""
    cells = convolved_cells(lattice)
    sums = np.arange(cells.count + 1)
    i = np.minimum(sums, lattice.f.count)
    place = grid.place[i, sums - i]
    apart = float(np.abs(grid.breaks[place] - lattice.breaks).max())
    moved = Deviation(np.array([apart * lattice.slope]), np.array([0.1 * apart * lattice.slope]))
    every = np.zeros(cells.count, dtype=np.intp)
    total.add(cells.coefficients, place[:-1], place[1:], cells.deviation + moved[every])
    # Both true ends may lie that far in the next interval, where nothing stands for the cells.
    reach = np.nextafter(2 * (apart + lattice.stray), np.inf)
    ends = grid.breaks[place[[0, -1]]]
    beyond = lattice.displaced + apart * lattice.slope
    charge = Deviation(np.full(2, beyond), np.full(2, 0.1 * beyond))
    total.charge(ends - reach, ends + reach, charge)


def _rest(f: Pieces, count: int) -> Pieces:
    """Return the function without its first pieces, which are zero instead."""
    coefficients = f.coefficients.copy()
    coefficients[:count] = 0.0
    return replace(f, coefficients=coefficients)


def _too_many(f: Pieces, g: Pieces) -> ResolutionError:
    return ResolutionError(
        f"{f.count} pieces and {g.count} pieces are too many to convolve: all their pairs overlap. "
        "Resolve the functions with fewer breaks, convolve parts of them and add the results, or "
        "convolve samples of them as arrays"
    )


def _add_pairs(total: Total, grid: Grid, pairs: Pairs) -> None:
    """Add the three parts of every pair, each where the grid says."""
    parts = convolve_pairs(pairs)
    place = pairs.place
    total.add(parts.left, place[:, 0], place[:, 1], parts.outer_rounding)
    total.add(parts.middle, place[:, 1], place[:, 2], parts.middle_rounding)
    total.add(parts.right, place[:, 2], place[:, 3], parts.outer_rounding)
    # The true pair may begin before the first break and end behind the last, by what they moved.
    # Where all three parts lie in one break, this is all that is left of it.
    rows = np.flatnonzero(pairs.moved)
    if len(rows):
        before = grid.breaks[place[rows, 0]] - pairs.moved[rows]
        behind = grid.breaks[place[rows, 3]] + pairs.moved[rows]
        before, behind = np.nextafter(before, -np.inf), np.nextafter(behind, np.inf)
        total.charge(before, behind, pairs.displaced[rows])


def _inherited(f: Pieces, g: Pieces, count: int) -> Deviation:
    """Return what the errors of the operands do to each of `count` pieces.

    With p - F = e and q - G = d: p * q - F * G = e * q + p * d - e * d. Each error has a part
    within the bounds, and a part that is misplaced and has an integral and a height.
    """
    of_f = f.scale(), norm(f)
    of_g = of_f if f is g else (g.scale(), norm(g))
    e, d = _Errors.bounds(f), _Errors.bounds(g)
    bound = e.against(*of_g) + d.against(*of_f) + e.both(d)
    e, d = _Errors.estimates(f), _Errors.estimates(g)
    estimate = np.hypot(e.against(*of_g), d.against(*of_f))
    return Deviation(np.full(count, 1.01 * bound), np.full(count, estimate))


def _misplaced_area(f: Pieces, exponent_f: int, g: Pieces, exponent_g: int) -> float:
    """Return the integral of what misplaced errors do, for operands times powers of two.

    It may lie anywhere; its integral is at most the product of the integrals. Those of operands of
    size 1 may overflow together where the true ones do not.
    """
    if not f.misplaced.area and not g.misplaced.area:
        return 0.0
    areas = [
        [shifted(area, exponent) for area in (norm(each), errors.area, errors.misplaced.area)]
        for each, errors, exponent in (
            (f, _Errors.bounds(f), exponent_f),
            (g, _Errors.bounds(g), exponent_g),
        )
    ]
    (of_f, e, a), (of_g, d, b) = areas
    return 1.01 * (product(a, of_g + d + b) + product(b, of_f + e))


@dataclass(frozen=True, slots=True)
class _Errors:
    """How large the errors of a function are at most, and their integrals."""

    height: float
    area: float
    misplaced: Misplaced

    @staticmethod
    def bounds(f: Pieces) -> _Errors:
        largest = f.deviation.bound
        return _Errors(float(largest.max()), _integral(largest, f.widths), f.misplaced)

    @staticmethod
    def estimates(f: Pieces) -> _Errors:
        likely = f.deviation.estimate
        return _Errors(float(likely.max()), _integral(likely, f.widths), f.misplaced)

    def against(self, largest: float, area: float) -> float:
        """Bound the convolution of this error with g: |e * g| <= max|e| ||g||, or ||e|| max|g|."""
        return _least(self, largest, area) + _least(self.misplaced, largest, area)

    def both(self, other: _Errors) -> float:
        """Bound the convolution of two errors."""
        a, b = self.misplaced, other.misplaced
        mixed = product(self.height, b.area) + product(other.height, a.area)
        return _least(self, other.height, other.area) + mixed + _least(a, b.height, b.area)


def _least(error: _Errors | Misplaced, largest: float, area: float) -> float:
    """Return the lesser of height times area and area times height."""
    return min(product(error.height, area), product(error.area, largest))


def _integral(heights: FloatArray, widths: FloatArray) -> float:
    """Return a bound on the integral of what is at most so high on intervals so wide."""
    return float(heights @ widths) + TINY * np.count_nonzero(heights)


def _normalised(f: Pieces) -> tuple[Pieces, int]:
    """Return f divided by a power of two, so that its size is about 1, and the exponent."""
    exponent = int(np.frexp(np.abs(f.coefficients).max())[1])
    return _times_power(f, -exponent), exponent


def _times_power(f: Pieces, exponent: int) -> Pieces:
    with np.errstate(over="ignore"):
        bound, estimate, coefficients = (
            np.ldexp(each, exponent)
            for each in (f.deviation.bound, f.deviation.estimate, f.coefficients)
        )
    # What falls below the smallest normal number is rounded.
    lost = TINY * coefficients.shape[1] if exponent < 0 else 0.0
    misplaced = f.misplaced.times_power(exponent)
    return Pieces(f.breaks, coefficients, Deviation(bound + lost, estimate), misplaced)
