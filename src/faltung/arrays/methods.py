"""The methods by name: what each computes, what it costs, and how far off it can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from faltung.arrays.direct import direct_bytes, direct_error, direct_seconds, run_direct
from faltung.arrays.geometry import Problem
from faltung.arrays.separable import (
    run_separable,
    separable_bytes,
    separable_error,
    separable_seconds,
)
from faltung.arrays.transform import (
    run_transform,
    transform_bytes,
    transform_error,
    transform_seconds,
)
from faltung.options import Method

__all__ = ["METHODS", "MethodEntry"]

Array = NDArray[Any]


@dataclass(frozen=True)
class MethodEntry:
    """One row of the table of methods.

    Attributes
    ----------
    run : callable
        ``run(problem, out, threads)`` fills `out`, which has the problem's layout. It returns
        whether it did: a transform does not where an operand is not finite.
    seconds : callable
        Predicted time of a problem on one thread; infinite where the method does not apply.
    bytes : callable
        Memory beyond operands and result.
    error_factor : callable
        ``c`` of the bound ``c * norm(taps) * norm(continued input)`` on every entry.
    """

    run: Callable[[Problem, Array, int], bool]
    seconds: Callable[[Problem], float]
    bytes: Callable[[Problem], int]
    error_factor: Callable[[Problem], float]


METHODS = {
    Method.DIRECT: MethodEntry(run_direct, direct_seconds, direct_bytes, direct_error),
    Method.SEPARABLE: MethodEntry(
        run_separable, separable_seconds, separable_bytes, separable_error
    ),
    Method.FFT: MethodEntry(run_transform, transform_seconds, transform_bytes, transform_error),
}
