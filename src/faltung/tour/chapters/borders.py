"""What each boundary does at the border of a photograph: what the kernel reads, what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

import faltung as ft
from faltung.options import Boundary
from faltung.tour.media import image
from faltung.tour.page import Markup, join

__all__ = ["Border", "border_cards", "borders_of"]

Array = NDArray[np.float64]

_OUTSIDE, _INSIDE = 30, 42
_SIGMA = 7.0

_SAID = {
    Boundary.ZERO: ("000|abcd|000", "Nothing lies outside. The border darkens."),
    Boundary.CONSTANT: ("vvv|abcd|vvv", "One value lies outside, here white. The border pales."),
    Boundary.EDGE: ("aaa|abcd|ddd", "The last pixel goes on for ever."),
    Boundary.MIRROR: ("dcb|abcd|cba", "A mirror stands on the last pixel."),
    Boundary.SYMMETRIC: ("cba|abcd|dcb", "A mirror stands just behind the last pixel."),
    Boundary.WRAP: ("bcd|abcd|abc", "The opposite side comes next, as on a globe."),
}


@dataclass(frozen=True)
class Border:
    """One boundary at one corner of a photograph.

    Attributes
    ----------
    boundary : Boundary
        What lies outside.
    way : tuple of int
        1 or -1 for each axis: the corner is the upper left one after ``photo[::down, ::across]``.
    read : numpy.ndarray
        The corner with what the kernel reads outside, that corner at the upper left.
    blurred : numpy.ndarray
        What comes out inside, that corner at the upper left.
    """

    boundary: Boundary
    way: tuple[int, int]
    read: Array
    blurred: Array

    @property
    def corner(self) -> float:
        """Mean of red, green and blue of the outermost pixel after blurring, 0 to 255."""
        return float(self.blurred[0, 0].mean())


def borders_of(photo: Array) -> list[Border]:
    """Return the six boundaries at the corner of the photograph that holds most contrast."""
    corners = [(down, across) for down in (1, -1) for across in (1, -1)]
    outside = min(_OUTSIDE, min(photo.shape[:2]) // 3)
    inside = min(_INSIDE, min(photo.shape[:2]) // 2)
    way = max(corners, key=lambda way: float(np.std(_turned(photo, way)[:inside, :inside])))
    turned = np.ascontiguousarray(_turned(photo, way))  # convolved faster than a reversed view
    return [_border(turned, way, boundary, (outside, inside)) for boundary in _SAID]


def _turned(photo: Array, way: tuple[int, int]) -> Array:
    return photo[:: way[0], :: way[1]]


def _border(
    turned: Array, way: tuple[int, int], boundary: Boundary, sizes: tuple[int, int]
) -> Border:
    outside, inside = sizes
    bell = ft.kernels.gaussian(_SIGMA, dimensions=1)
    # A kernel with a single 1 at its end moves the picture, and what moves in is what it reads.
    shift = np.zeros(2 * outside + 1)
    shift[-1] = 1.0
    read = _along_both(turned, shift, boundary)[: outside + inside, : outside + inside]
    return Border(boundary, way, read, _along_both(turned, bell, boundary)[:inside, :inside])


def _along_both(photo: Array, kernel: Array, boundary: Boundary) -> Array:
    fill = {"fill_value": 255.0} if boundary is Boundary.CONSTANT else {}
    result = photo
    for axis in (0, 1):
        result = ft.convolve(result, kernel, mode="same", boundary=boundary, axes=axis, **fill)
    return result


def border_cards(borders: list[Border]) -> Markup:
    """Return a card for each boundary: its drawing in letters and the two tiles."""
    return join(Markup(_card(border)) for border in borders)


def _card(border: Border) -> str:
    name = border.boundary.value
    letters, said = _SAID[border.boundary]
    read = image(
        _turned(border.read, border.way), f"The corner, continued by {name}", style="pixels",
        lossless=True,
    )  # fmt: skip
    blurred = image(
        _turned(border.blurred, border.way), f"The corner blurred with {name}", style="pixels",
        lossless=True,
    )  # fmt: skip
    return (
        f'<div class="border"><div class="tile">{read}<i style="{_inset(border)}"></i></div>'
        f'<div class="tile">{blurred}</div>'
        f'<p class="label"><b>{name}</b> <code>{escape(letters)}</code>'
        f"<br>{escape(said)} "
        f"Outermost pixel: {border.corner:.0f}.</p></div>"
    )


def _inset(border: Border) -> str:
    """Return where the border of the photograph runs across the tile, as CSS."""
    down, across = border.way
    outside = 100 * (1 - border.blurred.shape[0] / border.read.shape[0])
    places = ("top" if down > 0 else "bottom", "left" if across > 0 else "right")
    return ";".join(f"{place}:{outside:.3f}%" for place in places)
