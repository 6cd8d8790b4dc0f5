"""From a function to a density: what is refused, and what is known of the law."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from faltung.distributions.continuous.facts import Facts
from faltung.distributions.continuous.moments import central_moments
from faltung.distributions.continuous.shares import Share
from faltung.distributions.numbers.rational import rounded
from faltung.distributions.numbers.reach import Reach, as_end
from faltung.errors import DataError, DtypeError
from faltung.functions import Function, relative
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.whole.whole import only_real

_MASS_TOLERANCE = 1e-9

# A value may be so many times its bound below 0.
_BELOW = 10

# So many points of each piece of polynomials are looked at beside its degree.
_MORE_POINTS = 3


def as_density(function: object, *, normalize: bool) -> Function:
    """Return a function that is a density: non-negative and with integral 1.

    Raises
    ------
    DtypeError
        If it is no function.
    OptionError
        If it is complex, periodic or has deltas.
    DataError
        If it is negative somewhere, or its integral is not 1.
    """
    if not isinstance(function, Function):
        raise DtypeError(
            f"Density takes a faltung.Function, not a {type(function).__name__}: write "
            "Density(ft.Function(callable, (a, b))), or distribution(...) for SciPy's laws"
        )
    only_real(function._whole, "a density")
    refuse_negative(function)
    mass = function.integral()
    if not normalize and not abs(mass - 1) <= _MASS_TOLERANCE:
        raise DataError(
            f"the density integrates to {mass:.12g}, not 1: correct it, or write "
            "normalize=True to divide by the integral"
        )
    if mass <= 0:
        raise DataError("the density is zero everywhere: its integral must be positive")
    if normalize or abs(mass - 1) > function.integral_bound():
        function = function.normalize()
    return function


def refuse_negative(function: Function) -> None:
    """Refuse a density that is negative by more than its own error bound.

    Raises
    ------
    DataError
        With the point and the value.
    """
    points = _looked_at(function)
    values = function(points)
    allowed = _BELOW * function._whole.error_bounds(points) + math.ulp(0.0)
    with np.errstate(invalid="ignore"):
        worst = int(np.argmin(np.where(np.isfinite(values), values + allowed, 0.0)))
    if values[worst] < -allowed[worst]:
        raise DataError(
            f"the density is {values[worst]:.6g} at x = {points[worst]:.6g}: a density is >= 0"
        )


def _looked_at(function: Function) -> np.ndarray:
    """Return points all over the pieces."""
    content = function._content
    if not isinstance(content, Pieces):
        return relative.points(content, *relative.followed(content))
    nodes = np.cos(np.pi * np.linspace(0, 1, 2 * function.degree + _MORE_POINTS))
    low, high = function.breaks[:-1, np.newaxis], function.breaks[1:, np.newaxis]
    return np.asarray((0.5 * (low + high) + 0.5 * (high - low) * nodes).ravel())


def facts_of(function: Function, below: Share, above: Share) -> Facts:
    """Return the facts of a density that is complete on its domain; moments by integration."""
    low, high = function.domain
    reach = Reach(as_end(low), as_end(high))
    if isinstance(function._content, Pieces):
        mean, variance = _moments_of_pieces(function)
    else:
        mean, variance = central_moments(function._content, below, above)
    return Facts(mean, variance, reach)


def _moments_of_pieces(function: Function) -> tuple[float, float]:
    """Return the mean and the variance of a density of polynomials.

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
    return mean, rounded(half * half * Fraction(second))
