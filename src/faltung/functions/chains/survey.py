"""What a callable does on its way to infinity."""

from __future__ import annotations

import math

import numpy as np

from faltung.errors import DataError, ResolutionError
from faltung.functions.chains.knots import DEAD, LEAST, Reach, Tail
from faltung.functions.chains.sources import Source
from faltung.functions.chains.spans import Spans
from faltung.functions.transform import FloatArray
from faltung.functions.unresolved import Unresolved

# An algebraic tail is followed to this distance.
FARTHEST = 1e290

# Distances at which a tail is looked at: two for each factor of two.
_FIRST, _LAST, _STEP = -40, 963, 0.5

# To see where it is, so many more.
_FINER = 16

# A tail has fallen to this many times the least size before it is taken as zero.
_FALLEN = 1e60

# Noise shows in third differences of logarithms, once in so many; it is taken to begin so far above,
# and for noise only if it is so small a part of the function.
_NOISY, _WINDOW, _ABOVE, _CANCELLED = 0.02, 8, 4.0, 1e-10

# Values that grow above this are not followed.
_HUGE = 1e250

# What has its largest value far out, above this, and is no power, grows too fast.
_GROWN = 1e60

# A place is left for another where the function is so many times as large.
_HIGHER, _CLIMBS = 1e3, 40

# A tail is algebraic if its exponent changes by less than this over half its decades.
_SAME = 0.02

# Slopes of a function that swings turn in this part of all places, or more.
_TURNS = 0.25


def survey(source: Source, anchor: tuple[float, float], side: int) -> Reach:
    """Return what the source does from an anchor to infinity.

    Raises
    ------
    ResolutionError
        If it swings without falling faster than a power.
    """
    distances = np.exp2(np.arange(_FIRST, _LAST, _STEP / _FINER))
    values = _values(source, anchor, side, distances)
    # So many orders of magnitude are followed; below, exponentials have few digits.
    least = max(LEAST, LEAST * float(np.abs(values).max()))
    alive = np.flatnonzero(np.abs(values) > least)
    if not len(alive):
        return Reach(Tail.FALLING, stop=0.0, least=float(np.abs(values).max()))
    end = int(alive[-1])
    if end + 1 < len(values) and abs(values[end]) > _FALLEN * least:
        # Where large parts cancel, what is left dies away in their rounding, and not to nothing.
        least = max(least, _rounding_of(np.abs(values[: end + 1])))
        end = int(np.flatnonzero(np.abs(values) > least)[-1])
    # What is narrow must not be missed, and slopes want some distance.
    between = distances[end : end + 2]
    distances, values, last = distances[::_FINER], values[::_FINER], end // _FINER
    slopes = np.diff(np.log(np.maximum(np.abs(values), 5e-324))) / np.diff(np.log(distances))
    exponent = _algebraic_exponent(values[: last + 1], slopes[:last], distances, place=anchor[0])
    if exponent is None and abs(values[last]) > max(_GROWN, np.abs(values).max() / 2):
        raise ResolutionError(
            f"the function grows faster than every power, seen from x = {anchor[0]!r}: take a bounded "
            "interval"
        )
    if exponent is None:
        stop = _end(source, anchor, side, between, least)
        return Reach(Tail.FALLING, stop=stop, least=least)
    steady = np.abs(slopes[:last] - exponent) <= 0.25
    start = int(np.flatnonzero(~steady)[-1]) + 2 if not steady.all() else 0
    begin = float(distances[min(start, last)])
    return Reach(Tail.ALGEBRAIC, exponent, begin, float(distances[last]))


def _values(
    source: Source, anchor: tuple[float, float], side: int, distances: FloatArray
) -> FloatArray:
    """Return values at rising distances; 0 where the function died away and is undefined beyond.

    For instance t**2 * exp(-t), where both factors leave the doubles.
    """
    values = source.glance(anchor, side, distances)
    wrong = np.flatnonzero(~np.isfinite(values))
    if len(wrong):
        before = np.abs(values[: wrong[0]])
        if len(before) and np.isinf(values[wrong[0]]) and before[-1] > _HUGE:
            # It grows out of the doubles: as far as it stays among them it is followed.
            values[np.abs(values) > _HUGE] = 0.0
            values[wrong[0] :] = 0.0
            return values
        if not len(before) or before[-1] > DEAD * before.max():
            # Asked for it, the source names the point.
            source.sample(Spans.one(anchor, side, *distances[[0, -1]].tolist()), distances[None, :])
        values[wrong[0] :] = 0.0
    return values


