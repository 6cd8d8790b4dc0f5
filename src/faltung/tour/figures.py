"""Drawings that several chapters share: squares of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.functions.pictures.style import (
    INKS,
    axes,
    figure,
    plain_axis,
    signed_colours,
    svg,
)

__all__ = ["heat", "number_grid", "square"]

Array = NDArray[Any]


def number_grid(values: Array, label: str, **options: Any) -> str:
    """Draw a small matrix as coloured cells with its numbers written in them.

    Options: `role` (whose colour), `size` (pixels of one cell), `grays` (cells as gray values from
    0 to 255 instead), `text` (how a number is written), `strength` (opacity of the largest).
    """
    rows, columns = values.shape
    size = options.get("size", 56.0)
    with figure(columns * size + 4, rows * size + 4) as drawing:
        ax = axes(drawing, (2, 2, columns * size, rows * size))
        plain_axis(ax, sides=())
        ax.set(xlim=(0, columns), ylim=(rows, 0))
        for row, column in np.ndindex(rows, columns):
            _cell(ax, (row, column), values, options)
        return svg(drawing, label)


def _cell(ax: Any, place: tuple[int, int], values: Array, options: dict[str, Any]) -> None:
    from matplotlib.patches import Rectangle

    value, role = float(values[place]), options.get("role", "g")
    row, column = place
    if options.get("grays"):
        fill, opacity = str(value / 255), 1.0
        colour = "#000000" if value > 120 else "#ffffff"
    else:
        largest = float(np.abs(values).max()) or 1.0
        fill, opacity = (
            INKS[role if value >= 0 else "soft"],
            options.get("strength", 0.62) * abs(value) / largest,
        )
        colour = INKS["ink"]
    ax.add_patch(Rectangle((column, row), 1, 1, facecolor=fill, alpha=opacity, linewidth=0))
    ax.add_patch(
        Rectangle(
            (column, row), 1, 1, fill=False, edgecolor=INKS[role], linewidth=1.0, clip_on=False
        )
    )
    text = options.get("text", "{:g}").format(value).replace("-", "−")
    ax.text(
        column + 0.5, row + 0.53, text, ha="center", va="center",
        color=colour, fontsize=options.get("fontsize", 15),
    )  # fmt: skip


def heat(values: Array, label: str, *, role: str = "g", side: float = 150.0) -> str:
    """Draw a large kernel as a square of opacities with a thin frame."""
    with figure(side, side) as drawing:
        ax = axes(drawing, (1, 1, side - 2, side - 2))
        square(ax, values, role=role)
        return svg(drawing, label)


def square(ax: Any, values: Array, *, role: str = "g", frame: bool = True) -> None:
    """Show `values` on `ax` in the colour of `role`, pixel by pixel."""
    ax.imshow(signed_colours(values, role), interpolation="none", aspect="equal")
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set(visible=frame, color=INKS[role], linewidth=1.0)
