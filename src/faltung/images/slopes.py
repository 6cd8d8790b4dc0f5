"""Slopes along one axis, smoothed along the other ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from faltung.arrays.geometry import AxesLike
from faltung.errors import OptionError
from faltung.images.hints import with_hints
from faltung.images.lines import Boundaries, Filter, as_filter

__all__ = ["prewitt", "scharr", "sobel"]

Array = NDArray[Any]


@with_hints
def sobel(
    image: ArrayLike,
    axis: int | None = None,
    *,
    boundary: Boundaries = "symmetric",
    fill_value: float = 0.0,
    axes: AxesLike = None,
    dtype: DTypeLike | None = None,
    out: Array | None = None,
    threads: int | None = None,
) -> Array:
    """Take differences along one axis and smooth 1 2 1 along the other ones.

    The numbers of ``scipy.ndimage.sobel``, positive where the picture grows brighter along `axis`;
    a slope of 1 for each sample gives ``2 * 4**(len(axes) - 1)``, 8 on a picture.

    Parameters
    ----------
    image : array_like
        Real numbers or integers, any rank from 1. Never changed unless it is `out`.
    axis : int, optional
        Along which differences are taken, the last one of `axes` by default.
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
    Each entry is off by at most ``gamma(3 len(axes))`` times the filter of the magnitudes.

    Examples
    --------
    >>> import numpy as np
    >>> import faltung as ft
    >>> ramp = np.arange(5.0) * np.ones((3, 1))
    >>> ft.images.sobel(ramp)[1]
    array([4., 8., 8., 8., 4.])
    """
    work = as_filter(image, axes, dtype, boundary=boundary, fill_value=fill_value, threads=threads)
    return _slope(work, axis, [1.0, 2.0, 1.0], out)


@with_hints
def prewitt(
    image: ArrayLike,
    axis: int | None = None,
    *,
    boundary: Boundaries = "symmetric",
    fill_value: float = 0.0,
    axes: AxesLike = None,
    dtype: DTypeLike | None = None,
    out: Array | None = None,
    threads: int | None = None,
) -> Array:
    """Take differences along one axis and sums of three along the other ones.

    As :func:`sobel`, with the weights 1 1 1: a slope of 1 gives 6 on a picture.

    Parameters
    ----------
    image : array_like
        Real numbers or integers, any rank from 1. Never changed unless it is `out`.
    axis : int, optional
        Along which differences are taken, the last one of `axes` by default.
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

    Examples
    --------
    >>> import faltung as ft
    >>> ft.images.prewitt([1.0, 2.0, 4.0])
    array([1., 3., 2.])
    """
    work = as_filter(image, axes, dtype, boundary=boundary, fill_value=fill_value, threads=threads)
    return _slope(work, axis, [1.0, 1.0, 1.0], out)


@with_hints
def scharr(
    image: ArrayLike,
    axis: int | None = None,
    *,
    boundary: Boundaries = "symmetric",
    fill_value: float = 0.0,
    axes: AxesLike = None,
    dtype: DTypeLike | None = None,
    out: Array | None = None,
    threads: int | None = None,
) -> Array:
    """Take differences along one axis and smooth 3 10 3 along the other ones.

    As :func:`sobel`, its direction truer: a slope of 1 gives 32 on a picture (Scharr, dissertation,
    Heidelberg, 2000).

    Parameters
    ----------
    image : array_like
        Real numbers or integers, any rank from 1. Never changed unless it is `out`.
    axis : int, optional
        Along which differences are taken, the last one of `axes` by default.
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

    Examples
    --------
    >>> import numpy as np
    >>> import faltung as ft
    >>> float(ft.images.scharr(np.arange(5.0) * np.ones((3, 1)))[1, 2])
    32.0
    """
    work = as_filter(image, axes, dtype, boundary=boundary, fill_value=fill_value, threads=threads)
    return _slope(work, axis, [3.0, 10.0, 3.0], out)


def _slope(work: Filter, axis: int | None, across: list[float], out: Array | None) -> Array:
    along = work.axes[-1] if axis is None else axis
    if isinstance(along, bool) or along not in range(-work.image.ndim, work.image.ndim):
        raise OptionError(f"axis={axis!r}: the image has the axes 0 to {work.image.ndim - 1}")
    along %= work.image.ndim
    if along not in work.axes:
        raise OptionError(f"axis={axis!r} is not one of axes={work.axes}: write one of these")
    difference = np.array([1.0, 0.0, -1.0])
    return work.run([difference if d == along else np.array(across) for d in work.axes], out)
