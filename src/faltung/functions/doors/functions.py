"""A function that is one already: its pieces, exactly, on another interval."""

from __future__ import annotations

from typing import Any

from faltung.functions.chains.door import is_unbounded
from faltung.functions.checks import as_interval
from faltung.functions.doors.recipe import Exact, Interval
from faltung.functions.whole import bilinear
from faltung.functions.whole.making import whole_of
from faltung.functions.whole.whole import Whole


def as_function(thing: Any) -> Exact | None:
    """Return a Function restricted to an interval, or itself; None of anything else."""
    if getattr(type(thing), "_faltung_kind", None) != "function":
        return None
    return Exact(lambda interval: thing._whole if interval is None else _on(thing, interval))


def _on(thing: Any, interval: Interval) -> Whole:
    """Return a Function on an interval: times a box, if the box has ends that are rounded."""
    if not is_unbounded(interval):
        ends = as_interval(interval)
        if any(end != float(end) for end in ends):
            return bilinear.multiplied(thing._whole, whole_of(1, ends, (), {}, periodic=False))
    whole: Whole = thing.restrict(*map(float, interval))._whole
    return whole
