"""Convolution over the entries that are there, with the weights of the others shared among them.

An output is the sum of the entries that are there, with their weights scaled up so that they sum to
what all of them would::

    out[i] = C[i] S / V[i]      C = sum of w[k] x[i - k] over the entries that are there
                                V = sum of w[k] over these
                                S = sum of w[k] over all

which is the interpolation of astropy.convolution (``nan_treatment="interpolate"``). What lies
outside the array is there::

    boundary   zero           . 0 0 | a b ✗ d | 0 0 .     zeros, and they have weight
               edge           . a a | a b ✗ d | d d .     copies; a copy of ✗ is left out as well
               constant, nan  . ✗ ✗ | a b ✗ d | ✗ ✗ .     nothing is outside

so that an array of which nothing is left out is convolved as ever. Where no weight is left, or
nothing that rounding could tell from none, the output is NaN.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.call import Call, CallOptions, prepare
from faltung.arrays.elementwise import run_elementwise
from faltung.arrays.geometry import as_axes, expand_kernel, make_problem
from faltung.arrays.missing import Missing, find_missing
from faltung.arrays.run import as_out, run
from faltung.arrays.steps import as_steps
from faltung.errors import DataError, OptionError
from faltung.options import Boundary, Method, as_boundaries, as_mode

__all__ = ["Weights", "present_call", "present_part", "run_call"]

Array = NDArray[Any]

# The relative error to which the weights that are left are summed.
_WEIGHTS_RTOL = 1e-12


def run_call(a: Array, v: Array, options: CallOptions, out: Array | None) -> Array:
    """Convolve two operands under all options of a call, those on missing entries included."""
    missing = find_missing(a, v, options)
    if missing is None:
        return run(prepare(a, v, options), out)
    # 1. The result, checked before any work is done.
    planned = prepare(a, v, options)
    _require_floats(planned)
    result = as_out(planned, out)
    weights = Weights(v, options, missing)
    call = present_call(a, v, options, missing)
    # 2. The sums of what is there, in float64.
    sums = run(call, None)
    # 3. Times all weights over those that are there, where any is not.
    touched, (left, _) = weights.are_missing(call), weights.left(call)
    with np.errstate(over="ignore", invalid="ignore"):
        np.divide(sums, left, out=sums, where=touched)
        np.multiply(sums, weights.whole, out=sums, where=touched)
        result[...] = sums
    return result


def _require_floats(call: Call) -> None:
    if call.types.result.kind != "f":
        raise OptionError(
            f"dtype={str(call.types.result)!r} does not go with entries that are left out, which make "
            "quotients of sums: leave it out and round the result, numpy.rint(result).astype(dtype)"
        )


def present_part(a: Array, v: Array, options: CallOptions) -> Array:
    """Return `a` with zeros for the entries that are left out."""
    missing = find_missing(a, v, options)
    return a if missing is None else np.where(missing.inside, a.dtype.type(0), a)


def present_call(a: Array, v: Array, options: CallOptions, missing: Missing) -> Call:
    """Return the call in float64 that sums what is there."""
    fill = 0.0 if missing.outside else options.fill_value
    plain = replace(options, nan_policy="propagate", mask=None, fill_value=fill, result_dtype=None)
    there = np.where(missing.inside, 0.0, a).astype(np.float64, copy=False)
    return prepare(there, v.astype(np.float64), plain)


class Weights:
    """What the kernel gives to the entries that are there, to the missing ones and to all."""

    def __init__(self, v: Array, options: CallOptions, missing: Missing) -> None:
        self._axes = as_axes(options.axes, missing.inside, v)
        self._kernel = expand_kernel(v, missing.inside.ndim, self._axes).astype(np.float64)
        self._missing = missing
        self._mode = as_mode(options.mode)
        named = as_boundaries(options.boundary, len(self._axes))
        # Zeros outside are there, so they are like any other value outside.
        self._boundaries = tuple(Boundary.CONSTANT if b is Boundary.ZERO else b for b in named)
        count = len(self._axes)
        self._steps = (
            as_steps("stride", options.stride, count),
            as_steps("dilation", options.dilation, count),
        )
        self.whole = self._sum(self._kernel)
        taps = self._kernel.size // self.whole.size
        self.whole_error = taps * 2.0**-53 * self._sum(np.abs(self._kernel))
        self._require_shareable()

    def _sum(self, kernel: Array) -> Array:
        return np.asarray(kernel.sum(axis=self._axes, keepdims=True))

    def _require_shareable(self) -> None:
        if not np.isfinite(self._kernel).all():
            raise DataError(
                "the kernel is not finite, so its weights cannot be shared among the entries that "
                "are there: replace what is not finite in it first"
            )
        if (np.abs(self.whole) <= 2 * self.whole_error).any():
            raise DataError(
                "the kernel sums to zero, so the weights of missing entries cannot be shared among "
                "the others: write nan_policy='propagate', or fill in the missing entries first"
            )

    def left(self, call: Call) -> tuple[Array, Array]:
        """Return the sum of the weights that are there, NaN where it may be zero, and its error."""
        there = ~self._missing.inside, not self._missing.outside
        left = self._convolved(call, there, self._kernel)
        if (self._kernel >= 0).all() or (self._kernel <= 0).all():
            magnitudes = np.abs(left)  # zero is found exactly
        else:
            magnitudes = self._convolved(call, there, np.abs(self._kernel))
        error = 1.001 * _WEIGHTS_RTOL * magnitudes
        left[np.abs(left) <= 2 * error] = np.nan
        return left, error

    def are_missing(self, call: Call) -> NDArray[np.bool_]:
        """Return where a weight other than zero lies on a missing entry."""
        missing = self._missing.inside, self._missing.outside
        taken = (self._kernel != 0).astype(np.float64)
        return np.asarray(self._convolved(call, missing, taken) > 0.5)

    def _convolved(self, call: Call, flags: tuple[NDArray[np.bool_], bool], kernel: Array) -> Array:
        """Return the convolution of a kernel with flags, those within and the one outside."""
        problem, order = make_problem(
            flags[0].astype(np.float64),
            kernel,
            axes=self._axes,
            mode=self._mode,
            boundaries=self._boundaries,
            fill_value=float(flags[1]),
            stride=self._steps[0],
            dilation=self._steps[1],
        )
        made = np.empty(call.shape)
        method = Method.DIRECT if call.method is Method.DIRECT else Method.FFT
        run_elementwise(problem, method, _WEIGHTS_RTOL, made.transpose(order), call.threads)
        return made
