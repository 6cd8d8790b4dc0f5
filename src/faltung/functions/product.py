"""The product of two functions, point by point."""

from __future__ import annotations

import numpy as np

from faltung.functions import bounds, transform
from faltung.functions.bounds import UNIT, Deviation
from faltung.functions.limit import limited
from faltung.functions.pieces import Pieces, common_breaks, refined


@np.errstate(over="ignore", invalid="ignore")
def multiplied(f: Pieces, g: Pieces) -> Pieces:
    """Return f * g, point by point, where the domains overlap."""
    breaks = common_breaks(f, g)
    low, high = max(f.breaks[0], g.breaks[0]), min(f.breaks[-1], g.breaks[-1])
    if low >= high:
        return Pieces(breaks[[0, -1]], np.zeros((1, 1)), Deviation.zero(1))
    breaks = breaks[(breaks >= low) & (breaks <= high)]
    f, g = refined(f, breaks), refined(g, breaks)
    length = f.coefficients.shape[1] + g.coefficients.shape[1] - 1
    factors = [
        part.coefficients @ transform.sampling_matrix(length, part.coefficients.shape[1])
        for part in (f, g)
    ]
    product = transform.interpolate(factors[0] * factors[1])
    deviation = _inherited(f, g) + bounds.interpolation(_sampled(f, g), product, length)
    return limited(Pieces(breaks, product, deviation).checked("the product"))


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
