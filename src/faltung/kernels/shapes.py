"""Kernels of a shape on the picture: the spread of an open lens, the streak of a moved camera."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from faltung.errors import OptionError
from faltung.kernels.checks import as_angle, as_number, check_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Kernel: TypeAlias = NDArray[np.float64]

__all__ = ["disk", "motion"]


def disk(radius: float) -> Kernel:
    """Return a disk of equal weight, sum 1: what a lens out of focus makes of a point.

    Each sample has the area of its unit square that lies within the circle, in closed form, over
    the area of the circle. Nothing is cut off. Each weight is off by at most ``40 eps``, eps =
    2.2e-16, relative to the area of the smallest square that holds the disk.

    Parameters
    ----------
    radius
        In samples, above 0.

    Returns
    -------
    numpy.ndarray
        float64, ``2 ceil(radius - 1/2) + 1`` rows and columns.

    Raises
    ------
    OptionError
        If the radius is not such a number, or there would be more than 10**8 entries.

    Examples
    --------
    >>> disk(1).round(3)
    array([[0.025, 0.145, 0.025],
           [0.145, 0.318, 0.145],
           [0.025, 0.145, 0.025]])
    """
    size = as_number("radius", radius)
    if not 0 < size < math.inf:
        raise OptionError(f"radius={radius!r}: write a number of samples above 0")
    reach = max(math.ceil(size - 0.5), 0)
    check_size("disk", [2.0 * reach + 1] * 2)
    edges = np.arange(-reach, reach + 2, dtype=np.float64) - 0.5
    corners = _area_to(edges[:, None], edges[None, :], size)
    areas = np.diff(np.diff(corners, axis=0), axis=1)
    return np.asarray(np.maximum(areas, 0.0) / (math.pi * size**2))


def _area_to(y: Kernel, x: Kernel, radius: float) -> Kernel:
    """Return the area of the circle within the rectangle from its centre to (y, x), signed."""
    far_x, far_y = np.minimum(np.abs(x), radius), np.minimum(np.abs(y), radius)
    # Up to `flat` the rectangle ends below the circle, beyond it the circle below the rectangle.
    flat = np.minimum(np.sqrt(radius**2 - far_y**2), far_x)
    area = far_y * flat + _area_below(far_x, radius) - _area_below(flat, radius)
    return np.asarray(np.sign(x) * np.sign(y) * area)


def _area_below(x: Kernel, radius: float) -> Kernel:
    ratio = np.minimum(x / radius, 1.0)
    return np.asarray((x * np.sqrt(radius**2 - x**2) + radius**2 * np.arcsin(ratio)) / 2)


def motion(length: float, angle: float = 0.0) -> Kernel:
    """Return a streak of equal weight, sum 1: what a camera that moves makes of a point.

    The weight of a straight segment is shared out to the four samples around each of its points,
    the nearer ones getting more (as bilinear interpolation does). The integrals are exact: between
    the lines of the grid they are polynomials of degree 2, for which Gauss's rule with two points
    has no error. Nothing is cut off, and the centre of mass is the centre.

    Parameters
    ----------
    length
        In samples, 0 or more; 0 is the identity.
    angle
        Of the streak to the rows, in degrees, anticlockwise.

    Returns
    -------
    numpy.ndarray
        float64, ``2 ceil(d / 2) + 1`` entries on an axis along which the streak goes d
        samples.

    Raises
    ------
    OptionError
        If a number is out of range, or there would be more than 10**8 entries.

    Examples
    --------
    >>> motion(3)
    array([[0.04166667, 0.29166667, 0.33333333, 0.29166667, 0.04166667]])
    >>> motion(2, 90).shape
    (3, 1)
    """
    size, turned = as_number("length", length), as_angle(angle)
    if not 0 <= size < math.inf:
        raise OptionError(f"length={length!r}: write a number of samples, 0 or more")
    step = np.array([_snapped(-math.sin(turned)), _snapped(math.cos(turned))]) * size / 2
    reach = [math.ceil(abs(half)) for half in step.tolist()]
    check_size("motion", [2.0 * r + 1 for r in reach])
    kernel = np.zeros([2 * r + 1 for r in reach])
    times = _crossings(step)
    middle, half = (times[1:] + times[:-1]) / 2, (times[1:] - times[:-1]) / 2
    for sign in (-1.0, 1.0):
        _share_out(kernel, np.multiply.outer(step, middle + sign * half / math.sqrt(3)), half / 2)
    return kernel


def _snapped(value: float) -> float:
    """Return a sine that is nothing but rounding as 0: the streak lies along an axis."""
    return value if abs(value) > 1e-15 else 0.0


def _crossings(step: Kernel) -> Kernel:
    """Return where, from -1 to 1, the segment ``t * step`` crosses lines of the grid."""
    times = [np.array([-1.0, 1.0])]
    for half in step.tolist():
        last = int(abs(half))
        if half:
            times.append(np.arange(-last, last + 1) / abs(half))
    return np.unique(np.clip(np.concatenate(times), -1.0, 1.0))


def _share_out(kernel: Kernel, points: Kernel, weights: Kernel) -> None:
    """Add the weight of each point to the samples around it."""
    centre = (np.array(kernel.shape) // 2)[:, None]
    low = np.floor(points).astype(int)
    part = points - low
    for down in (0, 1):
        for along in (0, 1):
            share = np.where(down, part[0], 1 - part[0]) * np.where(along, part[1], 1 - part[1])
            place = low + centre + np.array([[down], [along]])
            used = share > 0
            np.add.at(kernel, (place[0][used], place[1][used]), (weights * share)[used])
