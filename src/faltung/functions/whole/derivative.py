"""The derivative of a whole function in the sense of distributions: a delta wherever it jumps."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from faltung.functions import contents
from faltung.functions.analysis import real as analysis
from faltung.functions.bounds import UNIT
from faltung.functions.chains.ends import Jump
from faltung.functions.contents import Content
from faltung.functions.whole.deltas import Delta, Deltas, gathered
from faltung.functions.whole.whole import Whole


def derivative(f: Whole) -> Whole:
    """Return f': the derivative between the breaks, a delta at each jump, deltas one order up.

    Raises
    ------
    DataError
        If f grows without end beside a place.
    """
    real, steps = _of_part(f.real)
    imaginary, turned = _of_part(f.imaginary)
    deltas = [
        *(replace(delta, order=delta.order + 1) for delta in f.deltas),
        *_deltas(f, steps, _reach(f.real)),
        *(delta.times(1j) for delta in _deltas(f, turned, _reach(f.imaginary))),
    ]
    return replace(f, real=real, imaginary=imaginary, deltas=gathered(deltas))


def _of_part(part: Content | None) -> tuple[Content | None, list[Jump]]:
    return (None, []) if part is None else analysis.derivative(part)


def _reach(part: Content | None) -> float:
    """Return how far the jumps of a part may be from their places."""
    return 0.0 if part is None else contents.break_reach(part)


def _deltas(f: Whole, steps: Iterable[Jump], reach: float) -> Deltas:
    """Return a delta for each jump; where one period ends and the next begins both are one place."""
    heights: dict[Fraction, list[Jump]] = defaultdict(list)
    for step in steps:
        heights[_place(f, step.place)].append(step)
    found = []
    for place, here in heights.items():
        height = math.fsum(step.height for step in here)
        bound = math.fsum(step.bound for step in here) + (len(here) - 1) * UNIT * abs(height)
        if abs(height) > bound:
            found.append(Delta(place, height, bound=bound, reach=reach))
    return tuple(found)


def _place(f: Whole, place: float) -> Fraction:
    """Return a place, that of the end of a period as its start."""
    low, high = f.domain
    return f.start if f.period is not None and place in (low, high) else Fraction(place)
