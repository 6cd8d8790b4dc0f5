"""Pictures at another size: every pixel of the new one is a weighted mean of the old ones."""

from __future__ import annotations

import numpy as np

from faltung.nn.engines import native
from faltung.nn.engines.native import Array

__all__ = ["resize"]


def resize(pictures: Array, height: int, width: int, *, threads: int = 0) -> Array:
    """Return pictures ``(batch, channels, height, width)`` stretched to `height` and `width`.

    The weights are a triangle, two old pixels wide where the picture grows and two new ones where it
    shrinks, so that nothing is left out and no stripes appear: Pillow's ``BILINEAR``.

    Examples
    --------
    >>> resize(np.array([[[[0.0, 0.0, 1.0, 1.0]]]]), 1, 2).round(3)
    array([[[[0.143, 0.857]]]])
    """
    batch, channels, old_height, old_width = pictures.shape
    if (old_height, old_width) == (height, width):
        return pictures
    across = _weights(old_width, width).astype(pictures.dtype)
    down = _weights(old_height, height).astype(pictures.dtype)
    rows = pictures.reshape(-1, old_width)
    narrowed = native.multiply_matrices(rows, across.T, None, threads=threads)
    columns = narrowed.reshape(-1, old_height, width).swapaxes(1, 2).reshape(-1, old_height)
    shortened = native.multiply_matrices(columns, down.T, None, threads=threads)
    upright = shortened.reshape(batch, channels, width, height).swapaxes(2, 3)
    return np.ascontiguousarray(upright)


def _weights(old: int, new: int) -> Array:
    """Return the matrix (new, old) of one axis; each row sums to 1."""
    scale = old / new
    centre = (np.arange(new)[:, None] + 0.5) * scale
    distance = np.abs(np.arange(old) + 0.5 - centre) / max(scale, 1.0)
    triangle = np.maximum(1 - distance, 0)
    weights: Array = triangle / triangle.sum(axis=1, keepdims=True)
    return weights
