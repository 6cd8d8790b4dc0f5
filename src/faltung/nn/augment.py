"""Pictures as they might also have been: turned, scaled, sheared and shifted a little."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.nn.coerce import as_number
from faltung.nn.engines.native import Array

__all__ = ["Augmentation"]


@dataclass(frozen=True)
class Augmentation:
    """How far pictures are moved at random before each pass of the training.

    Every amount is drawn evenly from minus to plus the given one. Between pixels the picture is
    interpolated linearly, and outside it repeats its edge.

    Parameters
    ----------
    rotation : float
        In degrees, from 0 to 180.
    zoom : float
        Relative change of size, height and width apart; from 0 to 0.9.
    shear : float
        Sideways per pixel of height; from 0 to 1.
    shift : float
        In parts of the side, from 0 to 1.
    flip : bool
        Whether half of the pictures are mirrored left to right; not for digits or letters.

    Examples
    --------
    >>> pictures = np.arange(64.0).reshape(1, 1, 8, 8)
    >>> still = Augmentation(rotation=0, zoom=0, shear=0, shift=0)
    >>> np.array_equal(still.apply(pictures, np.random.default_rng(0)), pictures)
    True
    """

    rotation: float = 12.0
    zoom: float = 0.1
    shear: float = 0.1
    shift: float = 0.09
    flip: bool = False

    def __post_init__(self) -> None:
        limits = {"rotation": 180.0, "zoom": 0.9, "shear": 1.0, "shift": 1.0}
        for field in fields(self):
            if field.name in limits:
                as_number(getattr(self, field.name), field.name, most=limits[field.name])

    def describe(self) -> dict[str, Any]:
        """Return the amounts, as JSON can hold them."""
        return asdict(self)

    def apply(self, pictures: Array, rng: np.random.Generator) -> Array:
        """Return pictures ``(batch, channels, height, width)`` of a float type, each moved."""
        maps = self._maps(len(pictures), pictures.shape[2] / pictures.shape[3], rng)
        y, x = _sources(maps, pictures.shape[2], pictures.shape[3], pictures.dtype)
        return _interpolate(pictures, y, x)

    def _maps(self, count: int, aspect: float, rng: np.random.Generator) -> Array:
        """Return for each picture the 2 × 3 matrix from (y, x, 1) in it to where that is read.

        Coordinates are in parts of the side, the centre is the origin. The numbers drawn do not
        depend on the amounts.
        """
        draws = rng.uniform(-1, 1, (7, count))
        angle = np.deg2rad(self.rotation) * draws[0]
        tall, wide = 1 + self.zoom * draws[1], 1 + self.zoom * draws[2]
        mirror = np.where(self.flip & (draws[6] < 0), -1.0, 1.0)
        cos, sin, shear = np.cos(angle), np.sin(angle), self.shear * draws[3]
        down, across = self.shift * draws[4], self.shift * draws[5]
        rows = [
            [tall * cos, tall * sin / aspect, down],
            [wide * (shear - sin) * aspect, wide * mirror * cos, across],
        ]
        return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def _sources(maps: Array, height: int, width: int, dtype: Any) -> tuple[Array, Array]:
    """Return where each pixel of each picture is read: rows and columns, (batch, height, width)."""
    y = (np.arange(height) + 0.5) / height - 0.5
    x = (np.arange(width) + 0.5) / width - 0.5
    moved = [
        row[:, 0, None, None] * y[:, None] + row[:, 1, None, None] * x + row[:, 2, None, None]
        for row in (maps[:, 0], maps[:, 1])
    ]
    rows = np.clip((moved[0] + 0.5) * height - 0.5, 0, height - 1)
    columns = np.clip((moved[1] + 0.5) * width - 0.5, 0, width - 1)
    return rows.astype(dtype), columns.astype(dtype)


def _interpolate(pictures: Array, y: Array, x: Array) -> Array:
    """Return each picture read at the places (y, x), linearly between its pixels."""
    batch, channels, height, width = pictures.shape
    top, left = y.astype(np.intp), x.astype(np.intp)
    below, right = np.minimum(top + 1, height - 1), np.minimum(left + 1, width - 1)
    down, across = (y - top.astype(y.dtype))[:, None], (x - left.astype(x.dtype))[:, None]
    flat = pictures.reshape(batch, channels, height * width)

    def read(rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Array:
        places = (rows * width + columns).reshape(batch, 1, height * width)
        return np.take_along_axis(flat, places, axis=2).reshape(pictures.shape)

    upper = read(top, left) * (1 - across) + read(top, right) * across
    lower = read(below, left) * (1 - across) + read(below, right) * across
    result: Array = upper * (1 - down) + lower * down
    return result
