"""Moments, entropy and mode of a named law."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from faltung.distributions.continuous.mixture import is_pure
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.families.family import Family
from faltung.distributions.families.moments import (
    moment_of_affine,
    moment_of_sum,
    of_affine,
    shape_of_sum,
)
from faltung.distributions.families.poles import expected_beside, has_pole
from faltung.distributions.law.statistics import Statistics
from faltung.distributions.numbers.rational import rounded, written
from faltung.distributions.numbers.rounding import Floats
from faltung.errors import OptionError


class NamedStatistics(Statistics):
    """What is known of ``loc + scale Z + A`` besides its probabilities."""

    _family: Family
    _loc: Fraction
    _scale: Fraction
    _atoms: Atoms

    def mean(self, *, exact: bool = False) -> float:
        """Return the expected value; inf or NaN where there is none, as SciPy."""
        self._refuse_exact(exact)
        return of_affine(self._family.mean(), self._loc, self._scale) + float(self._atoms.mean())

    def var(self, *, exact: bool = False) -> float:
        """Return the variance; inf or NaN where there is none, as SciPy."""
        self._refuse_exact(exact)
        return self._spread() + float(self._atoms.var())

    def _spread(self) -> float:
        return of_affine(self._family.central()[1], Fraction(0), self._scale**2)

    def skew(self) -> float:
        """Return the skewness; NaN where there is none."""
        return shape_of_sum(self._family, self._scale, self._atoms)[0]

    def kurtosis(self) -> float:
        """Return the excess kurtosis; NaN where there is none."""
        return shape_of_sum(self._family, self._scale, self._atoms)[1]

    def moment(self, order: int) -> float:
        """Return the raw moment of a whole order >= 0; inf or NaN where there is none.

        Raises
        ------
        OptionError
            If `order` is negative or no whole number.
        """
        try:
            count = operator.index(order)
        except TypeError:
            count = -1
        if isinstance(order, bool) or count < 0:
            raise OptionError(f"order={written(order)}: write a whole number >= 0")
        pure = is_pure(self._atoms)  # then the lower ones are of no use
        orders = range(count if pure else 0, count + 1)
        own = [moment_of_affine(self._family, self._loc, self._scale, k) for k in orders]
        return own[-1] if pure else moment_of_sum(own, self._atoms)

    def _expected(self, function: Callable[[Floats], Floats], low: float, high: float) -> float:
        """Return an expected value; of a law with a pole from the distances to its ends."""
        whole = low == -math.inf and high == math.inf
        if not whole or not has_pole(self._family):
            return super()._expected(function, low, high)
        atoms = self._atoms
        places = [self._loc + atoms._start + atoms._step * int(k) for k in atoms._indices]
        own = [expected_beside(self._family, place, self._scale, function) for place in places]
        return math.fsum(atoms.weights * np.array(own))

    def entropy(self) -> float:
        """Return the differential entropy, integrated if there is no closed form."""
        known = self._family.entropy() if is_pure(self._atoms) else None
        if known is None:
            return super().entropy()
        size = abs(self._scale)
        return known + math.log(size.numerator) - math.log(size.denominator)

    def mode(self) -> float:
        """Return where the density is largest, found among its values if no formula tells."""
        known = self._family.mode() if is_pure(self._atoms) else None
        if known is None:
            return super().mode()
        return rounded(self._loc + self._scale * Fraction(known))
