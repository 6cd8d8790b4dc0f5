"""Which types the operands may have, the type the sums are made in, and the type of the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Number
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from faltung.arrays.foreign import refuse_foreign
from faltung.errors import DtypeError, OptionError, ShapeError

__all__ = [
    "CORRELATIONS",
    "ArithmeticTypes",
    "arithmetic_types",
    "as_dtype",
    "as_operand",
    "require_numbers",
]

# What to call with operands of the other kinds.
_SAMPLES = "faltung.functions.convolve_samples(y, kernel, x=x) convolves samples with it"
_CONVOLUTIONS = {
    kind: f"faltung.convolve(f, g) takes two operands of the kind {kind!r}"
    for kind in ("function", "law")
} | {"resolution": _SAMPLES}
CORRELATIONS = {
    "function": "this takes arrays; for two functions write faltung.correlate(f, g)",
    "resolution": _SAMPLES,
    "law": "this takes arrays; for two laws write X - Y, the law of a difference",
}


@dataclass(frozen=True)
class ArithmeticTypes:
    """The types of one convolution.

    Attributes
    ----------
    result : numpy.dtype
        Any of NumPy's number types, or object.
    compute : numpy.dtype
        The type of the sums: float32 for float16, int64 or uint64 for integers, for all others that
        of the result, unless ``dtype=`` asks for another result.
    """

    result: np.dtype[Any]
    compute: np.dtype[Any]

    @property
    def exact(self) -> bool:
        """Whether whole numbers are summed."""
        return self.compute.kind in "iu"


def as_operand(
    name: str, value: ArrayLike, ways_out: Mapping[str, str] = _CONVOLUTIONS
) -> NDArray[Any]:
    """Return `value` as an array of at least one axis, no axis of it empty.

    `ways_out` says what to do with an operand of another kind, a function or a law.

    Raises
    ------
    DtypeError
        For another library's array or a type that is not numeric.
    ShapeError
        For a scalar or an empty array.
    """
    refuse_foreign(name, value)
    _refuse_other_kinds(name, value, ways_out)
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ShapeError(f"{name} is not an array: {error}; rows need equal lengths") from error
    require_numbers(name, array.dtype)
    if array.ndim == 0:
        if not isinstance(array.item(), Number | np.number):
            raise DtypeError(
                f"{name} is a {type(value).__name__}, which convolve does not take: write an array of "
                "numbers"
            )
        raise ShapeError(
            f"{name} is the scalar {array!s}; convolution needs an axis: write [{array!s}], or "
            "multiply"
        )
    if array.size == 0:
        raise ShapeError(f"{name} is empty (shape {array.shape}); it needs at least one entry")
    return _readable(array)


def as_dtype(dtype: DTypeLike) -> np.dtype[Any]:
    """Return the type that `dtype` names.

    Raises
    ------
    OptionError
        If it names none.
    """
    try:
        return np.dtype(dtype)
    except TypeError:
        raise OptionError(
            f"dtype={dtype!r} is not a type: write numpy.uint8 or 'float32'"
        ) from None


def _readable(array: NDArray[Any]) -> NDArray[Any]:
    """Return `array`, copied if the core cannot read its numbers where they lie."""
    in_steps = all(stride % array.itemsize == 0 for stride in array.strides)
    if array.dtype.isnative and array.flags.aligned and in_steps:
        return array
    return array.astype(array.dtype.newbyteorder("="), copy=True)


def _refuse_other_kinds(name: str, value: object, ways_out: Mapping[str, str]) -> None:
    kind = getattr(type(value), "_faltung_kind", None)
    if kind is not None:
        raise DtypeError(f"{name} is a {type(value).__name__}, not an array: {ways_out[kind]}")


def require_numbers(name: str, dtype: np.dtype[Any]) -> None:
    """Raise DtypeError unless `dtype` is one of numbers, or of objects that may be numbers."""
    if dtype.kind not in "biufcO":
        raise DtypeError(
            f"{name} has dtype {dtype}, which convolve does not take: convert it to numbers first"
        )


def arithmetic_types(a: DTypeLike, v: DTypeLike, *, negative: bool = False) -> ArithmeticTypes:
    """Return the types of the convolution of arrays of types `a` and `v`.

    Integers and booleans are summed as ``numpy.sum`` does, in 64 bits: unsigned if both are
    unsigned, else signed; `negative` says that a negative value lies outside them. Floats, objects
    and complex numbers follow NumPy's promotion; float16 is summed in float32, objects as they are.

    Examples
    --------
    >>> arithmetic_types("uint8", "bool").result
    dtype('uint64')
    >>> arithmetic_types("float32", "int16").result
    dtype('float32')
    """
    first, second = np.dtype(a), np.dtype(v)
    if first.kind in "biu" and second.kind in "biu":
        unsigned = first.kind in "bu" and second.kind in "bu"
        both_bool = first.kind == second.kind == "b"
        signed = negative or both_bool or not unsigned
        whole = np.dtype(np.int64 if signed else np.uint64)
        return ArithmeticTypes(whole, whole)
    result = first if first is second else np.result_type(first, second)
    compute = np.dtype(np.float32) if result == np.float16 else result
    return ArithmeticTypes(result, compute)
