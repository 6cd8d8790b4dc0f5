"""The sliding view: g is turned over, shifted along f, multiplied with it, and the area recorded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from faltung.functions.pictures.curves import extent, outline, shown
from faltung.functions.pictures.films.stage import (
    ITALIC,
    POINTS,
    eased,
    legend,
    number,
    panel,
    say,
    shares,
    value_of,
)
from faltung.functions.pictures.panels import (
    Scales,
    draw_curve,
    draw_deltas,
    draw_grown,
    draw_product,
    lifted,
    room,
    scales_of,
)
from faltung.functions.pictures.process import Process, process
from faltung.functions.pictures.style import INKS
from faltung.functions.transform import FloatArray
from faltung.functions.whole.deltas import Delta, Deltas

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from faltung.functions.function import Function

__all__ = ["Moment", "SlideFilm", "reach"]

_STEPS = ("reverse", "shift", "multiply", "integrate")
_TOLD = {(): "Two functions", (0,): "The second reversed", (1,): "Then shifted"}


@dataclass(frozen=True, slots=True)
class Moment:
    """One picture's place in the story.

    Attributes
    ----------
    steps
        Which of the four steps it shows, by number.
    turn
        How far g is turned over: 1 not at all, -1 wholly; widths are multiplied by it.
    t
        The shift.
    """

    steps: tuple[int, ...]
    turn: float
    t: float


@dataclass(frozen=True)
class SlideFilm:
    """The film: g as it is, turning over, moved to the first shift, then through all shifts."""

    f: Function
    g: Function
    h: Function
    count: int
    size: tuple[float, float] = (640.0, 416.0)

    @cached_property
    def moments(self) -> list[Moment]:
        """What each picture shows."""
        start, stop = shown(self.h)
        # Of a result that is repeated one period, else a little more than all.
        air = 0.0 if self.h.period is not None else 0.02 * (stop - start)
        given, turning, moving, sliding, rest = shares(self.count, 0.05, 0.15, 0.08, 0.66, 0.06)
        turns = [math.cos(math.pi * eased(k / turning)) for k in range(1, turning + 1)]
        moves = [(start - air) * eased(k / moving) for k in range(1, moving + 1)]
        shifts = np.linspace(start - air, stop + air, sliding + 1)[1:].tolist()
        return [
            *[Moment((), 1.0, 0.0)] * given,
            *[Moment((0,), turn, 0.0) for turn in turns],
            *[Moment((1,), -1.0, t) for t in moves],
            *[Moment((1, 2, 3), -1.0, t) for t in (*shifts, *[shifts[-1]] * rest)],
        ]

    @cached_property
    def _scales(self) -> Scales:
        return scales_of(self.f, self.g)

    @cached_property
    def _limits(self) -> tuple[tuple[float, float], tuple[float, float], tuple[float, float]]:
        """The limits of places, of the panel above and of the panel below."""
        scales = self._scales
        return reach(self.f, self.g, self.h), room(scales.low, scales.high), room(*extent(self.h))

    def set_up(self, figure: Figure) -> None:
        """Draw the two panels: f and g above, the result below."""
        width, height = self.size
        across, up, down = self._limits
        above = panel(figure, (16, 66, width - 32, 196), xlim=across, ylim=up)
        above.tick_params(labelbottom=False)
        # The line at s = t starts below, and passes behind the curves above.
        above.set_zorder(1)
        panel(figure, (16, 282, width - 32, 100), xlim=across, ylim=down)
        say(figure, (width - 8, 272), "s", "soft", fontsize=18, ha="right", **ITALIC)
        say(figure, (width - 8, height - 8), "t", "soft", fontsize=18, ha="right", **ITALIC)

    def draw(self, figure: Figure, i: int) -> None:
        """Draw picture `i`."""
        moment = self.moments[i]
        above, below = figure.axes
        self._write(figure, moment)
        if 2 in moment.steps:
            scene = process(self.f, self.g, moment.t, h=self.h, points=POINTS)
            draw_product(above, scene, self._scales)
            draw_grown(below, scene)
            self._value(figure, scene)
        else:
            self._before(above, moment)
        if moment.steps:
            # From the top of the panel above through the gap: it stands at g(0), where s = t.
            below.axvline(
                moment.t, ymax=3.16, color=INKS["hair"], linewidth=0.8, clip_on=False, zorder=0
            )

    def _before(self, ax: Axes, moment: Moment) -> None:
        """Draw f and g before anything is multiplied."""
        scales = self._scales
        draw_curve(ax, _scaled(self.f, scales.f), "f", alpha=0.45 if moment.steps else 1.0)
        draw_deltas(ax, self.f.deltas, "f", scales.f)
        draw_deltas(ax, _placed(self.g, moment), "g", scales.g)
        s, values = _scaled(self.g, scales.g)
        if moment.steps:
            ghost = s if 0 in moment.steps else -s
            draw_curve(ax, (ghost, values), "g", alpha=0.4, linewidth=1.2, linestyle=(0, (2, 2)))
        draw_curve(ax, (moment.turn * s + moment.t, values), "g")

    def _write(self, figure: Figure, moment: Moment) -> None:
        """Write the four steps, those that are taken in ink, and the names of the curves."""
        for k, step in enumerate(_STEPS):
            taken = k in moment.steps
            say(
                figure, (16 + 118 * k, 24), f"{k + 1}  {step}", "ink" if taken else "soft",
                alpha=1.0 if taken else 0.6, fontweight="bold" if taken else "normal", fontsize=15,
            )  # fmt: skip
        moved = "g(s)" if not moment.steps else "g(−s)" if 0 in moment.steps else "g(t − s)"
        names = [("f(s)", "f"), (moved, "g")]
        names += [("product", "product"), ("h(t)", "result")] if 2 in moment.steps else []
        legend(figure, (16, 50), names)

    def _value(self, figure: Figure, scene: Process) -> None:
        width, _ = self.size
        style = {"fontsize": 17, "ha": "right"}
        area = value_of(self.h, scene.t)
        say(figure, (width - 16, 24), f"t = {number(scene.t)}", "ink", fontweight="bold", **style)
        say(figure, (width - 16, 50), f"area = h(t) = {area}", "result", **style)

    def told(self, i: int) -> str:
        """Say what picture `i` shows."""
        moment = self.moments[i]
        if 2 in moment.steps:
            return f"At shift {moment.t:.3g} the area below the product is {self.h(moment.t):.3g}"
        return _TOLD[moment.steps]


def _placed(g: Function, moment: Moment) -> Deltas:
    """Return the deltas of g where they are while it turns over and is shifted."""
    return tuple(
        Delta(Fraction(moment.turn * delta.place + moment.t), delta.weight, delta.order)
        for delta in g.deltas
    )


def _scaled(function: Function, scale: float) -> tuple[FloatArray, FloatArray]:
    s, values = outline(function)
    return s, lifted(values) / scale


def reach(f: Function, g: Function, h: Function) -> tuple[float, float]:
    """Return the places that are seen while g, reversed, passes over f, and all shifts."""
    (low, high), (first, last), (start, stop) = shown(f), shown(g), shown(h)
    left = min(low, first, -last, start - last)
    right = max(high, last, -first, stop - first)
    air = 0.02 * (right - left)
    return left - air, right + air
