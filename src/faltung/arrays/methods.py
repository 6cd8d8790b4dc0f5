"""The methods by name: what each computes, what it costs, and how far off it can be."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from faltung.arrays.complex_numbers import (
    are_both_complex,
    complex_factor,
    is_complex,
    real_problems,
)
from faltung.arrays.direct import direct_bytes, direct_error, direct_seconds, run_direct
from faltung.arrays.geometry import Problem
from faltung.arrays.plain import is_plain, plain_factor, plain_seconds
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


def _never(_problem: Problem) -> bool:
    return False


# What each function below makes of one for real numbers of the core; of problems that are `whole` it
# asks them as of real ones, of other complex ones it asks for the parts.


def _seconds(
    real: Callable[[Problem], float], whole: Callable[[Problem], bool] = _never
) -> Callable[[Problem], float]:
    """Return the predicted time for every type."""

    def seconds(problem: Problem) -> float:
        if is_complex(problem) and not whole(problem):
            return sum(map(seconds, real_problems(problem)))
        return plain_seconds(problem) if is_plain(problem.input.dtype) else real(problem)

    return seconds


def _bytes(
    real: Callable[[Problem], int], whole: Callable[[Problem], bool] = _never
) -> Callable[[Problem], int]:
    """Return the memory for every type: a complex result has one real array beside it."""

    def size(problem: Problem) -> int:
        if is_complex(problem) and not whole(problem):
            part = real_problems(problem)[0]
            return size(part) + 2 * part.input.dtype.itemsize * math.prod(problem.output_shape)
        if is_plain(problem.input.dtype):
            return problem.input.dtype.itemsize * math.prod(problem.output_shape)
        return real(problem)

    return size


def _error(
    real: Callable[[Problem], float], whole: Callable[[Problem], bool] = _never
) -> Callable[[Problem], float]:
    """Return ``c`` for every type."""

    def error(problem: Problem) -> float:
        if is_complex(problem) and not whole(problem):
            part = real_problems(problem)[0]
            return complex_factor(error(part), part.input.dtype)
        return plain_factor(problem) if is_plain(problem.input.dtype) else real(problem)

    return error


METHODS = {
    Method.DIRECT: MethodEntry(
        run_direct,
        _seconds(direct_seconds, are_both_complex),
        _bytes(direct_bytes),
        _error(direct_error),
    ),
    # Of real numbers of the core alone: for all others it is infinitely slow.
    Method.SEPARABLE: MethodEntry(
        run_separable, separable_seconds, separable_bytes, separable_error
    ),
    Method.FFT: MethodEntry(
        run_transform,
        _seconds(transform_seconds, are_both_complex),
        _bytes(transform_bytes, are_both_complex),
        _error(transform_error, are_both_complex),
    ),
}
