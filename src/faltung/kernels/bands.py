"""Kernels that keep a band of sizes: blobs, rings and stripes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from faltung.errors import OptionError
from faltung.kernels.bells import (
    bell,
    radius_of,
    require_sigma,
    require_truncate,
    second_difference,
)
from faltung.kernels.checks import as_angle, as_number, check_size, outer, per_axis

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Kernel: TypeAlias = NDArray[np.float64]

__all__ = ["dog", "gabor", "log"]

# Below, the sample beside the centre of a bell is too small for its square.
_LEAST_SIGMA = 0.1


def log(
    sigma: float | Sequence[float], *, dimensions: int | None = None, truncate: float = 4.0
) -> Kernel:
    """Return the Laplacian of a Gaussian: the second differences of a blurred array, sum 0.

    On each axis the second derivative of the bell, ``a (x**2 - m) exp(-x**2 / (2 sigma**2))``, with
    `m` and `a` such that the samples themselves have sum 0 and turn ``x**2`` into 2: a constant or a
    slope gives 0 and a sum of squares ``2 * dimensions``, to rounding. As sigma falls the kernel
    becomes :func:`laplacian`.

    Parameters
    ----------
    sigma
        Standard deviation in samples, at least 0.1; a sequence has one for each axis.
    dimensions
        Number of axes, 2 by default; not with a sequence.
    truncate
        Where the bell is cut off, in standard deviations, at least 1, the radius at least 1. The cut
        leaves out at most ``erfc(truncate / sqrt(2))`` of the bell on each axis (see
        :func:`gaussian`), and of its second derivative ``sqrt(2 / pi) truncate exp(-truncate**2 / 2)``
        over ``sigma**2``, 1.1e-3 by default, before it is scaled.

    Returns
    -------
    numpy.ndarray
        float64, ``2 r + 1`` entries on each axis with ``r = int(truncate * sigma + 0.5)``,
        at least 1.

    Raises
    ------
    OptionError
        If a number is out of range, or the kernel would have more than 10**8 entries.

    References
    ----------
    D. Marr, E. Hildreth, "Theory of edge detection", Proceedings of the Royal Society B 207, 1980.

    Examples
    --------
    >>> log(0.1, dimensions=1).round(6)
    array([ 1., -2.,  1.])
    >>> log(2).shape
    (17, 17)
    """
    sigmas = per_axis("sigma", sigma, dimensions)
    for value in sigmas:
        require_sigma(value, least=_LEAST_SIGMA)
    require_truncate(truncate)
    # At least one sample on either side.
    cuts = [max(truncate, 0.6 / value) for value in sigmas]
    check_size("log", [2 * (c * s + 0.5) + 1 for s, c in zip(sigmas, cuts, strict=True)])
    pairs = [(s, radius_of(s, c)) for s, c in zip(sigmas, cuts, strict=True)]
    bells = [bell(*pair) for pair in pairs]
    kernel = np.zeros([len(line) for line in bells])
    for axis, pair in enumerate(pairs):
        kernel += outer([*bells[:axis], second_difference(*pair), *bells[axis + 1 :]])
    return kernel


def dog(sigma: float, wider: float, *, dimensions: int = 2, truncate: float = 4.0) -> Kernel:
    """Return the difference of two Gaussians, the narrow one less the wide one, sum 0.

    Both bells have sum 1 and are cut at ``truncate * wider``, so that of the narrow one less is lost
    than :func:`gaussian` says. With ``wider = 1.6 * sigma`` it is nearly a multiple of :func:`log`.

    Parameters
    ----------
    sigma, wider
        The standard deviations in samples, ``0 < sigma < wider``.
    dimensions
        Number of axes.
    truncate
        Where the bells are cut off, in standard deviations of the wide one, at least 1.

    Returns
    -------
    numpy.ndarray
        float64, ``2 r + 1`` entries on each axis with ``r = int(truncate * wider + 0.5)``.

    Raises
    ------
    OptionError
        If a number is out of range, or the kernel would have more than 10**8 entries.

    References
    ----------
    D. Marr, E. Hildreth, "Theory of edge detection", Proceedings of the Royal Society B 207, 1980, appendix B.

    Examples
    --------
    >>> dog(1, 1.6, dimensions=1).shape
    (13,)
    """
    narrow, wide = as_number("sigma", sigma), as_number("wider", wider)
    if not 0 < narrow < wide < math.inf:
        raise OptionError(f"dog of sigma={sigma!r} and wider={wider!r}: write 0 < sigma < wider")
    require_truncate(truncate)
    sizes = per_axis("sigma", wide, dimensions)
    check_size("dog", [2 * (truncate * value + 0.5) + 1 for value in sizes])
    # Cut where the wide one is: the same radius for both.
    lines = [bell(value, radius_of(wide, truncate)) for value in (narrow, wide)]
    return np.asarray(outer([lines[0]] * len(sizes)) - outer([lines[1]] * len(sizes)))


def gabor(
    wavelength: float,
    angle: float = 0.0,
    sigma: float | None = None,
    *,
    phase: float = 0.0,
    truncate: float = 4.0,
) -> Kernel:
    """Return a Gabor kernel: stripes under a Gaussian bell of sum 1.

    ``cos(2 pi u / wavelength + phase)`` times the bell, `u` the way across the stripes. The stripes
    have amplitude 1, so a picture of the same stripes gives about one half of its amplitude; the
    sum is ``cos(phase) exp(-2 (pi sigma / wavelength)**2)`` but for sampling and the cut.

    Parameters
    ----------
    wavelength
        From stripe to stripe in samples, at least 2.
    angle
        Between the rows and the way across the stripes, in degrees, anticlockwise: 0 answers to
        upright stripes.
    sigma
        Standard deviation of the bell, half a wavelength by default.
    phase
        In degrees: 0 for a bright stripe in the centre, 90 for an edge.
    truncate
        Where the bell is cut off on each axis; what is left out is at most
        ``2 erfc(truncate / sqrt(2))`` of its sum, 1.3e-4 by default.

    Returns
    -------
    numpy.ndarray
        float64, ``2 r + 1`` rows and columns with ``r = int(truncate * sigma + 0.5)``.

    Raises
    ------
    OptionError
        If a number is out of range, or the kernel would have more than 10**8 entries.

    References
    ----------
    J. G. Daugman, "Uncertainty relation for resolution in space, spatial frequency, and
    orientation optimized by two-dimensional visual cortical filters", J. Opt. Soc. Am. A 2(7), 1985.

    Examples
    --------
    >>> gabor(4).shape
    (17, 17)
    """
    period, turned = as_number("wavelength", wavelength), as_angle(angle)
    if not 2 <= period < math.inf:
        raise OptionError(f"wavelength={wavelength!r}: write a number of samples, 2 or more")
    width = period / 2 if sigma is None else as_number("sigma", sigma)
    require_sigma(width, least=_LEAST_SIGMA)
    require_truncate(truncate)
    check_size("gabor", [2 * (truncate * width + 0.5) + 1] * 2)
    line = bell(width, radius_of(width, truncate))
    x = np.arange(len(line)) - len(line) // 2
    across = math.cos(turned) * x[None, :] - math.sin(turned) * x[:, None]
    stripes = np.cos(2 * math.pi / period * across + as_angle(phase))
    return np.asarray(stripes * outer([line, line]))
