"""Products and convolutions: bilinear, so that they are made of those of the parts.

    (a + b i)(c + d i) = (a c - b d) + (a d + b c) i

holds for the product at a point and for the convolution alike. What deltas make is added to it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np

from faltung.errors import OptionError
from faltung.functions import contents
from faltung.functions.contents import Content
from faltung.functions.rounding import nearest
from faltung.functions.whole import echoes, linear, periodic
from faltung.functions.whole.deltas import Delta, Deltas, gathered
from faltung.functions.whole.derivative import derivative
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
    picked = gathered(row for delta in comb.deltas for row in _picked(smooth, delta))
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
    once = [_of_parts(contents.convolved, f, g)] if f.parts and g.parts else []
    for smooth, comb in ((f, g.deltas), (g, f.deltas)):
        once += _echoes(smooth, comb)
    once.append(Whole(None, deltas=echoes.convolved(f.deltas, g.deltas)))
    total = reduce(linear.added, (replace(each, period=None) for each in once))
    if period is None:
        return total
    start = f.start + g.start if f.period == g.period else (f.start if f.period else g.start)
    return periodic.wrapped(total, period, start)


def _echoes(f: Whole, deltas: Deltas) -> list[Whole]:
    """Return the convolutions of the contents of f with deltas, one for each order.

    That with the n-th derivative of a delta is the n-th derivative of f, moved: where f jumps it has
    deltas itself. A comb is complex as contents are.
    """
    smooth, found = replace(f, deltas=()), []
    for order in range(max((delta.order for delta in deltas), default=-1) + 1):
        smooth = derivative(smooth) if order else smooth
        comb = tuple(replace(delta, order=0) for delta in deltas if delta.order == order)
        if comb and (smooth.parts or smooth.deltas):
            reach = max(delta.reach for delta in comb)
            parts = _unsettled(smooth.real, reach), _unsettled(smooth.imaginary, reach)
            made = _bilinear(echoes.echoed, parts, echoes.combs(comb))
            found.append(replace(made, deltas=echoes.convolved(smooth.deltas, comb)))
    return found


def _unsettled(part: Content | None, reach: float) -> Content | None:
    """Return a part that is moved by a place known within `reach` only."""
    return part if part is None or not reach else contents.unsettled(part, reach)


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


def _picked(f: Whole, delta: Delta) -> list[Delta]:
    """Return f times a delta, by Leibniz' rule.

    With C the binomial coefficients, f delta_a^(n) is the sum over k of
    (-1)^k C(n, k) f^(k)(a) delta_a^(n - k): integrate by parts against any smooth function.
    """
    rows = []
    for k in range(delta.order + 1):
        f = derivative(f) if k else f
        value, bound = _value_at(f, delta)
        times = (-1) ** k * math.comb(delta.order, k)
        rows.append(replace(delta, order=delta.order - k).times(times * value, abs(times) * bound))
    return rows


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
        return _repeated_around(f, g), g
    return f, _repeated_around(g, f)


def _repeated_around(f: Whole, g: Whole) -> Whole:
    """Return a function with a period on the domain of another; and beyond, if a delta is at its end."""
    assert f.period is not None
    low, high = g.domain
    room = nearest(f.period) if g.deltas else 0.0
    return periodic.repeated(f, low - room, high + room)
