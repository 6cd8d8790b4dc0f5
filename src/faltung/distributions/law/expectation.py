"""Expected values under a density: where to cut the integral, and functions that take vectors."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from faltung.distributions.numbers.quadrature import integrate
from faltung.distributions.numbers.rounding import Floats
from faltung.errors import DtypeError, ResolutionError

if TYPE_CHECKING:
    from faltung.distributions.law.law import Law

_LEVELS = 2.0 ** -np.arange(2.0, 990.0, 6.0)
_MASSIVE = _LEVELS[_LEVELS > 2.0**-100]  # what lies beyond does not count beside a sum of about one
_GOLDEN = 0.5 * (5**0.5 - 1)
_GRID = 4000
_LONGEST = 8.0
_DEEP = 1e-15  # a piece beyond such a quantile is one of a tail
_DEEPEST = 1e-290  # a tail that is followed to here ends at no window
_NEGLIGIBLE = 1e-10
_AT_A_WINDOW = 1e-4  # where a window ends, less of the tail is seen than there is


def as_function(func: Callable[[Any], Any] | None) -> Callable[[Floats], Floats]:
    """Return a function of a vector; one that takes single numbers is called for each.

    Raises
    ------
    DtypeError
        If `func` cannot be called.
    """
    if func is None:
        return lambda x: x
    if not callable(func):
        raise DtypeError(f"func is a {type(func).__name__}: write a function of one number")

    def called(x: Floats) -> Floats:
        with np.errstate(all="ignore"):  # whoever takes the values looks for NaN and inf
            try:
                values = np.asarray(func(x))
                if values.dtype.kind == "c" or values.shape not in ((), x.shape):
                    raise TypeError
                values = values.astype(np.float64)
            except (TypeError, ValueError):  # such as math.log, or `if x > 3`
                values = np.array([_as_value(func(each), each) for each in x.tolist()])
        return np.broadcast_to(values, x.shape)

    return called


def _as_value(value: Any, x: float) -> float:
    if isinstance(value, complex):
        raise DtypeError(
            f"func returned {value!r} at x = {x:.6g}: take the expected values of its real and its "
            "imaginary part"
        )
    try:
        return float(value)
    except (TypeError, ValueError):
        raise DtypeError(
            f"func returned {value!r} ({type(value).__name__}) at x = {x:.6g}: return a number"
        ) from None


def density_breaks(
    law: Law, low: float = -math.inf, high: float = math.inf, *, levels: Floats = _LEVELS
) -> list[Floats]:
    """Return breaks below and above the median, at quantiles that fall by powers of 64.

    Towards a tail, and towards a pole at the end of the support, the pieces so hold masses in
    proportion, down to 1e-297 of the whole unless other levels are given.
    """
    first, last = law.support()
    low, high = max(low, first), min(high, last)
    middle = min(max(law.median(), low), high)
    bends = np.array(law._bends())
    left = _breaks(np.append(law.ppf(levels), bends), low, middle)
    right = _breaks(np.append(law.isf(levels), bends), middle, high)
    return [_closer(part, middle) for part in (left, right) if len(part) > 1]


def _closer(breaks: Floats, middle: float) -> Floats:
    """Return the breaks with others between those that are more than 8 times as far as the last.

    In a tail like a power a piece with 1/64 of the mass may be thousands of times as long as the one
    before, and hide all that a function does at its near end from 21 points.
    """
    distances = np.abs(breaks - middle)
    more = [breaks]
    for a, b in pairwise(distances[np.argsort(distances)].tolist()):
        if 0 < a < b / _LONGEST:
            count = math.ceil(math.log(b / a) / math.log(_LONGEST)) + 1
            inner = a * (b / a) ** np.linspace(0, 1, count)[1:-1]
            more.append(middle + math.copysign(1.0, breaks[0] + breaks[-1] - 2 * middle) * inner)
    return np.unique(np.concatenate(more))


def entropy_breaks(law: Law) -> list[Floats]:
    """Return breaks for an integral of the density times its logarithm."""
    return density_breaks(law, levels=_MASSIVE)


def _breaks(quantiles: Floats, low: float, high: float) -> Floats:
    inside = quantiles[(quantiles > low) & (quantiles < high)]
    return np.unique([end for end in (low, *inside, high) if np.isfinite(end)])


def integrate_to_ends(product: Callable[[Floats], Floats], breaks: Floats, law: Law) -> float:
    """Return the integral over the pieces, if in an infinite tail what comes last is negligible.

    Raises
    ------
    ResolutionError
        If it is not: the function grows as fast as the tail falls.
    """
    total = integrate(product, breaks)
    low, high = law.support()
    sides = (
        (np.isinf(low), breaks[:2], breaks[0] < law.ppf(_DEEP), law.cdf(breaks[0])),
        (np.isinf(high), breaks[-2:], breaks[-1] > law.isf(_DEEP), law.sf(breaks[-1])),
    )
    for infinite, piece, outer, beyond in sides:
        if infinite and outer and len(breaks) > 3:
            last = integrate(lambda x: np.abs(product(x)), piece, refused=np.inf)
            deep = 0 < beyond < _DEEPEST
            if last > (_NEGLIGIBLE if deep else _AT_A_WINDOW) * abs(total):
                raise ResolutionError(
                    f"the expected value is not settled from x = {piece[0]:.6g} to {piece[1]:.6g}, as "
                    "far as the law is known: the function grows as fast as the tail falls, and the "
                    "mean may be infinite; give lb= and ub= for a part of it"
                )
    return total


def density_mode(law: Law) -> float:
    """Return where the density is largest: the best point of a grid, then a golden section."""
    share = np.linspace(0, 1, _GRID + 2)[1:-1]
    grid = np.unique(np.concatenate([law.ppf(_LEVELS), law.ppf(share), law.isf(_LEVELS)]))
    grid = grid[np.isfinite(grid)]
    best = int(np.argmax(law.pdf(grid)))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    for _ in range(40):
        first, second = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if law.pdf(first) >= law.pdf(second):
            high = second
        else:
            low = first
    middle = 0.5 * (low + high)
    return float(middle if law.pdf(middle) >= law.pdf(grid[best]) else grid[best])
