"""Filters that blur: bells and means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from faltung.arrays.geometry import AxesLike
from faltung.errors import OptionError
from faltung.images.hints import with_hints
from faltung.images.lines import Boundaries, Filter, as_filter, per_axis, whole_per_axis
from faltung.kernels.bells import bell_derivative, radius_of, require_sigma, require_truncate

__all__ = ["bells_of", "box_filter", "gaussian_filter", "uniform_filter"]

Array = NDArray[Any]
Sigmas: TypeAlias = float | Sequence[float]
Sizes: TypeAlias = int | Sequence[int]


@with_hints
def gaussian_filter(
    image: ArrayLike,
    sigma: Sigmas,
    *,
    order: Sizes = 0,
    boundary: Boundaries = "symmetric",
    fill_value: float = 0.0,
    axes: AxesLike = None,
    truncate: float = 4.0,
    radius: Sizes | None = None,
    dtype: DTypeLike | None = None,
    out: Array | None = None,
    threads: int | None = None,
) -> Array:
    """Blur with a Gaussian bell, or take derivatives of the blurred picture.

    The same numbers as ``scipy.ndimage.gaussian_filter``, which calls `boundary` ``mode``.

    Parameters
    ----------
    image : array_like
        Real numbers or integers, any rank from 1. Never changed unless it is `out`.
    sigma : float or sequence of float
        Standard deviation in samples, 0 or more; one for all of `axes` or one for each.
    order : int or sequence of int
        0 blurs, 1 and 2 take the first or second derivative of the bell along an axis.
    boundary : str or sequence of str
        What lies outside, for all of `axes` or one each: ``symmetric`` (cba|abcd|dcb), ``mirror``
        (dcb|abcd|cba), ``edge`` (aaa|abcd|ddd), ``wrap`` (bcd|abcd|abc), ``zero`` or ``constant``.
    fill_value : float
        The value outside for ``boundary="constant"``.
    axes : int or sequence of int, optional
        The axes that are filtered, all by default; ``(0, 1)`` for a picture with colours.
    truncate : float
        Where the bell is cut off, in standard deviations, at least 1. What is left out is at most
        ``erfc(truncate / sqrt(2))`` of it on each axis, 6.4e-5 by default.
    radius : int or sequence of int, optional
        Where the bell is cut off, in samples, in place of `truncate`. What is left out is at most
        ``erfc((radius + 1/2) / (sqrt(2) sigma))`` of it on each axis, if that is not below sigma.
    dtype : dtype, optional
        float16, float32 or float64, the type of the result; by default the image's, float64 for
        integers and booleans.
    out : numpy.ndarray, optional
        Where the result is written.
    threads : int, optional
        At most so many threads. The result does not depend on it.

    Returns
    -------
    numpy.ndarray
        Of the image's shape. float32 is summed in float32.

    Raises
    ------
    ShapeError, DtypeError, OptionError
        For what does not fit, before any work is done.

    Notes
    -----
    Of the sampled bells' product each entry is off by at most
    ``gamma(m) * (|bells| * |image|)``, m the number of taps of all axes and one more for each axis,
    whose line is rounded to the type of the sums; ``gamma(m) = m u / (1 - m u)``. With order 0 that is a
    relative error for pictures without negative values. ``docs/mathematics/separable.md``
    derives it.

    Examples
    --------
    >>> import numpy as np
    >>> import faltung as ft
    >>> point = np.zeros((5, 5))
    >>> point[2, 2] = 1
    >>> ft.images.gaussian_filter(point, 0.5)[2].round(3)
    array([0.   , 0.084, 0.619, 0.084, 0.   ])
    """
    work = as_filter(image, axes, dtype, boundary=boundary, fill_value=fill_value, threads=threads)
    orders = per_axis("order", order, len(work.axes))
    for value in orders:
        if value not in (0, 1, 2):
            raise OptionError(f"order={order!r}: write 0, 1 or 2, or one of them for each axis")
    lines = bells_of(work, sigma, list(map(int, orders)), truncate=truncate, radius=radius)
    return work.run(lines, out)


def bells_of(
    work: Filter, sigma: Sigmas, orders: list[int], *, truncate: float, radius: Sizes | None
) -> list[NDArray[np.float64]]:
    """Return the lines of a Gaussian filter, one for each axis; a sigma of 0 leaves an axis alone.

    Raises
    ------
    OptionError
        For a sigma that is negative, or 0 with a derivative.
    """
    sigmas = per_axis("sigma", sigma, len(work.axes))
    require_truncate(truncate)
    for value, order in zip(sigmas, orders, strict=True):
        require_sigma(value, least=0)
        if order and not (value**4):  # by which the second derivative is divided
            raise OptionError(
                f"sigma={value!r} has no derivative: write a larger sigma, or order=0"
            )
    each = list(zip(sigmas, _radii(sigmas, truncate, radius), orders, strict=True))
    lines = {line: bell_derivative(*line) for line in set(each)}
    return [lines[line] for line in each]


def _radii(sigmas: list[float], truncate: float, radius: Sizes | None) -> list[int]:
    """Return how many samples there are on either side of each bell's centre."""
    if radius is not None:
        given = whole_per_axis("radius", radius, len(sigmas), least=0)
        return [r if sigma else 0 for r, sigma in zip(given, sigmas, strict=True)]
    for sigma in sigmas:
        if truncate * sigma > 1e8:
            raise OptionError(f"sigma={sigma!r}: a line of more than 10**8 samples")
    return [radius_of(sigma, truncate) for sigma in sigmas]


