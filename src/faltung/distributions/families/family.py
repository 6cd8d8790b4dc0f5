"""What a family with a name knows of its standard law, at location 0 and scale 1."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, TypeAlias

import numpy as np

from faltung.distributions.numbers.rounding import ROUNDOFF, Floats, log_of_part

if TYPE_CHECKING:
    from faltung.distributions.continuous.density import Density

Generator: TypeAlias = np.random.Generator | np.random.RandomState
Size: TypeAlias = int | tuple[int, ...] | None

DEEPEST = 1e-300  # bounds hold for probabilities and densities from here on
_DEEPEST_LOGARITHM = 691.0  # -log(1e-300), rounded up
_STANDARDIZED = (
    4  # roundings in z: of the difference, of the scale and of the quotient, and one more
)
_COMPARED = 16  # units in which SciPy's functions of the bulk are off, with room to spare


@dataclass(frozen=True, slots=True)
class Place:
    """Points of the standard law, inside its support, seen from both of its ends.

    Attributes
    ----------
    z
        The distance from the lower end, or from 0 where there is none; within 4 roundings.
    rest
        The distance from the upper end, likewise; infinite where there is none.
    """

    z: Floats
    rest: Floats


class Family(ABC):
    """A standard law: lower end 0 or minus infinity, each tail from its own side.

    Attributes
    ----------
    name
        What SciPy calls the family.
    half_line
        Whether the support begins at 0; otherwise at minus infinity.
    symmetric
        Whether -Z has the law of Z.
    """

    name: ClassVar[str]
    half_line: ClassVar[bool] = False
    symmetric: ClassVar[bool] = False

    @property
    def shapes(self) -> dict[str, float]:
        """The shapes by name, for messages."""
        return {}

    @property
    def rounded_shapes(self) -> float:
        """What rounding the shapes to floats changes a density by, relatively."""
        return 0.0

    @property
    def high(self) -> Fraction | float:
        """The upper end of the support."""
        return math.inf

    # --- probabilities ----------------------------------------------------------------------

    @abstractmethod
    def logpdf(self, at: Place) -> Floats:
        """Return the logarithm of the density."""

    def pdf(self, at: Place) -> Floats:
        """Return the density."""
        return np.asarray(np.exp(self.logpdf(at)))

    @abstractmethod
    def cdf(self, at: Place) -> Floats:
        """Return P(Z <= z), from the left."""

    @abstractmethod
    def sf(self, at: Place) -> Floats:
        """Return P(Z > z), from the right."""

    def logcdf(self, at: Place) -> Floats:
        """Return log P(Z <= z)."""
        return log_of_part(self.cdf(at), self.sf(at))

    def logsf(self, at: Place) -> Floats:
        """Return log P(Z > z)."""
        return log_of_part(self.sf(at), self.cdf(at))

    # --- accuracy ---------------------------------------------------------------------------

    @property
    @abstractmethod
    def condition(self) -> float:
        """How many times a relative error of z comes back in pdf, cdf and sf above 1e-300.

        The largest ``z f'(z) / f(z)``, ``z f(z) / F(z)`` and ``z f(z) / S(z)``.
        """

    @property
    def roundings(self) -> float:
        """What the evaluation itself is off by, in units of round-off.

        As it is: that of an exp whose exponent has two roundings, and SciPy's functions.
        """
        return 2 * _DEEPEST_LOGARITHM + _COMPARED

    @property
    def error_bound(self) -> float:
        """The bound on the relative error of pdf, cdf and sf where they are at least 1e-300."""
        return (_STANDARDIZED * self.condition + self.roundings) * ROUNDOFF

    # --- moments ----------------------------------------------------------------------------

    @abstractmethod
    def moment(self, order: int) -> float:
        """Return the raw moment of an order >= 1; infinite or NaN where there is none."""

    @abstractmethod
    def entropy(self) -> float | None:
        """Return the differential entropy; None without a closed form."""

    @abstractmethod
    def mode(self) -> float | None:
        """Return a point where the density is largest; None without a closed form."""

    @abstractmethod
    def central(self) -> tuple[float, float, float, float]:
        """Return mean, variance, skewness and excess kurtosis."""

    def bends(self) -> tuple[float, ...]:
        """Return where the density bends or jumps inside the support."""
        return ()

    def peak(self) -> float:
        """Return the largest value of the density, infinite at a pole and where it is not known."""
        known = self.mode()
        if known is None:
            return math.inf
        mode = np.array([known])
        with np.errstate(all="ignore"):
            return float(self.pdf(Place(mode, float(self.high) - mode))[0])

    def mean(self) -> Fraction | float:
        """Return the mean, exactly if it is rational and known so."""
        return self.central()[0]

    # --- draws ------------------------------------------------------------------------------

    def draw(self, generator: Generator, size: Size) -> Floats | None:  # noqa: ARG002
        """Return random variates by a way of their own, None if there is none."""
        return None

    # --- for sums without a closed form -----------------------------------------------------

    def density(self) -> Density | None:
        """Return the standard law as pieces, if the family has a way of its own."""
        return None
