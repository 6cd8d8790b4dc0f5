"""Proved bounds and estimates of the rounding error of each method.

The page ``docs/mathematics/arrays.md`` derives every constant used here. Throughout, ``u`` is the
unit round-off of the type the sums are made in, ``w`` the taps and ``x`` the input continued by
its boundaries as far as it is read.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.geometry import Problem, source_indices
from faltung.arrays.types import ArithmeticTypes

__all__ = [
    "BLOCK_TAPS",
    "direct_factor",
    "gamma",
    "norms",
    "typical_sum",
    "underflow",
    "unit_roundoff",
]

#: Taps whose products the direct kernel sums before it adds them to a total.
BLOCK_TAPS = 1024

# Times the largest magnitude, read or not, what the norm of the input is taken for at least.
_LEAST_PART, _LEAST_PART_OF_FLOAT32 = 2.0**-900, 2.0**-90


def unit_roundoff(dtype: np.dtype[Any]) -> float:
    """Return half the distance from one to the next larger number of `dtype`.

    Examples
    --------
    >>> unit_roundoff(np.dtype("float64")) == 2.0**-53
    True
    """
    return float(np.finfo(dtype).eps) / 2


def direct_factor(taps: int, dtype: np.dtype[Any]) -> float:
    """Return c with ``|error[i]| <= c (|w| * |x|)[i]``, hence ``<= c norm(w) norm(x)``.

    Higham, Accuracy and Stability of Numerical Algorithms (2nd ed.), section 4.2, for sums in
    blocks: c = gamma(m), m = min(n, 1024) + 2 ceil(2.5 n / 1024) for n taps.
    """
    terms = min(taps, BLOCK_TAPS) + 2 * math.ceil(2.5 * taps / BLOCK_TAPS)
    return gamma(terms, unit_roundoff(dtype))


def gamma(terms: float, roundoff: float) -> float:
    """Return ``terms * roundoff / (1 - terms * roundoff)``."""
    product = terms * roundoff
    return product / (1 - product) if product < 1 else math.inf


def underflow(taps: int, types: ArithmeticTypes) -> float:
    """Return what `taps` products and the result may lose below the smallest normal number."""
    # That of a long double is below every float64: the smallest there is stands for it.
    tiny = [
        float(np.finfo(t).smallest_subnormal) or 2.0**-1074 for t in (types.compute, types.result)
    ]
    return (4 if types.compute.kind == "c" else 1) * (taps * tiny[0] + tiny[1])


def norms(problem: Problem, *, scaled: bool = False) -> tuple[float, float]:
    """Return the 2-norms of the taps and of the continued input, neither of which overflows.

    For a batch, the largest norm of each; their product bounds that of every pair. A transform is
    `scaled` for the largest number there is, read or not, and rounds away what is far below it: there
    the norm of the input is no less than a tiny part of that.
    """
    counts = []
    outside, read_input = 0, problem.input
    for i, boundary in enumerate(problem.boundaries):
        axis = problem.batch + i
        size = problem.input.shape[axis]
        indices = source_indices(boundary, problem.positions(i), size)
        count = np.bincount(indices[indices >= 0], minlength=size).astype(float)
        # Beside a large number that no sum reads the squares of the others would underflow.
        if not count.all():
            read_input = read_input.compress(count > 0, axis)
        counts.append(count[count > 0])
        outside += int((indices < 0).sum())
    scale, input = _to_unit(read_input)
    squares = input**2
    for count in reversed(counts):
        squares = squares @ count
    largest = float(np.sqrt(squares.max(initial=0))) * scale
    if outside and problem.fill_value:
        read = math.prod(problem.reach)
        largest = math.hypot(largest, abs(problem.fill_value) * math.sqrt(read))
    if scaled:
        part = _LEAST_PART_OF_FLOAT32 if np.finfo(problem.input.dtype).bits == 32 else _LEAST_PART
        there_is = max(float(np.abs(problem.input).max()), abs(problem.fill_value))
        largest = max(largest, there_is * part)
    return _largest_norm(problem.taps, problem.batch), largest


def typical_sum(problem: Problem) -> float:
    """Return the size of a typical entry: what random signs leave of it, and what the means make."""
    taps_norm, input_norm = norms(problem)
    random = taps_norm * input_norm / math.sqrt(math.prod(problem.reach))
    wide = np.result_type(problem.taps, problem.input, np.float64)
    sums = problem.taps.sum(axis=tuple(range(problem.batch, problem.taps.ndim)), dtype=wide)
    steady = float(np.abs(sums).max()) * float(np.abs(problem.input.mean(dtype=wide)))
    return math.hypot(random, steady)


def _to_unit(operand: NDArray[Any]) -> tuple[float, NDArray[np.float64]]:
    values = operand if operand.dtype.kind in "fc" else operand.astype(np.float64)
    wide = np.abs(values.astype(np.result_type(values, np.float64), copy=False))
    scale = wide.max(initial=0) or wide.dtype.type(1)
    return float(scale), (wide / scale).astype(np.float64)


def _largest_norm(operand: NDArray[Any], batch: int) -> float:
    scale, values = _to_unit(operand)
    axes = tuple(range(batch, operand.ndim))
    return scale * float(np.sqrt((values**2).sum(axis=axes)).max())
