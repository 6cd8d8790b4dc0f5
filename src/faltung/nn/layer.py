"""What a layer is: a map forward, its gradient backward, and parameters."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from faltung.errors import DataError, ShapeError
from faltung.nn.coerce import as_batch
from faltung.nn.engines.native import Array
from faltung.options import as_threads

__all__ = ["Layer", "Parameter"]


@dataclass(eq=False)
class Parameter:
    """An array that training changes, and the gradient that `backward` last computed for it."""

    value: Array
    gradient: Array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.gradient = np.zeros_like(self.value)


class _Kept(NamedTuple):
    """What forward keeps for backward."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    own: Any


class Layer(ABC):
    """A map of batches that has a gradient.

    ``forward(x, training=True)`` keeps what ``backward(gradient)`` needs. Backward takes the
    gradient of a number with respect to the layer's output, writes those with respect to its
    parameters and returns the one with respect to its input. Without ``training=True`` a layer
    keeps nothing, so many threads may call it at once. Results have the same bits for any `threads`.

    Attributes
    ----------
    parameters : dict of str to Parameter
        What training changes: each with a `value` and a `gradient`.
    """

    name: ClassVar[str]
    dimensions: ClassVar[int | None] = None  # of a batch; None for any
    dtype: np.dtype[Any] | None = None  # of the computation; None for that of the input

    def __init__(self) -> None:
        self.parameters: dict[str, Parameter] = {}
        self._kept: _Kept | None = None

    def forward(self, x: ArrayLike, *, training: bool = False, threads: int | None = None) -> Array:
        """Return the layer's output for a batch.

        Parameters
        ----------
        x : array_like
            The batch, real numbers. Layers with parameters compute in their own dtype, others in
            that of `x`: float32, or else float64.
        training : bool
            Keep what `backward` needs.
        threads : int, optional
            None stands for the default of :func:`faltung.show_config`.

        Raises
        ------
        ShapeError, DtypeError
            If the batch is not one this layer takes.
        """
        batch = as_batch(x, "input", dtype=self.dtype, dimensions=self.dimensions)
        self.output_shape(batch.shape[1:])
        output, own = self._forward(batch, as_threads(threads))
        if training:
            self._kept = _Kept(output.shape, output.dtype, own)
        return output

    def backward(self, gradient: ArrayLike, *, threads: int | None = None) -> Array:
        """Return the gradient of the input, given the one of the output; write the parameters'.

        Raises
        ------
        DataError
            If ``forward(x, training=True)`` was not called before.
        ShapeError
            If the gradient has not the shape of the output.
        """
        of_output, own = self._check(gradient)
        self._parameter_gradients(of_output, own, as_threads(threads))
        return self._input_gradient(of_output, own, as_threads(threads))

    def backward_to_parameters(self, gradient: ArrayLike, *, threads: int | None = None) -> None:
        """Write the gradients of the parameters alone: all that the first layer needs."""
        of_output, own = self._check(gradient)
        self._parameter_gradients(of_output, own, as_threads(threads))

    @abstractmethod
    def output_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of one output for one input of `shape`; ShapeError if it cannot be."""

    def settings(self) -> dict[str, Any]:
        """Return the arguments that make this layer again, without dtype."""
        return {}

    def value(self, name: str) -> Any:
        """Return the value of a parameter, None if the layer has no such parameter."""
        parameter = self.parameters.get(name)
        return None if parameter is None else parameter.value

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value}" for name, value in self.settings().items())
        return f"{self.name}({arguments})"

    @abstractmethod
    def _forward(self, x: Array, threads: int) -> tuple[Array, Any]:
        """Return the output and what `_input_gradient` and `_parameter_gradients` need."""

    @abstractmethod
    def _input_gradient(self, gradient: Array, own: Any, threads: int) -> Array: ...

    def _parameter_gradients(  # noqa: B027 (most layers have no parameters)
        self, gradient: Array, own: Any, threads: int
    ) -> None:
        """Write the gradients of the parameters, if there are any."""

    def _check(self, gradient: ArrayLike) -> tuple[Array, Any]:
        if self._kept is None:
            raise DataError(
                f"{self!r} has nothing to go back from: call forward(x, training=True) first"
            )
        array = as_batch(gradient, "gradient", dtype=self._kept.dtype)
        if array.shape != self._kept.shape:
            raise ShapeError(
                f"gradient has shape {array.shape}, but the output had {self._kept.shape}: give "
                "one number for each output"
            )
        return array, self._kept.own
