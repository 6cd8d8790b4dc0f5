"""The choice of a method for a problem."""

from __future__ import annotations

from faltung.arrays.exact import fft_is_exact
from faltung.arrays.geometry import Problem
from faltung.arrays.methods import METHODS
from faltung.arrays.transform import TRANSFORM_SECONDS
from faltung.arrays.types import ArithmeticTypes
from faltung.errors import ExactnessError
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
        if types.exact and not fft_is_exact(problem):
            raise ExactnessError(
                "method='fft' cannot be proved exact for integers of this size and number: write "
                "method='direct' or 'auto', or convert the operands with .astype(float)"
            )
        return method
    fastest = _fastest(problem)
    if fastest is Method.FFT and types.exact and not fft_is_exact(problem):
        return Method.DIRECT
    return fastest


def _fastest(problem: Problem) -> Method:
    # No transform takes less than its call: short sums need not ask what one would take.
    direct = METHODS[Method.DIRECT].seconds(problem)
    if direct <= TRANSFORM_SECONDS:
        return Method.DIRECT
    return Method.FFT if METHODS[Method.FFT].seconds(problem) < direct else Method.DIRECT
