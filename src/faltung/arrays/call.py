"""A call before any work is done: its options, checked, and the problem they make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from faltung.arrays.accuracy import as_rtol
from faltung.arrays.elementwise import as_float64
from faltung.arrays.exact import require_whole
from faltung.arrays.geometry import (
    AxesLike,
    Problem,
    as_axes,
    broadcast_batch,
    expand_kernel,
    make_problem,
)
from faltung.arrays.kept import KeptSpectra
from faltung.arrays.missing import as_maskable
from faltung.arrays.numbers import as_fill_value, cast_fill_value, part_type
from faltung.arrays.planner import choose, choose_elementwise
from faltung.arrays.result_type import result_types
from faltung.arrays.separable import allow_rank
from faltung.arrays.slices import Slicing
from faltung.arrays.steps import StepsLike, as_steps
from faltung.arrays.types import ArithmeticTypes, arithmetic_types
from faltung.errors import OptionError
from faltung.options import (
    AccuracyLike,
    Boundary,
    BoundaryLike,
    Method,
    MethodLike,
    Mode,
    ModeLike,
    NanPolicyLike,
    Overflow,
    OverflowLike,
    as_boundaries,
    as_method,
    as_mode,
    as_overflow,
    as_threads,
    unknown_option,
)

__all__ = [
    "Call",
    "CallOptions",
    "as_call_options",
    "boundaries_outside",
    "is_fortran",
    "prepare",
    "value_outside",
]

Array = NDArray[Any]
Part = Callable[[Problem, tuple[int, ...]], Problem]


@dataclass(frozen=True)
class CallOptions:
    """The options of a call as they were given, with their defaults; `prepare` checks them."""

    mode: ModeLike = "full"
    boundary: BoundaryLike | Sequence[BoundaryLike] = "zero"
    fill_value: Any = 0.0
    axes: AxesLike = None
    method: MethodLike = "auto"
    threads: int | None = None
    rank_tolerance: float = 0.0
    result_dtype: DTypeLike | None = None
    overflow: OverflowLike = "raise"
    accuracy: AccuracyLike = "normwise"
    rtol: float | None = None
    nan_policy: NanPolicyLike = "propagate"
    mask: ArrayLike | None = None
    stride: StepsLike = 1
    dilation: StepsLike = 1


def as_call_options(given: dict[str, Any], beside: tuple[str, ...] = ()) -> CallOptions:
    """Return the options of a call that were given by name.

    `beside` names what may be written beside them.

    Raises
    ------
    OptionError
        For a name that is not known.
    """
    known = [field.name for field in fields(CallOptions)]
    for name in given:
        if name not in known:
            raise unknown_option(name, [*beside, *known])
    return CallOptions(**given)


@dataclass(frozen=True)
class Call:
    """One convolution, checked and laid out, ready to run by `method`.

    `given` holds the operands as they came, or floats as they are summed; `kept` the transforms of
    the taps that are reused.
    """

    given: Problem
    order: tuple[int, ...]
    types: ArithmeticTypes
    method: Method
    slicing: Slicing | None
    threads: int
    fortran: bool
    overflow: Overflow
    rtol: float | None = None
    kept: KeptSpectra | None = None

    def of(self, array: Array) -> Call:
        """Return the same call for another first operand of the same shape and type."""
        given = self.given
        input = broadcast_batch(array.transpose(self.order), given.output_shape, given.batch)
        fortran = is_fortran(array)
        return replace(self, given=replace(given, input=input), fortran=fortran)

    @cached_property
    def problem(self) -> Problem:
        """The problem with its operands in the type of the sums."""
        compute, given = self.types.compute, self.given
        fill = given.fill_value
        cast = given.with_operands(
            _cast(given.input, part_type(given.input, compute, fill)),
            _cast(given.taps, part_type(given.taps, compute)),
            fill,
        )
        if cast is given:
            return given
        return replace(cast, rank_tolerance=given.rank_tolerance, separation=given.separation)

    @property
    def float_types(self) -> ArithmeticTypes:
        """The types before sums of floats are rounded to an integer type, if they are."""
        return _float_types(self.types)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the result."""
        shape = [0] * len(self.order)
        for position, axis in enumerate(self.order):
            shape[axis] = self.given.output_shape[position]
        return tuple(shape)


