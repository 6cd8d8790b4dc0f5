"""How far the cdf and the sf of any law may be off at each x, and what that is relatively."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.law.law import Law
from faltung.distributions.law.vectors import Numbers, Values, vectorized
from faltung.distributions.numbers.rounding import Floats
from faltung.errors import OptionError

_SIDES = ("cdf", "sf")


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
    return np.asarray(np.where(np.isfinite(own) & (value > 0), np.minimum(own, whole), whole))


def relative_bound(law: Law, error: Callable[[Floats], Floats], x: Numbers, of: str) -> Values:
    """Return the error divided by the value; infinite where the value is 0 and the error is not.

    Raises
    ------
    OptionError
        If `of` names no side.
    """
    if of not in _SIDES:
        raise OptionError(f'of={of!r}: write of="cdf" or of="sf"')

    def relative(x: Floats) -> Floats:
        value, off = np.asarray(getattr(law, of)(x)), error(x)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return np.where(off == 0, 0.0, np.where(value > 0, off / value, np.inf))

    return vectorized(relative, x)
