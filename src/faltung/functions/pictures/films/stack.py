"""The stacked view: strip by strip of f a copy of g is laid on those before, and h grows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from faltung.functions.pictures.curves import extent, shown
from faltung.functions.pictures.films.stage import ITALIC, POINTS, eased, legend, panel, say, shares
from faltung.functions.pictures.panels import draw_curve, draw_layers, draw_strips, room
from faltung.functions.pictures.stack import Stack, stack
from faltung.functions.pictures.style import INKS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from faltung.functions.function import Function

__all__ = ["StackFilm", "stacked_limits"]

# A film of few pictures has fewer strips: each takes two pictures at least.
_STRIPS = 12


@dataclass(frozen=True)
class StackFilm:
    """The film: each strip lights up, its copy of g appears at the bottom and rises to its place."""

    f: Function
    g: Function
    h: Function
    count: int
    size: tuple[float, float] = (640.0, 416.0)

    def __post_init__(self) -> None:
        """Make the strips at once: what cannot be cut is refused before any drawing."""
        _ = self.scene

    @cached_property
    def scene(self) -> Stack:
        """The strips and layers."""
        strips = max(1, min(_STRIPS, (self.count - 2) // 2))
        return stack(self.f, self.g, h=self.h, strips=strips, points=POINTS)

    @cached_property
    def moments(self) -> list[tuple[int, float]]:
        """For each picture the strip that is being laid, and how far that has come, from 0 to 1."""
        strips = len(self.scene.areas)
        given, laying, rest = shares(self.count, 0.04, 0.84, 0.12)
        places = np.linspace(0, strips, laying + 1)[1:]
        laid = [(int(np.ceil(place)) - 1, float(place - np.ceil(place) + 1)) for place in places]
        return [*[(-1, 1.0)] * given, *laid, *[(strips, 1.0)] * rest]

    @cached_property
    def _limits(self) -> tuple[tuple[float, float], tuple[float, float], tuple[float, float]]:
        (low, high), (start, stop) = shown(self.f), shown(self.h)
        left, right = min(low, start), max(high, stop)
        air = 0.02 * (right - left)
        return (left - air, right + air), room(*extent(self.f)), stacked_limits(self.h, self.scene)

    def set_up(self, figure: Figure) -> None:
        """Draw the two panels: f above, the stack below."""
        width, height = self.size
        across, up, down = self._limits
        above = panel(figure, (16, 66, width - 32, 112), xlim=across, ylim=up)
        above.tick_params(labelbottom=False)
        panel(figure, (16, 206, width - 32, 176), xlim=across, ylim=down)
        say(figure, (width - 8, 188), "u", "soft", fontsize=18, ha="right", **ITALIC)
        say(figure, (width - 8, height - 8), "t", "soft", fontsize=18, ha="right", **ITALIC)

    def draw(self, figure: Figure, i: int) -> None:
        """Draw picture `i`."""
        k, part = self.moments[i]
        strips = len(self.scene.areas)
        above, below = figure.axes
        now = k if 0 <= k < strips else None
        draw_strips(above, self.scene, min(max(k, 0), strips), now)
        draw_layers(below, self.scene, min(max(k, 0), strips))
        if now is not None:
            self._falling(below, now, part)
        if k == strips:
            draw_curve(below, (self.scene.t, self.scene.result), "result", linewidth=2.4)
        self._write(figure, k)

    def _falling(self, ax: Axes, k: int, part: float) -> None:
        """Draw what strip k makes of g, on its way from the axis to its place on the stack."""
        risen = eased(min(1.0, max(0.0, (part - 0.3) / 0.6)))
        floor = risen * self.scene.layers[:k].sum(axis=0)
        layer = self.scene.layers[k]
        ax.fill_between(
            self.scene.t, floor, floor + layer, color=INKS["g"], alpha=0.55, linewidth=0
        )
        there = np.where(layer != 0, floor + layer, np.nan)
        draw_curve(ax, (self.scene.t, there), "g", linewidth=1.6)

    def _write(self, figure: Figure, k: int) -> None:
        width, _ = self.size
        strips = len(self.scene.areas)
        steps = (
            "cut f into strips",
            "each strip leaves a copy of g, as high as its area",
            "one on the other they are h",
        )
        text = steps[0] if k < 0 else steps[1] if k < strips else steps[2]
        say(figure, (16, 24), text, "ink", fontweight="bold", fontsize=15)
        names = [("f(u)", "f")]
        names += [("its copy of g(t − u)", "g")] if 0 <= k < strips else []
        names += [("h(t)", "result")] if k == strips else []
        legend(figure, (16, 50), names)
        if k >= 0:
            told = f"strip {k + 1} of {strips}" if k < strips else f"{strips} strips"
            say(figure, (width - 16, 24), told, "soft", fontsize=15, ha="right")

    def told(self, i: int) -> str:
        """Say what picture `i` shows."""
        k, _ = self.moments[i]
        strips = len(self.scene.areas)
        if k < 0:
            return "The first function"
        if k == strips:
            return f"What {strips} strips make of the second function, stacked: the convolution"
        return f"What strip {k + 1} of {strips} makes of the second function is laid on the others"


def stacked_limits(h: Function, scene: Stack) -> tuple[float, float]:
    """Return the limits that hold the stack at every stage."""
    heights = np.cumsum(scene.layers, axis=0)
    heights = heights[np.isfinite(heights)]
    low, high = extent(h)
    if len(scene.areas) and len(heights) and np.abs(heights).max() < 4 * max(abs(low), abs(high)):
        low, high = min(low, heights.min()), max(high, heights.max())
    return room(low, high)