def _algebraic_exponent(
    values: FloatArray, slopes: FloatArray, distances: FloatArray, *, place: float
) -> float | None:
    """Return the exponent, or None if the function falls faster than a power."""
    last = len(values) - 1
    # Beyond the last distance a power is as good as any other guess for what is a power before.
    if distances[last] < 2.0**40:
        return None
    half = slopes[last // 2 + 40 :]
    signs = np.sign(values[last // 2 + 40 :])
    if len(half) < 8:
        return None
    changes = (signs != signs[0]).any() and math.log2(distances[last]) > 200
    if changes or _swings(half):
        raise ResolutionError(
            f"the function swings all the way to infinity, seen from x = {place!r}, and falls no "
            "faster than a power: its convolution is not computed. Multiply it by a "
            "window, or take a bounded interval"
        )
    spread = float(half.max() - half.min())
    if spread > _SAME * max(1.0, abs(float(half[-1]))):
        return None
    exponent = float(half[-1])
    nearest = round(2 * exponent) / 2
    return nearest if abs(exponent - nearest) < 1e-6 else exponent


def _rounding_of(sizes: FloatArray) -> float:
    """Return from which size on values that end abruptly are noise; 0 if they are none."""
    logarithms = np.log(np.maximum(sizes, 5e-324))
    bends = np.abs(np.diff(logarithms, 3)) > _NOISY
    window = np.convolve(bends, np.ones(_WINDOW), "valid") > 0
    quiet = np.flatnonzero(~window)
    if not len(quiet) or quiet[-1] == len(window) - 1:
        return 0.0
    noise = _ABOVE * float(sizes[quiet[-1] + _WINDOW + 3 :].max())
    return noise if noise < _CANCELLED * sizes.max() else 0.0


def _swings(slopes: FloatArray) -> bool:
    """Whether slopes go up and down again and again."""
    steps = np.diff(slopes)
    clear = np.abs(steps) > _SAME * np.maximum(1.0, np.abs(slopes[1:]))
    turns = np.diff(np.sign(steps)) != 0
    return bool(np.mean(turns & clear[1:] & clear[:-1]) > _TURNS)


def _end(
    source: Source, anchor: tuple[float, float], side: int, between: FloatArray, least: float
) -> float:
    """Return a distance between the last that is alive and the first that is not, nearly.

    Raises
    ------
    Unresolved
        If the function jumps there: the place must be a knot.
    """
    low, high = between.tolist() if len(between) == 2 else (between[0], between[0])
    size = np.inf
    for _ in range(3):
        grid = np.linspace(low, high, 18)
        sizes = np.abs(_values(source, anchor, side, grid))
        alive = np.flatnonzero(sizes > least)
        step = int(alive[-1]) if len(alive) else 0
        low, high, size = float(grid[step]), float(grid[min(step + 1, 17)]), float(sizes[step])
    if size > _FALLEN * least and high > low:
        ends = sorted([anchor[0] + side * low, anchor[0] + side * high])
        raise Unresolved(
            f"the function drops to 0 between x = {ends[0]!r} and {ends[1]!r}: say where, with "
            "breaks=[...]",
            np.array(ends[:1]),
            np.array(ends[1:]),
        )
    return float(high)


def centre(source: Source) -> float:
    """Return a place at which a function on the whole line is not small: 0, if it is so there.

    It climbs: from the best place so far to the best one around it, unless that is at infinity.
    """
    place = 0.0
    distances = np.exp2(np.arange(_FIRST, _LAST, _STEP / _FINER))
    signed = np.concatenate([-distances[::-1], [0.0], distances])
    for _ in range(_CLIMBS):
        sizes = np.concatenate(
            [
                _values(source, (place, 0.0), -1, distances)[::-1],
                source.glance((place, 0.0), 1, np.zeros(1)),
                _values(source, (place, 0.0), 1, distances),
            ]
        )
        sizes = np.abs(np.nan_to_num(sizes))
        best = int(np.argmax(sizes))
        if best in (0, len(sizes) - 1) or sizes[best] <= _HIGHER * sizes[len(distances)]:
            break
        place += float(signed[best])
    return place


def require_some(reaches: list[Reach], place: float) -> None:
    """Refuse a function that is zero, or next to nothing, wherever it was looked at."""
    if all(reach.tail is Tail.FALLING and reach.stop == 0 for reach in reaches):
        largest = max(reach.least for reach in reaches)
        if largest:
            raise DataError(
                f"the function is at most {largest:.3g} at all points that were tried: so near to the "
                "least double numbers lose their digits. Multiply it by 1e200, say, and what you make "
                "of it by 1e-200"
            )
        raise DataError(
            f"the function is 0 at every point that was tried, at all distances from x = {place!r}: "
            "say where it is, with breaks=[...]"
        )
