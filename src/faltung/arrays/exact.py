"""Integers: exact, or refused.

The core sums integers modulo 2**64, which is exact whenever the true result fits. A transform in
float64 is exact when its proved error bound is below one half, because the result is rounded; larger
integers are cut into slices (see :mod:`faltung.arrays.slices`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung import _core
from faltung.arrays.bounds import norms
from faltung.arrays.geometry import Problem, source_indices
from faltung.arrays.methods import METHODS
from faltung.arrays.slices import Slicing, find_slicing, run_slices
from faltung.errors import ExactnessError, OptionError
from faltung.options import Method

__all__ = [
    "exact_slicing",
    "exact_type",
    "find_beyond",
    "largest_sum",
    "magnitude",
    "require_fit",
    "require_slicing",
    "require_whole",
    "run_fft_exactly",
    "without_numbers",
]


def require_whole(fill_value: float) -> None:
    """Raise OptionError unless `fill_value` can stand among integers."""
    if not fill_value.is_integer():
        raise OptionError(
            f"fill_value={fill_value!r} is not whole, but the operands are integers: write a whole "
            "number, or convert the operands with .astype(float)"
        )


def require_fit(
    problem: Problem, result: np.dtype[Any], threads: int, modulo: Callable[[], NDArray[Any]]
) -> None:
    """Raise ExactnessError if an entry of the result does not fit its 64 bits."""
    beyond = find_beyond(problem, result, threads, modulo)
    if beyond is None:
        return
    above, below = beyond
    positions = np.argwhere(above | below)
    if len(positions):
        position = tuple(int(i) for i in positions[0])
        raise ExactnessError(
            f"an entry of the result is {_entry(problem, position)}, which {result} does not hold: "
            f"write {_WAYS_OUT}"
        )


_WAYS_OUT = (
    "dtype=object for Python's integers, dtype=float for a rounded result, or overflow='wrap' for "
    "the sum modulo 2**64"
)


def find_beyond(
    problem: Problem,
    result: np.dtype[Any],
    threads: int,
    modulo: Callable[[], NDArray[Any]],
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]] | None:
    """Return where the sums lie above and where below what `result`, of 64 bits, holds.

    None if they all fit by max|input| times the sum of |taps|. Else settled by the sums in
    float64, whose error is known. Entries in doubt are summed in Python's integers; where they are
    many, `modulo` is asked for all sums modulo 2**64, of which those in float64 tell the turn.

    Raises
    ------
    ExactnessError
        If many entries are in doubt, by more than a turn.
    """
    limits = np.iinfo(result)
    if (limits.min < 0 or _is_unsigned(problem)) and largest_sum(problem) <= limits.max:
        return None
    sums, margins = _sums_in_float(problem, threads)
    # A fill value may be so large that its sums are infinite: they are in doubt.
    with np.errstate(invalid="ignore"):
        above, below = sums - margins >= float(limits.max), sums + margins < float(limits.min)
        low, high = sums - margins < float(limits.min), sums + margins >= float(limits.max)
    doubtful = (low | high) & ~(above | below)
    positions = np.argwhere(doubtful)
    if len(positions) > _MOST_DOUBTFUL:
        if not (np.broadcast_to(margins, sums.shape)[doubtful] < _SURE_OF_TURN).all():
            raise ExactnessError(
                f"{len(positions)} entries of the result come too near {limits.max:.4g} to be shown "
                f"to fit {result}: write {_WAYS_OUT}"
            )
        turns = np.rint((sums - modulo().view(result)) * 2.0**-64)
        return above | (doubtful & (turns > 0)), below | (doubtful & (turns < 0))
    for position in map(tuple, positions):
        entry = _entry(problem, position)
        above[position], below[position] = entry > limits.max, entry < limits.min
    return above, below


def _is_unsigned(problem: Problem) -> bool:
    kinds = {problem.input.dtype.kind, problem.taps.dtype.kind}
    return kinds <= {"b", "u"} and problem.fill_value >= 0


def largest_sum(problem: Problem) -> int:
    """Return max|input|, fill value included, times the sum of |taps|: no sum is larger."""
    return max(magnitude(problem.input), abs(int(problem.fill_value))) * _magnitude_sum(problem)


#: Entries that are summed in Python's integers to see whether they fit.
_MOST_DOUBTFUL = 1000

# Sums modulo 2**64 that are known to within this, a part of a turn of 2**64, are known.
_SURE_OF_TURN = 2.0**62


def _sums_in_float(
    problem: Problem, threads: int
) -> tuple[NDArray[np.float64], NDArray[np.float64] | float]:
    """Return the result in float64, and what each entry may be off by.

    Of a direct sum 1e-9 times the sum of the products' magnitudes, far above gamma(m) for any
    number of taps; of a transform its bound, and the rounding of the integers to float64.
    """
    sums, as_float = np.empty(problem.output_shape), _as_float(problem)
    direct, transform = METHODS[Method.DIRECT], METHODS[Method.FFT]
    if transform.seconds(as_float) < direct.seconds(as_float):
        transform.run(as_float, sums, threads)
        taps_norm, input_norm = norms(as_float)
        return sums, (transform.error_factor(as_float) + 2.0**-50) * taps_norm * input_norm
    magnitudes = np.empty(problem.output_shape)
    absolute = as_float.with_operands(
        np.abs(as_float.input), np.abs(as_float.taps), abs(as_float.fill_value)
    )
    direct.run(as_float, sums, threads)
    direct.run(absolute, magnitudes, threads)
    return sums, 1e-9 * magnitudes


def _entry(problem: Problem, position: tuple[int, ...]) -> int:
    """Return one entry of the result, summed in Python's integers."""
    batch = position[: problem.batch]
    window = problem.input[batch]
    taps = problem.taps[batch].astype(object)
    for axis, boundary in enumerate(problem.boundaries):
        first = problem.start[axis] + position[problem.batch + axis] * problem.stride[axis]
        reads = first - problem.dilation[axis] * np.arange(taps.shape[axis])
        indices = source_indices(boundary, reads, window.shape[axis])
        window = window.take(indices.clip(0), axis).astype(object)
        window[(slice(None),) * axis + (indices < 0,)] = int(problem.fill_value)
    return int((window * taps).sum())


