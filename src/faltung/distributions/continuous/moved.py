"""The density of X + offset and of factor X, for exact offsets and factors of any size."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from faltung.distributions.continuous.facts import largest_value
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.numbers.rational import brief, nearest_float
from faltung.errors import FaltungError, OptionError
from faltung.functions import Function

_EXPONENT = 1000  # 2 to this and the reciprocal are normal floats, with room to spare


def require_room(function: Function, atoms: Atoms) -> None:
    """Refuse a density that is narrower than the distance of two floats where the atoms are.

    Raises
    ------
    DataError
        If an atom is beyond the range of float64.
    OptionError
        If there is no room.
    """
    farthest = max(map(abs, atoms._ends().floats()))
    for end in (atoms._start, atoms._start + atoms._step * int(atoms._indices[-1])):
        nearest_float(end)
    if np.isfinite(farthest) and np.spacing(farthest) * largest_value(function) > 1:
        raise _unheld(function, f"moved by {farthest:.6g}", "a smaller shift")


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
