"""The density of X + offset and of factor X, for exact offsets and factors of any size."""

from __future__ import annotations

from fractions import Fraction

from faltung.distributions.numbers.rational import brief, nearest_float
from faltung.errors import FaltungError, OptionError
from faltung.functions import Function

_EXPONENT = 1000  # 2 to this and the reciprocal are normal floats, with room to spare


def shifted(function: Function, offset: Fraction) -> Function:
    """Return the density of X + offset; the function counts what rounding its breaks does.

    Raises
    ------
    DataError
        If the offset is beyond the range of float64.
    OptionError
        If its breaks are no distinct floats there.
    """
    nearest_float(offset)
    try:
        return function.shift(offset)
    except FaltungError:
        raise _unheld(function, f"moved by {brief(offset, 6)}", "a smaller shift") from None


def stretched(function: Function, factor: Fraction) -> Function:
    """Return the density of factor X, the factor not 0.

    Raises
    ------
    OptionError
        If its breaks or its values are beyond float64 then.
    DataError
        If the factor is.
    """
    nearest_float(factor)
    try:
        return _stretched(function, factor)
    except FaltungError:
        raise _unheld(function, f"times {brief(factor, 6)}", "a factor nearer to 1") from None


def _stretched(function: Function, factor: Fraction) -> Function:
    """Stretch in steps each of which has a float for its factor and one for the reciprocal."""
    exponent = factor.numerator.bit_length() - factor.denominator.bit_length()
    if abs(exponent) < _EXPONENT:
        return function.scale(factor) / abs(factor)
    step = Fraction(2) ** (_EXPONENT - 1 if exponent > 0 else 1 - _EXPONENT)
    return _stretched(_stretched(function, step), factor / step)


def _unheld(function: Function, change: str, way_out: str) -> OptionError:
    low, high = function.domain
    return OptionError(
        f"a density on [{low:.6g}, {high:.6g}] {change} is beyond double precision: its breaks "
        f"are no distinct floats, or its values too large; take {way_out}"
    )
