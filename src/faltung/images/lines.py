"""A picture, the axes that are filtered, and the work: one line of taps for each axis."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from faltung.arrays.call import Call, boundaries_outside, is_fortran, value_outside
from faltung.arrays.geometry import AxesLike, Problem, as_axes
from faltung.arrays.lowrank import Separation
from faltung.arrays.numbers import cast_fill_value
from faltung.arrays.run import run
from faltung.arrays.types import ArithmeticTypes, arithmetic_types, as_dtype, as_operand
from faltung.errors import DtypeError, OptionError, ShapeError
from faltung.options import Boundary, BoundaryLike, Method, Mode, Overflow, as_threads, counted_axes

__all__ = ["Boundaries", "Filter", "as_filter", "per_axis", "whole_per_axis"]

Array = NDArray[Any]
Line = NDArray[np.float64]
Boundaries: TypeAlias = BoundaryLike | Sequence[BoundaryLike]

_MOST_SAMPLES = 10**8
_ONE = np.ones(1)  # the line of an axis that is not filtered


@dataclass(frozen=True)
class Filter:
    """A picture and the options of a filter, checked.

    Attributes
    ----------
    image : numpy.ndarray
        In the type of the result.
    axes : tuple of int
        The axes that are filtered, not negative.
    boundaries : tuple of Boundary
        One for each axis of the image; `constant` for zeros, too.
    threads : int
        As the core takes it.
    types : ArithmeticTypes
        Of the sums and of the result.
    whole : bool
        Whether the numbers are whole and their sums are made in a type that holds many of them.
    """

    image: Array
    axes: tuple[int, ...]
    boundaries: tuple[Boundary, ...]
    fill_value: float
    threads: int
    types: ArithmeticTypes
    whole: bool

    def run(self, lines: Sequence[Line], out: Array | None, *, exact: bool = False) -> Array:
        """Return the convolution with the product of `lines`, one for each of `axes`.

        `exact` says that all numbers are whole and all their sums exact.
        """
        by_axis = dict(zip(self.axes, lines, strict=True))
        rank, compute = self.image.ndim, self.types.compute
        each = tuple(by_axis.get(axis, _ONE).astype(compute) for axis in range(rank))
        problem = Problem(
            input=self.image,
            taps=self._kernel(each),
            batch=0,
            start=tuple((len(line) - 1) // 2 for line in each),
            stride=(1,) * rank,
            dilation=(1,) * rank,
            output_shape=self.image.shape,
            boundaries=self.boundaries,
            fill_value=self.fill_value,
            # The kernel is not formed: the method is told its lines.
            separation=Separation((each,), 0.0, 1.0, exact),
        )
        call = Call(
            problem,
            tuple(range(rank)),
            self.types,
            Method.SEPARABLE,
            slicing=None,
            threads=self.threads,
            fortran=is_fortran(self.image),
            overflow=Overflow.RAISE,
        )
        return run(call, out)

    def _kernel(self, lines: tuple[Array, ...]) -> Array:
        if math.isfinite(self.fill_value):
            return np.broadcast_to(np.zeros((), self.image.dtype), [len(line) for line in lines])
        # Where NaN or infinity lies outside, the taps say what becomes of it.
        product = functools.reduce(np.multiply.outer, lines)
        return np.asarray(product, self.image.dtype)


def as_filter(
    image: ArrayLike,
    axes: AxesLike,
    dtype: DTypeLike | None,
    *,
    boundary: Boundaries,
    fill_value: float,
    threads: int | None,
) -> Filter:
    """Check what all filters have in common.

    Raises
    ------
    ShapeError
        For a picture that seems to have colours where `axes` does not say what becomes of them.
    DtypeError
        If the image is not of integers or floats, or `dtype` is not a float type.
    """
    array = as_operand("the image", image)
    if axes is None and array.ndim == 3 and array.shape[-1] in (3, 4):
        raise ShapeError(
            f"the image has shape {array.shape}, its last axis looks like colours: write "
            "axes=(0, 1) to filter each of them, or axes=(0, 1, 2) to filter across them too"
        )
    slid = as_axes(axes, array, array)
    given = boundaries_outside(boundary, len(slid), Mode.SAME)
    fill = value_outside(fill_value, given)
    by_axis = dict(zip(slid, given, strict=True))
    each = [by_axis.get(axis, Boundary.ZERO) for axis in range(array.ndim)]
    result = _result_type(array.dtype, dtype)
    types = arithmetic_types(result, result)
    return Filter(
        array.astype(result, copy=False),
        slid,
        # All taps are finite, so nothing outside is the same as zeros outside.
        tuple(Boundary.CONSTANT if b is Boundary.ZERO else b for b in each),
        cast_fill_value(fill, types),
        as_threads(threads),
        types,
        whole=array.dtype.kind in "biu" and result != np.float16,
    )


def _result_type(own: np.dtype[Any], wanted: DTypeLike | None) -> np.dtype[Any]:
    if own.kind not in "biuf" or own.type is np.longdouble:
        raise DtypeError(
            f"the image has dtype {own}: filters take integers and floats up to float64; convert it "
            "with .astype(float), or filter .real and .imag"
        )
    if wanted is None:
        return own if own.kind == "f" else np.dtype(np.float64)
    result = as_dtype(wanted)
    if result.type not in (np.float16, np.float32, np.float64):
        raise DtypeError(
            f"dtype={wanted!r}: a filter returns float16, float32 or float64; round and convert "
            "its result, numpy.rint(y).clip(0, 255).astype(numpy.uint8) for a picture"
        )
    return result


def per_axis(name: str, value: float | Sequence[float], axes: int) -> list[float]:
    """Return one number for each axis, from one for all or one each."""
    try:
        numbers = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise OptionError(f"{name}={value!r}: write a number, or one for each axis") from None
    if numbers.ndim > 1 or numbers.shape not in ((), (axes,)):
        raise OptionError(
            f"{name}={value!r} for {counted_axes(axes)}: write one number for all, or one for each"
        )
    return numbers.tolist() if numbers.ndim else [float(numbers)] * axes


def whole_per_axis(name: str, value: int | Sequence[int], axes: int, *, least: int) -> list[int]:
    """Return one whole number of samples for each axis, from one for all or one each."""
    numbers = per_axis(name, value, axes)
    if not all(least <= number <= _MOST_SAMPLES and number.is_integer() for number in numbers):
        raise OptionError(f"{name}={value!r}: write whole numbers of samples, {least} or more")
    return list(map(int, numbers))
