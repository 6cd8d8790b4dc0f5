"""The view from above: f(x) g(y) over the plane, cut along the line x + y = t."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from faltung.functions.pictures.curves import extent, shown
from faltung.functions.pictures.films.stage import (
    ITALIC,
    POINTS,
    number,
    panel,
    say,
    shares,
    value_of,
)
from faltung.functions.pictures.panels import (
    draw_curve,
    draw_diagonal,
    draw_grown,
    draw_plane,
    draw_profile,
    room,
)
from faltung.functions.pictures.process import process
from faltung.functions.pictures.style import INKS, axes, plain_axis
from faltung.functions.pictures.surface import Surface, surface

if TYPE_CHECKING:
    from matplotlib.axes import Axes
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

    def set_up(self, figure: Figure) -> None:
        """Draw the plane, f and g at its sides, and the panels for the section and the result."""
        width, _ = self.size
        left, right, bottom, _ = self.scene.box
        plane = axes(figure, (_LEFT, 100, _SIDE, _SIDE))
        plain_axis(plane, sides=("left",))
        plane.tick_params(labelsize=14)
        draw_plane(plane, self.scene, None, _ticks(8).tick_values(*shown(self.h)).tolist())
        plane.yaxis.set_major_locator(_ticks())
        plane.axhline(bottom, color=INKS["hair"], linewidth=0.8, clip_on=False, zorder=0)
        limits = profile_limits(self.f, self.g)
        section = panel(figure, (_LEFT, 366, _SIDE, 82), xlim=(left, right), ylim=limits)
        grown = panel(figure, (396, 200, 228, 248), xlim=shown(self.h), ylim=room(*extent(self.h)))
        for ax in (section, grown):
            ax.xaxis.set_major_locator(_ticks())
        self._margins(figure)
        say(figure, (_LEFT - 10, 82), "y", "soft", ha="right", fontsize=18, **ITALIC)
        say(figure, (_LEFT + _SIDE + 18, 454), "x", "soft", ha="right", fontsize=18, **ITALIC)
        say(figure, (width - 2, 454), "t", "soft", ha="right", fontsize=18, **ITALIC)

    def _margins(self, figure: Figure) -> None:
        """Draw f above the plane and g beside it."""
        left, right, bottom, top = self.scene.box
        above = panel(
            figure, (_LEFT, 40, _SIDE, 52), xlim=(left, right), ylim=room(*extent(self.f))
        )
        above.set_xticks([])
        draw_curve(above, self.scene.f, "f")
        beside = axes(figure, (_LEFT + _SIDE + 8, 100, 52, _SIDE))
        plain_axis(beside, sides=("left",))
        beside.set(ylim=(bottom, top), xlim=room(*extent(self.g)), yticks=[])
        draw_curve(beside, self.scene.g[::-1], "g")
        say(figure, (_LEFT, 30), "f(x)", "f", fontsize=18, **ITALIC)
        say(figure, (_LEFT + _SIDE + 10, 90), "g(y)", "g", fontsize=18, **ITALIC)

    def draw(self, figure: Figure, i: int) -> None:
        """Draw picture `i`."""
        plane, section, grown, *_ = figure.axes
        scene = process(self.f, self.g, self.shifts[i], h=self.h, points=POINTS)
        draw_diagonal(plane, self.scene, scene.t)
        draw_profile(section, scene)
        draw_grown(grown, scene)
        self._plumb(section, scene.t)
        style: dict[str, Any] = {"fontsize": 17}
        say(figure, (396, 100), f"t = {number(scene.t)}", "ink", fontweight="bold", **style)
        say(figure, (396, 128), "cut along x + y = t", "product", **style)
        say(figure, (396, 156), f"area = h(t) = {value_of(self.h, scene.t)}", "result", **style)

    def _plumb(self, section: Axes, t: float) -> None:
        """Draw lines from the ends of the diagonal down to the section."""
        _, _, bottom, top = self.scene.box
        low, high = section.get_ylim()
        for x in self.scene.diagonal(t) or ():
            # In the units of the section, which is 82 pixels high, 16 below the plane.
            foot = high + (high - low) / 82 * (16 + _SIDE * (t - x - bottom) / (top - bottom))
            section.plot(
                [x, x], [0, foot], color=INKS["soft"], linewidth=0.7, linestyle=(0, (2, 2)),
                clip_on=False,
            )  # fmt: skip

    def told(self, i: int) -> str:
        """Say what picture `i` shows."""
        t = self.shifts[i]
        return f"On the line x + y = {t:.3g} the area below f(x) g(t - x) is {self.h(t):.3g}"


def profile_limits(f: Function, g: Function) -> tuple[float, float]:
    """Return the limits that hold the product of both at every shift."""
    (low, high), (first, last) = extent(f), extent(g)
    products = low * first, low * last, high * first, high * last
    return room(min(products), max(products))
