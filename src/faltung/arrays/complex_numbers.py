"""Complex numbers: a complex convolution is four real ones, of the parts of its operands.

Only a transform of two complex operands takes them as they are.

With x = a + ib and w = c + id, the real part of x * w is a*c - b*d and the imaginary part b*c + a*d. A real
operand has no imaginary part, so then there are two. NaN and infinities follow from these real sums.
``docs/mathematics/arrays.md`` derives the bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.bounds import unit_roundoff
from faltung.arrays.geometry import Problem

__all__ = [
    "are_both_complex",
    "complex_factor",
    "conjugate",
    "is_complex",
    "real_problems",
    "run_complex",
]

Array = NDArray[Any]
RunReal = Callable[[Problem, Array], None]


def is_complex(problem: Problem) -> bool:
    """Return whether one of the operands is complex."""
    return "c" in (problem.input.dtype.kind, problem.taps.dtype.kind)


def are_both_complex(problem: Problem) -> bool:
    """Return whether both operands are complex numbers that the core takes as they are."""
    types = {problem.input.dtype, problem.taps.dtype}
    return types <= {np.dtype(np.complex64), np.dtype(np.complex128)}


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
        if problem.input.dtype.kind != "c":
            for part, taps in zip((out.real, out.imag), _parts(problem.taps), strict=True):
                run(problem.with_operands(problem.input, taps, problem.fill_value.real), part)
            return
        real, *imaginary = _parts(problem.taps)
        _run_channels(problem, real, out, run)
        for taps in imaginary:
            turned = np.empty(out.shape, out.dtype)
            _run_channels(problem, taps, turned, run)
            out.real -= turned.imag
            out.imag += turned.real


def _run_channels(problem: Problem, taps: Array, out: Array, run: RunReal) -> None:
    """Sum both parts of the input, times real taps, as two channels of an array of real numbers."""
    fills = _fills(problem)
    if fills[0] != fills[1]:
        for part, fill, to in zip(_parts(problem.input), fills, (out.real, out.imag), strict=True):
            run(problem.with_operands(part, taps, fill), to)
        return
    run(
        replace(
            problem,
            input=_channels(problem.input),
            taps=taps[..., np.newaxis],
            start=(*problem.start, 0),
            stride=(*problem.stride, 1),
            dilation=(*problem.dilation, 1),
            output_shape=(*problem.output_shape, 2),
            boundaries=(*problem.boundaries, problem.boundaries[-1]),
            fill_value=fills[0],
        ),
        _channels(out),
    )


def _channels(numbers: Array) -> Array:
    """Return a view with the two parts of each number along one more axis."""
    part = numbers.real
    strides = (*part.strides, part.itemsize)
    return np.lib.stride_tricks.as_strided(part, (*part.shape, 2), strides)


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
