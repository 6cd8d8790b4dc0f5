"""Bounds that differ from entry to entry: of elementwise accuracy, and of shared weights."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.bounds import norms, underflow, unit_roundoff
from faltung.arrays.call import Call, CallOptions, prepare
from faltung.arrays.elementwise import as_float64, run_elementwise
from faltung.arrays.methods import METHODS
from faltung.arrays.missing import Missing, find_missing
from faltung.arrays.nan_policy import Weights, present_call
from faltung.arrays.run import run
from faltung.options import Method

__all__ = ["bound_of_entries"]

Array = NDArray[Any]

# To which relative error the magnitudes in a bound are summed, and the bound is put together.
_RTOL = 1e-9


def bound_of_entries(a: Array, v: Array, options: CallOptions) -> Array | None:
    """Return a proved bound on the error of each entry; None where one number bounds them all."""
    missing = find_missing(a, v, options)
    if missing is not None:
        return _bound_of_quotients(a, v, options, missing)
    call = prepare(a, v, options)
    return None if call.rtol is None else _elementwise(call)


def _bound_of_quotients(a: Array, v: Array, options: CallOptions, missing: Missing) -> Array:
    """Return the bound of ``C S / V``, NaN where no weight is left.

    With computed c and w that are off by e and d: |C / V - c / w| <= (e + |c / w| d) / (|w| - d).
    """
    call, types = present_call(a, v, options, missing), prepare(a, v, options).types
    weights = Weights(v, options, missing)
    touched, (left, off) = weights.are_missing(call), weights.left(call)
    off = np.where(touched, off, 0.0)
    left = np.where(touched, np.abs(left), 1.0)
    whole = np.where(touched, np.abs(weights.whole), 1.0)
    whole_error = np.where(touched, weights.whole_error, 0.0)
    quotients = np.abs(run(call, None)) / left
    of_sums = _normwise(call) if call.rtol is None else _elementwise(call)
    of_quotients = (of_sums + quotients * off) / (left - off)
    # The quotient, its product with the whole weight and the result are rounded.
    narrow = 0.0 if types.result == np.float64 else unit_roundoff(types.result)
    rounded = (3 * unit_roundoff(call.types.compute) + narrow) * quotients
    bound = (whole + whole_error) * (of_quotients + rounded) + whole_error * quotients
    return np.asarray(bound * (1 + narrow + _RTOL) + underflow(1, types))


def _normwise(call: Call) -> float:
    factor = METHODS[call.method].error_factor(call.problem)
    scale = math.prod(norms(call.problem, scaled=call.method is Method.FFT))
    return factor * scale + underflow(call.problem.tap_count, call.types)


def _elementwise(call: Call) -> Array:
    """Return ``rtol (|w| * |x|)[i]`` and what underflow may add."""
    assert call.rtol is not None
    problem = as_float64(call.problem)
    absolute = problem.with_operands(
        np.abs(problem.input), np.abs(problem.taps), abs(problem.fill_value)
    )
    magnitudes = np.empty(call.shape)
    method = Method.DIRECT if call.method is Method.DIRECT else Method.FFT
    run_elementwise(absolute, method, _RTOL, magnitudes.transpose(call.order), call.threads)
    lost = underflow(problem.tap_count, call.types)
    bounds = magnitudes * (call.rtol * (1 + 3 * _RTOL)) + lost
    may_overflow = magnitudes * (1 + call.rtol) >= float(np.finfo(call.types.result).max)
    return np.asarray(np.where(may_overflow, np.inf, bounds))
