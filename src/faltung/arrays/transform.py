"""The transform: blocks of outputs by the convolution theorem (overlap-save), in the core."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung import _core
from faltung.arrays.bounds import gamma, unit_roundoff
from faltung.arrays.core_arguments import core_arguments
from faltung.arrays.geometry import Problem

__all__ = [
    "run_transform",
    "spectra_bytes",
    "transform_bytes",
    "transform_error",
    "transform_seconds",
]


def run_transform(problem: Problem, out: NDArray[Any], threads: int) -> bool:
    """Fill `out`; return False, and leave it half filled, where something is not finite.

    Operands and `out` are of one type, real or complex.
    """
    return _core.correlate_by_transform(*core_arguments(problem, out, threads))


def transform_seconds(problem: Problem) -> float:
    """Return the predicted time on one thread."""
    return _core.predicted_seconds(_size(problem).nanoseconds)


def transform_bytes(problem: Problem) -> int:
    """Return the memory of the taps' spectrum and of one block for each thread."""
    return (1 + _core.default_threads()) * _size(problem).bytes


def spectra_bytes(problem: Problem) -> int:
    """Return the memory of the transforms of all taps of a batch."""
    return math.prod(problem.output_shape[: problem.batch]) * _size(problem).bytes


def transform_error(problem: Problem) -> float:
    """Return ``c`` of the bound ``c * norm(taps) * norm(continued input)``."""
    return gamma(_size(problem).roundings, unit_roundoff(_type(problem)))


def _type(problem: Problem) -> np.dtype[Any]:
    return np.result_type(problem.input.dtype, problem.taps.dtype)


def _size(problem: Problem) -> _core.TransformSize:
    """Return what the core says of the blocks it will choose."""
    layout = problem.layout
    own_taps = any(problem.taps.strides[d] for d in range(problem.batch))
    sliding = layout.sliding
    return _core.transform_size(
        _type(problem).name,
        [problem.input.shape[d] for d in sliding],
        [problem.taps.shape[d] for d in sliding],
        [problem.output_shape[d] for d in sliding],
        layout.first,
        layout.boundaries,
        layout.steps,
        (math.prod(problem.output_shape[: problem.batch]), own_taps),
        not np.any(problem.fill_value),
    )
