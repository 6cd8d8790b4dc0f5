"""Kernels of differences: slopes, curvature, relief."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from faltung.errors import OptionError
from faltung.kernels.checks import as_axis, as_dimensions, outer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Kernel: TypeAlias = NDArray[np.float64]

__all__ = ["emboss", "laplacian", "prewitt", "scharr", "sharpen", "sobel"]


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

    Returns
    -------
    numpy.ndarray
        float64, three entries on each axis.

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
    return _slope(axis, dimensions, [1.0, 2.0, 1.0])


def prewitt(axis: int, *, dimensions: int = 2) -> Kernel:
    """Return Prewitt's kernel: differences along one axis, sums of three along the others.

    The result is positive where the values rise along `axis`. The weights are whole numbers and
    sum to 0; a slope of 1 for each sample gives ``2 * 3**(dimensions - 1)``, 6 on a picture.

    Parameters
    ----------
    axis
        0 for differences down the rows, 1 for differences along them; negative counts from the
        last.
    dimensions
        Number of axes.

    Returns
    -------
    numpy.ndarray
        float64, three entries on each axis.

    References
    ----------
    J. M. S. Prewitt, "Object enhancement and extraction", in Picture Processing and
    Psychopictorics, Academic Press, 1970.

    Examples
    --------
    >>> prewitt(1)
    array([[ 1.,  0., -1.],
           [ 1.,  0., -1.],
           [ 1.,  0., -1.]])
    """
    return _slope(axis, dimensions, [1.0, 1.0, 1.0])


def scharr(axis: int, *, dimensions: int = 2) -> Kernel:
    """Return Scharr's kernel: differences along one axis, smoothing 3 10 3 along the others.

    The result is positive where the values rise along `axis`. The weights are whole numbers and
    sum to 0; a slope of 1 for each sample gives ``2 * 16**(dimensions - 1)``, 32 on a picture: the direction of the
    slope is truer than with Sobel's weights.

    Parameters
    ----------
    axis
        0 for differences down the rows, 1 for differences along them; negative counts from the
        last.
    dimensions
        Number of axes.

    Returns
    -------
    numpy.ndarray
        float64, three entries on each axis.

    References
    ----------
    H. Scharr, "Optimale Operatoren in der digitalen Bildverarbeitung", dissertation, Heidelberg,
    2000.

    Examples
    --------
    >>> scharr(1)
    array([[  3.,   0.,  -3.],
           [ 10.,   0., -10.],
           [  3.,   0.,  -3.]])
    """
    return _slope(axis, dimensions, [3.0, 10.0, 3.0])


def _slope(axis: int, dimensions: int, across: list[float]) -> Kernel:
    place, count = as_axis(axis, dimensions)
    factors = [np.array(across)] * count
    factors[place] = np.array([1.0, 0.0, -1.0])
    return outer(factors)


def laplacian(*, dimensions: int = 2) -> Kernel:
    """Return the Laplace kernel: the sum of the second differences along all axes, sum 0.

    The centre is ``-2 * dimensions``, its neighbours along the axes are 1 (the five-point
    stencil on a picture).

    Parameters
    ----------
    dimensions
        Number of axes.

    Returns
    -------
    numpy.ndarray
        float64, three entries on each axis.

    Examples
    --------
    >>> laplacian()
    array([[ 0.,  1.,  0.],
           [ 1., -4.,  1.],
           [ 0.,  1.,  0.]])
    """
    count = as_dimensions(dimensions)
    kernel = np.zeros((3,) * count)
    for axis in range(count):
        line = tuple(slice(None) if other == axis else 1 for other in range(count))
        kernel[line] += [1.0, -2.0, 1.0]
    return kernel


def sharpen(amount: float = 1.0, *, dimensions: int = 2) -> Kernel:
    """Return the identity minus `amount` times the Laplacian: edges stand out, sum 1.

    Parameters
    ----------
    amount
        How much of the Laplacian is taken off, 0 or more.
    dimensions
        Number of axes.

    Returns
    -------
    numpy.ndarray
        float64, three entries on each axis.

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

    Parameters
    ----------
    dimensions
        2, and nothing else.

    Returns
    -------
    numpy.ndarray
        float64, 3 x 3.

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
