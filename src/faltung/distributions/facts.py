"""What is known of a density besides its values, and how operations change it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from faltung.errors import DataError
from faltung.functions import Function


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a density besides its values.

    Attributes
    ----------
    mean, variance
        Of the law; inf or NaN where they do not exist.
    low, high
        The ends of the support, which may be infinite though the window is not.
    lost_mass
        A bound on the probability outside the window.
    lost_density
        A bound on what the density lacks for that, at any point.
    """

    mean: float
    variance: float
    low: float
    high: float
    lost_mass: float = 0.0
    lost_density: float = 0.0

    def shifted(self, offset: float) -> Facts:
        """Return the facts of X + offset."""
        return Facts(
            self.mean + offset,
            self.variance,
            self.low + offset,
            self.high + offset,
            self.lost_mass,
            self.lost_density,
        )

    def scaled(self, factor: float) -> Facts:
        """Return the facts of factor X; the factor is not 0."""
        low, high = sorted((self.low * factor, self.high * factor))
        return Facts(
            self.mean * factor,
            self.variance * factor * factor,
            low,
            high,
            self.lost_mass,
            self.lost_density / abs(factor),
        )


def facts_of_sum(f: Function, a: Facts, g: Function, b: Facts) -> Facts:
    """Return the facts of X + Y from the kept densities and the facts of both.

    With f + p and g + q the true densities, p and q what the windows lose, the convolution lacks
    ``p * (g + q) + f * q``: a mass of at most |p| + |q|, and at any point at most
    |p| sup(g + q) + |q| sup f.
    """
    top_f = largest_value(f) + f.error_bound
    top_g = largest_value(g) + g.error_bound + b.lost_density
    return Facts(
        a.mean + b.mean,
        a.variance + b.variance,
        a.low + b.low,
        a.high + b.high,
        (a.lost_mass + b.lost_mass) * (1 + 1e-9),
        (a.lost_mass * top_g + b.lost_mass * top_f) * (1 + 1e-9),
    )


def facts_of(function: Function) -> Facts:
    """Return the facts of a density that is complete on its domain; moments by integration."""
    low, high = function.domain
    middle = 0.5 * low + 0.5 * high
    first = (function * Function(lambda x: x - middle, (low, high))).integral()
    second = (function * Function(lambda x: (x - middle - first) ** 2, (low, high))).integral()
    return Facts(middle + first, second, low, high)


def largest_value(function: Function) -> float:
    """Return a bound on the values of a function."""
    return float(np.abs(function.coefficients).sum(axis=1).max())


def refuse_negative(function: Function) -> None:
    """Refuse a density that is negative by more than its own error bound.

    Raises
    ------
    DataError
        With the point and the value.
    """
    nodes = np.cos(np.pi * np.linspace(0, 1, 2 * function.degree + 3))
    low, high = function.breaks[:-1, np.newaxis], function.breaks[1:, np.newaxis]
    points = (0.5 * (low + high) + 0.5 * (high - low) * nodes).ravel()
    values = function(points)
    worst = int(np.argmin(values))
    if values[worst] < -10 * function.error_bound - math.ulp(0.0):
        raise DataError(
            f"the density is {values[worst]:.6g} at x = {points[worst]:.6g}: a density is >= 0"
        )
