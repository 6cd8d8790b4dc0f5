"""Named kernels as float64 arrays.

Every kernel has two axes, as a picture has, unless ``dimensions=`` says otherwise; a sequence of
sizes has one entry for each axis. Axis 0 runs down the rows, axis 1 along them. The kernels are
written for convolution: entry ``k[0]`` meets the sample *after* the centre, because the kernel is
reversed. All widths are odd where the kernel has a centre, so ``mode="same"`` shifts nothing.

======================  =============  =========================================================
kernel                  sum            what it does
======================  =============  =========================================================
`gaussian(sigma)`       1              blurs with a bell of the given standard deviation
`box(size)`             1              takes the mean over a block
`sobel(axis)`           0              differentiates along one axis, smooths along the others
`laplacian()`           0              sums the second differences of all axes
`sharpen(amount)`       1              subtracts the Laplacian
`emboss()`              1              lights a relief from the upper left corner
`identity()`            1              changes nothing
======================  =============  =========================================================
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from faltung.errors import OptionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Kernel: TypeAlias = NDArray[np.float64]

__all__ = [
    "box",
    "emboss",
    "gaussian",
    "identity",
    "laplacian",
    "sharpen",
    "sobel",
]

_MOST_ENTRIES = 10**8
_MOST_DIMENSIONS = 32


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
    sigmas = _per_axis("sigma", sigma, dimensions)
    for value in sigmas:
        if not 0 <= value < math.inf:
            raise OptionError(f"sigma={value!r}: write a number of samples, 0 or more")
    if not 1 <= truncate < math.inf:
        raise OptionError(f"truncate={truncate!r}: write a number of standard deviations from 1 up")
    radii = [truncate * value + 0.5 for value in sigmas]
    _check_size("gaussian", [2 * radius + 1 for radius in radii])
    return _outer([_bell(value, int(radius)) for value, radius in zip(sigmas, radii, strict=True)])


def _bell(sigma: float, radius: int) -> Kernel:
    if radius == 0:
        return np.ones(1)
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    return np.asarray(weights / weights.sum())


def box(size: int | Sequence[int], *, dimensions: int | None = None) -> Kernel:
    """Return the kernel that takes the mean over a block: equal weights, sum 1.

    Parameters
    ----------
    size
        Width in samples, at least 1; a sequence has one for each axis. An even width shifts by
        half a sample.
    dimensions
        Number of axes, 2 by default; not with a sequence.

    Raises
    ------
    OptionError
        If a size is not a whole number from 1 up, or there would be more than 10**8 entries.

    Examples
    --------
    >>> box(4, dimensions=1)
    array([0.25, 0.25, 0.25, 0.25])
    """
    widths = _per_axis("size", size, dimensions)
    for width in widths:
        if not (width >= 1 and float(width).is_integer()):
            raise OptionError(f"size={width!r}: write a whole number of samples, 1 or more")
    _check_size("box", widths)
    shape = [int(width) for width in widths]
    return np.full(shape, 1.0 / math.prod(shape))


def sobel(axis: int, *, dimensions: int = 2) -> Kernel:
    """Return Sobel's kernel: differences along one axis, smoothing 1 2 1 along the others.

    The result is positive where the values rise along `axis`. The weights are whole numbers and
    sum to 0; a slope of 1 for each sample gives ``2 * 4**(dimensions - 1)``, 8 on a picture.

    Parameters
    ----------
    axis
        0 for differences down the rows, 1 for differences along them; negative counts from the
        last.
    dimensions
        Number of axes.

    References
    ----------
    I. Sobel, G. Feldman, "A 3x3 isotropic gradient operator for image processing", talk at the
    Stanford Artificial Intelligence Project, 1968.

    Examples
    --------
    >>> sobel(1)
    array([[ 1.,  0., -1.],
           [ 2.,  0., -2.],
           [ 1.,  0., -1.]])
    """
    count = _as_dimensions(dimensions)
    if isinstance(axis, bool) or axis not in range(-count, count):
        raise OptionError(f"axis={axis!r}: write a whole number from {-count} to {count - 1}")
    factors = [np.array([1.0, 2.0, 1.0])] * count
    factors[int(axis)] = np.array([1.0, 0.0, -1.0])
    return _outer(factors)


def laplacian(*, dimensions: int = 2) -> Kernel:
    """Return the Laplace kernel: the sum of the second differences along all axes, sum 0.

    The centre is ``-2 * dimensions``, its neighbours along the axes are 1 (the five-point
    stencil on a picture).

    Examples
    --------
    >>> laplacian()
    array([[ 0.,  1.,  0.],
           [ 1., -4.,  1.],
           [ 0.,  1.,  0.]])
    """
    count = _as_dimensions(dimensions)
    kernel = np.zeros((3,) * count)
    for axis in range(count):
        line = tuple(slice(None) if other == axis else 1 for other in range(count))
        kernel[line] += [1.0, -2.0, 1.0]
    return kernel


def sharpen(amount: float = 1.0, *, dimensions: int = 2) -> Kernel:
    """Return the identity minus `amount` times the Laplacian: edges stand out, sum 1.

    Examples
    --------
    >>> sharpen()
    array([[ 0., -1.,  0.],
           [-1.,  5., -1.],
           [ 0., -1.,  0.]])
    """
    if not 0 <= amount < math.inf:
        raise OptionError(f"amount={amount!r}: write a number, 0 or more")
    kernel = 0.0 - amount * laplacian(dimensions=dimensions)
    kernel[(1,) * kernel.ndim] += 1.0
    return kernel


def emboss(*, dimensions: int = 2) -> Kernel:
    """Return the kernel of a relief lit from the upper left corner, sum 1.

    The identity plus differences down the main diagonal: where the picture grows darker towards
    the lower right, the slope faces away from the light and the result is darker.

    Raises
    ------
    OptionError
        If `dimensions` is not 2: a relief is a surface.

    Examples
    --------
    >>> emboss()
    array([[ 2.,  1.,  0.],
           [ 1.,  1., -1.],
           [ 0., -1., -2.]])
    """
    if dimensions != 2:
        raise OptionError(f"emboss with dimensions={dimensions!r}: a relief has 2 axes")
    return np.array([[2.0, 1.0, 0.0], [1.0, 1.0, -1.0], [0.0, -1.0, -2.0]])


def identity(*, dimensions: int = 2) -> Kernel:
    """Return the kernel that changes nothing: a single 1.

    Examples
    --------
    >>> identity()
    array([[1.]])
    """
    return np.ones((1,) * _as_dimensions(dimensions))


def _as_dimensions(dimensions: int) -> int:
    if isinstance(dimensions, bool) or dimensions not in range(1, _MOST_DIMENSIONS + 1):
        raise OptionError(
            f"dimensions={dimensions!r}: write a whole number from 1 to {_MOST_DIMENSIONS}"
        )
    return int(dimensions)


def _per_axis(
    name: str, value: float | Sequence[float], dimensions: int | None
) -> tuple[float, ...]:
    """Return one number for each axis."""
    if np.ndim(value) == 0:
        count = 2 if dimensions is None else _as_dimensions(dimensions)
        return (_as_number(name, value),) * count
    if dimensions is not None:
        raise OptionError(f"{name}={value!r} has one entry for each axis: leave out dimensions=")
    values = tuple(_as_number(name, entry) for entry in np.asarray(value).ravel().tolist())
    _as_dimensions(len(values))
    return values


def _as_number(name: str, value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]  # whatever float takes
    except (TypeError, ValueError):
        raise OptionError(f"{name}={value!r} is not a number") from None


def _check_size(name: str, widths: Sequence[float]) -> None:
    entries = math.prod(widths)
    if entries > _MOST_ENTRIES:
        raise OptionError(
            f"{name} would have {entries:.3g} entries, more than {_MOST_ENTRIES:,}: filter along "
            "one axis at a time with dimensions=1 and axes="
        )


def _outer(factors: Sequence[Kernel]) -> Kernel:
    """Return the product of one line for each axis."""
    return np.asarray(functools.reduce(np.multiply.outer, factors), dtype=np.float64)
