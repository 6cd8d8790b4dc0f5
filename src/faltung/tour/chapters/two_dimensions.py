"""In two dimensions: a photograph blurred, sharpened, its edges found; what lies beyond the border."""

from __future__ import annotations

import shlex
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import faltung as ft
from faltung.tour.chapters.borders import Border, border_cards, borders_of
from faltung.tour.figures import heat, number_grid
from faltung.tour.media import image, sample_photo
from faltung.tour.page import Chapter, Markup, fill, read_text
from faltung.tour.settings import Settings, Story

__all__ = ["tell"]

Array = NDArray[np.float64]

# How much red, green and blue add to brightness (ITU-R BT.601).
_BRIGHTNESS = np.array([0.299, 0.587, 0.114])
_LOUPE = (45, 60)
_SHARPENING = 0.5
_BLUE = (28, 108, 176)


def tell(settings: Settings, story: Story) -> Chapter:
    """Tell the chapter on a photograph."""
    photo = sample_photo() if settings.photo is None else settings.photo
    gray = photo @ _BRIGHTNESS
    filtered = _filter(photo, gray)
    story.step("photograph")
    walk = _walk(gray)
    borders = borders_of(photo)
    story.numbers["two_dimensions"] = {
        **_report(filtered, walk, borders),
        "photo_note": settings.photo_note,
    }
    slots = {
        **_opening(photo, gray, walk),
        **_pictures(photo, gray, filtered),
        "borders": border_cards(borders),
        "thing": "a roof is" if settings.photo is None else "the photograph shows",
        "file": shlex.quote(settings.photo_name),
        "note": f" {settings.photo_note}" if settings.photo_note else "",
    }
    story.step("borders")
    return Chapter(
        name="two-dimensions",
        title="In two dimensions",
        line="A photograph, a handful of numbers, and what lies beyond the border",
        body=fill(read_text("chapters/two_dimensions.html"), slots),
    )


def _report(filtered: _Filtered, walk: _Walk, borders: list[Border]) -> dict[str, Any]:
    height, width = filtered.edges.shape
    return {
        "pixels": [height, width],
        "blur_sigma": filtered.sigma,
        "three_kernels_seconds": filtered.seconds,
        "one_edge_pixel": {"row": walk.row, "column": walk.column, "value": walk.result},
        "corner_brightness": {tile.boundary.value: tile.corner for tile in borders},
    }


# 1 Filtering


@dataclass(frozen=True)
class _Filtered:
    """The photograph after each kernel, and how long that took in all."""

    sigma: float
    blurred: Array
    sharpened: Array
    edges: Array
    seconds: float


def _filter(photo: Array, gray: Array) -> _Filtered:
    sigma = max(1.0, round(max(photo.shape[:2]) / 160))
    start = time.perf_counter()
    blurred = _same(photo, ft.kernels.gaussian(sigma), axes=(0, 1))
    sharpened = _same(photo, ft.kernels.sharpen(_SHARPENING), axes=(0, 1))
    across, down = _same(gray, ft.kernels.sobel(1)), _same(gray, ft.kernels.sobel(0))
    edges = np.hypot(across, down)
    return _Filtered(sigma, blurred, sharpened, edges, time.perf_counter() - start)


def _same(picture: Array, kernel: Array, **options: Any) -> Array:
    result: Array = ft.convolve(picture, kernel, mode="same", boundary="symmetric", **options)
    return result


# 2 One pixel, by hand


@dataclass(frozen=True)
class _Walk:
    """The nine products behind one pixel of the edge picture."""

    row: int
    column: int
    pixels: Array
    turned: Array
    products: Array
    result: float


def _walk(gray: Array) -> _Walk:
    """Follow the pixel at which the picture brightens most from left to right."""
    whole = np.rint(gray)
    kernel = ft.kernels.sobel(1)
    slopes: Array = ft.convolve(whole, kernel, mode="valid")
    row, column = np.unravel_index(int(np.argmax(slopes)), slopes.shape)
    pixels = whole[row : row + 3, column : column + 3]
    turned = kernel[::-1, ::-1]
    result = float(slopes[row, column])
    return _Walk(int(row) + 1, int(column) + 1, pixels, turned, pixels * turned, result)


def _opening(photo: Array, gray: Array, walk: _Walk) -> dict[str, object]:
    height, width = gray.shape
    framed = _framed(photo, walk.row, walk.column, radius=10)
    near = _around(gray, walk.row, walk.column, radius=8)
    grids = {
        "pixels": number_grid(
            walk.pixels, "Nine gray values of the photograph", role="f", grays=True
        ),
        "turned": number_grid(walk.turned, "Sobel's kernel, turned by half a turn", role="g"),
        "products": number_grid(walk.products, "The nine products", role="product"),
        "sum": number_grid(
            np.array([[walk.result]]),
            "Their sum",
            role="result",
            size=168,
            fontsize=40,
            strength=0.16,
        ),
    }
    alt = f"The photograph, {width} by {height} pixels, with a small square marked"
    return {
        "photo": image(framed, alt),
        "near": image(
            near, "The marked square, enlarged until its pixels show", style="pixels", lossless=True
        ),
        "height": height,
        "width": width,
        "row": walk.row,
        "column": walk.column,
        "walk_sum": f"{walk.result:g}",
        **{key: Markup(drawing) for key, drawing in grids.items()},
    }


