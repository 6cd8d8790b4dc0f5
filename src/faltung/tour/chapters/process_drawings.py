"""Drawings of the process: moves, shifts, ridges, and a shape under another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from faltung.functions import Function
from faltung.tour.figures import outline, signed_colours
from faltung.functions.pictures.style import INKS, axes, figure, letter_colour, plain_axis, svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from faltung.tour.chapters.what_it_is import Process

__all__ = ["four_moves", "landscape", "one_shift", "result", "shaped"]

Array = NDArray[np.float64]

_LEFT, _RIGHT = -2.75, 6.15
_ITALIC: dict[str, Any] = {"family": "serif", "style": "italic"}


def _line(ax: Axes, function: Function, role: str, **style: Any) -> None:
    """Draw a function over its domain, jumps at its ends included."""
    ax.plot(*outline(function, 160), color=INKS[role], **style)


def _turned(process: Process, t: float) -> Function:
    return process.g.reflect().shift(t)


def _area(ax: Axes, process: Process, t: float) -> None:
    s, values = _overlap(process, t)
    ax.fill_between(s, values, color=INKS["product"], alpha=0.3, linewidth=0)
    ax.plot(s, values, color=INKS["product"], linewidth=1.3)


def _overlap(process: Process, t: float) -> tuple[Array, Array]:
    """Return the places at which both functions are there at shift `t`, and their product."""
    (low, high), (first, last) = process.f.domain, process.g.domain
    s = np.linspace(max(low, t - last), min(high, t - first), 120)
    return s, process.product(s, t)


def _name(ax: Axes, place: tuple[float, float], text: str, role: str, **style: Any) -> None:
    ax.text(*place, text, color=letter_colour(role), **{"fontsize": 15, **_ITALIC, **style})


# 1 Four moves


def four_moves(process: Process, t: float) -> list[str]:
    """Draw the two functions, the second reversed, then shifted, then the product."""
    f, g = process.f, process.g
    steps = [
        ("Two functions, f and g", lambda ax: _move_given(ax, f, g)),
        ("The second function reversed", lambda ax: _move_reversed(ax, f, g)),
        (f"Then shifted by {t:g}", lambda ax: _move_shifted(ax, process, t)),
        (
            "Multiplied with the first; the area below the product",
            lambda ax: _move_area(ax, process, t),
        ),
    ]
    return [_move(label, draw) for label, draw in steps]


def _move(label: str, draw: Any) -> str:
    with figure(240, 176) as drawing:
        ax = axes(drawing, (4, 6, 232, 146))
        plain_axis(ax)
        ax.set(xlim=(-3.25, 3.55), ylim=(0, 1.16), xticks=[0])
        ax.spines["bottom"].set_color(INKS["soft"])
        draw(ax)
        return svg(drawing, label)


def _move_given(ax: Axes, f: Function, g: Function) -> None:
    _line(ax, f, "f")
    _line(ax, g, "g")
    _name(ax, (2.58, 0.86), "f(s)", "f")
    _name(ax, (0.42, 0.78), "g(s)", "g")


def _move_reversed(ax: Axes, f: Function, g: Function) -> None:
    _line(ax, f, "f", alpha=0.35)
    _line(ax, g, "g", alpha=0.35, linestyle=(0, (2, 2)), linewidth=1.2)
    _line(ax, g.reflect(), "g")
    _name(ax, (-0.42, 0.78), "g(−s)", "g", ha="right")


def _move_shifted(ax: Axes, process: Process, t: float) -> None:
    _line(ax, process.f, "f", alpha=0.35)
    _line(ax, process.g.reflect(), "g", alpha=0.35, linestyle=(0, (2, 2)), linewidth=1.2)
    _line(ax, _turned(process, t), "g")
    ax.annotate(
        "", (t, 1.1), (0, 1.1),
        arrowprops={"arrowstyle": "-|>", "color": INKS["g"], "linewidth": 1, "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip
    _name(ax, (t + 0.14, 1.02), "g(t − s)", "g")
    ax.set_xticks([0, t], ["0", "t"])


def _move_area(ax: Axes, process: Process, t: float) -> None:
    _line(ax, process.f, "f")
    _line(ax, _turned(process, t), "g")
    _area(ax, process, t)
    ax.set_xticks([0, t], ["0", "t"])
    _name(ax, (1.62, 0.1), "h(t)", "product", ha="center")


# 2 One of six shifts


def one_shift(process: Process, t: float) -> str:
    """Draw the product at shift `t` above, and the result up to there below."""
    value = process.h(t)
    label = f"At shift {t:g} the area below the product is {value:.3f}"
    with figure(320, 292) as drawing:
        above = axes(drawing, (6, 22, 308, 140))
        below = axes(drawing, (6, 178, 308, 84))
        for ax, top in ((above, 1.12), (below, 1.2 * process.peak[1])):
            plain_axis(ax)
            ax.set(xlim=(_LEFT, _RIGHT), ylim=(0, top), xticks=range(-2, 7, 2))
            ax.axvline(t, color=INKS["hair"], linewidth=0.8, zorder=0)
        above.set_xticklabels([])
        _line(above, process.f, "f")
        _line(above, _turned(process, t), "g")
        _area(above, process, t)
        _grown(below, process, t)
        above.text(0, 1.05, f"t = {t:g}", transform=above.transAxes, fontsize=13, fontweight="bold")
        return svg(drawing, label)


def _grown(ax: Axes, process: Process, t: float) -> None:
    """Draw the result up to `t`, with its last point and value."""
    past = np.linspace(0, t, 300)
    ax.plot(past, process.h(past), color=INKS["result"], linewidth=2.4)
    value = process.h(t)
    ax.plot([t], [value], "o", color=INKS["result"], markersize=6.5, clip_on=False, zorder=5)
    falling = t > process.peak[0] + 0.6
    place = (t + 0.16, value + 0.09) if falling else (t + 0.28, value)
    ax.text(
        *place, f"{value:.3f}", color=INKS["result"], fontsize=12, ha="left",
        va="bottom" if falling else "center",
    )  # fmt: skip


# 3 The whole process, and what it leaves


def landscape(process: Process, shifts: tuple[float, ...]) -> str:
    """Draw the product over the plane of s and t, and its course along a few shifts."""
    label = "The product over s, across, and t, upwards: a slanted band, strong where it is large"
    with figure(480, 420) as drawing:
        ax = axes(drawing, (40, 8, 432, 378))
        plain_axis(ax, sides=("left", "bottom"))
        s, t = (np.arange(240) + 0.5) / 80, (np.arange(480) + 0.5) / 80
        heights = np.array([process.product(s, shift) for shift in t])
        ax.imshow(
            signed_colours(heights, "product") * [1, 1, 1, 0.7], interpolation="none",
            extent=(0, 3, 0, 6), origin="lower", aspect="auto",
        )  # fmt: skip
        for shift in shifts:
            s, values = _overlap(process, shift)
            ax.plot([0, 3], [shift, shift], color=INKS["product"], linewidth=0.7, alpha=0.6)
            s, values = np.append(s, s[-1]), np.append(values, 0.0)
            ax.plot(s, shift + 0.66 * values, color=INKS["product"], linewidth=1.6)
        ax.set(xlim=(-0.1, 3.1), ylim=(0, 6.15), xticks=range(4), yticks=range(7))
        ax.set_xlabel("s", **_ITALIC, fontsize=15)
        ax.set_ylabel("t", **_ITALIC, fontsize=15, rotation=0, labelpad=10)
        return svg(drawing, label)


def result(process: Process, shifts: tuple[float, ...]) -> str:
    """Draw the result, with its values at `shifts` as areas become lengths, t upwards."""
    with figure(480, 420) as drawing:
        ax = axes(drawing, (40, 8, 432, 378))
        plain_axis(ax, sides=("left", "bottom"))
        t = np.linspace(0, 6, 800)
        values = process.h(t)
        ax.fill_betweenx(t, values, color=INKS["result"], alpha=0.07, linewidth=0)
        ax.plot(values, t, color=INKS["result"], linewidth=2.4)
        for shift in shifts:
            value = process.h(shift)
            ax.plot([0, value], [shift, shift], color=INKS["product"], linewidth=2.2, alpha=0.55)
            ax.plot([value], [shift], "o", color=INKS["result"], markersize=6.5)
            rising = shift < process.peak[0]
            ax.text(
                value + 0.03, shift + (-0.1 if rising else 0.08), f"{value:.3f}",
                color=INKS["result"], fontsize=14, va="top" if rising else "bottom",
            )  # fmt: skip
        ax.set(xlim=(0, 0.98), ylim=(0, 6.15), yticks=range(7), xticks=[0, 0.25, 0.5, 0.75])
        ax.set_xlabel("h(t)", **_ITALIC, fontsize=15)
        ax.set_ylabel("t", **_ITALIC, fontsize=15, rotation=0, labelpad=10)
        return svg(drawing, "The result: each product's area has become one length")


# 4 One shape under another


def shaped(shape: Function, partner: Function, after: Function, name: str) -> str:
    """Draw a partner above, and below it the shape before and after."""
    low, high = -0.7, 4.95
    with figure(320, 300) as drawing:
        above = axes(drawing, (6, 8, 308, 92))
        below = axes(drawing, (6, 130, 308, 140))
        for ax in (above, below):
            plain_axis(ax)
            ax.set(xlim=(low, high), xticks=range(5))
            ax.axhline(0, color=INKS["hair"], linewidth=0.8, zorder=0)
        above.set(xticklabels=[], ylim=_room(partner))
        below.set(ylim=(-1.2, 1.25) if name == "edges" else (0, 1.25))
        above.spines["bottom"].set_visible(False)
        above.tick_params(length=0)
        above.fill_between(*outline(partner), color=INKS["g"], alpha=0.14, linewidth=0)
        _line(above, partner, "g")
        _line(below, shape, "f", linewidth=1.2, linestyle=(0, (3, 2)))
        _line(below, after, "result", linewidth=2.3)
        return svg(drawing, f"A shape, dashed, and what another function makes of it: {name}")


def _room(partner: Function) -> tuple[float, float]:
    t = np.linspace(*partner.domain, 2000)
    values = partner(t)
    low, high = min(0.0, float(values.min())), float(values.max())
    return 1.12 * low, 1.12 * high
