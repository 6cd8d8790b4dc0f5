"""What the constructors take, checked and coerced at the door."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import ArrayLike

from faltung.errors import DataError, DtypeError, OptionError, ShapeError
from faltung.functions.bounds import TINY, Deviation
from faltung.functions.chebyshev import MAXIMAL_DEGREE
from faltung.functions.pieces import Pieces
from faltung.functions.transform import FloatArray


def is_number(value: object) -> TypeGuard[float]:
    """Whether `value` is a real number of any type, NumPy's included."""
    return isinstance(value, numbers.Real)


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
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
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


def apart(exact: Fraction, number: float) -> float:
    """Return a bound on the distance of a number from the double that stands for it."""
    distance = abs(exact - Fraction(number))
    return 1.01 * float(distance) + TINY if distance else 0.0


def as_end(value: float) -> float:
    """Return an end of an integral, which may be infinite."""
    return float(value) if np.isinf(value) else as_number(value, "an end of the integral")


def as_interval(interval: object) -> tuple[float, float]:
    """Return the two ends of a bounded interval.

    Raises
    ------
    OptionError
        If it is empty, reversed or not bounded, or not a pair at all.
    """
    if not isinstance(interval, (Sequence, np.ndarray)) or len(interval) != 2:
        raise OptionError(f"the interval is {interval!r}: write a pair (a, b) with a < b")
    for end in interval:
        if isinstance(end, (float, np.floating)) and math.isinf(end):
            raise OptionError(
                f"the interval {tuple(interval)!r} is not bounded: write ends beyond which the "
                "function is negligible, for instance (-9, 9) for exp(-x**2)"
            )
    low, high = (
        as_number(end, f"the {side} end of the interval")
        for end, side in zip(interval, ("left", "right"), strict=True)
    )
    if low == high:
        raise OptionError(f"the interval ({low!r}, {high!r}) is empty: write (a, b) with a < b")
    if low > high:
        raise OptionError(
            f"the interval ({low!r}, {high!r}) is reversed: write ({high!r}, {low!r})"
        )
    _refuse_too_wide(low, high)
    return low, high


def _refuse_too_wide(low: float, high: float) -> None:
    if math.isinf(high - low):
        raise OptionError(f"the interval ({low!r}, {high!r}) is wider than the largest double")


def as_breaks(breaks: Iterable[Any], low: float, high: float) -> FloatArray:
    """Return the interval's ends and the breaks between them, in order and once each.

    Raises
    ------
    OptionError
        If a break lies outside the interval.
    """
    if isinstance(breaks, numbers.Real) or not isinstance(breaks, Iterable):
        raise OptionError(f"breaks={breaks!r}: write a list of numbers, for instance breaks=[0.5]")
    inner = [as_number(place, "a break") for place in breaks]
    for place in inner:
        if not low <= place <= high:
            raise OptionError(
                f"the break {place!r} lies outside the interval ({low!r}, {high!r}): leave it out "
                "or widen the interval"
            )
    return np.unique(np.array([low, *inner, high]))


def _as_reals(values: ArrayLike, name: str) -> FloatArray:
    """Return a fresh array of doubles."""
    array = np.array(values)
    if array.dtype.kind not in "fiub" and array.size:
        raise DtypeError(f"{name} must be real numbers, not {array.dtype}")
    return array.astype(np.float64)


def as_pieces(breaks: ArrayLike, coefficients: Iterable[ArrayLike]) -> Pieces:
    """Return pieces from breaks and one row of Chebyshev coefficients for each.

    Raises
    ------
    OptionError
        If the breaks do not rise, or a row has more than 65 coefficients.
    ShapeError
        If there is not one row of coefficients for each interval.
    DataError
        If a coefficient is NaN or infinite.
    DtypeError
        If something is not a real number.
    """
    edges = _as_reals(breaks, "the breaks")
    if edges.ndim != 1 or len(edges) < 2 or not np.isfinite(edges).all():
        raise OptionError(f"breaks={breaks!r}: write at least two finite numbers in rising order")
    if (edges[1:] <= edges[:-1]).any():
        raise OptionError(f"breaks={breaks!r} do not rise: write each once, in rising order")
    _refuse_too_wide(float(edges[0]), float(edges[-1]))
    rows = [_as_reals(row, "a row of coefficients").ravel() for row in coefficients]
    if len(rows) != len(edges) - 1:
        raise ShapeError(
            f"{len(edges)} breaks make {len(edges) - 1} pieces, and there are {len(rows)} rows of "
            "coefficients: write one row for each piece"
        )
    length = max(1, max(len(row) for row in rows))
    if length > MAXIMAL_DEGREE + 1:
        raise OptionError(
            f"a piece has {length} coefficients: pieces have at most {MAXIMAL_DEGREE + 1}; cut it "
            "in two, or use Function(callable, (a, b))"
        )
    matrix = np.zeros((len(rows), length))
    for row, target in zip(rows, matrix, strict=True):
        target[: len(row)] = row
    if not np.isfinite(matrix).all():
        raise DataError("a coefficient is NaN or infinite: write finite numbers")
    return Pieces(edges, matrix, Deviation.zero(len(rows))).checked("the sum of the coefficients")


def as_constant(edges: FloatArray, value: float) -> Pieces:
    """Return pieces that are one number, its distance from the nearest double in their deviation."""
    exact = as_exact(value, "the constant")
    nearest, count = float(exact), len(edges) - 1
    wrong = np.full(count, apart(exact, nearest))
    return Pieces(edges, np.full((count, 1), nearest), Deviation(wrong, wrong))
