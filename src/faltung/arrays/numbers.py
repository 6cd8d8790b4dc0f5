"""The value outside and the operands, in the type of the sums."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.plain import is_plain, plain_fill
from faltung.arrays.types import ArithmeticTypes
from faltung.errors import OptionError

__all__ = ["as_fill_value", "cast_fill_value", "part_type"]


def as_fill_value(fill_value: Any) -> Any:
    """Return the value outside as a float; complex, long double, int too large and Fraction stay.

    Raises
    ------
    OptionError
        If it is no number.
    """
    if isinstance(fill_value, np.clongdouble | np.longdouble | Fraction):
        return fill_value
    try:
        if isinstance(fill_value, complex | np.complexfloating):
            return complex(fill_value)
        fill = float(fill_value)
    except OverflowError:
        return fill_value
    except (TypeError, ValueError):
        raise OptionError(f"fill_value={fill_value!r}: write a real number") from None
    # An integer that a float would round stays itself.
    return fill_value if isinstance(fill_value, int) and fill != fill_value else fill


def cast_fill_value(fill: Any, types: ArithmeticTypes) -> Any:
    """Return the value outside in the type of the sums.

    Raises
    ------
    OptionError
        If it is complex and the operands are real.
    """
    compute = types.compute
    if isinstance(fill, complex | np.complexfloating) and compute.kind not in "cO":
        raise OptionError(
            f"fill_value={fill!r} is complex, but the operands are real: write a real number, or "
            "convert an operand with .astype(complex)"
        )
    if compute.kind == "O":
        return plain_fill(fill, compute)
    try:
        fill = float(fill) if isinstance(fill, Fraction) else fill
        if is_plain(compute):
            return plain_fill(fill, compute)
        if types.exact:
            return _as_exact(fill)
        with np.errstate(over="ignore"):
            return compute.type(fill).item()
    except OverflowError:
        raise OptionError(
            f"fill_value={fill!r} is too large for {compute}: convert the operands with "
            ".astype(object)"
        ) from None


def _as_exact(fill: Any) -> float:
    if float(fill) != fill and not np.isnan(float(fill)):
        raise OptionError(
            f"fill_value={fill!r} would be rounded to {float(fill)!r}: convert the operands with "
            ".astype(object) to keep it"
        )
    return float(fill)


def part_type(operand: NDArray[Any], compute: np.dtype[Any], fill: Any = 0.0) -> np.dtype[Any]:
    """Return the type in which an operand is taken: of a complex sum, real ones stay real."""
    if compute.kind != "c" or operand.dtype.kind == "c" or np.imag(fill) != 0:
        return compute
    return np.zeros((), compute).real.dtype
