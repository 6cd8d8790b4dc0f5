"""The arguments of kernels, checked, and the product of lines."""

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
    "TooLargeError",
    "as_angle",
    "as_axis",
    "as_dimensions",
    "as_number",
    "check_size",
    "outer",
    "per_axis",
]

_MOST_ENTRIES = 10**8
_MOST_DIMENSIONS = 32


class TooLargeError(OptionError):
    """A kernel would be too large: the argument says how large, the message also the way out."""

    def __str__(self) -> str:
        return f"{self.args[0]}: filter along one axis at a time with dimensions=1 and axes="


def as_dimensions(dimensions: int) -> int:
    """Return the number of axes."""
    if isinstance(dimensions, bool) or dimensions not in range(1, _MOST_DIMENSIONS + 1):
        raise OptionError(
            f"dimensions={dimensions!r}: write a whole number from 1 to {_MOST_DIMENSIONS}"
        )
    return int(dimensions)


def per_axis(
    name: str, value: float | Sequence[float], dimensions: int | None
) -> tuple[float, ...]:
    """Return one number for each axis."""
    try:
        rank = np.ndim(value)
    except ValueError:
        rank = 2  # rows of several lengths
    if rank > 1 or np.size(value) == 0:
        raise OptionError(
            f"{name}={value!r}: write one number, or one for each axis, as {name}=(1, 2)"
        )
    if rank == 0:
        count = 2 if dimensions is None else as_dimensions(dimensions)
        return (as_number(name, value),) * count
    if dimensions is not None:
        raise OptionError(f"{name}={value!r} has one entry for each axis: leave out dimensions=")
    values = tuple(as_number(name, entry) for entry in np.asarray(value).ravel().tolist())
    as_dimensions(len(values))
    return values


def as_number(name: str, value: object) -> float:
    """Return `value` as a float."""
    try:
        return float(value)  # type: ignore[arg-type]  # whatever float takes
    except (TypeError, ValueError):
        raise OptionError(f"{name}={value!r} is not a number") from None


def check_size(name: str, widths: Sequence[float]) -> None:
    """Raise TooLargeError for a kernel that would be."""
    entries = math.prod(widths)
    if entries > _MOST_ENTRIES:
        raise TooLargeError(f"{name} would have {entries:.3g} entries, more than {_MOST_ENTRIES:,}")


def outer(factors: Sequence[Kernel]) -> Kernel:
    """Return the product of one line for each axis."""
    return np.asarray(functools.reduce(np.multiply.outer, factors), dtype=np.float64)


def as_axis(axis: int, dimensions: int) -> tuple[int, int]:
    """Return an axis as it was given and the number of axes, both whole numbers in range."""
    count = as_dimensions(dimensions)
    if isinstance(axis, bool) or axis not in range(-count, count):
        raise OptionError(f"axis={axis!r}: write a whole number from {-count} to {count - 1}")
    return int(axis), count


def as_angle(angle: object) -> float:
    """Return an angle in degrees as radians, reduced before it is rounded."""
    degrees = as_number("angle", angle)
    if not math.isfinite(degrees):
        raise OptionError(f"angle={angle!r}: write a number of degrees")
    return math.radians(math.remainder(degrees, 360))
