"""The choice of a method for a problem."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from faltung import _core
from faltung.arrays.exact import exact_slicing, exact_type, require_slicing, without_numbers
from faltung.arrays.geometry import Problem
from faltung.arrays.methods import METHODS
from faltung.arrays.plain import is_plain
from faltung.arrays.separable import require_separation, separable_seconds
from faltung.arrays.slices import Slicing
from faltung.arrays.types import ArithmeticTypes
from faltung.errors import OptionError
from faltung.options import Method

__all__ = ["choose", "choose_elementwise", "predicted"]


def choose(
    problem: Problem, method: Method, types: ArithmeticTypes
) -> tuple[Method, Slicing | None]:
    """Return the method that `method` stands for; AUTO is the one predicted to be fastest.

    With it, for a transform of integers, how they are cut.

    Raises
    ------
    ExactnessError
        If ``method="fft"`` is asked for integers and rounding cannot be proved to be exact.
    OptionError
        If ``method="separable"`` is asked for a kernel that is not, or for integers.
    """
    if is_plain(types.compute):
        return _choose_plain(method, types), None
    if types.compute.kind == "c":
        return _choose_complex(problem, method), None
    if method is Method.SEPARABLE:
        require_separation(problem if types.exact else _in_type(problem, types.compute))
        return method, None
    few_bits = method is Method.AUTO and _reads_and_writes_few_bits(problem, types)
    if method is Method.DIRECT or few_bits:
        return Method.DIRECT, None
    if types.exact:
        return _choose_exact(problem, method)
    if method is Method.FFT:
        return method, None
    model = _in_type(problem, types.compute)
    seconds = _direct_and_transform(model)
    # Lines are sought only where they could be faster than the others.
    seconds[Method.SEPARABLE] = separable_seconds(model, min(seconds.values()))
    return min(seconds, key=seconds.__getitem__), None


def _direct_and_transform(problem: Problem) -> dict[Method, float]:
    """Return the predicted times; that of a transform only where it could be the lesser one."""
    direct = METHODS[Method.DIRECT].seconds(problem)
    if direct <= _core.predicted_seconds(_core.cost("transform.float32.call")):
        return {Method.DIRECT: direct}
    return {Method.DIRECT: direct, Method.FFT: METHODS[Method.FFT].seconds(problem)}


# Up to here a direct sum that reads and writes few bits is faster than a transform, which needs a
# wide copy of the operands and of the result.
_FEW_BITS_TAPS = 225


def _reads_and_writes_few_bits(problem: Problem, types: ArithmeticTypes) -> bool:
    rounded = types.result.kind in "iu" and types.compute in (np.float32, np.float64)
    return rounded and problem.tap_count <= _FEW_BITS_TAPS and problem.input.itemsize <= 2


def choose_elementwise(problem: Problem, method: Method) -> Method:
    """Return the method that an elementwise call begins with, of a problem in float64.

    Raises
    ------
    OptionError
        For lines, of which only the norm of the error is known.
    """
    if method is Method.SEPARABLE:
        raise OptionError(
            "method='separable' bounds the norm of the error, not that of each entry: write "
            "accuracy='normwise' or method='auto'"
        )
    return _faster(problem, method)


def _faster(problem: Problem, method: Method) -> Method:
    """Return `method`, or for AUTO the faster of a direct sum and a transform."""
    if method is not Method.AUTO:
        return method
    seconds = _direct_and_transform(problem)
    return min(seconds, key=seconds.__getitem__)


def _in_type(problem: Problem, dtype: np.dtype[Any]) -> Problem:
    """Return a problem of the same sizes and taps in another type; only lines need the taps."""
    if problem.input.dtype == problem.taps.dtype == dtype:
        return problem
    tolerance = problem.rank_tolerance
    model = without_numbers(problem, dtype)
    taps = problem.taps.astype(dtype, copy=False)
    return replace(model, taps=taps, rank_tolerance=tolerance, separation=None)


def _choose_complex(problem: Problem, method: Method) -> Method:
    if method is Method.SEPARABLE:
        raise OptionError(
            "method='separable' is for real numbers, the operands are complex: write method='auto', "
            "or convolve .real and .imag with the real kernel"
        )
    return _faster(problem, method)


def _choose_plain(method: Method, types: ArithmeticTypes) -> Method:
    if method is Method.FFT:
        raise OptionError(
            f"method='fft' is made in float32 and float64, the operands are {types.compute}: write "
            "method='direct', or convert them with .astype(float) or .astype(complex)"
        )
    if method is Method.SEPARABLE:
        raise OptionError(
            f"method='separable' is made in float32 and float64, the operands are {types.compute}: "
            "write method='direct', or convert them with .astype(float)"
        )
    return Method.DIRECT


def _is_small(problem: Problem) -> bool:
    """Return what the core says of integers that it takes without a plan."""
    products = float(problem.tap_count) * math.prod(problem.output_shape)
    return _core.direct_is_best(products, problem.tap_count)


def _choose_exact(problem: Problem, method: Method) -> tuple[Method, Slicing | None]:
    """Choose between a direct sum and as many transforms as are needed to be exact."""
    if method is Method.AUTO and _is_small(problem):
        return Method.DIRECT, None
    if method is Method.FFT:
        return method, require_slicing(problem)
    outputs = math.prod(problem.output_shape)
    one = _one_transform_seconds(problem)
    # The numbers are looked at only where it may depend on them.
    if _direct_seconds(problem, np.dtype(np.uint64)) <= one:
        return Method.DIRECT, None
    direct = _direct_seconds(problem, exact_type(problem))
    slicing = exact_slicing(problem) if one < direct else None
    if slicing is None or slicing.products * _product_seconds(slicing, one, outputs) >= direct:
        return Method.DIRECT, None
    return Method.FFT, slicing


def predicted(problem: Problem, method: Method, types: ArithmeticTypes) -> tuple[float, int]:
    """Return the time on one thread, and the memory beyond operands and result, of one method.

    Of whole numbers, those that are as small as the numbers in `problem`: direct sums in the type in
    which they are exact, and a single transform, of copies in float64.
    """
    entry = METHODS[method]
    if not types.exact:
        return entry.seconds(problem), entry.bytes(problem)
    if method is Method.SEPARABLE:
        return math.inf, 0
    if method is Method.DIRECT:
        model = without_numbers(problem, exact_type(problem))
        return entry.seconds(model), entry.bytes(model)
    copies = problem.input.size + problem.taps.size + math.prod(problem.output_shape)
    model = without_numbers(problem, np.dtype(np.float64))
    return _one_transform_seconds(problem), entry.bytes(model) + 8 * copies


def _one_transform_seconds(problem: Problem) -> float:
    """Return the time of whole numbers that need not be cut: to floats, transformed, and back."""
    transform = METHODS[Method.FFT].seconds(without_numbers(problem, np.dtype(np.float64)))
    return transform + 1e-9 * _core.cost("call.whole") * math.prod(problem.output_shape)


def _direct_seconds(problem: Problem, dtype: np.dtype[Any]) -> float:
    return METHODS[Method.DIRECT].seconds(without_numbers(problem, dtype))


def _product_seconds(slicing: Slicing, one: float, outputs: int) -> float:
    """Return the time of each product of slices; `one` is that of the whole numbers."""
    return one + (1e-9 * _core.cost("call.slice") * outputs if slicing.products > 1 else 0.0)
