"""The statistics of a discrete law: sums over its points, exact where its weights are."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from faltung.distributions.law.expectation import as_function
from faltung.distributions.law.statistics import Statistics, as_order, as_range
from faltung.distributions.numbers.rational import grid_points, rounded
from faltung.distributions.numbers.rounding import Floats
from faltung.errors import DtypeError, ResolutionError

if TYPE_CHECKING:
    from faltung.distributions.discrete.atoms import Atoms


class SumStatistics(Statistics):
    """SciPy's summary numbers of a discrete law."""

    def moment(self, order: int, *, exact: bool = False) -> Any:
        """Return ``E X^order``, as a Fraction with ``exact=True``.

        Examples
        --------
        >>> from faltung.distributions import die
        >>> die(6).moment(3), die(6).moment(2, exact=True)
        (73.5, Fraction(91, 6))
        """
        power = as_order(order)
        if exact or self._atoms().exact:
            value = self._exact_moment(Fraction(0), power)
            return value if exact else rounded(value)
        return self._central(0.0, power)

    def expect(
        self,
        func: Callable[[Any], Any] | None = None,
        lb: float | None = None,
        ub: float | None = None,
        *,
        conditional: bool = False,
        exact: bool = False,
    ) -> Any:
        """Return the expected value of a function of the variable; see :meth:`Law.expect`.

        With ``exact=True`` the function is called with each point as a Fraction, returns a rational
        number, and so does this.

        Examples
        --------
        >>> from faltung.distributions import die
        >>> die(6).expect(lambda x: x * x, exact=True)
        Fraction(91, 6)
        """
        if not exact:
            return super().expect(func, lb, ub, conditional=conditional)
        as_function(func)  # refuses what cannot be called
        low, high = as_range(lb, ub)
        chosen = [(x, p) for x, p in self._pairs() if low <= x <= high]
        value = sum((p * _rational(func(x) if func else x) for x, p in chosen), Fraction(0))
        mass = sum((p for _, p in chosen), Fraction(0))
        if not conditional:
            return value
        return value / mass if mass else math.nan

    def entropy(self) -> float:
        """Return the entropy ``-sum p log p``, in nats."""
        law = self._atoms()
        values = np.asarray(law.weights)
        logarithms = np.maximum(law.logpmf(law.points), -1e308)
        return float(-(values @ logarithms)) + 0.0

    def mode(self) -> float:
        """Return the most probable point, the smallest of them if there are several."""
        return float(self._atoms().points[int(np.argmax(self._atoms().weights))])

    def _central(self, centre: float, order: int) -> float:
        if self._atoms().exact:
            return rounded(self._exact_moment(Fraction(centre), order))
        law = self._atoms()
        places = grid_points(law._start - Fraction(centre), law._step, law._indices)
        unit = float(np.max(np.abs(places))) or 1.0
        total = float(np.asarray(law._weights.floats) @ (places / unit) ** order)
        try:
            return total * unit**order
        except OverflowError:
            return math.copysign(math.inf, total) if total else 0.0

    def _standardized(self, order: int, variance: float) -> float:  # noqa: ARG002
        law = self._atoms()
        if law.exact:  # about the exact mean, so that symmetric laws have skewness 0
            true = law.var(exact=True)
            ratio = self._exact_moment(law.mean(exact=True), order) ** 2 / true**order
            size = math.sqrt(rounded(ratio))
            odd = order % 2 and self._exact_moment(law.mean(exact=True), order) < 0
            return -size if odd else size
        places = grid_points(law._start - Fraction(law.mean()), law._step, law._indices)
        scaled = places / law.std()
        return float(np.asarray(law._weights.floats) @ scaled**order)

    def _expected(self, function: Callable[[Floats], Floats], low: float, high: float) -> float:
        points, weights = np.asarray(self._atoms().points), np.asarray(self._atoms().weights)
        inside = (points >= low) & (points <= high) & (weights > 0)
        if not inside.any():
            return 0.0
        values = function(points[inside])
        if not np.isfinite(values).all():
            i = int(np.argmin(np.isfinite(values)))
            raise ResolutionError(
                f"func is {values[i]} at x = {points[inside][i]:.6g}, which has a positive "
                "probability: there is no finite expected value; give lb= and ub= for a part of it"
            )
        return float(values @ weights[inside])

    def _exact_moment(self, centre: Fraction, order: int) -> Fraction:
        """Return ``E (X - centre)^order``, in integers: about the centre, in parts of the step."""
        law = self._atoms()
        weights, offset = law._exact(), (law._start - centre) / law._step
        a, b = offset.numerator, offset.denominator
        pairs = zip(law._indices.tolist(), weights.counts, strict=True)
        total = sum(count * (k * b + a) ** order for k, count in pairs if count)
        return Fraction(total, weights.denominator) * (law._step / b) ** order

    def _pairs(self) -> list[tuple[Fraction, Fraction]]:
        """Return the exact points and probabilities."""
        law = self._atoms()
        chances = law._exact().fractions()
        places = [law._start + law._step * int(k) for k in law._indices]
        return list(zip(places, chances, strict=True))

    def _atoms(self) -> Atoms:
        return cast("Atoms", self)

    if TYPE_CHECKING:  # these operations keep a discrete law discrete

        def truncate(self, low: Any = None, high: Any = None) -> Atoms: ...  # noqa: D102
        def clip(self, low: Any = None, high: Any = None) -> Atoms: ...  # noqa: D102
        def order_statistic(self, r: int, n: int) -> Atoms: ...  # noqa: D102
        def __abs__(self) -> Atoms: ...


def _rational(value: Any) -> Fraction:
    if isinstance(value, float) or not isinstance(value, int | Fraction):
        raise DtypeError(
            f"func returned {value!r}, a {type(value).__name__}: with exact=True it returns an int "
            "or a Fraction"
        )
    return Fraction(value)
