"""Discrete laws: probabilities at points ``start + step * index``."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from faltung.distributions.discrete import moments
from faltung.distributions.discrete.statistics import SumStatistics
from faltung.distributions.law.law import Law
from faltung.distributions.law.vectors import Numbers, Values, as_floats, vectorized
from faltung.distributions.numbers.rational import (
    Integers,
    affine,
    grid_points,
    refuse_beyond,
)
from faltung.distributions.numbers.reach import Reach
from faltung.distributions.numbers.rounding import Floats
from faltung.distributions.weights.exact import ExactWeights, inexact
from faltung.errors import DataError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from faltung.distributions.numbers.rational import Number
    from faltung.distributions.weights.given import Weights

_Place: TypeAlias = Callable[[NDArray[np.float64]], NDArray[np.intp]]


class Atoms(SumStatistics, Law):
    """A discrete law; :class:`Lattice` and :class:`Discrete` are its two layouts.

    Points are exact rationals inside and the floats nearest to them outside. pmf, cdf, sf and
    the quantiles are those of the value *as a float64*: each x is read as its nearest float, and
    without any tolerance ``pmf(x)`` is the probability together of all points whose nearest float
    is x, ``cdf(x)`` that of all whose nearest float is at most x. Rounding keeps the order, so the
    two differ from the law of the exact values only where x lies between a point and its nearest
    float. Sums, `mean` and `var` use the exact points.
    """

    _start: Fraction
    _step: Fraction
    _weights: Weights

    _places: Integers | None  # None: 0, 1, 2, …
    _reach: Reach | None  # None: the support is what is kept

    @classmethod
    def _create(
        cls,
        weights: Weights,
        start: Fraction,
        step: Fraction,
        places: Integers | None,
        *,
        reach: Reach | None = None,
    ) -> Self:
        law = object.__new__(cls)
        law._set(weights, start, step, places)
        law._reach = reach
        return law

    def _set(
        self, weights: Weights, start: Fraction, step: Fraction, places: Integers | None
    ) -> None:
        self._weights, self._start, self._step, self._places = weights, start, step, places
        self._reach = None
        refuse_beyond(*self._exact_ends())
        self._refuse_unresolved()

    def _refuse_unresolved(self) -> None:
        """Raise if points that share their nearest float are more than this layout allows."""

    @abstractmethod
    def _copies(self, n: int) -> Atoms: ...

    @cached_property
    def _indices(self) -> Integers:
        return np.arange(len(self)) if self._places is None else self._places

    def _exact_ends(self) -> tuple[Fraction, Fraction]:
        return self._start, self._start + self._step * int(self._indices[-1])

    @cached_property
    def _seen(self) -> tuple[Floats, Weights]:
        """The points as floats, and the weights of those that share one together."""
        points = grid_points(self._start, self._step, self._indices)
        distinct, groups = np.unique(points, return_inverse=True)
        if len(distinct) == len(points):
            return points, self._weights
        return distinct, self._weights.grouped(groups, len(distinct))

    @cached_property
    def points(self) -> NDArray[np.float64]:
        """The values that the law takes, ascending, as the nearest floats (read-only).

        Points that share their nearest float, which only sums of laws on different grids have, are
        one entry.
        """
        return _read_only(self._seen[0])

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """The probabilities of `points` in float64 (read-only)."""
        return _read_only(self._seen[1].floats)

    @property
    def exact(self) -> bool:
        """Whether the probabilities are exact, so that ``exact=True`` can be asked for."""
        return self._weights.is_exact

    def exact_weights(self) -> list[Fraction]:
        """Return the probabilities of `points` as fractions.

        Raises
        ------
        OptionError
            If the law has float weights.
        """
        return self._exact_seen().fractions()

    def exact_counts(self) -> tuple[list[int], int]:
        """Return :meth:`exact_weights` as integers and what they are divided by, much faster."""
        weights = self._exact_seen()
        return list(weights.counts), weights.denominator

    def __len__(self) -> int:
        """Return the number of points as exact values; `points` merges those with one float."""
        return len(self._weights)

    # --- accuracy -----------------------------------------------------------------------------

    @property
    def error_bound(self) -> float:
        """The relative bound on pmf, cdf and sf, up to the mass in `neglected_mass`."""
        return self._seen[1].error_bound

    @property
    def error_estimate(self) -> float:
        """The relative error to expect of pmf, cdf and sf."""
        return self._seen[1].error_estimate

    @property
    def neglected_mass(self) -> float:
        """What all probabilities together may lack: mass outside a window, and digits below 2**-1022."""
        return self._seen[1].missing

    def explain(self) -> str:
        """Return how the law was computed and how accurate it is."""
        if self.exact:
            return (
                "Exact: integers over a common denominator; answers in float64 are rounded once "
                f"(relative error <= {self.error_bound:.2g})."
            )
        missing = f" plus {self.neglected_mass:.2g} in all" if self.neglected_mass else ""
        low, high = self.window()
        kept = f" Kept from {low:.10g} to {high:.10g}, the rest neglected." if self._reach else ""
        return (
            "Sums of non-negative products, weights as given or as their family has them: every pmf, "
            f"cdf and sf has a relative error <= {self.error_bound:.2g}{missing} (to expect: "
            f"{self.error_estimate:.2g}).{kept}"
        )

    # --- probabilities ------------------------------------------------------------------------

    def pmf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return P(X = x), as a Fraction with ``exact=True``.

        That is the probability of all points whose nearest float is the float nearest to `x`; so
        0.3 is met by 1/10 + 2/10, and three steps of the float 1/3 make 1.0.
        """
        if exact:
            return self._lookup_exact([*self._exact_seen().counts, 0], x, self._index_at)
        return self._lookup(np.append(self.weights, 0.0), x, self._index_at)

    def logpmf(self, x: Numbers) -> Values:
        """Return log P(X = x), -inf where it is 0."""
        table = np.append(self._seen[1].log_floats, -np.inf)
        return self._lookup(table, x, self._index_at)

    def cdf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return P(X <= x), as a Fraction with ``exact=True``: the sum of `pmf` up to x."""
        if exact:
            return self._lookup_exact(self._exact_seen().counts_below, x, self._count_up_to)
        return self._lookup(self._seen[1].below, x, self._count_up_to)

    def sf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return P(X > x), summed from the far end, as a Fraction with ``exact=True``."""
        if exact:
            return self._lookup_exact(self._exact_seen().counts_above, x, self._count_up_to)
        return self._lookup(self._seen[1].above, x, self._count_up_to)

    def logcdf(self, x: Numbers) -> Values:
        """Return log P(X <= x), -inf where it is 0."""
        return self._lookup(self._seen[1].log_below, x, self._count_up_to)

    def logsf(self, x: Numbers) -> Values:
        """Return log P(X > x), -inf where it is 0."""
        return self._lookup(self._seen[1].log_above, x, self._count_up_to)

    def ppf(self, q: Numbers) -> Values:
        """Return the smallest point x with ``cdf(x) >= q``.

        With the cdf that :meth:`cdf` returns: ``ppf(q) <= x`` exactly if ``q <= cdf(x)``, for every
        0 < q < 1 and every x. As in SciPy ``ppf(0)`` is one step below the support and ``ppf(1)``
        its end, which may be infinite; outside [0, 1] the answer is NaN.
        """
        return vectorized(self._quantiles, q)

    def isf(self, q: Numbers) -> Values:
        """Return the smallest point x with ``sf(x) <= q``; the inverse of :meth:`sf`.

        ``isf(q) <= x`` exactly if ``sf(x) <= q``, for every 0 < q < 1 and every x, so the upper
        tail keeps its relative accuracy, which ``ppf(1 - q)`` loses.
        """
        return vectorized(self._upper_quantiles, q)

    # --- moments and support ------------------------------------------------------------------

    def mean(self, *, exact: bool = False) -> Any:
        """Return the expected value, as a Fraction with ``exact=True``."""
        return moments.exact_mean(self) if exact else moments.mean(self)

    def var(self, *, exact: bool = False) -> Any:
        """Return the variance, as a Fraction with ``exact=True``."""
        return moments.exact_variance(self) if exact else moments.variance(self)

    def std(self) -> float:
        """Return the standard deviation."""
        return moments.deviation(self)

    def support(self) -> tuple[float, float]:
        """Return the smallest and the largest value of the variable; either may be infinite."""
        return self._ends().floats()

    def window(self) -> tuple[float, float]:
        """Return the smallest and the largest point that is kept.

        That is the support, except for a law such as Poisson's, whose support is unbounded or much
        longer than where its mass lies: what is beyond the window is stated in `neglected_mass`.

        Examples
        --------
        >>> from faltung.distributions import distribution
        >>> law = distribution("poisson(3)")
        >>> law.support(), law.window()[1] < 300, law.neglected_mass < 1e-299
        ((0.0, inf), True, True)
        """
        return float(self.points[0]), float(self.points[-1])

    def to_float(self) -> Self:
        """Return the law with its probabilities rounded to float64."""
        weights = self._weights.to_float()
        return self._create(weights, self._start, self._step, self._places, reach=self._reach)

    # --- how lookups are made -----------------------------------------------------------------

    def _exact(self) -> ExactWeights:
        if not isinstance(self._weights, ExactWeights):
            raise inexact()
        return self._weights

    def _exact_seen(self) -> ExactWeights:
        self._exact()
        seen = self._seen[1]
        assert isinstance(seen, ExactWeights)
        return seen

    def _count_up_to(self, x: NDArray[np.float64]) -> NDArray[np.intp]:
        return np.searchsorted(self.points, x, side="right")

    def _index_at(self, x: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return the index of the point at x, and -1 where there is none."""
        index = self._count_up_to(x) - 1
        return np.where(self.points[index] == x, index, -1)

    def _lookup(self, table: Floats, x: Numbers, place: _Place) -> Values:
        return vectorized(lambda x: np.where(np.isnan(x), np.nan, table[place(x)]), x)

    def _lookup_exact(self, counts: list[int], x: Numbers, place: _Place) -> Any:
        denominator = self._exact().denominator
        points = as_floats(x)
        if np.isnan(points).any():
            raise DataError("x is NaN: no exact probability belongs to it")
        values = [Fraction(counts[i], denominator) for i in place(points.ravel())]
        if points.ndim == 0:
            return values[0]
        return np.array(values, dtype=object).reshape(points.shape)

    def _quantiles(self, q: Floats) -> Floats:
        inside = np.where((q >= 0) & (q <= 1), q, 0.5)
        index = np.searchsorted(self._seen[1].below[1:], inside, side="left")
        values = np.where(q == 1, self.support()[1], self.points[index])
        return self._at_ends(values, q, lowest=0.0)

    def _upper_quantiles(self, q: Floats) -> Floats:
        inside = np.where((q >= 0) & (q <= 1), q, 0.5)
        ascending = self._seen[1].above[:0:-1]  # sf at the points, last one first
        index = len(ascending) - np.searchsorted(ascending, inside, side="right")
        index = np.minimum(index, len(ascending) - 1)
        values = np.where(q == 0, self.support()[1], self.points[index])
        return self._at_ends(values, q, lowest=1.0)

    def _at_ends(self, values: Floats, q: Floats, lowest: float) -> Floats:
        below = Reach(-self._step, -self._step).plus(self._ends())
        values = np.where(q == lowest, below.floats()[0], values)
        return np.where((q >= 0) & (q <= 1), values, np.nan)

    # --- operations ---------------------------------------------------------------------------

    def _ends(self) -> Reach:
        return self._reach or Reach(*self._exact_ends())

    def _is_constant(self) -> bool:
        return len(self) == 1 and not self.neglected_mass and self._reach is None

    def _shifted(self, offset: Fraction) -> Self:
        start, reach = self._start + offset, self._reach and self._reach.plus(Reach(offset, offset))
        return self._create(self._weights, start, self._step, self._places, reach=reach)

    def _scaled(self, factor: Fraction) -> Atoms:
        from faltung.distributions.discrete.lattice import point

        if factor == 0:
            return point(0)
        reach = self._reach and self._reach.scaled(factor)
        if factor > 0:
            start, step = self._start * factor, self._step * factor
            return self._create(self._weights, start, step, self._places, reach=reach)
        last = int(self._indices[-1])
        start = (self._start + self._step * last) * factor
        places = None if self._places is None else affine(self._places, -1, last)[::-1]
        weights = self._weights.reversed()
        return self._create(weights, start, self._step * -factor, places, reach=reach)

    if TYPE_CHECKING:  # sums and multiples of discrete laws are discrete

        @overload
        def __add__(self, other: Atoms | Number) -> Atoms: ...
        @overload
        def __add__(self, other: object) -> Law: ...
        def __add__(self, other: object) -> Law: ...

        @overload
        def __radd__(self, other: Atoms | Number) -> Atoms: ...
        @overload
        def __radd__(self, other: object) -> Law: ...
        def __radd__(self, other: object) -> Law: ...

        @overload
        def __sub__(self, other: Atoms | Number) -> Atoms: ...
        @overload
        def __sub__(self, other: object) -> Law: ...
        def __sub__(self, other: object) -> Law: ...

        def __rsub__(self, other: object) -> Atoms: ...
        def __neg__(self) -> Atoms: ...
        def __mul__(self, other: object) -> Atoms: ...
        def __rmul__(self, other: object) -> Atoms: ...
        def __truediv__(self, other: object) -> Atoms: ...
        def sum(self, n: int) -> Atoms: ...  # noqa: D102

    # --- pictures -----------------------------------------------------------------------------

    def __repr__(self) -> str:
        low, high = self.window()
        kind = "exact" if self.exact else f"relative error <= {self.error_bound:.2g}"
        return (
            f"{type(self).__name__}({len(self)} points from {low:.10g} to {high:.10g}, "
            f"mean {self.mean():.6g}, std {self.std():.6g}, {kind})"
        )

    def _draw(self, ax: Axes, **style: Any) -> None:
        from faltung.distributions.pictures import draw_atoms, shown_atoms

        draw_atoms(ax, *shown_atoms(self), **style)

    def _outline(self) -> tuple[list[float], list[float], bool]:
        from faltung.distributions.pictures import shown_atoms

        points, weights = shown_atoms(self, 200)
        return points.tolist(), weights.tolist(), True


def _read_only(values: Floats) -> Floats:
    view = values.view()
    view.flags.writeable = False
    return view
