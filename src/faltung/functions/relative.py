"""How accurate a function is relative to itself, over an interval."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.functions import contents, transform
from faltung.functions.chains import beyond
from faltung.functions.chains.body import Body
from faltung.functions.contents import Content
from faltung.functions.transform import BoolArray, FloatArray

# Points of each piece at which the bound is compared with the value.
_POINTS = 65

# Between these points the function may be smaller by so much.
_BETWEEN = 1.5


def followed(content: Content) -> tuple[float, float]:
    """Return the ends of what the pieces cover: beyond, a tail is taken as zero."""
    if isinstance(content, Body):
        return float(content.chain.low.min()), float(content.chain.high.max())
    return contents.domain(content)


def errors(content: Content, points: FloatArray) -> FloatArray:
    """Return a bound on the error of each value: up to the ends of what is followed none is cut off."""
    if isinstance(content, Body):
        return beyond.evaluate(content, points)[1] + content.misplaced.outside
    return contents.error_bounds(content, points)


def largest(values: NDArray[Any], errors: FloatArray, inside: BoolArray) -> float:
    """Return the largest quotient of errors and values: infinite if there may be a zero between."""
    inside = inside & np.isfinite(values)
    values, errors = values[inside], errors[inside]
    if not len(values) or not values.all():
        return np.inf
    if values.dtype.kind != "c" and (np.sign(values) != np.sign(values[0])).any():
        return np.inf
    return float(_BETWEEN * (errors / np.abs(values)).max())


def points(content: Content, low: float, high: float) -> FloatArray:
    """Return points over every piece that meets the interval, and its ends."""
    if isinstance(content, Body):
        left, right = content.chain.low, content.chain.high
    else:
        left, right = content.breaks[:-1], content.breaks[1:]
    meets = (left < high) & (right > low)
    left, right = np.maximum(left[meets], low), np.minimum(right[meets], high)
    part = (1 + transform.nodes(_POINTS)) / 2
    points = left[:, None] * (1 - part) + right[:, None] * part
    return np.unique(np.concatenate([points.ravel(), [low, high]]))