def prepare(a: Array, v: Array, options: CallOptions, part: Part | None = None) -> Call:
    """Check everything that can be wrong with a call, before any work is done.

    Of the result, `part` may leave only some entries.
    """
    a, v = as_maskable(a, v, options.mask)
    # 1. The axes on which the kernel slides; the kernel gets the array's rank.
    slid = as_axes(options.axes, a, v)
    kernel = expand_kernel(v, a.ndim, slid)
    # 2. The options.
    which, how = as_mode(options.mode), as_method(options.method)
    workers = as_threads(options.threads)
    boundaries = boundaries_outside(options.boundary, len(slid), which)
    fill = value_outside(options.fill_value, boundaries)
    # 3. The types of the sums and of the result.
    overflow = as_overflow(options.overflow)
    negative = not isinstance(fill, complex | np.complexfloating) and fill < 0
    types = arithmetic_types(a.dtype, v.dtype, negative=negative)
    types = result_types(types, options.result_dtype, overflow)
    rtol = as_rtol(options.accuracy, options.rtol, _float_types(types))
    fill = cast_fill_value(fill, types)
    if types.exact:
        require_whole(fill)
    # 4. The index ranges.
    problem, order = make_problem(
        a,
        kernel,
        axes=slid,
        mode=which,
        boundaries=boundaries,
        fill_value=fill,
        stride=as_steps("stride", options.stride, len(slid)),
        dilation=as_steps("dilation", options.dilation, len(slid)),
        in_order=how is Method.SEPARABLE,  # it is the second operand that is a product of lines
    )
    problem = part(problem, order) if part else problem
    problem = allow_rank(problem, options.rank_tolerance, how)
    # 5. The method.
    if rtol is None:
        chosen, slicing = choose(problem, how, types)
    else:
        chosen, slicing = choose_elementwise(as_float64(problem), how), None
    return Call(problem, order, types, chosen, slicing, workers, is_fortran(a), overflow, rtol)


def is_fortran(array: Array) -> bool:
    """Return whether the array's first axis is the contiguous one, and so that of the result."""
    return array.flags.f_contiguous and not array.flags.c_contiguous


def _float_types(types: ArithmeticTypes) -> ArithmeticTypes:
    rounded = types.compute.kind == "f" and types.result.kind != "f"
    return ArithmeticTypes(types.compute, types.compute) if rounded else types


def _cast(operand: Array, dtype: np.dtype[Any]) -> Array:
    if operand.dtype == dtype:
        return operand
    # One number that stands for a whole array (a plan is made with it) stays one number.
    if operand.ndim and not any(operand.strides):
        first = operand[(slice(1),) * operand.ndim].astype(dtype, copy=False)
        return np.broadcast_to(first, operand.shape)
    return operand.astype(dtype, copy=False)


def boundaries_outside(
    boundary: BoundaryLike | Sequence[BoundaryLike], axes: int, mode: Mode
) -> tuple[Boundary, ...]:
    """Return the boundary of each axis.

    Raises
    ------
    OptionError
        If they go neither with the mode nor with each other.
    """
    boundaries = as_boundaries(boundary, axes)
    beyond = [name for name in boundaries if name is not Boundary.ZERO]
    if beyond and mode is not Mode.SAME:
        raise OptionError(
            f"boundary {str(beyond[0])!r} goes with mode='same' alone: mode {str(mode)!r} returns "
            "what the operands themselves hold; write mode='same' or boundary='zero'"
        )
    if {Boundary.ZERO, Boundary.CONSTANT} <= set(boundaries):
        raise OptionError(
            f"boundary={[str(name) for name in boundaries]} leaves open what lies outside on both "
            "axes: write 'constant' for both, or pad one first"
        )
    return boundaries


def value_outside(fill_value: Any, boundaries: tuple[Boundary, ...]) -> Any:
    """Return the value outside, which only ``boundary="constant"`` has.

    Raises
    ------
    OptionError
        If it is no number, or one that nothing takes.
    """
    fill = as_fill_value(fill_value)
    if fill != 0 and Boundary.CONSTANT not in boundaries:
        raise OptionError(
            f"fill_value={fill_value!r} goes with boundary='constant' alone: write that, or leave "
            "fill_value out"
        )
    return fill
