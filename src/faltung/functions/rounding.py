"""Numbers at the door: what they are exactly, the doubles that stand for them, the distance."""

from __future__ import annotations

import cmath
import math
import numbers
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, TypeAlias, TypeGuard

import numpy as np
from numpy.typing import ArrayLike

from faltung.errors import DtypeError, OptionError, ShapeError
from faltung.functions.bounds import TINY
from faltung.functions.transform import FloatArray

# A real number, and several; doubles or not.
Real: TypeAlias = float | Fraction
Reals: TypeAlias = ArrayLike | Sequence[Any]

# Whole numbers up to here are doubles.
_WHOLE = 2**53


def is_number(value: object) -> TypeGuard[float]:
    """Whether `value` is a real number of any type, NumPy's included."""
    return isinstance(value, numbers.Real)


def is_any_number(value: object) -> TypeGuard[complex]:
    """Whether `value` is a real or complex number of any type."""
    return isinstance(value, numbers.Complex)


def as_complex(value: complex, name: str) -> complex:
    """Return a finite complex number.

    Raises
    ------
    OptionError
        If a part of it is NaN or infinite.
    """
    number = complex(value)
    if not cmath.isfinite(number):
        raise OptionError(f"{name} is {number}: write a finite number")
    return number


def as_number(value: object, name: str) -> float:
    """Return a finite real number as a float.

    Raises
    ------
    DtypeError
        If it is not a real number.
    OptionError
        If it is NaN or infinite.
    """
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if not is_number(value):
        raise DtypeError(f"{name} must be a real number, not {value!r} ({type(value).__name__})")
    number = nearest(value)
    if not math.isfinite(number):
        raise OptionError(f"{name} is {number}: write a finite number")
    return number


def as_exact(value: object, name: str) -> Fraction:
    """Return a finite real number exactly: a Fraction, an integer or a float of any precision.

    Raises
    ------
    DtypeError, OptionError
        As :func:`as_number`.
    """
    number = as_number(value, name)
    if isinstance(value, np.ndarray):
        value = value.item()
    if isinstance(value, numbers.Integral):
        return Fraction(int(value))
    if isinstance(value, numbers.Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, np.floating):
        return Fraction(*value.as_integer_ratio())
    return Fraction(number)


def as_points(x: Real | Reals, what: str) -> FloatArray:
    """Return places as the nearest doubles, of their shape; `what` says who is called with them.

    Raises
    ------
    DtypeError, ShapeError
        If something is no real number, or rows have different lengths.
    """
    try:
        points = np.asarray(x)
    except ValueError as error:
        raise ShapeError(f"{what} an array: {error}; rows need equal lengths") from error
    if points.dtype.kind == "O":
        each = points.ravel().tolist()
        for other in each:
            if not is_number(other):
                way = ": write f(g(t)) for a value of both" if callable(other) else ""
                raise DtypeError(f"{what} real numbers, not {type(other).__name__}{way}")
        return np.array(list(map(nearest, each)), dtype=np.float64).reshape(points.shape)
    if points.dtype.kind not in "fiub":
        raise DtypeError(f"{what} real numbers, not {points.dtype}")
    return points.astype(np.float64)


def nearest(exact: Any) -> float:
    """Return the nearest double, infinity beyond the largest."""
    try:
        return float(exact)
    except OverflowError:
        return -math.inf if exact < 0 else math.inf


def no_less(value: Fraction) -> float:
    """Return a double that is not below a number that is 0 or above; 0 only for 0."""
    return 1.01 * nearest(value) + TINY if value else 0.0


def apart(exact: Fraction, number: float) -> float:
    """Return a bound on the distance of a number from the double that stands for it."""
    return no_less(abs(exact - Fraction(number)))


def as_doubles(values: Reals, name: str) -> tuple[FloatArray, list[Fraction] | None]:
    """Return real numbers as a fresh vector of doubles, and exactly if that rounded any of them.

    The second is None if no number was rounded, or if one is not finite.

    Raises
    ------
    DtypeError
        If something is not a real number.
    """
    array = np.array(values)
    if array.dtype.kind not in "fiubO" and array.size:
        raise DtypeError(f"{name} must be real numbers, not {array.dtype}")
    if not array.size or not _may_round(array, values):
        return array.astype(np.float64).ravel(), None
    # As they were written: an array of them all would round some of a list.
    given = np.array(values, dtype=object).ravel().tolist()
    for value in given:
        if not is_number(value):
            raise DtypeError(f"{name} must be real numbers, not {type(value).__name__}")
    doubles = [nearest(value) for value in given]
    if not all(map(math.isfinite, doubles)):
        return np.array(doubles), None
    exact = [as_exact(value, name) for value in given]
    return np.array(doubles), None if exact == doubles else exact


def _may_round(array: np.ndarray[Any, Any], values: Reals) -> bool:
    """Whether some of the values may be no doubles."""
    if array.dtype.kind in "iu":
        return bool(array.max() > _WHOLE or array.min() < -_WHOLE)
    if array.dtype.kind == "f" and array.dtype.itemsize <= np.dtype(np.float64).itemsize:
        if isinstance(values, np.ndarray):
            return False
        given = np.array(values, dtype=object).ravel().tolist()
        return not all(isinstance(value, float) for value in given)
    return str(array.dtype.kind) != "b"
