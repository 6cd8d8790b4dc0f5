"""The derivative of a whole function in the sense of distributions: a delta wherever it jumps."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from faltung.functions import analysis
from faltung.functions.bounds import UNIT
from faltung.functions.chains.ends import Jump
from faltung.functions.contents import Content
from faltung.functions.whole import linear
from faltung.functions.whole.deltas import Delta, Deltas, gathered
from faltung.functions.whole.whole import Whole


def derivative(f: Whole, count: int) -> Whole:
    """Return the derivative of order `count`."""
    for _ in range(count):
        f = _once(f)
    return f


def _once(f: Whole) -> Whole:
    real, steps = _of_part(f.real)
    imaginary, turned = _of_part(f.imaginary)
    deltas = [
        *(replace(delta, order=delta.order + 1) for delta in f.deltas),
        *_deltas(f, steps),
        *(delta.times(1j) for delta in _deltas(f, turned)),
    ]
    return replace(f, real=real, imaginary=imaginary, deltas=gathered(deltas))


def _of_part(part: Content | None) -> tuple[Content | None, list[Jump]]:
    return (None, []) if part is None else analysis.derivative(part)


def _deltas(f: Whole, steps: Iterable[Jump]) -> Deltas:
    """Return a delta for each jump; where one period ends and the next begins both are one place."""
    heights: dict[Fraction, list[Jump]] = defaultdict(list)
    for step in steps:
        if math.isfinite(step.place):
            heights[_place(f, step.place)].append(step)
    found = []
    for place, here in heights.items():
        height = math.fsum(step.height for step in here)
        bound = math.fsum(step.bound for step in here) + (len(here) - 1) * UNIT * abs(height)
        if abs(height) > bound:
            found.append(Delta(place, height, bound=bound))
    return tuple(found)


def _place(f: Whole, place: float) -> Fraction:
    """Return a place, that of the end of a period as its start."""
    low, high = f.domain
    if f.period is not None and place in (low, high):
        return f.start
    return Fraction(place)


def of_convolution(f: Whole, g: Whole) -> tuple[Whole, Whole]:
    """Return two functions whose convolution is the derivative of f * g: f' and g, or f and g'.

    The one with fewer pieces is differentiated; what grows without end leaves it to the other.
    """
    raise NotImplementedError


__all__ = ["derivative", "linear"]