@with_hints
def uniform_filter(
    image: ArrayLike,
    size: Sizes = 3,
    *,
    boundary: Boundaries = "symmetric",
    fill_value: float = 0.0,
    axes: AxesLike = None,
    dtype: DTypeLike | None = None,
    out: Array | None = None,
    threads: int | None = None,
) -> Array:
    """Take the mean over a block around each entry.

    Of integers the sums are exact as long as they are below 2**53 (float64) or 2**24 (float32), and
    each mean is rounded once. An even size reaches one entry further back than ahead, as
    ``scipy.ndimage.uniform_filter`` does.

    Parameters
    ----------
    image : array_like
        Real numbers or integers, any rank from 1. Never changed unless it is `out`.
    size : int or sequence of int
        Width of the block in samples, for all of `axes` or one each.
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
    Blocks of integers whose sums are exact are running sums: the time does not grow with `size`.
    Each entry is off by at most ``gamma(m)`` times the mean of ``|image|``, m the sum of the sizes
    and one more for each axis, whose weight is rounded. Sums of integers are divided once.

    Examples
    --------
    >>> import faltung as ft
    >>> ft.images.uniform_filter([1, 2, 6, 9], 3)
    array([1.33333333, 3.        , 5.66666667, 8.        ])
    """
    work = as_filter(image, axes, dtype, boundary=boundary, fill_value=fill_value, threads=threads)
    sizes = whole_per_axis("size", size, len(work.axes), least=1)
    if not work.whole:
        # The sum of a block might overflow where its mean does not.
        return work.run([np.full(value, 1 / value) for value in sizes], out)
    result = work.run([np.ones(value) for value in sizes], out, exact=_is_exact(work, sizes))
    result /= result.dtype.type(math.prod(sizes))
    return result


def _is_exact(work: Filter, sizes: list[int]) -> bool:
    """Return whether every sum of a block of whole numbers is exact, and so are its parts."""
    fill = work.fill_value
    largest = max(float(np.abs(work.image).max(initial=0)), abs(fill))
    exact = 2.0 ** np.finfo(work.image.dtype).nmant
    return float(fill).is_integer() and largest * math.prod(sizes) < exact


@with_hints
def box_filter(
    image: ArrayLike,
    size: Sizes = 3,
    *,
    boundary: Boundaries = "symmetric",
    fill_value: float = 0.0,
    axes: AxesLike = None,
    dtype: DTypeLike | None = None,
    out: Array | None = None,
    threads: int | None = None,
) -> Array:
    """Take the mean over a block: :func:`uniform_filter` by OpenCV's name.

    Parameters
    ----------
    image : array_like
        Real numbers or integers, any rank from 1. Never changed unless it is `out`.
    size : int or sequence of int
        Width of the block in samples, for all of `axes` or one each.
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

    Examples
    --------
    >>> import faltung as ft
    >>> ft.images.box_filter([3.0, 6.0, 9.0], 3, boundary="wrap")
    array([6., 6., 6.])
    """
    return uniform_filter(
        image,
        size,
        boundary=boundary,
        fill_value=fill_value,
        axes=axes,
        dtype=dtype,
        out=out,
        threads=threads,
    )
