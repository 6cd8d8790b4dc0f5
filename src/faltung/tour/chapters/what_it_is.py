"""What it is: reversed, shifted, multiplied, integrated, for every shift."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

import faltung as ft
from faltung.functions import Function, process
from faltung.functions.pictures.stack import stack
from faltung.functions.pictures.surface import surface
from faltung.tour.chapters import process_drawings as draw
from faltung.tour.chapters.strip_drawings import product_table, strips
from faltung.tour.page import Chapter, Markup, fill, in_words, panels, read_text
from faltung.tour.settings import Settings, Story

__all__ = ["Given", "given", "tell"]

Array = NDArray[np.float64]

SHIFTS = (0.6, 1.4, 2.2, 3.0, 4.0, 5.2)
_MOVED_TO = 2.2
_FIRST, _SECOND = (1, 2, 4, 3, 1), (3, 2, 1)
_PLACE = 3
_STRIPS = 10
_STEPS = (4, 16, 64, 256)


@dataclass(frozen=True)
class Given:
    """The two functions of this chapter, and their convolution."""

    f: Function
    g: Function
    h: Function

    @cached_property
    def peak(self) -> tuple[float, float]:
        """Where the result is largest on a fine grid, and how large."""
        low, high = self.h.domain
        grid = np.linspace(low, high, 6001)
        values = self.h(grid)
        return float(grid[values.argmax()]), float(values.max())


def tell(settings: Settings, story: Story) -> Chapter:
    """Tell the chapter; nothing in it is random."""
    del settings
    start = time.perf_counter()
    pair = given()
    seconds = time.perf_counter() - start
    story.step("two functions")
    sampled = _sampling_errors(pair)
    story.numbers["what_it_is"] = _report(pair, sampled, seconds)
    slots = {
        **_process_slots(pair, sampled),
        **_view_slots(pair),
        **_shape_slots(),
        **_discrete_slots(),
    }
    story.step("six shifts")
    return Chapter(
        name="what-it-is",
        title="What it is",
        line="Reverse, shift, multiply, add up: for every shift",
        body=fill(read_text("chapters/what_it_is.html"), slots),
    )


def given() -> Given:
    """Return the two functions of this chapter, convolved."""
    f = Function(lambda s: s**2 * (3 - s) / 4, (0, 3))
    g = Function(lambda s: np.exp(-1.3 * s), (0, 3))
    return Given(f, g, ft.convolve(f, g))


def _report(given: Given, sampled: dict[int, float], seconds: float) -> dict[str, Any]:
    return {
        "at_shifts": {f"{t:g}": given.h(t) for t in SHIFTS},
        "peak": {"at": given.peak[0], "value": given.peak[1]},
        "error_bound": given.h.error_bound,
        "areas": {
            "f": given.f.integral(),
            "g": given.g.integral(),
            "result": given.h.integral(),
        },
        "error_of_samples": {f"1/{n}": error for n, error in sampled.items()},
        "discrete": ft.convolve(_FIRST, _SECOND).tolist(),
        "convolve_seconds": seconds,
    }


# 1 The process and its result


def _process_slots(given: Given, sampled: dict[int, float]) -> dict[str, object]:
    moves = [Markup(drawing) for drawing in draw.four_moves(given, _MOVED_TO)]
    shifts = [Markup(draw.one_shift(given, t)) for t in SHIFTS]
    area_f, area_g, area = (part.integral() for part in (given.f, given.g, given.h))
    return {
        "move_1": moves[0],
        "move_2": moves[1],
        "move_3": moves[2],
        "move_4": moves[3],
        "moved_to": f"{_MOVED_TO:g}",
        "moved_value": f"{given.h(_MOVED_TO):.4f}",
        "shifts": panels(shifts, "three"),
        "landscape": Markup(draw.landscape(given, SHIFTS)),
        "result": Markup(draw.result(given, SHIFTS)),
        "peak_at": f"{given.peak[0]:.2f}",
        "peak_value": f"{given.peak[1]:.3f}",
        "area_f": f"{area_f:.6f}",
        "area_g": f"{area_g:.6f}",
        "area_h": f"{area:.6f}",
        "error_bound": _power(given.h.error_bound),
        "samples": Markup("".join(_sample_row(n, error) for n, error in sampled.items())),
    }


def _view_slots(given: Given) -> dict[str, object]:
    scene = stack(given.f, given.g, h=given.h, strips=_STRIPS)
    at = process(given.f, given.g, _MOVED_TO, h=given.h)
    return {
        "stacked": Markup(draw.stacked(scene)),
        "cut": Markup(draw.cut(surface(given.f, given.g), at)),
        "strips_count": in_words(_STRIPS),
        "cut_at": f"{_MOVED_TO:g}",
        "cut_value": f"{at.area:.3f}",
    }


def _power(value: float) -> Markup:
    """Return a small number as a power of ten."""
    digits, exponent = f"{value:.0e}".split("e")
    return Markup(f'<span class="number">{digits} · 10<sup>−{abs(int(exponent))}</sup></span>')


def _sampling_errors(given: Given) -> dict[int, float]:
    """Return for each 1/n how far sums over samples 1/n apart stay from the integral at most."""
    errors = {}
    for n in _STEPS:
        grid = np.arange(0, 3, 1 / n)
        sums = ft.convolve(given.f(grid), given.g(grid)) / n
        exact = given.h(np.arange(len(sums)) / n)
        errors[n] = float(np.abs(sums - exact).max())
    return errors


def _sample_row(n: int, error: float) -> str:
    return f"<tr><th>1/{n}</th><td>{error:.5f}</td></tr>"


# 2 One shape under three others


def _shape_slots() -> dict[str, object]:
    shape = (
        ft.functions.box(0, 0.7)
        + ft.functions.hat(0.9, 1.15, 1.4)
        + Function.from_pieces([1.55, 2.2], [[0.5, 0.5]])
    )
    width = 0.12
    spike = ft.functions.box(-width / 2, width / 2, 1 / width)
    partners = {
        "soft": ft.functions.gaussian(0.16),
        "echo": 0.65 * spike + 0.45 * spike.shift(2.6),
        "edges": ft.functions.box(-width, 0, 1 / width) - ft.functions.box(0, width, 1 / width),
    }
    return {
        f"shape_{name}": Markup(draw.shaped(shape, partner, ft.convolve(shape, partner), name))
        for name, partner in partners.items()
    }


# 3 The discrete form


def _discrete_slots() -> dict[str, object]:
    result = ft.convolve(_FIRST, _SECOND)
    ways = [
        f"{_FIRST[i]} · {_SECOND[_PLACE - i]}"
        for i in range(len(_FIRST) - 1, -1, -1)
        if 0 <= _PLACE - i < len(_SECOND)
    ]
    return {
        "strips": Markup(strips(_FIRST, _SECOND, result.tolist(), _PLACE)),
        "table": Markup(product_table(_FIRST, _SECOND, _PLACE)),
        "first": ", ".join(map(str, _FIRST)),
        "second": ", ".join(map(str, _SECOND)),
        "all": ", ".join(map(str, result.tolist())),
        "place": _PLACE,
        "sum": " + ".join(ways),
        "sum_value": int(result[_PLACE]),
    }
