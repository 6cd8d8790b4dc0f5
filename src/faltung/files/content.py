"""What a file holds, and what happened to values on their way back into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.errors import DataError

__all__ = ["Content", "Kind", "Report", "narrow", "round_and_saturate"]


class Kind(StrEnum):
    """What the numbers in a file are."""

    ARRAY = "array"
    PICTURE = "picture"
    SOUND = "sound"


@dataclass(frozen=True, kw_only=True)
class Content:
    """The numbers of a file, and what is needed to write such numbers back in kind.

    Attributes
    ----------
    name : str
        The file's name as it was given.
    kind : Kind
        Array, picture or sound.
    data : numpy.ndarray
        An array as it is stored. A picture as float64 in the stored units (0 to 255 for 8 bits),
        of shape (height, width) or (height, width, 3), upright, without its alpha channel. Sound
        as float64 with full scale at 1, of shape (frames,) or (frames, channels).
    dtype : numpy.dtype
        The type of the stored numbers.
    sample_rate : int or None
        Frames in a second; for sound alone.
    encoding : str or None
        How sound is stored: ``PCM_U8 PCM_S8 PCM_16 PCM_24 PCM_32 FLOAT DOUBLE VORBIS OPUS``.
    alpha : numpy.ndarray or None
        A picture's opacity as stored, of shape (height, width).
    metadata : Mapping
        What goes back into the file beside the numbers.
    notes : tuple of str
        What could not be kept, one sentence each.
    """

    name: str
    kind: Kind
    data: NDArray[Any]
    dtype: np.dtype[Any]
    sample_rate: int | None = None
    encoding: str | None = None
    alpha: NDArray[Any] | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        rate = f", {self.sample_rate} Hz" if self.sample_rate else ""
        return f"<{self.kind} {self.name!r}: shape {self.data.shape}, {self.dtype}{rate}>"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was written, and how the values were changed to fit the file.

    Attributes
    ----------
    shape, dtype
        Of the numbers as written.
    below, above : int
        How many values lay outside the type's range and were set to its ends.
    peak : float
        The largest absolute value before rounding, in the units of ``Content.data``.
    scale, offset : float
        The written values are ``scale * value + offset`` (1 and 0 unless normalised).
    notes : tuple of str
        One sentence for each thing that the file could not keep.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    below: int = 0
    above: int = 0
    peak: float = 0.0
    scale: float = 1.0
    offset: float = 0.0
    notes: tuple[str, ...] = ()


def round_and_saturate(
    values: NDArray[Any], dtype: np.dtype[Any], low: int, high: int
) -> tuple[NDArray[Any], int, int]:
    """Return `values` rounded to whole numbers (halves to even), set to the ends of low … high.

    Returns
    -------
    tuple
        The array of type `dtype`, and how many values lay below and above the range.

    Raises
    ------
    DataError
        If a value is NaN.
    """
    if np.isnan(values).any():
        raise DataError(
            f"the result holds {int(np.isnan(values).sum())} NaN, for which {dtype} has no value: "
            "write the result to a .npy file"
        )
    rounded = np.rint(values)
    below = int(np.count_nonzero(rounded < low))
    above = int(np.count_nonzero(rounded > high))
    return np.clip(rounded, low, high).astype(dtype), below, above


def narrow(values: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return `values` rounded to the float type `dtype`.

    Raises
    ------
    DataError
        If a finite value is too large for the type.
    """
    with np.errstate(over="ignore"):
        narrowed = values.astype(dtype)
    lost = np.isinf(narrowed) & np.isfinite(values)
    if lost.any():
        largest = float(np.abs(values[lost]).max())
        raise DataError(
            f"the result reaches {largest:.3g}, more than {dtype} can hold: convert the input to "
            "float64, or scale the kernel"
        )
    return narrowed
