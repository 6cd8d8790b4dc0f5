"""A law with a name: an exact location and scale, and tails of its own."""

from __future__ import annotations

import math
import operator
from fractions import Fraction
from functools import cached_property

import numpy as np

from faltung.distributions.continuous.density import Density
from faltung.distributions.continuous.facts import Facts
from faltung.distributions.continuous.mixture import is_pure
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.lattice import point
from faltung.distributions.discrete.points import add_atoms
from faltung.distributions.families.evaluation import Evaluation
from faltung.distributions.families.family import DEEPEST, Family
from faltung.distributions.families.generic import standard_density
from faltung.distributions.families.moments import (
    moment_of_affine,
    moment_of_sum,
    of_affine,
    shape_of_sum,
)
from faltung.distributions.families.sums import closed_copies, closed_sum
from faltung.distributions.law.draws import Random, as_generator
from faltung.distributions.law.law import Law
from faltung.distributions.law.vectors import Numbers, Values, vectorized
from faltung.distributions.numbers.rational import brief, rounded, written
from faltung.distributions.numbers.reach import Reach
from faltung.distributions.numbers.rounding import Floats, chained, gamma, likely, together
from faltung.errors import DataError, OptionError
from faltung.functions import Function

_MOST_ATOMS = 4096
_SMALLEST_SCALE, _LARGEST_SCALE = Fraction(2) ** -1020, Fraction(2) ** 1020


class NamedDensity(Density):
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
        own = self._family.error_bound / 30
        if is_pure(self._atoms):
            return own
        weights = self._atoms._weights
        return together(own, weights.error_estimate, likely(len(weights)))

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

    def pdf(self, x: Numbers) -> Values:
        """Return the density at x, never negative; infinite at a pole."""
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

    def rvs(
        self,
        size: int | tuple[int, ...] | None = None,
        random_state: Random = None,
        *,
        rng: Random = None,
    ) -> Values:
        """Draw random variates by inversion; see :meth:`Law.rvs`."""
        generator = as_generator(random_state, rng)
        alone = self._like(self._loc, self._scale, point(0))
        result = Law.rvs(alone, size, generator)
        return result if is_pure(self._atoms) else result + self._atoms.rvs(size, generator)

    # --- moments ------------------------------------------------------------------------------

    def mean(self) -> float:
        """Return the expected value; inf or NaN where there is none, as SciPy."""
        return of_affine(self._family.mean(), self._loc, self._scale) + float(self._atoms.mean())

    def var(self) -> float:
        """Return the variance; inf or NaN where there is none, as SciPy."""
        spread = of_affine(self._family.central()[1], Fraction(0), self._scale**2)
        return spread + float(self._atoms.var())

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
        own = [moment_of_affine(self._family, self._loc, self._scale, k) for k in range(count + 1)]
        return own[-1] if is_pure(self._atoms) else moment_of_sum(own, self._atoms)

    def entropy(self) -> float:
        """Return the differential entropy.

        Raises
        ------
        OptionError
            If atoms were added, for which there is no closed form.
        """
        self._refuse_atoms("entropy")
        size = abs(self._scale)
        return self._family.entropy() + math.log(size.numerator) - math.log(size.denominator)

    def mode(self) -> float:
        """Return a point where the density is largest.

        Raises
        ------
        OptionError
            If atoms were added, for which there is no closed form.
        """
        self._refuse_atoms("mode")
        return rounded(self._loc + self._scale * Fraction(self._family.mode()))

    def support(self) -> tuple[float, float]:
        """Return the ends of the support, infinite ones included."""
        return self._reach().plus(self._atoms._ends()).floats()

    # --- how values are made ------------------------------------------------------------------

    @cached_property
    def _generic(self) -> Density:
        """The same law in pieces, for sums that have no closed form."""
        law = standard_density(self._family)._scaled(self._scale)._shifted(self._loc)
        assert isinstance(law, Density)
        return Density._create(law._function, law._facts, self._atoms)

    @cached_property
    def _evaluation(self) -> Evaluation:
        return Evaluation(self._family, self._loc, self._scale, self._atoms)

    @property
    def _function(self) -> Function:  # type: ignore[override]
        return self._generic._function

    @property
    def _facts(self) -> Facts:  # type: ignore[override]
        return self._generic._facts

    def _reach(self) -> Reach:
        low = Fraction(0) if self._family.half_line else -math.inf
        return Reach(low, self._family.high).scaled(self._scale).plus(Reach(self._loc, self._loc))

    def _window(self) -> tuple[float, float]:
        return self._reach().floats()

    def _cdf(self, x: Floats) -> Floats:
        return np.minimum(self._evaluation.cdf(x), 1.0)

    def _sf(self, x: Floats) -> Floats:
        return np.minimum(self._evaluation.sf(x), 1.0)

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

    def _refuse_atoms(self, what: str) -> None:
        if not is_pure(self._atoms):
            raise OptionError(
                f"the {what} of a law with {len(self._atoms)} atoms added has no closed form: find "
                "it from pdf, or from .function"
            )

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
        return super()._plus_density(other)

    def _copies(self, n: int) -> Law:
        closed = closed_copies(self._located(), n) if n > 1 else None
        if closed is None:
            return self if n == 1 else super()._copies(n)
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
