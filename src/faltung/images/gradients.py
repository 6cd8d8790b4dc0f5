"""Derivatives along every axis, put together: Laplacians and the length of the gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from faltung.arrays.geometry import AxesLike
from faltung.images.hints import with_hints
from faltung.images.lines import Boundaries, Filter, as_filter
from faltung.images.smoothing import Sigmas, Sizes, bells_of

__all__ = ["gaussian_gradient_magnitude", "gaussian_laplace", "laplace"]

Array = NDArray[Any]


@with_hints
def laplace(
    image: ArrayLike,
    *,
    boundary: Boundaries = "symmetric",
    fill_value: float = 0.0,
    axes: AxesLike = None,
    dtype: DTypeLike | None = None,
    out: Array | None = None,
    threads: int | None = None,
) -> Array:
    """Sum the second differences 1 -2 1 of all axes.

    The numbers of ``scipy.ndimage.laplace``.

    Parameters
    ----------
    image : array_like
        Real numbers or integers, any rank from 1. Never changed unless it is `out`.
    boundary : str or sequence of str
        What lies outside, for all of `axes` or one each: ``symmetric`` (cba|abcd|dcb), ``mirror``
        (dcb|abcd|cba), ``edge`` (aaa|abcd|ddd), ``wrap`` (bcd|abcd|abc), ``zero`` or ``constant``.
    fill_value : float
        The value outside for ``boundary="constant"``.
    axes : int or sequence of int, optional
        The axes that are filtered, all by default; ``(0, 1)`` for a picture with colours.
    dtype : dtype, optional
        float16, float32 or float64, the type of the result.
    out : numpy.ndarray, optional
        Where the result is written.
    threads : int, optional
        At most so many threads. The result does not depend on it.

    Returns
    -------
    numpy.ndarray
        Of the image's shape; floats keep their type. Integers give float64, exact while the sums
        are below 2**53, or `dtype`.

    Notes
    -----
    With d axes an entry is off by at most ``gamma(d + 3)`` times the same sum of magnitudes.

    Examples
    --------
    >>> import faltung as ft
    >>> ft.images.laplace([0.0, 1.0, 4.0, 9.0])
    array([ 1.,  2.,  2., -5.])
    """
    work = as_filter(image, axes, dtype, boundary=boundary, fill_value=fill_value, threads=threads)
    lines = [
        [np.array([1.0, -2.0, 1.0]) if d == axis else np.ones(1) for d in work.axes]
        for axis in work.axes
    ]
    return _sum(work, lines, out)


@with_hints
def gaussian_laplace(
    image: ArrayLike,
    sigma: Sigmas,
    *,
    truncate: float = 4.0,
    radius: Sizes | None = None,
    boundary: Boundaries = "symmetric",
    fill_value: float = 0.0,
    axes: AxesLike = None,
    dtype: DTypeLike | None = None,
    out: Array | None = None,
    threads: int | None = None,
) -> Array:
    """Sum the second derivatives of all axes of a picture blurred by a Gaussian.

    The numbers of ``scipy.ndimage.gaussian_laplace``: samples of the derivatives, whose sum is only
    nearly 0. :func:`faltung.kernels.log` is the kernel whose sum is 0.

    Parameters
    ----------
    image : array_like
        Real numbers or integers, any rank from 1. Never changed unless it is `out`.
    sigma : float or sequence of float
        Standard deviation in samples, above 0; one for all of `axes` or one for each.
    truncate : float
        Where the bell is cut off, in standard deviations, at least 1.
    radius : int or sequence of int, optional
        Where the bell is cut off, in samples, in place of `truncate`.
    boundary : str or sequence of str
        What lies outside, for all of `axes` or one each: ``symmetric`` (cba|abcd|dcb), ``mirror``
        (dcb|abcd|cba), ``edge`` (aaa|abcd|ddd), ``wrap`` (bcd|abcd|abc), ``zero`` or ``constant``.
    fill_value : float
        The value outside for ``boundary="constant"``.
    axes : int or sequence of int, optional
        The axes that are filtered, all by default; ``(0, 1)`` for a picture with colours.
    dtype : dtype, optional
        float16, float32 or float64, the type of the result.
    out : numpy.ndarray, optional
        Where the result is written.
    threads : int, optional
        At most so many threads. The result does not depend on it.

    Returns
    -------
    numpy.ndarray
        Of the image's shape; floats keep their type, integers give float64 or `dtype`.

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
    work = as_filter(image, axes, dtype, boundary=boundary, fill_value=fill_value, threads=threads)
    each = _one_each(work, 2)
    lines = [bells_of(work, sigma, n, truncate=truncate, radius=radius) for n in each]
    return _sum(work, lines, out)


@with_hints
def gaussian_gradient_magnitude(
    image: ArrayLike,
    sigma: Sigmas,
    *,
    truncate: float = 4.0,
    radius: Sizes | None = None,
    boundary: Boundaries = "symmetric",
    fill_value: float = 0.0,
    axes: AxesLike = None,
    dtype: DTypeLike | None = None,
    out: Array | None = None,
    threads: int | None = None,
) -> Array:
    """Take the length of the gradient of a picture blurred by a Gaussian.

    The numbers of ``scipy.ndimage.gaussian_gradient_magnitude``.

    Parameters
    ----------
    image : array_like
        Real numbers or integers, any rank from 1. Never changed unless it is `out`.
    sigma : float or sequence of float
        Standard deviation in samples, above 0; one for all of `axes` or one for each.
    truncate : float
        Where the bell is cut off, in standard deviations, at least 1.
    radius : int or sequence of int, optional
        Where the bell is cut off, in samples, in place of `truncate`.
    boundary : str or sequence of str
        What lies outside, for all of `axes` or one each: ``symmetric`` (cba|abcd|dcb), ``mirror``
        (dcb|abcd|cba), ``edge`` (aaa|abcd|ddd), ``wrap`` (bcd|abcd|abc), ``zero`` or ``constant``.
    fill_value : float
        The value outside for ``boundary="constant"``.
    axes : int or sequence of int, optional
        The axes that are filtered, all by default; ``(0, 1)`` for a picture with colours.
    dtype : dtype, optional
        float16, float32 or float64, the type of the result.
    out : numpy.ndarray, optional
        Where the result is written.
    threads : int, optional
        At most so many threads. The result does not depend on it.

    Returns
    -------
    numpy.ndarray
        Of the image's shape; floats keep their type, integers give float64 or `dtype`.

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
    work = as_filter(image, axes, dtype, boundary=boundary, fill_value=fill_value, threads=threads)
    each = _one_each(work, 1)
    lines = [bells_of(work, sigma, n, truncate=truncate, radius=radius) for n in each]
    rest = [work.run(line, None) for line in lines[1:]]
    result = work.run(lines[0], out)
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
