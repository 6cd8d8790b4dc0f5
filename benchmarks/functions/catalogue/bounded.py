"""Bounded intervals: one long series, unequal widths, many pieces, narrow kernels, splines.

The wave numbers are those for which ChebPy takes as many coefficients as the name says.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import mpmath as mp
import numpy as np

from benchmarks.functions.cases import SLOW, Array, Bar, Case, Operand, exact, spread

__all__ = ["cases", "cosine", "cosine_with_itself"]

EQUAL = {25: 4.75, 259: 198.53125, 1099: 1000.3515625, 4153: 4002.9765625}
#: By the counts of both: the wave number on [-1, 1], that on [-2, 2].
UNEQUAL = {
    (25, 35): (4.75, 5.125), (259, 475): (198.53125, 200.546875),
    (581, 1099): (501.703125, 500.220703125),
}  # fmt: skip
#: About 10^5 coefficients.
LONG = 99_650.0
#: Why ChebPy is never asked: its series end there, and it fits each interval of a result apart.
CHEBPY_ENDS = "takes no more than 65537 coefficients"
CHEBPY_INTERVALS = "fits each of 1600 intervals apart"


def cases() -> list[Case]:
    """Return the cases."""
    return [
        *(_equal(count, k) for count, k in EQUAL.items()),
        _long(),
        *(_unequal(counts, waves) for counts, waves in UNEQUAL.items()),
        *(_pieces(m, m) for m in (5, 10, 40)),
        _pieces(40, 39),
        *(_narrow(sigma) for sigma in (0.1, 0.001)),
        *(_spline(degree) for degree in range(1, 8)),
        _complex(1.0),
        _complex(2.0),
    ]


def cosine(k: float, half: float = 1.0) -> Operand:
    """Return cos(kx) on [-half, half]."""
    return Operand(lambda x: np.cos(k * x), (-half, half))


def cosine_with_itself(k: float) -> Any:
    """Return the formula for cos(kx) with itself on [-1, 1]."""
    return lambda t: (2 - abs(t)) * mp.cos(k * t) / 2 + mp.sin(k * (2 - abs(t))) / (2 * k)


def _equal(count: int, k: float) -> Case:
    f, bar = cosine(k), Bar(0.1 if count == 4153 else math.inf, 1e-13)
    return Case(f"cos-{count}", f, f, exact(cosine_with_itself(k)), spread(-2, 2), bar=bar)


def _long() -> Case:
    f, truth = cosine(LONG), exact(cosine_with_itself(LONG))
    left_out = {"chebpy": CHEBPY_ENDS}
    return Case("cos-1e5", f, f, truth, spread(-2, 2), bar=Bar(1.0, 1e-13), left_out=left_out)


def _unequal(counts: tuple[int, int], waves: tuple[float, float]) -> Case:
    k, q = waves

    def formula(t: Any) -> Any:
        low, high = max(mp.mpf(-1), t - 2), min(mp.mpf(1), t + 2)

        # cos(ks) cos(q(t - s)) is half the cosines of the sum and of the difference.
        def upto(s: Any) -> Any:
            both, apart = (k - q) * s + q * t, (k + q) * s - q * t
            return (mp.sin(both) / (k - q) + mp.sin(apart) / (k + q)) / 2

        return upto(high) - upto(low)

    bar = Bar(0.1 if counts[1] == 1099 else math.inf, 1e-13)
    left_out = {} if counts[0] == 25 else {"chebpy": SLOW}
    f, g = cosine(k), cosine(q, 2.0)
    name = f"cos-{counts[0]}-by-{counts[1]}"
    return Case(name, f, g, exact(formula), spread(-3, 3), bar=bar, left_out=left_out)


def _arches(m: int) -> Operand:
    """Return m smooth pieces on [-1, 1]: arches of a sine, each higher than the one before."""
    wave = m * math.pi / 2
    breaks = tuple(-1 + 2 * j / m for j in range(1, m))
    return Operand(lambda x: np.exp(x / 2) * np.abs(np.sin(wave * (x + 1))), (-1, 1), breaks)


def _pieces(m: int, n: int) -> Case:
    bar = Bar(0.5 if m == n == 40 else math.inf, 1e-13)
    left_out = {"chebpy": SLOW if m == n else CHEBPY_INTERVALS} if m > 5 else {}
    truth = exact(lambda t: mp.exp(t / 2) * _arches_convolved(m, n, t))
    return Case(
        f"pieces-{m}-by-{n}",
        _arches(m),
        _arches(n),
        truth,
        spread(-2, 2),
        bar=bar,
        left_out=left_out,
    )


def _arches_convolved(m: int, n: int, t: Any) -> Any:
    """Return the integral of ``abs(sin(a (s + 1)) sin(b (t - s + 1)))``, between all its zeros."""
    a, b = m * mp.pi / 2, n * mp.pi / 2
    low, high = max(mp.mpf(-1), t - 1), min(mp.mpf(1), t + 1)
    zeros = [mp.mpf(2 * j) / m - 1 for j in range(m + 1)]
    zeros += [t + 1 - mp.mpf(2 * j) / n for j in range(n + 1)]
    ends = sorted({low, high, *(s for s in zeros if low < s < high)})

    def upto(s: Any) -> Any:
        second = mp.sin((a + b) * s + a - b * (t + 1)) / (a + b)
        first = (
            s * mp.cos(a * (t + 2)) if m == n else mp.sin((a - b) * s + a + b * (t + 1)) / (a - b)
        )
        return (second - first) / 2

    sums = [upto(s) for s in ends]
    # The product of two sines keeps its sign between neighbouring zeros.
    return sum((abs(after - before) for before, after in pairwise(sums)), mp.mpf(0))


def _narrow(sigma: float) -> Case:
    height = 1 / (sigma * math.sqrt(2 * math.pi))
    g = Operand(lambda x: height * np.exp(-0.5 * (x / sigma) ** 2), (-9 * sigma, 9 * sigma))
    f = Operand(np.sin, (-10, 10))

    def formula(t: Any) -> Any:
        s = mp.mpf(sigma)

        def upto(x: int) -> Any:
            return mp.erf((x - t - 1j * s**2) / (s * mp.sqrt(2)))

        return mp.im(mp.exp(1j * t - s**2 / 2) * (upto(10) - upto(-10)) / 2)

    # The end of the sine is 18 sigma wide: half of the points lie there.
    ends = spread(10 - 9 * sigma, 10 + 9 * sigma, 500)
    points = np.concatenate([spread(-10 - 9 * sigma, 10 + 9 * sigma, 500), ends])
    name = f"sin-gaussian-{sigma:g}"
    return Case(name, f, g, exact(formula), points, bar=Bar(error=1e-13))


def _spline(degree: int) -> Case:
    count = degree + 1

    def formula(t: Any) -> Any:
        terms = (
            (-1) ** k * mp.binomial(count, k) * (t + mp.mpf(count) / 2 - k) ** degree
            for k in range(count + 1)
            if t + mp.mpf(count) / 2 > k
        )
        return sum(terms, mp.mpf(0)) / mp.factorial(degree)

    f = Operand(np.ones_like, (-0.5, 0.5), law=lambda pacal: pacal.UniformDistr(-0.5, 0.5))
    points: Array = spread(-count / 2, count / 2)
    return Case(
        f"b-spline-{degree}", f, f, exact(formula), points,
        operation="power", power=count, bar=Bar(error=1e-13),
    )  # fmt: skip


def _complex(half: float) -> Case:
    """Return e^(3ix) on [-1, 1] with e^(-5ix) on [-half, half]."""
    f = Operand(lambda x: np.exp(3j * x), (-1, 1))
    g = Operand(lambda x: np.exp(-5j * x), (-half, half))

    def formula(t: Any) -> Any:
        low, high = max(mp.mpf(-1), t - half), min(mp.mpf(1), t + half)
        return mp.exp(-5j * t) * (mp.exp(8j * high) - mp.exp(8j * low)) / 8j

    points = spread(-1 - half, 1 + half)
    name = f"complex-1-by-{half:g}"
    return Case(name, f, g, exact(formula), points, bar=Bar(error=1e-13))
