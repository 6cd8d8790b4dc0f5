"""The process of a convolution at one shift: two curves, their product, its area, what has been drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from faltung.errors import DtypeError, OptionError
from faltung.functions.pictures.curves import once, places, sides, window
from faltung.functions.rounding import as_number
from faltung.functions.transform import FloatArray
from faltung.functions.whole.deltas import Deltas

if TYPE_CHECKING:
    from faltung.functions.function import Function

__all__ = ["Process", "process", "require_functions"]


@dataclass(frozen=True, slots=True, eq=False)
class Process:
    """What happens at one shift of a convolution, as curves.

    Attributes
    ----------
    t
        The shift.
    s
        Places, rising; a place where something jumps comes twice, for its two sides.
    f, moved, product
        f(s), g(t - s) and their product at these places.
    area
        The area under the product: the value h(t) of the convolution.
    shifts, result
        All shifts from the start of the convolution to t, and its values there.
    f_deltas, moved_deltas, product_deltas
        Deltas of the three, as places with weights; the values leave them out.
    """

    t: float
    s: FloatArray
    f: FloatArray
    moved: FloatArray
    product: FloatArray
    area: float
    shifts: FloatArray
    result: FloatArray
    f_deltas: Deltas = ()
    moved_deltas: Deltas = ()
    product_deltas: Deltas = ()


def process(
    f: Function, g: Function, t: float, *, h: Function | None = None, points: int = 400
) -> Process:
    """Return the curves that show how f * g comes about at the shift t.

    Parameters
    ----------
    f, g
        The two functions; g is the one that is reversed and shifted.
    t
        The shift.
    h
        Their convolution, if it is known already.
    points
        About how many places each curve gets, at least 2.

    Raises
    ------
    DtypeError
        If f or g is not a Function.
    OptionError
        If t is not finite, a function is complex, or there are fewer than 2 points.

    Examples
    --------
    >>> from faltung.functions import box, process
    >>> scene = process(box(-1, 1), box(-1, 1), 0.5)
    >>> scene.area
    1.5
    >>> float(scene.s[scene.product > 0].min()), float(scene.s[scene.product > 0].max())
    (-0.5, 1.0)
    """
    from faltung.functions.convolve import convolve

    require_functions("process", f, g)
    t = as_number(t, "the shift")
    if h is None:
        h = convolve(f, g)
    f, moved = _on_one_interval(f, g.reflect().shift(t))
    s = places([f, moved], points)
    left, right = sides(f, s), sides(moved, s)
    shifts, result = _until(h, t, points)
    return Process(
        t, s, left, right, left * right, h(t), shifts, result,
        f.deltas, moved.deltas, (*_met(f, moved), *_met(moved, f)),
    )  # fmt: skip


def require_functions(name: str, *operands: object) -> None:
    """Refuse anything but real Functions."""
    from faltung.functions.function import Function

    for operand in operands:
        if not isinstance(operand, Function):
            raise DtypeError(
                f"{name} takes two Functions, and {type(operand).__name__} is none: write "
                "Function(callable, (a, b))"
            )
        if operand._whole.is_complex:
            raise OptionError(
                f"{name} draws real functions, and one of these is complex: convolve f.real or f.imag "
                "in its place"
            )


def _on_one_interval(f: Function, moved: Function) -> tuple[Function, Function]:
    """Return what is multiplied; of functions with a period only what is integrated over."""
    if f.period is not None and moved.period is not None:
        return once(f), moved.restrict(*f.domain)
    if moved.period is not None:
        return f, moved.restrict(*window(f))
    if f.period is not None:
        ends = f.domain, window(moved)
        return f.restrict(min(ends[0][0], ends[1][0]), max(ends[0][1], ends[1][1])), moved
    return f, moved


def _until(h: Function, t: float, points: int) -> tuple[FloatArray, FloatArray]:
    """Return the curve of the result from its start to the shift t, its last value that at t."""
    start = window(h)[0]
    last = max(t, start)
    known = places([once(h)], points)
    shifts = np.append(known[known < last], last)
    values = sides(h, shifts)
    values[-1] = h(t)
    return shifts, values


def _met(f: Function, other: Function) -> Deltas:
    """Return the deltas of f times what the other function is there."""
    values = [(delta, other(delta.place)) for delta in f.deltas if delta.order == 0]
    return tuple(delta.times(value) for delta, value in values if value and np.isfinite(value))
