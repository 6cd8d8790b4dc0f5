"""Sums of independent lattice variables, built only as far as they are asked for."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from faltung.distributions.discrete import moments
from faltung.distributions.discrete.answers import Answers
from faltung.distributions.discrete.excesses import Excesses, measured
from faltung.distributions.discrete.lattice import Lattice, point
from faltung.distributions.discrete.parts import Part, Parts, as_unit
from faltung.distributions.discrete.tails import ACCEPTED
from faltung.distributions.law.vectors import Numbers, Values
from faltung.distributions.numbers.rational import Integers, brief, grid_points, rounded
from faltung.distributions.numbers.reach import Reach
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats, chained, together
from faltung.distributions.weights.exact import ExactWeights, inexact
from faltung.distributions.weights.given import Weights

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from faltung.distributions.discrete.atoms import Atoms

_SHORT = 2**13  # so many entries are built at the first question
_FEW, _LONG = 16, 2**18  # and so many of the sum of a few terms
_NO_EFFORT = 1.0  # seconds: a steep law takes longer
_SHORT_BITS = 2**24  # so many bits of exact ones
_SKETCH = 200


class LatticeSum(Lattice):
    """The law of a sum of independent variables on one lattice, what ``X + Y`` and ``X.sum(n)`` give.

    It keeps its terms. A short law is built at the first question and then looked up, like any
    :class:`Lattice`. A long one is not: ``pmf``, ``cdf``, ``sf``, their logarithms and the
    quantiles are computed where they are asked for, by tilting the law there and inverting its
    characteristic function; each answer has a bound of 1e-12 on its logarithm (and is refused, or
    computed otherwise, if that does not hold). ``weights`` and ``points`` build the law, if that is
    possible at all.

    Examples
    --------
    >>> from faltung.distributions import die
    >>> many = die(6).sum(10**6)
    >>> round(float(many.logsf(3_999_999) / np.log(10)), 9)
    -18787.459143176
    >>> many.ppf(1e-300), many.mean()
    (3436735.0, 3500000.0)
    """

    _operands: tuple[tuple[Lattice, int, int], ...]  # law, stride, count
    _length: int

    @classmethod
    def _of(
        cls,
        operands: Iterable[tuple[Lattice, int]],
        step: Fraction,
        start: Fraction,
    ) -> LatticeSum:
        """Return the sum of so many copies of each law, the smallest point at `start`."""
        law = object.__new__(cls)
        pairs = tuple(operands)
        law._operands = tuple((x, as_unit(x._step / step), n) for x, n in pairs)
        law._length = sum((len(x) - 1) * stride * n for x, stride, n in law._operands) + 1
        law._start, law._step, law._places = start, step, None
        law._reach = None
        if any(x._reach for x, _ in pairs):
            law._reach = reduce(Reach.plus, [x._ends().scaled(Fraction(n)) for x, n in pairs])
        return law

    def _like(self, parts: Parts, start: Fraction, step: Fraction, reach: Reach | None) -> Self:
        law = object.__new__(type(self))
        law._operands, law.__dict__["_parts"] = (), parts
        law._length, law._start, law._step = self._length, start, step
        law._places, law._reach = None, reach
        law._refuse_unresolved()
        return law

    @cached_property
    def _parts(self) -> Parts:
        """All that is added, flat: sums of sums are taken apart, without recursion."""
        flat: list[Part] = []
        pending = [*self._operands]
        while pending:
            law, stride, count = pending.pop()
            if not isinstance(law, LatticeSum):
                flat.append(Part(law._weights, stride, count))
            elif "_parts" in law.__dict__:
                flat.extend(law._parts.strided(stride, count))
            else:
                pending.extend((x, s * stride, n * count) for x, s, n in law._operands)
        self._operands = ()
        return Parts(flat[::-1])

    def __getstate__(self) -> dict[str, Any]:
        _ = self._parts  # flat, however long the chain of sums was
        return {name: value for name, value in self.__dict__.items() if name != "_answers"}

    # --- the whole law, where it is wanted ------------------------------------------------------

    @property
    def _weights(self) -> Weights:  # type: ignore[override]
        return self._parts.whole

    @cached_property
    def _indices(self) -> Integers:
        self._parts.refuse_whole()
        return np.arange(self._length)

    @cached_property
    def _seen(self) -> tuple[Floats, Weights]:
        weights = self._weights  # first: it refuses what is too long
        return grid_points(self._start, self._step, self._indices), weights

    @cached_property
    def _answers(self) -> Answers:
        return Answers(self._parts, self._start, self._step)

    def _integral_of_sf(self, low: Fraction, high: Fraction | None) -> float | None:
        """Return the integral of the sf between two places; None if the whole law is there."""
        if self._built():
            return None
        return measured(Excesses(self._answers), self._start, self._step, low, high)

    @cached_property
    def _short(self) -> bool:
        """Tell whether building is no effort; the tilted sum of a few long terms is no less."""
        if self.exact:
            return self._length * self._parts.bits <= _SHORT_BITS
        length = _LONG if self._parts.copies <= _FEW else _SHORT
        return self._length <= length and self._parts.seconds_to_build <= _NO_EFFORT

    def _built(self, x: Numbers | None = None) -> bool:
        """Tell whether answers, of so many as x holds, are looked up in the whole law."""
        if self._parts.is_built or self._short:
            return True
        asked = 1 if x is None else np.size(np.asarray(x, dtype=object))
        return asked > 1 and not self.exact and self._parts.cheaper_whole(asked)

    def __len__(self) -> int:
        """Return the number of points."""
        return self._length

    def _exact_ends(self) -> tuple[Fraction, Fraction]:
        return self._start, self._start + self._step * (self._length - 1)

    @property
    def exact(self) -> bool:
        """Whether the probabilities are exact, so that ``exact=True`` can be asked for."""
        return self._parts.exact

    def _exact(self) -> ExactWeights:
        if not self.exact:  # told without building
            raise inexact()
        return super()._exact()

    # --- accuracy -----------------------------------------------------------------------------

    @property
    def error_bound(self) -> float:
        """The relative bound on pmf, cdf and sf, up to the mass in `neglected_mass`."""
        if self._built():
            return super().error_bound
        return chained(self._parts.inherited, ACCEPTED, 4 * ROUNDOFF)

    @property
    def error_estimate(self) -> float:
        """The relative error to expect of pmf, cdf and sf."""
        if self._built():
            return super().error_estimate
        return together(self._parts.inherited / 4, ROUNDOFF)

    @property
    def neglected_mass(self) -> float:
        """What answers may lack: mass outside the terms' windows, and digits below 2**-1022."""
        if self._built():
            return super().neglected_mass
        return self._parts.neglected + self._parts.underflow

    def explain(self) -> str:
        """Return how answers are computed and how accurate they are."""
        if self._built():
            return super().explain()
        exact = " exact=True counts from the nearer end." if self.exact else ""
        missing = f" plus {self.neglected_mass:.2g} in all" if self.neglected_mass else ""
        return (
            f"A sum of {brief(self._parts.copies)} terms on {brief(self._length)} points, not built: each "
            "answer by tilting its law there and inverting the characteristic function in "
            f"double-double, with a relative error <= {self.error_bound:.2g}{missing}; a logarithm "
            f"is within {ACCEPTED:.2g} and its own rounding.{exact}"
        )

    # --- probabilities ------------------------------------------------------------------------

    def pmf(self, x: Numbers, *, exact: bool = False) -> Values:  # noqa: D102
        if self._built(x):
            return super().pmf(x, exact=exact)
        return self._answers.values("single", x, exact=exact)

    def logpmf(self, x: Numbers) -> Values:  # noqa: D102
        return super().logpmf(x) if self._built(x) else self._answers.logarithms("single", x)

    def cdf(self, x: Numbers, *, exact: bool = False) -> Values:  # noqa: D102
        if self._built(x):
            return super().cdf(x, exact=exact)
        return self._answers.values("lower", x, exact=exact)

    def logcdf(self, x: Numbers) -> Values:  # noqa: D102
        return super().logcdf(x) if self._built(x) else self._answers.logarithms("lower", x)

    def sf(self, x: Numbers, *, exact: bool = False) -> Values:  # noqa: D102
        if self._built(x):
            return super().sf(x, exact=exact)
        return self._answers.values("upper", x, exact=exact)

    def logsf(self, x: Numbers) -> Values:  # noqa: D102
        return super().logsf(x) if self._built(x) else self._answers.logarithms("upper", x)

    def _quantiles(self, q: Floats) -> Floats:
        if self._built(q):  # as cdf of as many places would be
            return super()._quantiles(q)
        inside = np.where((q > 0) & (q < 1), q, 0.5)
        values = np.where(q == 1, self.support()[1], self._answers.quantiles(inside))
        return self._at_ends(values, q, lowest=0.0)

    def _upper_quantiles(self, q: Floats) -> Floats:
        if self._built(q):
            return super()._upper_quantiles(q)
        inside = np.where((q > 0) & (q < 1), q, 0.5)
        values = np.where(q == 0, self.support()[1], self._answers.upper_quantiles(inside))
        return self._at_ends(values, q, lowest=1.0)

    # --- moments and ends -----------------------------------------------------------------------

    def mean(self, *, exact: bool = False) -> Any:
        """Return the expected value, the sum of the terms', as a Fraction with ``exact=True``."""
        if exact and not self.exact:
            raise inexact()
        mean = self._start + self._step * self._parts.mean
        return mean if exact else rounded(mean)

    def var(self, *, exact: bool = False) -> Any:
        """Return the variance, the sum of the terms', as a Fraction with ``exact=True``."""
        if exact and not self.exact:
            raise inexact()
        variance = self._step**2 * self._parts.variance
        return variance if exact else rounded(variance)

    def std(self) -> float:
        """Return the standard deviation."""
        return moments.root_of_fraction(self._step**2 * self._parts.variance)

    def window(self) -> tuple[float, float]:
        """Return the smallest and the largest point that is kept; see :meth:`Atoms.window`."""
        first, last = self._exact_ends()
        return rounded(first), rounded(last)

    # --- operations -----------------------------------------------------------------------------

    def to_float(self) -> Self:
        """Return the sum with the probabilities of its terms rounded to float64."""
        return self._like(self._parts.to_float(), self._start, self._step, self._reach)

    def _is_constant(self) -> bool:
        return False

    def _shifted(self, offset: Fraction) -> Self:
        reach = self._reach and self._reach.plus(Reach(offset, offset))
        return self._like(self._parts, self._start + offset, self._step, reach)

    def _scaled(self, factor: Fraction) -> Atoms:
        if factor == 0:
            return point(0)
        reach = self._reach and self._reach.scaled(factor)
        low, high = (end * factor for end in self._exact_ends())
        parts = self._parts if factor > 0 else self._parts.reversed()
        return self._like(parts, min(low, high), self._step * abs(factor), reach)

    def __repr__(self) -> str:
        return super().__repr__().replace("LatticeSum", "Lattice", 1)

    # --- pictures -------------------------------------------------------------------------------

    def _draw(self, ax: Axes, **style: Any) -> None:
        if self._built():
            super()._draw(ax, **style)
            return
        from faltung.distributions.pictures import draw_atoms

        points = self._sketched(10 * _SKETCH)
        draw_atoms(ax, points, self.pmf(points), **style)

    def _outline(self) -> tuple[list[float], list[float], bool]:
        if self._built():
            return super()._outline()
        points = self._sketched(_SKETCH)
        return points.tolist(), self.pmf(points).tolist(), True

    def _sketched(self, count: int) -> Floats:
        """Return about so many points around the mean."""
        centre, spread = self._parts.mean, math.ceil(6 * self.std() / float(self._step))
        low = max(math.floor(centre) - spread, 0)
        high = min(math.ceil(centre) + spread, self._length - 1)
        indices = np.unique(np.linspace(low, high, count).round().astype(np.int64))
        return grid_points(self._start, self._step, indices)
