"""Mean and variance from the shares on both sides: they are bounded, whatever the density is.

With any c, E(X - c) is the integral of P(X > x) over x > c less that of P(X <= x) over x < c, and
E(X - c)^2 twice the same with weights x - c (Feller, An Introduction to Probability Theory and Its
Applications, vol. 2, 2nd ed., section V.6).
"""

from __future__ import annotations

import math

import numpy as np

from faltung.distributions.continuous.shares import Share, table_of
from faltung.distributions.numbers.rounding import Floats
from faltung.functions.chains.body import Body
from faltung.functions.chains.knots import Tail

# Gauss nodes between two points of the table.
_NODES = 24

# Ends of an interval that differ by more, as distances from c, have logarithms for a variable; they
# are no farther from each other than this.
_WIDE, _WIDEST = 1.5, 4.0

# Beside a knot intervals become narrower, each a quarter of the next, down to the rounding of c.
_QUARTERS = 0.25 ** np.arange(28)


def central_moments(body: Body, below: Share, above: Share) -> tuple[float, float]:
    """Return mean and variance, inf or NaN where they do not exist."""
    centre = _middle(body, below)
    places = _places(body)
    sides = [
        _moments_beyond(share, centre, side, places) for share, side in ((above, 1), (below, -1))
    ]
    (right, right_square), (left, left_square) = sides
    exponents = [
        reach.exponent if reach.tail is Tail.ALGEBRAIC else -math.inf
        for reach in (body.right, body.left)
    ]
    infinite = [exponent >= -2 for exponent in exponents]
    if all(infinite):
        return math.nan, math.nan
    if any(infinite):
        return (math.inf if infinite[0] else -math.inf), math.inf
    off = right - left
    if any(exponent >= -3 for exponent in exponents):
        return centre + off, math.inf
    return centre + off, right_square + left_square - off * off


def _middle(body: Body, below: Share) -> float:
    """Return a point of the table near the median."""
    table = table_of(body)
    values = below.values(table)
    return float(table[np.argmin(np.abs(values - 0.5))])


def _places(body: Body) -> Floats:
    """Return the points of the table, and more of them near the anchors of pieces."""
    chain = body.chain
    offsets = np.multiply.outer(_QUARTERS, chain.sides * chain.far)
    low, high = body.domain
    places = np.concatenate([table_of(body), (chain.anchors + offsets).ravel()])
    return np.asarray(places[(places >= low) & (places <= high) & np.isfinite(places)])


def _filled(ends: Floats) -> Floats:
    """Return rising distances with others between those that are far from each other."""
    low, high = ends[1:-1], ends[2:]
    with np.errstate(over="ignore"):
        counts = np.ceil(np.log(high / low) / np.log(_WIDEST)).astype(int)
    many = np.flatnonzero(counts > 1)
    with np.errstate(over="ignore"):
        parts = [np.geomspace(low[i], high[i], counts[i] + 1)[1:-1] for i in many]
    return np.unique(np.concatenate([ends, *parts]))


def _moments_beyond(share: Share, centre: float, side: int, places: Floats) -> tuple[float, float]:
    """Return the integrals of P and of 2 d P over the distances d from the centre on one side."""
    distances = side * (places - centre)
    ends = _filled(np.unique(np.concatenate([[0.0], distances[distances > 0]])))
    low, high = ends[:-1, None], ends[1:, None]
    x, weights = np.polynomial.legendre.leggauss(_NODES)
    part = (1 + x) / 2
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        far = (high > _WIDE * low) & (low > 0)
        ratio = np.where(far, high / low, 1.0)
        nodes = np.where(far, low * ratio**part, low + (high - low) * part)
        nodes = np.minimum(nodes, high)
        steps = np.where(far, np.log(ratio) * nodes, high - low) * weights / 2
        shares = share.values(centre + side * nodes.ravel()).reshape(nodes.shape)
        # So far out that distances leave the doubles there is nothing, or no moment.
        values = np.where(shares > 0, shares * steps, 0.0)
        second = np.where(values > 0, 2 * nodes * values, 0.0)
        sums = np.nan_to_num(values).sum(), np.nan_to_num(second).sum()
    return float(sums[0]), float(sums[1])
