"""The layers, with PyTorch's names, parameter shapes and meaning."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from faltung.errors import ShapeError
from faltung.nn.coerce import (
    Seed,
    as_batch,
    as_count,
    as_float_type,
    as_pair,
    initial_weights,
)
from faltung.nn.engines import native
from faltung.nn.engines.native import Array
from faltung.nn.layer import Layer, Parameter

__all__ = ["Conv2d", "Dense", "Flatten", "MaxPool2d", "ReLU"]

# Terms of a sum that the core adds up in a register before it starts the next such sum.
_BLOCK = 256


class Conv2d(Layer):
    """Slide kernels over pictures: one weighted sum for each place and output channel.

    ::

        output[n, o, y, x] = bias[o] + sum over c, i, j of
            weight[o, c, i, j] * input[n, c, y*stride - padding + i, x*stride - padding + j]

    with zeros outside the picture. As in every network library this is a *correlation*: the kernel
    is not reversed. Pictures are ``(batch, channels, height, width)`` and the weight is
    ``(out_channels, in_channels, height, width)``, so PyTorch's weights fit as they are.

    Parameters
    ----------
    in_channels, out_channels : int
        At least 1.
    kernel_size, stride, padding : int or (int, int)
        One number for height and width, or both.
    bias : bool
        Whether to add a number for each output channel.
    dtype : dtype
        float32 or float64: of the parameters and of everything computed.
    rng : int or numpy.random.Generator, optional
        Where the initial weights come from.

    Notes
    -----
    Each output is within `error_bound` of the exact sum of the given float numbers. The weights
    start uniform with variance 2/n, n the terms of a sum (He et al. 2015), the bias starts at zero.

    Examples
    --------
    >>> layer = Conv2d(1, 8, 3, padding=1, rng=0)
    >>> layer.forward(np.ones((5, 1, 28, 28))).shape
    (5, 8, 28, 28)
    """

    name = "Conv2d"
    dimensions = 4

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Any, stride: Any = 1,
        padding: Any = 0, *, bias: bool = True, dtype: DTypeLike = np.float32, rng: Seed = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.in_channels = as_count(in_channels, "in_channels")
        self.out_channels = as_count(out_channels, "out_channels")
        self.kernel_size = as_pair(kernel_size, "kernel_size")
        self.stride = as_pair(stride, "stride")
        self.padding = as_pair(padding, "padding", least=0)
        self.dtype = as_float_type(dtype)
        shape = (self.out_channels, self.in_channels, *self.kernel_size)
        self.parameters["weight"] = Parameter(initial_weights(shape, self.dtype, rng))
        if bias:
            self.parameters["bias"] = Parameter(np.zeros(self.out_channels, self.dtype))

    def settings(self) -> dict[str, Any]:
        """Return the arguments that make this layer again, without dtype."""
        return {
            "in_channels": self.in_channels, "out_channels": self.out_channels,
            "kernel_size": self.kernel_size, "stride": self.stride, "padding": self.padding,
            "bias": "bias" in self.parameters,
        }  # fmt: skip

    def output_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return (out_channels, height, width) for pictures of (in_channels, height, width)."""
        if len(shape) != 3 or shape[0] != self.in_channels:
            raise ShapeError(
                f"{self!r} takes pictures of (channels, height, width) with {self.in_channels} "
                f"channels, not {shape}"
            )
        axes = zip(shape[1:], self.kernel_size, self.stride, self.padding, strict=True)
        size = [native.output_size(*axis) for axis in axes]
        if min(size) < 1:
            raise ShapeError(
                f"the kernel {self.kernel_size} does not fit into a picture of {shape[1:]} with "
                f"padding {self.padding}: use a smaller kernel or more padding"
            )
        return (self.out_channels, *size)

    def error_bound(self, x: ArrayLike) -> Array:
        """Return for each output of ``forward(x)`` how far it may be from the exact sum.

        It is ``gamma(m) (|weight| * |input| + |bias|)`` with ``gamma(m) = m u / (1 - m u)``, `u`
        the unit round-off and m = min(n, 256) + ceil(n / 256) for sums of n terms (Higham,
        *Accuracy and Stability of Numerical Algorithms*, 2nd ed., section 4.2). Overflow and
        underflow are left out.
        """
        pictures = as_batch(x, "input", dtype=self.dtype, dimensions=4)
        self.output_shape(pictures.shape[1:])
        weight, bias = self.value("weight"), self.value("bias")
        magnitude = native.convolve2d(
            np.abs(pictures), np.abs(weight), None if bias is None else np.abs(bias),
            stride=self.stride, padding=self.padding, threads=0,
        ).astype(np.float64)  # fmt: skip
        terms = math.prod(weight.shape[1:])
        roundings = min(terms, _BLOCK) + -(-terms // _BLOCK)
        unit = float(np.finfo(weight.dtype).eps) / 2
        gamma = roundings * unit / (1 - roundings * unit)
        # The magnitude may itself be too small by a factor of 1 - gamma; 4 eps are for this line.
        bound: Array = magnitude * (gamma / (1 - gamma) * (1 + 4 * np.finfo(float).eps))
        return bound

    def _forward(self, x: Array, threads: int) -> tuple[Array, Array]:
        output = native.convolve2d(
            x, self.value("weight"), self.value("bias"), stride=self.stride, padding=self.padding,
            threads=threads,
        )  # fmt: skip
        return output, x

    def _input_gradient(self, gradient: Array, own: Array, threads: int) -> Array:
        return native.convolve2d_input_gradient(
            gradient, self.value("weight"), own.shape, stride=self.stride, padding=self.padding,
            threads=threads,
        )  # fmt: skip

    def _parameter_gradients(self, gradient: Array, own: Array, threads: int) -> None:
        self.parameters["weight"].gradient = native.convolve2d_weight_gradient(
            own, gradient, self.value("weight").shape, stride=self.stride, padding=self.padding,
            threads=threads,
        )  # fmt: skip
        if "bias" in self.parameters:
            self.parameters["bias"].gradient = gradient.sum(axis=(0, 2, 3))


class Dense(Layer):
    """Every output is a weighted sum of every input: ``output = input @ weight.T + bias``.

    Parameters
    ----------
    in_features, out_features : int
        The weight is ``(out_features, in_features)``, as in PyTorch's ``Linear``.
    bias, dtype, rng
        As for :class:`Conv2d`.

    Examples
    --------
    >>> Dense(64, 10, rng=0).forward(np.ones((5, 64))).shape
    (5, 10)
    """

    name = "Dense"
    dimensions = 2

    def __init__(
        self, in_features: int, out_features: int, *, bias: bool = True,
        dtype: DTypeLike = np.float32, rng: Seed = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.in_features = as_count(in_features, "in_features")
        self.out_features = as_count(out_features, "out_features")
        self.dtype = as_float_type(dtype)
        shape = (self.out_features, self.in_features)
        self.parameters["weight"] = Parameter(initial_weights(shape, self.dtype, rng))
        if bias:
            self.parameters["bias"] = Parameter(np.zeros(self.out_features, self.dtype))

    def settings(self) -> dict[str, Any]:
        """Return the arguments that make this layer again, without dtype."""
        return {
            "in_features": self.in_features, "out_features": self.out_features,
            "bias": "bias" in self.parameters,
        }  # fmt: skip

    def output_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return (out_features,) for rows of in_features."""
        if shape != (self.in_features,):
            raise ShapeError(
                f"{self!r} takes rows of {self.in_features} features, not {shape}: put Flatten() "
                "before it if these are pictures"
            )
        return (self.out_features,)

    def _forward(self, x: Array, threads: int) -> tuple[Array, Array]:
        weight, bias = self.value("weight"), self.value("bias")
        return native.multiply_matrices(x, weight.T, bias, threads=threads), x

    def _input_gradient(self, gradient: Array, own: Array, threads: int) -> Array:  # noqa: ARG002
        return native.multiply_matrices(gradient, self.value("weight"), None, threads=threads)

    def _parameter_gradients(self, gradient: Array, own: Array, threads: int) -> None:
        weight = native.multiply_matrices(gradient.T, own, None, threads=threads)
        self.parameters["weight"].gradient = weight
        if "bias" in self.parameters:
            self.parameters["bias"].gradient = gradient.sum(axis=0)


class MaxPool2d(Layer):
    """Keep the largest entry of each window; windows lie side by side.

    Rows and columns that fill no window are left out, a window with a NaN gives NaN, and of equal
    entries the first gets the gradient: as in PyTorch.

    Parameters
    ----------
    kernel_size : int or (int, int)
        Height and width of the windows.

    Examples
    --------
    >>> MaxPool2d(2).forward(np.arange(16.0).reshape(1, 1, 4, 4))[0, 0]
    array([[ 5.,  7.],
           [13., 15.]])
    """

    name = "MaxPool2d"
    dimensions = 4

    def __init__(self, kernel_size: Any) -> None:
        super().__init__()
        self.kernel_size = as_pair(kernel_size, "kernel_size")

    def settings(self) -> dict[str, Any]:
        """Return the arguments that make this layer again."""
        return {"kernel_size": self.kernel_size}

    def output_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return (channels, height, width) after pooling."""
        if len(shape) != 3 or shape[1] < self.kernel_size[0] or shape[2] < self.kernel_size[1]:
            raise ShapeError(
                f"{self!r} takes pictures of (channels, height, width) that hold a window, not "
                f"{shape}: use a smaller window or larger pictures"
            )
        return (shape[0], shape[1] // self.kernel_size[0], shape[2] // self.kernel_size[1])

    def _forward(self, x: Array, threads: int) -> tuple[Array, Any]:
        output, places = native.pool_maximum(x, self.kernel_size, threads=threads)
        return output, (x.shape, places)

    def _input_gradient(self, gradient: Array, own: Any, threads: int) -> Array:
        shape, places = own
        return native.pool_maximum_gradient(
            gradient, places, shape, window=self.kernel_size, threads=threads
        )


class ReLU(Layer):
    """Negative entries become zero; the gradient passes where the output is positive.

    Examples
    --------
    >>> ReLU().forward([[-1.0, 2.0]])
    array([[0., 2.]])
    """

    name = "ReLU"

    def output_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return `shape`."""
        return shape

    def _forward(self, x: Array, threads: int) -> tuple[Array, Array]:  # noqa: ARG002
        output: Array = np.maximum(x, x.dtype.type(0))
        return output, output

    def _input_gradient(self, gradient: Array, own: Array, threads: int) -> Array:  # noqa: ARG002
        return gradient * (own > 0)  # seven times as fast as np.where


class Flatten(Layer):
    """Each picture becomes one row: ``(batch, channels * height * width)``.

    Examples
    --------
    >>> Flatten().forward(np.zeros((5, 8, 3, 3))).shape
    (5, 72)
    """

    name = "Flatten"

    def output_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the number of entries of one input."""
        return (math.prod(shape),)

    def _forward(self, x: Array, threads: int) -> tuple[Array, tuple[int, ...]]:  # noqa: ARG002
        return x.reshape(len(x), math.prod(x.shape[1:])), x.shape

    def _input_gradient(self, gradient: Array, own: tuple[int, ...], threads: int) -> Array:  # noqa: ARG002
        return gradient.reshape(own)
