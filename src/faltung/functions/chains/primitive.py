"""The integral of a body up to x: the convolution with Heaviside's step, and what lies before it.

What a tail holds beyond the distance to which it is followed is added to every value: of a power
C d^a the part C D^(a + 1) / (-1 - a) beyond D, and of a falling tail its last value over its last
slope. So the integral keeps its relative accuracy up to that distance; beyond, that of a power is
the next power.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from faltung.functions.chains import rules
from faltung.functions.chains.astray import Astray
from faltung.functions.chains.beyond import exponent_off
from faltung.functions.chains.body import Body, resolved
from faltung.functions.chains.ceilings import Ceilings, heights
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.integrals import WIDE, step
from faltung.functions.chains.knots import LEAST, NO_REACH, Knot, Reach, Tail
from faltung.functions.chains.scales import finest
from faltung.functions.chains.sources import ConvolutionSource, Samples
from faltung.functions.chains.spans import Form, Spans
from faltung.functions.chains.survey import FARTHEST
from faltung.functions.polynomials.misplaced import NOTHING, Misplaced
from faltung.functions.transform import FloatArray

# A piece with less than this part of the mass is not looked at by itself.
_NOTHING = 2.0**-60

# The slope of a falling tail is taken between its end and this part of the way to it.
_BEFORE = 63 / 64


@dataclass(frozen=True, slots=True)
class Rest:
    """What a tail holds beyond its end, and how far that may be from the truth."""

    value: float = 0.0
    bound: float = 0.0


class _Raised(ConvolutionSource):
    """A convolution with a constant added."""

    rest = Rest()

    def sample(self, spans: Spans, distances: FloatArray) -> Samples:
        """Return the values at exactly these distances."""
        own = super().sample(spans, distances)
        bound = own.bound + self.rest.bound
        return own._replace(values=own.values + self.rest.value, bound=bound)


def primitive(f: Body, *, bounded: bool) -> Body:
    """Return x -> integral of f up to x; `bounded` ends it at the last knot of f.

    Raises
    ------
    DataError
        If the integral diverges.
    """
    extent = float(max(np.abs(f.chain.low).max(), np.abs(f.chain.high).max()))
    unit = step(max(WIDE, 8 * extent))
    rules.require_convergence(f, unit)
    if not f.chain.coefficients.any():
        return f
    rest = beyond(f, f.left, -1)
    knots, left, right = _outline(f, unit, bounded=bounded)
    lost = rest.bound if f.left.tail is Tail.FALLING else 0.0
    least, astray = max(LEAST, lost, _hidden(f.chain)), Astray(f, unit)
    least = max(least, astray.anywhere)
    ceilings = Ceilings.of(f.chain, unit.chain)
    source = _Raised(f.chain, unit.chain, ceilings, astray, least)
    source.rest = rest
    left = ceilings.cut(left, knots[0].at, -1, least)
    cuts, scale = _bends(f.chain), finest(f.chain)
    made = resolved(source, knots, left, right, least, cuts=cuts, scale=scale)
    outside = NOTHING
    if astray.anywhere:
        outside = Misplaced(np.inf, astray.anywhere, outside=astray.anywhere)
    return replace(made, misplaced=outside, displaced=astray.beside)


def _hidden(chain: Chain) -> float:
    """Return what may lie in pieces that are taken as zero."""
    zero = ~chain.coefficients.any(axis=1)
    return float((chain.deviation.bound * (chain.far - chain.near))[zero].sum())


def _bends(chain: Chain) -> tuple[FloatArray, FloatArray]:
    """Return the ends of the pieces that hold some of the mass, and those of all pieces.

    Between them the integral changes as the function does; a wide interval, on which it is constant
    but for a small part, would be taken for constant.
    """
    mass = np.nan_to_num(heights(chain)[1], posinf=1.0)
    some = mass > _NOTHING * mass.sum()
    far = chain.anchors + chain.sides * chain.far
    near = np.where(chain.forms <= Form.EXPONENTIAL, chain.anchors + chain.sides * chain.near, far)
    return np.unique(np.concatenate([near[some], far[some]])), np.unique(far)


def _outline(f: Body, unit: Body, *, bounded: bool) -> tuple[tuple[Knot, ...], Reach, Reach]:
    """Return the knots and the tails of the integral."""
    knots = list(rules.knots_of(f, unit))
    width = f.knots[-1].at - f.knots[0].at
    right = NO_REACH
    if bounded:
        knots[-1] = knots[-1].without_right()
    else:
        right = _right_tail(f.right, width)
    left = f.left
    if left.tail is Tail.ALGEBRAIC:
        start = min(2 * (left.start + width), left.stop / 2)
        left = Reach(Tail.ALGEBRAIC, left.exponent + 1, start, left.stop)
    elif left.tail is Tail.FALLING:
        left = replace(left, stop=left.stop + width)
    return tuple(knots), left, right


def _right_tail(reach: Reach, width: float) -> Reach:
    """Return what the integral does on the right: behind a falling tail and an end it is constant."""
    is_power = reach.tail is Tail.ALGEBRAIC
    begin = 2 * ((reach.start if is_power else reach.stop) + width) or 1.0
    exponent = max(reach.exponent + 1, 0.0) if is_power else 0.0
    stop = max(FARTHEST, 2 * begin)
    stop = min(stop, reach.stop) if is_power else stop
    if exponent > 1:
        # Beyond, a power that grows leaves the doubles.
        stop = min(stop, rules.GROWN ** (1 / exponent))
    return Reach(Tail.ALGEBRAIC, exponent, min(begin, stop / 2), stop)


def beyond(f: Body, reach: Reach, side: int) -> Rest:
    """Return what a tail holds beyond the distance to which it is followed."""
    if reach.tail is Tail.NOTHING:
        return Rest()
    knot = f.knots[-1 if side > 0 else 0]
    if reach.tail is Tail.ALGEBRAIC:
        return _of_power(f, reach, knot, side)
    end = float((f.chain.high.max() - knot.at) if side > 0 else (knot.at - f.chain.low.min()))
    ends = side * end * np.array([1 - 2.0**-40, _BEFORE])
    values, errors = f.chain.evaluate(np.full(2, knot.place), ends + knot.rest)
    unsure = float(errors[0]) + f.least
    if not 0 < values[0] < values[1]:
        return Rest(0.0, (abs(float(values[0])) + unsure) * end)
    width = (1 - _BEFORE) * end / float(np.log(values[1] / values[0]))
    last = float(values[0]) * min(width, end)
    return Rest(last, last + unsure * min(width, end))


def _of_power(f: Body, reach: Reach, knot: Knot, side: int) -> Rest:
    value, error, apart = exponent_off(f, reach, (knot.place, side))
    if not value:
        return Rest(0.0, f.least * reach.stop)
    rest = value * reach.stop / (-1 - reach.exponent)
    # The exponent is off by `apart` or less from there on.
    slack = -1 - reach.exponent - abs(apart)
    unsure = abs(apart) / slack if slack > 0 else np.inf
    return Rest(rest, abs(rest) * (unsure + error / abs(value)))
