"""The derivative of a body: that of its pieces, of its knots and of its tails."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from faltung.errors import DataError
from faltung.functions.bounds import size
from faltung.functions.chains import slopes
from faltung.functions.chains.body import Body
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.ends import Jump, jumps
from faltung.functions.chains.knots import Edge, Reach, Tail
from faltung.functions.transform import FloatArray

# An algebraic tail is followed to where it is so small.
_SMALL = -280


def derivative(f: Body) -> tuple[Body, list[Jump]]:
    """Return the derivative between the knots, and what the function does at each knot.

    Raises
    ------
    DataError
        If the function goes to infinity at a knot, for its derivative has no integral there; or if
        the derivative is beyond the largest double.
    """
    grows = slopes.grows_at_anchor(f.chain)
    if grows.any():
        place = float(f.chain.anchors[np.argmax(grows)])
        raise DataError(
            f"the function grows without end beside x = {place!r}: its derivative has no integral "
            "there. Leave the place out, f.restrict(a, b)"
        )
    places = np.array([knot.at for knot in f.knots if knot.sharp])
    found = jumps(f.chain, places, f.cut) if len(places) else []
    chain = slopes.derivative(f.chain)
    knots = tuple(replace(knot, left=_edge(knot.left), right=_edge(knot.right)) for knot in f.knots)
    chain, left = _tail(chain, f, -1)
    chain, right = _tail(chain, f, 1)
    own = [reach.least for reach in (left, right) if reach.tail is Tail.FALLING]
    least = max(f.least * _steepest(f.chain), *own, 0.0)
    made = Body(chain, knots, left, right, least, f.displaced)
    shift = max((width for width, _ in bends(found, jumps(chain, places))), default=0.0)
    return replace(made, displaced=max(f.displaced, shift)), found


def bends(values: list[Jump], slopes_there: list[Jump]) -> list[tuple[float, float]]:
    """Return for each break how far it may be off its place, and by how much the slope jumps there.

    Where a function bends, its slopes on both sides are known, and its values: a break is where
    both sides meet, within the errors of the values divided by the bend.
    """
    result = []
    for value, bend in zip(values, slopes_there, strict=True):
        most = abs(bend.height) + bend.bound
        least = abs(bend.height) - bend.bound
        certain = least > 0 and value.inherited > 0 and math.isfinite(most)
        result.append((2 * value.inherited / least if certain else 0.0, most))
    return result


def _edge(edge: Edge | None) -> Edge | None:
    """Return what the derivative is beside a knot: d^a times something smooth has d^(a - 1)."""
    if edge is None or edge.is_plain or edge.mixed:
        return edge
    return Edge(edge.exponent - 1)


def _steepest(chain: Chain) -> float:
    """Return how much larger the derivative may be where the function is taken as zero."""
    width = chain.far - chain.near
    outer = [int(np.argmin(chain.low)), int(np.argmax(chain.high))]
    rate = np.abs(chain.tilts) + 2 / width * slopes.steepness(chain.coefficients.shape[1])
    return float(max(1.0, *rate[outer]))


def _tail(chain: Chain, f: Body, side: int) -> tuple[Chain, Reach]:
    """Return the derivative and its tail on one side."""
    reach = f.left if side < 0 else f.right
    if reach.tail is Tail.NOTHING:
        return chain, reach
    if reach.tail is Tail.FALLING:
        return chain, replace(reach, least=reach.least * _steepest(f.chain))
    if reach.exponent != 0:
        exponent = reach.exponent - 1
        stop = min(reach.stop, 10.0 ** (_SMALL / exponent)) if exponent < -1 else reach.stop
        return chain, replace(reach, exponent=exponent, stop=max(stop, 2 * reach.start))
    return _without_noise(chain, f, side)


def _without_noise(chain: Chain, f: Body, side: int) -> tuple[Chain, Reach]:
    """Return the derivative of what comes to a constant, without its pieces that are noise alone."""
    knot = f.knots[0 if side < 0 else -1].at
    order = np.argsort(side * chain.low)[::-1]
    noise = size(chain.coefficients) <= chain.deviation.bound
    dropped: list[int] = []
    for row in order.tolist():
        beyond = side * (chain.low[row] + chain.high[row]) / 2 > side * knot
        if not (noise[row] and beyond) or len(dropped) == chain.count - 1:
            break
        dropped.append(row)
    kept = chain.rows(np.sort(np.delete(np.arange(chain.count), dropped)))
    lost = chain.rows(np.array(dropped, dtype=np.intp))
    least = max(f.least, _largest(lost))
    far = float((side * (kept.low if side < 0 else kept.high)).max() - side * knot)
    if far <= 0:
        return kept, Reach()
    return kept, Reach(Tail.FALLING, stop=far, least=least)


def _largest(chain: Chain) -> float:
    """Return a bound on the values of some pieces."""
    weights: FloatArray = np.maximum(chain.weights(chain.near), chain.weights(chain.far))
    return float(((size(chain.coefficients) + chain.deviation.bound) * weights).max(initial=0.0))
