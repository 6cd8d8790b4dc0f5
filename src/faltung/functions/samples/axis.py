"""Samples and their axis, checked and coerced at the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from faltung.errors import DataError, DtypeError, OptionError, ShapeError
from faltung.functions.bounds import UNIT
from faltung.functions.rounding import as_number
from faltung.functions.samples.shape import LARGEST
from faltung.functions.transform import FloatArray

# An axis is even if no place is farther than so many roundings from where it would be exactly.
_ROUNDINGS = 8

# ... and if that is no more than this part of the spacing.
_EVEN = 1e-9


@dataclass(frozen=True)
class Axis:
    """Where the samples are.

    Attributes
    ----------
    x
        The places, rising.
    spacing
        Their distance if they are evenly spaced, else None.
    apart
        A bound on how far a place is from an evenly spaced one.
    """

    x: FloatArray
    spacing: float | None
    apart: float

    @property
    def widest(self) -> float:
        """The largest distance of two neighbours."""
        return self.spacing or float(np.diff(self.x).max())


def as_samples(y: ArrayLike) -> FloatArray:
    """Return the samples as rows of doubles, shape (rows, n).

    Raises
    ------
    DtypeError, ShapeError, DataError
        If they are no real numbers, fewer than two, of more than two axes, or not all finite.
    """
    array = np.asarray(y)
    if array.dtype.kind == "c":
        raise DtypeError(
            "the samples are complex: convolve their parts, "
            "convolve_samples(np.stack([y.real, y.imag]), …)"
        )
    values = _as_doubles(array, "the samples")
    if values.ndim not in (1, 2) or values.shape[-1] < 2 or not values.size:
        raise ShapeError(
            f"the samples have shape {values.shape}: write one row of at least two, or several rows "
            "of shape (rows, n)"
        )
    _require_finite(values, "sample")
    return np.atleast_2d(values)


def as_axis(x: ArrayLike | None, dx: Any, count: int) -> Axis:
    """Return the axis that `x` or `dx` describes.

    Raises
    ------
    OptionError
        If both are given or none, or `dx` is no positive number.
    ShapeError, DataError, DtypeError
        If `x` has not one place for each sample, or its places do not rise or are not finite.
    """
    if (x is None) == (dx is None):
        raise OptionError(
            f"{'neither x nor dx is' if x is None else 'both x and dx are'} given: write x= with the "
            "places of the samples, or dx= with their distance, which puts the first at 0"
        )
    if x is None:
        spacing = as_number(dx, "dx")
        if not 1 / LARGEST <= spacing <= LARGEST:
            raise OptionError(f"dx is {spacing!r}: write a distance above 0 (to {LARGEST:g})")
        return Axis(spacing * np.arange(count, dtype=np.float64), spacing, 0.0)
    places = as_places(x, "x")
    if places.shape != (count,):
        raise ShapeError(
            f"x has shape {places.shape} and each row {count} samples: write one place for each"
        )
    steps = np.diff(places)
    if not (steps > 0).all():
        where = int(np.argmin(steps > 0))
        raise DataError(
            f"x does not rise from x[{where}] = {float(places[where])!r} to x[{where + 1}] = "
            f"{float(places[where + 1])!r}: sort the samples by x. For a jump give its two sides at "
            "neighbouring numbers, x and np.nextafter(x, np.inf)"
        )
    return _found_even(places)


def as_places(x: ArrayLike, name: str) -> FloatArray:
    """Return places as doubles of any shape, all finite and of a size that can be squared."""
    places = _as_doubles(np.asarray(x), name)
    _require_finite(places, name)
    if places.size and np.abs(places).max() > LARGEST:
        raise DataError(f"{name} has values beyond {LARGEST:g}: measure in another unit")
    return places


def _found_even(places: FloatArray) -> Axis:
    last = len(places) - 1
    spacing = float(places[-1] - places[0]) / last
    ideal = places[0] + spacing * np.arange(last + 1)
    rounding = UNIT * float(np.abs(places).max())
    apart = float(np.abs(places - ideal).max()) + 4 * rounding
    even = apart <= (_ROUNDINGS + 4) * rounding and apart <= _EVEN * spacing
    return Axis(places, spacing, apart) if even else Axis(places, None, 0.0)


def _as_doubles(array: np.ndarray[Any, Any], name: str) -> FloatArray:
    if array.dtype.kind not in "fiub" and array.size:
        if array.ndim == 0 and callable(array.item()):
            raise DtypeError(
                f"{name} must be real numbers, not a {type(array.item()).__name__}: write its values, "
                "f(x), or faltung.convolve(f, g) for two Functions"
            )
        raise DtypeError(f"{name} must be real numbers, not {array.dtype}")
    with np.errstate(over="ignore"):
        return array.astype(np.float64)


def _require_finite(values: FloatArray, name: str) -> None:
    finite = np.isfinite(values)
    if not finite.all():
        where = np.unravel_index(int(np.argmin(finite)), values.shape)
        place = f"[{', '.join(str(int(i)) for i in where)}] " if where else ""
        raise DataError(
            f"{name} {place}is {float(values[where])}: leave it out, with its place on the axis"
        )
