"""The product of two functions, point by point."""

from __future__ import annotations

import numpy as np

from faltung.functions import bounds, chebyshev
from faltung.functions.bounds import UNIT, Deviation
from faltung.functions.limit import limited
from faltung.functions.pieces import Pieces, common_breaks, refined


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
        part.coefficients @ chebyshev.sampling_matrix(length, part.coefficients.shape[1])
        for part in (f, g)
    ]
    product = chebyshev.interpolate(factors[0] * factors[1])
    deviation = _product_deviation(f, g, length)
    return limited(Pieces(breaks, product, deviation).checked("the product"))


def _product_deviation(f: Pieces, g: Pieces, length: int) -> Deviation:
    size_f, size_g = bounds.size(f.coefficients), bounds.size(g.coefficients)
    inherited = f.deviation.scaled(size_g) + g.deviation.scaled(size_f)
    both = f.deviation.bound * g.deviation.bound
    inherited = Deviation(inherited.bound + both, inherited.estimate)
    magnitude = size_f * size_g
    values = Deviation(2.02 * UNIT * (length + 5) * magnitude, UNIT * magnitude)
    return inherited + bounds.interpolation(values, magnitude, length)
