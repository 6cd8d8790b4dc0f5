"""Calling a user's function safely: vectorised or not, and naming the point where it fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from faltung.errors import DataError, DtypeError, FaltungError, ShapeError
from faltung.functions.transform import FloatArray
from faltung.functions.unresolved import Undefined

# Where, as parts of the interval, the two ways of calling are compared.
_PROBES = np.array([0.237, 0.5, 0.811])

# How closely they must agree: library functions may round differently on vectors.
_AGREE = 1e-8


class Sampler:
    """A callable of one real variable as a function of vectors.

    The callable is tried on a vector and, at the same points, on single numbers. If both
    agree it is called on vectors from then on; else on one number at a time. How many values it
    was asked for is `taken`.

    Parameters
    ----------
    function
        Takes a float or an array of floats, and returns as many real numbers.
    low, high
        The interval in which it is probed.

    Raises
    ------
    DataError
        If it raises an exception or returns NaN or infinity; the point is named.
    ShapeError
        If it returns anything but one number for a number.
    DtypeError
        If it returns something other than real numbers.
    """

    def __init__(self, function: Callable[[Any], Any], low: float, high: float) -> None:
        self._function = function
        self.taken = 0
        points = low + (high - low) * _PROBES
        single = _finite(points, self._one_by_one(points))
        self.vectorised = self._agrees(points, single)
        if not self.vectorised:
            self._require_same_again(points, single)

    def __call__(self, points: FloatArray) -> FloatArray:
        """Return the values at an array of points of any shape."""
        flat = points.ravel()
        self.taken += flat.size
        values = self._as_vector(flat) if self.vectorised else self._one_by_one(flat)
        return _finite(flat, values).reshape(points.shape)

    def tried(self, points: FloatArray) -> FloatArray:
        """Return the values at a vector of points, NaN or infinite where they are, or fail."""
        if self.vectorised:
            return self._as_vector(points)
        return np.array([self._one_or_nan(point) for point in points])

    def _one_or_nan(self, point: np.float64) -> float:
        try:
            return self._one(point)
        except DataError:
            return np.nan

    def _agrees(self, points: FloatArray, single: FloatArray) -> bool:
        """Whether a call on a vector gives what the calls on numbers gave."""
        values = self._on_vector(points)
        if values is None or values.shape != points.shape:
            return False
        return bool(np.allclose(values, single, rtol=_AGREE, atol=_AGREE * np.abs(single).max()))

    def _require_same_again(self, points: FloatArray, single: FloatArray) -> None:
        """Refuse what draws at random or keeps a count: it has no value at a point."""
        again = _finite(points, self._one_by_one(points))
        for point, first, second in zip(points.tolist(), single, again, strict=True):
            if first != second:
                raise DataError(
                    f"the function returned {float(first)!r} and then {float(second)!r} at "
                    f"x = {point!r}: it must give one value for each number. Convolve random "
                    "samples as arrays"
                )

    def _on_vector(self, points: FloatArray) -> FloatArray | None:
        """Return what the function makes of a vector, or None if that is no array of reals."""
        try:
            # The function may write into its argument or hand it back: both get copies.
            with np.errstate(all="ignore"):
                result = np.array(self._function(points.copy()))
            return result.astype(np.float64) if result.dtype.kind in "fiubO" else None
        except Exception:  # noqa: BLE001 -- the call on single numbers says what is wrong
            return None

    def _as_vector(self, points: FloatArray) -> FloatArray:
        values = self._on_vector(points)
        if values is None:
            return self._one_by_one(points)
        if values.shape != points.shape:
            raise ShapeError(
                f"the function returned an array of shape {values.shape} for {len(points)} points: "
                "return one value for each point"
            )
        return values

    def _one_by_one(self, points: FloatArray) -> FloatArray:
        # NumPy's numbers, not Python's: a negative one to a power is NaN then, as in a vector.
        return np.array([self._one(point) for point in points])

    def _one(self, number: np.float64) -> float:
        point = float(number)
        try:
            with np.errstate(all="ignore"):
                result = np.asarray(self._function(number))
        except FaltungError:
            raise
        except Exception as error:
            raise DataError(
                f"the function raised {type(error).__name__} at x = {point!r}: {error}. It must "
                "return a real number everywhere inside its interval and may be undefined only "
                "at the ends and at breaks="
            ) from error
        if result.size != 1 or result.ndim > 1:
            raise ShapeError(
                f"the function returned an array of shape {result.shape} for the single number "
                f"x = {point!r}: return one real number"
            )
        return _as_real(result.reshape(()), point)


def _as_real(result: np.ndarray[Any, Any], point: float) -> float:
    """Return the value as a float, or say why it is none."""
    if result.dtype.kind == "c":
        raise DtypeError(
            f"the function returned the complex number {result.item()!r} at x = {point!r} and real "
            "ones elsewhere: return complex numbers everywhere, for instance with 0j added"
        )
    try:
        value = result.item()
        if isinstance(value, (str, bytes)):
            raise TypeError
        return float(value)
    except (TypeError, ValueError):
        raise DtypeError(
            f"the function returned {result.item()!r} ({type(result.item()).__name__}) at "
            f"x = {point!r}: return a real number"
        ) from None


def _finite(points: FloatArray, values: FloatArray) -> FloatArray:
    """Return the values, or name the first point at which they are not finite."""
    finite = np.isfinite(values)
    if finite.all():
        return values
    where = int(np.argmin(finite))
    point = float(points[where])
    raise Undefined(
        f"the function is {float(values[where])} at x = {point!r}: it must be finite inside its "
        f"interval. Choose an interval without that point, or write breaks=[{point!r}] if it is "
        "undefined there only",
        point,
    )
