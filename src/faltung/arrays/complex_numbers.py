"""Complex numbers: a complex convolution is four real ones, of the parts of its operands.

With x = a + ib and w = c + id, the real part of x * w is a*c - b*d and the imaginary part b*c + a*d. A real
operand has no imaginary part, so then there are two. NaN and infinities follow from these real sums.
``docs/mathematics/arrays.md`` derives the bound.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.bounds import unit_roundoff
from faltung.arrays.geometry import Problem

__all__ = ["complex_factor", "conjugate", "is_complex", "real_problems", "run_complex"]

Array = NDArray[Any]
RunReal = Callable[[Problem, Array], None]


def is_complex(problem: Problem) -> bool:
    """Return whether one of the operands is complex."""
    return "c" in (problem.input.dtype.kind, problem.taps.dtype.kind)


def conjugate(kernel: Array) -> Array:
    """Return the complex conjugate of each entry; real entries, Python's own included, stay."""
    if kernel.dtype.kind == "O":
        each = np.frompyfunc(lambda x: x.conjugate() if isinstance(x, complex) else x, 1, 1)
        return np.asarray(each(kernel), dtype=object)
    return np.conjugate(kernel) if kernel.dtype.kind == "c" else kernel


def complex_factor(real_factor: float, dtype: np.dtype[Any]) -> float:
    """Return c of the complex convolution from that of its real ones: sqrt(2) (c + u (1 + c)).

    Either part is off by c (|w_re||x_re| + |w_im||x_im|) <= c |w||x|, and by the rounding of one addition.
    """
    return math.sqrt(2) * (real_factor + unit_roundoff(dtype) * (1 + real_factor))


def real_problems(problem: Problem) -> list[Problem]:
    """Return the real convolutions that make a complex one, for their cost and their bound."""
    return [
        problem.with_operands(input, taps, fill)
        for input, fill in zip(_parts(problem.input), _fills(problem), strict=True)
        for taps in _parts(problem.taps)
    ]


def run_complex(problem: Problem, out: Array, run: RunReal) -> None:
    """Fill the complex array `out` by real convolutions.

    Parameters
    ----------
    problem : Problem
    out : numpy.ndarray
        Of the problem's layout.
    run : callable
        ``run(problem, out)`` makes a real convolution, of operands that need not be finite.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        for part, combine, operands in _steps(problem):
            sums = (out.real, out.imag)[part]
            # In memory of its own: the bits do not depend on where the result lies.
            product = np.empty(out.shape, sums.dtype)
            run(problem.with_operands(*operands), product)
            combine(sums, product)


def _steps(problem: Problem) -> Iterator[tuple[int, Any, tuple[Array, Array, Any]]]:
    """Yield real convolutions, the part of the result they belong to, and how they get there."""
    real, *imaginary = _parts(problem.taps)
    if problem.input.dtype.kind != "c":
        for part, taps in enumerate((real, *imaginary)):
            yield part, _fill, (problem.input, taps, problem.fill_value.real)
        return
    (a, b), (fill_a, fill_b) = _parts(problem.input), _fills(problem)
    yield 0, _fill, (a, real, fill_a)
    yield 1, _fill, (b, real, fill_b)
    for taps in imaginary:
        yield 0, operator.isub, (b, taps, fill_b)
        yield 1, operator.iadd, (a, taps, fill_a)


def _fill(out: Array, values: Array) -> None:
    out[...] = values


def _parts(operand: Array) -> list[Array]:
    """Return the parts, in memory of their own: read over and over, they are faster so."""
    if operand.dtype.kind != "c":
        return [operand]
    # One number that stands for a whole array (a plan is made with it) stays one number.
    if operand.ndim and not any(operand.strides):
        return [operand.real, operand.imag]
    return [np.ascontiguousarray(operand.real), np.ascontiguousarray(operand.imag)]


def _fills(problem: Problem) -> list[Any]:
    fill = problem.fill_value
    return [fill.real, fill.imag] if problem.input.dtype.kind == "c" else [fill.real]
