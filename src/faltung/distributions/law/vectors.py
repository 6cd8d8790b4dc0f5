"""Numbers and arrays of any shape in, a float or an array of float64 out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Rational
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faltung.errors import DataError, DtypeError

Numbers: TypeAlias = ArrayLike | Rational | Sequence[object]  # of any shape
Values: TypeAlias = Any  # a float for a number, an array of float64 for an array


def vectorized(
    evaluate: Callable[[NDArray[np.float64]], NDArray[np.float64]], x: Numbers
) -> Values:
    """Evaluate at a number or an array-like of any shape; a float comes back for a number."""
    points = as_floats(x)
    result = evaluate(points.ravel()).reshape(points.shape)
    return float(result) if result.ndim == 0 else result


def as_floats(x: Numbers) -> NDArray[np.float64]:
    """Return a number or an array-like of numbers as the nearest floats; what is masked as NaN.

    Raises
    ------
    DtypeError
        If something in it is no real number.
    DataError
        If an integer or a Fraction is beyond the range of float64.
    """
    if isinstance(x, np.ma.MaskedArray):
        x = np.where(np.ma.getmaskarray(x), np.nan, x.data)
    try:
        array = np.asarray(x)
        if not _holds_numbers(array):
            raise TypeError
        with np.errstate(over="ignore"):  # of a long double, which becomes infinite
            return np.asarray(array, dtype=np.float64)
    except OverflowError:
        raise DataError(
            "a number asked for is beyond the range of float64 (1.8e308): write inf"
        ) from None
    except (TypeError, ValueError):
        raise DtypeError(f"{x!r}: write a real number or an array of them") from None


def _holds_numbers(array: NDArray[Any]) -> bool:
    """Tell whether NumPy would not read texts, dates or None as numbers, nor drop imaginary parts."""
    if array.dtype.kind == "O":
        return not any(isinstance(each, str | bytes | None) for each in array.flat)
    return array.dtype.kind in "biuf"
