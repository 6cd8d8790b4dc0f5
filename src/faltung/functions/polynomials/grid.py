"""The breaks of a convolution: all sums of a break of f and a break of g."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faltung.errors import ResolutionError
from faltung.functions.bounds import UNIT
from faltung.functions.polynomials.moves import sum_and_rest
from faltung.functions.transform import FloatArray, IndexArray

# Sums that lie this many unit roundoffs of the largest coordinate apart are one break.
_MERGE = 32


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The breaks of f * g, and where each sum of two breaks went.

    Attributes
    ----------
    breaks
        The sums in rising order, those that nearly coincide only once.
    place
        Shape (breaks of f, breaks of g): the index in `breaks` of the sum of break i and break j.
    moved
        Shape as `place`: how far that sum was moved, by rounding and by merging.
    """

    breaks: FloatArray
    place: IndexArray
    moved: FloatArray


def sum_grid(f: FloatArray, g: FloatArray) -> Grid:
    """Return the grid of the sums of breaks of f and g.

    What merging does is bounded by how far the sums moved, times the slope of the convolution of
    two pieces: see `_displaced` in :mod:`faltung.functions.polynomials.pairs`. That is small unless a piece
    is as narrow as the rounding of the coordinates and as high as the inverse of it.
    """
    total, lost = sum_and_rest(np.repeat(f, len(g)), np.tile(g, len(f)))
    if not np.isfinite([*total, total.max() - total.min()]).all():
        raise ResolutionError(
            "the sums of the breaks, or the width of the convolution, overflow: shift the functions "
            "nearer to 0, or scale their variable down, for instance f.scale(1e-100)"
        )
    order = np.argsort(total, kind="stable")
    cluster = _clusters(total[order], _MERGE * UNIT * np.abs(total).max())
    breaks = _middles(total[order], cluster)
    # The ends of the domain are exactly the sums of the ends.
    breaks[0], breaks[-1] = total[0], total[-1]
    place = np.empty(len(total), dtype=np.intp)
    place[order] = cluster
    moved = np.abs(breaks[place] - total) + np.abs(lost)
    if len(breaks) < 2:
        raise ResolutionError(
            f"the convolution is narrower than double precision can tell at x = {total[0]!r}: "
            "shift the functions nearer to 0"
        )
    shape = (len(f), len(g))
    return Grid(breaks, place.reshape(shape), moved.reshape(shape))


def _clusters(ordered: FloatArray, tolerance: float) -> IndexArray:
    """Return the cluster of each entry of a rising sequence; none is wider than `tolerance`."""
    gaps = np.diff(ordered)
    cluster = np.concatenate([[0], np.cumsum(gaps > tolerance)])
    # A long chain of small gaps can be wider than the tolerance: cut it.
    starts = np.concatenate([[0], np.flatnonzero(np.diff(cluster)) + 1])
    span = ordered - ordered[starts][cluster]
    if (span <= tolerance).all():
        return cluster.astype(np.intp)
    within = np.floor(span / tolerance).astype(np.intp)
    new = np.concatenate([[False], (np.diff(cluster) > 0) | (np.diff(within) > 0)])
    return np.cumsum(new).astype(np.intp)


def _middles(ordered: FloatArray, cluster: IndexArray) -> FloatArray:
    """Return the middle element of each cluster: it is one of the sums, not an average."""
    starts = np.flatnonzero(np.concatenate([[True], np.diff(cluster) > 0]))
    stops = np.concatenate([starts[1:], [len(ordered)]])
    middles: FloatArray = ordered[(starts + stops - 1) // 2]
    return middles
