"""What a function is made of, and what is done to it: polynomials where they suffice, else a chain.

Polynomials on a bounded interval (:mod:`faltung.functions.polynomials.pieces`) have bounds proved for the
largest value; a body (:mod:`faltung.functions.chains`) has tails, poles and relative accuracy. An
operation on two of them works on polynomials if both are, else on bodies.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from faltung.errors import OptionError, ResolutionError
from faltung.functions import bounds
from faltung.functions.bounds import UNIT
from faltung.functions.chains import algebra, beyond, integrals, line, pointwise, primitive
from faltung.functions.chains.body import Body
from faltung.functions.chains.copies import Copy, Window, sum_of_copies
from faltung.functions.chains.knots import Tail
from faltung.functions.chains.spans import Form
from faltung.functions.polynomials import calculus, displace, moves, pieces, product
from faltung.functions.polynomials.convolved import convolved as polynomials_convolved
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.transform import FloatArray
from faltung.functions.unresolved import Unresolved

Content: TypeAlias = Pieces | Body

# A pole that is no power is left aside up to this part of the distance to which it is followed, if it
# is so much higher there, and begins so near to its knot.
_POLE, _RISEN, _INNERMOST = 1e-6, 1e3, 1e-30

# Where a curve of a function with tails ends: at this part of its largest value.
_DRAWN = 2e-3

# An algebraic tail that begins nearer than this to its knot is one from the start.
_SCALE = 1e-6


def polynomials(content: Content) -> Pieces:
    """Return the polynomials of a function that is made of nothing else, or refuse it."""
    if isinstance(content, Pieces):
        return content
    raise OptionError(
        "this needs a function on a bounded interval without poles, and it has tails or poles: make "
        "it on such an interval, Function(callable, (a, b))"
    )


def as_body(content: Content) -> Body:
    """Return anything as a body."""
    return content if isinstance(content, Body) else Body.of_pieces(content)


@contextmanager
def told_of(what: str) -> Iterator[None]:
    """Say of what is made of functions that it is not resolved: it has no breaks to be given."""
    try:
        yield
    except Unresolved as error:
        raise ResolutionError(
            f"{what} cannot be resolved near x = {float(error.low[0])!r}: it swings too often there, "
            "or is smooth nowhere. Restrict an operand, for instance f * box(a, b)"
        ) from None


def evaluate(content: Content, points: FloatArray) -> FloatArray:
    """Return the values at a vector of points."""
    if isinstance(content, Pieces):
        return content.evaluate(points)
    return beyond.evaluate(content, points)[0]


def error_bounds(content: Content, points: FloatArray) -> FloatArray:
    """Return a bound on the error of the value at each point."""
    if isinstance(content, Body):
        # What was cut off is counted everywhere: it hardly ever matters.
        known = beyond.evaluate(content, points)[1] + algebra.beside_powers(content, points)
        return known + content.cut
    inside = content.deviation + bounds.evaluation(content.coefficients)
    index = np.searchsorted(content.breaks, points, side="right") - 1
    outside = (points < content.breaks[0]) | (points > content.breaks[-1])
    bound = inside.bound[np.clip(index, 0, content.count - 1)]
    return np.where(outside, content.misplaced.outside, bound)


def largest_error(content: Content) -> float:
    """Return a bound on the error of any value, those inside a pole's own piece left aside."""
    if isinstance(content, Pieces):
        evaluation = bounds.evaluation(content.coefficients)
        inside = float((content.deviation + evaluation).bound.max())
        return max(inside, content.misplaced.outside)
    return max(float(_at_ends(content)[1].max()), content.cut)


def typical_error(content: Content) -> float:
    """Return the error to expect at the worst point."""
    if isinstance(content, Pieces):
        evaluation = bounds.evaluation(content.coefficients)
        return float((content.deviation + evaluation).estimate.max())
    chain = content.chain
    own = np.hypot(chain.deviation.estimate, UNIT * bounds.typical(chain.coefficients))
    near, far = _counted(content)
    weights = np.maximum(chain.weights(near), chain.weights(far))
    return float((own * weights)[near <= chain.far].max())


