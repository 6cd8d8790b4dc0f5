"""Lines of samples of a Gaussian bell and its derivatives."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from faltung.errors import OptionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Kernel: TypeAlias = NDArray[np.float64]

__all__ = [
    "bell",
    "bell_derivative",
    "radius_of",
    "require_sigma",
    "require_truncate",
    "second_difference",
]


def require_sigma(sigma: float, least: float) -> None:
    """Raise OptionError unless `sigma` is finite and at least `least`."""
    if not least <= sigma < math.inf:
        raise OptionError(f"sigma={sigma!r}: write a number of samples, {least:g} or more")


def require_truncate(truncate: float) -> None:
    """Raise OptionError unless a bell may be cut there."""
    if not 1 <= truncate < math.inf:
        raise OptionError(f"truncate={truncate!r}: write a number of standard deviations from 1 up")


def radius_of(sigma: float, truncate: float) -> int:
    """Return how many samples of a bell lie on either side of its centre, as scipy.ndimage cuts it."""
    return int(truncate * sigma + 0.5)


def bell(sigma: float, radius: int) -> Kernel:
    """Return samples of the bell at the whole numbers from ``-radius`` to `radius`, sum 1."""
    if radius == 0:
        return np.ones(1)
    with np.errstate(under="ignore", over="ignore"):
        weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    return np.asarray(weights / weights.sum())


def bell_derivative(sigma: float, radius: int, order: int) -> Kernel:
    """Return the samples of the bell's derivative of order 0, 1 or 2, as scipy.ndimage has them.

    ``-x / sigma**2`` and ``x**2 / sigma**4 - 1 / sigma**2`` times the bell of sum 1.
    """
    line = bell(sigma, radius)
    if order == 0:
        return line
    x = np.arange(len(line)) - len(line) // 2
    if order == 1:
        return np.asarray(-x / sigma**2 * line)
    return np.asarray((x**2 / sigma**4 - 1 / sigma**2) * line)


def second_difference(sigma: float, radius: int) -> Kernel:
    """Return ``a (x**2 - m) bell(x)`` with sum 0 that turns ``x**2`` into 2.

    `m` is the second moment of the samples. The narrower the bell, the nearer is the line to
    1 -2 1.
    """
    line = bell(sigma, radius)
    x = np.arange(len(line)) - len(line) // 2
    shape = (x**2 - (x**2 * line).sum()) * line
    scaled = shape * (2.0 / (x**2 * shape).sum())
    # What rounding left of the sum goes where the line is largest.
    scaled[len(line) // 2] -= math.fsum(scaled.tolist())
    return np.asarray(scaled)
