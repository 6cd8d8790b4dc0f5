"""The result of a convolution of samples: places, values, derivatives, and how far off they may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

import numpy as np

from faltung.errors import OptionError
from faltung.functions.transform import FloatArray

__all__ = ["SampledConvolution"]


class SampledConvolution:
    """Convolved samples. Unpacks as ``x, y``.

    Attributes
    ----------
    x : numpy.ndarray
        The places: those of the samples, or `at`.
    y : numpy.ndarray
        The values, one for each place; of shape (rows, places) for several rows of samples.
    gradient : dict of str to numpy.ndarray
        The derivative of `y` with respect to each parameter of the resolution function, of the shape
        of `y`; empty unless asked for.
    """

    def __init__(
        self,
        x: FloatArray,
        y: FloatArray,
        gradient: Mapping[str, FloatArray],
        bounds: Callable[[], list[float]],
    ) -> None:
        self.x, self.y = x, y
        self.gradient = dict(gradient)
        self._find_bounds = bounds

    @cached_property
    def _bounds(self) -> list[float]:
        return self._find_bounds()

    @property
    def error_bound(self) -> float:
        """A bound on the distance of every value from the true one, rounding included.

        The true one is the convolution of the function that joins the samples, as the page on the
        mathematics of samples says. Found when it is first asked for.
        """
        return self._bounds[0]

    @property
    def gradient_error_bounds(self) -> dict[str, float]:
        """The same for each derivative."""
        return dict(zip(self.gradient, self._bounds[1:], strict=True))

    def jacobian(self, *parameters: str) -> FloatArray:
        """Return derivatives side by side, shape (places, parameters): what `jac=` of a fit returns.

        Parameters
        ----------
        *parameters
            Names in the order of the columns; by default all, in the order of `gradient`.

        Raises
        ------
        OptionError
            If there is no such derivative.
        """
        for name in parameters:
            if name not in self.gradient:
                known = " or ".join(map(repr, self.gradient)) or "gradient=True in the call"
                raise OptionError(f"there is no derivative with respect to {name!r}: write {known}")
        names = parameters or tuple(self.gradient)
        if not names:
            raise OptionError("there are no derivatives: write gradient=True")
        return np.stack([self.gradient[name] for name in names], axis=-1)

    def __iter__(self) -> Iterator[FloatArray]:
        """Yield x and y."""
        return iter((self.x, self.y))

    def __repr__(self) -> str:
        derivatives = f", derivatives: {', '.join(self.gradient)}" if self.gradient else ""
        ends = f"{self.x.min():g} to {self.x.max():g}" if self.x.size else "none"
        count = f"{self.x.size} place{'s' * (self.x.size != 1)}"
        return f"SampledConvolution at {count}, {ends}{derivatives}"