def largest_value(content: Content) -> float:
    """Return about the largest |f|, poles left aside."""
    if isinstance(content, Pieces):
        return content.scale()
    return float(np.abs(_at_ends(content)[0]).max())


def _counted(body: Body) -> tuple[FloatArray, FloatArray]:
    """Return for each piece the distances of its ends, those of a pole left aside.

    A power is left aside as a piece; what rises in other ways, up to a part of the distance to
    which it is followed from there.
    """
    chain = body.chain
    pole = (chain.forms == Form.POWER) & (chain.tilts < 0) & (chain.near == 0)
    near = np.where(pole, chain.far, chain.near)
    # Of each knot and side the innermost logarithmic piece, and how far those beside it go.
    for row in np.flatnonzero((chain.forms == Form.LOGARITHMIC) & (chain.near < _INNERMOST)):
        beside = (chain.anchors == chain.anchors[row]) & (chain.sides == chain.sides[row])
        beside &= chain.forms == Form.LOGARITHMIC
        aside = _POLE * float(chain.far[beside].max())
        ends = chain.sides[row] * np.array([chain.near[row], aside])
        inner, outer = np.abs(chain.evaluate(np.full(2, chain.anchors[row]), ends)[0])
        if inner > _RISEN * outer:
            near = np.where(beside, np.maximum(near, aside), near)
    return near, np.maximum(near, chain.far)


def _at_ends(body: Body) -> tuple[FloatArray, FloatArray]:
    """Return values and errors at both ends and the middle of each piece, poles left aside."""
    chain = body.chain
    near, far = _counted(body)
    distances = np.stack([near, (near + far) / 2, far])
    base = np.broadcast_to(chain.anchors, distances.shape).ravel()
    return chain.evaluate(base, (chain.sides * distances).ravel())


def break_reach(content: Content) -> float:
    """Return how far a jump may be from where it should be."""
    return content.misplaced.reach if isinstance(content, Pieces) else content.displaced


def domain(content: Content) -> tuple[float, float]:
    """Return the interval outside of which the function is zero."""
    if isinstance(content, Body):
        return content.domain
    return float(content.breaks[0]), float(content.breaks[-1])


def breaks(content: Content) -> FloatArray:
    """Return the ends of pieces, or the knots of a body."""
    if isinstance(content, Pieces):
        return content.breaks.copy()
    return np.array([knot.at for knot in content.knots if knot.sharp])


def poles(content: Content) -> FloatArray:
    """Return the knots beside which a function may grow without end."""
    if isinstance(content, Pieces):
        return np.zeros(0)
    grows = [
        any(edge and (edge.mixed or edge.exponent < 0) for edge in (knot.left, knot.right))
        for knot in content.knots
    ]
    return np.array([knot.at for knot, pole in zip(content.knots, grows, strict=True) if pole])


def coefficients(content: Content) -> FloatArray:
    """Return the Chebyshev coefficients of each piece."""
    return (content if isinstance(content, Pieces) else content.chain).coefficients.copy()


def negative(content: Content) -> Content:
    """Return -f, exactly."""
    if isinstance(content, Pieces):
        return replace(content, coefficients=-content.coefficients)
    return replace(content, chain=replace(content.chain, coefficients=-content.chain.coefficients))


def added(f: Content, g: Content) -> Content:
    """Return f + g."""
    if isinstance(f, Pieces) and isinstance(g, Pieces):
        return pieces.added(f, g)
    with told_of("the sum"):
        return pointwise.added(as_body(f), as_body(g))


def multiplied(f: Content, g: Content) -> Content:
    """Return f times g, point by point."""
    if isinstance(f, Pieces) and isinstance(g, Pieces):
        return product.multiplied(f, g)
    with told_of("the product"):
        return pointwise.multiplied(as_body(f), as_body(g))


def convolved(f: Content, g: Content) -> Content:
    """Return the convolution of two functions."""
    if isinstance(f, Pieces) and isinstance(g, Pieces):
        return polynomials_convolved(f, g)
    with told_of("the convolution"):
        return line.convolved(as_body(f), as_body(g))


