"""Values of a named law, over all the atoms that were added to it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.families.family import Family, Place
from faltung.distributions.families.standard import as_anchors, gaps, within_floats
from faltung.distributions.numbers.rounding import Floats, log_of_part

_Evaluate: TypeAlias = Callable[[Place], Floats]

_CHUNK = 2**18
_SAFE = 1e-280  # a density above it has lost nothing to underflow


@dataclass(frozen=True)
class _Part:
    """A function of the standard law, and what it is below and above the support."""

    inside: _Evaluate
    below: float
    above: float

    def at(self, z: Floats, rest: Floats, *, half_line: bool) -> Floats:
        below = z < 0 if half_line else z == -np.inf
        above = (rest < 0) | (z == np.inf)
        result = np.where(below, self.below, self.above)
        kept = ~(below | above)
        result[kept] = self.inside(Place(z[kept], rest[kept]))
        return result


class Evaluation:
    """The functions of ``loc + scale Z + A`` for a standard law Z and atoms A.

    Each is the sum of ``p[k] f((x - loc - a[k]) / scale)``: terms that are not negative. The
    differences are taken from the exact ``loc + a[k]``, and from the upper end of the support where
    there is one, so that the distance from either end has all its digits.
    """

    def __init__(self, family: Family, loc: Fraction, scale: Fraction, atoms: Atoms) -> None:
        self._family, self._turned = family, scale < 0
        self._size = float(abs(scale))
        places = [loc + atoms._start + atoms._step * int(k) for k in atoms._indices]
        self._zeros, self._ends = as_anchors(places), None
        if isinstance(family.high, Fraction):
            self._ends = as_anchors([place + scale * family.high for place in places])
        self._weights = atoms.weights if len(places) > 1 else None

    # --- probabilities ------------------------------------------------------------------------

    def pdf(self, x: Floats) -> Floats:
        """Return the density."""
        return self._total(_Part(self._scaled_pdf, 0.0, 0.0), x)

    def cdf(self, x: Floats) -> Floats:
        """Return P(X <= x)."""
        return self._total(self._upper() if self._turned else self._lower(), x)

    def sf(self, x: Floats) -> Floats:
        """Return P(X > x)."""
        return self._total(self._lower() if self._turned else self._upper(), x)

    def logpdf(self, x: Floats) -> Floats:
        """Return the logarithm of the density."""
        if self._weights is not None:
            with np.errstate(divide="ignore"):
                return np.asarray(np.log(self.pdf(x)))
        part = _Part(lambda at: self._family.logpdf(at) - math.log(self._size), -np.inf, -np.inf)
        return self._total(part, x)

    def logcdf(self, x: Floats) -> Floats:
        """Return log P(X <= x)."""
        if self._weights is not None:
            return log_of_part(self.cdf(x), self.sf(x))
        return self._total(self._log_upper() if self._turned else self._log_lower(), x)

    def logsf(self, x: Floats) -> Floats:
        """Return log P(X > x)."""
        if self._weights is not None:
            return log_of_part(self.sf(x), self.cdf(x))
        return self._total(self._log_lower() if self._turned else self._log_upper(), x)

    # --- parts --------------------------------------------------------------------------------

    def _lower(self) -> _Part:
        return _Part(self._family.cdf, 0.0, 1.0)

    def _upper(self) -> _Part:
        return _Part(self._family.sf, 1.0, 0.0)

    def _log_lower(self) -> _Part:
        return _Part(self._family.logcdf, -np.inf, 0.0)

    def _log_upper(self) -> _Part:
        return _Part(self._family.logsf, 0.0, -np.inf)

    def _scaled_pdf(self, at: Place) -> Floats:
        """Return the density over the scale; by logarithms where one of them underflows."""
        values = self._family.pdf(at)
        small = (values < _SAFE) & (self._size < 1)
        result = values / self._size
        if small.any():
            logs = self._family.logpdf(Place(at.z[small], at.rest[small]))
            result[small] = np.exp(logs - math.log(self._size))
        return result

    def _total(self, part: _Part, x: Floats) -> Floats:
        with np.errstate(all="ignore"):
            if self._weights is None:
                return self._columns(part, x)[:, 0]
            rows = max(_CHUNK // len(self._weights), 1)
            chunks = [x[i : i + rows] for i in range(0, len(x), rows)]
            # Not a matrix product, whose order of summation depends on how many x there are.
            sums = [(self._columns(part, chunk) * self._weights).sum(axis=1) for chunk in chunks]
            return np.concatenate(sums) if sums else np.zeros(0)

    def _columns(self, part: _Part, x: Floats) -> Floats:
        """Return the part at each x for each atom."""
        side = -1.0 if self._turned else 1.0
        z = self._distances(side, x, self._zeros)
        rest = np.full_like(z, np.inf)
        if self._ends is not None:
            rest = self._distances(-side, x, self._ends)
        return part.at(z, rest, half_line=self._family.half_line)

    def _distances(self, side: float, x: Floats, anchors: tuple[Floats, Floats]) -> Floats:
        inside = within_floats(side * gaps(x, anchors) / self._size)
        infinite = np.isinf(x)[:, np.newaxis]
        return np.where(infinite, side * x[:, np.newaxis], inside)
