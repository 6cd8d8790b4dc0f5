"""The layers on our own core: arrays of one float type in, a new array out, no coercion.

Pictures are ``(batch, channels, height, width)``, weights ``(out_channels, in_channels,
kernel_height, kernel_width)``, all in C order. Every result has the same bits for any `threads`.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from faltung import _core

__all__ = [
    "Array",
    "convolve2d",
    "convolve2d_input_gradient",
    "convolve2d_weight_gradient",
    "multiply_matrices",
    "pool_maximum",
    "pool_maximum_gradient",
]

Array: TypeAlias = NDArray[Any]  # float32 or float64
Pair: TypeAlias = tuple[int, int]


def output_size(size: int, kernel: int, stride: int, padding: int) -> int:
    """Return how many places a kernel has on an axis; not positive if it does not fit."""
    return (size + 2 * padding - kernel) // stride + 1


def convolve2d(
    pictures: Array,
    weights: Array,
    bias: Array | None,
    *,
    stride: Pair,
    padding: Pair,
    threads: int,
) -> Array:
    """Return the correlation of the pictures with the weights, plus the bias."""
    size = [
        output_size(pictures.shape[i], weights.shape[i], stride[i - 2], padding[i - 2])
        for i in (2, 3)
    ]
    output = np.empty((len(pictures), len(weights), *size), pictures.dtype)
    _core.convolve2d(pictures, weights, bias, output, stride, padding, threads)
    return output


def convolve2d_input_gradient(
    gradient: Array, weights: Array, shape: tuple[int, ...], *, stride: Pair, padding: Pair,
    threads: int,
) -> Array:  # fmt: skip
    """Return the gradient of pictures of `shape`, given the one of the output."""
    result = np.empty(shape, gradient.dtype)
    _core.convolve2d_input_gradient(gradient, weights, result, stride, padding, threads)
    return result


def convolve2d_weight_gradient(
    pictures: Array, gradient: Array, shape: tuple[int, ...], *, stride: Pair, padding: Pair,
    threads: int,
) -> Array:  # fmt: skip
    """Return the gradient of weights of `shape`, given the one of the output."""
    result = np.empty(shape, gradient.dtype)
    _core.convolve2d_weight_gradient(pictures, gradient, result, stride, padding, threads)
    return result


def multiply_matrices(a: Array, b: Array, bias: Array | None, *, threads: int) -> Array:
    """Return ``a @ b + bias``; `a` and `b` may have any strides."""
    product = np.zeros((a.shape[0], b.shape[1]), a.dtype)
    if not a.shape[1]:  # sums of no terms
        return product if bias is None else product + bias
    _core.multiply_matrices(a, b, bias, product, threads)
    return product


def pool_maximum(pictures: Array, window: Pair, *, threads: int) -> tuple[Array, NDArray[np.int32]]:
    """Return the largest entry of each window, and its place in the flattened plane."""
    shape = (*pictures.shape[:2], pictures.shape[2] // window[0], pictures.shape[3] // window[1])
    output, places = np.empty(shape, pictures.dtype), np.empty(shape, np.int32)
    _core.pool_maximum(pictures, output, places, window, threads)
    return output, places


def pool_maximum_gradient(
    gradient: Array, places: NDArray[np.int32], shape: tuple[int, ...], *, window: Pair,
    threads: int,
) -> Array:  # fmt: skip
    """Return the gradient of pictures of `shape`: each entry at the place of its maximum."""
    result = np.empty(shape, gradient.dtype)
    _core.pool_maximum_gradient(gradient, places, result, window, threads)
    return result
