"""Pictures of laws: Matplotlib axes, and a small inline SVG for notebooks."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from faltung.distributions.numbers.rounding import Floats
from faltung.errors import missing_extra

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from faltung.distributions.discrete.atoms import Atoms
    from faltung.distributions.law.law import Law

_WIDTH, _HEIGHT = 240.0, 60.0
_FEW_ATOMS = 100
_MANY_ATOMS = 800
_TAIL = 5e-4  # left out at each end of a picture
_SHOULDER = 0.025
_SHORT_NUMBERS = (-4, 5)  # powers of ten that an axis writes out


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


def window_of(law: Law) -> tuple[float, float]:
    """Return the ends of a picture: all but a thousandth of the mass lies between, or less.

    A heavy tail would leave a spike and nothing else: it ends where it is as far from the quantile
    of 2.5 % as that is from the median.
    """
    (start, low, middle), (stop, high) = (
        law.ppf([_TAIL, _SHOULDER, 0.5]),
        law.isf([_TAIL, _SHOULDER]),
    )
    if low < middle:
        start = max(start, 2 * low - middle)
    if high > middle:
        stop = min(stop, 2 * high - middle)
    return float(start), float(stop)


def grid_over(window: tuple[float, float], count: int) -> Floats:
    """Return so many points over a window and a little beyond."""
    start, stop = window
    margin = 0.05 * (stop - start)
    return np.linspace(start - margin, stop + margin, count)


def shown_atoms(law: Atoms, most: int = _MANY_ATOMS) -> tuple[Floats, Floats]:
    """Return the points and the probabilities to draw: all of a few, else those in the window."""
    points, weights = law.points, law.weights
    if len(points) <= _FEW_ATOMS:
        return points, weights
    start, stop = window_of(law)
    inside = slice(*np.searchsorted(points, [start, np.nextafter(stop, np.inf)]))
    return highest(points[inside], weights[inside], most)


def highest(points: Floats, weights: Floats, most: int = _MANY_ATOMS) -> tuple[Floats, Floats]:
    """Return `most` of the atoms at the most: of each group of neighbours the most probable one."""
    if len(points) <= most:
        return points, weights
    ends = np.linspace(0, len(points), most + 1).astype(int)
    kept = [a + int(np.argmax(weights[a:b])) for a, b in itertools.pairwise(ends)]
    return points[kept], weights[kept]


def draw_atoms(ax: Axes, points: Floats, weights: Floats, **style: Any) -> None:
    """Draw a line from 0 for each probability, with a dot on top if there are few."""
    label, color = style.pop("label", None), style.pop("color", None)
    marker = "o" if len(points) <= _FEW_ATOMS else ""
    (dots,) = ax.plot(points, weights, marker=marker, linestyle="none", markersize=4, color=color)
    lines = ax.vlines(points, 0.0, weights, label=label, color=dots.get_color(), **style)
    lines.sticky_edges.y.append(0.0)
    ax.set_ylabel("probability")


def draw_density(ax: Axes, points: Floats, heights: Floats, **style: Any) -> Any:
    """Draw a density as a line over a light area, and return its colour."""
    (line,) = ax.plot(points, heights, **style)
    color = line.get_color()
    area = ax.fill_between(points, 0.0, heights, color=color, alpha=0.2, linewidth=0.0)
    area.sticky_edges.y.append(0.0)
    ax.set_ylabel("density")
    return color


def draw_both(
    ax: Axes, density: tuple[Floats, Floats], atoms: tuple[Floats, Floats], **style: Any
) -> None:
    """Draw a density, and atoms in its colour with a scale of their own at the right."""
    color = draw_density(ax, *density, **style)
    if len(atoms[0]):
        draw_atoms(ax.twinx(), *atoms, **(style | {"color": color, "label": None}))


def shorten_numbers(ax: Axes) -> None:
    """Let the x axis write large numbers as a power of ten, so that they do not overlap."""
    from matplotlib.ticker import ScalarFormatter

    formatter = ax.xaxis.get_major_formatter()
    if isinstance(formatter, ScalarFormatter):
        formatter.set_powerlimits(_SHORT_NUMBERS)


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
