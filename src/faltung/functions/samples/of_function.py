"""Samples convolved with any function: as pieces of straight lines, by the convolution of functions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from itertools import pairwise

import numpy as np

from faltung.errors import OptionError
from faltung.functions.convolve import convolve
from faltung.functions.function import Function
from faltung.functions.samples.axis import Axis
from faltung.functions.transform import FloatArray


def convolved_with_function(
    rows: FloatArray,
    axis: Axis,
    points: FloatArray,
    kernel: Function,
    *,
    edge: bool,
    gradient: bool,
) -> tuple[FloatArray, Callable[[], list[float]]]:
    """Return the convolution of each row at some points, and what returns its bound."""
    if gradient:
        raise OptionError(
            "a Function has no parameters to take derivatives by: take a kernel of "
            "faltung.functions.resolution, or leave out gradient=True"
        )
    x, values = axis.x, rows
    if edge and points.size:
        x, values = _going_on(axis.x, rows, points, kernel)
    convolutions = [convolve(_joined(x, row), kernel) for row in values]

    return np.stack([h(points) for h in convolutions]), partial(_worst, convolutions)


def _worst(convolutions: list[Function]) -> list[float]:
    return [max(h.error_bound for h in convolutions)]


def _joined(x: FloatArray, row: FloatArray) -> Function:
    """Return the function that joins samples by straight lines, exactly."""
    heights = [Fraction(height) for height in row.tolist()]
    lines = [[(a + b) / 2, (b - a) / 2] for a, b in pairwise(heights)]
    return Function.from_pieces(x, lines)


def _going_on(
    x: FloatArray, rows: FloatArray, points: FloatArray, kernel: Function
) -> tuple[FloatArray, FloatArray]:
    """Return the samples with their ends repeated as far out as the kernel reads them."""
    low, high = kernel.domain
    if not np.isfinite([low, high]).all():
        raise OptionError(
            "outside='edge' needs a kernel on a bounded interval, and this Function has tails: take one "
            "of faltung.functions.resolution, or restrict it, f * faltung.functions.box(a, b)"
        )
    left, right = float(points.min()) - high, float(points.max()) - low
    if left < x[0]:
        left = np.nextafter(left, -np.inf)
        x, rows = np.append(left, x), np.concatenate([rows[:, :1], rows], axis=1)
    if right > x[-1]:
        right = np.nextafter(right, np.inf)
        x, rows = np.append(x, right), np.concatenate([rows, rows[:, -1:]], axis=1)
    return x, rows
