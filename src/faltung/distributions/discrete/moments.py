"""Mean, variance and deviation of a discrete law, without loss where its points lie far from 0."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from faltung.distributions.numbers.rational import grid_points, rounded
from faltung.distributions.numbers.rounding import Floats

if TYPE_CHECKING:
    from faltung.distributions.discrete.atoms import Atoms


def exact_mean(law: Atoms) -> Fraction:
    """Return the expected value of a law with exact weights."""
    weights = law._exact()
    total = sum(i * c for i, c in zip(law._indices.tolist(), weights.counts, strict=True))
    return law._start + law._step * Fraction(total, weights.denominator)


def exact_variance(law: Atoms) -> Fraction:
    """Return the variance of a law with exact weights."""
    weights = law._exact()
    pairs = list(zip(law._indices.tolist(), weights.counts, strict=True))
    mean = Fraction(sum(i * c for i, c in pairs), weights.denominator)
    square = Fraction(sum(i * i * c for i, c in pairs), weights.denominator)
    return law._step**2 * (square - mean**2)


def mean(law: Atoms) -> float:
    """Return the expected value in float64."""
    return rounded(mean_as_fraction(law))


def mean_as_fraction(law: Atoms) -> Fraction:
    """Return the expected value, exact for exact weights, else as precisely as it is known."""
    if law.exact:
        return exact_mean(law)
    centre, distances, shift = _distances(law)
    offset = Fraction(float(law._weights.floats @ distances))
    return centre + offset * Fraction(2) ** shift


def variance_as_fraction(law: Atoms) -> Fraction:
    """Return the variance, exact for exact weights, else rounded, of any size."""
    if law.exact:
        return exact_variance(law)
    value, shift = _scaled_variance(law)
    return Fraction(value) * Fraction(4) ** shift


def root_of_fraction(value: Fraction) -> float:
    """Return the square root of a non-negative rational of any size."""
    shift = (value.numerator.bit_length() - value.denominator.bit_length()) // 2
    return _times_power_of_two(math.sqrt(value / Fraction(4) ** shift), shift)


def variance(law: Atoms) -> float:
    """Return the variance in float64, infinite if it is beyond its range."""
    return rounded(variance_as_fraction(law))


def deviation(law: Atoms) -> float:
    """Return the standard deviation in float64, also where the variance is beyond its range."""
    return root_of_fraction(variance_as_fraction(law))


def _distances(law: Atoms) -> tuple[Fraction, Floats, int]:
    """Return a point near the mean, the distances of all from it in units of 2**k, and k.

    Each distance is rounded once; the unit is about their span, so that nothing overflows.
    """
    first, last = law._exact_ends()
    span = last - first
    shift = span.numerator.bit_length() - span.denominator.bit_length()
    unit = Fraction(2) ** shift
    places = grid_points(Fraction(0), law._step / unit, law._indices)
    nearest = int(np.argmin(np.abs(places - law._weights.floats @ places)))
    centre = first + law._step * int(law._indices[nearest])
    return centre, grid_points((first - centre) / unit, law._step / unit, law._indices), shift


def _scaled_variance(law: Atoms) -> tuple[float, int]:
    """Return v of moderate size and an integer k such that the variance is ``v * 4**k``."""
    _, distances, shift = _distances(law)
    offset = float(law._weights.floats @ distances)
    return float(law._weights.floats @ (distances - offset) ** 2), shift


def _times_power_of_two(value: float, exponent: int) -> float:
    try:
        return math.ldexp(value, exponent)
    except OverflowError:
        return math.inf
