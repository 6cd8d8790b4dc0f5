"""Scaled vectors as exact numbers, and as they go into the core."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from faltung import _core
from faltung.distributions.weights.numbers import ScaledNumbers


def numbers(values):
    """The scaled numbers of exact values: pairs (float, exponent) or floats."""
    pairs = [value if isinstance(value, tuple) else (value, 0) for value in values]
    plain = ScaledNumbers.from_floats(np.array([mantissa for mantissa, _ in pairs], dtype=float))
    shifts = np.array([exponent for _, exponent in pairs], dtype=np.int64)
    return ScaledNumbers(
        plain.high, plain.low, np.where(plain.high > 0, plain.exponents + shifts, 0)
    )


def dyadics(vector):
    """The exact values that scaled numbers hold, as integers (m, e) for m * 2**e."""
    low = vector.low if len(vector.low) else np.zeros(len(vector))
    values = []
    for high, rest, e in zip(vector.high, low, vector.exponents.tolist(), strict=True):
        mantissa = Fraction(float(high)) + Fraction(float(rest))
        values.append((mantissa.numerator, e - mantissa.denominator.bit_length() + 1))
    return values


def fractions(vector):
    """The exact values that scaled numbers hold."""
    return [Fraction(m) * Fraction(2) ** e for m, e in dyadics(vector)]


def convolution(a, b):
    """The exact convolution of two lists of (m, e), with integers."""
    least = min(e for _, e in a) + min(e for _, e in b)
    total = [0] * (len(a) + len(b) - 1)
    for i, (x, e) in enumerate(a):
        for j, (y, f) in enumerate(b):
            if x and y:
                total[i + j] += x * y << (e + f - least)
    return [(value, least) for value in total]


def convolved(a, b, *, precise, threads=2):
    operands = (*a.parts, *b.parts, precise, threads)
    parts, bound, estimate = _core.scaled_convolve(*operands)
    return ScaledNumbers(*parts), bound, estimate


def relative_error(computed, true):
    """The relative error of one pair (m, e), rounded upwards to 200 bits; 0 only for 0."""
    (m, e), (t, f) = computed, true
    assert (m == 0) == (t == 0)
    least = min(e, f)
    difference = abs((m << (e - least)) - (t << (f - least)))
    return Fraction((difference << 200) // (t << (f - least)) + 1, 2**200) if difference else 0


def worst(computed, true):
    """The largest relative error; zeros must be zeros, and nothing is negative."""
    assert (computed.high >= 0).all()
    return max(relative_error(c, t) for c, t in zip(dyadics(computed), true, strict=True))
