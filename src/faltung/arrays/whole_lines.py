"""Kernels of whole numbers as products of lines of whole numbers, exactly."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["WholeLines", "line_through", "whole_lines"]

# Bits of the largest whole number that is looked at, its sign left out.
_MOST_BITS = 62


@dataclass(frozen=True)
class WholeLines:
    """The kernel is ``2**exponent`` times the product of `lines`."""

    lines: list[NDArray[np.int64]]
    exponent: int


def whole_lines(taps: NDArray[Any]) -> WholeLines | None:
    """Return the lines of a kernel of rank one; None if it is not, or has too many bits.

    Examples
    --------
    >>> found = whole_lines(np.array([[0.25, 0.5], [0.75, 1.5]]))
    >>> [line.tolist() for line in found.lines], found.exponent
    ([[1, 3], [1, 2]], -2)
    """
    parts = _as_whole(taps)
    if parts is None:
        return None
    whole, exponent = parts
    lines = _lines(whole)
    if lines is None:
        return None
    largest = [float(np.abs(line).max()) for line in lines]
    if math.prod(largest) >= 2.0**_MOST_BITS:
        return None
    product = functools.reduce(np.multiply.outer, lines)
    return WholeLines(lines, exponent) if np.array_equal(product, whole) else None


def _as_whole(taps: NDArray[Any]) -> tuple[NDArray[np.int64], int] | None:
    """Return whole numbers w and an exponent e with ``taps == w 2**e``."""
    values = taps.astype(np.float64)
    mantissas, exponents = np.frexp(values)
    used = values != 0
    digits = np.ldexp(mantissas, 53).astype(np.int64)
    lowest_bits = np.frexp((digits & -digits).astype(np.float64))[1]
    lowest = int((exponents - 54 + lowest_bits)[used].min())
    if int(exponents[used].max()) - lowest > _MOST_BITS:
        return None
    # In two steps: the power alone may be too large for a float.
    half = -lowest // 2
    return np.ldexp(np.ldexp(values, half), -lowest - half).astype(np.int64), lowest


def line_through(array: NDArray[Any], entry: tuple[int, ...], axis: int) -> NDArray[Any]:
    """Return the line through an entry along one axis."""
    place: list[int | slice] = list(entry)
    place[axis] = slice(None)
    return array[tuple(place)]


def _lines(whole: NDArray[np.int64]) -> list[NDArray[np.int64]] | None:
    """Return the only lines that can be: those through the largest entry, in lowest terms."""
    pivot = tuple(map(int, np.unravel_index(int(np.abs(whole).argmax()), whole.shape)))
    lines, divisor = [], 1
    for axis in range(whole.ndim):
        line = line_through(whole, pivot, axis)
        if axis:
            line = line // np.gcd.reduce(line)
            divisor *= int(line[pivot[axis]])
        lines.append(line)
    if divisor >= 2**_MOST_BITS or (lines[0] % divisor).any():
        return None
    lines[0] = lines[0] // divisor
    return lines
