"""The third view: f(x) g(y) over the plane; the convolution adds up its diagonals x + y = t."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from faltung.errors import OptionError
from faltung.functions.pictures.curves import extent, outline, shown
from faltung.functions.pictures.process import require_functions
from faltung.functions.transform import FloatArray

if TYPE_CHECKING:
    from faltung.functions.function import Function

__all__ = ["Surface", "require_no_period", "surface"]


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """The product f(x) g(y) over the plane, and the two functions at its sides.

    The diagonal x + y = t runs through the points (x, t - x), so that f(x) g(t - x) are the heights
    on it, and h(t) is their integral over x. Along the diagonal itself the area would be sqrt(2) times as
    large, for its points lie that much farther apart than their places x.

    Attributes
    ----------
    x, y
        The middles of columns and rows.
    heights
        f(x) g(y), one row for each y, one column for each x.
    f, g
        The two functions as curves: places and values.
    most
        The largest product that is told apart: beside poles there are larger ones.
    """

    x: FloatArray
    y: FloatArray
    heights: FloatArray
    f: tuple[FloatArray, FloatArray]
    g: tuple[FloatArray, FloatArray]
    most: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The sides of the drawn rectangle: left, right, bottom, top."""
        half_x, half_y = (self.x[1] - self.x[0]) / 2, (self.y[1] - self.y[0]) / 2
        left, right = self.x[0] - half_x, self.x[-1] + half_x
        return float(left), float(right), float(self.y[0] - half_y), float(self.y[-1] + half_y)

    def diagonal(self, t: float) -> tuple[float, float] | None:
        """Return from where to where in x the line x + y = t is inside the rectangle, if it is.

        Examples
        --------
        >>> from faltung.functions import box
        >>> scene = surface(box(0, 2), box(0, 1))
        >>> [round(x, 12) for x in scene.diagonal(2.5)], scene.diagonal(4)
        ([1.5, 2.0], None)
        """
        left, right, bottom, top = self.box
        low, high = max(left, t - top), min(right, t - bottom)
        return (low, high) if low < high else None


def surface(f: Function, g: Function, *, points: int = 250) -> Surface:
    """Return f(x) g(y) in `points` columns and rows, where neither is small.

    Raises
    ------
    DtypeError
        If f or g is not a Function.
    OptionError
        If a function has a period, or there are fewer than 2 points or more than 2,000.
    """
    require_functions("surface", f, g)
    require_no_period(f, g)
    if not 2 <= points <= 2000:
        raise OptionError(f"points={points!r}: write a whole number from 2 to 2000")
    x, y = _middles(f, points), _middles(g, points)
    heights = np.outer(np.nan_to_num(g(y)), np.nan_to_num(f(x)))
    sizes = (max(map(abs, extent(each.without_deltas()))) for each in (f, g))
    return Surface(x, y, heights, outline(f), outline(g), most=math.prod(sizes))


def require_no_period(f: Function, g: Function) -> None:
    """Refuse functions with a period: one shift is many diagonals for them."""
    if f.period is not None or g.period is not None:
        raise OptionError(
            "view='surface' shows functions without a period: take view='slide' or 'stack', or part of "
            "a periodic one, f.restrict(a, b)"
        )


def _middles(function: Function, count: int) -> FloatArray:
    edges = np.linspace(*shown(function), count + 1)
    return (edges[1:] + edges[:-1]) / 2
