"""What ``dtype=`` and ``overflow=`` ask for, checked against the types of the operands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from faltung.arrays.types import ArithmeticTypes, as_dtype
from faltung.errors import DtypeError, OptionError
from faltung.options import Overflow

__all__ = ["result_types"]

_FLOATS = (np.float16, np.float32, np.float64)


def result_types(
    types: ArithmeticTypes, dtype: DTypeLike | None, overflow: Overflow
) -> ArithmeticTypes:
    """Return the types of a convolution whose result is asked for in `dtype`.

    Parameters
    ----------
    types : ArithmeticTypes
        Those of the operands by themselves.
    dtype : dtype or None
        The type of the result; None for that of `types`.
    overflow : Overflow
        What becomes of sums that `dtype` does not hold.

    Examples
    --------
    >>> from faltung.arrays.types import arithmetic_types
    >>> result_types(arithmetic_types("uint8", "float32"), "uint8", Overflow.SATURATE)
    ArithmeticTypes(result=dtype('uint8'), compute=dtype('float32'))
    """
    if overflow is Overflow.WRAP and not types.exact:
        raise OptionError(
            "overflow='wrap' is for whole numbers, and the operands are floats: write "
            "overflow='saturate', or round the operands to integers first"
        )
    if dtype is None:
        if overflow is Overflow.SATURATE:
            raise OptionError(
                "overflow='saturate' needs the type whose ends are meant: write dtype=numpy.uint8, "
                "say, with it"
            )
        return types
    if types.compute.kind in "cO" or types.compute.type is np.longdouble:
        if _is_dtype(dtype, types.result) and overflow is Overflow.RAISE:
            return types
        raise DtypeError(
            f"dtype={dtype!r} goes with integers and with floats up to float64, the sums are "
            f"{types.compute}: leave it out, and convert operands or result with .astype"
        )
    wanted = _as_result_dtype(dtype)
    if wanted.kind in "fO" and overflow is not Overflow.RAISE:
        raise OptionError(
            f"overflow={str(overflow)!r} goes with an integer dtype alone, not with {wanted}: leave "
            "it out"
        )
    if wanted.kind == "O" and not types.exact:
        raise DtypeError(
            "dtype=object sums Python's integers, and the operands are floats: write dtype=float, "
            "or convert the operands with .astype(int)"
        )
    if wanted.kind == "f":
        return _float_types(types, wanted)
    return replace(types, result=wanted)


def _float_types(types: ArithmeticTypes, wanted: np.dtype[Any]) -> ArithmeticTypes:
    # Sums are made in the wider of the two, so that no operand is rounded to a narrower float.
    return ArithmeticTypes(wanted, np.result_type(types.compute, wanted))


def _is_dtype(dtype: DTypeLike, known: np.dtype[Any]) -> bool:
    try:
        return np.dtype(dtype) == known
    except TypeError:
        return False


def _as_result_dtype(dtype: DTypeLike) -> np.dtype[Any]:
    wanted = as_dtype(dtype).newbyteorder("=")
    if wanted.kind in "iuO" or wanted.type in _FLOATS:
        return wanted
    raise DtypeError(
        f"the result cannot have dtype={wanted}: write an integer type, float16, float32, float64, "
        "or object for Python's integers"
    )
