"""The product of two functions, point by point."""

from __future__ import annotations

import numpy as np

from faltung.functions import bounds, transform
from faltung.functions.bounds import UNIT, Deviation
from faltung.functions.polynomials.limit import limited
from faltung.functions.polynomials.misplaced import NOTHING, Misplaced, product
from faltung.functions.polynomials.pieces import Pieces, common_breaks, refined


@np.errstate(over="ignore", invalid="ignore")
def multiplied(f: Pieces, g: Pieces) -> Pieces:
    """Return f * g, point by point, where the domains overlap."""
    breaks = common_breaks(f, g)
    low, high = max(f.breaks[0], g.breaks[0]), min(f.breaks[-1], g.breaks[-1])
    if low >= high:
        return _apart(f, g)
    misplaced = _misplaced(f, g)
    breaks = breaks[(breaks >= low) & (breaks <= high)]
    f, g = refined(f, breaks), refined(g, breaks)
    length = f.coefficients.shape[1] + g.coefficients.shape[1] - 1
    factors = [
        part.coefficients @ transform.sampling_matrix(length, part.coefficients.shape[1])
        for part in (f, g)
    ]
    product = transform.interpolate(factors[0] * factors[1])
    deviation = _inherited(f, g) + bounds.interpolation(_sampled(f, g), product, length)
    return limited(Pieces(breaks, product, deviation, misplaced).checked("the product"))


def _apart(f: Pieces, g: Pieces) -> Pieces:
    """Return the product over both domains, which have no interval in common: zero.

    Where either factor is, the other is what it is outside its domain.
    """
    ends = np.concatenate([f.breaks[[0, -1]], g.breaks[[0, -1]]])
    misplaced = _misplaced(f, g)
    breaks = np.unique(ends) if misplaced.reach else np.array([ends.min(), ends.max()])
    count = len(breaks) - 1
    deviation = Deviation(np.full(count, misplaced.outside), np.zeros(count))
    return Pieces(breaks, np.zeros((count, 1)), deviation, misplaced).checked("the product")


def _misplaced(f: Pieces, g: Pieces) -> Misplaced:
    """Return what the misplaced parts of the factors do.

    With p - F = e and q - G = d, each the sum of an error within the bounds (1) and a misplaced
    one (2): p q - F G = p d + q e - e d, of which p d2, q e2, e1 d2, e2 d1 and e2 d2 are misplaced.

    Outside the common part of the domains one factor is outside its own. Breaks of f beyond an end
    of g are farther away than that end: the reach still counts from breaks of the product.
    """
    a, b = f.misplaced, g.misplaced
    if a == NOTHING == b:
        return NOTHING
    top_f, top_g = f.top(), g.top()
    both = min(product(a.area, b.height), product(b.area, a.height))
    return Misplaced(
        1.01 * (product(top_f, b.area) + product(top_g, a.area) + both),
        1.01 * (product(top_f, b.height) + product(top_g + b.height, a.height)),
        max(a.reach, b.reach),
        1.01 * (product(a.outside, top_g + b.height) + product(b.outside, top_f + a.height)),
    )


def _inherited(f: Pieces, g: Pieces) -> Deviation:
    """Return what the errors of the factors do: |(f + e)(g + d) - f g| <= |e g| + |f d| + |e d|."""
    of_f = f.deviation.scaled(bounds.size(g.coefficients))
    of_g = g.deviation.scaled(bounds.size(f.coefficients))
    both = f.deviation.bound * g.deviation.bound
    return of_f + of_g + Deviation(both, np.zeros(f.count))


def _sampled(f: Pieces, g: Pieces) -> Deviation:
    """Return the rounding of the products at the nodes: two sums and one product."""
    magnitude = bounds.size(f.coefficients) * bounds.size(g.coefficients)
    roundings = f.coefficients.shape[1] + g.coefficients.shape[1] + 5
    lost = bounds.TINY * roundings  # products below the smallest normal number
    return Deviation(1.01 * UNIT * roundings * magnitude + lost, UNIT * magnitude)
