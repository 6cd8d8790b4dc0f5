"""The choice of a method for a problem."""

from __future__ import annotations

import math

from faltung.arrays.exact import exact_slicing, require_slicing
from faltung.arrays.geometry import Problem
from faltung.arrays.methods import METHODS
from faltung.arrays.transform import TRANSFORM_SECONDS
from faltung.arrays.types import ArithmeticTypes
from faltung.options import Method

__all__ = ["choose"]


def choose(problem: Problem, method: Method, types: ArithmeticTypes) -> Method:
    """Return the method that `method` stands for; AUTO is the one predicted to be fastest.

    Raises
    ------
    ExactnessError
        If ``method="fft"`` is asked for integers and rounding cannot be proved to be exact.
    """
    if method is Method.DIRECT:
        return method
    if method is Method.FFT:
        if types.exact:
            require_slicing(problem)
        return method
    fastest = _fastest(problem)
    return _fastest_exact(problem) if fastest is Method.FFT and types.exact else fastest


# As the short way of the core decides, so that both ways of a call give the same bits.
_FEW_PRODUCTS = 2**18
_FEW_TAPS = 24
_SOME_PRODUCTS = 2**21
_SOME_TAPS = 128


def _is_small(problem: Problem) -> bool:
    taps = problem.tap_count
    products = taps * math.prod(problem.output_shape)
    few = products <= _FEW_PRODUCTS or taps <= _FEW_TAPS
    return few or (products <= _SOME_PRODUCTS and taps <= _SOME_TAPS)


def _fastest(problem: Problem) -> Method:
    if _is_small(problem):
        return Method.DIRECT
    # No transform takes less than its call: short sums need not ask what one would take.
    direct = METHODS[Method.DIRECT].seconds(problem)
    if direct <= TRANSFORM_SECONDS:
        return Method.DIRECT
    return Method.FFT if METHODS[Method.FFT].seconds(problem) < direct else Method.DIRECT


# What cutting and putting together takes for each output of each product of slices.
_SLICE_SECONDS = 10e-9


def _fastest_exact(problem: Problem) -> Method:
    """Return the faster one of a direct sum and as many transforms as are needed to be exact."""
    slicing = exact_slicing(problem)
    if slicing is None:
        return Method.DIRECT
    each = METHODS[Method.FFT].seconds(problem)
    each += _SLICE_SECONDS * math.prod(problem.output_shape)
    direct = METHODS[Method.DIRECT].seconds(problem)
    return Method.FFT if slicing.products * each < direct else Method.DIRECT
