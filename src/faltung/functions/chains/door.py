"""What the constructor takes for functions with tails and poles, checked and coerced."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable, Mapping
from typing import Any

from faltung.errors import OptionError
from faltung.functions.chains.knots import SMOOTH, Edge, Knot
from faltung.functions.rounding import is_number


def is_unbounded(interval: Any) -> bool:
    """Whether an interval is a pair with an infinite end."""
    try:
        low, high = (float(end) for end in interval)
    except (TypeError, ValueError, OverflowError):
        return False
    return math.isinf(low) or math.isinf(high)


def as_knots(
    interval: tuple[float, float], breaks: Iterable[Any], singular: Mapping[Any, Any]
) -> list[Knot]:
    """Return the finite ends, the breaks and the singular places as knots, rising.

    Raises
    ------
    OptionError
        If the interval is reversed or empty, a place lies outside it, or an exponent is none.
    """
    low, high = (_as_place(end, "an end of the interval") for end in interval)
    if not low < high:
        raise OptionError(
            f"the interval ({low!r}, {high!r}) is {'empty' if low == high else 'reversed'}: write "
            "(a, b) with a < b"
        )
    if isinstance(breaks, numbers.Real) or not isinstance(breaks, Iterable):
        raise OptionError(f"breaks={breaks!r}: write a list of numbers, for instance breaks=[0.5]")
    if not isinstance(singular, Mapping):
        raise OptionError(
            f"singular={singular!r}: write the exponent for each place, for instance "
            "singular={0: -0.5}, or 'log' where it is no power"
        )
    edges = {_as_place(place, "a singular place"): as_edge(how) for place, how in singular.items()}
    places = {_as_place(place, "a break") for place in breaks} | set(edges)
    for place in places:
        if not low <= place <= high or math.isinf(place):
            raise OptionError(
                f"the break {place!r} lies outside the interval ({low!r}, {high!r}): leave it out "
                "or widen the interval"
            )
    places |= {end for end in (low, high) if math.isfinite(end)}
    return [_knot(place, edges.get(place, SMOOTH), low, high) for place in sorted(places)]


def as_edge(how: object) -> Edge:
    """Return a behaviour beside a place: an exponent above -1, or 'log'."""
    if how == "log":
        return Edge(mixed=True)
    if not isinstance(how, bool) and is_number(how) and float(how) > -1:
        return Edge(float(how))
    raise OptionError(
        f"singular: {how!r} is not an exponent above -1 (below, there is no integral), nor 'log' "
        "for anything that is no power, such as a logarithm or 1 + sqrt(x)"
    )


def _as_place(value: object, what: str) -> float:
    if is_number(value):
        try:
            place = float(value)
        except OverflowError:
            place = math.nan
        if not math.isnan(place):
            return place
    raise OptionError(f"{what} is {value!r}: write a number")


def _knot(place: float, edge: Edge, low: float, high: float) -> Knot:
    return Knot(
        place, 0.0, None if place == low else edge, None if place == high else edge, sharp=True
    )
