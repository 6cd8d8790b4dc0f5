"""The choice of a method for a problem."""

from __future__ import annotations

import math

from faltung import _core
from faltung.arrays.exact import exact_slicing, require_slicing
from faltung.arrays.geometry import Problem
from faltung.arrays.methods import METHODS
from faltung.arrays.plain import is_plain
from faltung.arrays.slices import Slicing
from faltung.arrays.types import ArithmeticTypes
from faltung.errors import OptionError
from faltung.options import Method

__all__ = ["choose"]


def choose(
    problem: Problem, method: Method, types: ArithmeticTypes
) -> tuple[Method, Slicing | None]:
    """Return the method that `method` stands for; AUTO is the one predicted to be fastest.

    With it, for a transform of integers, how they are cut.

    Raises
    ------
    ExactnessError
        If ``method="fft"`` is asked for integers and rounding cannot be proved to be exact.
    """
    if is_plain(types.compute):
        return _choose_plain(method, types), None
    if method is Method.DIRECT:
        return method, None
    if types.exact:
        return _choose_exact(problem, method)
    if method is Method.FFT:
        return method, None
    seconds = {name: entry.seconds(problem) for name, entry in METHODS.items()}
    return min(seconds, key=seconds.__getitem__), None


def _choose_plain(method: Method, types: ArithmeticTypes) -> Method:
    if method is Method.FFT:
        raise OptionError(
            f"method='fft' is made in float32 and float64, the operands are {types.compute}: write "
            "method='direct', or convert them with .astype(float) or .astype(complex)"
        )
    return Method.DIRECT


def _is_small(problem: Problem) -> bool:
    """Return what the core says of integers that it takes without a plan."""
    products = float(problem.tap_count) * math.prod(problem.output_shape)
    return _core.direct_is_best(products, problem.tap_count)


# What cutting and putting together takes for each output of each product of slices.
_SLICE_SECONDS = 10e-9


def _choose_exact(problem: Problem, method: Method) -> tuple[Method, Slicing | None]:
    """Choose between a direct sum and as many transforms as are needed to be exact."""
    if method is Method.AUTO and _is_small(problem):
        return Method.DIRECT, None
    if method is Method.FFT:
        return method, require_slicing(problem)
    direct = METHODS[Method.DIRECT].seconds(problem)
    each = METHODS[Method.FFT].seconds(problem) + _SLICE_SECONDS * math.prod(problem.output_shape)
    slicing = exact_slicing(problem) if each < direct else None
    if slicing is None or slicing.products * each >= direct:
        return Method.DIRECT, None
    return Method.FFT, slicing
