"""Laws with a density: piecewise polynomials, to which dice may be added."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from faltung.distributions.continuous.facts import (
    Facts,
    facts_of,
    facts_of_sum,
    largest_value,
    refuse_negative,
)
from faltung.distributions.continuous.mixture import (
    Evaluate,
    is_pure,
    joined,
    mass_within,
    mixed,
    mixing_bound,
    wander,
    wandering,
)
from faltung.distributions.continuous.moved import shifted, stretched
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.lattice import point
from faltung.distributions.discrete.points import add_atoms
from faltung.distributions.law.draws import Random, as_generator, uniform_draws
from faltung.distributions.law.law import Law
from faltung.distributions.law.vectors import Numbers, Values, vectorized
from faltung.distributions.numbers.inversion import approximate, smallest_reaching
from faltung.distributions.numbers.rational import written
from faltung.distributions.numbers.rounding import Floats, likely, log_of_part, together
from faltung.distributions.pictures import draw_density
from faltung.errors import DataError, DtypeError, OptionError
from faltung.functions import Function, convolve
from faltung.functions.contents import polynomials

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MASS_TOLERANCE = 1e-9


class Density(Law):
    """A law with a density.

    Parameters
    ----------
    function : Function
        The density: non-negative, with integral 1.
    normalize : bool
        Divide by the integral. Without it the integral must be 1 within 1e-9.

    Raises
    ------
    DtypeError
        If `function` is no :class:`faltung.Function`.
    DataError
        If it is negative somewhere or its integral is not 1.

    Notes
    -----
    `error_bound` bounds the *absolute* error of cdf and sf, and `pdf_error_bound` that of the
    density, in units of 1/x. Both cdf and sf are integrated from their own end, so tails have an
    error far below `error_bound` as a rule, but it is not proved to be relative.

    A law to which atoms were added (dice plus noise) is kept as the two independent summands: a
    density f and a discrete law with points a and probabilities p. Its density is the sum of
    ``p[k] f(x - a[k])``, non-negative terms throughout.

    Examples
    --------
    >>> import faltung as ft
    >>> from faltung.distributions import Density, die
    >>> box = Density(ft.Function(1.0, (0, 1)))
    >>> (box + box).pdf(1.0), (box + box).cdf(0.5)
    (1.0, 0.125)
    >>> round((box + die(6)).sf(6.25), 15)
    0.125
    """

    def __init__(self, function: Function, *, normalize: bool = False) -> None:
        if not isinstance(function, Function):
            raise DtypeError(
                f"Density takes a faltung.Function, not a {type(function).__name__}: write "
                "Density(ft.Function(callable, (a, b))), or distribution(...) for SciPy's laws"
            )
        # Laws have no tails to infinity and no poles yet: such densities are refused.
        polynomials(function._content)
        refuse_negative(function)
        mass = function.integral()
        if not normalize and abs(mass - 1) > _MASS_TOLERANCE:
            raise DataError(
                f"the density integrates to {mass:.12g}, not 1: correct it, or write "
                "normalize=True to divide by the integral"
            )
        if mass <= 0:
            raise DataError("the density is zero everywhere: its integral must be positive")
        if normalize or abs(mass - 1) > function.cumulative().error_bound:
            function = function.normalize()
        self._set(function, facts_of(function), point(0))

    @classmethod
    def _create(cls, function: Function, facts: Facts, atoms: Atoms) -> Self:
        law = object.__new__(cls)
        law._set(function, facts, atoms)
        return law

    def _set(self, function: Function, facts: Facts, atoms: Atoms) -> None:
        self._function, self._facts, self._atoms = function, facts, atoms

    @property
    def function(self) -> Function:
        """The density as a function, on the window outside of which it is neglected.

        Its `error_bound` counts neither what the window neglects nor what is uncertain in the
        weights of atoms: `pdf_error_bound` does. The atoms are taken where they are, not at their
        floats.

        Raises
        ------
        OptionError
            If more than 64 atoms were added to it; `pdf` has no such limit.
        """
        return joined(self._function, self._atoms)

    # --- accuracy -----------------------------------------------------------------------------

    @cached_property
    def error_bound(self) -> float:
        """The bound on the absolute error of every cdf and sf."""
        integrals = max(self._below.error_bound, self._above.error_bound)
        moved = mass_within(self._function, wander(self._function, self._atoms))
        mixing = mixing_bound(self._atoms)
        return (integrals + self._facts.cdf_bound + moved) * (1 + mixing) + mixing

    @cached_property
    def error_estimate(self) -> float:
        """The absolute error of cdf and sf to expect."""
        integrals = max(self._below.error_estimate, self._above.error_estimate)
        weights = self._atoms._weights
        mixing = together(weights.error_estimate, likely(len(weights))) if len(weights) > 1 else 0.0
        moved = mass_within(self._function, wander(self._function, self._atoms)) / 4
        return together(integrals, mixing, moved) + self._facts.cdf_bound

    @cached_property
    def pdf_error_bound(self) -> float:
        """The bound on the absolute error of the density, farther than `break_bound` from a jump."""
        seen = wandering(self._function, self._atoms).error_bound
        own, mixing = seen + self._facts.lost_density, mixing_bound(self._atoms)
        return own + (own + largest_value(self._function)) * mixing

    @property
    def break_bound(self) -> float:
        """How far the density may seem to jump from where it does, for breaks and atoms are rounded.

        Nearer to a jump than this, `pdf` may return the value of the other side. It is 0 where
        nothing was rounded, and where the density has no jump.

        Examples
        --------
        >>> import faltung as ft
        >>> from faltung.distributions import Density, Lattice
        >>> pulse = Density(ft.Function(1.0, (0, 1))) + Lattice([0.5, 0.5], start=0.1)
        >>> 0 < pulse.break_bound < 3e-16
        True
        """
        return wandering(self._function, self._atoms).break_bound

    @property
    def neglected_mass(self) -> float:
        """The probability outside the window on which the density is kept, at most."""
        return self._facts.lost_mass + self._atoms.neglected_mass

    def explain(self) -> str:
        """Return how the law was computed and how accurate it is."""
        shape = self._function
        mixed = "" if is_pure(self._atoms) else f", added to {len(self._atoms)} atoms"
        lost = self.neglected_mass
        missing = f"; mass outside the window <= {lost:.2g}" if lost else ""
        return (
            f"A density of {len(shape.coefficients)} polynomial pieces on [{shape.domain[0]:.6g}, "
            f"{shape.domain[1]:.6g}]{mixed}: cdf and sf have an absolute error <= "
            f"{self.error_bound:.2g} (to expect: {self.error_estimate:.2g}){missing}."
        )

    # --- probabilities ------------------------------------------------------------------------

    def pdf(self, x: Numbers) -> Values:
        """Return the density at x, never negative."""
        return vectorized(lambda x: self._mixed(self._density_at, x), x)

    def logpdf(self, x: Numbers) -> Values:
        """Return the logarithm of the density at x, -inf where it is 0."""
        with np.errstate(divide="ignore"):
            return vectorized(lambda x: np.log(self._mixed(self._density_at, x)), x)

    def cdf(self, x: Numbers) -> Values:
        """Return P(X <= x), integrated from the left."""
        return vectorized(self._cdf, x)

    def sf(self, x: Numbers) -> Values:
        """Return P(X > x), integrated from the right."""
        return vectorized(self._sf, x)

    def logcdf(self, x: Numbers) -> Values:
        """Return log P(X <= x)."""
        return vectorized(lambda x: log_of_part(self._cdf(x), self._sf(x)), x)

    def logsf(self, x: Numbers) -> Values:
        """Return log P(X > x)."""
        return vectorized(lambda x: log_of_part(self._sf(x), self._cdf(x)), x)

    def ppf(self, q: Numbers) -> Values:
        """Return an x with ``cdf(x) >= q`` whose lower neighbour in float64 has ``cdf < q``.

        With the cdf that :meth:`cdf` returns, so the backward error is at most `error_bound`. As in
        SciPy ``ppf(0)`` and ``ppf(1)`` are the ends of the support.
        """
        low, high = self.support()
        return vectorized(lambda q: self._inverted(self._cdf, q, q, (low, high)), q)

    def isf(self, q: Numbers) -> Values:
        """Return an x with ``sf(x) <= q`` whose lower neighbour in float64 has ``sf > q``."""
        low, high = self.support()
        return vectorized(lambda q: self._inverted(lambda x: -self._sf(x), -q, q, (high, low)), q)

    def rvs(
        self,
        size: int | tuple[int, ...] | None = None,
        random_state: Random = None,
        *,
        rng: Random = None,
    ) -> Values:
        """Draw random variates: the density by inversion of its cdf, plus the atoms.

        The inversion is good to about 1e-14 in probability. For `size`, `random_state` and `rng` see :meth:`Law.rvs`.
        """
        generator = as_generator(random_state, rng)
        uniform = uniform_draws(size, generator)
        draws = approximate(self._share_below, self._density_at, uniform.ravel(), self._table())
        result = draws.reshape(uniform.shape)
        if not is_pure(self._atoms):
            result = result + self._atoms.rvs(size, generator)
        return float(result) if result.ndim == 0 else result

    # --- moments and support ------------------------------------------------------------------

    def mean(self) -> float:
        """Return the expected value; inf or NaN where SciPy's law has none."""
        return self._facts.mean + float(self._atoms.mean())

    def var(self) -> float:
        """Return the variance; inf or NaN where SciPy's law has none."""
        return self._facts.variance + float(self._atoms.var())

    def support(self) -> tuple[float, float]:
        """Return the ends of the support, infinite ones included."""
        return self._facts.reach.plus(self._atoms._ends()).floats()

    # --- how values are made ------------------------------------------------------------------

    @cached_property
    def _below(self) -> Function:
        return self._function.cumulative()

    @cached_property
    def _above(self) -> Function:
        return self._function.reflect().cumulative()

    def _window(self) -> tuple[float, float]:
        return self._function.domain

    def _table(self) -> Floats:
        """Return 33 points in each piece."""
        breaks = self._function.breaks
        inner = np.linspace(breaks[:-1], breaks[1:], 33, axis=1)[:, :-1]
        return np.append(inner.ravel(), breaks[-1])

    def _density_at(self, x: Floats) -> Floats:
        return np.asarray(np.maximum(self._function(x), 0.0))

    def _share_below(self, x: Floats) -> Floats:
        inside = np.clip(self._below(x), 0.0, 1.0)
        return np.where(x >= self._window()[1], 1.0, inside)

    def _share_above(self, x: Floats) -> Floats:
        inside = np.clip(self._above(-x), 0.0, 1.0)
        return np.where(x < self._window()[0], 1.0, inside)

    def _cdf(self, x: Floats) -> Floats:
        return np.minimum(self._mixed(self._share_below, x), 1.0)

    def _sf(self, x: Floats) -> Floats:
        return np.minimum(self._mixed(self._share_above, x), 1.0)

    def _mixed(self, part: Evaluate, x: Floats) -> Floats:
        """Return the sum of ``p[k] part(x - a[k])`` over the atoms, for a vector x."""
        return mixed(part, self._atoms, x)

    def _inverted(
        self, rising: Evaluate, goals: Floats, q: Floats, ends: tuple[float, float]
    ) -> Floats:
        """Return where `rising` reaches its goals; `ends` are the answers to q = 0 and q = 1."""
        low, high = self._window()
        first, last = self._atoms.window()
        wanted = np.where((q > 0) & (q < 1), goals, np.nan)
        result = smallest_reaching(rising, wanted, low + first, high + last)
        return np.where(q == 0, ends[0], np.where(q == 1, ends[1], result))

    # --- operations ---------------------------------------------------------------------------

    def _shifted(self, offset: Fraction) -> Density:
        return Density._create(
            shifted(self._function, offset), self._facts.shifted(offset), self._atoms
        )

    def _scaled(self, factor: Fraction) -> Law:
        if factor == 0:
            return point(0)
        return Density._create(
            stretched(self._function, factor),
            self._facts.scaled(factor),
            self._atoms._scaled(factor),
        )

    def _plus_atoms(self, atoms: Atoms) -> Density:
        """Return the law of the sum with an independent discrete variable."""
        if len(atoms) == 1 and not atoms.neglected_mass:
            return self._shifted(atoms._start)
        return Density._create(self._function, self._facts, add_atoms(self._atoms, atoms))

    def _plus_density(self, other: Density) -> Density:
        """Return the law of the sum with an independent variable that has a density too."""
        f, g = self._function, other._function
        facts = facts_of_sum(f, self._facts, g, other._facts)
        return Density._create(convolve(f, g), facts, add_atoms(self._atoms, other._atoms))

    def _copies(self, n: int) -> Law:
        if n == 0:
            return point(0)
        result = self
        for bit in bin(n)[3:]:
            result = result._plus_density(result)
            if bit == "1":
                result = result._plus_density(self)
            if not result.error_bound < 1:
                raise OptionError(
                    f"n={written(n)}: of the sum of so many copies nothing would be known, the "
                    f"bound is {result.error_bound:.2g} on the way; take its normal limit"
                )
        return result

    if TYPE_CHECKING:  # whatever is added to a density, the sum has one

        def __add__(self, other: object) -> Density: ...
        def __radd__(self, other: object) -> Density: ...
        def __sub__(self, other: object) -> Density: ...
        def __rsub__(self, other: object) -> Density: ...
        def __neg__(self) -> Density: ...

    # --- pictures -----------------------------------------------------------------------------

    def __repr__(self) -> str:
        low, high = self.support()
        return (
            f"Density(on [{low:g}, {high:g}], mean {self.mean():.6g}, std {self.std():.6g}, "
            f"error <= {self.error_bound:.2g})"
        )

    def _drawn(self, count: int) -> tuple[Floats, Floats]:
        """Return points over all but a thousandth of the mass, and the density there."""
        low, high = self._window()
        first, last = self._atoms.window()
        start, stop = max(low + first, self.ppf(5e-4)), min(high + last, self.isf(5e-4))
        margin = 0.05 * (stop - start)
        points = np.linspace(start - margin, stop + margin, count)
        return points, np.asarray(self.pdf(points))

    def _draw(self, ax: Axes, **style: Any) -> None:
        draw_density(ax, *self._drawn(801), **style)

    def _outline(self) -> tuple[list[float], list[float], bool]:
        points, heights = self._drawn(161)
        return points.tolist(), heights.tolist(), False