def total(parts: list[Content]) -> Content:
    """Return the sum of several functions, added two by two."""
    while len(parts) > 1:
        rest = parts[-1:] if len(parts) % 2 else []
        parts = [added(f, g) for f, g in zip(parts[::2], parts[1::2], strict=False)] + rest
    return parts[0]


def echoed(f: Body, copies: list[Copy], window: Window | None = None) -> Body:
    """Return the sum of moved multiples of a function, on a window of the line if one is given."""
    with told_of("the sum"):
        return sum_of_copies(f, copies, window)


def scaled(f: Content, factor: float, apart: float) -> Content:
    """Return f times a number that is at most `apart` from `factor`."""
    if isinstance(f, Pieces):
        return pieces.scaled(f, factor, apart)
    return algebra.scaled(f, factor, apart)


def divided(f: Content, divisor: float, unsure: float) -> Content:
    """Return f divided by a number d such that divisor / d differs from 1 by at most `unsure`."""
    if isinstance(f, Pieces):
        return pieces.divided(f, divisor, unsure)
    return algebra.divided(f, divisor, unsure)


def reflected(f: Content) -> Content:
    """Return s -> f(-s)."""
    return moves.reflected(f) if isinstance(f, Pieces) else algebra.reflected(f)


def moved(f: Content, factor: Fraction, offset: Fraction) -> Content:
    """Return x -> f((x - offset) / factor)."""
    if factor == 0:
        raise OptionError("the factor is 0: a function cannot be stretched to a point")
    if isinstance(f, Pieces):
        return moves.moved(f, factor, offset)
    return algebra.moved(f, factor, offset)


def unsettled(f: Content, reach: float) -> Content:
    """Return f with its place known within `reach` only; nothing moves, but the bounds grow."""
    if isinstance(f, Pieces):
        return displace.displaced(f, np.full(len(f.breaks), reach), f.widths)
    return algebra.unsettled(f, reach)


def integral(f: Content, low: float, high: float) -> float:
    """Return the integral from `low` to `high`."""
    if isinstance(f, Pieces):
        return calculus.integral(f, low, high)
    return integrals.integral(f, low, high)[0]


def integral_bound(f: Content) -> float:
    """Return a bound on the error of the integral over the whole domain."""
    if isinstance(f, Pieces):
        return calculus.integral_bound(f)
    return integrals.integral(f, *f.domain)[1] + f.misplaced.area


def cumulative(f: Content, *, bounded: bool = False) -> Content:
    """Return the integral up to x; `bounded` ends it with the domain of f, where it is finite."""
    if isinstance(f, Pieces):
        return calculus.cumulative(f)
    with told_of("the integral"):
        return primitive.primitive(f, bounded=bounded)


def window(content: Content) -> tuple[float, float]:
    """Return the interval that a drawing shows: the domain, or where the function is not small."""
    low, high = domain(content)
    if isinstance(content, Pieces) or (np.isfinite(low) and np.isfinite(high)):
        return low, high
    small = _DRAWN * largest_value(content)
    first, last = content.knots[0], content.knots[-1]
    left = low if np.isfinite(low) else first.at - _until_small(content, first.at, -1, small)
    right = high if np.isfinite(high) else last.at + _until_small(content, last.at, 1, small)
    return left, right


def _until_small(body: Body, place: float, side: int, small: float) -> float:
    """Return the distance beyond which the function is small, or ten times where its tail begins."""
    reach = body.left if side < 0 else body.right
    if reach.tail is Tail.ALGEBRAIC:
        # A power has no scale of its own.
        if reach.start < _SCALE * (1 + abs(place)):
            return 10.0
        most = 10 * reach.start
    else:
        most = reach.stop
    distances = most * np.exp2(-np.arange(0.0, 40.0, 0.125))
    values = np.abs(body.chain.evaluate(place + side * distances)[0])
    large = np.flatnonzero(values > small)
    return float(distances[max(int(large[0]) - 1, 0)]) if len(large) else most
