"""The direct method: products summed one by one, in the core."""

from __future__ import annotations

import math
from typing import Any

from numpy.typing import NDArray

from faltung import _core
from faltung.arrays.bounds import direct_factor
from faltung.arrays.core_layout import core_arguments
from faltung.arrays.geometry import Problem

__all__ = ["direct_bytes", "direct_error", "direct_seconds", "run_direct"]


def run_direct(problem: Problem, out: NDArray[Any], threads: int) -> bool:
    """Fill `out`; taps and fill value must be finite."""
    _core.correlate_directly(*core_arguments(problem, out, threads))
    return True


# Measured on one core with AVX-512, by the size of a number in bytes: products per second where a
# row has enough taps to share each load among four of them, where it has not, and outputs per
# second that only one tap makes. They are the same everywhere, so that machines choose alike.
_LONG_ROW_TAPS = {4: 64, 8: 32}
_LONG_ROW_PRODUCTS_PER_SECOND = {4: 50e9, 8: 25e9}
_SHORT_ROW_PRODUCTS_PER_SECOND = {4: 18e9, 8: 9.5e9}
_OUTPUTS_PER_SECOND = {4: 1.6e9, 8: 0.9e9}
_DIRECT_SECONDS = 70e-6


def direct_seconds(problem: Problem) -> float:
    """Return the predicted time on one thread."""
    outputs, width = math.prod(problem.output_shape), problem.input.dtype.itemsize
    row = problem.sliding_taps_shape[-1]
    long_rows = row >= _LONG_ROW_TAPS[width] and problem.input.dtype.kind == "f"
    rates = _LONG_ROW_PRODUCTS_PER_SECOND if long_rows else _SHORT_ROW_PRODUCTS_PER_SECOND
    return (
        _DIRECT_SECONDS
        + outputs * problem.tap_count / rates[width]
        + outputs / _OUTPUTS_PER_SECOND[width]
    )


def direct_bytes(problem: Problem) -> int:
    """Return the size of one gathered tile: its outputs and the taps around them."""
    longest = [*(16 for _ in problem.start[1:]), 16384 if len(problem.start) == 1 else 2048]
    block = [
        min(a, b + k)
        for a, b, k in zip(problem.reach, longest, problem.sliding_taps_shape, strict=True)
    ]
    return problem.input.dtype.itemsize * math.prod(block)


def direct_error(problem: Problem) -> float:
    """Return ``c`` of the bound ``c * norm(taps) * norm(continued input)``."""
    return direct_factor(problem.tap_count, problem.input.dtype)
