"""How a step changes the parameters: Adam, with decoupled weight decay."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from faltung.nn.coerce import as_number
from faltung.nn.engines.native import Array
from faltung.nn.layer import Parameter

__all__ = ["Adam"]


class Adam:
    """Step against the gradient, each parameter scaled by the size of its recent gradients.

    With gradient g, step number t and running means m and v of g and g²::

        m = β1 m + (1 - β1) g        v = β2 v + (1 - β2) g²
        x = x - rate * (m / (1 - β1^t)) / (sqrt(v / (1 - β2^t)) + ε) - rate * weight_decay * x

    (Kingma & Ba 2015, arXiv:1412.6980; the decay apart from the gradient as in AdamW, Loshchilov &
    Hutter 2019, arXiv:1711.05101). Biases, being vectors, do not decay.

    Parameters
    ----------
    parameters : iterable of Parameter
        Changed in place by `step`.
    learning_rate, weight_decay, epsilon : float
        Not negative.
    betas : (float, float)
        β1 and β2, from 0 to below 1.

    Examples
    --------
    >>> x = Parameter(np.array([4.0]))
    >>> optimizer = Adam([x], learning_rate=0.1)
    >>> for _ in range(200):
    ...     x.gradient = 2 * x.value        # of x**2
    ...     optimizer.step()
    >>> bool(abs(x.value[0]) < 0.01)
    True
    """

    def __init__(
        self, parameters: Iterable[Parameter], learning_rate: float = 1e-3, *,
        betas: tuple[float, float] = (0.9, 0.999), epsilon: float = 1e-8, weight_decay: float = 0.0,
    ) -> None:  # fmt: skip
        self.parameters = list(parameters)
        self.learning_rate = as_number(learning_rate, "learning_rate")
        below_one = float(np.nextafter(1, 0))
        first, second = betas
        self.betas = (
            as_number(first, "betas[0]", most=below_one),
            as_number(second, "betas[1]", most=below_one),
        )
        self.epsilon = as_number(epsilon, "epsilon")
        self.weight_decay = as_number(weight_decay, "weight_decay")
        self.steps = 0
        self._first = [np.zeros_like(p.value) for p in self.parameters]
        self._second = [np.zeros_like(p.value) for p in self.parameters]

    def step(self) -> None:
        """Change each parameter by its gradient."""
        self.steps += 1
        for parameter, first, second in zip(
            self.parameters, self._first, self._second, strict=True
        ):
            self._step(parameter, first, second)

    def _step(self, parameter: Parameter, first: Array, second: Array) -> None:
        # The scalars are Python floats, which leave float32 arrays float32.
        beta1, beta2 = self.betas
        gradient = parameter.gradient
        first += (1 - beta1) * (gradient - first)
        second += (1 - beta2) * (gradient * gradient - second)
        rate = self.learning_rate / (1 - beta1**self.steps)
        scale = np.sqrt(second)
        scale *= 1 / (1 - beta2**self.steps) ** 0.5
        scale += self.epsilon
        if parameter.value.ndim > 1 and self.weight_decay:
            parameter.value *= 1 - self.learning_rate * self.weight_decay
        parameter.value -= rate * first / scale

    def __repr__(self) -> str:
        return (
            f"Adam({len(self.parameters)} parameters, learning_rate={self.learning_rate:g}, "
            f"weight_decay={self.weight_decay:g}, {self.steps} steps)"
        )
