"""Integers: exact, or refused.

The core sums integers modulo 2**64, which is exact whenever the true result fits. A transform in
float64 is exact when its proved error bound is below one half, because the result is rounded.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.bounds import norms
from faltung.arrays.geometry import Problem
from faltung.arrays.methods import METHODS, run_fft
from faltung.errors import ExactnessError, OptionError
from faltung.options import Method

__all__ = ["fft_is_exact", "require_fit", "require_whole", "run_fft_exactly"]


def require_whole(fill_value: float) -> None:
    """Raise OptionError unless `fill_value` can stand among integers."""
    if not float(fill_value).is_integer():
        raise OptionError(
            f"fill_value={fill_value!r} is not whole, but the operands are integers: write a whole "
            "number, or convert the operands with .astype(float)"
        )


def require_fit(problem: Problem, result: np.dtype[Any]) -> None:
    """Raise ExactnessError if an entry of the result might not fit its 64 bits.

    The largest possible entry is max|input| times the sum of |taps|. Where that is too large, the
    sums of |input| and |taps| themselves are made in float64, whose relative error is known.
    """
    limits = np.iinfo(result)
    room = int(limits.max)
    fill = abs(int(problem.fill_value))
    largest = max(_magnitude(problem.input), fill)
    if largest * _magnitude_sum(problem) <= room:
        return
    sums = np.empty(problem.output_shape)
    METHODS[Method.DIRECT].run(
        problem.with_operands(
            np.abs(problem.input.astype(float)), np.abs(problem.taps.astype(float)), float(fill)
        ),
        sums,
        0,
    )
    # 1e-9 is far above gamma(m) of the direct sum for any number of taps below 10**12.
    if float(sums.max()) * (1 + 1e-9) > room:
        raise ExactnessError(
            f"an entry of the result may reach {sums.max():.4g}, which {result} (up to {room:.4g}) "
            "does not hold: convert the operands with .astype(float) for a rounded result"
        )


def _magnitude(operand: NDArray[Any]) -> int:
    return max(int(operand.max()), -int(operand.min()))


def _magnitude_sum(problem: Problem) -> int:
    axes = tuple(range(problem.batch, problem.taps.ndim))
    largest = _magnitude(problem.taps)
    if largest * problem.tap_count < 2**53:
        return int(np.abs(problem.taps.astype(np.int64)).sum(axis=axes).max())
    return largest * problem.tap_count


def fft_is_exact(problem: Problem) -> bool:
    """Return whether the transform's error is proved to stay below one half."""
    as_float = _as_float(problem)
    taps_norm, input_norm = norms(as_float)
    factor = METHODS[Method.FFT].error_factor(as_float)
    largest = max(_magnitude(problem.input), _magnitude(problem.taps))
    return largest < 2**53 and factor * taps_norm * input_norm < 0.49


def run_fft_exactly(problem: Problem, out: NDArray[Any], threads: int) -> None:
    """Fill the integer array `out` by a transform that :func:`fft_is_exact` vouches for."""
    rounded = np.empty(out.shape)
    run_fft(_as_float(problem), rounded, threads)
    out[...] = np.rint(rounded, out=rounded).astype(out.dtype)


def _as_float(problem: Problem) -> Problem:
    return problem.with_operands(
        problem.input.astype(np.float64), problem.taps.astype(np.float64), float(problem.fill_value)
    )
