"""A transform whose leading digits are exact: its bound shrinks by some 14 bits a level.

Both operands are cut into fixed-point digits, ``x = d_1 + … + d_p + r`` and
``w = e_1 + … + e_p + s``, as Ozaki, Ogita, Oishi & Rump cut the factors of a matrix product
(Error-free transformations of matrix multiplication, Numerical Algorithms 59, 2012). The products
of leading digits are sums of integers, so few bits long that the proved error of the transform is
below one half and rounding makes them exact; only what is left over is as inexact as a transform::

              e_1     e_2     s
      d_1    exact   exact    ~          p = 2: three exact products, and three that are not, each
      d_2    exact     ~      ~          with some 2**-28 of the norms of the whole
      r        ~       ~      ~          (the ~ of one row are one product)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.bounds import norms, unit_roundoff
from faltung.arrays.geometry import Problem
from faltung.arrays.methods import METHODS
from faltung.options import Boundary, Method

__all__ = ["MOST_LEVELS", "Known", "products_of_level", "run_leading_digits"]

Array = NDArray[Any]

#: Digits of either operand that are worth their products.
MOST_LEVELS = 3

# The rounding error of a product of digits, a little below one half.
_MARGIN = 0.49

# Digits of fewer bits gain too little.
_FEWEST_BITS = 5

# Bounds are computed in floating point, norms of up to 10^9 entries among them.
_UP = 1 + 1e-6


@dataclass(frozen=True)
class Known:
    """What is known of sums: ``|error[i]| <= absolute + relative * (|w| * |x|)[i]``."""

    absolute: float
    relative: float


def products_of_level(level: int) -> int:
    """Return how many transforms a level takes.

    Examples
    --------
    >>> [products_of_level(level) for level in range(4)]
    [1, 3, 6, 10]
    """
    return (level + 1) * (level + 2) // 2


def run_leading_digits(
    problem: Problem, level: int, out: NDArray[np.float64], threads: int
) -> Known | None:
    """Fill `out` with `level` digits exact; None, and nothing written, if they were too short.

    Operands are finite, in float64, the largest magnitude of each within 2**-250 … 2**250.
    """
    factor, norm = _error_factor(problem), _norm_product(problem)
    if level == 0 or norm == 0:
        METHODS[Method.FFT].run(problem, out, threads)
        return Known(factor * norm * _UP, 0.0)
    cut = _cut(problem, level, factor)
    if cut is None:
        return None
    input, taps = cut
    product, absolute = np.empty_like(out), 0.0
    for i, left in enumerate([*input.digits, input.rests[level]]):
        for j, right in enumerate(taps.digits[: level - i]):
            to = product if i or j else out
            METHODS[Method.FFT].run(_paired(problem, left, right), to, threads)
            np.rint(to, out=to)
            _add(out, to, left.unit * right.unit)
        right = taps.rests[level - i]
        pair = _paired(problem, left, right)
        METHODS[Method.FFT].run(pair, product, threads)
        _add(out, product, left.unit * right.unit)
        absolute += factor * left.unit * right.unit * _norm_product(pair)
    unit = input.unit * taps.unit
    out *= unit
    # T terms of at most 4 (|w| * |x|)[i] each: the k-th partial sum is rounded to within u k 4.
    terms = products_of_level(level)
    relative = 2 * terms * (terms + 1) * unit_roundoff(out.dtype)
    return Known(absolute * unit * _UP, relative)


def _add(out: Array, product: Array, unit: float) -> None:
    if product is out:
        return
    if unit != 1:
        product *= unit
    out += product


@dataclass(frozen=True)
class _Part:
    """Numbers in units of a power of two."""

    values: Array
    fill: float
    unit: float


@dataclass(frozen=True)
class _Cut:
    """An operand's digits, and what is left after none, one, … all of them.

    All in units of the first digit, `unit`.
    """

    unit: float
    digits: list[_Part]
    rests: list[_Part]


def _cut(problem: Problem, level: int, factor: float) -> tuple[_Cut, _Cut] | None:
    """Return both operands cut into digits as long as their products are proved exact."""
    count = math.sqrt(float(math.prod(problem.reach)) * problem.tap_count)
    largest = _exponent(problem.input, problem.fill_value), _exponent(problem.taps, 0.0)
    spread = _norm_product(problem) * 2.0 ** -sum(largest)
    if level > 1:  # later digits are spread evenly
        spread = max(spread, count / 4)
    bits = math.floor(math.log2(_MARGIN / (factor * spread)))
    while bits // 2 >= _FEWEST_BITS:
        input = _digits(problem.input, problem.fill_value, largest[0], (bits // 2, level))
        taps = _digits(problem.taps, 0.0, largest[1], (bits - bits // 2, level))
        exact = (
            _paired(problem, left, right)
            for i, left in enumerate(input.digits)
            for right in taps.digits[: level - i]
        )
        if factor * max(map(_norm_product, exact)) * _UP < _MARGIN:
            return input, taps
        bits -= 1
    return None


def _digits(values: Array, fill: float, exponent: int, size: tuple[int, int]) -> _Cut:
    """Return digits in units of 2**(exponent - bits), 2**(exponent - 2 bits), … and the rests.

    A digit is the nearest multiple of its unit. What is left is exact: a multiple of the last place
    of `values`, not larger than they are.
    """
    bits, count = size
    first = 2.0 ** (exponent - bits)
    rest = _Part(values * (1 / first), fill / first, 1.0)
    found = _Cut(first, [], [rest])
    for i in range(count):
        unit = 2.0 ** (-i * bits)
        digit = _Part(_nearest(rest.values, unit), round(rest.fill / unit), unit)
        rest = _Part(_left_over(rest.values, digit), rest.fill - digit.fill * unit, 1.0)
        found.digits.append(digit)
        found.rests.append(rest)
    return found


def _nearest(values: Array, unit: float) -> Array:
    digit = np.rint(values) if unit == 1 else values * (1 / unit)
    return digit if unit == 1 else np.rint(digit, out=digit)


def _left_over(values: Array, digit: _Part) -> Array:
    rest = digit.values * -digit.unit
    rest += values
    return rest


def _exponent(values: Array, fill: float) -> int:
    """Return e with all magnitudes below 2**e."""
    largest = max(float(values.max()), -float(values.min()), abs(fill))
    return math.frexp(largest)[1]


def _paired(problem: Problem, left: _Part, right: _Part) -> Problem:
    return problem.with_operands(left.values, right.values, left.fill)


def _error_factor(problem: Problem) -> float:
    """Return a factor that holds whether the fill value is zero, as it is for some digits, or not."""
    factor = METHODS[Method.FFT].error_factor
    if Boundary.CONSTANT not in problem.boundaries:
        return factor(problem)
    fills = (problem.with_operands(problem.input, problem.taps, fill) for fill in (0.0, 1.0))
    return max(map(factor, fills))


def _norm_product(problem: Problem) -> float:
    """Return at least norm(taps) * norm(continued input)."""
    once = all(boundary is Boundary.ZERO for boundary in problem.boundaries)
    if problem.batch or not once:
        return math.prod(norms(problem, scaled=True))
    return math.sqrt(_squares(problem.input)) * math.sqrt(_squares(problem.taps))


def _squares(values: Array) -> float:
    # einsum, not dot, which would wake threads of its own beside those of the transform.
    flat = values.ravel("K")
    return float(np.einsum("i,i->", flat, flat))
