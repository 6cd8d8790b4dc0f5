"""The door for pictures: arrays, lists of arrays and files become one array, or are refused."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faltung.arrays.foreign import refuse_foreign
from faltung.errors import DataError, DtypeError, ShapeError
from faltung.nn.engines.native import Array

__all__ = ["SMALLEST_SIDE", "Images", "Pictures", "as_pictures", "pictures_of_array"]

Images: TypeAlias = ArrayLike | str | os.PathLike[str] | Sequence[Any]

SMALLEST_SIDE = 8
# Of red, green and blue in what the eye sees as brightness (ITU-R BT.601), as in Pillow.
_BRIGHTNESS = (0.299, 0.587, 0.114)
_FULL_SCALE = {"uint8": 255.0, "uint16": 65535.0}


@dataclass(frozen=True)
class Pictures:
    """Pictures of one size: finite float32 ``(batch, channels, height, width)``, 1 or 3 channels.

    Whole numbers of 8 or 16 bits are scaled to 0 to 1 (`scaled`), other numbers are as they were.
    """

    values: Array
    scaled: bool
    kind: str

    def with_channels(self, channels: int) -> Pictures:
        """Return gray as three equal channels, or colours as their brightness."""
        if self.values.shape[1] == channels:
            return self
        if channels == 3:
            return Pictures(np.repeat(self.values, 3, axis=1), self.scaled, self.kind)
        red, green, blue = (self.values[:, i : i + 1] for i in range(3))
        weights = [np.float32(w) for w in _BRIGHTNESS]
        gray = weights[0] * red + weights[1] * green + weights[2] * blue
        return Pictures(gray, self.scaled, self.kind)

    def at(self, rows: slice | NDArray[np.intp]) -> Pictures:
        """Return some of them."""
        return Pictures(self.values[rows], self.scaled, self.kind)


def as_pictures(images: Images, *, what: str = "images") -> list[Pictures]:
    """Return arrays or files as pictures, those of one size and kind together, in order.

    Parameters
    ----------
    images
        An array ``(n, height, width)`` or ``(n, height, width, 3)``; or a sequence of arrays
        ``(height, width)`` or ``(height, width, 3)`` of any sizes, of paths, or of both; or one
        path.
    what : str
        What errors call them.

    Raises
    ------
    ShapeError, DtypeError, DataError
        If the numbers are no pictures: see each message.
    FileError
        If a file cannot be read.
    """
    if isinstance(images, str | os.PathLike):
        images = [images]
    if isinstance(images, np.ndarray):
        return [pictures_of_array(images, what)]
    refuse_foreign(what, images)
    if not isinstance(images, Sequence):
        raise DtypeError(
            f"{what} is a {type(images).__name__}: give an array or a list of pictures"
        )
    if len(images) and all(
        isinstance(row, Sequence) and not isinstance(row, str) for row in images
    ):
        return [pictures_of_array(np.asarray(images), what)]
    return [_single(image, f"{what}[{i}]") for i, image in enumerate(images)]


def pictures_of_array(array: NDArray[Any], what: str, *, from_file: bool = False) -> Pictures:
    """Return an array ``(n, height, width)`` or ``(n, height, width, 1 or 3)`` as pictures.

    Those from files may be of any size: their axes cannot be mistaken.
    """
    refuse_foreign(what, array)
    if not from_file:
        _check_shape(array, what)
    if array.dtype.kind not in "biuf":
        raise DtypeError(f"{what} has dtype {array.dtype}: pictures are real numbers")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        first = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise DataError(
            f"{what}[{', '.join(map(str, first))}] is {array[first]}: pixels are finite"
        )
    channels = array[..., None] if array.ndim == 3 else array
    with np.errstate(over="ignore"):  # said below, by name
        values = np.ascontiguousarray(channels.transpose(0, 3, 1, 2), dtype=np.float32)
    scale = _FULL_SCALE.get(array.dtype.name)
    if scale is not None:
        values /= np.float32(scale)
    elif not np.isfinite(values).all():
        raise DataError(f"{what} holds numbers beyond the range of float32, 3.4e38: scale them")
    return Pictures(values, scale is not None, array.dtype.name)


def _single(image: Any, what: str) -> Pictures:
    if isinstance(image, str | os.PathLike):
        from faltung.nn.picture_files import read_picture

        return pictures_of_array(read_picture(Path(image))[None], str(image), from_file=True)
    refuse_foreign(what, image)
    array = np.asarray(image)
    if array.ndim not in (2, 3):
        raise ShapeError(
            f"{what} has shape {array.shape}: one picture is (height, width) or (height, width, 3)"
        )
    return pictures_of_array(array[None], what)


def _check_shape(array: NDArray[Any], what: str) -> None:
    shape = array.shape
    if array.ndim == 2:
        raise ShapeError(
            f"{what} has shape {shape}: pictures are (n, height, width) or (n, height, width, 3); "
            "write images.reshape(n, height, width) for flat rows, images[None] for one picture"
        )
    if array.ndim not in (3, 4):
        raise ShapeError(
            f"{what} has shape {shape}: pictures are (n, height, width) or (n, height, width, 3)"
        )
    if array.ndim == 4 and shape[3] not in (1, 3):
        hint = (
            "images[..., :3] leaves out alpha" if shape[3] in (2, 4) else "the channels come last"
        )
        if shape[1] in (1, 3) and shape[3] > 4:
            hint = "images.transpose(0, 2, 3, 1) puts the channels last"
        raise ShapeError(f"{what} has shape {shape}: pictures have 1 or 3 channels; {hint}")
    if min(shape[1:3]) < SMALLEST_SIDE:
        single = "; one colour picture is images[None]" if array.ndim == 3 and shape[2] == 3 else ""
        raise ShapeError(
            f"{what} has shape {shape}: pictures have at least {SMALLEST_SIDE} pixels on each "
            f"side{single}"
        )
