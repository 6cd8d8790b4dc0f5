"""Repeated integrals of the complementary error function, scaled: what Gaussian convolutions are made of.

I_n(z) = exp(z^2) i^n erfc(z) = 2 / sqrt(pi) * integral of t^n / n! exp(-t^2 - 2 z t) over t > 0, so
that I_n' = 2 z I_n - I_(n-1) and I_(n-2) = 2 z I_(n-1) + 2 n I_n with I_(-1) = 2 / sqrt(pi)
(NIST Digital Library of Mathematical Functions, 7.18).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

# Real or complex numbers with a real part of 0 or more.
Numbers = NDArray[Any]

# Right of the first, or farther out than the second, the recurrence is run backwards, from there on:
# at the edges of both regions the ratios are then right to a few units.
_RIGHT, _FAR = 2.0, 7.0
_START_RIGHT, _START_FAR = 64, 22


def repeated_integrals(z: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return I_0, I_1 and I_2 at numbers whose real part is not negative.

    Forwards, I_1 and I_2 are differences of nearly equal numbers for large z. There they are the
    solution that falls fastest with n, which the recurrence finds when it is run from a large n
    down (W. Gautschi, "Recursive computation of the repeated integrals of the error function",
    Mathematics of Computation 15, 1961).

    Examples
    --------
    >>> first, second, third = repeated_integrals(np.array([1.0]))
    >>> bool(abs(first + 0 - 4 * third - 2 * second) < 1e-15)
    True
    """
    zeroth = special.erfcx(z) if z.dtype.kind == "f" else special.wofz(1j * z)
    first = 1 / math.sqrt(math.pi) - z * zeroth
    second = (zeroth - 2 * z * first) / 4
    far = np.abs(z) >= _FAR
    for some, start in ((far, _START_FAR), (~far & (z.real >= _RIGHT), _START_RIGHT)):
        if some.any():
            none, one, two = _ratios(z[some], start)
            zeroth[some] = 2 / math.sqrt(math.pi) * none
            first[some] = zeroth[some] * one
            second[some] = first[some] * two
    return zeroth, first, second


def faddeeva(z: Numbers) -> Numbers:
    """Return w(z) = I_0(-i z) above the real line.

    SciPy's is off by up to 220 unit roundoffs for sizes from 7 to 8, where the recurrence is not.
    """
    w = np.atleast_1d(special.wofz(z))
    size = np.abs(z)
    ring = (size >= _FAR) & (size <= _FAR + 2)
    if ring.any():
        w[ring] = 2 / math.sqrt(math.pi) * _ratios(-1j * z[ring], _START_FAR)[0]
    return w


def _ratios(z: Numbers, start: int) -> tuple[Numbers, Numbers, Numbers]:
    """Return I_0 / I_(-1), I_1 / I_0 and I_2 / I_1 by the recurrence from I_start down."""
    none = one = two = 0.5 / (z + math.sqrt(start / 2))
    for n in range(start, 0, -1):
        none, one, two = 0.5 / (z + n * none), none, one
    return none, one, two
