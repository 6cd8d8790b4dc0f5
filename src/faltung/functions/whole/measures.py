"""What there is to know of a function: its breaks, its errors, where it is to be drawn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from faltung.functions import contents, relative
from faltung.functions.contents import Content
from faltung.functions.transform import FloatArray
from faltung.functions.whole import folding
from faltung.functions.whole.whole import Whole, of_parts


def breaks(f: Whole) -> FloatArray:
    """Return the breaks of all parts."""
    return _union(f, contents.breaks)


def poles(f: Whole) -> FloatArray:
    """Return the places beside which the function may grow without end."""
    return _union(f, contents.poles)


def _union(f: Whole, places: Callable[[Content], FloatArray]) -> FloatArray:
    """Return the places that the parts have, in order."""
    return np.unique(np.concatenate([np.zeros(0), *(places(part) for part in f.parts)]))


def counts(f: Whole) -> tuple[int, int]:
    """Return the number of pieces of all parts, and the highest degree."""
    shapes = [contents.coefficients(part).shape for part in f.parts]
    return sum(rows for rows, _ in shapes), max((length - 1 for _, length in shapes), default=0)


def break_reach(f: Whole) -> float:
    """Return how far a jump may be from where it should be."""
    reaches = [contents.break_reach(part) for part in f.parts]
    return max([*reaches, *(delta.reach for delta in f.deltas)], default=0.0)


def largest_error(f: Whole) -> float:
    """Return a bound on the error of any value, deltas and poles left aside."""
    if f.period is None:
        return of_parts(f, contents.largest_error)
    # The place within the period is rounded once.
    return of_parts(f, lambda part: contents.largest_error(part) + folding.slack(part))


def largest_value(f: Whole) -> float:
    """Return about the largest size of a value, deltas and poles left aside."""
    return of_parts(f, contents.largest_value)


def typical_error(f: Whole) -> float:
    """Return the error to expect at the worst point."""
    return of_parts(f, contents.typical_error)


def relative_bound(f: Whole, low: float | None, high: float | None) -> float:
    """Return a bound on the relative error between two places, by default wherever it is followed."""
    ends = [relative.followed(part) for part in f.parts]
    start = min((end[0] for end in ends), default=0.0) if low is None else low
    stop = max((end[1] for end in ends), default=0.0) if high is None else high
    points = np.unique(
        np.concatenate([relative.points(part, start, stop) for part in f.parts])
        if f.parts
        else np.zeros(1)
    )
    errors = np.zeros(points.shape)
    for part in f.parts:
        errors += relative.errors(part, points)
    inside = (points >= start) & (points <= stop)
    return relative.largest(f.evaluate(points), errors, inside)


def window(f: Whole) -> tuple[float, float]:
    """Return the interval that a drawing shows: the domain, or where the function is not small."""
    if f.period is not None:
        return f.domain
    places = [delta.place for delta in f.deltas]
    ends = [contents.window(part) for part in f.parts] + [(place, place) for place in places]
    if not ends:
        return -1.0, 1.0
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    if low < high:
        return low, high
    # One delta alone.
    room = max(1.0, abs(low) / 8)
    return low - room, high + room
