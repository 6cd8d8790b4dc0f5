"""Kernels that take means: their weights are not negative and their sum is 1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from faltung.errors import OptionError
from faltung.kernels.bells import bell, radius_of, require_sigma, require_truncate
from faltung.kernels.checks import as_dimensions, check_size, outer, per_axis

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Kernel: TypeAlias = NDArray[np.float64]

__all__ = ["binomial", "box", "gaussian", "identity"]


def gaussian(
    sigma: float | Sequence[float], *, dimensions: int | None = None, truncate: float = 4.0
) -> Kernel:
    """Return a sampled Gaussian bell, scaled to sum 1.

    Each axis holds ``exp(-x**2 / (2 sigma**2))`` at the whole numbers from ``-r`` to ``r``, with
    ``r = int(truncate * sigma + 0.5)``, the radius that scipy.ndimage takes.

    Parameters
    ----------
    sigma
        Standard deviation in samples, at least 0; a sequence has one for each axis. 0 leaves an
        axis as it is (width 1).
    dimensions
        Number of axes, 2 by default; not with a sequence.
    truncate
        Where the bell is cut off, in standard deviations, at least 1.

    Returns
    -------
    numpy.ndarray
        float64 with ``2 r + 1`` entries on each axis. What the cut leaves out is at most
        ``erfc(truncate / sqrt(2))`` of the endless sum on each axis, 6.4e-5 by default: the
        bell is convex beyond one sigma, so each sample lies below its mean over a unit step, and
        the endless sum is at least ``sigma * sqrt(2 pi)`` by Poisson's summation formula.

    Raises
    ------
    OptionError
        If a number is out of range, or the kernel would have more than 10**8 entries.

    Examples
    --------
    >>> gaussian(1, dimensions=1).round(3)
    array([0.   , 0.004, 0.054, 0.242, 0.399, 0.242, 0.054, 0.004, 0.   ])
    >>> gaussian(3).shape
    (25, 25)
    >>> gaussian((1, 2)).shape
    (9, 17)
    """
    sigmas = per_axis("sigma", sigma, dimensions)
    for value in sigmas:
        require_sigma(value, least=0)
    require_truncate(truncate)
    check_size("gaussian", [2 * (truncate * value + 0.5) + 1 for value in sigmas])
    return outer([bell(value, radius_of(value, truncate)) for value in sigmas])


def box(size: int | Sequence[int], *, dimensions: int | None = None) -> Kernel:
    """Return the kernel that takes the mean over a block: equal weights, sum 1.

    Parameters
    ----------
    size
        Width in samples, at least 1; a sequence has one for each axis. An even width shifts by
        half a sample.
    dimensions
        Number of axes, 2 by default; not with a sequence.

    Returns
    -------
    numpy.ndarray
        float64, of `size` entries on each axis.

    Raises
    ------
    OptionError
        If a size is not a whole number from 1 up, or there would be more than 10**8 entries.

    Examples
    --------
    >>> box(4, dimensions=1)
    array([0.25, 0.25, 0.25, 0.25])
    """
    widths = per_axis("size", size, dimensions)
    for width in widths:
        if not (width >= 1 and float(width).is_integer()):
            raise OptionError(f"size={width!r}: write a whole number of samples, 1 or more")
    check_size("box", widths)
    shape = [int(width) for width in widths]
    return np.full(shape, 1.0 / math.prod(shape))


def binomial(size: int | Sequence[int], *, dimensions: int | None = None) -> Kernel:
    """Return the binomial kernel: rows of Pascal's triangle, scaled to sum 1.

    Each axis holds ``comb(size - 1, k) / 2**(size - 1)``, the law of ``size - 1`` tosses of a coin:
    a bell of variance ``(size - 1) / 4`` that ends by itself, so nothing is cut off. Each factor
    is rounded once at most, and exact up to 57 samples.

    Parameters
    ----------
    size
        Width in samples, from 1 to 1023; a sequence has one for each axis. An even width shifts
        by half a sample.
    dimensions
        Number of axes, 2 by default; not with a sequence.

    Returns
    -------
    numpy.ndarray
        float64, of `size` entries on each axis.

    Raises
    ------
    OptionError
        If a size is not such a whole number, or there would be more than 10**8 entries.

    References
    ----------
    P. J. Burt, "Fast filter transforms for image processing", Computer Graphics and Image
    Processing 16(1), 1981.

    Examples
    --------
    >>> binomial(5, dimensions=1) * 16
    array([1., 4., 6., 4., 1.])
    """
    widths = per_axis("size", size, dimensions)
    for width in widths:
        if not (1 <= width <= 1023 and float(width).is_integer()):
            raise OptionError(f"size={width!r}: write a whole number of samples from 1 to 1023")
    check_size("binomial", widths)
    return outer([_pascal(int(width)) for width in widths])


def _pascal(width: int) -> Kernel:
    return np.array([math.comb(width - 1, k) / 2 ** (width - 1) for k in range(width)])


def identity(*, dimensions: int = 2) -> Kernel:
    """Return the kernel that changes nothing: a single 1.

    Parameters
    ----------
    dimensions
        Number of axes.

    Returns
    -------
    numpy.ndarray
        float64, one entry.

    Examples
    --------
    >>> identity()
    array([[1.]])
    """
    return np.ones((1,) * as_dimensions(dimensions))
