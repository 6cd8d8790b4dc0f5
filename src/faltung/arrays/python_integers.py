"""Sums of whole numbers of any size, as Python's integers.

Operands are cut into limbs of 16 bits, x = sum over i of x_i 2**(16 i). Products of limbs are below
2**32, so fewer than 2**31 of them are summed exactly in 64 bits, and Python's integers put the sums
together.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung import _core
from faltung.arrays.core_arguments import small_arguments
from faltung.arrays.exact import magnitude, run_fft_exactly
from faltung.arrays.geometry import Problem
from faltung.arrays.methods import METHODS
from faltung.arrays.planner import choose
from faltung.arrays.types import arithmetic_types
from faltung.options import Method

__all__ = ["sum_in_python"]

Array = NDArray[Any]

_LIMB_BITS = 16
_LIMB_MASK = (1 << _LIMB_BITS) - 1


def sum_in_python(problem: Problem, out: Array, threads: int) -> None:
    """Fill the object array `out` with exact sums, for integer operands of any type."""
    total, part = np.zeros(out.shape, object), np.empty(out.shape, np.int64)
    fill = int(problem.fill_value)
    count = _limb_count(max(magnitude(problem.input), abs(fill)))
    taps_count = _limb_count(magnitude(problem.taps))
    taps = [_limb(problem.taps, j, taps_count) for j in range(taps_count)]
    for i in range(count):
        input = _limb(problem.input, i, count)
        outside = fill >> (_LIMB_BITS * i)
        outside = outside if i == count - 1 else outside & _LIMB_MASK
        for j, tap in enumerate(taps):
            _sum_limbs(problem.with_operands(input, tap, float(outside)), part, threads)
            total += part.astype(object) << (_LIMB_BITS * (i + j))
    out[...] = total


def _sum_limbs(problem: Problem, out: Array, threads: int) -> None:
    method, slicing = choose(problem, Method.AUTO, arithmetic_types(np.int64, np.int64))
    if method is Method.FFT and slicing is not None:
        run_fft_exactly(problem, slicing, out, threads)
    elif not _core.correlate_whole(*small_arguments(problem, out, threads)):
        METHODS[Method.DIRECT].run(problem, out, threads)


def _limb_count(largest: int) -> int:
    return largest.bit_length() // _LIMB_BITS + 1


def _limb(values: Array, index: int, count: int) -> NDArray[np.int64]:
    """Return limb `index` of `count`; the last one keeps the sign."""
    wide = values.astype(np.uint64 if values.dtype == np.uint64 else np.int64)
    # Beyond the bits there are, the sign goes on.
    shift = _LIMB_BITS * index
    if wide.dtype == np.uint64 and shift > 63:
        return np.zeros(values.shape, np.int64)
    limb = wide >> wide.dtype.type(min(shift, 63))
    if index < count - 1:
        limb &= wide.dtype.type(_LIMB_MASK)
    return limb.astype(np.int64)
