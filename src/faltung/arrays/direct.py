"""The direct method: products summed one by one, in the core."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung import _core
from faltung.arrays.bounds import direct_factor
from faltung.arrays.core_arguments import core_arguments
from faltung.arrays.geometry import Problem

__all__ = ["direct_bytes", "direct_error", "direct_seconds", "run_direct"]


def run_direct(problem: Problem, out: NDArray[Any], threads: int) -> bool:
    """Fill `out`; taps and fill value must be finite."""
    _core.correlate_directly(*core_arguments(problem, out, threads))
    return True


def direct_seconds(problem: Problem) -> float:
    """Return the predicted time on one thread."""
    batch = math.prod(problem.output_shape[: problem.batch])
    layout = problem.layout
    sliding = layout.sliding
    # What is no float is summed as an integer.
    number = np.result_type(problem.input.dtype, problem.taps.dtype)
    nanoseconds = _core.direct_nanoseconds(
        number.name if number.kind in "fc" else "uint64",
        [problem.input.shape[d] for d in sliding],
        [problem.taps.shape[d] for d in sliding],
        [problem.output_shape[d] for d in sliding],
        layout.first,
        layout.steps,
        batch,
    )
    return _core.predicted_seconds(nanoseconds)


def direct_bytes(problem: Problem) -> int:
    """Return the size of one gathered tile: its outputs and the taps around them."""
    longest = [*(16 for _ in problem.start[1:]), 16384 if len(problem.start) == 1 else 2048]
    block = [
        min(a, b + (k - 1) * min(d, b))
        for a, b, k, d in zip(
            problem.reach, longest, problem.sliding_taps_shape, problem.dilation, strict=True
        )
    ]
    return problem.input.dtype.itemsize * math.prod(block)


def direct_error(problem: Problem) -> float:
    """Return ``c`` of the bound ``c * norm(taps) * norm(continued input)``."""
    return direct_factor(problem.tap_count, problem.input.dtype)
