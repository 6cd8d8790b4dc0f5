r"""The rules of convolution: which kinds of behaviour meet, and what comes of it.

Let f behave like |s - p|^a on one side of a knot p, and g like |s - q|^b on one side of q. Then
f * g has a knot at p + q, and |t - p - q|^(a + b + 1) is what is not smooth in it:

=============  =====================  ==========================================================
f              g                      f * g at p + q
=============  =====================  ==========================================================
smooth         anything               smooth: no knot
exponent a     exponent b, same side  a smooth function, and on that side exponent a + b + 1: none
                                      if that is a whole number; alone at an end of the domain
exponent a     b, the other side      both sides mixed, with a logarithm where a + b + 1 is whole;
                                      smooth on both sides if a and b are whole numbers
mixed          anything not smooth    mixed
a delta        anything               g itself, moved; a derivative of a delta, the derivative
=============  =====================  ==========================================================

The tails meet in the same way:

=============  =============  ================================================================
f at infinity  g at infinity  f * g at infinity
=============  =============  ================================================================
nothing        nothing        nothing
falling        not algebraic  falling
algebraic a    not algebraic  algebraic a
algebraic a    algebraic b    algebraic: max(a, b) if both are below -1, else a + b + 1 or so
=============  =============  ================================================================

An integral diverges, and is refused, where two exponents at one place add up to -1 or less, and
where f goes on to +infinity like s^a and g to -infinity like s^b with a + b >= -1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np

from faltung.errors import DataError, ResolutionError
from faltung.functions.chains.body import Body, smooth_knot
from faltung.functions.chains.knots import NO_REACH, SMOOTH, Edge, Knot, Reach, Tail
from faltung.functions.chains.scales import finest
from faltung.functions.chains.survey import FARTHEST

_T = TypeVar("_T")

# How large what grows may become.
GROWN = 1e250

# Knots that a smooth function meets are kept if they are so many times farther apart than it is
# wide, and it must not be narrower than so many spacings of doubles there.
_WIDE, _DOUBLES = 16.0, 16


def require_convergence(f: Body, g: Body) -> None:
    """Refuse two functions whose convolution is infinite everywhere.

    Raises
    ------
    DataError
        Naming the tails that do not fall fast enough.
    """
    for one, other, way in ((f.right, g.left, "+"), (f.left, g.right, "-")):
        if one.tail is Tail.ALGEBRAIC is other.tail and not one.exponent + other.exponent < -1:
            raise DataError(
                f"the convolution diverges: towards {way}infinity the first function goes like "
                f"|s|^{one.exponent:.4g}, and the second, reversed, like |s|^{other.exponent:.4g}; "
                "their product has no integral unless the exponents add up to less than -1. "
                "Restrict one of them, for instance f * box(a, b)"
            )
        if one.tail is Tail.ALGEBRAIC is other.tail and not _falls_enough(one, other):
            raise DataError(
                f"the convolution converges too slowly to be computed: towards {way}infinity the "
                f"functions go like |s|^{one.exponent:.4g} and |s|^{other.exponent:.4g}. One of the "
                "exponents must be below -1. Restrict one of them, for instance f * box(a, b)"
            )


def _falls_enough(one: Reach, other: Reach) -> bool:
    """Whether one of two tails can be integrated on its own."""
    return min(one.exponent, other.exponent) < -1


def knots_of(f: Body, g: Body) -> tuple[Knot, ...]:
    """Return the knots of the convolution, rising: at least one."""
    sharp_f = [knot for knot in f.knots if knot.sharp]
    sharp_g = [knot for knot in g.knots if knot.sharp]
    found: dict[float, Knot] = {}
    for p in sharp_f:
        for q in sharp_g:
            knot = _met(p, q, f, g)
            same = found.get(knot.at)
            found[knot.at] = _joined(same, knot) if same else knot
    if not found:
        return _anchors(f, g)
    return _with_ends([found[place] for place in sorted(found)], f, g)


def _anchors(f: Body, g: Body) -> tuple[Knot, ...]:
    """Return places to count distances from where no knot is sharp: at least one.

    What a narrow function smooths is as steep as that is narrow, at each knot of the other: one is
    kept for each crowd of them.

    Raises
    ------
    ResolutionError
        If it is narrower than doubles are apart there.
    """
    width = min(_width(f), _width(g))
    places = sorted((p.at + q.at, p.at, q.at) for p in f.knots for q in g.knots)
    crowds = [places[:1]]
    for before, place in pairwise(places):
        if place[0] - before[0] > _WIDE * width:
            crowds.append([])
        crowds[-1].append(place)
    if len(crowds) == 1:
        return (smooth_knot(_middle(f.knots).at, _middle(g.knots).at),)
    middles = [_middle(crowd) for crowd in crowds]
    for at, _, _ in middles:
        _require_width(width, at)
    return tuple(smooth_knot(p, q) for _, p, q in middles)


def _require_width(width: float, place: float) -> None:
    apart = float(np.spacing(abs(place)))
    if width < _DOUBLES * apart:
        raise ResolutionError(
            f"one function changes within {width:.2g}, and the other is not smooth at {place!r}, "
            f"where doubles are {apart:.2g} apart: what is between them cannot be seen. Take the "
            "narrow one as a constant, a delta or point(x)"
        )


def _width(one: Body) -> float:
    """Return over which distance a smooth function changes, infinite if it is sharp somewhere."""
    return math.inf if any(knot.sharp for knot in one.knots) else finest(one.chain)


def reach_of(one: Reach, other: Reach, width: float) -> Reach:
    """Return the tail that two tails make; `width` is that of all knots together."""
    tails = {one.tail, other.tail}
    if tails == {Tail.NOTHING}:
        return NO_REACH
    if Tail.ALGEBRAIC not in tails:
        return Reach(Tail.FALLING, stop=one.stop + other.stop + width)
    exponents = [each.exponent for each in (one, other) if each.tail is Tail.ALGEBRAIC]
    exponent = max(exponents)
    if len(exponents) == 2 and exponent >= -1:
        exponent = max(exponent, sum(exponents) + 1)
    # What falls is still there up to its end, and a constant hides it from samples farther out.
    starts = [each.stop if each.tail is Tail.FALLING else each.start for each in (one, other)]
    start = 2 * (sum(starts) + width)
    stop = min(FARTHEST, *(each.stop for each in (one, other) if each.tail is Tail.ALGEBRAIC))
    if exponent > 1:
        # Beyond, a power that grows leaves the doubles.
        stop = min(stop, GROWN ** (1 / exponent))
    return Reach(Tail.ALGEBRAIC, exponent, start, stop)


def _middle(places: Sequence[_T]) -> _T:
    return places[len(places) // 2]


def _met(p: Knot, q: Knot, f: Body, g: Body) -> Knot:
    """Return the knot that a knot of f and one of g make."""
    same = [_same_side(a, b) for a, b in ((p.left, q.left), (p.right, q.right))]
    other = [_other_side(a, b) for a, b in ((p.left, q.right), (p.right, q.left))]
    mixed = any(edge.mixed for edge in other if edge)
    left, right = (Edge(mixed=True) if mixed else edge or SMOOTH for edge in same)
    # A power stands alone at an end of the domain, with nothing before it; elsewhere it is added
    # to what is smooth.
    first = p is f.knots[0] and q is g.knots[0] and p.left is q.left is None
    last = p is f.knots[-1] and q is g.knots[-1] and p.right is q.right is None
    place = [*f.place_of(p), *g.place_of(q)]
    nearest = math.fsum(place)
    rest = math.fsum([*place, -nearest])
    left, right = left if last else _added_to(left), right if first else _added_to(right)
    return Knot(nearest, rest, left, right)


def _added_to(edge: Edge) -> Edge:
    """Return an edge with something smooth added to it."""
    return SMOOTH if edge.is_smooth else Edge(mixed=True)


def _same_side(a: Edge | None, b: Edge | None) -> Edge | None:
    if a is None or b is None:
        return None
    if a.mixed or b.mixed:
        return Edge(mixed=True)
    return Edge(math.fsum([a.exponent, b.exponent, 1]))


def _other_side(a: Edge | None, b: Edge | None) -> Edge | None:
    if a is None or b is None:
        return None
    return SMOOTH if a.is_smooth and b.is_smooth else Edge(mixed=True)


def _joined(one: Knot, other: Knot) -> Knot:
    """Return the knot where two pairs of knots have the same sum."""
    left, right = (
        SMOOTH if a == b == SMOOTH else Edge(mixed=True)
        for a, b in ((one.left, other.left), (one.right, other.right))
    )
    return Knot(one.place, one.rest, left, right)


def _with_ends(knots: list[Knot], f: Body, g: Body) -> tuple[Knot, ...]:
    """Return the knots with nothing beyond the ends of the domain."""
    first, last = knots[0], knots[-1]
    if f.left.tail is Tail.NOTHING is g.left.tail:
        knots[0] = Knot(first.place, first.rest, None, first.right)
        first = knots[0]
    if f.right.tail is Tail.NOTHING is g.right.tail:
        last = knots[-1]
        knots[-1] = Knot(last.place, last.rest, last.left, None)
    return tuple(knots)
