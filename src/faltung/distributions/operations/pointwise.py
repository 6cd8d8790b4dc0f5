"""Laws that are known point by point, by formulas in the cdf, the sf and the density of others."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np

from faltung.distributions.continuous.resolved import resolved
from faltung.distributions.discrete.lattice import point
from faltung.distributions.discrete.points import Discrete
from faltung.distributions.law import integrals
from faltung.distributions.law.law import Law
from faltung.distributions.law.vectors import Numbers, Values, vectorized
from faltung.distributions.mixed.accuracy import relative_bound
from faltung.distributions.mixed.mixed import mixed
from faltung.distributions.mixed.parts import Part
from faltung.distributions.numbers.ranks import smallest_reaching
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats
from faltung.errors import DtypeError, OptionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

_MOST_ATOMS = 64


class Pointwise(Law):
    """A law that is evaluated by its formulas, and resolved as a function only for a sum.

    Its formulas take cdf and sf each from its own side and add non-negative terms, so relative
    accuracy in the tails of the operands is kept. `error_bound` is on the absolute error of cdf
    and sf.
    """

    # --- what a kind must know ----------------------------------------------------------------

    @abstractmethod
    def _cdf(self, x: Floats) -> Floats: ...

    @abstractmethod
    def _sf(self, x: Floats) -> Floats: ...

    @abstractmethod
    def _pdf(self, x: Floats) -> Floats: ...

    def _pmf(self, x: Floats) -> Floats:
        """Return the probability of each x; without atoms there is none."""
        return np.zeros_like(x)

    def _atom_points(self) -> Floats:
        """Return the places of the atoms, ascending."""
        return np.empty(0)

    @abstractmethod
    def _breaks(self) -> list[float]:
        """Return where the density may jump, beside the atoms."""

    def _bends(self) -> list[float]:
        return [*self._breaks(), *self._atom_points().tolist()]

    @abstractmethod
    def _error_at(self, x: Floats, of: str) -> Floats:
        """Return a bound on the absolute error of cdf or sf at each x."""

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
            From the errors of the operands at x; infinite where the value is 0.

        Raises
        ------
        OptionError
            If `of` is something else.
        """
        return relative_bound(self, lambda x: self._error_at(x, of), x, of)

    # --- probabilities ------------------------------------------------------------------------

    def cdf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return P(X <= x)."""
        self._refuse_exact(exact)
        return vectorized(self._cdf, x)

    def sf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return P(X > x), from its own side."""
        self._refuse_exact(exact)
        return vectorized(self._sf, x)

    def pdf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return the density of the part without atoms; it integrates to the mass of that."""
        self._refuse_exact(exact)
        return vectorized(self._pdf, x)

    def logpdf(self, x: Numbers) -> Values:
        """Return the logarithm of the density, -inf where it is 0."""
        with np.errstate(divide="ignore"):
            return vectorized(lambda x: np.log(self._pdf(x)), x)

    def pmf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return P(X = x)."""
        self._refuse_exact(exact)
        if not len(self._atom_points()):
            return super().pmf(x)
        return vectorized(self._pmf, x)

    def logpmf(self, x: Numbers) -> Values:
        """Return log P(X = x), -inf where it is 0."""
        if not len(self._atom_points()):
            return super().logpmf(x)
        with np.errstate(divide="ignore"):
            return vectorized(lambda x: np.log(self._pmf(x)), x)

    def ppf(self, q: Numbers) -> Values:
        """Return an x with ``cdf(x) >= q`` whose lower neighbour in float64 has ``cdf < q``."""
        return vectorized(lambda q: self._inverted(self._cdf, q, q, self.support()), q)

    def isf(self, q: Numbers) -> Values:
        """Return an x with ``sf(x) <= q`` whose lower neighbour in float64 has ``sf > q``."""
        ends = self.support()[::-1]
        return vectorized(lambda q: self._inverted(lambda x: -self._sf(x), -q, q, ends), q)

    def _inverted(
        self,
        rising: Callable[[Floats], Floats],
        goals: Floats,
        q: Floats,
        ends: tuple[float, float],
    ) -> Floats:
        wanted = np.where((q > 0) & (q < 1), goals, np.nan)
        result = smallest_reaching(rising, wanted, min(ends), max(ends))
        return np.where(q == 0, ends[0], np.where(q == 1, ends[1], result))

    # --- moments ------------------------------------------------------------------------------

    def mean(self, *, exact: bool = False) -> float:
        """Return the expected value, by integration of both tails from the median."""
        self._refuse_exact(exact)
        return self._about_median()[0]

    def var(self, *, exact: bool = False) -> float:
        """Return the variance, by integration of both tails from the mean."""
        self._refuse_exact(exact)
        mean = self._about_median()[0]
        return integrals.central_moment(self, mean, 2) if math.isfinite(mean) else math.nan

    def _about_median(self) -> tuple[float, float]:
        middle = self.median()
        return middle + integrals.central_moment(self, middle, 1), middle

    def entropy(self) -> float:
        """Return the differential entropy.

        Raises
        ------
        DtypeError
            If there are atoms.
        """
        if len(self._atom_points()):
            raise DtypeError("a law with atoms and a density has no entropy")
        return super().entropy()

    def mode(self) -> float:
        """Return the most probable atom; without any, where the density is largest."""
        atoms = self._atom_points()
        if len(atoms):
            return float(atoms[int(np.argmax(self._pmf(atoms)))])
        return super().mode()

    def _expected(self, function: Callable[[Floats], Floats], low: float, high: float) -> float:
        atoms = self._atom_points()
        inside = atoms[(atoms >= low) & (atoms <= high)]
        single = float(function(inside) @ self._pmf(inside)) if len(inside) else 0.0
        return single + super()._expected(function, low, high)

    # --- sums ---------------------------------------------------------------------------------

    def resolved(self) -> Law:
        """Return the law as a density that is one function, or with atoms as a mixture.

        Raises
        ------
        OptionError
            If there are more than 64 atoms beside a density, or polynomials cannot follow it.
        """
        atoms = self._atom_points()
        if not len(atoms):
            return resolved(self, 1.0, self._breaks())
        if len(atoms) > _MOST_ATOMS:
            raise OptionError(
                f"{self!r} has a density that jumps at {len(atoms)} atoms, too many for a sum: "
                "round the discrete law to fewer points"
            )
        chances = self._pmf(atoms)
        mass = math.fsum(chances)
        used = chances > 0
        discrete = Discrete(atoms[used], chances[used] / mass, normalize=True)
        density = resolved(self, 1 - mass, [*self._breaks(), *atoms.tolist()])
        parts = [Part(mass, discrete), Part(1 - mass, density)]
        return mixed(parts, self.error_bound / min(mass, 1 - mass) + 4 * ROUNDOFF)

    def _copies(self, n: int) -> Law:
        if n == 0:
            return point(0)
        return self if n == 1 else self.resolved()._copies(n)

    # --- pictures -----------------------------------------------------------------------------

    def __repr__(self) -> str:
        low, high = self.support()
        return f"{self._called()}(on [{low:g}, {high:g}], error <= {self.error_bound:.2g})"

    @abstractmethod
    def _called(self) -> str:
        """Return what the law is, for its repr."""

    def _drawn(self, count: int) -> tuple[Floats, Floats]:
        from faltung.distributions.pictures import grid_over, window_of

        points = grid_over(window_of(self), count)
        return points, self._pdf(points)

    def _draw(self, ax: Axes, **style: Any) -> None:
        from faltung.distributions.pictures import draw_both, highest

        atoms = self._atom_points()
        draw_both(ax, self._drawn(801), highest(atoms, self._pmf(atoms)), **style)

    def _outlines(self) -> list[tuple[list[float], list[float], bool]]:
        atoms = self._atom_points()
        if not len(atoms):
            return [self._outline()]
        from faltung.distributions.pictures import highest

        points, weights = highest(atoms, self._pmf(atoms), 200)
        return [self._outline(), (points.tolist(), weights.tolist(), True)]

    def _outline(self) -> tuple[list[float], list[float], bool]:
        points, heights = self._drawn(161)
        return points.tolist(), heights.tolist(), False
