"""The layout of a picture's pixels: colours, alpha, orientation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.errors import FileError

__all__ = ["split_alpha", "upright"]


def split_alpha(
    pixels: NDArray[Any], extra: int, name: str
) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Return the colours, (height, width) or (height, width, 3), and alpha, the `extra` channel."""
    if pixels.ndim == 2:
        return pixels, None
    channels = pixels.shape[2] - extra
    if channels not in (1, 3) or extra > 1:
        raise FileError(f"{name}: has {pixels.shape[2]} channels; read are gray, RGB and one alpha")
    colours = pixels[..., 0] if channels == 1 else pixels[..., :3]
    return colours, pixels[..., channels] if extra else None


def upright(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Return the picture as it is meant to be seen: EXIF tag 274 says how the camera was held.

    Orientations from 5 on are transposed; then the rows, the columns or both are reversed.
    """
    if orientation not in range(2, 9):
        return pixels
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    rows = -1 if orientation in (3, 4, 7, 8) else 1
    columns = -1 if orientation in (2, 3, 6, 7) else 1
    return np.ascontiguousarray(pixels[::rows, ::columns])
