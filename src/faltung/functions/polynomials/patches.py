r"""The convolution of two pieces: a triangle, a parallelogram, a triangle.

For a piece of f on [a, b] and a piece of g on [c, d], no shorter, the pairs (s, t) with s in
[a, b] and t - s in [c, d] fill a parallelogram. Over t it is cut at b + c and a + d::

      s
    b |      ________________
      |     /|              /
      |    / |             /|         left:    g counts on [c, c + w] only
      |   /  |            / |         middle:  all of f meets a part of g
    a |  /___|___________/  |         right:   g counts on [d - w, d] only
      +-----------------------------> t
       a+c  b+c        a+d  b+d       w = b - a

On each of the three the convolution is a polynomial. The outer two are convolutions of equal
widths, read from the table of triangles; the middle one, of the degree of g, is found through its
values, by Gauss quadrature, which is exact for polynomials.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faltung import _core
from faltung.functions import bounds, transform
from faltung.functions.bounds import TABLE_ERROR, TABLE_SIZE, UNIT, Deviation
from faltung.functions.polynomials import chebyshev
from faltung.functions.polynomials.chebyshev import reversed_series
from faltung.functions.polynomials.gauss import gauss
from faltung.functions.polynomials.legendre import table_of
from faltung.functions.polynomials.pairs import Pairs
from faltung.functions.transform import FloatArray, IndexArray

# Numbers that one step of the work may hold at a time (doubles).
_ROOM = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Patches:
    """The three parts of each pair: coefficients (pairs, length), and their rounding."""

    left: FloatArray
    middle: FloatArray
    right: FloatArray
    outer_rounding: Deviation
    middle_rounding: Deviation


def convolve_pairs(pairs: Pairs) -> Patches:
    """Return the convolution of every pair, each part over its own interval of t."""
    left, right, outer = _triangles(pairs)
    middle, inner = _middles(pairs)
    return Patches(left, middle, right, outer, inner)


def _triangles(pairs: Pairs) -> tuple[FloatArray, FloatArray, Deviation]:
    """Return the left and right parts: equal widths, because g is restricted to the width of f.

    The right triangle is the left one of both functions reversed.
    """
    count = pairs.long.shape[1]
    near_left, near_right = pairs.long[pairs.j], pairs.long[pairs.j]
    wider = np.flatnonzero(pairs.ratio < 1)
    long, ratio = near_left[wider], pairs.ratio[wider]
    near_left[wider] = chebyshev.restrict(long, ratio - 1, ratio, count)
    near_right[wider] = chebyshev.restrict(long, 1 - ratio, ratio, count)
    left = _contracted(pairs.short, near_left, pairs.i)
    right = reversed_series(
        _contracted(reversed_series(pairs.short), reversed_series(near_right), pairs.i)
    )
    half = 0.5 * pairs.width
    rounding = _triangle_rounding(pairs, near_left, near_right)
    return left * half[:, None], right * half[:, None], rounding


def _contracted(short: FloatArray, long: FloatArray, i: IndexArray) -> FloatArray:
    """Return sum over m, n of short[i, m] long[row, n] table[m, n, :] for each row.

    The sum over m is done once for each distinct short piece, not once for each pair.
    """
    m, n = short.shape[1], long.shape[1]
    table = table_of(m, n).reshape(m, -1)
    result = np.empty((len(long), m + n))
    step = max(1, _ROOM // (n * (m + n)))
    for start in range(0, len(short), step):
        kernels = (short[start : start + step] @ table).reshape(-1, n, m + n)
        for row, kernel in enumerate(kernels, start):
            chosen = slice(*np.searchsorted(i, [row, row + 1]))
            result[chosen] = long[chosen] @ kernel
    return result


def _triangle_rounding(pairs: Pairs, left: FloatArray, right: FloatArray) -> Deviation:
    """Return the rounding of both triangles: of the restricted g, and of the sums."""
    m, n = pairs.short.shape[1], pairs.long.shape[1]
    size_short = bounds.size(pairs.short)[pairs.i]
    size_near = np.maximum(bounds.size(left), bounds.size(right))
    whole = bounds.evaluation(pairs.long)[pairs.j]
    larger = np.where((bounds.size(left) > bounds.size(right))[:, None], left, right)
    restricted = bounds.interpolation(whole, larger, n).scaled(np.where(pairs.ratio == 1, 0.0, 1.0))
    products = (TABLE_ERROR + 1.01 * UNIT * TABLE_SIZE * (m + n + 6)) * size_short * size_near
    likely = UNIT * bounds.typical(pairs.short)[pairs.i] * bounds.typical(larger)
    summed = Deviation(products, likely).scaled(0.5 * pairs.width)
    mean_short = bounds.mean_size(pairs.short)[pairs.i]
    return restricted.scaled(pairs.width * mean_short) + summed


def _middles(pairs: Pairs) -> tuple[FloatArray, Deviation]:
    """Return the middle parts.

    With y in [-1, 1] over the middle and z in [-1, 1] over f, g is taken at
    (1 - ratio) y - ratio z in its own variable.
    """
    m, n = pairs.short.shape[1], pairs.long.shape[1]
    points, weights = gauss((m + n) // 2)
    sampling = np.polynomial.chebyshev.chebvander(points, m - 1).T
    weighted = np.ascontiguousarray((pairs.short @ sampling) * weights)
    values = np.zeros((len(pairs.i), n))
    todo = np.flatnonzero(pairs.ratio < 1)
    sampled = np.empty((len(todo), n))
    rule = np.ascontiguousarray(points), transform.nodes(n)
    i, j, ratio = pairs.i[todo], pairs.j[todo], pairs.ratio[todo]
    _core.integrate_middles(weighted, i, pairs.long, j, ratio, *rule, sampled, 0)
    values[todo] = sampled
    half = 0.5 * pairs.width
    middle = transform.interpolate(values)
    rounding = bounds.interpolation(_sampled(pairs, len(points)), middle, n)
    return middle * half[:, None], rounding.scaled(half)


def _sampled(pairs: Pairs, count: int) -> Deviation:
    """Return the rounding of the middle's values over half a width: of both factors and the sum.

    The weights are positive and add up to 2.
    """
    size_short = bounds.size(pairs.short)[pairs.i]
    size_long = bounds.size(pairs.long)[pairs.j]
    of_short = bounds.evaluation(pairs.short)[pairs.i].scaled(2 * size_long)
    of_long = bounds.evaluation(pairs.long)[pairs.j].scaled(2 * size_short)
    magnitude = 2 * size_short * size_long
    roundings = count + pairs.short.shape[1] + 8
    summed = Deviation(1.01 * UNIT * roundings * magnitude, UNIT * magnitude)
    return of_short + of_long + summed
