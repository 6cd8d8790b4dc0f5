"""SciPy's names for what summarises a law: moments, entropy, mode, expected values."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from faltung.distributions.law.expectation import (
    as_function,
    density_breaks,
    density_mode,
    entropy_breaks,
    integrate_to_ends,
)
from faltung.distributions.law.integrals import central_moment
from faltung.distributions.numbers.quadrature import integrate
from faltung.distributions.numbers.rational import is_number, written
from faltung.distributions.numbers.rounding import Floats
from faltung.errors import OptionError

if TYPE_CHECKING:
    from faltung.distributions.law.law import Law

_MOMENTS = "mvsk"
_LARGEST_ORDER = 1000


class Statistics:
    """Moments and other numbers, of a law with a density by integration; others override it.

    The integrals are adaptive (:func:`~faltung.distributions.numbers.quadrature.integrate`): an
    error of about 1e-13 relative is aimed for and one above 1e-8 is refused. Both are estimates
    that rest on samples of the density or of the tails.
    """

    def moment(self, order: int) -> float:
        """Return ``E X^order``, the moment about 0, as SciPy's `moment` of a frozen law.

        Parameters
        ----------
        order
            A whole number from 0 to 1000.

        Returns
        -------
        float
            Infinite where the moment is, NaN where an infinite part of each sign belongs to it.

        Raises
        ------
        OptionError
            If `order` is no such number.

        Examples
        --------
        >>> from faltung.distributions import distribution
        >>> round(distribution("expon(1)").moment(4), 9)
        24.0
        """
        return float(self._central(0.0, as_order(order)))

    def skew(self) -> float:
        """Return the skewness, ``E (X - mean)^3 / std^3``; NaN where there is no variance."""
        variance = float(self._law().var())
        if not math.isfinite(variance) or variance == 0:
            return math.nan
        return self._standardized(3, variance)

    def kurtosis(self) -> float:
        """Return the *excess* kurtosis, ``E (X - mean)^4 / var^2 - 3``, as SciPy's ``stats("k")``."""
        variance = float(self._law().var())
        if not math.isfinite(variance) or variance == 0:
            return math.nan
        return self._standardized(4, variance) - 3.0

    def stats(self, moments: Any = "mv") -> Any:
        """Return mean, variance, skewness and excess kurtosis, those that `moments` names.

        Parameters
        ----------
        moments
            Some of the letters m, v, s, k, in this order in the result, as in SciPy.

        Returns
        -------
        float or tuple of float
            One number for one letter.

        Raises
        ------
        OptionError
            For other letters, or none.

        Examples
        --------
        >>> from faltung.distributions import die
        >>> die(2).stats("mvsk")
        (1.5, 0.25, 0.0, -2.0)
        """
        if not isinstance(moments, str) or not moments or set(moments) - set(_MOMENTS):
            raise OptionError(f"moments={moments!r}: write some of the letters m, v, s, k")
        law = self._law()
        known = {"m": law.mean, "v": law.var, "s": self.skew, "k": self.kurtosis}
        values = tuple(float(known[name]()) for name in _MOMENTS if name in moments)
        return values[0] if len(values) == 1 else values

    def expect(
        self,
        func: Callable[[Any], Any] | None = None,
        lb: float | None = None,
        ub: float | None = None,
        *,
        conditional: bool = False,
    ) -> Any:
        """Return the expected value of a function of the variable.

        Parameters
        ----------
        func
            A function of one number; the variable itself without it.
        lb, ub
            Only values from `lb` to `ub`, both ends included, are taken; all by default.
        conditional
            Divide by the probability of these values.

        Raises
        ------
        OptionError
            If an end is no number, or they do not ascend.
        ResolutionError
            If the function is not finite somewhere, or the integral is not resolved to 1e-8.

        Examples
        --------
        >>> import math
        >>> from faltung.distributions import distribution
        >>> round(distribution("normal(0, 1)").expect(math.cos) - math.exp(-0.5), 12)
        0.0
        """
        low, high = as_range(lb, ub)
        value = self._expected(as_function(func), low, high)
        if not conditional:
            return value
        mass = self._expected(np.ones_like, low, high)
        return value / mass if mass > 0 else math.nan

    def entropy(self) -> float:
        """Return the differential entropy ``-E log pdf(X)``, in nats."""

        def loss(x: Floats) -> Floats:
            logarithm = np.maximum(self._law().logpdf(x), -1e308)
            return np.asarray(-np.exp(logarithm) * logarithm)

        return sum(integrate(loss, part) for part in entropy_breaks(self._law()))

    def mode(self) -> float:
        """Return a point at which the density is largest, as far as its values tell.

        The best of a few thousand points, refined between its neighbours to about 1e-8 of their
        distance; where the density has a pole, the point nearest to it that was tried.
        """
        return density_mode(self._law())

    def _central(self, centre: float, order: int) -> float:
        return central_moment(self._law(), centre, order)

    def _standardized(self, order: int, variance: float) -> float:
        """Return ``E ((X - mean) / std)^order``."""
        deviation = math.sqrt(variance)
        return self._central(float(self._law().mean()), order) / deviation**order

    def _expected(self, function: Callable[[Floats], Floats], low: float, high: float) -> float:
        def product(x: Floats) -> Floats:
            density = np.asarray(self._law().pdf(x))
            used, result = density > 0, np.zeros_like(x)
            if used.any():
                with np.errstate(all="ignore"):  # what is not finite is refused by the integral
                    result[used] = function(x[used]) * density[used]
            return result

        parts = density_breaks(self._law(), low, high)
        return math.fsum(integrate_to_ends(product, part, self._law()) for part in parts)

    def _refuse_exact(self, exact: bool) -> None:
        """Refuse exact answers of a law with a density, which has none."""
        if exact:
            raise OptionError(
                "exact=True is for discrete laws of ints, Fractions and Decimals, and "
                f"{type(self).__name__} has a density, whose values are rounded: leave exact=True "
                "out; error_bound tells how far they may be off"
            )

    def _law(self) -> Law:
        return cast("Law", self)


def as_order(order: object) -> int:
    """Return the order of a moment.

    Raises
    ------
    OptionError
        If it is no whole number from 0 to 1000.
    """
    try:
        count = operator.index(order)  # type: ignore[arg-type]
    except TypeError:
        count = -1
    if isinstance(order, bool) or not 0 <= count <= _LARGEST_ORDER:
        raise OptionError(
            f"order={written(order)}: write a whole number from 0 to {_LARGEST_ORDER}"
        )
    return count


def as_range(lb: Any, ub: Any) -> tuple[float, float]:
    """Return the ends of an interval as floats; infinite ones are allowed, and those of None.

    Raises
    ------
    OptionError
        If one is no number, or they do not ascend.
    """
    low, high = _as_end(lb, -math.inf, "lb"), _as_end(ub, math.inf, "ub")
    if low > high:
        raise OptionError(f"lb={written(low)}, ub={written(high)}: write lb <= ub")
    return low, high


def _as_end(value: Any, default: float, name: str) -> float:
    if value is None:
        return default
    if not is_number(value) or math.isnan(value):
        raise OptionError(f"{name}={written(value)}: write a number, or leave it out")
    return float(value)
