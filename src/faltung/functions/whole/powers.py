"""Powers of convolution, by squaring."""

from __future__ import annotations

from fractions import Fraction

from faltung.functions.whole.bilinear import convolved
from faltung.functions.whole.deltas import Delta
from faltung.functions.whole.whole import Whole


def convolution_power(f: Whole, n: int) -> Whole:
    """Return the convolution of n functions f; for n = 0 Dirac's delta, the identity."""
    result: Whole | None = None
    while n:
        if n % 2:
            result = f if result is None else convolved(result, f)
        n //= 2
        f = convolved(f, f) if n else f
    return Whole(None, deltas=(Delta(Fraction(0)),), period=f.period) if result is None else result
