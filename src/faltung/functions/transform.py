"""From values at Chebyshev nodes to coefficients and back, nearly without rounding.

The nodes are those of the first kind: none lies on an end, so that a function may jump there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from faltung import _core

FloatArray: TypeAlias = NDArray[np.float64]
IndexArray: TypeAlias = NDArray[np.intp]
BoolArray: TypeAlias = NDArray[np.bool_]

# Cosines are computed in whole multiples of 2^-128, and pi is given to that.
_BITS = 128
_PI = 31415926535897932384626433832795028841971693993751 * 2**_BITS // 10**49

# The leading part of a number has this many bits. Products of two leading parts and their sums
# over up to 2^10 terms need at most 2 * 21 + 10 <= 53 bits: they are exact.
_LEADING = 21


@lru_cache(maxsize=256)
def nodes(count: int) -> FloatArray:
    """Return the `count` Chebyshev nodes of the first kind in rising order, correctly rounded.

    Examples
    --------
    >>> nodes(3)
    array([-0.8660254,  0.       ,  0.8660254])
    """
    return _frozen(_cosines(count)[0][np.arange(2 * count - 1, 0, -2)])


@lru_cache(maxsize=256)
def sampling_matrix(count: int, length: int) -> FloatArray:
    """Return T_k at the `count` nodes, shape (length, count): ``values = coefficients @ matrix``.

    Each entry is correctly rounded.
    """
    return _frozen(_cosines(count)[0][_turns(count, length)])


def interpolate(values: FloatArray) -> FloatArray:
    """Return the coefficients of the polynomials through values at the nodes (last axis).

    c_k = (2 - [k = 0]) / n * sum over j of v_j T_k(x_j). Both factors are split into a leading
    part and a rest, as by K. Ozaki, T. Ogita, S. Oishi and S. M. Rump, "Error-free transformations
    of matrix multiplication", Numerical Algorithms 59 (2012), 95-118. The product of the leading
    parts is exact, and the rest is 2^-20 of the whole, so that its rounding hardly counts: the
    result is within 2.1 unit roundoffs of each coefficient, and 0.04 of the largest value in all.
    """
    count = values.shape[-1]
    rows = np.ascontiguousarray(values).reshape(-1, count)
    results = np.empty(rows.shape)
    _kept(_core.instruction_set())(count).coefficients(rows, results, 0)
    return results.reshape(values.shape)


@lru_cache(maxsize=8)
def _kept(_instruction_set: str) -> Callable[[int], _core.Interpolation]:
    """Return the matrices T_k(x_j) for each count, as the core keeps them for its kernels."""
    return lru_cache(maxsize=256)(lambda count: _core.Interpolation(*_transform_matrices(count)))


@lru_cache(maxsize=256)
def _transform_matrices(count: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return T_k(x_j), shape (count, count), rounded; its leading part; and the rest."""
    turns = _turns(count, count).T
    whole, leading, rest = (np.ascontiguousarray(part[turns]) for part in _cosines(count))
    return _frozen(whole), _frozen(leading), _frozen(rest)


def _turns(count: int, length: int) -> IndexArray:
    """Return r such that T_k at node j is cos(pi r / (2 count)), shape (length, count)."""
    return np.outer(np.arange(length), np.arange(2 * count - 1, 0, -2)) % (4 * count)


@lru_cache(maxsize=256)
def _cosines(count: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return cos(pi r / (2 count)) for r < 4 count: rounded, its leading part, and the rest."""
    quarter = [_cosine(r, 2 * count) for r in range(count)]
    half = [*quarter, 0, *(-value for value in quarter[:0:-1])]
    exact = [*half, *(-value for value in half)]
    quantum = 1 << (_BITS - _LEADING)
    steps = [(value + quantum // 2) // quantum for value in exact]
    rests = [value - step * quantum for value, step in zip(exact, steps, strict=True)]
    one = 1 << _BITS
    # Python divides whole numbers correctly rounded, whatever their size.
    whole = np.array([value / one for value in exact])
    rest = np.array([value / one for value in rests])
    return whole, np.ldexp(np.array(steps, dtype=np.float64), -_LEADING), rest


def _cosine(numerator: int, denominator: int) -> int:
    """Return cos(pi * numerator / denominator) in multiples of 2^-128, by Taylor's series."""
    angle = _PI * numerator // denominator
    square = (angle * angle) >> _BITS
    total, term, sign, k = 0, 1 << _BITS, 1, 0
    while term:
        total += sign * term
        k += 2
        term = ((term * square) >> _BITS) // (k * (k - 1))
        sign = -sign
    return total


def _frozen(array: FloatArray) -> FloatArray:
    array.setflags(write=False)
    return array
