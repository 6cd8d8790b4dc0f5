"""A function that is one already: its pieces, exactly, on another interval."""

from __future__ import annotations

from typing import Any

from faltung.functions.checks import as_end
from faltung.functions.doors.recipe import Exact, Interval
from faltung.functions.whole.whole import Whole
from faltung.functions.whole.windows import restricted


def as_function(thing: Any) -> Exact | None:
    """Return a Function restricted to an interval, or itself; None of anything else."""
    if getattr(type(thing), "_faltung_kind", None) != "function":
        return None

    def on(interval: Interval | None) -> Whole:
        whole: Whole = thing._whole
        return whole if interval is None else restricted(whole, *map(as_end, interval))

    return Exact(on)
