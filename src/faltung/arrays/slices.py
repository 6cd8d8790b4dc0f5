"""Exact convolution of large integers by transforms of fixed-point slices.

An integer is cut into digits of s bits, x = sum over i of d_i 2^(s i), |d_i| <= 2^(s-1) + 1. Digits
are convolved in float64, so short that the proved error of the transform stays below one half
and rounding is exact; the products are put together modulo 2^64 (Ozaki, Ogita, Oishi & Rump,
Error-free transformations of matrix multiplication, Numerical Algorithms 59, 2012).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.geometry import Problem
from faltung.arrays.methods import METHODS
from faltung.options import Method

__all__ = ["Slicing", "find_slicing", "run_slices"]

# More digits than this on either side are not tried.
_MOST_DIGITS = 6

# The rounding error that may be proved, a little below one half.
_MARGIN = 0.49


@dataclass(frozen=True)
class Slicing:
    """Into how many digits, of how many bits each, input and taps are cut."""

    input_digits: int
    input_bits: int
    taps_digits: int
    taps_bits: int

    @property
    def products(self) -> int:
        """The number of convolutions."""
        return self.input_digits * self.taps_digits


def find_slicing(problem: Problem, input_bits: int, taps_bits: int) -> Slicing | None:
    """Return the slicing with the fewest products that is proved exact, None if there is none.

    Parameters
    ----------
    problem : Problem
    input_bits, taps_bits : int
        Bits of the largest magnitude in the input, fill value included, and in the taps.
    """
    if max(input_bits, taps_bits) > 62:
        return None
    factor = METHODS[Method.FFT].error_factor(_in_float(problem))
    spread = math.sqrt(float(math.prod(problem.reach)) * problem.tap_count)
    best = None
    for m in range(1, _MOST_DIGITS + 1):
        for n in range(1, _MOST_DIGITS + 1):
            made = Slicing(m, -(-(input_bits + 1) // m), n, -(-(taps_bits + 1) // n))
            digits = (2.0 ** (made.input_bits - 1) + 1) * (2.0 ** (made.taps_bits - 1) + 1)
            fewer = best is None or made.products < best.products
            if fewer and factor * digits * spread < _MARGIN:
                best = made
    return best


def _in_float(problem: Problem) -> Problem:
    """Return a problem of the same shapes in float64, without its numbers."""
    zero = np.zeros((), np.float64)
    return problem.with_operands(
        np.broadcast_to(zero, problem.input.shape), np.broadcast_to(zero, problem.taps.shape), 0.0
    )


def run_slices(problem: Problem, slicing: Slicing, out: NDArray[Any], threads: int) -> None:
    """Fill the integer array `out`."""
    total = np.zeros(out.shape, np.uint64)
    product = np.empty(out.shape)
    inputs = _digits(problem.input, slicing.input_digits, slicing.input_bits)
    fills = _digits(np.array([int(problem.fill_value)]), slicing.input_digits, slicing.input_bits)
    taps = _digits(problem.taps, slicing.taps_digits, slicing.taps_bits)
    for i, (input, fill) in enumerate(zip(inputs, fills, strict=True)):
        for j, tap in enumerate(taps):
            part = problem.with_operands(input, tap, float(fill[0]))
            METHODS[Method.FFT].run(part, product, threads)
            shift = i * slicing.input_bits + j * slicing.taps_bits
            whole = np.rint(product, out=product).astype(np.int64).view(np.uint64)
            total += whole << np.uint64(shift)
    out[...] = total.view(out.dtype)


def _digits(values: NDArray[Any], count: int, bits: int) -> list[NDArray[np.float64]]:
    """Return the digits of each value, the lowest first, as float64."""
    rest = values.astype(np.int64)
    half, found = np.int64(1 << (bits - 1)), []
    for _ in range(count - 1):
        digit = ((rest + half) & np.int64((1 << bits) - 1)) - half
        rest = (rest - digit) >> np.int64(bits)
        found.append(digit.astype(np.float64))
    return [*found, rest.astype(np.float64)]
