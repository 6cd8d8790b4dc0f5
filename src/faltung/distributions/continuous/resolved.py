"""A law that is known by its formulas, made a density that is one function."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from faltung.distributions.continuous.blends import density_like
from faltung.distributions.continuous.density import Density
from faltung.distributions.continuous.facts import Apart, largest_value
from faltung.distributions.law.law import Law
from faltung.distributions.numbers.reach import Reach, as_end
from faltung.distributions.numbers.rounding import Floats
from faltung.errors import FaltungError, OptionError, ResolutionError
from faltung.functions import Function

_TAIL = 1e-18
_PART = 1e-3
_LEVELS = 10.0 ** -np.array([1.0, 3.0, 9.0, 20.0, 40.0, 100.0, 200.0, 280.0])
_TRUSTED = 1e-8  # a relative error up to which a tail is followed to its end


def resolved(law: Law, mass: float = 1.0, breaks: Sequence[float] = ()) -> Density:
    """Return a law with the density ``law.pdf / mass``, resolved as one function.

    Where the law has relative accuracy down to 1e-280 in both tails, the function is followed on the
    whole support, and the largest relative error that the law tells at a few levels counts for its
    density. Otherwise it is followed on a window that leaves out a mass of 1e-18 on each side, or a
    thousandth of the law's own error. What the function's integral is from one, beyond its bound,
    is counted as mass and as density that is lost.

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
    relative = _relative_error(law) if math.inf in np.abs(ends) else math.inf
    if relative <= _TRUSTED:
        whole = _followed(law, mass, breaks, relative)
        if whole is not None:
            return whole
    tails = float(law.ppf(_tail(law))), float(law.isf(_tail(law)))
    low, high = (e if math.isfinite(e) else q for e, q in zip(ends, tails, strict=True))
    try:
        return _windowed(law, mass, breaks, (low, high))
    except ResolutionError as error:
        if (low, high) == tails:
            raise _too_rough(law, tails, error) from error
    try:  # it is no power at the end of the support, as a product of several uniform variables
        return _windowed(law, mass, breaks, tails)
    except FaltungError as error:
        raise _too_rough(law, tails, error) from error


def _windowed(
    law: Law, mass: float, breaks: Sequence[float], window: tuple[float, float]
) -> Density:
    places = _cuts(law, [*breaks], *window)
    function = Function(lambda x: law.pdf(x) / mass, window, places.tolist())
    return _with_bounds(law, function, mass)


def _too_rough(law: Law, window: tuple[float, float], error: FaltungError) -> OptionError:
    low, high = window
    return OptionError(
        f"the density of {law!r} is not followed by polynomials from {low:.6g} to {high:.6g}: "
        f"{error}"
    )


def _relative_error(law: Law) -> float:
    """Return the largest relative error of the nearer side at a few levels of both tails."""
    known = getattr(law, "relative_error_bound", None)
    if known is None:
        return math.inf
    sides = ((law.ppf(_LEVELS), "cdf"), (law.isf(_LEVELS), "sf"))
    return float(max(np.max(known(np.asarray(places), of=of)) for places, of in sides))


def _followed(law: Law, mass: float, breaks: Sequence[float], relative: float) -> Density | None:
    """Return the law with its density followed on the whole support, None where it is too rough."""
    ends = law.support()
    places = sorted({place for place in breaks if ends[0] < place < ends[1]})
    try:
        with np.errstate(all="ignore"):
            function = Function(lambda x: law.pdf(x) / mass, ends, places)
            made = _with_bounds(law, function, mass)
    except FaltungError:
        return None
    made._facts = replace(made._facts, apart=Apart.everywhere(relative))
    return made


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
