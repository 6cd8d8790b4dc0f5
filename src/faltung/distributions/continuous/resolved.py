"""A law that is known by its formulas, made a density that is one function."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from faltung.distributions.continuous.blends import density_like
from faltung.distributions.continuous.density import Density
from faltung.distributions.continuous.facts import largest_value
from faltung.distributions.law.law import Law
from faltung.distributions.numbers.reach import Reach, as_end
from faltung.distributions.numbers.rounding import Floats
from faltung.errors import FaltungError, OptionError
from faltung.functions import Function

_TAIL = 1e-18
_PART = 1e-3


def resolved(law: Law, mass: float = 1.0, breaks: Sequence[float] = ()) -> Density:
    """Return a law with the density ``law.pdf / mass``, resolved as a function on a window.

    The window leaves out a mass of 1e-18 on each side, or a thousandth of the law's own error. What the function's integral is from one,
    beyond its bound, is counted as mass and as density that is lost.

    Parameters
    ----------
    law
        With `pdf` and quantiles.
    mass
        The integral of its density.
    breaks
        Where the density jumps or bends.

    Raises
    ------
    OptionError
        If polynomials cannot follow the density on the window.
    """
    ends = law.support()
    low = ends[0] if math.isfinite(ends[0]) else float(law.ppf(_tail(law)))
    high = ends[1] if math.isfinite(ends[1]) else float(law.isf(_tail(law)))
    places = _cuts(law, [*breaks], low, high)
    try:
        function = Function(lambda x: law.pdf(x) / mass, (low, high), places.tolist())
    except FaltungError as error:
        raise OptionError(
            f"the density of {law!r} is not followed by polynomials from {low:.6g} to {high:.6g}: "
            f"{error}"
        ) from error
    return _with_bounds(law, function, mass)


def _tail(law: Law) -> float:
    """Return the mass that an end of the window leaves out: none that drowns in the law's error."""
    return max(_TAIL, _PART * law.error_bound)


def _cuts(law: Law, breaks: list[float], low: float, high: float) -> Floats:
    """Return the breaks, and quantiles that give the tails pieces of their own."""
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise OptionError(f"{law!r} has a window from {low:g} to {high:g}: its tails are too heavy")
    for q in (1e-9, 1e-4, 0.5):
        breaks += [float(law.ppf(q)), float(law.isf(q))]
    inside = np.unique([x for x in breaks if low < x < high])
    return inside[np.diff(inside, prepend=low) > 1e-9 * (high - low)]


def _with_bounds(law: Law, function: Function, mass: float) -> Density:
    ends, window = law.support(), function.domain
    cut = [place for place, end in zip(window, ends, strict=True) if place != end]
    excess = max(abs(function.integral() - 1) - function.cumulative().error_bound, 0.0)
    height = max((float(law.pdf(place)) / mass for place in cut), default=0.0)
    return density_like(
        function,
        Reach(*(as_end(end) for end in ends)),
        len(cut) * _tail(law) / mass + excess,
        height + excess * largest_value(function),
        law.error_bound / mass,
    )
