"""From a callable on a bounded or unbounded interval to a body, and from two bodies to a third."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from faltung.errors import DataError
from faltung.functions.chains import rules
from faltung.functions.chains.astray import Astray
from faltung.functions.chains.body import Body, resolved, smooth_knot
from faltung.functions.chains.ceilings import Ceilings
from faltung.functions.chains.continued import continued
from faltung.functions.chains.knots import LEAST, NO_REACH, Knot, Tail
from faltung.functions.chains.scales import finest
from faltung.functions.chains.sources import CallableSource, ConvolutionSource
from faltung.functions.chains.spans import Form
from faltung.functions.chains.survey import centre, require_some, survey
from faltung.functions.chains.witnesses import require_witnesses
from faltung.functions.polynomials.misplaced import NOTHING, Misplaced
from faltung.functions.sampling import Sampler
from faltung.functions.unresolved import Unresolved

# Nearer to -1 than this, part of a pole's area lies at distances below the least.
_STEEPEST = -0.94

# Of a pole and what is no power on one side of a knot, integrals far below this miss parts: logarithms
# are followed to 1e-290 of the knot only.
_BESIDE_POLES = 1e-200

# A result may be followed down to this part of its largest values, at least.
_LITTLE = 1e-20

# At how many times the least distance a pole is compared with itself.
_FARTHER = 1e20


def body_of(sampler: Sampler, interval: tuple[float, float], knots: list[Knot]) -> Body:
    """Return a callable as a body.

    `knots` are its sharp places, the finite ends of the interval among them, rising.
    """
    source = CallableSource(sampler)
    if not knots:
        knots = [smooth_knot(centre(source))]
    left = survey(source, (knots[0].place, 0.0), -1) if math.isinf(interval[0]) else NO_REACH
    right = survey(source, (knots[-1].place, 0.0), 1) if math.isinf(interval[1]) else NO_REACH
    infinite = [reach for reach in (left, right) if reach is not NO_REACH]
    if not knots[0].sharp and (left.stop == 0) != (right.stop == 0):
        raise _drop_beside(knots[0].place)
    if infinite and len(knots) == 1:
        require_some(infinite, knots[0].place)
    left, right = (NO_REACH if reach.stop == 0 else reach for reach in (left, right))
    body = resolved(source, tuple(knots), left, right, max(left.least, right.least))
    body = replace(body, chain=continued(body.chain))
    _require_area(body)
    require_witnesses(body, sampler)
    return body


def _require_area(body: Body) -> None:
    """Refuse a pole with area nearer to it than it can be followed: 1 / (t log(t)**2) at 0, say.

    Raises
    ------
    DataError
        Naming it.
    """
    chain = body.chain
    inner = np.flatnonzero((chain.forms == Form.LOGARITHMIC) & (chain.near <= 10 * LEAST))
    anchors, sides = chain.anchors[inner], chain.sides[inner]
    here, there = (
        np.abs(chain.evaluate(anchors, sides * factor * chain.near[inner])[0])
        for factor in (1.0, _FARTHER)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.log(there / here) / np.log(_FARTHER)
    for place, slope in zip(anchors.tolist(), slopes.tolist(), strict=True):
        if slope < _STEEPEST:
            raise DataError(
                f"the function goes like |x - {place!r}|^{slope:.4g} beside x = {place!r}, nearer to "
                "it than doubles go: part of its area cannot be seen. If it is a power, give the "
                f"exponent with singular={{{place!r}: ...}}; else choose an interval that leaves it out"
            )


def _drop_beside(place: float) -> Unresolved:
    """Return the error for a function that is zero from a place on, on one side of it."""
    aside = 2.0**-36 * max(1.0, abs(place))
    low, high = np.array([place - aside]), np.array([place + aside])
    return Unresolved(f"the function drops to 0 beside x = {place!r}: say where", low, high)


def convolved(f: Body, g: Body) -> Body:
    """Return the convolution of two bodies."""
    rules.require_convergence(f, g)
    for one in (f, g):
        if not one.chain.coefficients.any():
            return one
    knots = rules.knots_of(f, g)
    ceilings = Ceilings.of(f.chain, g.chain)
    least = _least(f, g, float(np.nan_to_num(ceilings.ceiling, posinf=0.0).max()))
    astray = Astray(f, g)
    least = max(least, astray.anywhere)
    source = ConvolutionSource(f.chain, g.chain, ceilings, astray, least)
    left, right = (
        ceilings.cut(rules.reach_of(*tails, _overhang(f, g, knot, side)), knot.at, side, least)
        for side, knot, tails in (
            (-1, knots[0], (f.left, g.left)),
            (1, knots[-1], (f.right, g.right)),
        )
    )
    scale = min(finest(f.chain), finest(g.chain))
    made = resolved(source, knots, left, right, least, scale=scale)
    outside = _misplaced(f, g, astray.anywhere)
    return replace(made, misplaced=outside, displaced=astray.beside)


def _misplaced(f: Body, g: Body, anywhere: float) -> Misplaced:
    """Return what lies outside the domain of a convolution; inside, its bounds have it."""
    if not anywhere:
        return NOTHING
    one, other = (np.nan_to_num(each.chain.mass(np.inf), nan=np.inf) for each in (f, g))
    area = f.misplaced.area * other + g.misplaced.area * (one + f.misplaced.area)
    return Misplaced(float(area), anywhere, outside=anywhere)


def _overhang(f: Body, g: Body, knot: Knot, side: int) -> float:
    """Return how much farther out the tails of the operands may begin than that of the result."""
    end = 0 if side < 0 else -1
    beyond = side * (f.knots[end].at + g.knots[end].at - knot.at)
    return max(0.0, beyond) + sum(each.knots[-1].at - each.knots[0].at for each in (f, g))


def _least(f: Body, g: Body, top: float) -> float:
    """Return the size from which the result is right to rounding, though the operands are cut.

    What is cut from f, below its least, changes f * g by at most that times the integral of |g|,
    over the distance at which it could be felt. If that is near to the largest values of f * g,
    nothing of it is right to rounding, and it is followed as far as it is right at all.
    """
    reaches = (f.left, f.right, g.left, g.right)
    falling = [reach.stop for reach in reaches if reach.tail is Tail.FALLING]
    least = _BESIDE_POLES if _meets_a_pole(f, g) else LEAST
    if not falling:
        return least
    width = sum(each.knots[-1].at - each.knots[0].at for each in (f, g))
    within = 4 * (sum(falling) + width)
    lost = max(one.least * other.chain.mass(within) for one, other in ((f, g), (g, f)))
    exact = 2.0**56 * lost
    return max(least, exact if exact < _LITTLE * top else lost)


def _meets_a_pole(f: Body, g: Body) -> bool:
    """Whether one has a pole, and one of both goes towards a knot as no power does."""
    for one, other in ((f, g), (g, f)):
        chain, forms = one.chain, other.chain.forms
        poles = (chain.tilts < 0) & (chain.tilts > -1) & (chain.near <= 10 * LEAST)
        if (poles & (chain.forms == Form.POWER)).any() and (forms == Form.LOGARITHMIC).any():
            return True
        if (poles & (chain.forms == Form.LOGARITHMIC)).any() and (forms >= Form.POWER).any():
            return True
    return False
