"""Pictures inside the page: arrays as data addresses, photographs from files."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from faltung.errors import FileError
from faltung.tour.page import Markup

if TYPE_CHECKING:
    from faltung.files import Content

__all__ = ["Photograph", "image", "read_photo", "sample_photo"]

Array = NDArray[Any]

_LONGEST_SIDE = 960
_SHORTEST_SIDE = 32


@dataclass(frozen=True)
class Photograph:
    """A photograph from a file, as the page uses it.

    Attributes
    ----------
    pixels : numpy.ndarray
        float64 RGB from 0 to 255.
    file_size : (int, int)
        Height and width of the picture in the file.
    transparent : bool
        Whether the file has an alpha channel, which is left out.
    """

    pixels: Array
    file_size: tuple[int, int]
    transparent: bool

    @property
    def note(self) -> str:
        """What was changed, in sentences; empty if nothing was."""
        said = []
        (height, width), (rows, columns) = self.file_size, self.pixels.shape[:2]
        if (height, width) != (rows, columns):
            said.append(
                f"It was reduced from the {width}\u00a0×\u00a0{height} of the file to "
                f"{columns}\u00a0×\u00a0{rows}, so that kernels of a few pixels can be seen at work in "
                "it and the page stays small. The commands below take the whole file, of which the "
                "same kernels cover a smaller part."
            )
        if self.transparent:
            said.append("The transparency of the file is left out.")
        return " ".join(said)


def image(pixels: Array, alt: str, *, style: str = "", lossless: bool = False) -> Markup:
    """Return an ``img`` that holds `pixels` (0 to 255, gray, RGB or RGBA; rounded and saturated)."""
    from PIL import Image

    picture = Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))
    buffer = io.BytesIO()
    if lossless:
        picture.save(buffer, "png", optimize=True)
    else:
        picture.save(buffer, "jpeg", quality=84, optimize=True, progressive=True)
    kind = "png" if lossless else "jpeg"
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    height, width = pixels.shape[:2]
    return Markup(
        f'<img class="{style}" src="data:image/{kind};base64,{data}" '
        f'alt="{escape(alt, quote=True)}" width="{width}" height="{height}">'
    )


def sample_photo() -> Array:
    """Return scikit-learn's photograph of a pavilion above a lake, float64 from 0 to 255."""
    from sklearn.datasets import load_sample_image

    return np.asarray(load_sample_image("china.jpg"), dtype=np.float64)


def read_photo(path: str | Path) -> Photograph:
    """Return the picture in the file `path`.

    If its longer side exceeds 960 pixels it is made smaller, and its note says so.

    Raises
    ------
    FileError
        If it cannot be read as a picture, or is smaller than 32 pixels on a side.
    """
    from faltung.files import Kind, read

    content = read(path)
    if content.kind is not Kind.PICTURE:
        raise FileError(f"{path}: is not a picture: name a png, jpeg, tiff or bmp file")
    pixels = _as_bytes(content, str(path))
    if min(pixels.shape[:2]) < _SHORTEST_SIDE:
        height, width = pixels.shape[:2]
        raise FileError(
            f"{path}: has {width} by {height} pixels: name a photograph of {_SHORTEST_SIDE} pixels "
            "or more on each side"
        )
    coloured = pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)
    return Photograph(_smaller(coloured), pixels.shape[:2], content.alpha is not None)


def _as_bytes(content: Content, name: str) -> Array:
    """Return the numbers of a picture from 0 to 255, whatever they were stored as."""
    pixels = np.asarray(content.data, dtype=np.float64)
    if not np.isfinite(pixels).all():
        raise FileError(f"{name}: holds NaN or infinite pixels: replace them first")
    if content.dtype.kind != "f":
        return pixels * (255.0 / float(np.iinfo(content.dtype).max))
    return np.maximum(pixels, 0.0) * (255.0 / max(1.0, float(pixels.max())))


def _smaller(pixels: Array) -> Array:
    from PIL import Image

    height, width = pixels.shape[:2]
    scale = _LONGEST_SIDE / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    picture = Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))
    return np.asarray(picture.resize(size, Image.Resampling.LANCZOS), dtype=np.float64)
