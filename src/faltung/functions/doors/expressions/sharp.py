"""Where a formula jumps, bends, or has a root or a pole, found in the formula itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations

from faltung.errors import DataError, OptionError
from faltung.functions.doors.expressions import nodes
from faltung.functions.doors.expressions.known import KNOWN
from faltung.functions.doors.expressions.local import INVERSES, local
from faltung.functions.doors.expressions.nodes import Call, Node, Number, arguments_of
from faltung.functions.doors.expressions.solve import polynomial, solve
from faltung.functions.doors.recipe import Sharp
from faltung.functions.rounding import nearest

# More steps of floor(x) and the like are refused.
_MOST = 10_000

# Of more arguments of min and max than these, crossings are left to samples.
_COMPARED = 16


def sharp_places(node: Node, low: float, high: float) -> Sharp:
    """Return the places between two ends, which may be infinite; exponents at the ends too.

    Raises
    ------
    DataError
        If there is a pole without an integral.
    OptionError
        If there are too many places.
    """
    corners = _within(_each(node, _corners, low, high), low, high)
    rooted = _within(_each(node, _rooted, low, high), low, high)
    singular: dict[Fraction, Fraction | str] = {}
    for place in rooted:
        beside = local(node, place)
        if beside is None or beside.is_smooth:
            continue
        if beside.exponent <= -1:
            if beside.clear:
                raise _without_integral(nearest(place), nearest(beside.exponent))
        elif not beside.mixed:
            singular[place] = beside.exponent
        elif place == 0:
            # Elsewhere distances are rounded before the formula sees them: samples tell how far in
            # one can go.
            singular[place] = "log"
    inner = sorted(place for place in (corners | rooted) - set(singular) if low < place < high)
    return Sharp(tuple(inner), singular)


def _without_integral(place: float, exponent: float) -> DataError:
    return DataError(
        f"the formula goes like |x - {place!r}|^{exponent:.4g} beside x = {place!r}: a pole of "
        "exponent -1 or below has no integral. Choose an interval that leaves it out"
    )


def _within(places: Iterator[Fraction], low: float, high: float) -> set[Fraction]:
    found: set[Fraction] = set()
    for place in places:
        if low <= place <= high and math.isfinite(nearest(place)):
            found.add(place)
        if len(found) > _MOST:
            raise _too_many(f"more than {_MOST}", low, high)
    return found


def _each(
    node: Node,
    places_of: Callable[[Call, float, float], Iterator[Fraction]],
    low: float,
    high: float,
) -> Iterator[Fraction]:
    """Return the places of all parts of a formula."""
    work = [node]
    while work:
        part = work.pop()
        work += arguments_of(part)
        if isinstance(part, Call):
            yield from places_of(part, low, high)


def _corners(part: Call, low: float, high: float) -> Iterator[Fraction]:
    """Return where a function jumps or bends, its arguments left aside."""
    known = KNOWN[part.name]
    if known.every is not None:
        yield from _steps(part.arguments[0], known.every, low, high)
    match part:
        case Call("less" | "less_equal", (left, right)):
            yield from _crossings(left, right)
        case Call("minimum" | "maximum" | "clip", values):
            if len(values) <= _COMPARED:
                for one, other in combinations(values, 2):
                    yield from _crossings(one, other)
        case Call("mod" | "floor_divide", (value, Number(divisor))) if divisor:
            scaled = Call("divide", (value, Number(divisor)))
            yield from _steps(scaled, Fraction(0), low, high)
        case _:
            for corner in known.corners:
                yield from solve(part.arguments[0], corner) or ()


def _rooted(part: Call, low: float, high: float) -> Iterator[Fraction]:  # noqa: ARG001
    """Return where a function has a root, a logarithm or a pole, its arguments left aside."""
    match part:
        case Call("divide", (_, base)):
            pass
        case Call("power", (base, Number(exponent))) if exponent >= 0 and exponent.denominator == 1:
            return
        case Call("power" | "sqrt" | "cbrt" | "log" | "log2" | "log10", (base, *_)):
            pass
        case Call(name, (base,)) if name in INVERSES:
            yield from solve(base, Fraction(-1)) or ()
            base = nodes.call("add", base, Number(Fraction(-1)))
        case _:
            return
    yield from solve(base, Fraction(0)) or ()


def _crossings(left: Node, right: Node) -> list[Fraction]:
    """Return where two formulas are equal."""
    return solve(Call("add", (left, Call("negative", (right,)))), Fraction(0)) or []


def _steps(argument: Node, offset: Fraction, low: float, high: float) -> Iterator[Fraction]:
    """Return where an argument that is a straight line is a whole number plus an offset."""
    known = polynomial(argument)
    if known is None or known[2] or not known[1]:
        return
    if math.isinf(low) or math.isinf(high):
        raise OptionError(
            f"the formula has steps without end on the interval ({low!r}, {high!r}): choose a bounded "
            "interval"
        )
    ends = sorted(known[0] - offset + known[1] * Fraction(end) for end in (low, high))
    first, last = math.ceil(ends[0]), math.floor(ends[1])
    if last - first > _MOST:
        raise _too_many(str(last - first), low, high)
    for step in range(first, last + 1):
        yield (step + offset - known[0]) / known[1]


def _too_many(count: str, low: float, high: float) -> OptionError:
    return OptionError(
        f"the formula has {count} jumps and bends between {low!r} and {high!r}, and at most {_MOST} "
        "are followed: choose a shorter interval"
    )
