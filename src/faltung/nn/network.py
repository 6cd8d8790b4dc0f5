"""Layers one after another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from faltung.errors import OptionError
from faltung.nn.coerce import Seed, as_float_type
from faltung.nn.engines.native import Array
from faltung.nn.layer import Layer, Parameter
from faltung.nn.layers import Conv2d, Dense, Flatten, MaxPool2d, ReLU

__all__ = ["Network", "small_network"]

_LAYERS: dict[str, type[Layer]] = {
    layer.name: layer for layer in (Conv2d, Dense, Flatten, MaxPool2d, ReLU)
}


class Network:
    """A sequence of layers: each takes what the one before it returns.

    Parameters
    ----------
    *layers : Layer
        At least one.

    Examples
    --------
    >>> network = Network(Conv2d(1, 4, 3, rng=0), ReLU(), Flatten(), Dense(4 * 6 * 6, 10, rng=1))
    >>> logits = network.forward(np.ones((5, 1, 8, 8)), training=True)
    >>> network.backward(np.ones_like(logits)).shape
    (5, 1, 8, 8)
    >>> network.parameter_count
    1490
    """

    def __init__(self, *layers: Layer) -> None:
        if not layers or not all(isinstance(layer, Layer) for layer in layers):
            raise OptionError(f"Network({layers}): give one layer or more, each a faltung.nn.Layer")
        self.layers = layers

    @property
    def parameters(self) -> dict[str, Parameter]:
        """All parameters by name: ``0.weight``, ``0.bias``, … with the number of the layer."""
        return {
            f"{i}.{name}": parameter
            for i, layer in enumerate(self.layers)
            for name, parameter in layer.parameters.items()
        }

    @property
    def parameter_count(self) -> int:
        """How many numbers training changes."""
        return sum(parameter.value.size for parameter in self.parameters.values())

    def output_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of one output for one input; ShapeError at the first misfit."""
        for layer in self.layers:
            shape = layer.output_shape(shape)
        return shape

    def forward(self, x: ArrayLike, *, training: bool = False, threads: int | None = None) -> Array:
        """Return what the last layer returns for a batch; see :meth:`Layer.forward`."""
        first, *others = self.layers
        output = first.forward(x, training=training, threads=threads)
        for layer in others:
            output = layer.forward(output, training=training, threads=threads)
        return output

    def backward(self, gradient: ArrayLike, *, threads: int | None = None) -> Array:
        """Return the gradient of the input, given the one of the output; write the parameters'."""
        first, of_first = self._backward_to_first(gradient, threads)
        return first.backward(of_first, threads=threads)

    def backward_to_parameters(self, gradient: ArrayLike, *, threads: int | None = None) -> None:
        """Write the gradients of the parameters alone: all that training needs."""
        first, of_first = self._backward_to_first(gradient, threads)
        first.backward_to_parameters(of_first, threads=threads)

    def _backward_to_first(
        self, gradient: ArrayLike, threads: int | None
    ) -> tuple[Layer, ArrayLike]:
        first, *others = self.layers
        for layer in reversed(others):
            gradient = layer.backward(gradient, threads=threads)
        return first, gradient

    def describe(self) -> list[dict[str, Any]]:
        """Return the kind and the arguments of each layer, as JSON can hold them."""
        return [{"kind": layer.name, **layer.settings()} for layer in self.layers]

    @classmethod
    def from_description(
        cls, description: list[dict[str, Any]], *, dtype: DTypeLike = np.float32, rng: Seed = None
    ) -> Network:
        """Return a network with the layers that `describe` described, newly initialised."""
        generator = np.random.default_rng(rng)
        return cls(*(_layer(dict(entry), dtype, generator) for entry in description))

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers)

    def __repr__(self) -> str:
        return f"Network({', '.join(map(repr, self.layers))})"


def _layer(settings: dict[str, Any], dtype: DTypeLike, rng: np.random.Generator) -> Layer:
    kind = settings.pop("kind", None)
    layer = _LAYERS.get(kind) if isinstance(kind, str) else None
    if layer is None:
        raise OptionError(f"layer kind {kind!r} is not known: write one of {', '.join(_LAYERS)}")
    if layer in (Conv2d, Dense):
        settings |= {"dtype": as_float_type(dtype), "rng": rng}
    return layer(**settings)


def small_network(
    shape: tuple[int, int, int], classes: int, *, width: int = 32, dtype: DTypeLike = np.float32,
    rng: Seed = None,
) -> Network:  # fmt: skip
    """Return a network of 3 × 3 convolutions for pictures of `shape` (channels, height, width).

    ::

        width kernels · [pool] · 2 width kernels · pool · (2 width kernels · pool) … · one Dense

    The pictures are halved until the shorter side is at most 4 pixels, the first time at once if it
    is longer than 16, where the kernels are cheapest.
    """
    channels, side = shape[0], min(shape[1:])
    generator = np.random.default_rng(rng)

    def convolution(in_channels: int, out_channels: int) -> Conv2d:
        return Conv2d(in_channels, out_channels, 3, 1, 1, dtype=dtype, rng=generator)

    # The ReLU of a maximum is the maximum of ReLUs, and has a quarter of the entries to do.
    layers: list[Layer] = [convolution(channels, width)]
    if side > 16:
        layers.append(MaxPool2d(2))
        side //= 2
    layers += [ReLU(), convolution(width, 2 * width), MaxPool2d(2), ReLU()]
    side //= 2
    while True:
        layers += [convolution(2 * width, 2 * width), MaxPool2d(2), ReLU()]
        side //= 2
        if side <= 4:
            break
    layers.append(Flatten())
    features = Network(*layers).output_shape(shape)[0]
    return Network(*layers, Dense(features, classes, dtype=dtype, rng=generator))
