"""How far the cdf and the sf of any law may be off at each x, and what that is relatively."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.law.law import Law
from faltung.distributions.law.vectors import Numbers, Values, vectorized
from faltung.distributions.numbers.rounding import Floats
from faltung.errors import OptionError

_SIDES = ("cdf", "sf")
_DEEP = 1e-250  # a tail is followed farther than that

# Below the least normal double a value is off by so much.
_LEAST_NORMAL, _UNDERFLOW = 2.0**-1022, 2.0**-1074


def absolute_bound(law: Law) -> float:
    """Return a bound on the absolute error of the cdf and the sf of any law.

    A relative bound on probabilities, which are at most 1, is an absolute one too.
    """
    return law.error_bound + law.neglected_mass


def error_at(law: Law, x: Floats, of: str) -> Floats:
    """Return a bound on the absolute error of the cdf or the sf at each x.

    What a law says of its relative error at x, where it does, and its absolute bound otherwise;
    nothing outside of the support.
    """
    low, high = law.support()
    outside = x < low if of == "cdf" else x >= high
    return np.where(outside, 0.0, _inside(law, x, of))


def _inside(law: Law, x: Floats, of: str) -> Floats:
    value, whole = np.asarray(getattr(law, of)(x)), absolute_bound(law)
    if isinstance(law, Atoms):
        return np.asarray(law.error_bound * value + law.neglected_mass)
    known = getattr(law, "relative_error_bound", None)
    if known is None:
        return np.full_like(value, whole)
    relative = np.asarray(known(x, of=of))
    with np.errstate(invalid="ignore"):
        own = np.where(relative == 0, 0.0, value * relative)
    sure = np.isfinite(own) & (value > 0)
    off = np.asarray(np.where(sure, np.minimum(own, whole), whole))
    return off if sure.all() else np.minimum(off, _most_beyond(law, x, of))


def _most_beyond(law: Law, x: Floats, of: str) -> Floats:
    """Return what a cdf or an sf is at most at each x in a tail, as it is no more than farther in.

    So a part of a mixture that is below the floats, or where nothing is told of it, does not count
    beside the others: its tail is known where that is still told.
    """
    known: Any = law
    place = np.array([known.ppf(_DEEP) if of == "cdf" else known.isf(_DEEP)])
    most = getattr(known, of)(place) * (1 + known.relative_error_bound(place, of=of))
    beyond = x <= place if of == "cdf" else x >= place
    return np.where(beyond & np.isfinite(most), most, np.inf)


def relative_bound(law: Law, error: Callable[[Floats], Floats], x: Numbers, of: str) -> Values:
    """Return the error divided by the value; infinite where the value is 0 and the error is not.

    Strictly within the support neither side is 0: what is there comes of underflow.

    Raises
    ------
    OptionError
        If `of` names no side.
    """
    if of not in _SIDES:
        raise OptionError(f'of={of!r}: write of="cdf" or of="sf"')

    def relative(x: Floats) -> Floats:
        value, off = np.asarray(getattr(law, of)(x)), error(x)
        low, high = law.support()
        off = np.where((value < _LEAST_NORMAL) & (x > low) & (x < high), off + _UNDERFLOW, off)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return np.where(off == 0, 0.0, np.where(value > 0, off / value, np.inf))

    return vectorized(relative, x)
