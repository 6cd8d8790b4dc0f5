"""The laws of exp(X), of log(X), and of multiples and shifts of these."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from faltung.distributions.discrete.lattice import point
from faltung.distributions.families.exponents import log_of_number, logarithm_of
from faltung.distributions.families.named import NamedDensity
from faltung.distributions.law.draws import Random
from faltung.distributions.law.law import Law
from faltung.distributions.law.vectors import Numbers, Values, vectorized
from faltung.distributions.mixed.accuracy import absolute_bound, error_at
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats
from faltung.distributions.operations.pointwise import Pointwise

if TYPE_CHECKING:
    from collections.abc import Callable

_WANDER = 8 * ROUNDOFF
_LEVELS = np.concatenate([10.0 ** -np.arange(1.0, 40.0), np.linspace(0.01, 0.99, 99)])


def _largest_product(law: Law, offset: float) -> float:
    """Return twice the largest (abs(x) + offset) f(x) over some quantiles x."""
    places = np.append(law.ppf(_LEVELS), law.isf(_LEVELS))
    places = places[np.isfinite(places)]
    return 2 * float(np.max((np.abs(places) + offset) * np.asarray(law.pdf(places))))


class Transformed(Pointwise):
    """The law of g(X) for a rising function g and a law X with a density.

    P(g(X) <= y) = P(X <= h(y)) with h the inverse of g, and the density is f(h(y)) h'(y). The
    computed x = h(y) is off by a few roundings, r abs(x); what that does is in the bounds as
    r abs(x) f(x), the largest over some hundred quantiles, doubled.
    """

    _name: str
    _forth: Callable[[Floats], Floats]
    _back: Callable[[Floats], Floats]

    def __init__(self, law: Law) -> None:
        self._inner = law

    def _log_slope(self, y: Floats) -> Floats:
        """Return log h'(y)."""
        raise NotImplementedError

    def _at(self, y: Floats) -> Floats:
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            return np.asarray(type(self)._back(y))

    def _cdf(self, x: Floats) -> Floats:
        return np.asarray(self._inner.cdf(self._at(x)))

    def _sf(self, x: Floats) -> Floats:
        return np.asarray(self._inner.sf(self._at(x)))

    def logcdf(self, x: Numbers) -> Values:
        """Return log P(X <= x)."""
        return vectorized(lambda x: np.asarray(self._inner.logcdf(self._at(x))), x)

    def logsf(self, x: Numbers) -> Values:
        """Return log P(X > x)."""
        return vectorized(lambda x: np.asarray(self._inner.logsf(self._at(x))), x)

    def logpdf(self, x: Numbers) -> Values:
        """Return the logarithm of the density."""
        return vectorized(self._logpdf, x)

    def _logpdf(self, x: Floats) -> Floats:
        place = self._at(x)
        with np.errstate(invalid="ignore"):
            value = np.asarray(self._inner.logpdf(place)) + self._log_slope(x)
        return np.where(np.isinf(place), -np.inf, value)

    def _pdf(self, x: Floats) -> Floats:
        return np.exp(self._logpdf(x))

    def _breaks(self) -> list[float]:
        with np.errstate(over="ignore", divide="ignore"):
            places = type(self)._forth(np.array(self._inner._bends()))
        return [float(place) for place in places]

    def support(self) -> tuple[float, float]:
        """Return the ends of the support."""
        with np.errstate(over="ignore", divide="ignore"):
            low, high = type(self)._forth(np.array(self._inner.support())).tolist()
        return low, high

    def rvs(
        self,
        size: int | tuple[int, ...] | None = None,
        random_state: Random = None,
        *,
        rng: Random = None,
    ) -> Values:
        """Draw random variates: those of the inner law, transformed."""
        draws = type(self)._forth(np.asarray(self._inner.rvs(size, random_state, rng=rng)))
        return float(draws) if np.ndim(draws) == 0 else draws

    def _shifted(self, offset: Fraction) -> Law:
        return Moved(self, Fraction(1), offset)

    def _scaled(self, factor: Fraction) -> Law:
        return Moved(self, factor, Fraction(0)) if factor else point(0)

    def _error_at(self, x: Floats, of: str) -> Floats:
        place = self._at(x)
        with np.errstate(invalid="ignore", over="ignore"):
            apart = _WANDER * np.abs(place) * np.asarray(self._inner.pdf(place))
        moved = np.where(np.isfinite(place), apart, 0.0)
        return np.asarray(error_at(self._inner, place, of) + moved)

    @property
    def error_bound(self) -> float:
        """The bound on the absolute error of cdf and sf."""
        return absolute_bound(self._inner) + _WANDER * _largest_product(self._inner, 0.0)

    @property
    def error_estimate(self) -> float:
        """The absolute error of cdf and sf to expect."""
        return self._inner.error_estimate + ROUNDOFF

    @property
    def neglected_mass(self) -> float:
        """The probability that the law may lack."""
        return self._inner.neglected_mass

    def explain(self) -> str:
        """Return how the law is evaluated and how accurate it is."""
        return (
            f"{self._name} of a variable, by its cdf, sf and density at the inverse: absolute error "
            f"<= {self.error_bound:.2g} (to expect: {self.error_estimate:.2g}). {self._inner.explain()}"
        )

    def _called(self) -> str:
        return self._name.capitalize()


