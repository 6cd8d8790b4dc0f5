"""A problem scaled by powers of two, and what a glance at its numbers tells."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.geometry import Problem
from faltung.arrays.leading_digits import MOST_LEVELS
from faltung.arrays.methods import METHODS
from faltung.options import Method

__all__ = ["Scaled", "first_level", "lost_by_scaling", "scaled_problem"]

Array = NDArray[Any]

# Largest magnitudes between 2**-250 and 2**250 have squares and products that are numbers.
_MODERATE = 250


@dataclass(frozen=True)
class Scaled:
    """A problem of moderate size whose sums, times ``mantissa * 2**exponent``, are asked for.

    Attributes
    ----------
    one_sign : bool
        Whether neither operand has entries of both signs, so that no sum cancels.
    exponent, mantissa
        The same for all outputs, or arrays that are broadcast to them.
    relative : float
        What scaling and scaling back may cost, in multiples of ``(|w| * |x|)[i]``.
    lost : float
        What a sum may be off by besides, because numbers scaled down fell below the smallest one.
    """

    problem: Problem
    one_sign: bool
    exponent: int | NDArray[np.int64] = 0
    mantissa: float | NDArray[np.float64] = 1.0
    relative: float = 0.0
    lost: float = 0.0

    @property
    def absolute(self) -> Problem:
        """The problem of the magnitudes."""
        made = self.problem
        return made.with_operands(np.abs(made.input), np.abs(made.taps), abs(made.fill_value))

    def scale_back(self, sums: Array) -> None:
        """Make the sums that are asked for of those of `problem`, in place."""
        if np.ndim(self.mantissa):
            sums *= self.mantissa
        if np.ndim(self.exponent) or self.exponent:
            with np.errstate(over="ignore"):
                np.ldexp(sums, self.exponent, out=sums)


def scaled_problem(problem: Problem) -> Scaled | None:
    """Return the problem scaled; None where an operand is zero throughout."""
    fill = problem.fill_value
    low, high = _range(problem.input, fill)
    least, most = _range(problem.taps, 0.0)
    if low == high == 0 or least == most == 0:
        return None
    one_sign = (low >= 0 or high <= 0) and (least >= 0 or most <= 0)
    of_input, of_taps = _far_exponent(low, high), _far_exponent(least, most)
    if of_input or of_taps:
        problem = problem.with_operands(
            np.ldexp(problem.input, -of_input),
            np.ldexp(problem.taps, -of_taps),
            math.ldexp(fill, -of_input),
        )
    lost = lost_by_scaling(problem) if of_input or of_taps else 0.0
    return Scaled(problem, one_sign, of_input + of_taps, lost=lost)


def lost_by_scaling(problem: Problem) -> float:
    """Return what sums of operands of at most one lose if each number lost half the smallest one."""
    return problem.tap_count * 2.0**-1073


def _range(values: Array, fill: float) -> tuple[float, float]:
    """Return the least and the largest of the values and zero."""
    return min(float(values.min()), fill, 0.0), max(float(values.max()), fill, 0.0)


def _far_exponent(low: float, high: float) -> int:
    """Return the exponent of the largest magnitude, 0 where it is moderate."""
    exponent = math.frexp(max(-low, high))[1]
    return 0 if abs(exponent) <= _MODERATE else exponent


# Outputs at either end that one level may leave to others, as a share of the shorter operand, and
# the bits that every level is sure to gain.
_LEFT_TO_OTHERS = 0.25
_BITS_OF_LEVEL = 12


def first_level(scaled: Scaled, rtol: float) -> int:
    """Return the level of leading digits that is predicted to leave few outputs to others.

    If products were spread evenly, the middle of (|w| * |x|) would be min(n, k) mean|x| mean|w|, and
    it would grow evenly from either end, so that a transform certifies an output from where that is
    its bound, factor sqrt(n k) rms(x) rms(w), over `rtol`.
    """
    problem = scaled.problem
    n, k = math.prod(problem.sliding_input_shape), problem.tap_count
    spread = _spread(problem.input, scaled.one_sign) * _spread(problem.taps, scaled.one_sign)
    factor = METHODS[Method.FFT].error_factor(problem)
    left = factor * math.sqrt(n * k) / min(n, k) * spread / rtol
    levels = range(MOST_LEVELS)
    return next((p for p in levels if left <= _LEFT_TO_OTHERS * 2.0 ** (p * _BITS_OF_LEVEL)), 0)


def _spread(values: Array, one_sign: bool) -> float:
    """Return the root of the mean square over the mean magnitude; one for a constant."""
    flat = values.ravel("K")
    mean = abs(float(flat.mean() if one_sign else np.abs(flat).mean()))
    squares = float(np.einsum("i,i->", flat, flat))
    return math.sqrt(squares / flat.size) / mean if mean else 1.0
