"""Functions that go by a name."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from faltung.errors import OptionError
from faltung.functions.checks import as_interval, as_number
from faltung.functions.function import Function
from faltung.functions.misplaced import Misplaced

__all__ = ["box", "gaussian", "hat"]

# A Gaussian is cut where it has fallen to 2.6e-18 of its peak, below the rounding of the peak.
_CUT = 9.0


def box(low: float, high: float, height: float = 1.0) -> Function:
    """Return the function that is `height` on [low, high] and zero elsewhere, exactly.

    Examples
    --------
    >>> box(-1, 1)([-2, 0, 1])
    array([0., 1., 1.])
    """
    low, high = as_interval((low, high))
    return Function.from_pieces([low, high], [[as_number(height, "the height")]])


def hat(low: float, peak: float, high: float, height: float = 1.0) -> Function:
    """Return the function that rises from 0 at `low` to `height` at `peak`, and falls to 0 at `high`.

    Examples
    --------
    >>> hat(-1, 0, 1)([-0.5, 0.0, 0.25])
    array([0.5 , 1.  , 0.75])
    """
    low, high = as_interval((low, high))
    peak, half = as_number(peak, "the peak"), as_number(height, "the height") / 2
    if not low < peak < high:
        raise OptionError(f"the peak {peak!r} must lie between {low!r} and {high!r}")
    return Function.from_pieces([low, peak, high], [[half, half], [half, -half]])


def gaussian(sigma: float = 1.0, mean: float = 0.0) -> Function:
    """Return the density of the normal law: area 1, standard deviation `sigma`.

    It is cut at 9 standard deviations from the mean, where it is 2.6e-18 of its peak; the error
    bound counts what is cut off.

    Examples
    --------
    >>> round(gaussian(0.5)(0.0), 12)
    0.797884560803
    """
    sigma, mean = as_number(sigma, "sigma"), as_number(mean, "the mean")
    if sigma <= 0:
        raise OptionError(f"sigma is {sigma!r}: write a standard deviation above 0")
    peak = 1 / (sigma * math.sqrt(2 * math.pi))

    def density(t: np.ndarray) -> np.ndarray:
        return peak * np.exp(-0.5 * np.square(t / sigma))

    centred = Function(density, (-_CUT * sigma, _CUT * sigma))._pieces
    outside = 1.001 * peak * math.exp(-0.5 * _CUT**2)
    cut = Misplaced(area=1.001 * math.erfc(_CUT / math.sqrt(2)), height=outside, outside=outside)
    whole = Function._from(replace(centred, misplaced=cut))
    return whole.shift(mean) if mean else whole
