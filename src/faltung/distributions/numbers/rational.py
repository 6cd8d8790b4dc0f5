"""Points as exact rationals: how a number is read, and how it becomes a float again."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm
from numbers import Rational
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from faltung.errors import DataError, DtypeError

Number: TypeAlias = int | float | Fraction | Decimal | np.integer[Any] | np.floating[Any]
Integers: TypeAlias = NDArray[Any]  # int64 where it fits, Python integers (object) elsewhere

_DECIMAL_DIGITS = 15  # every decimal of up to 15 digits survives the way through a float64
_MOST_DIGITS = 4000  # before or after the point of a Decimal, lest its fraction fill the memory
_INT64_LIMIT = 2**62
_FLOAT_INTEGERS = 2**53


def is_number(value: object) -> bool:
    """Tell whether `value` is a real number that :func:`as_rational` reads."""
    return isinstance(value, (int, float, Rational, Decimal, np.integer, np.floating))


def as_rational(value: Any, what: str = "number") -> Fraction:
    """Read a real number as an exact rational.

    A float that prints with at most 15 significant digits is read as that decimal, so 0.1 is
    1/10; any other float is read as the binary number it holds. Both denote the same float.

    Parameters
    ----------
    value
        An int, float, Fraction, Decimal or a NumPy scalar; finite.
    what
        What the number is, for the error message.

    Returns
    -------
    fractions.Fraction
        With ``float(result) == value``.

    Raises
    ------
    DtypeError
        If `value` is no real number.
    DataError
        If `value` is NaN or infinite.

    Examples
    --------
    >>> as_rational(0.1), as_rational(1 / 3) == Fraction(1, 3)
    (Fraction(1, 10), False)
    """
    if not is_number(value):
        raise DtypeError(f"{what} {value!r} is a {type(value).__name__}: write a real number")
    if isinstance(value, np.integer):
        return Fraction(int(value))
    if isinstance(value, (float, np.floating)):
        return _read_float(value, what)
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) > _MOST_DIGITS:
        raise DataError(f"{what} is {value}, far beyond the range of float64: scale the law")
    try:
        return Fraction(value)
    except (ValueError, OverflowError):
        raise DataError(f"{what} is {value}: write a finite number") from None


def _read_float(value: float | np.floating[Any], what: str) -> Fraction:
    if not np.isfinite(value):
        raise DataError(f"{what} is {value}: write a finite number")
    value = float(value)  # float32(0.1) prints as 0.1 and is another number
    decimal = Decimal(str(value))
    if len(decimal.as_tuple().digits) <= _DECIMAL_DIGITS:
        return Fraction(decimal)
    return Fraction(float(value))


def common_grid(values: NDArray[np.float64]) -> tuple[Fraction, Fraction, Integers]:
    """Write distinct ascending finite floats as ``start + step * indices``, exactly.

    Each is read by :func:`as_rational`, whatever the others are. The step is the largest that
    carries all values; `indices` starts with 0.
    """
    numerators, denominator = _as_numerators(values)
    return reduce_grid(
        Fraction(int(numerators[0]), denominator), Fraction(1, denominator), numerators
    )


def reduce_grid(
    start: Fraction, step: Fraction, numbers: Integers
) -> tuple[Fraction, Fraction, Integers]:
    """Divide ascending `numbers` on a grid by their common divisor; `start` is the first's place."""
    offsets = numbers - numbers[0]
    divisor = int(np.gcd.reduce(offsets)) if offsets.dtype != object else gcd(*offsets.tolist())
    if divisor == 0:  # a single value
        return start, step, as_integers(offsets)
    return start, step * divisor, as_integers(offsets // divisor)


def _as_numerators(values: NDArray[np.float64]) -> tuple[Integers, int]:
    for digits in range(_DECIMAL_DIGITS + 1):
        numerators = np.rint(values * 10.0**digits)
        if np.max(np.abs(numerators)) >= 10.0**_DECIMAL_DIGITS:
            break
        if np.array_equal(numerators / 10.0**digits, values):
            return numerators.astype(np.int64), 10**digits
    return _as_mixed_numerators(values)


def _as_mixed_numerators(values: NDArray[np.float64]) -> tuple[Integers, int]:
    """Return the numerators of floats of which some are read as decimals, and some in binary."""
    # C's promise for 15 digits (DBL_DIG): what has no more of them is the same after "%.15g".
    short = np.array([float(f"{value:.15g}") == value for value in values.tolist()])
    if not short.any():
        return _as_binary_numerators(values)
    decimals = [_read_float(value, "value") for value in values[short].tolist()]
    common = lcm(*{decimal.denominator for decimal in decimals})
    binary, power = (1, 1) if short.all() else _as_binary_numerators(values[~short])
    denominator = lcm(common, power)
    numerators = np.empty(len(values), dtype=object)
    numerators[short] = [d.numerator * (denominator // d.denominator) for d in decimals]
    numerators[~short] = np.asarray(binary, dtype=object) * (denominator // power)
    return as_integers(numerators), denominator


def _as_binary_numerators(values: NDArray[np.float64]) -> tuple[Integers, int]:
    mantissas, exponents = np.frexp(values)
    integers = (mantissas * 2.0**53).astype(np.int64).astype(object)
    exponents = np.where(values == 0, 0, exponents - 53)
    lowest = min(int(exponents.min()), 0)
    return as_integers(integers * 2 ** (exponents - lowest).astype(object)), 2**-lowest


def as_integers(numbers: Any) -> Integers:
    """Return an array of integers as int64 if all of them fit with room to spare, else as objects."""
    array = np.asarray(numbers)
    if array.dtype != object or array.size == 0:
        return array
    fits = array.min() > -_INT64_LIMIT and array.max() < _INT64_LIMIT
    return array.astype(np.int64) if fits else array


def affine(numbers: Integers, factor: int, offset: int = 0) -> Integers:
    """Return ``factor * numbers + offset`` without overflow."""
    largest = max(
        (abs(int(numbers[0])), abs(int(numbers[-1])), 1)
    )  # ascending: the ends are largest
    if largest * abs(factor) + abs(offset) >= _INT64_LIMIT:
        numbers = numbers.astype(object)
    return numbers * factor + offset


def grid_points(start: Fraction, step: Fraction, indices: Integers) -> NDArray[np.float64]:
    """Return the floats nearest to ``start + step * indices`` (ascending), each rounded once.

    Raises
    ------
    DataError
        If one lies beyond the range of float64.
    """
    if len(indices) == 0:
        return np.empty(0)
    denominator = start.denominator * step.denominator // gcd(start.denominator, step.denominator)
    offset = start.numerator * (denominator // start.denominator)
    factor = step.numerator * (denominator // step.denominator)
    numerators = affine(indices, factor, offset)
    largest = max(abs(int(numerators[0])), abs(int(numerators[-1])))
    if max(largest, denominator) <= _FLOAT_INTEGERS:  # both exact, so the quotient is rounded once
        return np.asarray(numerators, dtype=np.float64) / float(denominator)
    try:
        return np.array([number / denominator for number in numerators.tolist()], dtype=np.float64)
    except OverflowError:
        raise DataError(
            "a point, or the distance of two, is beyond the range of float64 (1.8e308): use a "
            "smaller scale"
        ) from None


def rational_gcd(a: Fraction, b: Fraction) -> Fraction:
    """Return the largest rational of which both are whole multiples.

    Examples
    --------
    >>> rational_gcd(Fraction(3, 2), Fraction(1))
    Fraction(1, 2)
    """
    denominator = a.denominator * b.denominator // gcd(a.denominator, b.denominator)
    return Fraction(gcd(int(a * denominator), int(b * denominator)), denominator)


def plain(number: Fraction) -> int | float:
    """Return a rational as an int if it is whole, else as the nearest float, for printing."""
    return int(number) if number.denominator == 1 else float(number)


def rounded(number: Fraction) -> float:
    """Return the nearest float, infinite beyond the range of float64.

    Examples
    --------
    >>> rounded(Fraction(1, 3)), rounded(Fraction(-(10**400)))
    (0.3333333333333333, -inf)
    """
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def brief(number: Fraction | float, digits: int = 3) -> str:
    """Return a number of any size with so many digits, for a message.

    Examples
    --------
    >>> brief(Fraction(1, 3)), brief(10**400), brief(-(10**5000) // 3), brief(Fraction(1, 10**400))
    ('0.333', '1e+400', '-3.33e+4999', '1e-400')
    """
    if isinstance(number, float) or number == 0 or 0 < abs(rounded(Fraction(number))) < math.inf:
        return f"{float(number):.{digits}g}"
    size = abs(Fraction(number))
    logarithm = math.log10(size.numerator) - math.log10(size.denominator)
    exponent = math.floor(logarithm + 1e-9)
    sign = "-" if number < 0 else ""
    return f"{sign}{10 ** (logarithm - exponent):.{digits}g}e{exponent:+d}"


def written(number: Any) -> str:
    """Return a number as it prints, or briefly if that is long, for a message.

    Examples
    --------
    >>> written(Fraction(1, 3)), written(10**5000)
    ('1/3', '1e+5000')
    """
    if isinstance(number, Rational):
        value = Fraction(number)
        if max(abs(value.numerator), value.denominator) > 10**40:
            return brief(value)
    return repr(number) if isinstance(number, str) else str(number)


def refuse_beyond(first: Fraction, last: Fraction) -> None:
    """Refuse points that are no floats.

    Raises
    ------
    DataError
        If the first or the last point is beyond the range of float64.
    """
    if max(abs(rounded(first)), abs(rounded(last))) == math.inf:
        raise DataError("points lie beyond the range of float64 (1.8e308): use a smaller scale")


def rounding_interval(x: float) -> tuple[Fraction, Fraction, bool]:
    """Return the ends of all reals whose nearest float is `x`, and whether the ends are among them.

    Ties go to the float with an even significand (IEEE 754, section 4.3.1), so the ends belong to
    `x` if its own is even.

    Examples
    --------
    >>> low, high, closed = rounding_interval(1.0)
    >>> low == 1 - Fraction(1, 2**54), high == 1 + Fraction(1, 2**53), closed
    (True, True, True)
    """
    centre = Fraction(x)
    above, below = (_distance_to_next(side * x) for side in (1, -1))
    closed = int(np.float64(x).view(np.int64)) % 2 == 0
    return centre - below / 2, centre + above / 2, closed


def _distance_to_next(x: float) -> Fraction:
    after = math.nextafter(x, math.inf)
    return Fraction(after) - Fraction(x) if after < math.inf else Fraction(math.ulp(x))


def nearest_float(number: Fraction) -> float:
    """Return the nearest float.

    Raises
    ------
    DataError
        Beyond the range of float64.
    """
    try:
        return float(number)
    except OverflowError:
        raise DataError("a number lies beyond the range of float64 (1.8e308)") from None
