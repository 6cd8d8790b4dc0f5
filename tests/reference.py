"""Slow and obvious: what the library is compared with.

Every value here is exact, made of Python integers and Fractions, one sum for each output.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np


def position_to_index(boundary, position, size):
    """The index in [0, size) that a position reads, None for the value outside, step by step."""
    if boundary in ("zero", "constant"):
        return position if 0 <= position < size else None
    while not 0 <= position < size:
        if boundary == "edge":
            position = 0 if position < 0 else size - 1
        elif boundary == "wrap":
            position += size if position < 0 else -size
        elif boundary == "symmetric":
            position = -1 - position if position < 0 else 2 * size - 1 - position
        elif size == 1:
            position = 0
        else:
            position = -position if position < 0 else 2 * size - 2 - position
    return position


def range_of_mode(mode, n, k):
    """First index in the full convolution and number of entries, on one axis."""
    if mode == "full":
        return 0, n + k - 1
    if mode == "same":
        return (k - 1) // 2, n
    return min(n, k) - 1, max(n, k) - min(n, k) + 1


def exact(values):
    """The entries of an array as Fractions."""
    values = np.asarray(values)
    flat = [Fraction(x.item()) for x in values.ravel()]
    result = np.empty(values.shape, dtype=object)
    result.ravel()[:] = flat
    return result


def convolve(a, v, mode="full", boundary="zero", fill_value=0, stride=1, dilation=1):
    """The convolution of two arrays of equal rank over all axes, exactly."""
    a, v = exact(a), exact(v)
    boundaries = [boundary] * a.ndim if isinstance(boundary, str) else boundary
    strides = [stride] * a.ndim if isinstance(stride, int) else stride
    dilations = [dilation] * a.ndim if isinstance(dilation, int) else dilation
    lengths = [(k - 1) * d + 1 for k, d in zip(v.shape, dilations, strict=True)]
    ranges = [range_of_mode(mode, n, k) for n, k in zip(a.shape, lengths, strict=True)]
    whole = [range(0, size, s) for (_, size), s in zip(ranges, strides, strict=True)]
    result = np.empty([len(entries) for entries in whole], dtype=object)
    for place in itertools.product(*(range(size) for size in result.shape)):
        total = Fraction(0)
        for k in itertools.product(*(range(size) for size in v.shape)):
            index = [
                position_to_index(
                    b, whole[d][place[d]] + ranges[d][0] - k[d] * dilations[d], a.shape[d]
                )
                for d, b in enumerate(boundaries)
            ]
            outside = None in index
            value = Fraction(fill_value) if outside else a[tuple(index)]
            total += value * v[k]
        result[place] = total
    return result


def largest_error(result, reference):
    """The largest absolute difference between floats and Fractions, as a float."""
    differences = [
        abs(Fraction(float(x)) - y)
        for x, y in zip(np.asarray(result).ravel(), reference.ravel(), strict=True)
    ]
    return float(max(differences, default=Fraction(0)))


def norm(values):
    """The 2-norm, without overflow."""
    flat = [float(abs(x)) for x in np.asarray(values).ravel()]
    return math.hypot(*flat)
