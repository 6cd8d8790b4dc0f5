"""The pairs of a piece of f and a piece of g, in groups of similar degree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from faltung.functions import bounds
from faltung.functions.bounds import UNIT, Deviation
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.transform import FloatArray, IndexArray

# Series of these lengths are handled together; a shorter one is filled up with zeros.
_LENGTHS = np.array([0, 1, 2, 4, 8, 16, 33, 65])

# With less work than this (pairs times coefficients squared) all series make one group: each
# further group costs about half a millisecond.
_SMALL = 1_000_000

# Coefficients of results that one group may hold.
_ROOM = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of a shorter and a longer piece.

    Attributes
    ----------
    short, long
        The coefficients of distinct pieces, shapes (rows, length).
    i, j
        Which two make each pair; `i` does not fall.
    width
        The width of the shorter piece of each pair.
    ratio
        The shorter width over the longer, at most 1.
    place
        Shape (pairs, 4): the grid indices of a + c, b + c, a + d, b + d, where [a, b] is the
        shorter and [c, d] the longer piece.
    moved
        How far the farthest of its four corners was moved.
    displaced
        What that does to each pair, wherever it happens.
    """

    short: FloatArray
    long: FloatArray
    i: IndexArray
    j: IndexArray
    width: FloatArray
    ratio: FloatArray
    place: IndexArray
    moved: FloatArray
    displaced: Deviation


def pairs_of(
    short: Pieces, long: Pieces, place: IndexArray, moved: FloatArray, *, equal: bool
) -> Iterator[Pairs]:
    """Yield every pair in which the first piece is shorter (or as short, if `equal`).

    Pieces that are zero make no pairs. `place` and `moved` are those of the grid, with the breaks
    of `short` along the first axis.
    """
    longest = max(short.coefficients.shape[1], long.coefficients.shape[1])
    small = short.count * long.count * longest**2 < _SMALL
    class_short, class_long = (_class_of(each.coefficients, small) for each in (short, long))
    for m in np.unique(class_short[class_short > 0]):
        for n in np.unique(class_long[class_long > 0]):
            rows = np.flatnonzero(class_short == m)
            columns = np.flatnonzero(class_long == n)
            widths = short.widths[rows][:, None], long.widths[columns]
            chosen = widths[0] <= widths[1] if equal else widths[0] < widths[1]
            i, j = np.nonzero(chosen)
            step = max(1, _ROOM // int(m + n))
            for start in range(0, len(i), step):
                batch = slice(start, start + step)
                cut = (rows[i[batch]], int(m)), (columns[j[batch]], int(n))
                yield _group(short, long, cut, place, moved)


def _class_of(coefficients: FloatArray, one: bool) -> IndexArray:
    """Return the length that each row is handled at (just `one`, or several); 0 for zeros."""
    length = coefficients.shape[1]
    nonzero = coefficients != 0
    last = np.where(nonzero.any(axis=1), length - np.argmax(nonzero[:, ::-1], axis=1), 0)
    lengths = np.array([0, last.max()]) if one else _LENGTHS
    return np.asarray(lengths[np.searchsorted(lengths, last)])


def _group(
    short: Pieces,
    long: Pieces,
    cut: tuple[tuple[IndexArray, int], tuple[IndexArray, int]],
    place: IndexArray,
    moved: FloatArray,
) -> Pairs:
    """Return the pairs of the pieces named by `cut`, with series of the lengths named there."""
    (i, m), (j, n) = cut
    rows, at_i = np.unique(i, return_inverse=True)
    columns, at_j = np.unique(j, return_inverse=True)
    width = short.widths[i]
    corners = list(zip((i, i + 1, i, i + 1), (j, j, j + 1, j + 1), strict=True))
    farthest = np.max([moved[corner] for corner in corners], axis=0)
    corner = np.stack([place[corner] for corner in corners], axis=1)
    # Widths that are equal but for rounding may leave the second corner behind the third: both go
    # to one break, which adds how far apart they were put and how far apart they are.
    crossed = corner[:, 1] > corner[:, 2]
    corner[crossed, 2] = corner[crossed, 1]
    farthest[crossed] = 3 * farthest[crossed] + 4 * UNIT * long.widths[j[crossed]]
    return Pairs(
        short=_fitted(short.coefficients[rows], m),
        long=_fitted(long.coefficients[columns], n),
        i=at_i,
        j=at_j,
        width=width,
        ratio=width / long.widths[j],
        place=corner,
        moved=farthest,
        displaced=_displaced(short, long, i, j, farthest),
    )


def _fitted(coefficients: FloatArray, length: int) -> FloatArray:
    """Return the series with exactly `length` coefficients; what is cut off is zero."""
    missing = length - coefficients.shape[1]
    longer = np.pad(coefficients, ((0, 0), (0, max(missing, 0))))
    return np.ascontiguousarray(longer[:, :length])


def _displaced(
    short: Pieces, long: Pieces, i: IndexArray, j: IndexArray, distance: FloatArray
) -> Deviation:
    """Return what moving the corners of a pair by at most `distance` does to its values.

    Let h be the convolution of the pair and m the map of the corners, straight between them. Where
    a part is left, h(m(x)) stands for h(x), and |m(x) - x| <= distance: at most distance times the
    slope of h. A part that lies wholly in one break is left out, and no other point is asked of
    it. Beside the outer corners nothing stands for h(x), with x within the distance of an end of
    h, where h is 0: again distance times slope. If all of h lies in one break, each x is nearer to
    one end than half its width, at most the distance.

    The derivative of f * g is f' * g, jumps of f included: at most the variation of f times the
    size of g; and the same with f and g exchanged. Neither value exceeds the width of the shorter
    times both sizes, nor does their distance exceed twice that.
    """
    sizes = bounds.size(short.coefficients)[i] * bounds.size(long.coefficients)[j]
    of_short = bounds.variation(short.coefficients)[i] * bounds.size(long.coefficients)[j]
    of_long = bounds.variation(long.coefficients)[j] * bounds.size(short.coefficients)[i]
    change = np.minimum(distance * np.minimum(of_short, of_long), 2 * short.widths[i] * sizes)
    return Deviation(1.01 * change, 0.1 * change)
