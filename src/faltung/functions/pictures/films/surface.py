"""The view from above: f(x) g(y) over the plane, cut along the line x + y = t."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from faltung.functions.pictures.curves import extent, shown
from faltung.functions.pictures.films.stage import ITALIC, POINTS, number, panel, say, shares
from faltung.functions.pictures.panels import (
    draw_curve,
    draw_grown,
    draw_plane,
    draw_profile,
    room,
)
from faltung.functions.pictures.process import Process, process
from faltung.functions.pictures.style import INKS, axes, plain_axis
from faltung.functions.pictures.surface import Surface, surface

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from faltung.functions.function import Function

__all__ = ["SurfaceFilm", "profile_limits"]

_LEFT, _SIDE = 48.0, 250.0


def _ticks(count: int = 5) -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(count, steps=[1, 2, 5, 10])


@dataclass(frozen=True)
class SurfaceFilm:
    """The film: the line x + y = t moves over the plane, and the area of its section draws h."""

    f: Function
    g: Function
    h: Function
    count: int
    size: tuple[float, float] = (640.0, 480.0)

    @cached_property
    def scene(self) -> Surface:
        """The plane."""
        return surface(self.f, self.g)

    @cached_property
    def shifts(self) -> list[float]:
        """The shift of each picture."""
        start, stop = shown(self.h)
        moving, rest = shares(self.count, 0.92, 0.08)
        shifts = np.linspace(start, stop, moving + 2)[1:-1].tolist()
        return [*shifts, *[shifts[-1]] * rest]

    def draw(self, figure: Figure, i: int) -> None:
        """Draw picture `i`."""
        scene = process(self.f, self.g, self.shifts[i], h=self.h, points=POINTS)
        self._plane(figure, scene)
        self._section(figure, scene)
        self._result(figure, scene)

    def _plane(self, figure: Figure, scene: Process) -> None:
        """Draw the image, and the two functions at its sides."""
        left, right, bottom, top = self.scene.box
        plane = axes(figure, (_LEFT, 100, _SIDE, _SIDE))
        plain_axis(plane, sides=("left",))
        draw_plane(plane, self.scene, scene.t, self._others())
        plane.yaxis.set_major_locator(_ticks())
        plane.axhline(bottom, color=INKS["hair"], linewidth=0.8, clip_on=False, zorder=0)
        above = panel(figure, (_LEFT, 40, _SIDE, 52), xlim=(left, right), ylim=room(*extent(self.f)))
        above.set_xticks([])
        draw_curve(above, self.scene.f, "f")
        beside = axes(figure, (_LEFT + _SIDE + 8, 100, 52, _SIDE))
        plain_axis(beside, sides=("left",))
        beside.set(ylim=(bottom, top), xlim=room(*extent(self.g)), yticks=[])
        draw_curve(beside, self.scene.g[::-1], "g")
        say(figure, (_LEFT, 30), "f(x)", "f", fontsize=16, **ITALIC)
        say(figure, (_LEFT + _SIDE + 10, 90), "g(y)", "g", fontsize=16, **ITALIC)
        say(figure, (_LEFT - 10, 82), "y", "soft", ha="right", fontsize=16, **ITALIC)

    def _others(self) -> list[float]:
        """Return shifts whose diagonals are drawn faintly, evenly spaced."""
        return _ticks(8).tick_values(*shown(self.h)).tolist()

    def _section(self, figure: Figure, scene: Process) -> None:
        """Draw f(x) g(t - x) below the image, with lines down to it from the ends of the diagonal."""
        left, right, bottom, _ = self.scene.box
        limits = profile_limits(self.f, self.g)
        section = panel(figure, (_LEFT, 366, _SIDE, 82), xlim=(left, right), ylim=limits)
        section.xaxis.set_major_locator(_ticks())
        draw_profile(section, scene)
        ends = self.scene.diagonal(scene.t)
        low, high = limits
        for x in ends or ():
            # In the units of the section, on which the image stands 16 pixels higher.
            foot = high + (high - low) / 82 * (16 + _SIDE * (scene.t - x - bottom) / self._tall)
            style = {"color": INKS["soft"], "linewidth": 0.7, "linestyle": (0, (2, 2))}
            section.plot([x, x], [0, foot], clip_on=False, zorder=3, **style)

    @property
    def _tall(self) -> float:
        _, _, bottom, top = self.scene.box
        return top - bottom

    def _result(self, figure: Figure, scene: Process) -> None:
        width, height = self.size
        grown = panel(figure, (396, 200, 228, 248), xlim=shown(self.h), ylim=room(*extent(self.h)))
        grown.xaxis.set_major_locator(_ticks())
        draw_grown(grown, scene)
        style = {"fontsize": 16}
        say(figure, (396, 100), f"t = {number(scene.t)}", "ink", fontweight="bold", **style)
        say(figure, (396, 128), "cut along x + y = t", "product", **style)
        say(figure, (396, 156), f"area = h(t) = {number(scene.area)}", "result", **style)
        say(figure, (_LEFT + _SIDE + 18, 454), "x", "soft", ha="right", fontsize=16, **ITALIC)
        say(figure, (width - 2, 454), "t", "soft", ha="right", fontsize=16, **ITALIC)

    def told(self, i: int) -> str:
        """Say what picture `i` shows."""
        t = self.shifts[i]
        return f"On the line x + y = {t:.3g} the area below f(x) g(t - x) is {self.h(t):.3g}"


def profile_limits(f: Function, g: Function) -> tuple[float, float]:
    """Return the limits that hold the product of both at every shift."""
    (low, high), (first, last) = extent(f), extent(g)
    products = low * first, low * last, high * first, high * last
    return room(min(products), max(products))
