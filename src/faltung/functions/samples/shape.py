"""What every resolution function is: a density with parameters, their derivatives, and its tails."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np

from faltung.errors import OptionError
from faltung.functions.rounding import Real, Reals, as_number, as_points
from faltung.functions.samples.norms import Norms
from faltung.functions.transform import FloatArray

# Squares and fourth powers of widths and distances stay far inside the range of doubles.
LARGEST = 1e70


@dataclass(frozen=True, kw_only=True, repr=False)
class Resolution(ABC):
    """A resolution function of area 1: what an instrument makes of an infinitely narrow peak.

    Immutable. `r(x)` is its value, ``r.cdf(x)`` its integral up to x, ``r.gradient(x)`` the
    derivatives with respect to its parameters. Made by :mod:`faltung.functions.resolution`.
    """

    center: float = 0.0

    _faltung_kind: ClassVar[str] = "resolution"

    # Where the density jumps, as distances from the center.
    jumps: ClassVar[tuple[float, ...]] = ()

    def __post_init__(self) -> None:
        for name, value in self.parameters.items():
            number = as_number(value, name)
            object.__setattr__(self, name, number)
            if name == "center":
                _refuse_beyond(name, number)
            else:
                _refuse_width(name, number)

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters and their values, the center last."""
        names = [field.name for field in fields(self) if field.name != "center"]
        return {name: getattr(self, name) for name in [*names, "center"]}

    def __repr__(self) -> str:
        written = ", ".join(f"{name}={value:g}" for name, value in self.parameters.items())
        return f"{type(self).__name__}({written})"

    def __call__(self, x: Real | Reals) -> Any:
        """Return the density at x, a float for a number and an array for an array."""
        return _shaped(self.density(self._distances(x)), x)

    def cdf(self, x: Real | Reals) -> Any:
        """Return the integral up to x: a step at 0, convolved with the resolution function."""
        return _shaped(self.below(self._distances(x)), x)

    def gradient(self, x: Real | Reals) -> dict[str, Any]:
        """Return the derivative of the density with respect to each parameter, at x."""
        v = self._distances(x)
        rows = [*self.with_derivatives(v)[1:], -self.slope(v)]
        return {name: _shaped(row, x) for name, row in zip(self.parameters, rows, strict=True)}

    def _distances(self, x: Real | Reals) -> FloatArray:
        return np.atleast_1d(as_points(x, "a resolution function takes") - self.center)

    # --- what convolutions use; v is the distance from the center ------------------------------

    @property
    @abstractmethod
    def scale(self) -> float:
        """The length on which the density is smooth about its center."""

    @property
    @abstractmethod
    def reach(self) -> tuple[float, float]:
        """Beyond these distances less than 1e-19 of all norms is left."""

    @property
    @abstractmethod
    def norms(self) -> tuple[Norms, ...]:
        """The norms of the density and of its derivatives."""

    @abstractmethod
    def density(self, v: FloatArray) -> FloatArray:
        """Return the density."""

    @abstractmethod
    def with_derivatives(self, v: FloatArray) -> list[FloatArray]:
        """Return the density and its derivatives with respect to all parameters but the center."""

    @abstractmethod
    def slope(self, v: FloatArray) -> FloatArray:
        """Return the derivative of the density with respect to v."""

    @abstractmethod
    def above(self, v: FloatArray) -> FloatArray:
        """Return the integral of the density from v on."""

    @abstractmethod
    def below(self, v: FloatArray) -> FloatArray:
        """Return the integral of the density up to v."""

    @abstractmethod
    def above_derivatives(self, v: FloatArray) -> list[FloatArray]:
        """Return the derivatives of `above` with respect to all parameters but the center."""


def _shaped(values: FloatArray, x: Real | Reals) -> Any:
    shape = np.asarray(x).shape
    return values.reshape(shape) if shape else float(values[0])


def _refuse_beyond(name: str, number: float) -> None:
    if abs(number) > LARGEST:
        raise OptionError(f"{name} is {number!r}, beyond {LARGEST:g}: measure in another unit")


def _refuse_width(name: str, number: float) -> None:
    if number <= 0:
        raise OptionError(
            f"{name} is {number!r}, and a width is above 0: in a fit, give {name} a lower bound above "
            "0 (bounds= of curve_fit, min= of an lmfit parameter)"
        )
    if not 1 / LARGEST <= number <= LARGEST:
        raise OptionError(
            f"{name} is {number!r}: measure in another unit, so that it lies between {1 / LARGEST:g} "
            f"and {LARGEST:g}"
        )


SQRT_2 = math.sqrt(2.0)
SQRT_PI = math.sqrt(math.pi)
SQRT_2_PI = math.sqrt(2 * math.pi)