def _framed(photo: Array, row: int, column: int, radius: int) -> Array:
    """Return a copy with a white and blue square drawn around one pixel."""
    framed = photo.copy()
    for grown, colour in ((radius + 3, _BLUE), (radius + 2, _BLUE), (radius + 1, (255, 255, 255))):
        top, bottom = max(0, row - grown), min(photo.shape[0] - 1, row + grown)
        left, right = max(0, column - grown), min(photo.shape[1] - 1, column + grown)
        framed[[top, bottom], left : right + 1] = colour
        framed[top : bottom + 1, [left, right]] = colour
    return framed


def _around(gray: Array, row: int, column: int, radius: int) -> Array:
    """Return the pixels around one, as RGB, with the nine in the middle framed in blue."""
    padded = np.pad(gray, radius, mode="edge")
    near = padded[row : row + 2 * radius + 1, column : column + 2 * radius + 1]
    large = np.repeat(np.repeat(near, 16, axis=0), 16, axis=1)
    coloured = np.repeat(large[..., None], 3, axis=2)
    first, last = 16 * (radius - 1) - 2, 16 * (radius + 2) + 2
    for width in range(4):
        low, high = first - width + 2, last + width - 3
        coloured[[low, high], low : high + 1] = _BLUE
        coloured[low : high + 1, [low, high]] = _BLUE
    return coloured


# 3 Three kernels


def _pictures(photo: Array, gray: Array, done: _Filtered) -> dict[str, object]:
    window = _busiest_window(gray)
    bell = ft.kernels.gaussian(done.sigma)
    rows, columns = bell.shape
    ink = 255 - 255 * np.clip(done.edges / max(np.percentile(done.edges, 99.5), 1e-9), 0, 1)
    return {
        "blurred": image(done.blurred, "The photograph, blurred: shapes remain, details are gone"),
        "sharpened": image(done.sharpened, "The photograph, sharpened: every edge stands out"),
        "edges": image(ink, "The edges of the photograph, drawn like an engraving", style="ink"),
        "bell": Markup(heat(bell, f"The Gaussian kernel, {rows} by {columns} numbers", side=200)),
        "sharpen_kernel": Markup(
            number_grid(ft.kernels.sharpen(_SHARPENING), "The sharpening kernel")
        ),
        "sobel_across": Markup(
            number_grid(ft.kernels.sobel(1), "Sobel's kernel for left to right")
        ),
        "sobel_down": Markup(number_grid(ft.kernels.sobel(0), "Sobel's kernel for top to bottom")),
        "loupe_before": _loupe(photo, window, "before"),
        "loupe_blurred": _loupe(done.blurred, window, "blurred"),
        "loupe_sharp": _loupe(done.sharpened, window, "sharpened"),
        "loupe_gray": _loupe(np.repeat(gray[..., None], 3, axis=2), window, "in gray"),
        "loupe_edges": _loupe(ink, window, "its edges", style="pixels ink"),
        "sigma": f"{done.sigma:g}",
        "bell_size": f"{rows}\u00a0×\u00a0{columns}",
        "bell_count": f"{rows * columns:,}",
        "milliseconds": f"{1000 * done.seconds:.0f}",
    }


def _busiest_window(gray: Array) -> tuple[slice, slice]:
    """Return the window of the loupe's size whose edges are strong and run in one direction.

    Measured by the larger minus the smaller eigenvalue of the structure tensor (J. Bigun,
    G. Granlund, "Optimal orientation detection of linear symmetry", 1987), summed over it.
    """
    soft = _same(gray, ft.kernels.gaussian(1.0))
    across, down = _same(soft, ft.kernels.sobel(1)), _same(soft, ft.kernels.sobel(0))
    height, width = min(_LOUPE[0], gray.shape[0]), min(_LOUPE[1], gray.shape[1])
    window = np.ones((height, width))
    parts = (across**2 - down**2, 2 * across * down)
    sums = np.hypot(*(ft.convolve(part, window, mode="valid") for part in parts))
    row, column = (int(i) for i in np.unravel_index(int(np.argmax(sums)), sums.shape))
    return slice(row, row + height), slice(column, column + width)


def _loupe(picture: Array, window: tuple[slice, slice], what: str, style: str = "pixels") -> Markup:
    return image(picture[window], f"A detail, {what}", style=style, lossless=True)
