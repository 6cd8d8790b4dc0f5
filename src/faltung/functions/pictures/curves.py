"""Curves to draw: a function with its jumps upright, and how much of it is to be seen.

Nothing here needs matplotlib.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from faltung.errors import OptionError
from faltung.functions.transform import FloatArray
from faltung.functions.whole import measures

if TYPE_CHECKING:
    from faltung.functions.function import Function

__all__ = ["extent", "once", "outline", "parts", "places", "shown", "sides", "window"]

# What is below this part of the largest value is not seen.
_SEEN = 1e-2
# Less than this part of a window is not worth cutting off.
_SPARED = 0.2
# What grows beyond this many times its value at the next place is a pole.
_STEEP = 3.0


def outline(function: Function, *, points: int = 400) -> tuple[FloatArray, FloatArray]:
    """Return places and values that draw a function: jumps upright, zero at both ends.

    Each piece gets places in proportion to its width, at least its two ends. Of a function that is
    repeated it is one period, open at its ends.

    Examples
    --------
    >>> from faltung.functions import box
    >>> outline(box(0, 1), points=2)
    (array([0., 0., 1., 1.]), array([0., 1., 1., 0.]))
    """
    single = once(function)
    s = places([single], points)
    values = sides(single, s)
    # A function that is repeated goes on at the ends of its period.
    return (s, values) if function.period is None else (s[1:-1], values[1:-1])


def parts(function: Function) -> list[Function]:
    """Return the function, or its real and imaginary part."""
    return [function.real, function.imag] if function._whole.is_complex else [function]


def once(function: Function) -> Function:
    """Return a function that is repeated on one period alone, and any other as it is."""
    return function if function.period is None else function.restrict(*function.domain)


def window(function: Function) -> tuple[float, float]:
    """Return the interval to be drawn: the domain, or where the function is not small."""
    return measures.window(function._whole)


def shown(function: Function) -> tuple[float, float]:
    """Return the part of the window that is worth a picture: without long ends of almost nothing.

    Examples
    --------
    >>> from faltung.functions import box, gaussian
    >>> shown(box(0, 1)), [round(end, 1) for end in shown(gaussian())]
    ((0.0, 1.0), [-3.1, 3.1])
    """
    low, high = window(function)
    s, values = outline(function)
    large = np.flatnonzero(np.abs(values) > _SEEN * max(map(abs, extent(function))))
    if not len(large):
        return low, high
    tops = [delta.place for delta in function.deltas]
    start = min([s[max(large[0] - 1, 0)], *tops])
    stop = max([s[min(large[-1] + 1, len(s) - 1)], *tops])
    return (
        (float(start), float(stop)) if stop - start < (1 - _SPARED) * (high - low) else (low, high)
    )


def extent(function: Function) -> tuple[float, float]:
    """Return the lowest and the highest value to be seen, 0 among them; poles are cut off.

    Examples
    --------
    >>> from faltung.functions import box
    >>> extent(box(0, 1) - 2 * box(1, 2))
    (-2.0, 1.0)
    """
    values = outline(function)[1]
    values = values[np.isfinite(values)]
    if len(_poles(function)):
        # A tenth of the window lies near enough to a pole to leave the picture.
        most = 1.5 * float(np.quantile(np.abs(values), 0.9))
        values = np.clip(values, -most, most)
    weights = [delta.weight.real for delta in function.deltas]
    return float(min(0.0, values.min(), *weights)), float(max(0.0, values.max(), *weights))


def places(
    functions: Sequence[Function], points: int, others: Sequence[Function] = ()
) -> FloatArray:
    """Return rising places at which to draw some functions together.

    Each has about `points` in its own window, so that a narrow one beside a wide one is smooth too;
    `others` have only their breaks. A place where any of them may jump comes twice, for its left
    and right side.
    """
    if points < 2:
        raise OptionError(f"points={points!r}: a curve needs at least 2")
    breaks = [_drawn_breaks(function) for function in functions]
    runs = [_spread(ends, points) for ends in breaks]
    sharp = np.unique(np.concatenate([*breaks, *map(_drawn_breaks, others)]))
    return np.sort(np.concatenate([np.union1d(np.concatenate(runs), sharp), sharp]))


def _drawn_breaks(function: Function) -> FloatArray:
    """Return the ends of the window and the breaks between them."""
    low, high = window(function)
    breaks = function.breaks
    inside = breaks[(breaks > low) & (breaks < high)]
    return np.concatenate([[low], inside, [high]])


def _spread(breaks: FloatArray, points: int) -> FloatArray:
    """Return places from end to end, every break among them."""
    whole = breaks[-1] - breaks[0]
    shares = np.maximum(1, np.rint((points - 1) * np.diff(breaks) / whole)).astype(int)
    pieces = zip(breaks[:-1], breaks[1:], shares, strict=True)
    return np.concatenate([np.linspace(start, stop, share + 1) for start, stop, share in pieces])


def sides(function: Function, places: FloatArray) -> FloatArray:
    """Return values at rising places; of two equal ones the first is the left side of a jump."""
    function = function.without_deltas()
    values: FloatArray = np.array(function(places))
    double = np.flatnonzero(places[1:] == places[:-1])
    # Just left of the place: the limit from there, up to a rounding of the place.
    values[double] = function(np.nextafter(places[double], -np.inf))
    if function.period is None:
        ends = np.flatnonzero(places == function.domain[1])
        values[ends[1:]] = 0.0
    values[~np.isfinite(values)] = np.nan
    _open_poles(function, places, values)
    return values


def _open_poles(function: Function, places: FloatArray, values: FloatArray) -> None:
    """Leave values out at poles; where a function is only steep, put in those just beside.

    A pole is drawn up to the next place beside it. A root or x log x is marked like a pole, for it
    has no Taylor series, but has a value.
    """
    near = 1e-9 * (places[-1] - places[0])
    for i in np.flatnonzero(np.isin(places, _poles(function))):
        side = -1 if i + 1 < len(places) and places[i + 1] == places[i] else 1
        apart = max(near, float(np.spacing(abs(places[i]))))
        next_place = places[min(max(int(i) + 2 * side, 0), len(places) - 1)]
        value, beside = function([places[i] + side * apart, next_place])
        values[i] = value if abs(value) <= _STEEP * abs(beside) else np.nan


def _poles(function: Function) -> FloatArray:
    return measures.poles(function._whole)
