"""Sums of non-negative floats and what rounding can do to them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROUNDOFF = 2.0**-53
_LARGEST_LOGARITHM = 700.0
_SMALLEST_NORMAL = 2.0**-1022
_SMALLEST = 2.0**-1074


def gamma(terms: float) -> float:
    """Return Higham's ``gamma(n) = n u / (1 - n u)``: so much can n roundings do, relatively."""
    return terms * ROUNDOFF / (1 - terms * ROUNDOFF)


def likely(terms: float) -> float:
    """Return ``sqrt(n) u``: so much do n roundings, if they fall at random (Higham & Mary 2019)."""
    return math.sqrt(terms) * ROUNDOFF


def chained(*bounds: float) -> float:
    """Return the bound of relative errors that act one after the other."""
    return grown(math.fsum(math.log1p(bound) for bound in bounds)) if any(bounds) else 0.0


def grown(logarithm: float) -> float:
    """Return the bound whose factors ``1 + bound`` have this logarithm together, which is >= 0."""
    return math.expm1(logarithm) if logarithm < _LARGEST_LOGARITHM else math.inf


def more(mass: float, relative: float) -> float:
    """Return ``mass * (1 + relative)``, rounded upwards; nothing stays nothing."""
    if not mass or not relative:
        return mass
    return math.nextafter(mass + math.nextafter(mass * relative, math.inf), math.inf)


def underflow(products: int, smallest: float) -> float:
    """Return what `products` products, none but zeros below `smallest`, can lose to underflow.

    At or above 2**-1022 a product keeps its relative accuracy; below, it is off by up to 2**-1075.
    """
    return 0.0 if smallest >= _SMALLEST_NORMAL else products * _SMALLEST


def smallest_positive(values: Floats) -> float:
    """Return the smallest positive entry, 1 if there is none."""
    return float(np.min(values, where=values > 0, initial=1.0))


def together(*errors: float) -> float:
    """Return the size of independent errors together: the root of the sum of their squares."""
    return math.hypot(*errors)


def log_of_part(part: Floats, rest: Floats) -> Floats:
    """Return log(part) for two parts of 1; from the rest where that is the smaller one.

    A part near 1 has no digits left to show how near, but ``log(1 - rest)`` has them.
    """
    with np.errstate(divide="ignore"):
        return np.where(part > 0.5, np.log1p(-np.minimum(rest, 0.5)), np.log(part))
