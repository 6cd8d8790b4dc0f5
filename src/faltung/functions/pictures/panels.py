"""What the pictures are made of: one function for each thing that is drawn on matplotlib's axes.

Films, small multiples and the tour draw with these; how large the axes are and what is written
around them is theirs. The colours are those of the roles in :mod:`faltung.functions.pictures.style`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from faltung.functions.pictures.curves import extent
from faltung.functions.pictures.style import INKS, signed_colours
from faltung.functions.transform import FloatArray
from faltung.functions.whole.deltas import Delta

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from faltung.functions.function import Function
    from faltung.functions.pictures.process import Process
    from faltung.functions.pictures.stack import Stack
    from faltung.functions.pictures.surface import Surface

__all__ = [
    "Scales",
    "draw_curve",
    "draw_deltas",
    "draw_diagonal",
    "draw_grown",
    "draw_layers",
    "draw_plane",
    "draw_product",
    "draw_profile",
    "draw_strips",
    "lifted",
    "room",
    "scales_of",
]

# Two functions whose heights differ by no more than this are drawn to one scale.
_COMPARABLE = 3.0
_LAID, _LAYER = (0.42, 0.28), (0.5, 0.32)


@dataclass(frozen=True, slots=True)
class Scales:
    """What is drawn as high as 1, so that curves of different size share one panel.

    The product is drawn to the product of both scales: it then never leaves the panel.

    Attributes
    ----------
    f, g
        The value of each function that is drawn as 1.
    low, high
        The lowest and the highest thing drawn.
    """

    f: float
    g: float
    low: float
    high: float


def scales_of(f: Function, g: Function) -> Scales:
    """Return one scale for both functions if their heights are comparable, else one each."""
    ends = [extent(function) for function in (f, g)]
    sizes = [max(map(abs, end)) or 1.0 for end in ends]
    if max(sizes) <= _COMPARABLE * min(sizes):
        sizes = [max(sizes)] * 2
    (f_low, f_high), (g_low, g_high) = (
        np.array(end) / size for end, size in zip(ends, sizes, strict=True)
    )
    low = min(f_low, g_low, f_low * g_high, f_high * g_low)
    high = max(f_high, g_high, f_low * g_low)
    return Scales(sizes[0], sizes[1], float(low), float(high))


def room(low: float, high: float) -> tuple[float, float]:
    """Return the limits of an axis on which values from `low` to `high` have some air."""
    air = 0.06 * (high - low) or 1.0
    return low - (air if low < 0 else 0.0), high + air


def draw_curve(ax: Axes, curve: tuple[FloatArray, FloatArray], role: str, **style: Any) -> None:
    """Draw a curve in the colour of its role."""
    ax.plot(*curve, **{"color": INKS[role], **style})


def draw_deltas(ax: Axes, deltas: Iterable[Delta], role: str, scale: float = 1.0) -> None:
    """Draw deltas as arrows as high as their weights; those of derivatives are dashed and hollow."""
    for delta in deltas:
        draw_arrow(ax, delta, INKS[role], scale)


def draw_arrow(ax: Axes, delta: Delta, colour: Any, scale: float = 1.0) -> None:
    """Draw one delta as an arrow from the axis to its weight."""
    tip = delta.weight.real / scale
    derived = delta.order > 0
    ax.vlines(delta.place, 0, tip, color=colour, linestyle=(0, (3, 2)) if derived else "solid")
    ax.scatter(
        [delta.place], [tip], s=42, marker="^" if tip >= 0 else "v", linewidth=1.2, zorder=4,
        facecolor="none" if derived else colour, edgecolor=colour, clip_on=False,
    )  # fmt: skip


def draw_product(ax: Axes, scene: Process, scales: Scales) -> None:
    """Draw f(s), g(t - s), and the area under their product."""
    draw_curve(ax, (scene.s, lifted(scene.f) / scales.f), "f", label="f(s)")
    draw_curve(ax, (scene.s, lifted(scene.moved) / scales.g), "g", label="g(t − s)")
    draw_deltas(ax, scene.f_deltas, "f", scales.f)
    draw_deltas(ax, scene.moved_deltas, "g", scales.g)
    # Heights so small that their product is no double are drawn as the zero that they make.
    draw_profile(ax, scene, scales.f * scales.g or 1.0)


def draw_profile(ax: Axes, scene: Process, scale: float = 1.0) -> None:
    """Draw the product and the area under it, where it is not zero."""
    values = lifted(scene.product / scale)
    drawn = np.flatnonzero(~np.isnan(values))
    there = slice(drawn[0], drawn[-1] + 1) if len(drawn) else slice(0)
    s, values = scene.s[there], values[there]
    ax.fill_between(s, values, color=INKS["product"], alpha=0.32, linewidth=0, label="product")
    draw_curve(ax, (s, values), "product", linewidth=1.3)
    draw_deltas(ax, scene.product_deltas, "product", scale)


def lifted(values: FloatArray) -> FloatArray:
    """Return values with gaps where a curve would lie on the axis."""
    beside = np.concatenate([[0.0], values, [0.0]])
    return np.where((beside[:-2] != 0) | (values != 0) | (beside[2:] != 0), values, np.nan)


def draw_grown(ax: Axes, scene: Process, **style: Any) -> None:
    """Draw the result up to the shift, and the area as its last point."""
    draw_curve(ax, (scene.shifts, scene.result), "result", **{"linewidth": 2.4, **style})
    if np.isfinite(scene.area):
        ax.plot(
            [scene.t], [scene.area], "o", color=INKS["result"], markersize=6.5, clip_on=False,
            zorder=5,
        )  # fmt: skip


def draw_strips(ax: Axes, scene: Stack, laid: int, now: int | None = None) -> None:
    """Draw f cut into strips: the first `laid` of them shaded, strip `now` strongly."""
    for k in range(laid if now is None else max(laid, now + 1)):
        inside = _between(scene.s, scene.edges, k)
        opacity = 0.85 if k == now else _LAID[k % 2]
        ax.fill_between(
            scene.s[inside], scene.f[inside], color=INKS["f"], alpha=opacity, linewidth=0
        )
    draw_curve(ax, (scene.s, lifted(scene.f)), "f")
    draw_deltas(ax, scene.deltas, "f")


def _between(s: FloatArray, edges: FloatArray, k: int) -> NDArray[np.bool]:
    """Return which places lie in strip k; an outermost one has all that lies beyond."""
    low = -np.inf if k == 0 else edges[k]
    high = np.inf if k == len(edges) - 2 else edges[k + 1]
    inside: NDArray[np.bool] = (s >= low) & (s <= high)
    return inside


def draw_layers(ax: Axes, scene: Stack, laid: int) -> None:
    """Draw what the first `laid` strips make of g, one layer on the other."""
    heights = np.vstack([np.zeros_like(scene.t), np.cumsum(scene.layers[:laid], axis=0)])
    for k in range(laid):
        ax.fill_between(
            scene.t, heights[k], heights[k + 1], color=INKS["product"], alpha=_LAYER[k % 2],
            linewidth=0,
        )  # fmt: skip


def draw_plane(ax: Axes, scene: Surface, t: float | None, others: Iterable[float] = ()) -> None:
    """Draw f(x) g(y) as an image, the diagonal x + y = t, and faintly some others."""
    left, right, bottom, top = scene.box
    ax.imshow(
        signed_colours(scene.heights, "product", scene.most) * [1, 1, 1, 0.85], interpolation="none",
        extent=scene.box, origin="lower", aspect="auto",
    )  # fmt: skip
    for other in others:
        _draw_line(ax, scene, other, color=INKS["soft"], linewidth=0.6, alpha=0.5)
    if t is not None:
        draw_diagonal(ax, scene, t)
    ax.set(xlim=(left, right), ylim=(bottom, top))


def draw_diagonal(ax: Axes, scene: Surface, t: float) -> None:
    """Draw the line x + y = t over the plane."""
    _draw_line(ax, scene, t, color=INKS["product"], linewidth=2.4)


def _draw_line(ax: Axes, scene: Surface, t: float, **style: Any) -> None:
    ends = scene.diagonal(t)
    if ends is not None:
        ax.plot(ends, [t - ends[0], t - ends[1]], solid_capstyle="butt", **style)
