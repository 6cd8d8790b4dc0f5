"""The methods by name: what each computes, what it costs, and how far off it can be."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from faltung import _core
from faltung.arrays.bounds import direct_factor, fft_factor
from faltung.arrays.geometry import Problem, source_indices
from faltung.options import Boundary, Method

__all__ = ["METHODS", "MethodEntry", "extend", "fft_shape", "run_direct", "run_fft"]

Array = NDArray[Any]

_CORE_BOUNDARIES = {
    Boundary.ZERO: _core.Boundary.fill,
    Boundary.CONSTANT: _core.Boundary.fill,
    Boundary.EDGE: _core.Boundary.edge,
    Boundary.MIRROR: _core.Boundary.mirror,
    Boundary.SYMMETRIC: _core.Boundary.symmetric,
    Boundary.WRAP: _core.Boundary.wrap,
}


@dataclass(frozen=True)
class MethodEntry:
    """One row of the table of methods.

    Attributes
    ----------
    run : callable
        ``run(problem, out, threads)`` fills `out`, which has the problem's layout.
    seconds : callable
        Predicted time of a problem on one thread.
    bytes : callable
        Memory beyond operands and result.
    error_factor : callable
        ``c`` of the bound ``c * norm(taps) * norm(continued input)`` on every entry.
    """

    run: Callable[[Problem, Array, int], None]
    seconds: Callable[[Problem], float]
    bytes: Callable[[Problem], int]
    error_factor: Callable[[Problem], float]


# --- direct -----------------------------------------------------------------------------------


def run_direct(problem: Problem, out: Array, threads: int) -> None:
    """Sum the products one by one, in the core.

    The core correlates, ``out[i] = sum over r of w[r] input[i + first + r]``, so it is given the
    taps reversed, r = taps - 1 - k. The axis along which the input is contiguous goes last.
    """
    batch, rank = problem.batch, problem.input.ndim
    strides = [abs(stride) for stride in problem.input.strides]
    sliding = sorted(range(batch, rank), key=lambda d: (problem.input.shape[d] > 1, -strides[d]))
    order = [*range(batch), *sliding]
    reverse = (slice(None),) * batch + (slice(None, None, -1),) * (rank - batch)
    taps = problem.taps[reverse].transpose(order)
    _core.correlate_directly(
        _as_core(problem.input.transpose(order)),
        _as_core(_contiguous_beyond(taps, batch)),
        _as_core(out.transpose(order)),
        [problem.start[d - batch] - (problem.taps.shape[d] - 1) for d in sliding],
        [_CORE_BOUNDARIES[problem.boundaries[d - batch]] for d in sliding],
        _fill_value(problem),
        threads,
    )


def _as_core(operand: Array) -> Array:
    """Return integers as the core sums them: modulo 2**64, signed or not."""
    return operand.view(np.uint64) if operand.dtype == np.int64 else operand


def _fill_value(problem: Problem) -> float:
    whole = problem.input.dtype.kind in "iu"
    return int(problem.fill_value) % 2**64 if whole else problem.fill_value


def _contiguous_beyond(taps: Array, batch: int) -> Array:
    """Return `taps` in C order, batch axes of stride zero left as they are."""
    if not batch:
        return np.ascontiguousarray(taps)
    kept = tuple(slice(None) if taps.strides[d] else slice(1) for d in range(batch))
    return np.broadcast_to(np.ascontiguousarray(taps[kept]), taps.shape)


# Measured on one core with AVX-512, by the size of a number in bytes: products per second where a
# row has enough taps to share each load among four of them, where it has not, and outputs per
# second that only one tap makes. They are the same everywhere, so that machines choose alike.
_LONG_ROW_TAPS = {4: 64, 8: 32}
_LONG_ROW_PRODUCTS_PER_SECOND = {4: 50e9, 8: 25e9}
_SHORT_ROW_PRODUCTS_PER_SECOND = {4: 18e9, 8: 9.5e9}
_OUTPUTS_PER_SECOND = {4: 1.6e9, 8: 0.9e9}
_DIRECT_SECONDS = 70e-6


def _direct_seconds(problem: Problem) -> float:
    outputs, width = math.prod(problem.output_shape), problem.input.dtype.itemsize
    row = problem.sliding_taps_shape[-1]
    long_rows = row >= _LONG_ROW_TAPS[width] and problem.input.dtype.kind == "f"
    rates = _LONG_ROW_PRODUCTS_PER_SECOND if long_rows else _SHORT_ROW_PRODUCTS_PER_SECOND
    return (
        _DIRECT_SECONDS
        + outputs * problem.tap_count / rates[width]
        + outputs / _OUTPUTS_PER_SECOND[width]
    )


def _direct_bytes(problem: Problem) -> int:
    """Return the size of one gathered tile: its outputs and the taps around them."""
    longest = [*(16 for _ in problem.start[1:]), 16384 if len(problem.start) == 1 else 2048]
    block = [
        min(a, b + k)
        for a, b, k in zip(problem.reach, longest, problem.sliding_taps_shape, strict=True)
    ]
    return problem.input.dtype.itemsize * math.prod(block)


# --- fft --------------------------------------------------------------------------------------


def fft_shape(problem: Problem) -> tuple[int, ...]:
    """Return the lengths of the transform on the axes with more than one tap, 1 on the others.

    A circular convolution of at least `reach` points is wrong only in its first taps - 1 entries,
    which belong to no output.
    """
    return tuple(
        scipy.fft.next_fast_len(reach, real=True) if taps > 1 else 1
        for reach, taps in zip(problem.reach, problem.sliding_taps_shape, strict=True)
    )


def extend(problem: Problem) -> Array:
    """Return the input continued by its boundaries, as far as it is read."""
    input = problem.input
    outside: list[tuple[int, NDArray[np.bool_]]] = []
    for i, boundary in enumerate(problem.boundaries):
        axis = problem.batch + i
        first = problem.start[i] - (problem.taps.shape[axis] - 1)
        if first == 0 and problem.reach[i] == input.shape[axis]:
            continue
        positions = np.arange(first, first + problem.reach[i])
        indices = source_indices(boundary, positions, input.shape[axis])
        input = input.take(indices.clip(0), axis)
        if (indices < 0).any():
            outside.append((axis, indices < 0))
    for axis, mask in outside:
        input[(slice(None),) * axis + (mask,)] = problem.fill_value
    return input


def run_fft(problem: Problem, out: Array, threads: int) -> None:
    """Multiply the spectra (the convolution theorem), with the transform of SciPy.

    Each line that is transformed on its own is scaled by a power of two to a largest entry in
    [1, 2), so that no spectrum overflows; the result is scaled back exactly.
    """
    lengths = fft_shape(problem)
    axes = tuple(problem.batch + i for i, length in enumerate(lengths) if length > 1)
    shape = tuple(length for length in lengths if length > 1)
    input, input_exponent = _scaled(extend(problem), axes)
    taps, taps_exponent = _scaled(problem.taps, axes)
    if not axes:
        np.multiply(input, taps, out=out)
    else:
        workers = threads or _core.default_threads()
        spectrum = scipy.fft.rfftn(input, shape, axes, workers=workers)
        spectrum = spectrum * scipy.fft.rfftn(taps, shape, axes, workers=workers)
        circular = scipy.fft.irfftn(spectrum, shape, axes, workers=workers, overwrite_x=True)
        valid = [slice(None)] * problem.batch
        valid += [
            slice(taps - 1, taps - 1 + outputs)
            for taps, outputs in zip(
                problem.sliding_taps_shape, problem.sliding_output_shape, strict=True
            )
        ]
        out[...] = circular[tuple(valid)]
    with np.errstate(over="ignore", under="ignore"):
        np.ldexp(out, input_exponent + taps_exponent, out=out)


def _scaled(operand: Array, axes: tuple[int, ...]) -> tuple[Array, NDArray[np.int32]]:
    highest, lowest = (of(operand, axis=axes, keepdims=True) for of in (np.max, np.min))
    exponents = np.frexp(np.maximum(highest, -lowest))[1] - 1
    with np.errstate(under="ignore"):
        return np.ldexp(operand, -exponents), exponents


# Points times doublings per second for one line and for lines in more than one dimension, which
# the transform takes several at a time.
_FFT_SECONDS = 140e-6
_ONE_LINE_PER_SECOND = {4: 4.5e8, 8: 4.0e8}
_MANY_LINES_PER_SECOND = {4: 1.3e9, 8: 0.75e9}


def _fft_seconds(problem: Problem) -> float:
    lengths = [length for length in fft_shape(problem) if length > 1]
    points = math.prod(lengths)
    passed = math.prod(problem.output_shape) // math.prod(
        outputs
        for outputs, taps in zip(
            problem.sliding_output_shape, problem.sliding_taps_shape, strict=True
        )
        if taps > 1
    )
    rates = _ONE_LINE_PER_SECOND if passed * len(lengths) <= 1 else _MANY_LINES_PER_SECOND
    work = passed * points * math.log2(points + 1)
    return _FFT_SECONDS + work / rates[problem.input.dtype.itemsize]


def _fft_bytes(problem: Problem) -> int:
    whole = math.prod(problem.output_shape[: problem.batch]) * math.prod(
        max(length, reach) for length, reach in zip(fft_shape(problem), problem.reach, strict=True)
    )
    return 4 * problem.input.dtype.itemsize * whole


# --- the table ----------------------------------------------------------------------------------


def _direct_error(problem: Problem) -> float:
    return direct_factor(problem.tap_count, problem.input.dtype)


def _fft_error(problem: Problem) -> float:
    return fft_factor(math.prod(fft_shape(problem)), problem.input.dtype)


METHODS = {
    Method.DIRECT: MethodEntry(run_direct, _direct_seconds, _direct_bytes, _direct_error),
    Method.FFT: MethodEntry(run_fft, _fft_seconds, _fft_bytes, _fft_error),
}