def _logarithm(y: Floats) -> Floats:
    """Return log y, and -inf below 0, where exp(X) never is."""
    return np.asarray(np.log(np.maximum(y, 0.0)))


class Exponential(Transformed):
    """The law of exp(X)."""

    _name = "exp"
    _forth = np.exp
    _back = staticmethod(_logarithm)

    def _log_slope(self, y: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return -np.log(y)


class Logarithm(Transformed):
    """The law of log(X), X positive."""

    _name = "log"
    _forth = np.log
    _back = np.exp

    def _log_slope(self, y: Floats) -> Floats:
        return y

    def resolved(self) -> Law:
        """Return the law of log X: by its name if it has one, as one function otherwise."""
        law = self._inner
        if isinstance(law, Moved) and isinstance(law._inner, Exponential) and law._is_multiple():
            return law._inner._inner._shifted(log_of_number(law._factor))
        named = logarithm_of(law) if isinstance(law, NamedDensity) else None
        return named or super().resolved()


class Moved(Pointwise):
    """The law of factor X + offset for a law that is known point by point, without atoms."""

    def __init__(self, law: Pointwise, factor: Fraction, offset: Fraction) -> None:
        self._inner, self._factor, self._offset = law, factor, offset

    def _is_multiple(self) -> bool:
        return self._offset == 0 and self._factor > 0

    def resolved(self) -> Law:
        """Return the law as a density: the inner one made a density, and moved."""
        return self._inner.resolved()._scaled(self._factor)._shifted(self._offset)

    def _at(self, x: Floats) -> Floats:
        return (x - float(self._offset)) / float(self._factor)

    def _side(self, part: str, other: str) -> str:
        return part if self._factor > 0 else other

    def _cdf(self, x: Floats) -> Floats:
        return np.asarray(getattr(self._inner, self._side("cdf", "sf"))(self._at(x)))

    def _sf(self, x: Floats) -> Floats:
        return np.asarray(getattr(self._inner, self._side("sf", "cdf"))(self._at(x)))

    def logcdf(self, x: Numbers) -> Values:
        """Return log P(X <= x)."""
        rule = getattr(self._inner, self._side("logcdf", "logsf"))
        return vectorized(lambda x: np.asarray(rule(self._at(x))), x)

    def logsf(self, x: Numbers) -> Values:
        """Return log P(X > x)."""
        rule = getattr(self._inner, self._side("logsf", "logcdf"))
        return vectorized(lambda x: np.asarray(rule(self._at(x))), x)

    def _pdf(self, x: Floats) -> Floats:
        return np.asarray(self._inner.pdf(self._at(x))) / abs(float(self._factor))

    def _breaks(self) -> list[float]:
        return sorted(self._forth(np.array(self._inner._breaks())).tolist())

    def _forth(self, x: Floats) -> Floats:
        return float(self._factor) * x + float(self._offset)

    def support(self) -> tuple[float, float]:
        """Return the ends of the support."""
        low, high = sorted(self._forth(np.array(self._inner.support())).tolist())
        return low, high

    def rvs(
        self,
        size: int | tuple[int, ...] | None = None,
        random_state: Random = None,
        *,
        rng: Random = None,
    ) -> Values:
        """Draw random variates: those of the inner law, moved."""
        draws = self._forth(np.asarray(self._inner.rvs(size, random_state, rng=rng)))
        return float(draws) if np.ndim(draws) == 0 else draws

    def _error_at(self, x: Floats, of: str) -> Floats:
        place, offset = self._at(x), abs(float(self._offset / self._factor))
        with np.errstate(invalid="ignore", over="ignore"):
            apart = _WANDER * (np.abs(place) + offset) * np.asarray(self._inner.pdf(place))
        moved = np.where(np.isfinite(place), apart, 0.0)
        side = of if self._factor > 0 else {"cdf": "sf", "sf": "cdf"}[of]
        return np.asarray(error_at(self._inner, place, side) + moved)

    @property
    def error_bound(self) -> float:
        """The bound on the absolute error of cdf and sf."""
        offset = abs(float(self._offset / self._factor))
        return absolute_bound(self._inner) + _WANDER * _largest_product(self._inner, offset)

    @property
    def error_estimate(self) -> float:
        """The absolute error of cdf and sf to expect."""
        return self._inner.error_estimate + ROUNDOFF

    @property
    def neglected_mass(self) -> float:
        """The probability that the law may lack."""
        return self._inner.neglected_mass

    def explain(self) -> str:
        """Return how the law is evaluated and how accurate it is."""
        moved = f"{float(self._factor):.6g} times a variable, plus {float(self._offset):.6g}"
        return f"{moved}: absolute error <= {self.error_bound:.2g}. {self._inner.explain()}"

    def _called(self) -> str:
        return "Moved"

    def _shifted(self, offset: Fraction) -> Law:
        return Moved(self._inner, self._factor, self._offset + offset)

    def _scaled(self, factor: Fraction) -> Law:
        if factor == 0:
            return point(0)
        return Moved(self._inner, self._factor * factor, self._offset * factor)
