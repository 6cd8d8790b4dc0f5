"""Small multiples: the process of a convolution at several shifts, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from faltung.errors import OptionError
from faltung.functions.pictures import panels
from faltung.functions.pictures.curves import extent, shown
from faltung.functions.pictures.films.slide import reach
from faltung.functions.pictures.films.stack import stacked_limits
from faltung.functions.pictures.films.stage import number
from faltung.functions.pictures.films.surface import profile_limits
from faltung.functions.pictures.plots import new_axes
from faltung.functions.pictures.process import process
from faltung.functions.pictures.stack import stack
from faltung.functions.pictures.surface import surface
from faltung.functions.pictures.views import View
from faltung.functions.rounding import as_number

if TYPE_CHECKING:
    from faltung.functions.function import Function

__all__ = ["draw_multiples"]

_COLUMNS = 6
_STRIPS = 12


def draw_multiples(
    h: Function,
    operands: tuple[Function, Function],
    view: View,
    shifts: Iterable[float] | float | None,
    axes: Any | None,
) -> Any:
    """Draw one view of h = f * g in columns of two panels, and return the axes."""
    if view is View.STACK:
        if shifts is not None:
            raise OptionError(
                "view='stack' shows strips, not shifts: leave shifts out, or take view='slide'"
            )
        columns = _as_axes(axes, _COLUMNS)
        _draw_stack(h, operands, columns)
        return columns
    places = _as_shifts(h, shifts)
    columns = _as_axes(axes, len(places))
    draw = _draw_slide if view is View.SLIDE else _draw_surface
    draw(h, operands, places, columns)
    return columns


def _as_shifts(h: Function, shifts: Iterable[float] | float | None) -> list[float]:
    if shifts is None:
        shifts = np.linspace(*shown(h), _COLUMNS + 2)[1:-1].tolist()
    several = [shifts] if isinstance(shifts, (int, float)) else shifts
    places = [as_number(t, "a shift") for t in several]
    if not places:
        raise OptionError("shifts is empty: write at least one shift, or None for six of them")
    return places


def _as_axes(axes: Any | None, count: int) -> Any:
    axes = new_axes(2, count) if axes is None else np.asarray(axes)
    if axes.shape != (2, count):
        raise OptionError(
            f"axes has shape {axes.shape}, and {count} columns need (2, {count}): one column for "
            "each shift"
        )
    return axes


def _draw_slide(
    h: Function, operands: tuple[Function, Function], shifts: list[float], axes: Any
) -> None:
    """Draw f, g reversed and shifted, and their product; below the result up to the shift."""
    scales = panels.scales_of(*operands)
    across = reach(*operands, h)
    for t, above, below in zip(shifts, *axes, strict=True):
        scene = process(*operands, t, h=h)
        panels.draw_product(above, scene, scales)
        panels.draw_grown(below, scene)
        above.set(title=_title(t), xlim=across, xlabel="s", yticks=[])
        above.set_ylim(panels.room(scales.low, scales.high))
        below.set(xlim=across, ylim=panels.room(*extent(h)), xlabel="t")
    _finish(axes)
    axes[0, 0].legend(fontsize="x-small", frameon=False, loc="best", handlelength=1)


def _draw_surface(
    h: Function, operands: tuple[Function, Function], shifts: list[float], axes: Any
) -> None:
    """Draw the plane with the diagonal of each shift; below what is on it, over x."""
    scene = surface(*operands)
    left, right, _, _ = scene.box
    for t, above, below in zip(shifts, *axes, strict=True):
        panels.draw_plane(above, scene, t)
        panels.draw_profile(below, process(*operands, t, h=h))
        above.set(title=_title(t), xlabel="x")
        below.set(xlim=(left, right), ylim=profile_limits(*operands), xlabel="x")
        below.set_title(f"area {number(h(t), h.error_bound)}", fontsize="small")
    _finish(axes)
    axes[0, 0].set_ylabel("y")


def _draw_stack(h: Function, operands: tuple[Function, Function], axes: Any) -> None:
    """Draw f with ever more strips; below what they make of g, stacked."""
    scene = stack(*operands, h=h, strips=_STRIPS)
    stages = np.linspace(0, _STRIPS, _COLUMNS + 1)[1:].astype(int)
    for count, above, below in zip(stages, *axes, strict=True):
        panels.draw_strips(above, scene, count)
        panels.draw_layers(below, scene, count)
        above.set(title=f"{count} strips", xlim=shown(operands[0]), xlabel="u")
        above.set_ylim(panels.room(*extent(operands[0])))
        below.set(xlim=shown(h), ylim=stacked_limits(h, scene), xlabel="t")
    panels.draw_curve(axes[1, -1], (scene.t, scene.result), "result")
    _finish(axes)


def _title(t: float) -> str:
    return f"t = {number(t)}"


def _finish(axes: Any) -> None:
    """Leave the frame out, and the numbers of rows that share an axis to their first column."""
    for ax in axes.ravel():
        ax.spines[["top", "right"]].set_visible(False)
    for row in axes:
        for ax in row[1:]:
            ax.set_yticklabels([])
