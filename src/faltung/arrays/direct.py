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


# Measured on one core with AVX-512, by the size of a number in bytes: products per second where
# each load is shared, by taps far apart in a row or by neighbouring lines of outputs, and where it
# is not; and outputs per second that only one tap makes. They are the same everywhere, so that
# machines choose alike.
_LONG_ROW_TAPS = {4: 64, 8: 32}
_SHARED_PRODUCTS_PER_SECOND = {4: 55e9, 8: 30e9}
_SINGLE_PRODUCTS_PER_SECOND = {4: 18e9, 8: 9.5e9}
_OUTPUTS_PER_SECOND = {4: 2.2e9, 8: 1.2e9}
_DIRECT_SECONDS = 70e-6


def direct_seconds(problem: Problem) -> float:
    """Return the predicted time on one thread."""
    outputs, width = math.prod(problem.output_shape), problem.input.dtype.itemsize
    rates = _SHARED_PRODUCTS_PER_SECOND if _shares_loads(problem) else _SINGLE_PRODUCTS_PER_SECOND
    return (
        _DIRECT_SECONDS
        + outputs * problem.tap_count / rates[width]
        + outputs / _OUTPUTS_PER_SECOND[width]
    )


def _shares_loads(problem: Problem) -> bool:
    if problem.input.dtype.kind != "f":
        return False
    *lines, row = problem.sliding_taps_shape
    return row >= _LONG_ROW_TAPS[problem.input.dtype.itemsize] or any(n > 1 for n in lines)


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
