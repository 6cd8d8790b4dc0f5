"""What the constructors take, checked and coerced at the door."""

from __future__ import annotations

import math
import numbers
import operator
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from faltung.errors import DataError, OptionError, ShapeError
from faltung.functions.bounds import Deviation
from faltung.functions.polynomials.chebyshev import MAXIMAL_DEGREE
from faltung.functions.polynomials.displace import placed
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.rounding import Real, Reals, apart, as_doubles, as_exact, as_number, nearest
from faltung.functions.transform import FloatArray

# What to write in place of an infinite end.
_NEGLIGIBLE = (
    "write ends beyond which the function is negligible, for instance (-9, 9) for exp(-x**2)"
)


def as_end(value: Any) -> float:
    """Return an end of an integral, which may be infinite."""
    infinite = isinstance(value, (float, np.floating)) and math.isinf(value)
    return float(value) if infinite else as_number(value, "an end of the interval")


def as_flag(value: object, name: str) -> bool:
    """Return True or False, or refuse what is neither."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    raise OptionError(f"{name}={value!r}: write {name}=True or {name}=False")


def as_whole(value: object, name: str, least: int = 0, most: int | None = None) -> int:
    """Return a whole number from `least` on, to `most` if there is an end.

    Raises
    ------
    OptionError
        If it is none, or outside.
    """
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = least - 1
    above = most is not None and number > most
    if number < least or above or isinstance(value, (bool, np.bool_)):
        span = f", {least} or above" if most is None else f" from {least} to {most}"
        raise OptionError(f"{name}={value!r}: write a whole number{span}")
    return number


def as_interval(interval: object, way_out: str = _NEGLIGIBLE) -> tuple[Fraction, Fraction]:
    """Return the two ends of a bounded interval, exactly.

    `way_out` says what to write in place of an infinite end.

    Raises
    ------
    OptionError
        If it is empty, reversed or not bounded, or not a pair at all.
    """
    if not isinstance(interval, (Sequence, np.ndarray)) or len(interval) != 2:
        raise OptionError(f"the interval is {interval!r}: write a pair (a, b) with a < b")
    for end in interval:
        if isinstance(end, (float, np.floating)) and math.isinf(end):
            raise OptionError(f"the interval {tuple(interval)!r} is not bounded: {way_out}")
    low, high = (
        as_exact(end, f"the {side} end of the interval")
        for end, side in zip(interval, ("left", "right"), strict=True)
    )
    written = f"the interval ({nearest(low)!r}, {nearest(high)!r})"
    if low == high:
        raise OptionError(f"{written} is empty: write (a, b) with a < b")
    if low > high:
        raise OptionError(f"{written} is reversed: write ({nearest(high)!r}, {nearest(low)!r})")
    refuse_too_wide(low, high)
    return low, high


def refuse_too_wide(low: Fraction, high: Fraction) -> None:
    """Refuse ends whose distance is no double."""
    if math.isinf(nearest(high - low)) or math.isinf(nearest(high) - nearest(low)):
        raise OptionError(
            f"the interval ({nearest(low)!r}, {nearest(high)!r}) is wider than the largest double: "
            "measure the variable in a larger unit"
        )


def as_places(interval: object, breaks: Iterable[Any]) -> list[Fraction]:
    """Return an interval's ends and the breaks between them: exactly, in order and once each.

    Raises
    ------
    OptionError
        If the interval is none, a break lies outside it, or two of them are one double.
    """
    low, high = as_interval(interval)
    if isinstance(breaks, numbers.Real) or not isinstance(breaks, Iterable):
        raise OptionError(f"breaks={breaks!r}: write a list of numbers, for instance breaks=[0.5]")
    inner = [as_exact(place, "a break") for place in breaks]
    for place in inner:
        if not low <= place <= high:
            raise OptionError(
                f"the break {nearest(place)!r} lies outside the interval ({nearest(low)!r}, "
                f"{nearest(high)!r}): leave it out or widen the interval"
            )
    return told_apart(sorted({low, *inner, high}))


def told_apart(places: list[Fraction]) -> list[Fraction]:
    """Return rising places, or refuse those that double precision cannot tell apart."""
    for one, next_one in pairwise(places):
        if nearest(one) == nearest(next_one):
            raise OptionError(
                f"two ends or breaks are {nearest(one)!r} in double precision, and not the same: "
                "leave one out"
            )
    return places


def as_pieces(breaks: Reals, coefficients: Iterable[Reals]) -> Pieces:
    """Return pieces from breaks and one row of Chebyshev coefficients for each.

    What is no double is rounded, and that counted.

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
    edges, places = _as_edges(breaks)
    if not isinstance(coefficients, Iterable):
        raise ShapeError(
            f"coefficients={coefficients!r}: write one row of them for each piece, for instance [[1, 2]]"
        )
    rows = [as_doubles(row, "a row of coefficients") for row in coefficients]
    if len(rows) != len(edges) - 1:
        raise ShapeError(
            f"{len(edges)} breaks make {len(edges) - 1} pieces, and there are {len(rows)} rows of "
            "coefficients: write one row for each piece"
        )
    length = max(1, max(len(row) for row, _ in rows))
    if length > MAXIMAL_DEGREE + 1:
        raise OptionError(
            f"a piece has {length} coefficients: pieces have at most {MAXIMAL_DEGREE + 1}; cut it "
            "in two, or use Function(callable, (a, b))"
        )
    matrix, lost = np.zeros((len(rows), length)), np.zeros(len(rows))
    for i, (row, exact) in enumerate(rows):
        matrix[i, : len(row)] = row
        if exact is not None:
            lost[i] = 1.01 * sum(map(apart, exact, row.tolist()))
    if not np.isfinite(matrix).all():
        raise DataError("a coefficient is NaN or infinite: write finite numbers")
    made = Pieces(edges, matrix, Deviation(lost, lost)).checked("the sum of the coefficients")
    return made if places is None else placed(made, places)


def _as_edges(breaks: Reals) -> tuple[FloatArray, list[Fraction] | None]:
    """Return the breaks of pieces, and exactly if they were rounded."""
    edges, places = as_doubles(breaks, "the breaks")
    if np.ndim(breaks) != 1 or len(edges) < 2 or not np.isfinite(edges).all():
        raise OptionError(f"breaks={breaks!r}: write at least two finite numbers in rising order")
    exact = [Fraction(edge) for edge in edges.tolist()] if places is None else places
    if any(low >= high for low, high in pairwise(exact)):
        raise OptionError(f"breaks={breaks!r} do not rise: write each once, in rising order")
    if places is not None:
        told_apart(places)
    refuse_too_wide(exact[0], exact[-1])
    return edges, places


def as_constant(edges: FloatArray, value: Real) -> Pieces:
    """Return pieces that are one number, its distance from the nearest double in their deviation."""
    exact = as_exact(value, "the constant")
    number, count = float(exact), len(edges) - 1
    wrong = np.full(count, apart(exact, number))
    return Pieces(edges, np.full((count, 1), number), Deviation(wrong, wrong))
