"""Pictures of functions and of the process, with matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from faltung.errors import OptionError, missing_extra
from faltung.functions.draw import Process, outline, process, window
from faltung.functions.rounding import as_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes

    from faltung.functions.function import Function

_SHIFTS = 6
_F, _G, _PRODUCT, _RESULT = "C0", "C1", "C2", "C3"


def new_axes(rows: int = 1, columns: int = 1) -> Any:
    """Return fresh matplotlib axes: one, or an array of `rows` by `columns`.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    try:
        from matplotlib import pyplot as plt
    except ImportError:
        raise missing_extra("matplotlib", "plot", "plot") from None
    if rows == columns == 1:
        return plt.subplots()[1]
    size = (2.2 * columns, 1.8 * rows)
    return plt.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")[1]


def draw_function(function: Function, ax: Axes | None, **style: Any) -> Axes:
    """Draw a function on `ax`, by default on fresh axes, and return them."""
    ax = new_axes() if ax is None else ax
    ax.plot(*outline(function, points=800), **style)
    return ax


def draw_process(
    operands: tuple[Function, Function],
    h: Function,
    shifts: Iterable[float] | float | None,
    axes: Any | None,
) -> Any:
    """Draw the process at several shifts: one column for each, two rows."""
    f, g = operands
    if shifts is None:
        shifts = np.linspace(*window(h), _SHIFTS + 2)[1:-1].tolist()
    several = [shifts] if isinstance(shifts, (int, float)) else shifts
    places = [as_number(t, "a shift") for t in several]
    if not places:
        raise OptionError("shifts is empty: write at least one shift, or None for six of them")
    axes = new_axes(2, len(places)) if axes is None else np.asarray(axes)
    if axes.shape != (2, len(places)):
        raise OptionError(
            f"axes has shape {axes.shape}, and {len(places)} shifts need (2, {len(places)}): one "
            "column for each shift"
        )
    scenes = [process(f, g, t, h=h) for t in places]
    limits = min(scene.s[0] for scene in scenes), max(scene.s[-1] for scene in scenes)
    for scene, above, below in zip(scenes, *axes, strict=True):
        _draw_product(above, scene, limits)
        _draw_result(below, scene, h)
    axes[0, 0].legend(fontsize="x-small", frameon=False, loc="upper right", handlelength=1)
    return axes


def _draw_product(ax: Axes, scene: Process, limits: tuple[float, float]) -> None:
    """Draw f(s), g(t - s), and the area under their product."""
    ax.plot(scene.s, scene.f, color=_F, label="f(s)")
    ax.plot(scene.s, scene.moved, color=_G, label="g(t − s)")
    ax.fill_between(scene.s, scene.product, color=_PRODUCT, alpha=0.4, linewidth=0, label="product")
    ax.set(title=f"t = {scene.t:.3g}", xlim=limits, xlabel="s")


def _draw_result(ax: Axes, scene: Process, h: Function) -> None:
    """Draw the result up to t, and the area as its last point."""
    ax.plot(scene.shifts, scene.result, color=_RESULT)
    ax.plot([scene.t], [scene.area], "o", color=_RESULT)
    _, values = outline(h)
    margin = 0.05 * (values.max() - values.min() or 1.0)
    ax.set(xlim=window(h), ylim=(values.min() - margin, values.max() + margin), xlabel="t")
