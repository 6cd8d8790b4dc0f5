"""Expected values under a density with poles, in the distances from the ends of its support."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from faltung.distributions.families.family import Family, Place
from faltung.distributions.numbers.quadrature import integrate
from faltung.distributions.numbers.rational import rounded
from faltung.distributions.numbers.rounding import Floats
from faltung.errors import ResolutionError

_Rule: TypeAlias = Callable[[Floats], Floats]

_NEAREST, _RATIO = 1e-290, 64.0
_FARTHEST = 1e290
_DEEPEST = 1e-290
_NEGLIGIBLE = 1e-10  # of the whole, in the last piece of a tail


def has_pole(family: Family) -> bool:
    """Tell whether the standard density is infinite at the end of its half-line or interval."""
    return family.half_line and (math.isinf(_at_end(family, 0)) or math.isinf(_at_end(family, 1)))


def _at_end(family: Family, upper: int) -> float:
    high = float(family.high)
    if upper and math.isinf(high):
        return 0.0
    z, rest = (np.array([high]), np.zeros(1)) if upper else (np.zeros(1), np.array([high]))
    with np.errstate(all="ignore"):
        return float(family.pdf(Place(z, rest))[0])


def expected_beside(family: Family, place: Fraction, scale: Fraction, function: _Rule) -> float:
    """Return E g(place + scale Z): the integral over z, and over the distance from an upper end.

    Each piece of it is 64 times as far from the end as the one before, and what is nearer than
    1e-290 counts with the value of g there.
    """
    high = family.high
    if not isinstance(high, Fraction):
        return _part(family, math.inf, (place, scale), function, upper=False)
    half = float(high) / 2
    end = place + scale * high
    left = _part(family, half, (place, scale), function, upper=False)
    return left + _part(family, half, (end, -scale), function, upper=True)


def _part(
    family: Family, stop: float, affine: tuple[Fraction, Fraction], g: _Rule, *, upper: bool
) -> float:
    """Return the integral over the distances from one end up to `stop`."""
    origin, factor = rounded(affine[0]), float(affine[1])
    high = float(family.high)

    def at(distance: Floats) -> Place:
        other = high - distance
        return Place(other, distance) if upper else Place(distance, other)

    def product(distance: Floats) -> Floats:
        with np.errstate(all="ignore"):
            density = family.pdf(at(distance))
            values = g(origin + factor * distance) * density
        return np.where(density > 0, values, 0.0)

    last = stop if math.isfinite(stop) else _last(family)
    count = math.ceil(math.log(last / _NEAREST) / math.log(_RATIO))
    breaks = np.append(_NEAREST * _RATIO ** np.arange(count), last)
    total = integrate(product, np.unique(breaks))
    if math.isinf(stop):
        _refuse_unsettled(product, breaks[-2:], total)
    first = np.array([_NEAREST])
    with np.errstate(all="ignore"):
        near = float((family.sf if upper else family.cdf)(at(first))[0])
        return total + (near * float(g(origin + factor * first)[0]) if near > _DEEPEST else 0.0)


def _last(family: Family) -> float:
    """Return a distance beyond which less than 1e-290 is left, or the largest that is looked at."""
    grid = 2.0 ** np.arange(-40, math.log2(_FARTHEST))
    with np.errstate(all="ignore"):
        left = family.sf(Place(grid, np.full_like(grid, np.inf)))
    return float(grid[min(int(np.searchsorted(-left, -_DEEPEST)), len(grid) - 1)])


def _refuse_unsettled(product: _Rule, piece: Floats, total: float) -> None:
    """Refuse an integral of which the last piece of the tail is not negligible."""
    last = integrate(lambda x: np.abs(product(x)), piece, refused=np.inf)
    if piece[1] > _FARTHEST / 4 and last > _NEGLIGIBLE * abs(total):
        raise ResolutionError(
            f"the expected value is not settled at {piece[1]:.6g} times the scale from the end: the "
            "function grows as fast as the tail falls; give lb= and ub= for a part of it"
        )
