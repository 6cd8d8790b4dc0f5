"""What is known of a density besides its values, and how operations change it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from faltung.distributions.numbers.rational import rounded
from faltung.distributions.numbers.reach import Reach
from faltung.distributions.numbers.rounding import chained
from faltung.functions import Function, contents
from faltung.functions.polynomials.pieces import Pieces

_MORE = 1 + 1e-9  # for the roundings of a bound itself
_BETWEEN = 1.5  # what a function may be larger between the ends and the middles of its pieces


@dataclass(frozen=True, slots=True)
class Apart:
    """How far a density that is kept may be from the one that is meant, and how far to expect.

    Attributes
    ----------
    relative, relative_estimate
        The largest distance at any x, as a part of the value.
    area, area_estimate
        The integral of the distance, which bounds what the cdf is off by.
    """

    relative: float = 0.0
    relative_estimate: float = 0.0
    area: float = 0.0
    area_estimate: float = 0.0

    @staticmethod
    def everywhere(relative: float) -> Apart:
        """Return what is off by no more than a part of itself, and maybe by that."""
        return Apart(relative, relative, relative, relative)

    def chained(self, other: Apart) -> Apart:
        """Return what is off by one and by the other, also for the factors of a convolution.

        |f * g - f' * g'| <= |f - f'| * g + f' * |g - g'|, in parts of f * g and as an area.
        """
        return Apart(
            chained(self.relative, other.relative),
            chained(self.relative_estimate, other.relative_estimate),
            chained(self.area, other.area),
            chained(self.area_estimate, other.area_estimate),
        )

    def beside(self, other: Apart, weight: float) -> Apart:
        """Return how far a positive function is off when another one is added, so many times."""
        return Apart(
            max(self.relative, other.relative),
            max(self.relative_estimate, other.relative_estimate),
            self.area + _MORE * weight * other.area,
            self.area_estimate + weight * other.area_estimate,
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a density besides its values.

    Attributes
    ----------
    mean, variance
        Of the law, without atoms; inf or NaN where they do not exist.
    reach
        The ends of the support, which may be infinite though the window is not.
    lost_mass
        A bound on the integral of what the density lacks: outside the window, or for its integral.
    lost_density
        A bound on what the density lacks for that, at any point.
    disagreement
        A bound on the distance of the antiderivative from a cdf known otherwise, beyond its error.
    apart
        How far the density that is kept, beyond its own bounds, is from the one that is meant.
    """

    mean: float | Fraction
    variance: float
    reach: Reach
    lost_mass: float = 0.0
    lost_density: float = 0.0
    disagreement: float = 0.0
    apart: Apart = Apart()

    @property
    def cdf_bound(self) -> float:
        """What the cdf may be off by for all that."""
        return self.lost_mass + self.disagreement + self.apart.area

    @property
    def cdf_estimate(self) -> float:
        """What the cdf is to be expected to be off by for all that."""
        return self.lost_mass + self.disagreement + self.apart.area_estimate

    def further(self, apart: Apart) -> Facts:
        """Return the facts of a density that is kept farther from the one that is meant."""
        return replace(self, apart=self.apart.chained(apart))

    def scaled(self, factor: Fraction) -> Facts:
        """Return the facts of factor X; the factor is not 0."""
        return replace(
            self,
            mean=_times(self.mean, factor),
            variance=_times(self.variance, factor * factor),
            reach=self.reach.scaled(factor),
            lost_density=_MORE * _times(self.lost_density, 1 / abs(factor)),
        )


def _times(value: float | Fraction, factor: Fraction) -> float:
    """Return the product, rounded once."""
    if not math.isfinite(value):
        return float(value) if factor > 0 else -float(value)
    return rounded(Fraction(value) * factor)


def facts_of_sum(f: Function, a: Facts, g: Function, b: Facts) -> Facts:
    """Return the facts of X + Y from the kept densities and the facts of both.

    With f + p and g + q the true densities, p and q what they lack, the convolution lacks
    ``p * (g + q) + f * q``: a mass of at most |p| + |q|, and at any point at most
    |p| sup(g + q) + |q| sup f. A distance of distribution functions is a mean of itself after a
    convolution with a law, so those add too.
    """
    top_f = top_g = 0.0
    if a.lost_mass or b.lost_mass:
        top_f = (largest_value(f) + f.error_bound) * (1 + a.apart.relative)
        top_g = (largest_value(g) + g.error_bound) * (1 + b.apart.relative) + b.lost_density
    return Facts(
        float(a.mean) + float(b.mean),
        a.variance + b.variance,
        a.reach.plus(b.reach),
        (a.lost_mass + b.lost_mass) * _MORE,
        (a.lost_mass * top_g + b.lost_mass * top_f) * _MORE,
        (a.disagreement + b.disagreement) * _MORE,
        a.apart.chained(b.apart),
    )


def largest_value(function: Function) -> float:
    """Return a bound on the values of a function, poles left aside."""
    if isinstance(function._content, Pieces):
        return float(np.abs(function.coefficients).sum(axis=1).max())
    return _BETWEEN * contents.largest_value(function._content)
