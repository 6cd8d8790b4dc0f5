"""How accurate a mixture is: its weights, its parts, and what it leaves out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import numpy as np

from faltung.distributions.law.vectors import Numbers, Values
from faltung.distributions.mixed.accuracy import absolute_bound, error_at, relative_bound
from faltung.distributions.mixed.parts import NOTHING, Omitted, Part
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats, chained, gamma, together

if TYPE_CHECKING:
    from faltung.distributions.law.law import Law


class Bounds:
    """The bounds and estimates of a mixture."""

    _parts: tuple[Part, ...]  # the atoms first, if there are any
    _relative: float  # how far each weight may be off, as a part of itself
    _omitted: Omitted = NOTHING

    @property
    def error_bound(self) -> float:
        """The bound on the absolute error of every cdf and sf."""
        relative = chained(self._relative, gamma(len(self._parts) + 2))
        own = math.fsum(part.weight * absolute_bound(part.law) for part in self._parts)
        return own * (1 + relative) + relative + self._omitted.mass

    @property
    def error_estimate(self) -> float:
        """The absolute error of cdf and sf to expect."""
        own = math.fsum(part.weight * part.law.error_estimate for part in self._parts)
        return together(own, self._relative / 2, ROUNDOFF / 2) + self._omitted.mass

    def relative_error_bound(self, x: Numbers, *, of: str = "cdf") -> Values:
        """Return a bound on the relative error of cdf or sf at x.

        Parameters
        ----------
        x
            Where: a number or an array.
        of
            ``"cdf"`` or ``"sf"``.

        Returns
        -------
        float or array
            The errors of the parts, weighted, and what is left out, divided by the value; infinite where
            that is 0.

        Raises
        ------
        OptionError
            If `of` is something else.
        """
        own = chained(self._relative, gamma(len(self._parts) + 2))

        def error(x: Floats) -> Floats:
            parts = sum(part.weight * error_at(part.law, x, of) for part in self._parts)
            there = x >= self._omitted.low if of == "cdf" else x < self._omitted.high
            missing = np.where(there, self._omitted.mass, 0.0)
            return np.asarray(parts * (1 + own) + own * np.asarray(getattr(self, of)(x)) + missing)

        return relative_bound(cast("Law", self), error, x, of)

    @property
    def neglected_mass(self) -> float:
        """The probability that the parts lack, or that no part has, at most."""
        parts = math.fsum(part.weight * part.law.neglected_mass for part in self._parts)
        return parts + self._omitted.mass
