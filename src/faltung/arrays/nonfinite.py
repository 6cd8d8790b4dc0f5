"""NaN and infinity reach exactly the outputs that a direct sum lets them reach.

A product of the sum is NaN when a factor is NaN or when infinity meets zero, and infinite when
infinity meets anything else. So where the outputs are not finite follows from convolutions of
indicators (is NaN, is +infinity, is zero, is positive …), whose counts any method gets right, and
the rest of the sum can be made with the entries that are not finite set to zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.geometry import Problem

__all__ = ["is_finite", "run_with_nonfinite"]

Array = NDArray[Any]
Run = Callable[[Problem, Array], bool]
Indicator = Callable[[Array], Array]

# Pairs of classes whose product is of the kind, as (class of the input, class of the taps).
_ALL: Indicator = np.ones_like
_NAN: Indicator = np.isnan
_INFINITE: Indicator = np.isinf
_PLUS: Indicator = np.isposinf
_MINUS: Indicator = np.isneginf


def _zero(values: Array) -> Array:
    return np.asarray(values == 0)


def _positive(values: Array) -> Array:
    return np.asarray((values > 0) & np.isfinite(values))


def _negative(values: Array) -> Array:
    return np.asarray((values < 0) & np.isfinite(values))


_GIVES_NAN = ((_NAN, _ALL), (_ALL, _NAN), (_INFINITE, _zero), (_zero, _INFINITE))
_GIVES_PLUS = (
    (_PLUS, _PLUS), (_MINUS, _MINUS),
    (_PLUS, _positive), (_MINUS, _negative), (_positive, _PLUS), (_negative, _MINUS),
)  # fmt: skip
_GIVES_MINUS = (
    (_PLUS, _MINUS), (_MINUS, _PLUS),
    (_PLUS, _negative), (_MINUS, _positive), (_positive, _MINUS), (_negative, _PLUS),
)  # fmt: skip


def is_finite(operand: Array) -> bool:
    """Return whether no entry is NaN or infinite: then neither the least nor the largest is.

    A dot product is one pass where these are two, but wakes the threads of another library.
    """
    if not any(operand.strides):  # one number that stands for all
        return bool(np.isfinite(operand[(0,) * operand.ndim]))
    return bool(np.isfinite(operand.min()) and np.isfinite(operand.max()))


def run_with_nonfinite(problem: Problem, out: Array, run: Run) -> None:
    """Fill `out` by `run`, which may be any method, for operands that are not all finite."""
    run(
        problem.with_operands(
            _finite_part(problem.input), _finite_part(problem.taps), _finite(problem.fill_value)
        ),
        out,
    )
    nan = _touched(problem, out, run, _GIVES_NAN)
    plus = _touched(problem, out, run, _GIVES_PLUS)
    minus = _touched(problem, out, run, _GIVES_MINUS)
    out[plus] = np.inf
    out[minus] = -np.inf
    out[nan | (plus & minus)] = np.nan


def _finite_part(operand: Array) -> Array:
    return np.where(np.isfinite(operand), operand, operand.dtype.type(0))


def _finite(value: float) -> float:
    return value if np.isfinite(value) else 0.0


def _touched(
    problem: Problem, out: Array, run: Run, pairs: Iterable[tuple[Indicator, Indicator]]
) -> NDArray[np.bool_]:
    """Return where at least one product is of a class in `pairs`."""
    found = np.zeros(out.shape, dtype=bool)
    count = np.empty_like(out, dtype=np.float64)  # exact up to 2**53 products
    fill = np.asarray(problem.fill_value, dtype=problem.input.dtype)
    for of_input, of_taps in pairs:
        input = of_input(problem.input).astype(np.float64)
        taps = of_taps(problem.taps).astype(np.float64)
        outside = float(of_input(fill)) if _has_constant(problem) else 0.0
        if (input.any() or outside) and taps.any():
            run(problem.with_operands(input, taps, outside), count)
            found |= count > 0.5
    return found


def _has_constant(problem: Problem) -> bool:
    return "constant" in problem.boundaries
