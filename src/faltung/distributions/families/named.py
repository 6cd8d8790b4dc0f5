"""A law with a name: an exact location and scale, and tails of its own."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from faltung.distributions.continuous.density import Density, copies_of
from faltung.distributions.continuous.facts import Facts
from faltung.distributions.continuous.mixture import Evaluate, is_pure, joined
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.lattice import point
from faltung.distributions.discrete.points import add_atoms
from faltung.distributions.families.evaluation import Evaluation
from faltung.distributions.families.family import DEEPEST, Family
from faltung.distributions.families.generic import standard_density
from faltung.distributions.families.moments import of_affine
from faltung.distributions.families.quantiles import quantiles
from faltung.distributions.families.statistics import NamedStatistics
from faltung.distributions.families.sums import closed_copies, closed_sum
from faltung.distributions.law.draws import Random, as_generator, drawn
from faltung.distributions.law.law import Law
from faltung.distributions.law.vectors import Numbers, Values, vectorized
from faltung.distributions.numbers.rational import brief, rounded
from faltung.distributions.numbers.reach import Reach
from faltung.distributions.numbers.rounding import (
    ROUNDOFF,
    Floats,
    chained,
    gamma,
    likely,
    together,
)
from faltung.errors import DataError, OptionError
from faltung.functions import Function

_NEARLY_ONE = 1 - 1e-9
_MOST_ATOMS, _MOST_BENDS = 4096, 64
_LIKELY = 100  # so many times smaller than the bound errors mostly are, as measured
_SMALLEST_SCALE, _LARGEST_SCALE = Fraction(2) ** -1020, Fraction(2) ** 1020


class NamedDensity(NamedStatistics, Density):
    """The law of ``loc + scale Z`` for a standard law that knows its own tails.

    Parameters
    ----------
    family : Family
        The standard law.
    loc, scale : Fraction
        Exact; the scale is not 0 and may be negative.

    Raises
    ------
    OptionError
        If the scale is beyond 2**1020 or below 2**-1020.
    DataError
        If the location is beyond the range of float64.

    Notes
    -----
    `error_bound` bounds the *relative* error of pdf, cdf and sf wherever they are at least 1e-300
    and ``(x - loc) / scale`` is a normal float. cdf and sf are each computed from their own side.
    Sums have closed forms where there are any, and `explain` names the one that was used;
    otherwise the density is resolved into pieces at the first sum that needs them.

    Examples
    --------
    >>> from faltung.distributions import parse
    >>> total = parse("normal(0, 3)") + parse("normal(1, 4)")
    >>> total.std(), total.sf(201)
    (5.0, 0.0)
    >>> round(total.logsf(201), 6)
    -804.608442
    """

    def __init__(self, family: Family, loc: Fraction, scale: Fraction, how: str = "") -> None:
        if not _SMALLEST_SCALE <= abs(scale) <= _LARGEST_SCALE:
            raise OptionError(
                f"the scale {brief(scale, 6)} of a {family.name} law is beyond double precision: "
                "write one between 1e-307 and 1e307"
            )
        if abs(rounded(loc)) == math.inf:
            raise DataError(
                f"the location {brief(loc, 6)} lies beyond the range of float64 (1.8e308)"
            )
        self._family, self._loc, self._how = family, loc, how
        self._atoms: Atoms = point(0)
        self._scale = abs(scale) if family.symmetric else scale

    @property
    def family(self) -> Family:
        """The standard law."""
        return self._family

    @property
    def loc(self) -> Fraction:
        """Where the standard law's 0 lies."""
        return self._loc

    @property
    def scale(self) -> Fraction:
        """The factor of the standard law."""
        return self._scale

    # --- accuracy -----------------------------------------------------------------------------

    @cached_property
    def error_bound(self) -> float:
        """The bound on the relative error of pdf, cdf and sf, where they are at least 1e-300."""
        own = self._family.error_bound
        if is_pure(self._atoms):
            return own
        weights = self._atoms._weights
        return chained(own, weights.error_bound, gamma(len(weights) + 1))

    @cached_property
    def error_estimate(self) -> float:
        """The relative error to expect of pdf, cdf and sf."""
        own = self._family.error_bound / _LIKELY
        if is_pure(self._atoms):
            return own
        weights = self._atoms._weights
        return together(own, weights.error_estimate, likely(len(weights)))

    def relative_error_bound(self, x: Numbers, *, of: str = "cdf") -> Values:
        """Return a bound on the relative error of cdf, sf or pdf at x: the same at each x.

        Parameters
        ----------
        x
            Where: a number or an array.
        of
            ``"cdf"``, ``"sf"`` or ``"pdf"``.

        Returns
        -------
        float or array
            `error_bound`; infinite where the value is below 1e-300 and not 0 for sure.

        Raises
        ------
        OptionError
            If `of` is something else.
        """
        return self._relative_bound(x, of, self.error_bound)

    def relative_error_estimate(self, x: Numbers, *, of: str = "cdf") -> Values:
        """Return the relative error of cdf, sf or pdf to expect at x; as the bound."""
        return self._relative_bound(x, of, self.error_estimate)

    def _relative_bound(self, x: Numbers, of: str, size: float) -> Values:
        parts = {
            "cdf": self._evaluation.cdf,
            "sf": self._evaluation.sf,
            "pdf": self._evaluation.pdf,
        }
        if of not in parts:
            raise OptionError(f'of={of!r}: write of="cdf", of="sf" or of="pdf"')
        low, high = self.support()

        def bound(x: Floats) -> Floats:
            outside = (x < low) | (x > high) | np.isinf(x)  # there they are 0 or 1
            return np.where(outside, 0.0, np.where(parts[of](x) >= DEEPEST, size, np.inf))

        return vectorized(bound, x)

    @property
    def pdf_error_bound(self) -> float:
        """The bound on the absolute error of the density where it is largest; infinite at a pole."""
        return self.error_bound * self._family.peak() / abs(float(self._scale))

    @property
    def break_bound(self) -> float:
        """How far a jump may seem to be from where it is: sides are told exactly."""
        return 0.0

    @property
    def neglected_mass(self) -> float:
        """The probability that atoms added to the law lack."""
        return self._atoms.neglected_mass

    def explain(self) -> str:
        """Return how the law was computed and how accurate it is."""
        mixed = "" if is_pure(self._atoms) else f", added to {len(self._atoms)} atoms"
        how = f" by the closed form {self._how}" if self._how else ""
        return (
            f"{self._title()}{how}{mixed}: pdf, cdf and sf are the family's own, each with a "
            f"relative error <= {self.error_bound:.2g} where it is at least {DEEPEST:g} (to expect: "
            f"{self.error_estimate:.2g})."
        )

    # --- probabilities ------------------------------------------------------------------------

    def pdf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return the density at x, never negative; infinite at a pole."""
        self._refuse_exact(exact)
        return vectorized(self._evaluation.pdf, x)

    def logpdf(self, x: Numbers) -> Values:
        """Return the logarithm of the density at x, also far below the smallest float."""
        return vectorized(self._evaluation.logpdf, x)

    def logcdf(self, x: Numbers) -> Values:
        """Return log P(X <= x), also far below the smallest float."""
        return vectorized(self._evaluation.logcdf, x)

    def logsf(self, x: Numbers) -> Values:
        """Return log P(X > x), also far below the smallest float."""
        return vectorized(self._evaluation.logsf, x)

    def ppf(self, q: Numbers) -> Values:
        """Return an x with ``cdf(x) >= q`` whose lower neighbour in float64 has ``cdf < q``.

        With the cdf that :meth:`cdf` returns, so the backward error is `error_bound` times q. As in
        SciPy ``ppf(0)`` and ``ppf(1)`` are the ends of the support.
        """
        return vectorized(lambda q: quantiles(self._cdf, q, self.support(), falls=False), q)

    def isf(self, q: Numbers) -> Values:
        """Return an x with ``sf(x) <= q`` whose lower neighbour in float64 has ``sf > q``.

        The backward error is `error_bound` times q.
        """
        return vectorized(lambda q: quantiles(self._sf, q, self.support(), falls=True), q)

    def rvs(
        self,
        size: int | tuple[int, ...] | None = None,
        random_state: Random = None,
        *,
        rng: Random = None,
    ) -> Values:
        """Draw random variates: by NumPy's methods for the family, or by inversion.

        For `size`, `random_state` and `rng` see :meth:`Law.rvs`.
        """
        generator = as_generator(random_state, rng)
        with np.errstate(all="ignore"):
            own = drawn(lambda: self._family.draw(generator, size), size)
            if own is None:
                result = Law.rvs(self._like(self._loc, self._scale, point(0)), size, generator)
            else:
                result = float(self._loc) + float(self._scale) * own
        result = result if is_pure(self._atoms) else result + self._atoms.rvs(size, generator)
        return float(result) if np.ndim(result) == 0 else result

    # --- support ------------------------------------------------------------------------------

    def support(self) -> tuple[float, float]:
        """Return the ends of the support, infinite ones included."""
        return self._reach().plus(self._atoms._ends()).floats()

    # --- how values are made ------------------------------------------------------------------

    @cached_property
    def _generic(self) -> Density:
        """The same law in pieces, for sums that have no closed form."""
        return self._generic_alone._plus_atoms(self._atoms)

    @cached_property
    def _generic_alone(self) -> Density:
        law = standard_density(self._family) * self._scale + self._loc
        assert isinstance(law, Density)
        return law

    @cached_property
    def _evaluation(self) -> Evaluation:
        return Evaluation(self._family, self._loc, self._scale, self._atoms)

    @cached_property
    def _function(self) -> Function:  # type: ignore[override]
        return joined(self._generic_alone._function, self._generic_alone._atoms)

    @cached_property
    def _facts(self) -> Facts:
        own = of_affine(self._family.mean(), self._loc, self._scale), self._spread()
        known = self._generic_alone._facts
        return replace(known, mean=own[0], variance=own[1], reach=self._reach())

    def _reach(self) -> Reach:
        low = Fraction(0) if self._family.half_line else -math.inf
        return Reach(low, self._family.high).scaled(self._scale).plus(Reach(self._loc, self._loc))

    def _bends(self) -> list[float]:
        own = [*self._reach().floats(), *(float(self._located_at(z)) for z in self._family.bends())]
        places = self._atoms.points[:: len(self._atoms.points) // _MOST_BENDS + 1].tolist()
        return sorted({end + place for end in own if math.isfinite(end) for place in places})

    def _located_at(self, z: float) -> Fraction:
        return self._loc + self._scale * Fraction(z)

    def _window(self) -> tuple[float, float]:
        return self._reach().floats()

    def _cdf(self, x: Floats) -> Floats:
        return self._completed(self._evaluation.cdf, self._evaluation.sf, x)

    def _sf(self, x: Floats) -> Floats:
        return self._completed(self._evaluation.sf, self._evaluation.cdf, x)

    def _completed(self, part: Evaluate, other: Evaluate, x: Floats) -> Floats:
        """Return one part of the law, exactly 1 where the other is nothing beside it."""
        values = np.minimum(part(x), 1.0)
        if not is_pure(self._atoms):  # weights of atoms may sum to a little less
            near = np.flatnonzero(values > _NEARLY_ONE)
            values[near] = np.where(other(x[near]) < ROUNDOFF / 2, 1.0, values[near])
        return values

    def _density_at(self, x: Floats) -> Floats:
        return self._alone.pdf(x)

    def _share_below(self, x: Floats) -> Floats:
        return self._alone.cdf(x)

    def _share_above(self, x: Floats) -> Floats:
        return self._alone.sf(x)

    @cached_property
    def _alone(self) -> Evaluation:
        """The law without the atoms."""
        return Evaluation(self._family, self._loc, self._scale, point(0))

    # --- operations ---------------------------------------------------------------------------

    def _shifted(self, offset: Fraction) -> NamedDensity:
        return self._like(self._loc + offset, self._scale, self._atoms)

    def _scaled(self, factor: Fraction) -> Law:
        if factor == 0:
            return point(0)
        return self._like(self._loc * factor, self._scale * factor, self._atoms._scaled(factor))

    def _like(self, loc: Fraction, scale: Fraction, atoms: Law) -> NamedDensity:
        law = NamedDensity(self._family, loc, scale, self._how)
        assert isinstance(atoms, Atoms)
        law._atoms = atoms
        return law

    def _plus_atoms(self, atoms: Atoms) -> Density:
        if len(atoms) == 1 and not atoms.neglected_mass:
            return self._shifted(atoms._start)
        together = add_atoms(self._atoms, atoms)
        if len(together) > _MOST_ATOMS or len(together.points) < len(together):
            return Density._create(self._function, self._facts, together)
        return self._like(self._loc, self._scale, together)

    def _plus_density(self, other: Density) -> Density:
        if isinstance(other, NamedDensity):
            closed = closed_sum(self._located(), other._located())
            if closed:
                how = f"{self._family.name} + {other._family.name}"
                law = NamedDensity(*closed, how)
                return law._plus_atoms(add_atoms(self._atoms, other._atoms))
        result = self._generic._plus_density(
            other._generic if isinstance(other, NamedDensity) else other
        )
        result._terms = self._added() + other._added()
        return result

    def _copies(self, n: int) -> Law:
        if n < 2:
            return self if n else point(0)
        closed = closed_copies(self._located(), n)
        if closed is None:
            result = self._generic._copies(n)
            assert isinstance(result, Density)
            result._terms = copies_of(n, self)
            return result
        law = NamedDensity(*closed, f"sum of {n} {self._family.name}")
        return law if is_pure(self._atoms) else law._plus_atoms(self._atoms._copies(n))

    def _located(self) -> tuple[Family, Fraction, Fraction]:
        return self._family, self._loc, self._scale

    # --- pictures -----------------------------------------------------------------------------

    def _title(self) -> str:
        given = "".join(f", {name}={value:g}" for name, value in self._family.shapes.items())
        loc, scale = brief(self._loc, 6), brief(self._scale, 6)
        return f"{self._family.name}(loc={loc}, scale={scale}{given})"

    def __repr__(self) -> str:
        mixed = "" if is_pure(self._atoms) else f" + {len(self._atoms)} atoms"
        return f"NamedDensity({self._title()}{mixed}, relative error <= {self.error_bound:.2g})"
