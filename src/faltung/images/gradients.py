"""Filters that find edges: slopes and curvature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faltung.errors import OptionError
from faltung.images.lines import Filter, as_filter
from faltung.images.smoothing import bells_of
from faltung.options import unknown_option

__all__ = [
    "gaussian_gradient_magnitude", "gaussian_laplace", "laplace", "prewitt", "scharr", "sobel",
]  # fmt: skip

Array = NDArray[Any]


def _with_defaults(image: ArrayLike, options: dict[str, Any]) -> Filter:
    """Return the filter for options given by name.

    Raises
    ------
    OptionError
        For a name that is not known.
    """
    known: dict[str, Any] = {"boundary": "symmetric", "fill_value": 0.0, "threads": None}
    for name in options:
        if name not in (*known, "axes", "dtype"):
            raise unknown_option(name, [*known, "axes", "dtype", "out"])
    given = known | options
    return as_filter(image, given.pop("axes", None), given.pop("dtype", None), **given)


def _slope(
    image: ArrayLike, axis: int | None, across: list[float], out: Array | None, **options: Any
) -> Array:
    work = _with_defaults(image, options)
    along = work.axes[-1] if axis is None else axis
    if isinstance(along, bool) or along not in range(-work.image.ndim, work.image.ndim):
        raise OptionError(f"axis={axis!r}: the image has the axes 0 to {work.image.ndim - 1}")
    along %= work.image.ndim
    if along not in work.axes:
        raise OptionError(f"axis={axis!r} is not one of axes={work.axes}: write one of these")
    difference = np.array([1.0, 0.0, -1.0])
    return work.run([difference if d == along else np.array(across) for d in work.axes], out)


def sobel(
    image: ArrayLike, axis: int | None = None, *, out: Array | None = None, **options: Any
) -> Array:
    """Take differences along one axis and smooth 1 2 1 along the other ones.

    The numbers of ``scipy.ndimage.sobel``, positive where the picture grows brighter along `axis`;
    a slope of 1 for each sample gives ``2 * 4**(len(axes) - 1)``, 8 on a picture.

    Parameters
    ----------
    image : array_like
        Real numbers or integers, any rank from 1. Never changed.
    axis : int, optional
        Along which differences are taken, the last one of `axes` by default.
    out : numpy.ndarray, optional
        Where the result is written.
    **options
        ``boundary fill_value axes dtype threads`` of
        :func:`~faltung.images.gaussian_filter`.

    Returns
    -------
    numpy.ndarray
        Of the image's shape; floats keep their type. Integers give float64, exact while the sums
        are below 2**53.

    Notes
    -----
    Each entry is off by at most ``gamma(3 len(axes))`` times the filter of the magnitudes.

    Examples
    --------
    >>> import numpy as np
    >>> import faltung as ft
    >>> ramp = np.arange(5.0) * np.ones((3, 1))
    >>> ft.images.sobel(ramp)[1]
    array([4., 8., 8., 8., 4.])
    """
    return _slope(image, axis, [1.0, 2.0, 1.0], out, **options)


def prewitt(
    image: ArrayLike, axis: int | None = None, *, out: Array | None = None, **options: Any
) -> Array:
    """Take differences along one axis and sums of three along the other ones.

    As :func:`sobel`, with the weights 1 1 1: a slope of 1 gives 6 on a picture.

    Examples
    --------
    >>> import faltung as ft
    >>> ft.images.prewitt([1.0, 2.0, 4.0])
    array([1., 3., 2.])
    """
    return _slope(image, axis, [1.0, 1.0, 1.0], out, **options)


def scharr(
    image: ArrayLike, axis: int | None = None, *, out: Array | None = None, **options: Any
) -> Array:
    """Take differences along one axis and smooth 3 10 3 along the other ones.

    As :func:`sobel`, its direction truer: a slope of 1 gives 32 on a picture (Scharr, dissertation,
    Heidelberg, 2000).

    Examples
    --------
    >>> import numpy as np
    >>> import faltung as ft
    >>> float(ft.images.scharr(np.arange(5.0) * np.ones((3, 1)))[1, 2])
    32.0
    """
    return _slope(image, axis, [3.0, 10.0, 3.0], out, **options)


def laplace(image: ArrayLike, *, out: Array | None = None, **options: Any) -> Array:
    """Sum the second differences 1 -2 1 of all axes.

    The numbers of ``scipy.ndimage.laplace``. Options as for :func:`sobel`.

    Notes
    -----
    With d axes an entry is off by at most ``gamma(d + 3)`` times the same sum of magnitudes.

    Examples
    --------
    >>> import faltung as ft
    >>> ft.images.laplace([0.0, 1.0, 4.0, 9.0])
    array([ 1.,  2.,  2., -5.])
    """
    work = _with_defaults(image, options)
    lines = [
        [np.array([1.0, -2.0, 1.0]) if d == axis else np.ones(1) for d in work.axes]
        for axis in work.axes
    ]
    return _sum(work, lines, out)


def gaussian_laplace(
    image: ArrayLike,
    sigma: float | Sequence[float],
    *,
    truncate: float = 4.0,
    out: Array | None = None,
    **options: Any,
) -> Array:
    """Sum the second derivatives of all axes of a picture blurred by a Gaussian.

    The numbers of ``scipy.ndimage.gaussian_laplace``: samples of the derivatives, whose sum is only
    nearly 0. :func:`faltung.kernels.log` is the kernel whose sum is 0. Options as for :func:`sobel`.

    Notes
    -----
    The sum of one filter for each axis: the bound is that of
    :func:`~faltung.images.gaussian_filter`, added up over the axes, and d - 1 roundings more.

    Examples
    --------
    >>> import numpy as np
    >>> import faltung as ft
    >>> squares = np.arange(-8.0, 9.0) ** 2
    >>> round(float(ft.images.gaussian_laplace(squares, 1.5)[8]), 2)
    2.0
    """
    work = _with_defaults(image, options)
    lines = [bells_of(work, sigma, truncate, orders) for orders in _one_each(work, 2)]
    return _sum(work, lines, out)


def gaussian_gradient_magnitude(
    image: ArrayLike,
    sigma: float | Sequence[float],
    *,
    truncate: float = 4.0,
    out: Array | None = None,
    **options: Any,
) -> Array:
    """Take the length of the gradient of a picture blurred by a Gaussian.

    The numbers of ``scipy.ndimage.gaussian_gradient_magnitude``. Options as for :func:`sobel`.

    Notes
    -----
    Each slope has the bound of :func:`~faltung.images.gaussian_filter`; the length is off by at
    most that of the vector of these bounds, and 2 u of itself for each axis.

    Examples
    --------
    >>> import numpy as np
    >>> import faltung as ft
    >>> plane = 3 * np.arange(17.0)[:, None] + 4 * np.arange(17.0)
    >>> round(float(ft.images.gaussian_gradient_magnitude(plane, 1)[8, 8]), 2)
    5.0
    """
    work = _with_defaults(image, options)
    first, *others = (bells_of(work, sigma, truncate, orders) for orders in _one_each(work, 1))
    rest = [work.run(lines, None) for lines in others]
    result = work.run(first, out)
    np.abs(result, out=result)
    for slope in rest:
        np.hypot(result, slope, out=result)
    return result


def _one_each(work: Filter, order: int) -> list[list[int]]:
    """Return, for each axis, the orders that take the derivative along it alone."""
    count = len(work.axes)
    return [[order if d == axis else 0 for d in range(count)] for axis in range(count)]


def _sum(work: Filter, lines: list[list[NDArray[np.float64]]], out: Array | None) -> Array:
    """Return the sum of one filter for each entry of `lines`; the image may be `out`."""
    first, *others = lines
    rest = [work.run(each, None) for each in others]
    total = work.run(first, out)
    for each in rest:
        total += each
    return total
