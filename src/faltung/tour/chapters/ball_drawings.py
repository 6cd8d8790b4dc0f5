"""Drawings of a ball that is dropped, rolls, is lifted, dropped again, and rolls on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faltung.functions.pictures.style import INKS, axes, figure, plain_axis, svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["double_drop"]

_RADIUS = 0.15
_HIGH, _LOW = 2.05, 1.05
_FARTHEST = 3


def double_drop(a: int, b: int) -> str:
    """Draw one double drop: `a` hands after the first, `b` after the second."""
    with figure(240, 190) as drawing:
        ax = axes(drawing, (2, 2, 236, 186))
        plain_axis(ax, sides=())
        ax.set(xlim=(-0.42, 3.55), ylim=(-0.62, 2.51), aspect="equal")
        ax.plot([-0.4, 3.5], [0, 0], color=INKS["soft"], linewidth=1.0)
        for hand in range(_FARTHEST + 1):
            ax.plot([hand, hand], [0, -0.07], color=INKS["soft"], linewidth=1.0)
            ax.text(hand, -0.16, str(hand), ha="center", va="top", fontsize=12, color=INKS["soft"])
        _drop(ax, 0, _HIGH, "f")
        _drop(ax, a, _LOW, "g")
        _roll(ax, 0, a, "f", rests=b == 0)
        _roll(ax, a, a + b, "g", rests=True)
        _ball(ax, a + b, _RADIUS, "result")
        return svg(drawing, f"The ball rolls {a} after the first drop and {b} after the second")


def _drop(ax: Axes, place: float, height: float, role: str) -> None:
    """Draw a ball at `height` and the way down."""
    _ball(ax, place, height, role)
    ax.annotate(
        "", (place, 0.36), (place, height - _RADIUS - 0.03),
        arrowprops={
            "arrowstyle": "-|>", "color": INKS[role], "linewidth": 1.0, "linestyle": (0, (2, 2)),
            "shrinkA": 0, "shrinkB": 0, "mutation_scale": 8,
        },
    )  # fmt: skip


def _roll(ax: Axes, start: float, stop: float, role: str, *, rests: bool) -> None:
    """Draw the way along the ground, up to the ball where it rests."""
    if stop == start:
        return
    ax.annotate(
        "", (stop - (_RADIUS if rests else 0), _RADIUS), (start, _RADIUS),
        arrowprops={
            "arrowstyle": "-|>", "color": INKS[role], "linewidth": 2.4,
            "shrinkA": 0, "shrinkB": 0, "mutation_scale": 11,
        },
    )  # fmt: skip


def _ball(ax: Axes, x: float, y: float, role: str) -> None:
    from matplotlib.patches import Circle

    ax.add_patch(Circle((x, y), _RADIUS, facecolor=INKS[role], edgecolor="none", zorder=4))
    ax.add_patch(Circle((x - 0.05, y + 0.055), 0.04, facecolor="white", alpha=0.75, zorder=5))
