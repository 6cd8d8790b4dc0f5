"""Sums in the integer type that ``dtype=`` asks for: raised, saturated or wrapped where too large."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung import _core
from faltung.arrays.bounds import direct_factor
from faltung.arrays.call import Call
from faltung.arrays.core_arguments import small_arguments
from faltung.arrays.exact import find_beyond, require_fit, run_fft_exactly
from faltung.arrays.geometry import Problem
from faltung.arrays.methods import METHODS
from faltung.arrays.python_integers import sum_in_python
from faltung.errors import DataError, ExactnessError
from faltung.options import Boundary, Method, Overflow

__all__ = ["run_rounded", "run_whole"]

Array = NDArray[Any]


def run_whole(call: Call, view: Array) -> None:
    """Fill `view`, in the problem's layout, with sums of whole numbers."""
    compute, result = call.types.compute, call.types.result
    if result.kind == "O":
        sum_in_python(call.given, view, call.threads)
        return
    if call.overflow is Overflow.SATURATE:
        _run_saturated(call, view)
        return
    # Whatever holds 64 bits is filled in place, its sign not looked at.
    sums = view.view(compute) if result.itemsize == 8 else np.empty(view.shape, compute)
    proved = (result == compute or result.itemsize < 8) and _run_small(call, sums)
    if not proved:
        if call.overflow is Overflow.RAISE:
            _require_fit(call)
        _run_modulo(call, sums)
    if result.itemsize == 8:
        return
    if call.overflow is Overflow.RAISE:
        limits = np.iinfo(result)
        # Unsigned sums are not compared with negative limits.
        outside = (sums > limits.max) | ((sums < limits.min) if compute.kind == "i" else False)
        _refuse(sums, outside, result)
    view[...] = sums.astype(result)


def _run_small(call: Call, out: Array) -> bool:
    """Fill `out`, saturated, in the fastest arithmetic that is exact, if the sums are small."""
    if call.slicing is not None:
        return False
    return _core.correlate_whole(*small_arguments(call.given, out, call.threads))


def _run_modulo(call: Call, sums: Array) -> None:
    """Fill `sums` modulo 2**64."""
    if call.slicing is not None:
        run_fft_exactly(call.given, call.slicing, sums, call.threads)
    else:
        METHODS[Method.DIRECT].run(call.problem, sums, call.threads)


def _require_fit(call: Call) -> None:
    """Raise ExactnessError if a sum does not fit 64 bits, before anything is written."""
    compute, result = call.types.compute, call.types.result

    def modulo() -> Array:
        sums = np.empty(call.given.output_shape, compute)
        _run_modulo(call, sums)
        return sums

    require_fit(call.given, result if result.itemsize == 8 else compute, call.threads, modulo)


def _run_saturated(call: Call, view: Array) -> None:
    compute, result = call.types.compute, call.types.result
    if result.itemsize <= 2 and _run_small(call, view):
        return
    sums = np.empty(view.shape, compute)
    beyond = None
    if not (_run_small(call, sums) and result.itemsize < 8):
        # The result's own ends where 64 bits say which of the numbers between them a sum is.
        kind = result if result.itemsize == 8 else compute
        _run_modulo(call, sums)
        beyond = find_beyond(call.given, kind, call.threads, lambda: sums)
    limits, known = np.iinfo(result), np.iinfo(compute)
    if result.itemsize == 8:
        view[...] = sums.view(result)
    else:
        view[...] = sums.clip(max(limits.min, known.min), limits.max).astype(result)
    if beyond is not None:
        above, below = beyond
        view[above], view[below] = limits.max, limits.min


def run_rounded(call: Call, view: Array, run_float: Callable[[Call, Array], None]) -> None:
    """Fill `view` with sums of floats, rounded to the nearest whole numbers, ties to even."""
    if call.rtol is None and _run_rounded_in_core(call, view):
        return
    sums, result = np.empty(view.shape, call.types.compute), call.types.result
    run_float(call, sums)
    if np.isnan(sums).any():
        position = tuple(int(i) for i in np.argwhere(np.isnan(sums))[0])
        raise DataError(
            f"entry {position} of the sums is NaN, for which {result} has no number: write a float "
            "dtype, or replace the NaN in the operands, numpy.nan_to_num(a)"
        )
    np.rint(sums, out=sums)
    limits = np.iinfo(result)
    # Both ends are powers of two or zero, which every float type holds.
    above, below = sums >= float(limits.max + 1), sums < float(limits.min)
    if call.overflow is Overflow.RAISE:
        _refuse(sums, above | below, result)
    sums[above | below] = 0
    view[...] = sums.astype(result)
    view[above], view[below] = limits.max, limits.min


def _refuse(sums: Array, outside: NDArray[np.bool_], result: np.dtype[Any]) -> None:
    if not outside.any():
        return
    position = tuple(int(i) for i in np.argwhere(outside)[0])
    wrap = ", 'wrap' for the sum modulo 2**n" if sums.dtype.kind in "iu" else ""
    raise ExactnessError(
        f"entry {position} of the result is {sums[position]}, which {result} does not hold: write "
        f"overflow='saturate' for the nearest that it holds{wrap}, or a wider dtype"
    )


# No sum that the core rounds comes near the ends of 32 bits.
_LARGEST_ROUNDED = 2.0**30


def _run_rounded_in_core(call: Call, view: Array) -> bool:
    """Fill `view` from integers of few bits without a wide copy; return whether that can be."""
    given, types = call.given, call.types
    few_bits = given.input.dtype.kind in "biu" and given.input.dtype.itemsize <= 2
    as_taps = given.taps.dtype == types.compute and types.compute in (np.float32, np.float64)
    if not (few_bits and as_taps and types.result.itemsize <= 2 and call.method is Method.DIRECT):
        return False
    least, most, room = _range_of_sums(given)
    if not max(-least, most) + room < _LARGEST_ROUNDED:
        return False
    if call.overflow is Overflow.RAISE:
        limits = np.iinfo(types.result)
        if not (least - room > limits.min - 0.5 and most + room < limits.max + 0.5):
            return False
    return _core.correlate_rounded(*small_arguments(given, view, call.threads))


def _range_of_sums(problem: Problem) -> tuple[float, float, float]:
    """Return the least and the largest possible sum, and more than the rounding of either."""
    axes = tuple(range(problem.batch, problem.taps.ndim))
    taps = problem.taps.astype(np.float64)
    positive = float(taps.clip(min=0).sum(axis=axes).max())
    negative = float(taps.clip(max=0).sum(axis=axes).min())
    low, high = 0.0, 1.0
    if problem.input.dtype.kind != "b":
        limits = np.iinfo(problem.input.dtype)
        low, high = float(limits.min), float(limits.max)
    if Boundary.CONSTANT in problem.boundaries:
        low, high = min(low, problem.fill_value), max(high, problem.fill_value)
    # With a zero boundary an entry may have no terms at all.
    low = min(low, 0.0)
    sums = (positive - negative) * max(-low, high)
    # The direct sum's error, and more than that of the sums made here.
    room = (direct_factor(problem.tap_count, problem.taps.dtype) + 2.0**-30) * sums
    return positive * low + negative * high, positive * high + negative * low, room
