"""What is done to a body piece by piece: multiples, and the variable moved and stretched."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from faltung.errors import OptionError
from faltung.functions.bounds import UNIT, Deviation, size
from faltung.functions.chains.body import Body
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.ends import jumps
from faltung.functions.chains.knots import Knot, Reach
from faltung.functions.chains.spans import Form
from faltung.functions.polynomials.misplaced import NOTHING, Misplaced
from faltung.functions.rounding import nearest
from faltung.functions.transform import FloatArray

# Distances that leave some room among the doubles.
_SHORTEST, _LONGEST = 1e-305, 1e305


def scaled(f: Body, factor: float, apart: float = 0.0) -> Body:
    """Return f times a number that is at most `apart` from `factor`."""
    chain = f.chain
    product = chain.coefficients * factor
    rounding = (UNIT * abs(factor) + apart) * size(chain.coefficients)
    deviation = chain.deviation.scaled(abs(factor) + apart) + Deviation(rounding, rounding)
    return replace(
        f,
        chain=replace(chain, coefficients=product, deviation=deviation),
        least=f.least * abs(factor),
        misplaced=f.misplaced.scaled(abs(factor) + apart),
    )


def divided(f: Body, divisor: float, unsure: float) -> Body:
    """Return f divided by a number d such that divisor / d differs from 1 by at most `unsure`."""
    return scaled(f, 1 / divisor, 1.01 * (unsure + UNIT) / abs(divisor))


def moved(f: Body, factor: Fraction, offset: Fraction) -> Body:
    """Return x -> f((x - offset) / factor): every place p goes to factor * p + offset."""
    if factor < 0:
        f, factor = reflected(f), -factor
    stretch = nearest(factor)
    if not f.misplaced.area:
        f = replace(f, knots=tuple(replace(knot, exact=True) for knot in f.knots))
    knots = tuple(_moved_knot(knot, factor, offset) for knot in f.knots)
    places = [_moved_place(place, factor, offset) for place in f.chain.anchors.tolist()]
    chain = f.chain
    exponential = chain.forms == Form.EXPONENTIAL
    # Distances and tilts are rounded once each; where the anchors go, `displaced` says.
    with np.errstate(over="ignore"):
        stretched = replace(
            chain,
            anchors=np.array(places),
            near=chain.near * stretch,
            far=chain.far * stretch,
            references=chain.references * stretch,
            tilts=np.where(exponential, chain.tilts / stretch, chain.tilts),
        )
        stretched = replace(
            stretched,
            deviation=chain.deviation + _rounded_distances(replace(f, chain=stretched)),
        )
    _require_doubles(stretched, factor, offset)
    left, right = (_stretched(reach, stretch) for reach in (f.left, f.right))
    exact = [Fraction(place) * factor + offset for place in f.chain.anchors.tolist()]
    lost = [abs(Fraction(place) - true) for place, true in zip(places, exact, strict=True)]
    off = np.array([nearest(each) for each in lost])
    settled = replace(stretched, deviation=stretched.deviation + displaced(stretched, off))
    shift = max(f.displaced * stretch, float(off.max())) if off.any() or f.displaced else 0.0
    misplaced = f.misplaced.stretched(factor) + _beside_jumps(settled, knots, float(off.max()))
    return replace(
        f,
        chain=settled,
        knots=knots,
        left=left,
        right=right,
        displaced=shift,
        misplaced=misplaced,
    )


def unsettled(f: Body, reach: float) -> Body:
    """Return f with its place known within `reach` only."""
    off = np.full(f.chain.count, reach)
    chain = replace(f.chain, deviation=f.chain.deviation + displaced(f.chain, off))
    misplaced = f.misplaced + _beside_jumps(chain, f.knots, reach)
    knots = tuple(replace(knot, exact=False) for knot in f.knots)
    return replace(f, chain=chain, knots=knots, displaced=f.displaced + reach, misplaced=misplaced)


def _beside_jumps(chain: Chain, knots: tuple[Knot, ...], off: float) -> Misplaced:
    """Return what stands on the wrong side of knots that are off their places; poles have no height.

    What is near to a knot in logarithms is counted up to thrice the distance, the true one and this.
    """
    places = np.array([knot.at for knot in knots if knot.sharp])
    if not off or not len(places):
        return NOTHING
    found = [abs(step.height) + step.bound for step in jumps(chain, places)]
    heights = [height for height in found if np.isfinite(height)]
    curved = chain.rows(np.flatnonzero(chain.forms == Form.LOGARITHMIC))
    within = 2.5 * curved.mass(3 * off) if curved.count else 0.0
    height = max(found) if within else max(heights, default=0.0)
    return Misplaced(1.01 * off * sum(heights) + within, 1.01 * height)


def reflected(f: Body) -> Body:
    """Return s -> f(-s), exactly."""
    chain = replace(f.chain, anchors=-f.chain.anchors, sides=-f.chain.sides)
    knots = tuple(
        Knot(-knot.place, -knot.rest, knot.right, knot.left, knot.sharp, knot.exact)
        for knot in reversed(f.knots)
    )
    return replace(f, chain=chain.in_order(), knots=knots, left=f.right, right=f.left)


def _moved_place(place: float, factor: Fraction, offset: Fraction) -> float:
    moved_to = nearest(Fraction(place) * factor + offset)
    if not np.isfinite(moved_to):
        raise OptionError(
            f"x -> f((x - {nearest(offset)!r}) / {nearest(factor)!r}) has a break beyond the largest "
            "double: take a smaller shift, or a factor nearer to 1"
        )
    return moved_to


def _require_doubles(chain: Chain, factor: Fraction, offset: Fraction) -> None:
    """Refuse pieces that are too long, too short or too far away for doubles.

    Raises
    ------
    OptionError
        Naming the factor or the shift.
    """
    steep = chain.tilts[chain.forms == Form.EXPONENTIAL]
    distances = np.concatenate([chain.near[chain.near > 0], chain.far, 1 / np.abs(steep)])
    if not ((distances > _SHORTEST) & (distances < _LONGEST)).all():
        raise OptionError(
            f"stretched by {nearest(factor)!r} the function has pieces shorter than {_SHORTEST:.0e} or "
            f"reaches farther than {_LONGEST:.0e}: measure the variable in another unit"
        )
    even = (chain.forms == Form.PLAIN) | (chain.forms == Form.EXPONENTIAL)
    if (chain.low >= chain.high)[even].any():
        raise OptionError(
            f"moved by {nearest(offset)!r} the function has pieces narrower than the distance of two "
            "doubles there: count the variable from another place"
        )


def _moved_knot(knot: Knot, factor: Fraction, offset: Fraction) -> Knot:
    place = _moved_place(knot.at, factor, offset)
    true = (Fraction(knot.place) + Fraction(knot.rest)) * factor + offset
    return replace(knot, place=place, rest=0.0, exact=knot.exact and place == true)


def _stretched(reach: Reach, factor: float) -> Reach:
    return replace(reach, start=reach.start * factor, stop=reach.stop * factor)


def _rounded_distances(f: Body) -> Deviation:
    """Return what roundings of distances, tilts and references do."""
    chain = f.chain
    k = np.arange(chain.coefficients.shape[1])
    slope = np.abs(chain.coefficients) @ (k.astype(np.float64) ** 2)
    # What leaves the doubles is refused afterwards.
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        exponential = chain.forms == Form.EXPONENTIAL
        exponent = np.abs(chain.tilts) * np.where(exponential, chain.far - chain.near, 1.0)
        # A logarithm is rounded as it is large, and the variable as that is a part of the piece's.
        large = 1 + np.abs(np.log(chain.far)) / np.log(chain.far / chain.near)
        slope *= np.where(chain.forms == Form.LOGARITHMIC, large, 1.0)
        rounding = 4 * UNIT * (slope + (1 + exponent) * size(chain.coefficients))
    return Deviation(rounding, rounding / 4)


def beside_powers(f: Body, points: FloatArray) -> FloatArray:
    """Return what powers of a distance are off near their knots, which may be off their places.

    The slope of d^a is a / d of it; nearer than twice what the knot is off, no more than there.
    """
    chain, off = f.chain, f.displaced
    wrong = np.zeros_like(points)
    for row in np.flatnonzero((chain.forms == Form.POWER) & (chain.tilts != 0)) if off else ():
        distances = chain.sides[row] * (points - chain.anchors[row])
        here = np.flatnonzero((distances > 0) & (distances <= chain.far[row]))
        values, errors = chain.evaluate(points[here])
        part = abs(chain.tilts[row]) * off / np.maximum(distances[here] - off, off)
        wrong[here] += 1.01 * (np.abs(values) + errors) * part
    return wrong


def displaced(chain: Chain, off: FloatArray) -> Deviation:
    """Return what anchors do that are this far from where they should be, away from the knots.

    At twice the distance from its anchor a logarithm is as steep as at that distance, at most.
    """
    k = np.arange(chain.coefficients.shape[1])
    slope = np.abs(chain.coefficients) @ (k.astype(np.float64) ** 2)
    width = chain.far - chain.near
    curved = chain.forms == Form.LOGARITHMIC
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        nearest = np.maximum(chain.near, 2 * off)
        per = np.where(curved, 4 / np.log(chain.far / chain.near) / nearest, 2 / width)
        steepest = np.where(curved, nearest / 2, np.maximum(chain.near, width / 4))
        power = np.where(chain.forms >= Form.POWER, 1 / steepest, 1.0)
        moved_by = np.where((off > 0) & (slope > 0), off * (per * slope), 0.0)
        tilted = off * np.abs(chain.tilts) * power * size(chain.coefficients)
    moved_by += np.where(off > 0, tilted, 0.0)
    return Deviation(moved_by, moved_by)
