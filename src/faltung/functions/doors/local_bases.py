"""Polynomials over each of many intervals, from other bases to Chebyshev's, with their rounding."""

from __future__ import annotations

from functools import lru_cache
from math import comb

import numpy as np

from faltung.functions.bounds import TINY, UNIT, Deviation, root_sum_square
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.transform import FloatArray


@np.errstate(over="ignore", invalid="ignore")
def from_powers(breaks: FloatArray, powers: FloatArray) -> Pieces:
    """Return pieces from coefficients of 1, y, y^2, ..., where y counts from the left end.

    Parameters
    ----------
    breaks
        Shape (count + 1,), rising.
    powers
        Shape (count, length).

    Notes
    -----
    With the width h, y = h (1 + x) / 2, and ((1 + x) / 2)^j is a series with coefficients above 0.
    The width is rounded once and its j-th power j - 1 times: c_j h^j is within 2 j + 1 units, and
    j of the smallest doubles, times c_j, where a power is below the others.
    """
    width = np.diff(breaks)[:, None]
    length = powers.shape[1]
    scales = np.ones((len(width), length))
    np.cumprod(np.broadcast_to(width, (len(width), length - 1)), axis=1, out=scales[:, 1:])
    lost = (TINY * np.abs(powers)) @ (2.0 * np.arange(length))
    return _combined(breaks, powers * scales, _of_powers(length), 2 * length - 1, lost)


@np.errstate(over="ignore", invalid="ignore")
def from_bernstein(breaks: FloatArray, values: FloatArray, off: FloatArray | float = 0.0) -> Pieces:
    """Return pieces from Bernstein coefficients, shape (count, length), which are off by `off`.

    Bernstein's polynomials are positive and add up to 1: what is off is no larger in the sum.
    """
    return _combined(breaks, values, _of_bernstein(values.shape[1]), 0, off)


def _combined(
    breaks: FloatArray,
    values: FloatArray,
    matrix: FloatArray,
    units: int,
    off: FloatArray | float,
) -> Pieces:
    """Return pieces whose Chebyshev coefficients are values times a matrix of rounded numbers.

    Each value is known within `units` roundings, and all together within `off`. A sum of n products
    is within n + 1 more of the sizes' sum, in whatever order it is done (N. J. Higham, "Accuracy
    and Stability of Numerical Algorithms", 2002, section 3.1).
    """
    length = len(matrix)
    sizes = np.abs(values) * np.abs(matrix).sum(axis=1)
    bound = 1.01 * (units + length + 2) * UNIT * sizes.sum(axis=1) + TINY * 8 * length**2 + off
    estimate = np.hypot(UNIT * root_sum_square(sizes, np.ones(length)), np.divide(off, 8))
    return Pieces(breaks, values @ matrix, Deviation(bound, estimate)).checked("the spline")


@lru_cache(maxsize=70)
def _of_powers(length: int) -> FloatArray:
    """Return the Chebyshev coefficients of ((1 + x) / 2)^j, one row for each j.

    With x = cos t it is cos(t / 2)^(2 j), whose Fourier coefficients are binomial (DLMF 4.21).
    """
    rows = [
        [(2 if k else 1) * comb(2 * j, j - k) / 4**j if k <= j else 0.0 for k in range(length)]
        for j in range(length)
    ]
    matrix = np.array(rows)
    matrix.setflags(write=False)
    return matrix


@lru_cache(maxsize=70)
def _of_bernstein(length: int) -> FloatArray:
    """Return the Chebyshev coefficients of Bernstein's polynomials, one row for each, correctly rounded.

    From degree n - 1 to n: b_j = (1 - y) b_j + y b_{j-1} with y = (1 + x) / 2, in whole numbers
    that count 4^-n.
    """
    rows: list[list[int]] = [[1]]
    for degree in range(1, length):
        upper = [[0] * degree, *(_by_line(row, 1) for row in rows)]
        lower = [*(_by_line(row, -1) for row in rows), [0] * degree]
        width = degree + 1
        rows = [
            [
                (one[k] if k < len(one) else 0) + (other[k] if k < len(other) else 0)
                for k in range(width)
            ]
            for one, other in zip(upper, lower, strict=True)
        ]
    matrix = np.array([[part / 4 ** (length - 1) for part in row] for row in rows])
    matrix.setflags(write=False)
    return matrix


def _by_line(series: list[int], sign: int) -> list[int]:
    """Return four times a series times (1 + x) / 2 or (1 - x) / 2: 2 c_k and sign (c_{k-1} + c_{k+1})."""
    result = [2 * part for part in series] + [0]
    for k, part in enumerate(series):
        result[k + 1] += sign * part
        result[abs(k - 1)] += sign * part
    return result
