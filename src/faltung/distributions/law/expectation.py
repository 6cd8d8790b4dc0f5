"""Expected values under a density: where to cut the integral, and functions that take vectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from faltung.distributions.numbers.rounding import Floats
from faltung.errors import DtypeError

if TYPE_CHECKING:
    from faltung.distributions.law.law import Law

_LEVELS = 2.0 ** -np.arange(2.0, 990.0, 6.0)
_GOLDEN = 0.5 * (5**0.5 - 1)
_GRID = 4000


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
        try:
            values = np.asarray(func(x), dtype=np.float64)
        except (TypeError, ValueError):  # such as math.log, or `if x > 3`
            values = np.array([float(func(each)) for each in x.tolist()])
        return np.broadcast_to(values, x.shape)

    return called


def density_breaks(law: Law, low: float, high: float) -> list[Floats]:
    """Return breaks below and above the median, at quantiles that fall by powers of 64.

    Towards a tail, and towards a pole at the end of the support, the pieces so hold masses in
    proportion, down to 1e-297 of the whole.
    """
    first, last = law.support()
    low, high = max(low, first), min(high, last)
    middle = min(max(law.median(), low), high)
    bends = np.array(law._bends())
    left = _breaks(np.append(law.ppf(_LEVELS), bends), low, middle)
    right = _breaks(np.append(law.isf(_LEVELS), bends), middle, high)
    return [part for part in (left, right) if len(part) > 1]


def _breaks(quantiles: Floats, low: float, high: float) -> Floats:
    inside = quantiles[(quantiles > low) & (quantiles < high)]
    return np.unique([end for end in (low, *inside, high) if np.isfinite(end)])


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
