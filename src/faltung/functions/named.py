"""Functions that go by a name."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np

from faltung.errors import OptionError
from faltung.functions.chains.integrals import step
from faltung.functions.checks import as_interval, as_whole
from faltung.functions.function import Function
from faltung.functions.polynomials.misplaced import Misplaced
from faltung.functions.rounding import Real, apart, as_complex, as_exact, is_number, nearest
from faltung.functions.whole.deltas import ORDERS, Delta, gathered
from faltung.functions.whole.whole import Whole

__all__ = ["box", "delta", "gaussian", "hat", "heaviside"]

# A Gaussian is cut where it has fallen to 2.6e-18 of its peak, below the rounding of the peak.
_CUT = 9.0


def box(low: Real, high: Real, height: Real = 1.0) -> Function:
    """Return the function that is `height` on [low, high] and zero elsewhere, exactly.

    Parameters
    ----------
    low, high
        Its ends; -inf and inf are allowed.
    height
        Its value. Fractions and other numbers that are no doubles are rounded, which the bounds count.

    Raises
    ------
    OptionError, DtypeError
        If the interval is empty or reversed, or something is NaN or no real number.

    Examples
    --------
    >>> box(-1, 1)([-2, 0, 1])
    array([0., 1., 1.])
    """
    return Function(as_exact(height, "the height"), (low, high))


def hat(low: Real, peak: Real, high: Real, height: Real = 1.0) -> Function:
    """Return the function that rises from 0 at `low` to `height` at `peak`, and falls to 0 at `high`.

    Parameters
    ----------
    low, peak, high
        Three finite numbers that rise. Fractions and other numbers that are no doubles are rounded,
        which the bounds count.
    height
        The value at the peak.

    Raises
    ------
    OptionError, DtypeError
        If the three do not rise, or something is not finite or no real number.

    Examples
    --------
    >>> hat(-1, 0, 1)([-0.5, 0.0, 0.25])
    array([0.5 , 1.  , 0.75])
    """
    start, stop = as_interval((low, high))
    middle, half = as_exact(peak, "the peak"), as_exact(height, "the height") / 2
    if not start < middle < stop:
        raise OptionError(
            f"the peak {float(middle)!r} must lie between {float(start)!r} and {float(stop)!r}"
        )
    return Function.from_pieces([start, middle, stop], [[half, half], [half, -half]])


def gaussian(sigma: Real = 1.0, mean: Real = 0.0) -> Function:
    """Return the density of the normal law: area 1, standard deviation `sigma`.

    It is cut at 9 standard deviations from the mean, where it is 2.6e-18 of its peak; the error
    bound counts what is cut off. With tails to the end of double precision it is
    ``Function(scipy.stats.norm(mean, sigma))``.

    Parameters
    ----------
    sigma
        The standard deviation, above 0; the full width at half maximum is 2.3548 sigma.
    mean
        Where it is largest.

    Raises
    ------
    OptionError, DtypeError
        If sigma is not above 0, or something is not finite or no real number.

    Examples
    --------
    >>> round(gaussian(0.5)(0.0), 12)
    0.797884560803
    """
    width, centre = as_exact(sigma, "sigma"), as_exact(mean, "the mean")
    if width <= 0:
        raise OptionError(f"sigma is {sigma!r}: write a standard deviation above 0")
    if math.isinf(nearest(1 / width)):
        raise OptionError(
            f"sigma is {sigma!r}: the peak, 0.4 / sigma, is beyond double precision. Measure in "
            "another unit, so that sigma is about 1"
        )
    density = _standard() / width
    return density.compose_linear(width, centre)


@lru_cache(maxsize=1)
def _standard() -> Function:
    """Return the density of the standard normal law on its window."""
    peak = 1 / math.sqrt(2 * math.pi)
    window = Function(lambda t: peak * np.exp(-0.5 * np.square(t)), (-_CUT, _CUT))
    outside = 1.001 * peak * math.exp(-0.5 * _CUT**2)
    cut = Misplaced(area=1.001 * math.erfc(_CUT / math.sqrt(2)), height=outside, outside=outside)
    return Function._of(replace(window._pieces, misplaced=cut))


def delta(place: Real = 0, weight: complex = 1.0, *, order: int = 0) -> Function:
    """Return Dirac's delta at a place, times a weight: a function of area `weight` at one point.

    Convolving with it moves a function: ``convolve(f, delta(a))`` is ``f.shift(a)``. The place is
    kept as it is, a Fraction too; at it the function is infinite.

    Parameters
    ----------
    place, weight
        Real numbers; the weight may be complex.
    order
        Which derivative of the delta, 0 to 64: ``convolve(f, delta(a, order=1))`` is the derivative
        of f, moved by a, with deltas where f jumps.

    Raises
    ------
    OptionError, DtypeError
        If a number is not finite, or no number; if the order is not a whole number from 0 to 64.

    Examples
    --------
    >>> from faltung.functions import box, convolve, delta
    >>> echo = delta(0) + delta(2, 0.5)
    >>> convolve(box(0, 1), echo)([0.5, 2.5])
    array([1. , 0.5])
    >>> (delta(0, 3) + box(0, 1)).integral()
    4.0
    >>> [(row.place, row.weight) for row in convolve(box(0, 1), delta(order=1)).deltas]
    [(0.0, 1.0), (1.0, -1.0)]
    """
    derivative = as_whole(order, "order", most=ORDERS)
    exact = as_exact(place, "the place")
    if is_number(weight):
        number = as_exact(weight, "the weight")
        row = Delta(exact, nearest(number), derivative, apart(number, nearest(number)))
    else:
        row = Delta(exact, as_complex(weight, "the weight"), derivative)
    return Function._from(Whole(None, deltas=gathered([row])))


def heaviside(place: Real = 0, height: Real = 1.0) -> Function:
    """Return Heaviside's step: `height` from a place on to infinity, zero before it.

    Parameters
    ----------
    place
        Where it jumps; its value there is `height`.
    height
        How far it jumps.

    Raises
    ------
    OptionError, DtypeError
        If something is not finite or no real number.

    Examples
    --------
    >>> from faltung.functions import convolve, heaviside
    >>> ramp = convolve(heaviside(), heaviside(2))
    >>> ramp([1.0, 3.0, 1e6])
    array([0.00000e+00, 1.00000e+00, 9.99998e+05])
    """
    where = as_exact(place, "the place")
    return Function._of(step()).shift(where) * as_exact(height, "the height")
