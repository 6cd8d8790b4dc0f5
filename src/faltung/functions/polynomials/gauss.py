"""Gauss-Legendre quadrature, correctly rounded.

``numpy.polynomial.legendre.leggauss`` is good to a unit roundoff in the nodes, but its weights
are off by thousands of units for a few dozen nodes. Two Newton steps in whole numbers mend both.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from faltung.functions.transform import FloatArray

# Numbers are whole multiples of 2^-_BITS.
_BITS = 128
_ONE = 1 << _BITS


@lru_cache(maxsize=128)
def gauss(count: int) -> tuple[FloatArray, FloatArray]:
    """Return the nodes in rising order and the weights for [-1, 1].

    Examples
    --------
    >>> gauss(2)
    (array([-0.57735027,  0.57735027]), array([1., 1.]))
    """
    start = np.polynomial.legendre.leggauss(count)[0]
    right = [_node(count, x) for x in start[(count + 1) // 2 :].tolist()]
    left = [(-x, weight) for x, weight in reversed(right)]
    middle = [(0, _weight(count, 0))] if count % 2 else []
    rule = np.array([(x / _ONE, weight / _ONE) for x, weight in [*left, *middle, *right]])
    rule.setflags(write=False)
    return rule[:, 0], rule[:, 1]


def _node(count: int, start: float) -> tuple[int, int]:
    """Return the zero of P_count nearest to `start`, and its weight."""
    x = int(start * 2**60) << (_BITS - 60)
    for _ in range(2):
        value, slope = _legendre(count, x)
        x -= (value << _BITS) // slope
    return x, _weight(count, x)


def _weight(count: int, x: int) -> int:
    """Return 2 / ((1 - x^2) P'(x)^2)."""
    slope = _legendre(count, x)[1]
    return (2 * _ONE << (4 * _BITS)) // ((_ONE * _ONE - x * x) * slope**2)


def _legendre(count: int, x: int) -> tuple[int, int]:
    """Return P_count and its derivative at x."""
    before, now = _ONE, x
    for k in range(1, count):
        before, now = now, ((2 * k + 1) * ((x * now) >> _BITS) - k * before) // (k + 1)
    difference = count * (((x * now) >> _BITS) - before)
    return now, (difference << _BITS) // (((x * x) >> _BITS) - _ONE)