def magnitude(operand: NDArray[Any]) -> int:
    """Return the largest magnitude of an entry."""
    return max(int(operand.max()), -int(operand.min()))


def _magnitude_sum(problem: Problem) -> int:
    axes = tuple(range(problem.batch, problem.taps.ndim))
    largest = magnitude(problem.taps)
    if largest * problem.tap_count < 2**53:
        return int(np.abs(problem.taps.astype(np.int64)).sum(axis=axes).max())
    return largest * problem.tap_count


def exact_slicing(problem: Problem) -> Slicing | None:
    """Return how the integers must be cut for transforms that are proved exact, or None."""
    if _is_exact_whole(problem):
        return Slicing(1, 64, 1, 64)
    input = max(magnitude(problem.input), abs(int(problem.fill_value)))
    return find_slicing(problem, input.bit_length(), magnitude(problem.taps).bit_length())


def _is_exact_whole(problem: Problem) -> bool:
    """Return whether the error of one transform, with the norms as they are, is below one half."""
    input = max(magnitude(problem.input), abs(int(problem.fill_value)))
    largest = max(input, magnitude(problem.taps))
    if largest >= 2**53:
        return False
    factor = METHODS[Method.FFT].error_factor(without_numbers(problem, np.dtype(np.float64)))
    # At most so large are the norms, which takes no look at the numbers.
    counts = math.sqrt(float(math.prod(problem.reach)) * problem.tap_count)
    if factor * input * magnitude(problem.taps) * counts < 0.49:
        return True
    taps_norm, input_norm = norms(_as_float(problem))
    return factor * taps_norm * input_norm < 0.49


def without_numbers(problem: Problem, dtype: np.dtype[Any]) -> Problem:
    """Return a problem of the same shapes in another type, all its numbers one zero."""

    def zeros(operand: NDArray[Any]) -> NDArray[Any]:
        same = operand.dtype == dtype
        return operand if same else np.broadcast_to(np.zeros((), dtype), operand.shape)

    return problem.with_operands(zeros(problem.input), zeros(problem.taps), problem.fill_value)


def exact_type(problem: Problem) -> np.dtype[Any]:
    """Return the type whose direct sums are as fast as those of these whole numbers.

    By a bound on the input that is found in one pass, the one by which the core decides.
    """
    input = max(_core.magnitude_bound(problem.input), abs(float(problem.fill_value)))
    sums = input * _magnitude_sum(problem)
    in_pairs = sums < 2**31 and max(input, magnitude(problem.taps)) < 2**15
    if sums < 2**24 or in_pairs:
        return np.dtype(np.float32)
    return np.dtype(np.float64 if sums < 2**53 else np.uint64)


def run_fft_exactly(problem: Problem, slicing: Slicing, out: NDArray[Any], threads: int) -> None:
    """Fill the integer array `out` by the transforms that :func:`exact_slicing` vouches for."""
    if slicing.products > 1:
        run_slices(problem, slicing, out, threads)
        return
    rounded = np.empty(out.shape)
    METHODS[Method.FFT].run(_as_float(problem), rounded, threads)
    out[...] = np.rint(rounded, out=rounded).astype(out.dtype)


def require_slicing(problem: Problem) -> Slicing:
    """Return the exact slicing; raise ExactnessError if there is none for these integers."""
    slicing = exact_slicing(problem)
    if slicing is None:
        raise ExactnessError(
            "method='fft' cannot be proved exact for integers of this size and number: write "
            "method='direct' or 'auto', or convert the operands with .astype(float)"
        )
    return slicing


def _as_float(problem: Problem) -> Problem:
    return problem.with_operands(
        problem.input.astype(np.float64), problem.taps.astype(np.float64), float(problem.fill_value)
    )
