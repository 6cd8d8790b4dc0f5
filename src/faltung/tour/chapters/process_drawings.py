"""Drawings of the process: moves, shifts, ridges, and a shape under another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from faltung.functions import Function, Process, process
from faltung.functions.pictures import panels
from faltung.functions.pictures.curves import extent, outline
from faltung.functions.pictures.stack import Stack
from faltung.functions.pictures.style import (
    INKS,
    axes,
    figure,
    letter_colour,
    plain_axis,
    signed_colours,
    svg,
)
from faltung.functions.pictures.surface import Surface

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from faltung.tour.chapters.what_it_is import Given

__all__ = ["cut", "four_moves", "landscape", "one_shift", "result", "shaped", "stacked"]

Array = NDArray[np.float64]

_LEFT, _RIGHT = -2.75, 6.15
_ITALIC: dict[str, Any] = {"family": "serif", "style": "italic"}
# Both functions of the chapter are 1 where they are highest.
_TRUE = panels.Scales(1.0, 1.0, 0.0, 1.0)


def _line(ax: Axes, function: Function, role: str, **style: Any) -> None:
    """Draw a function over its domain, jumps at its ends included."""
    panels.draw_curve(ax, outline(function, points=160), role, **style)


def _scene(given: Given, t: float) -> Process:
    return process(given.f, given.g, t, h=given.h, points=160)


def _name(ax: Axes, place: tuple[float, float], text: str, role: str, **style: Any) -> None:
    ax.text(*place, text, color=letter_colour(role), **{"fontsize": 15, **_ITALIC, **style})


# 1 Four moves


def four_moves(given: Given, t: float) -> list[str]:
    """Draw the two functions, the second reversed, then shifted, then the product."""
    f, g = given.f, given.g
    steps = [
        ("Two functions, f and g", lambda ax: _move_given(ax, f, g)),
        ("The second function reversed", lambda ax: _move_reversed(ax, f, g)),
        (f"Then shifted by {t:g}", lambda ax: _move_shifted(ax, f, g, t)),
        (
            "Multiplied with the first; the area below the product",
            lambda ax: _move_area(ax, _scene(given, t)),
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


def _move_shifted(ax: Axes, f: Function, g: Function, t: float) -> None:
    turned = g.reflect()
    _line(ax, f, "f", alpha=0.35)
    _line(ax, turned, "g", alpha=0.35, linestyle=(0, (2, 2)), linewidth=1.2)
    _line(ax, turned.shift(t), "g")
    ax.annotate(
        "", (t, 1.1), (0, 1.1),
        arrowprops={"arrowstyle": "-|>", "color": INKS["g"], "linewidth": 1, "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip
    _name(ax, (t + 0.14, 1.02), "g(t − s)", "g")
    ax.set_xticks([0, t], ["0", "t"])


def _move_area(ax: Axes, scene: Process) -> None:
    panels.draw_product(ax, scene, _TRUE)
    ax.set_xticks([0, scene.t], ["0", "t"])
    _name(ax, (1.62, 0.1), "h(t)", "product", ha="center")


# 2 One of six shifts


def one_shift(given: Given, t: float) -> str:
    """Draw the product at shift `t` above, and the result up to there below."""
    scene = _scene(given, t)
    label = f"At shift {t:g} the area below the product is {scene.area:.3f}"
    with figure(320, 292) as drawing:
        above = axes(drawing, (6, 22, 308, 140))
        below = axes(drawing, (6, 178, 308, 84))
        for ax, top in ((above, 1.12), (below, 1.2 * given.peak[1])):
            plain_axis(ax)
            ax.set(xlim=(_LEFT, _RIGHT), ylim=(0, top), xticks=range(-2, 7, 2))
            ax.axvline(t, color=INKS["hair"], linewidth=0.8, zorder=0)
        above.set_xticklabels([])
        panels.draw_product(above, scene, _TRUE)
        panels.draw_grown(below, scene)
        _value(below, scene, falling=t > given.peak[0] + 0.6)
        above.text(0, 1.05, f"t = {t:g}", transform=above.transAxes, fontsize=13, fontweight="bold")
        return svg(drawing, label)


def _value(ax: Axes, scene: Process, *, falling: bool) -> None:
    """Write the area beside the last point of the result."""
    away = (0.16, 0.09) if falling else (0.28, 0.0)
    ax.text(
        scene.t + away[0], scene.area + away[1], f"{scene.area:.3f}", color=INKS["result"],
        fontsize=12, ha="left", va="bottom" if falling else "center",
    )  # fmt: skip


# 3 The whole process, and what it leaves


def landscape(given: Given, shifts: tuple[float, ...]) -> str:
    """Draw the product over the plane of s and t, and its course along a few shifts."""
    label = "The product over s, across, and t, upwards: a slanted band, strong where it is large"
    with figure(480, 420) as drawing:
        ax = axes(drawing, (40, 8, 432, 378))
        plain_axis(ax, sides=("left", "bottom"))
        s, t = (np.arange(240) + 0.5) / 80, (np.arange(480) + 0.5) / 80
        heights = given.f(s) * given.g(t[:, None] - s)
        ax.imshow(
            signed_colours(heights, "product") * [1, 1, 1, 0.7], interpolation="none",
            extent=(0, 3, 0, 6), origin="lower", aspect="auto",
        )  # fmt: skip
        for shift in shifts:
            ax.plot([0, 3], [shift, shift], color=INKS["product"], linewidth=0.7, alpha=0.6)
            scene = _scene(given, shift)
            raised = shift + 0.66 * panels.lifted(scene.product)
            ax.plot(scene.s, raised, color=INKS["product"], linewidth=1.6)
        ax.set(xlim=(-0.1, 3.1), ylim=(0, 6.15), xticks=range(4), yticks=range(7))
        ax.set_xlabel("s", **_ITALIC, fontsize=15)
        ax.set_ylabel("t", **_ITALIC, fontsize=15, rotation=0, labelpad=10)
        return svg(drawing, label)


def result(given: Given, shifts: tuple[float, ...]) -> str:
    """Draw the result, with its values at `shifts` as areas become lengths, t upwards."""
    with figure(480, 420) as drawing:
        ax = axes(drawing, (40, 8, 432, 378))
        plain_axis(ax, sides=("left", "bottom"))
        t = np.linspace(0, 6, 800)
        values = given.h(t)
        ax.fill_betweenx(t, values, color=INKS["result"], alpha=0.07, linewidth=0)
        ax.plot(values, t, color=INKS["result"], linewidth=2.4)
        for shift in shifts:
            value = given.h(shift)
            ax.plot([0, value], [shift, shift], color=INKS["product"], linewidth=2.2, alpha=0.55)
            ax.plot([value], [shift], "o", color=INKS["result"], markersize=6.5)
            rising = shift < given.peak[0]
            ax.text(
                value + 0.03, shift + (-0.1 if rising else 0.08), f"{value:.3f}",
                color=INKS["result"], fontsize=14, va="top" if rising else "bottom",
            )  # fmt: skip
        ax.set(xlim=(0, 0.98), ylim=(0, 6.15), yticks=range(7), xticks=[0, 0.25, 0.5, 0.75])
        ax.set_xlabel("h(t)", **_ITALIC, fontsize=15)
        ax.set_ylabel("t", **_ITALIC, fontsize=15, rotation=0, labelpad=10)
        return svg(drawing, "The result: each product's area has become one length")


# 4 Two more views


def stacked(scene: Stack) -> str:
    """Draw f in strips above, and below what each of them makes of g, one on the other."""
    strips = len(scene.areas)
    with figure(480, 420) as drawing:
        above = axes(drawing, (8, 8, 464, 150))
        below = axes(drawing, (8, 190, 464, 196))
        for ax, top in ((above, 1.08), (below, 1.06 * float(scene.result.max()))):
            plain_axis(ax)
            ax.set(xlim=(-0.05, 6.15), ylim=(0, top), xticks=range(7))
        above.set_xticklabels([])
        panels.draw_strips(above, scene, strips)
        panels.draw_layers(below, scene, strips)
        panels.draw_curve(below, (scene.t, scene.result), "result", linewidth=2.4)
        _name(above, (3.0, 0.62), "f(u)", "f")
        _name(below, (3.55, 0.42), "h(t)", "result")
        label = f"{strips} strips of the first function; what each makes of the second, stacked"
        return svg(drawing, label)


def cut(plane: Surface, scene: Process) -> str:
    """Draw the product over the plane, the line x + y = t across it, and below what is on the line."""
    left, right, bottom, top = plane.box
    with figure(480, 420) as drawing:
        ax = axes(drawing, (76, 66, 236, 236))
        above = axes(drawing, (76, 8, 236, 52))
        beside = axes(drawing, (318, 66, 62, 236))
        below = axes(drawing, (76, 318, 236, 68))
        panels.draw_plane(ax, plane, scene.t, range(1, 6))
        panels.draw_curve(above, plane.f, "f")
        panels.draw_curve(beside, plane.g[::-1], "g")
        panels.draw_profile(below, scene)
        for part, side in ((ax, "left"), (above, "bottom"), (beside, "left"), (below, "bottom")):
            plain_axis(part, sides=(side,))
        ax.set(yticks=range(4))
        above.set(xlim=(left, right), ylim=(0, 1.08), xticks=[])
        beside.set(ylim=(bottom, top), xlim=(0, 1.08), yticks=[])
        below.set(xlim=(left, right), ylim=(0, 1.02), xticks=range(4))
        _name_cut(drawing, scene)
        return svg(drawing, f"The product over the plane, cut along the line x + y = {scene.t:g}")


def _name_cut(drawing: Any, scene: Process) -> None:
    ax, above, beside, below = drawing.axes
    _name(above, (0.1, 0.62), "f(x)", "f")
    _name(beside, (0.34, 2.2), "g(y)", "g")
    _name(below, (3.16, 0.0), "x", "soft", va="center")
    _name(ax, (-0.18, 2.5), "y", "soft", ha="right", va="center")
    middle = 0.3
    _name(
        ax, (middle, scene.t - middle + 0.12), f"x + y = {scene.t:g}", "product", fontsize=13,
        rotation=-45, rotation_mode="anchor",
    )  # fmt: skip
    below.text(0.1, 0.52, f"area {scene.area:.3f}", color=INKS["product"], fontsize=14)


# 5 One shape under another


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
    low, high = extent(partner)
    return 1.12 * low, 1.12 * high
