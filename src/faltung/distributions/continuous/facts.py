"""What is known of a density besides its values, and how operations change it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from faltung.distributions.numbers.rational import rounded
from faltung.distributions.numbers.reach import Reach
from faltung.errors import DataError
from faltung.functions import Function

_MORE = 1 + 1e-9  # for the roundings of a bound itself


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a density besides its values.

    Attributes
    ----------
    mean, variance
        Of the law; inf or NaN where they do not exist.
    reach
        The ends of the support, which may be infinite though the window is not.
    lost_mass
        A bound on the integral of what the density lacks: outside the window, or for its integral.
    lost_density
        A bound on what the density lacks for that, at any point.
    disagreement
        A bound on the distance of the antiderivative from a cdf known otherwise, beyond its error.
    """

    mean: float
    variance: float
    reach: Reach
    lost_mass: float = 0.0
    lost_density: float = 0.0
    disagreement: float = 0.0

    @property
    def cdf_bound(self) -> float:
        """What the cdf may be off by for all that."""
        return self.lost_mass + self.disagreement

    def shifted(self, offset: Fraction) -> Facts:
        """Return the facts of X + offset."""
        mean = self.mean
        if math.isfinite(mean):
            mean = rounded(Fraction(mean) + offset)
        return replace(self, mean=mean, reach=self.reach.plus(Reach(offset, offset)))

    def scaled(self, factor: Fraction) -> Facts:
        """Return the facts of factor X; the factor is not 0."""
        return replace(
            self,
            mean=_times(self.mean, factor),
            variance=_times(self.variance, factor * factor),
            reach=self.reach.scaled(factor),
            lost_density=_MORE * _times(self.lost_density, 1 / abs(factor)),
        )


def _times(value: float, factor: Fraction) -> float:
    """Return the product, rounded once."""
    if not math.isfinite(value):
        return value if factor > 0 else -value
    return rounded(Fraction(value) * factor)


def facts_of_sum(f: Function, a: Facts, g: Function, b: Facts) -> Facts:
    """Return the facts of X + Y from the kept densities and the facts of both.

    With f + p and g + q the true densities, p and q what they lack, the convolution lacks
    ``p * (g + q) + f * q``: a mass of at most |p| + |q|, and at any point at most
    |p| sup(g + q) + |q| sup f. A distance of distribution functions is a mean of itself after a
    convolution with a law, so those add too.
    """
    top_f = largest_value(f) + f.error_bound
    top_g = largest_value(g) + g.error_bound + b.lost_density
    return Facts(
        a.mean + b.mean,
        a.variance + b.variance,
        a.reach.plus(b.reach),
        (a.lost_mass + b.lost_mass) * _MORE,
        (a.lost_mass * top_g + b.lost_mass * top_f) * _MORE,
        (a.disagreement + b.disagreement) * _MORE,
    )


def facts_of(function: Function) -> Facts:
    """Return the facts of a density that is complete on its domain; moments by integration.

    About the middle and in units of half the width, so that neither where the domain lies nor how
    wide it is costs digits.
    """
    low, high = function.domain
    left, right = Fraction(low), Fraction(high)
    middle, half = 0.5 * low + 0.5 * high, (right - left) / 2
    off = float(((left + right) / 2 - Fraction(middle)) / half)
    first = (function * Function.from_pieces([low, high], [[off, 1.0]])).integral()
    apart = off - first
    square = [apart * apart + 0.5, 2 * apart, 0.5]  # of t - first, as T_1^2 = (T_0 + T_2) / 2
    second = (function * Function.from_pieces([low, high], [square])).integral()
    mean = rounded(Fraction(middle) + half * Fraction(first))
    return Facts(mean, rounded(half * half * Fraction(second)), Reach(left, right))


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
