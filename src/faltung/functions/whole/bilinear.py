"""Products and convolutions: bilinear, so that they are made of those of the parts.

    (a + b i)(c + d i) = (a c - b d) + (a d + b c) i

holds for the product at a point and for the convolution alike. What deltas make is added to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np

from faltung.errors import OptionError
from faltung.functions import contents
from faltung.functions.contents import Content
from faltung.functions.whole import echoes, linear, periodic
from faltung.functions.whole.deltas import Delta, Deltas, gathered
from faltung.functions.whole.whole import Whole

# Values on both sides of a place that are nearer than so many of their bounds are one value.
_ONE_VALUE = 4.0


def multiplied(f: Whole, g: Whole) -> Whole:
    """Return f times g, point by point.

    Raises
    ------
    OptionError
        If both have deltas, or one is not continuous where the other has a delta.
    """
    if f.period != g.period:
        f, g = _over_one_domain(f, g)
    if f.period is not None:
        g = periodic.started_at(g, f.start)
    if f.deltas and g.deltas:
        raise OptionError(
            f"the product of {f.deltas[0]} and {g.deltas[0]} is not defined: two functions with "
            "deltas can be added and convolved, not multiplied"
        )
    smooth, comb = (g, f) if f.deltas else (f, g)
    picked = gathered(_picked(smooth, delta) for delta in comb.deltas)
    return replace(_of_parts(contents.multiplied, f, g), deltas=picked)


def convolved(f: Whole, g: Whole) -> Whole:
    """Return the convolution of f and g; of two with a period, over one period.

    Raises
    ------
    OptionError
        If both have a period, and not the same.
    """
    if f.period is not None and g.period is not None and f.period != g.period:
        periodic.require_alike(f, g, "the convolution")
    period = f.period or g.period
    if period is not None:
        once = convolved(replace(f, period=None), replace(g, period=None))
        start = f.start + g.start if f.period == g.period else (f.start if f.period else g.start)
        return periodic.wrapped(once, period, start)
    parts = [_of_parts(contents.convolved, f, g)] if f.parts and g.parts else []
    parts += [_echoed(part, comb) for part, comb in ((f, g.deltas), (g, f.deltas)) if comb]
    deltas = echoes.convolved(f.deltas, g.deltas)
    return reduce(linear.added, parts, Whole(None, deltas=deltas))


def _echoed(f: Whole, deltas: Deltas) -> Whole:
    """Return the convolution of the contents of f with deltas: a comb is complex as they are."""
    real, imaginary = echoes.combs(deltas)
    return _bilinear(echoes.echoed, (f.real, f.imaginary), (real, imaginary))


def _of_parts(operation: Callable[[Content, Content], Content], f: Whole, g: Whole) -> Whole:
    """Return f with the contents that a bilinear operation on its own and those of g gives."""
    made = _bilinear(operation, (f.real, f.imaginary), (g.real, g.imaginary))
    return replace(f, real=made.real, imaginary=made.imaginary, deltas=())


def _bilinear(
    operation: Callable[[Content, Any], Content],
    f: tuple[Content | None, Content | None],
    g: tuple[Any, Any],
) -> Whole:
    """Return (a + b i)(c + d i) from the products of the parts, None for what is zero."""

    def applied(one: Content | None, other: Any) -> Content | None:
        return None if one is None or other is None else operation(one, other)

    second = applied(f[1], g[1])
    minus = None if second is None else contents.negative(second)
    return Whole(
        linear.sum_of(applied(f[0], g[0]), minus),
        linear.sum_of(applied(f[0], g[1]), applied(f[1], g[0])),
    )


def _picked(f: Whole, delta: Delta) -> Delta:
    """Return f times a delta: its value there times the delta."""
    return delta.times(*_value_at(f, delta))


def _value_at(f: Whole, delta: Delta) -> tuple[complex, float]:
    """Return the value at a delta's place and its bound, where both sides have the same."""
    place = delta.place
    points = np.array([np.nextafter(place, -np.inf), place, np.nextafter(place, np.inf)])
    values, errors = f.evaluate(points), f.error_bounds(points)
    spread = float(np.abs(values - values[1]).max())
    bound = float(errors.max()) + spread
    if not spread <= _ONE_VALUE * float(errors.max()) + 1e-9 * float(np.abs(values).max()):
        raise OptionError(
            f"{delta} times a function that jumps from {values[0]:g} to {values[2]:g} there is not "
            "defined: move the delta or the jump"
        )
    value = values[1].item()
    return value, bound


def _over_one_domain(f: Whole, g: Whole) -> tuple[Whole, Whole]:
    """Return two functions of which one has a period as two on the domain of the other."""
    if f.period is not None and g.period is not None:
        periodic.require_alike(f, g, "the product")
    if f.period is not None:
        return periodic.repeated(f, *g.domain), g
    return f, periodic.repeated(g, *f.domain)
