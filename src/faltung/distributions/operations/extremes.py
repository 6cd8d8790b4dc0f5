"""The largest and the smallest of independent variables."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.lattice import point
from faltung.distributions.law.draws import Random, as_generator
from faltung.distributions.law.law import Law
from faltung.distributions.law.operands import as_operand, is_law
from faltung.distributions.law.vectors import Numbers, Values, vectorized
from faltung.distributions.mixed.accuracy import absolute_bound, error_at
from faltung.distributions.numbers.rational import Number, as_rational, is_number
from faltung.distributions.numbers.rounding import Floats, gamma, together
from faltung.distributions.operations import atoms as discrete
from faltung.distributions.operations.kinds import (
    atom_points,
    below,
    density_at,
    log_density_at,
    mass_at,
)
from faltung.distributions.operations.pointwise import Pointwise
from faltung.errors import DtypeError, ShapeError

if TYPE_CHECKING:
    from collections.abc import Callable


@overload
def maximum(*laws: Atoms | Number) -> Atoms: ...
@overload
def maximum(*laws: Law | Any) -> Law: ...
def maximum(*laws: Law | Any) -> Law:
    """Return the law of the largest of independent variables.

    Parameters
    ----------
    *laws
        At least one law; numbers stand for constants.

    Returns
    -------
    Law
        Discrete if all are, exact if they are; otherwise a law that is evaluated by its formulas,
        and resolved as a function only for a sum.

    Raises
    ------
    DtypeError
        If one is neither a law nor a number.
    ShapeError
        Without any law.

    Notes
    -----
    The cdf is the product of the cdfs. The sf is the probability that the first exceeds, plus that
    it does not and the second does, and so on: non-negative terms, so nothing cancels.
    ``maximum(X, X)`` is that of two independent copies; of n copies it is
    ``X.order_statistic(n, n)``.

    Examples
    --------
    >>> from faltung.distributions import die, distribution
    >>> maximum(die(6), die(6)).pmf(6, exact=True)
    Fraction(11, 36)
    >>> later = maximum(distribution("expon(1)"), distribution("expon(2)"))
    >>> round(later.mean(), 12)
    2.333333333333
    """
    return _extreme(laws, largest=True)


@overload
def minimum(*laws: Atoms | Number) -> Atoms: ...
@overload
def minimum(*laws: Law | Any) -> Law: ...
def minimum(*laws: Law | Any) -> Law:
    """Return the law of the smallest of independent variables; see :func:`maximum`.

    Examples
    --------
    >>> from faltung.distributions import die, distribution
    >>> minimum(die(6), 3).pmf(3, exact=True)
    Fraction(2, 3)
    >>> first = minimum(distribution("expon(1)"), distribution("expon(2)"))
    >>> round(first.mean(), 12)
    0.666666666667
    """
    return _extreme(laws, largest=False)


def _extreme(operands: Iterable[Any], *, largest: bool) -> Law:
    laws = [_as_law(operand) for operand in operands]
    if not laws:
        raise ShapeError("the extreme of no laws: write at least one")
    discrete_laws = [law for law in laws if isinstance(law, Atoms)]
    others = [law for law in laws if not isinstance(law, Atoms)]
    if discrete_laws:
        joined = reduce(lambda x, y: _of_atoms(x, y, largest=largest), discrete_laws)
        others = [joined, *others]
    return others[0] if len(others) == 1 else Extreme(others, largest=largest)


def _of_atoms(x: Atoms, y: Atoms, *, largest: bool) -> Atoms:
    return discrete.larger(x, y) if largest else -discrete.larger(-x, -y)


def _as_law(operand: Any) -> Law:
    if isinstance(operand, list | tuple) and any(map(is_law, operand)):
        raise DtypeError(
            f"laws come one by one here, not in a {type(operand).__name__}: write maximum(*laws), "
            "minimum(*laws)"
        )
    known = as_operand(operand)
    if is_number(known):
        return point(as_rational(known, "constant"))
    if not is_law(known):
        raise DtypeError(f"a {type(operand).__name__} is neither a law nor a number")
    return known


class Extreme(Pointwise):
    """The law of the largest or the smallest of independent variables, evaluated by formulas.

    For the smallest, the roles of cdf and sf change places.
    """

    def __init__(self, laws: Iterable[Law], *, largest: bool) -> None:
        self._laws, self._largest = list(laws), largest

    # --- probabilities ------------------------------------------------------------------------

    def _product(self, method: str, x: Floats) -> Floats:
        result = np.ones_like(x)
        for law in self._laws:
            result = result * np.asarray(getattr(law, method)(x))
        return result

    def _either(self, method: str, rest: str, x: Floats) -> Floats:
        """Return the probability of a union: s <- s + (the product so far) * the next."""
        total, product = np.zeros_like(x), np.ones_like(x)
        for law in self._laws:
            total = total + product * np.asarray(getattr(law, method)(x))
            product = product * np.asarray(getattr(law, rest)(x))
        return np.asarray(np.minimum(total, 1.0))

    def _cdf(self, x: Floats) -> Floats:
        return self._product("cdf", x) if self._largest else self._either("cdf", "sf", x)

    def _sf(self, x: Floats) -> Floats:
        return self._either("sf", "cdf", x) if self._largest else self._product("sf", x)

    def logcdf(self, x: Numbers) -> Values:
        """Return log P(X <= x); of the largest a sum of logarithms."""
        return vectorized(lambda x: self._log("logcdf", "logsf", x, product=self._largest), x)

    def logsf(self, x: Numbers) -> Values:
        """Return log P(X > x); of the smallest a sum of logarithms."""
        return vectorized(lambda x: self._log("logsf", "logcdf", x, product=not self._largest), x)

    def _log(self, method: str, rest: str, x: Floats, *, product: bool) -> Floats:
        logs = [np.asarray(getattr(law, method)(x)) for law in self._laws]
        if product:
            return np.asarray(sum(logs))
        others = [np.asarray(getattr(law, rest)(x)) for law in self._laws]
        total, so_far = np.full_like(x, -np.inf), np.zeros_like(x)
        for log, other in zip(logs, others, strict=True):
            with np.errstate(invalid="ignore"):  # at NaN
                total = np.logaddexp(total, so_far + log)
            so_far = so_far + other
        near = np.exp(np.minimum(so_far, 0.0))  # the product of the others is the complement
        return np.where(near < 0.5, np.log1p(-np.minimum(near, 0.5)), total)

    def _kept(self, law: Law, x: Floats) -> Floats:
        """Return the probability that another variable is no better than x."""
        return np.asarray(law.cdf(x) if self._largest else law.sf(x))

    def _worse(self, law: Law, x: Floats) -> Floats:
        """Return the probability that another variable is worse than x."""
        return below(law, x) if self._largest else np.asarray(law.sf(x))

    def _pdf(self, x: Floats) -> Floats:
        density, kept = np.zeros_like(x), np.ones_like(x)
        for law in self._laws:
            probability = self._kept(law, x)
            density = density * probability + kept * density_at(law, x)
            kept = kept * probability
        return density

    def logpdf(self, x: Numbers) -> Values:
        """Return the logarithm of the density, also below the smallest float."""
        return vectorized(self._logpdf, x)

    def _logpdf(self, x: Floats) -> Floats:
        density, kept = np.full_like(x, -np.inf), np.zeros_like(x)
        for law in self._laws:
            probability = np.asarray(law.logcdf(x) if self._largest else law.logsf(x))
            with np.errstate(invalid="ignore"):  # at NaN, and at a pole with nothing beyond
                density = np.logaddexp(density + probability, kept + log_density_at(law, x))
            kept = kept + probability
        return density

    def _pmf(self, x: Floats) -> Floats:
        mass, worse = np.zeros_like(x), np.ones_like(x)
        for law in self._laws:
            here, beaten = mass_at(law, x), self._worse(law, x)
            mass = mass * (beaten + here) + worse * here
            worse = worse * beaten
        return np.asarray(np.minimum(mass, 1.0))

    def _atom_points(self) -> Floats:
        found = np.unique(np.concatenate([atom_points(law) for law in self._laws]))
        low, high = self.support()
        return found[(found >= low) & (found <= high)]

    def _breaks(self) -> list[float]:
        return [x for law in self._laws for x in (*law._bends(), *law.support())]

    def rvs(
        self,
        size: int | tuple[int, ...] | None = None,
        random_state: Random = None,
        *,
        rng: Random = None,
    ) -> Values:
        """Draw random variates: the extreme of one of each law."""
        generator = as_generator(random_state, rng)
        draws = [np.asarray(law.rvs(size, generator)) for law in self._laws]
        result = reduce(np.maximum if self._largest else np.minimum, draws)
        return float(result) if result.ndim == 0 else result

    def support(self) -> tuple[float, float]:
        """Return the smallest and the largest value of the variable; either may be infinite."""
        best = max if self._largest else min
        ends = [law.support() for law in self._laws]
        return best(low for low, _ in ends), best(high for _, high in ends)

    # --- accuracy -----------------------------------------------------------------------------

    def _error_at(self, x: Floats, of: str) -> Floats:
        product = (of == "cdf") == self._largest
        rest = "sf" if of == "cdf" else "cdf"
        total, off = np.zeros_like(x), np.zeros_like(x)
        so_far, apart = np.ones_like(x), np.zeros_like(x)
        for law in self._laws:
            value, error = np.asarray(getattr(law, of)(x)), error_at(law, x, of)
            factor, wrong = (value, error) if product else (None, None)
            if factor is None or wrong is None:
                total, off = total + so_far * value, off + so_far * error + apart * (value + error)
                factor, wrong = np.asarray(getattr(law, rest)(x)), error_at(law, x, rest)
            so_far, apart = so_far * factor, so_far * wrong + apart * (factor + wrong)
        result, found = (so_far, apart) if product else (total, off)
        return np.asarray(found + gamma(3 * len(self._laws)) * (result + found))

    @property
    def error_bound(self) -> float:
        """The bound on the absolute error of cdf and sf: those of the laws added, and roundings."""
        own = math.fsum(absolute_bound(law) for law in self._laws)
        return own * (1 + own) ** len(self._laws) + gamma(3 * len(self._laws))

    @property
    def error_estimate(self) -> float:
        """The absolute error of cdf and sf to expect."""
        return together(*(law.error_estimate for law in self._laws), gamma(1))

    @property
    def neglected_mass(self) -> float:
        """The probability that the laws lack, at most."""
        return math.fsum(law.neglected_mass for law in self._laws)

    def explain(self) -> str:
        """Return how the law is evaluated and how accurate it is."""
        kind, side = ("largest", "cdf") if self._largest else ("smallest", "sf")
        return (
            f"The {kind} of {len(self._laws)} independent variables: the {side} is the product of "
            "theirs, the other side a sum of non-negative terms; both have an absolute error <= "
            f"{self.error_bound:.2g} (to expect: {self.error_estimate:.2g}), and in the tails the "
            "relative accuracy of the operands."
        )

    def _called(self) -> str:
        return "Maximum" if self._largest else "Minimum"

    # --- operations ---------------------------------------------------------------------------

    def _mapped(self, change: Callable[[Law], Law], *, reflected: bool = False) -> Law:
        return Extreme(map(change, self._laws), largest=self._largest != reflected)

    def _shifted(self, offset: Fraction) -> Law:
        return self._mapped(lambda law: law._shifted(offset))

    def _scaled(self, factor: Fraction) -> Law:
        if factor == 0:
            return point(0)
        return self._mapped(lambda law: law._scaled(factor), reflected=factor < 0)
