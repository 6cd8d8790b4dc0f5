r"""The table of all products: the convolution of T_m with T_n on their first triangle.

For f and g on [-1, 1] the convolution rises over the left triangle, t in [-2, 0]:
``h(t) = integral of f(s) g(t - s) ds for s from -1 to t + 1``. With y = t + 1 it is a polynomial
in y on [-1, 1], of degree m + n + 1. The table holds its Chebyshev coefficients for f = T_m and
g = T_n; every other convolution of polynomials is a sum of these.

The table is built by the recurrence of N. Hale and A. Townsend, "An algorithm for the
convolution of Legendre series", SIAM J. Sci. Comput. 36 (2014), A1207-A1220, Theorem 4.1.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from faltung.functions.transform import FloatArray

# The table is made for these sizes of pieces.
_LENGTHS = (8, 16, 33, 65)


def _central_binomials(count: int) -> FloatArray:
    """Return C(2i, i) / 4^i for i < count, each correctly rounded."""
    return np.array([math.comb(2 * i, i) / 4**i for i in range(count)])


@lru_cache(maxsize=16)
def chebyshev_from_legendre(length: int) -> FloatArray:
    """Return the Chebyshev coefficients of P_0, P_1, …: row n belongs to P_n.

    They are products of central binomials (DLMF 18.5.11): none is negative, and each row adds
    up to P_n(1) = 1.
    """
    binomials = _central_binomials(length)
    n, k = np.indices((length, length))
    inside = (k <= n) & ((n + k) % 2 == 0)
    products = binomials[np.abs(n - k) // 2] * binomials[np.minimum(n + k, 2 * n) // 2]
    return np.where(inside, products * np.where(k, 2, 1), 0.0)


@lru_cache(maxsize=16)
def legendre_from_chebyshev(length: int) -> FloatArray:
    """Return the Legendre coefficients of T_0, T_1, …: row n belongs to T_n.

    The closed form of B. Alpert and V. Rokhlin, "A fast algorithm for the evaluation of
    Legendre expansions", SIAM J. Sci. Stat. Comput. 12 (1991), 158-179, in binomials.
    """
    binomials = _central_binomials(length)
    n, k = np.indices((length, length))
    inside = (k < n) & ((n + k) % 2 == 0)
    i = np.where(inside, (n - k) // 2 - 1, 0)
    j = np.where(inside, (n + k) // 2, 1) if length > 1 else np.zeros_like(n)
    ratios = binomials[i] / (np.maximum(j, 1) * binomials[j])
    below = -n * (k + 0.5) / ((n + k + 1) * np.where(inside, n - k, 1)) * ratios
    diagonal = np.where(n == 0, 1.0, 0.5 / binomials[n])
    return np.where(inside, below, np.where(n == k, diagonal, 0.0))


def integrate_series(series: FloatArray) -> FloatArray:
    """Return the integrals from -1 of Legendre series (last axis), cut to the same length.

    The matrix S of Hale and Townsend: P_k integrates to (P_{k+1} - P_{k-1}) / (2k + 1).
    """
    divided = series / (2 * np.arange(series.shape[-1]) + 1)
    integral = np.zeros_like(series)
    integral[..., 1:] += divided[..., :-1]
    integral[..., :-1] -= divided[..., 1:]
    integral[..., 0] += series[..., 0]
    return integral


def legendre_columns(series: FloatArray, count: int) -> FloatArray:
    """Return the left triangle of series * P_n for n < count.

    Parameters
    ----------
    series
        Legendre coefficients, shape (rows, length); they must end in `count` + 1 zeros, the
        room that the results need.
    count
        How many P_n to convolve with.

    Returns
    -------
    numpy.ndarray
        Legendre coefficients, shape (rows, count, length).

    Notes
    -----
    Because P'_{n+1} - P'_{n-1} = (2n + 1) P_n and P_{n+1} = P_{n-1} at -1, the convolutions v_n
    obey v_{n+1} = (2n + 1) S v_n + v_{n-1}. The recurrence is stable for the coefficients
    k >= n alone; those above follow from the symmetry
    v_n[k] = (-1)^(n+k) (2k + 1) / (2n + 1) v_k[n].
    """
    rows, length = series.shape
    columns = np.zeros((rows, count, length))
    k = np.arange(length)
    previous = integrate_series(series)
    columns[:, 0] = previous
    if count == 1:
        return columns
    current = integrate_series(previous) - previous
    for n in range(1, count):
        above = columns[:, :n, n] * (-1.0) ** (n + k[:n]) * (2 * k[:n] + 1) / (2 * n + 1)
        current[:, :n] = above
        columns[:, n] = current
        previous, current = current, (2 * n + 1) * integrate_series(current) + previous
    return columns


@lru_cache(maxsize=8)
def triangle_table(length: int) -> FloatArray:
    """Return the Chebyshev coefficients of the left triangle of T_m * T_n for m, n < length.

    Shape (length, length, 2 * length): ``table[m, n, k]``. Every entry is within
    ``bounds.TABLE_ERROR`` of the exact rational number.
    """
    full = 2 * length
    series = np.zeros((length, full + 2))
    series[:, :length] = legendre_from_chebyshev(length)
    columns = legendre_columns(series, length)[:, :, :full]
    # Two large products of matrices instead of many small ones.
    by_chebyshev = np.tensordot(columns, legendre_from_chebyshev(length), axes=(1, 1))
    table: FloatArray = by_chebyshev.swapaxes(1, 2).reshape(-1, full) @ chebyshev_from_legendre(
        full
    )
    table = table.reshape(length, length, full)
    m, n, k = np.ogrid[:length, :length, :full]
    return np.where(k <= m + n + 1, table, 0.0)


@lru_cache(maxsize=64)
def table_of(short: int, long: int) -> FloatArray:
    """Return the table of triangles for series of `short` and `long` coefficients.

    Shape (short, long, short + long), as :func:`triangle_table`.
    """
    length = next(each for each in _LENGTHS if each >= max(short, long))
    return np.ascontiguousarray(triangle_table(length)[:short, :long, : short + long])
