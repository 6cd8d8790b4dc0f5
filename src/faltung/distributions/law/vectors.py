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
    """Return a number or an array-like of numbers as the nearest floats.

    Raises
    ------
    DtypeError
        If something in it is no real number.
    DataError
        If an integer or a Fraction is beyond the range of float64.
    """
    if isinstance(x, str | type(None)):  # which NumPy makes NaN, or reads
        raise DtypeError(f"{x!r}: write a real number or an array of them")
    try:
        return np.asarray(x, dtype=np.float64)
    except OverflowError:
        raise DataError(
            "a number asked for is beyond the range of float64 (1.8e308): write inf"
        ) from None
    except (TypeError, ValueError):
        raise DtypeError(f"{x!r}: write a real number or an array of them") from None
