"""Slow and obvious: one sum for each output, and slopes by taking small steps."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np


def convolve2d(pictures, weight, bias, stride, padding, number=float):
    """The layer's output, one product at a time; `number` is the type of the arithmetic."""
    batch, channels, height, width = pictures.shape
    outputs, _, rows, columns = weight.shape
    tall = (height + 2 * padding[0] - rows) // stride[0] + 1
    wide = (width + 2 * padding[1] - columns) // stride[1] + 1
    result = np.empty((batch, outputs, tall, wide), dtype=object)
    for n, o, y, x in itertools.product(*(range(size) for size in result.shape)):
        total = number(0 if bias is None else bias[o].item())
        for c, i, j in itertools.product(range(channels), range(rows), range(columns)):
            v, h = y * stride[0] - padding[0] + i, x * stride[1] - padding[1] + j
            if 0 <= v < height and 0 <= h < width:
                total += number(weight[o, c, i, j].item()) * number(pictures[n, c, v, h].item())
        result[n, o, y, x] = total
    return result if number is Fraction else result.astype(float)


def pool_maximum(pictures, window):
    batch, channels, height, width = pictures.shape
    result = np.empty((batch, channels, height // window[0], width // window[1]))
    for n, c, y, x in itertools.product(*(range(size) for size in result.shape)):
        result[n, c, y, x] = pictures[
            n, c, y * window[0] : (y + 1) * window[0], x * window[1] : (x + 1) * window[1]
        ].max()
    return result


def slopes(function, array, step=1e-6):
    """The gradient of `function` (of no arguments) in `array`, which is moved and put back."""
    result = np.empty_like(array)
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + step
        above = function()
        array[index] = kept - step
        below = function()
        array[index] = kept
        result[index] = (above - below) / (2 * step)
    return result
