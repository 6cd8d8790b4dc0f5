"""A function drawn on matplotlib's axes: its curve, its break points and its deltas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from faltung.errors import missing_extra
from faltung.functions.pictures.curves import outline, parts, window
from faltung.functions.pictures.panels import draw_arrow

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from faltung.functions.function import Function

__all__ = ["draw_function", "new_axes", "require_matplotlib"]

# More deltas than this carry no numbers: they would lie over each other.
_NUMBERED = 12
# Break points are marked by ticks of so many points in height, where there are many by lower ones.
_TICK, _LOW_TICK, _MANY = 7.0, 4.0, 40


def require_matplotlib(purpose: str) -> None:
    """Refuse what needs matplotlib where it is not installed."""
    try:
        import matplotlib as mpl  # noqa: F401
    except ImportError:
        raise missing_extra("matplotlib", "plot", purpose) from None


def new_axes(rows: int = 1, columns: int = 1) -> Any:
    """Return fresh matplotlib axes: one, or an array of `rows` by `columns`.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    require_matplotlib("plot")
    from matplotlib import pyplot as plt

    if rows == columns == 1:
        return plt.subplots()[1]
    size = (2.2 * columns, 1.9 * rows)
    return plt.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")[1]


def draw_function(function: Function, ax: Axes | None, breaks: bool, **style: Any) -> Axes:
    """Draw a function on `ax`, by default on fresh axes, and return them."""
    own = ax is None
    ax = new_axes() if ax is None else ax
    for part, options in _lines(function, style):
        (line,) = ax.plot(*outline(part, points=800), **options)
        _draw_deltas(ax, part, line.get_color())
        if breaks:
            _mark_breaks(ax, part, line.get_color())
    if own and function._whole.is_complex:
        ax.legend(frameon=False)
    return ax


def _lines(function: Function, style: dict[str, Any]) -> list[tuple[Function, dict[str, Any]]]:
    """Return what is drawn as a line of its own, and how: of a complex function two parts."""
    lines = parts(function)
    if len(lines) == 1:
        return [(lines[0], style)]
    name = f"{style['label']}, " if "label" in style else ""
    ways = {"label": f"{name}real"}, {"linestyle": "--", **style, "label": f"{name}imaginary"}
    return [(lines[0], {**style, **ways[0]}), (lines[1], ways[1])]


def _draw_deltas(ax: Axes, function: Function, colour: Any) -> None:
    """Draw deltas as arrows as high as their weights, which are written at the tips."""
    for delta in function.deltas:
        draw_arrow(ax, delta, colour)
        if len(function.deltas) <= _NUMBERED:
            mark = "′" * delta.order if delta.order < 4 else f"({delta.order})"
            text = f"{delta.weight.real:.3g}{f' δ{mark}' if delta.order else ''}"
            up = delta.weight.real >= 0
            ax.annotate(
                text.replace("-", "−"), (delta.place, delta.weight.real), xytext=(0, 7 if up else -7),
                textcoords="offset points", ha="center", va="bottom" if up else "top",
                color=colour, fontsize="small",
            )  # fmt: skip
    if function.deltas:
        # Room for the numbers beyond the tips.
        ax.margins(y=0.15)


def _mark_breaks(ax: Axes, function: Function, colour: Any) -> None:
    """Mark break points by small ticks on the line of zero."""
    low, high = window(function)
    places = function.breaks
    places = places[(places >= low) & (places <= high)]
    height = _TICK if len(places) <= _MANY else _LOW_TICK
    ax.scatter(
        places, np.zeros_like(places), marker="|", s=height**2, linewidth=0.8, color=colour,
        alpha=0.55, zorder=1.5,
    )  # fmt: skip
