"""Drawings of the discrete form: two strips of paper that slide, and the table of all products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from faltung.functions.pictures.style import INKS, axes, figure, letter_colour, plain_axis, svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["product_table", "strips"]


def _box(ax: Axes, place: tuple[float, float], text: str, role: str, **style: Any) -> None:
    """Draw a square of one unit with a number in it; `place` is its upper left corner."""
    from matplotlib.patches import Rectangle

    x, y = place
    strength = style.get("strength", 0.14)
    ax.add_patch(Rectangle(place, 1, 1, facecolor=INKS[role], alpha=strength, linewidth=0))
    ax.add_patch(
        Rectangle(place, 1, 1, fill=False, edgecolor=INKS[role], linewidth=style.get("edge", 1.0))
    )
    ax.text(
        x + 0.5, y + 0.53, text, ha="center", va="center", fontsize=style.get("fontsize", 16),
        color=INKS[role if style.get("faint") else "ink"], fontweight=style.get("weight", "normal"),
    )  # fmt: skip


def _label(ax: Axes, place: tuple[float, float], text: str, role: str, **style: Any) -> None:
    options = {"family": "serif", "style": "italic", "fontsize": 16, "ha": "right", "va": "center"}
    ax.text(*place, text, color=letter_colour(role), **{**options, **style})


def strips(first: Sequence[int], second: Sequence[int], result: Sequence[int], place: int) -> str:
    """Draw the first strip, the second reversed below it at `place`, the products and the sums."""
    reach = len(second) - 1
    with figure(480, 300) as drawing:
        ax = axes(drawing, (0, 0, 480, 300))
        plain_axis(ax, sides=())
        ax.set(xlim=(-1.6, 8.1), ylim=(6.15, 0))
        for i, value in enumerate(first):
            _box(ax, (i, 0.1), str(value), "f")
        for k, value in enumerate(second):
            _box(ax, (place - k, 1.35), str(value), "g")
            if 0 <= place - k < len(first):
                _box(ax, (place - k, 2.9), str(value * first[place - k]), "product", strength=0.22)
        for n, value in enumerate(result):
            done = n <= place
            _box(ax, (n, 4.9), str(value) if done else "", "result",
                 strength=0.3 if n == place else 0.1 if done else 0.0,
                 edge=2.0 if n == place else 0.6,
                 weight="bold" if n == place else "normal")  # fmt: skip
        _join(ax, place, reach)
        for y, text, role in (
            (0.6, "f", "f"), (1.85, "g", "g"), (3.4, "f · g", "product"), (5.4, "h", "result"),
        ):  # fmt: skip
            _label(ax, (-0.3, y), text, role)
        return svg(drawing, f"Two strips of numbers, the second reversed and slid to place {place}")


def _join(ax: Axes, place: int, reach: int) -> None:
    """Draw the brace that gathers the products into one number."""
    left, right, middle = place - reach + 0.5, place + 0.5, place + 0.5
    style: dict[str, Any] = {"color": INKS["product"], "linewidth": 1.0, "solid_joinstyle": "miter"}
    ax.plot([left, left, right, right], [4.0, 4.3, 4.3, 4.0], **style)
    ax.plot([middle, middle], [4.3, 4.82], **style)


def product_table(first: Sequence[int], second: Sequence[int], place: int) -> str:
    """Draw every product of the two lists; those on one diagonal belong to one place."""
    rows, columns = len(second), len(first)
    with figure(480, 300) as drawing:
        ax = axes(drawing, (0, 0, 480, 300))
        plain_axis(ax, sides=())
        ax.set(xlim=(-1.6, 8.1), ylim=(6.15, 0))
        for i, value in enumerate(first):
            _box(ax, (i, 0.1), str(value), "f")
        for k, value in enumerate(second):
            _box(ax, (-1.25, 1.35 + k), str(value), "g")
        for k in range(rows):
            for i in range(columns):
                chosen = i + k == place
                _box(ax, (i, 1.35 + k), str(first[i] * second[k]), "product",
                     strength=0.3 if chosen else 0.04, edge=1.8 if chosen else 0.5,
                     weight="bold" if chosen else "normal")  # fmt: skip
        total = sum(first[i] * second[place - i] for i in range(columns) if 0 <= place - i < rows)
        _collect(ax, place, rows, total)
        return svg(drawing, f"All products in a table, the diagonal of place {place} marked")


def _collect(ax: Axes, place: int, rows: int, total: int) -> None:
    """Draw the line that runs on along the diagonal to its sum."""
    x = place - rows + 1
    ax.plot(
        [x + 0.0, x - 0.42], [1.35 + rows, 1.35 + rows + 0.42], color=INKS["product"], linewidth=1.2
    )
    _box(
        ax,
        (x - 1.42, 1.35 + rows + 0.42),
        str(total),
        "result",
        strength=0.3,
        edge=2.0,
        weight="bold",
    )
