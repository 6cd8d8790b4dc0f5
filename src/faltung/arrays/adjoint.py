"""The adjoint of a planned convolution: what gathers from outside gives back there.

A plan is a linear map A of arrays, with s its stride and d its dilation
``(A x)[i] = sum over k of w[k] x[source(s i + start - d k)]``, source the index that the boundary reads
at a position. Its adjoint is::

    u = y with s - 1 zeros between its entries
    g = convolve(u, conj(w)[::-1], dilation=d)      one entry for each position that A reads
    z[j] = sum of g[p] over the positions p with source(p) = j

so that ``<A x, y> == <x, z>`` for all x and y. Positions at which nothing is read are left out. A tap
that is not finite meets the zeros of u as well.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faltung.arrays.bounds import gamma, unit_roundoff
from faltung.arrays.call import Call, CallOptions, prepare
from faltung.arrays.complex_numbers import conjugate
from faltung.arrays.convolve import convolve
from faltung.arrays.geometry import as_axes, source_indices
from faltung.arrays.methods import METHODS
from faltung.arrays.types import as_operand
from faltung.errors import ExactnessError, OptionError, ShapeError

__all__ = ["Adjoint"]

Array = NDArray[Any]


class Adjoint:
    """The adjoint of a plan, made by :meth:`Plan.adjoint`; called with an array as a plan is.

    Attributes
    ----------
    shape : tuple of int
        The shape of the arrays it takes: that of the plan's results.
    error_factor : float
        ``c`` of the bound ``c norm(kernel) norm(array)`` on every entry of a result. With c' that
        of the full convolution and m the most positions that read one entry,
        ``c = m (c' + gamma(m) (1 + c'))``.

    Raises
    ------
    OptionError
        For options that make no linear map.
    """

    def __init__(self, call: Call, kernel: Array, options: CallOptions, shape: tuple[int, ...]):
        _require_linear(options, call.given.fill_value)
        self.shape = call.shape
        self._kernel, self._options, self._result_shape = kernel, options, shape
        self._axes = as_axes(
            options.axes, np.broadcast_to(np.zeros((), kernel.dtype), shape), kernel
        )
        slid = [call.order.index(axis) - call.given.batch for axis in self._axes]
        self._stride = tuple(call.given.stride[i] for i in slid)
        self._dilation = tuple(call.given.dilation[i] for i in slid)
        self._sources = self._find_sources(call)
        self._most = self._most_added()
        self.error_factor = self._factor(call)

    def _find_sources(self, call: Call) -> dict[int, NDArray[np.int64]]:
        """For each axis on which taps slide the entry that is read at each position."""
        problem, found = call.given, {}
        taps = dict(zip(self._axes, self._sizes_of_taps(), strict=True))
        where = {axis: i for i, axis in enumerate(self._axes)}
        spread = self._spread_shape()
        for position, axis in enumerate(call.order[problem.batch :]):
            if axis not in where:
                continue
            reach = (taps[axis] - 1) * self._dilation[where[axis]]
            first = problem.start[position] - reach
            reads = np.arange(first, first + spread[axis] + reach)
            boundary = problem.boundaries[position]
            found[axis] = source_indices(boundary, reads, self._result_shape[axis])
        return found

    def _sizes_of_taps(self) -> tuple[int, ...]:
        if self._kernel.ndim == len(self._result_shape):
            return tuple(self._kernel.shape[axis] for axis in self._axes)
        return self._kernel.shape

    def _spread_shape(self) -> tuple[int, ...]:
        """Return the shape of the plan's results with the entries that its stride leaves out."""
        shape = list(self.shape)
        for axis, stride in zip(self._axes, self._stride, strict=True):
            shape[axis] = (shape[axis] - 1) * stride + 1
        return tuple(shape)

    def _spread(self, y: Array) -> Array:
        """Return `y` with zeros for the entries that the plan's stride leaves out."""
        if set(self._stride) == {1}:
            return y
        made = np.zeros(self._spread_shape(), y.dtype)
        places = [slice(None)] * y.ndim
        for axis, stride in zip(self._axes, self._stride, strict=True):
            places[axis] = slice(None, None, stride)
        made[tuple(places)] = y
        return made

    def _factor(self, call: Call) -> float:
        if call.types.compute.kind not in "fc":
            return 0.0
        zeros = np.broadcast_to(np.zeros((), call.types.compute), self._spread_shape())
        full = prepare(zeros, self._kernel, CallOptions(axes=self._axes, dilation=self._dilation))
        factor = METHODS[full.method].error_factor(full.problem)
        added = gamma(self._most, unit_roundoff(call.types.compute))
        return self._most * (factor + added * (1 + factor))

    def _most_added(self) -> int:
        """Return how many entries of the full convolution are added up at most."""
        most = 1
        for sources in self._sources.values():
            most *= int(np.bincount(sources[sources >= 0]).max())
        for axis, (size, own) in enumerate(zip(self.shape, self._result_shape, strict=True)):
            most *= size if axis not in self._axes and own == 1 else 1
        return most

    def __call__(self, array: ArrayLike) -> Array:
        """Return the adjoint applied to `array`.

        Raises
        ------
        ShapeError
            If `array` has not the shape of the plan's results.
        ExactnessError
            If sums of integers may not fit.
        """
        y = as_operand("the array", array)
        if y.shape != self.shape:
            raise ShapeError(
                f"the array has shape {y.shape}, the plan's results have {self.shape}: give it one of these"
            )
        slid = self._axes if self._kernel.ndim == y.ndim else None
        reversed_kernel = np.flip(conjugate(self._kernel), slid)
        threads = self._options.threads
        made = convolve(
            self._spread(y),
            reversed_kernel,
            axes=self._axes,
            threads=threads,
            dilation=self._dilation,
        )
        self._require_room(made)
        for axis, sources in self._sources.items():
            made = _fold(made, axis, sources, self._result_shape[axis])
        for axis, size in enumerate(self._result_shape):
            if axis not in self._axes and size == 1:
                made = made.sum(axis, keepdims=True, dtype=made.dtype)
        return made

    def _require_room(self, made: Array) -> None:
        if made.dtype.kind not in "iu":
            return
        largest = max(int(made.max()), -int(made.min())) * self._most
        if largest > np.iinfo(made.dtype).max:
            raise ExactnessError(
                f"entries of up to {largest} may not fit {made.dtype}: convert the array with "
                ".astype(float) for a rounded result, or with .astype(object)"
            )


def _fold(values: Array, axis: int, sources: NDArray[np.int64], size: int) -> Array:
    """Add up the entries of `axis` that were read from the same place."""
    moved = np.moveaxis(values, axis, 0)
    result = np.zeros((size, *moved.shape[1:]), values.dtype)
    read = sources >= 0
    np.add.at(result, sources[read], moved[read])
    return np.moveaxis(result, 0, axis)


def _require_linear(options: CallOptions, fill: Any) -> None:
    if fill != 0:
        raise OptionError(
            f"a plan with fill_value={fill!r} adds what lies outside, so it is no linear map and has "
            "no adjoint: plan with fill_value=0, and add the plan of zeros yourself"
        )
    odd = {
        "nan_policy": options.nan_policy != "propagate",
        "mask": options.mask is not None,
        "result_dtype": options.result_dtype is not None,
        "overflow": options.overflow != "raise",
    }
    for name, given in odd.items():
        if given:
            raise OptionError(
                f"a plan with {name}={getattr(options, name)!r} is no linear map and has no adjoint: "
                "plan without it"
            )
