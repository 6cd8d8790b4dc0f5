"""Pictures of laws: Matplotlib axes, and a small inline SVG for notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from faltung.errors import missing_extra

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from faltung.distributions.law.law import Law

_WIDTH, _HEIGHT = 240.0, 60.0
_FEW_ATOMS = 100


def new_axes() -> Axes:
    """Return fresh Matplotlib axes.

    Raises
    ------
    MissingExtraError
        If Matplotlib is not installed.
    """
    try:
        from matplotlib import pyplot as plt
    except ImportError:
        raise missing_extra("matplotlib", "plot", "plot") from None
    return plt.subplots()[1]


def draw_atoms(
    ax: Axes, points: NDArray[np.float64], weights: NDArray[np.float64], **style: Any
) -> None:
    """Draw a line from 0 for each probability, with a dot on top if there are few."""
    label = style.pop("label", None)
    lines = ax.vlines(points, 0.0, weights, label=label, **style)
    if len(points) <= _FEW_ATOMS:
        ax.plot(points, weights, "o", markersize=4, color=lines.get_colors()[0])
    ax.set_ylim(bottom=0.0)
    ax.set_ylabel("probability")


def draw_density(
    ax: Axes, points: NDArray[np.float64], heights: NDArray[np.float64], **style: Any
) -> None:
    """Draw a density as a line over a light area."""
    (line,) = ax.plot(points, heights, **style)
    ax.fill_between(points, 0.0, heights, color=line.get_color(), alpha=0.2, linewidth=0.0)
    ax.set_ylim(bottom=0.0)
    ax.set_ylabel("density")


def sketch(law: Law) -> str:
    """Return the law as an SVG of 240 by 60 pixels: bars for atoms, an area for a density.

    Where there are both, each has a height of its own.
    """
    outlines = law._outlines()
    low = min(x[0] for x, _, _ in outlines)
    width = (max(x[-1] for x, _, _ in outlines) - low) or 1.0
    drawn = "".join(_drawn_outline(outline, low, width) for outline in outlines)
    return (
        f'<svg width="{_WIDTH:.0f}" height="{_HEIGHT:.0f}" role="img" '
        f'aria-label="{escape(repr(law))}">{drawn}</svg>'
    )


def _drawn_outline(outline: tuple[list[float], list[float], bool], low: float, width: float) -> str:
    """Return one SVG path, from `low` on and so wide, as high as the picture."""
    x, heights, atoms = outline
    top = max(heights) or 1.0
    across = [4 + (_WIDTH - 8) * (value - low) / width for value in x]
    up = [_HEIGHT - 2 - (_HEIGHT - 6) * height / top for height in heights]
    floor = _HEIGHT - 2
    if atoms:
        path = "".join(f"M{a:.1f} {floor}V{u:.1f}" for a, u in zip(across, up, strict=True))
        thickness = min(max((_WIDTH - 8) / len(x) - 1, 1), 8)
        return f'<path d="{path}" stroke="#3b6ea8" stroke-width="{thickness:.1f}"/>'
    line = "L".join(f"{a:.1f} {u:.1f}" for a, u in zip(across, up, strict=True))
    path = f"M{across[0]:.1f} {floor}L{line}L{across[-1]:.1f} {floor}Z"
    return f'<path d="{path}" fill="#3b6ea8" fill-opacity="0.3" stroke="#3b6ea8"/>'


def summary_html(law: Law) -> str:
    """Return a sketch and a table of the moments, the quantiles and the accuracy."""
    low, high = law.support()
    first, last = law.interval(0.98)
    rows = [
        ("mean", f"{law.mean():.6g}"),
        ("standard deviation", f"{law.std():.6g}"),
        ("support", f"{low:.6g} … {high:.6g}"),
        ("1 %, 50 %, 99 %", f"{first:.6g}, {law.median():.6g}, {last:.6g}"),
        ("how", law.explain()),
    ]
    return table_html(type(law).__name__, [], rows, picture=sketch(law))


def table_html(
    title: str, header: Sequence[str], rows: Sequence[tuple[str, ...]], *, picture: str = ""
) -> str:
    """Return an HTML table of text cells under a title and a picture."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    top = f"<thead><tr>{head}</tr></thead>" if header else ""
    return f"<div><strong>{escape(title)}</strong><br/>{picture}<table>{top}{body}</table></div>"
