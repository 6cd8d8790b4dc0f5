"""Laws with a density: piecewise polynomials, to which dice may be added."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from faltung.distributions.continuous.accuracy import Accuracy
from faltung.distributions.continuous.aside import set_aside
from faltung.distributions.continuous.checked import as_density
from faltung.distributions.continuous.facts import Facts, facts_of_sum
from faltung.distributions.continuous.mixture import Evaluate, is_pure, mixed, spread
from faltung.distributions.continuous.moved import require_room, stretched
from faltung.distributions.continuous.shares import table_of
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.lattice import point
from faltung.distributions.discrete.points import add_atoms
from faltung.distributions.law.draws import Random, as_generator, uniform_draws
from faltung.distributions.law.law import Law
from faltung.distributions.law.vectors import Numbers, Values, vectorized
from faltung.distributions.numbers.inversion import Monotone, approximate, first_reaching
from faltung.distributions.numbers.rational import brief, rounded, written
from faltung.distributions.numbers.rounding import Floats, log_of_part
from faltung.distributions.pictures import draw_density, grid_over, window_of
from faltung.errors import FaltungError, OptionError, ResolutionError
from faltung.functions import Function, contents, convolve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# A share is 1 to rounding where the other one is less than this, and looked at from here on.
_ROUNDED, _NEARLY_ONE = 2.0**-55, 1 - 1e-9
_NAMED = 4  # terms of a sum that its title lists

_INSTEAD = "sum discretize(X, step) for two sides that hold, or take its normal limit"

# The least uniform draw that is inverted.
_LEAST_DRAW = 2.0**-1022


def copies_of(n: int, law: Density) -> tuple[str, ...]:
    """Return the one term that n copies of a law are."""
    title = law._title()
    return (f"{n} copies of {f'({title})' if ' + ' in title else title}",)


class Density(Accuracy, Law):
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
    OptionError
        If it is complex or periodic, or has deltas.
    DataError
        If it is negative somewhere, or its integral is not 1 or diverges.

    Notes
    -----
    The density may jump, have poles, live on a half-line or the line, and have tails of any weight.
    cdf and sf are integrated each from its own end, so both tails keep *relative* accuracy, as far
    as the density has it: one made of a callable down to 1e-290 of its largest value, algebraic
    tails down to the least double; polynomials (:meth:`faltung.Function.from_pieces`, and callables
    on bounded intervals that polynomials follow) have absolute accuracy.

    `error_bound` bounds the *absolute* error of cdf and sf, and `pdf_error_bound` that of the
    density, in units of 1/x. :meth:`relative_error_bound` says how far each is off at x, relatively.

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

    _terms: tuple[str, ...] = ()  # what was convolved, in words

    def __init__(self, function: Function, *, normalize: bool = False) -> None:
        function = as_density(function, normalize=normalize)
        self._set(function, None, point(0))

    @classmethod
    def _create(cls, function: Function, facts: Facts | None, atoms: Atoms) -> Self:
        law = object.__new__(cls)
        law._set(function, facts, atoms)
        return law

    def _set(self, function: Function, facts: Facts | None, atoms: Atoms) -> None:
        self._function, self._atoms = function, atoms
        if facts is not None:
            self._facts = facts

    # --- probabilities ------------------------------------------------------------------------

    def pdf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return the density at x, never negative."""
        self._refuse_exact(exact)
        return vectorized(lambda x: self._mixed(self._density_at, x), x)

    def logpdf(self, x: Numbers) -> Values:
        """Return the logarithm of the density at x, -inf where it is 0."""
        with np.errstate(divide="ignore"):
            return vectorized(lambda x: np.log(self._mixed(self._density_at, x)), x)

    def cdf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return P(X <= x), integrated from the left."""
        self._refuse_exact(exact)
        return vectorized(self._cdf, x)

    def sf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return P(X > x), integrated from the right."""
        self._refuse_exact(exact)
        return vectorized(self._sf, x)

    def logcdf(self, x: Numbers) -> Values:
        """Return log P(X <= x)."""
        return vectorized(lambda x: log_of_part(self._cdf(x), self._sf(x)), x)

    def logsf(self, x: Numbers) -> Values:
        """Return log P(X > x)."""
        return vectorized(lambda x: log_of_part(self._sf(x), self._cdf(x)), x)

    def ppf(self, q: Numbers) -> Values:
        """Return an x with ``cdf(x) >= q`` whose lower neighbour in float64 has ``cdf < q``.

        With the cdf that :meth:`cdf` returns, so the backward error, by which q would have to change
        for x to be exact, is that of the cdf at x: ``relative_error_bound(x)`` of q. As in SciPy ``ppf(0)``
        and ``ppf(1)`` are the ends of the support.
        """
        low, high = self.support()
        return vectorized(lambda q: self._inverted(self._rising, q, (low, high)), q)

    def isf(self, q: Numbers) -> Values:
        """Return an x with ``sf(x) <= q`` whose lower neighbour in float64 has ``sf > q``.

        The backward error is ``relative_error_bound(x, of="sf")`` of q.
        """
        low, high = self.support()
        return vectorized(lambda q: self._inverted(self._falling, q, (high, low)), q)

    def rvs(
        self,
        size: int | tuple[int, ...] | None = None,
        random_state: Random = None,
        *,
        rng: Random = None,
    ) -> Values:
        """Draw random variates: the density by inversion of its cdf, plus the atoms.

        The inversion is good to about 1e-15 of the probability. For `size`, `random_state` and `rng` see :meth:`Law.rvs`.
        """
        generator = as_generator(random_state, rng)
        uniform = uniform_draws(size, generator)
        goals = np.maximum(uniform.ravel(), _LEAST_DRAW)
        table = self._table()
        curve = Monotone(self._share_below, table, self._share_below(table), falls=False)
        draws = approximate(curve, goals)
        result = draws.reshape(uniform.shape)
        if not is_pure(self._atoms):
            result = result + self._atoms.rvs(size, generator)
        return float(result) if result.ndim == 0 else result

    # --- moments and support ------------------------------------------------------------------

    def mean(self, *, exact: bool = False) -> float:
        """Return the expected value; inf or NaN where SciPy's law has none."""
        self._refuse_exact(exact)
        own = self._facts.mean
        if not math.isfinite(own):
            return float(own)
        atoms = self._atoms._start if len(self._atoms) == 1 else self._atoms.mean()
        return rounded(Fraction(own) + Fraction(atoms))

    def var(self, *, exact: bool = False) -> float:
        """Return the variance; inf or NaN where SciPy's law has none."""
        self._refuse_exact(exact)
        return self._facts.variance + float(self._atoms.var())

    def support(self) -> tuple[float, float]:
        """Return the ends of the support, infinite ones included."""
        return self._facts.reach.plus(self._atoms._ends()).floats()

    def _bends(self) -> list[float]:
        try:
            return [float(x) for x in self.function.breaks]
        except FaltungError:  # too many shifted copies: an integral finds its own way
            return []

    # --- how values are made ------------------------------------------------------------------

    def _density_at(self, x: Floats) -> Floats:
        values = contents.evaluate(self._function._content, x)
        return np.where(np.isnan(x), np.nan, np.maximum(values, 0.0))

    def _share_below(self, x: Floats) -> Floats:
        return self._below.values(x)

    def _share_above(self, x: Floats) -> Floats:
        return self._above.values(x)

    def _table(self) -> Floats:
        """Return ascending points at which the density, without atoms, is looked at for quantiles."""
        return table_of(self._function._content)

    def _cdf(self, x: Floats) -> Floats:
        return self._completed(self._share_below, self._share_above, x)

    def _sf(self, x: Floats) -> Floats:
        return self._completed(self._share_above, self._share_below, x)

    def _completed(self, part: Evaluate, other: Evaluate, x: Floats) -> Floats:
        """Return one share of the law; exactly 1 where the other one is nothing beside it."""
        values = np.minimum(self._mixed(part, x), 1.0)
        near = np.flatnonzero(values > _NEARLY_ONE)
        if len(near):
            rest = self._mixed(other, x[near])
            values[near] = np.where(rest < _ROUNDED, 1.0, values[near])
        return values

    def _mixed(self, part: Evaluate, x: Floats) -> Floats:
        """Return the sum of ``p[k] part(x - a[k])`` over the atoms, for a vector x."""
        return mixed(part, self._places, x)

    @cached_property
    def _rising(self) -> Monotone:
        return self._curve(self._cdf)

    @cached_property
    def _falling(self) -> Monotone:
        return self._curve(self._sf, falls=True)

    def _curve(self, part: Evaluate, *, falls: bool = False) -> Monotone:
        table = spread(self._table(), self._places)
        # What is reached at no double is reached at infinity.
        table = np.append(table, np.inf) if np.isinf(self.support()[1]) else table
        return Monotone(part, table, part(table), falls)

    def _inverted(self, curve: Monotone, q: Floats, ends: tuple[float, float]) -> Floats:
        """Return where a curve reaches q; `ends` are the answers to q = 0 and q = 1."""
        result = first_reaching(curve, np.where((q > 0) & (q < 1), q, np.nan))
        return np.where(q == 0, ends[0], np.where(q == 1, ends[1], result))

    # --- operations ---------------------------------------------------------------------------

    def _shifted(self, offset: Fraction) -> Density:
        return self._plus_atoms(point(offset))

    def _scaled(self, factor: Fraction) -> Law:
        if factor == 0:
            return point(0)
        function = stretched(self._function, factor)
        law = Density._create(function, self._facts.scaled(factor), self._atoms._scaled(factor))
        sides = (self._below, self._above) if factor > 0 else (self._above, self._below)
        law._below, law._above = (share.stretched(function, factor) for share in sides)
        law._terms = (f"{brief(factor, 6)} ({self._sum_title()})",) if self._terms else ()
        return law

    def _plus_atoms(self, atoms: Atoms) -> Density:
        """Return the law of the sum with an independent discrete variable; a shift is one, too."""
        added = add_atoms(self._atoms, atoms)
        require_room(self._function, added)
        law = Density._create(self._function, self._facts, added)
        law._terms = self._terms
        return law

    def _plus_density(self, other: Density) -> Density:
        """Return the law of the sum with an independent variable that has a density too."""
        f, off_f = set_aside(self._function)
        g, off_g = set_aside(other._function)
        facts = facts_of_sum(f, self._facts.further(off_f), g, other._facts.further(off_g))
        law = Density._create(convolve(f, g), facts, add_atoms(self._atoms, other._atoms))
        law._terms = self._added() + other._added()
        return law

    def _copies(self, n: int) -> Law:
        if n == 0:
            return point(0)
        result = self
        for bit in bin(n)[3:]:
            try:
                result = result._plus_density(result)
                if bit == "1":
                    result = result._plus_density(self)
            except ResolutionError:
                why = "the density of the sum of so many copies cannot be followed"
                raise ResolutionError(f"n={written(n)}: {why}; {_INSTEAD}") from None
            if not result.error_bound < 1:
                raise OptionError(
                    f"n={written(n)}: of the sum of so many copies nothing would be known, the "
                    f"bound is {result.error_bound:.2g} on the way; {_INSTEAD}"
                )
        result._terms = copies_of(n, self) if n > 1 else self._terms
        return result

    if TYPE_CHECKING:  # whatever is added to a density, the sum has one

        def __add__(self, other: object) -> Density: ...
        def __radd__(self, other: object) -> Density: ...
        def __sub__(self, other: object) -> Density: ...
        def __rsub__(self, other: object) -> Density: ...
        def __neg__(self) -> Density: ...

    # --- words --------------------------------------------------------------------------------

    def _sum_title(self) -> str:
        """Return the sum that the law is, empty if it is none."""
        more = len(self._terms) - _NAMED
        rest = f" + {more} more" if more > 0 else ""
        return " + ".join(self._terms[:_NAMED]) + rest

    def _title(self) -> str:
        """Return how the law is called as the operand of another."""
        low, high = self.support()
        return self._sum_title() or f"a density on [{low:.6g}, {high:.6g}]"

    def _added(self) -> tuple[str, ...]:
        """Return the terms that the law brings into a sum."""
        return self._terms or (self._title(),)

    # --- pictures -----------------------------------------------------------------------------

    def __repr__(self) -> str:
        low, high = self.support()
        return (
            f"Density(on [{low:g}, {high:g}], mean {self.mean():.6g}, std {self.std():.6g}, "
            f"error <= {self.error_bound:.2g})"
        )

    def _drawn(self, count: int) -> tuple[Floats, Floats]:
        """Return points over nearly all of the mass, and the density there."""
        points = grid_over(window_of(self), count)
        return points, np.asarray(self.pdf(points))

    def _draw(self, ax: Axes, **style: Any) -> None:
        draw_density(ax, *self._drawn(801), **style)

    def _outline(self) -> tuple[list[float], list[float], bool]:
        points, heights = self._drawn(161)
        return points.tolist(), heights.tolist(), False
