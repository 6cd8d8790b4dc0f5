"""Order statistics of independent copies."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from scipy import special

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.lattice import point
from faltung.distributions.law.law import Law
from faltung.distributions.law.vectors import Numbers, Values, vectorized
from faltung.distributions.mixed.accuracy import absolute_bound, error_at
from faltung.distributions.numbers.rational import written
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats
from faltung.distributions.operations import atoms as discrete
from faltung.distributions.operations.kinds import (
    atom_points,
    below,
    density_at,
    mass_at,
)
from faltung.distributions.operations.pointwise import Pointwise
from faltung.errors import OptionError

_Rule: TypeAlias = Callable[[Floats], Floats]
_Own: TypeAlias = Callable[[Numbers], Values]

_MOST = 10_000
_MOST_WITH_ATOMS = 1000
_DEEP = 1e-280  # below, the incomplete beta function is its leading series


def order_statistic(law: Law, r: int, n: int) -> Law:
    """Return the law of the `r`-th smallest of `n` independent copies; see ``X.order_statistic``.

    Raises
    ------
    OptionError
        If not ``1 <= r <= n <= 10000``.
    """
    low, high = _as_whole(r, "r"), _as_whole(n, "n")
    if not 1 <= low <= high <= _MOST:
        raise OptionError(f"r={written(low)}, n={written(high)}: write 1 <= r <= n <= {_MOST}")
    if high == 1:
        return law
    if isinstance(law, Atoms):
        return discrete.ordered(law, low, high)
    if len(atom_points(law)) and high > _MOST_WITH_ATOMS:
        raise OptionError(
            f"n={high}: of a law with atoms at most {_MOST_WITH_ATOMS} copies are supported"
        )
    return Order(law, low, high)


def _as_whole(value: object, name: str) -> int:
    try:
        if isinstance(value, bool):
            raise TypeError
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise OptionError(f"{name}={written(value)}: write a whole number") from None


class Order(Pointwise):
    """The r-th smallest of n independent copies of a law with a density.

    With F the cdf and S the sf, P(X_(r) <= x) = I_F(r, n - r + 1) and P(X_(r) > x) =
    I_S(n - r + 1, r), the regularised incomplete beta function from either side (David & Nagaraja,
    *Order Statistics*, 3rd ed., equation 2.1.5); the density is c F^(r-1) S^(n-r) f.
    """

    def __init__(self, law: Law, r: int, n: int) -> None:
        self._law_of_one, self._r, self._n = law, r, n
        self._constant = math.log(r) + log_binomial(n, r)

    def _cdf(self, x: Floats) -> Floats:
        level = np.asarray(self._law_of_one.cdf(x))
        return np.asarray(special.betainc(self._r, self._n - self._r + 1, level))

    def _sf(self, x: Floats) -> Floats:
        rest = np.asarray(self._law_of_one.sf(x))
        return np.asarray(special.betainc(self._n - self._r + 1, self._r, rest))

    def logcdf(self, x: Numbers) -> Values:
        """Return log P(X <= x), also below the smallest float."""
        law, a = self._law_of_one, self._r
        own = law.logcdf, law.logsf
        return vectorized(lambda x: self._log((self._cdf, self._sf), own, a, x), x)

    def logsf(self, x: Numbers) -> Values:
        """Return log P(X > x), also below the smallest float."""
        law, a = self._law_of_one, self._n - self._r + 1
        own = law.logsf, law.logcdf
        return vectorized(lambda x: self._log((self._sf, self._cdf), own, a, x), x)

    def _log(self, sides: tuple[_Rule, _Rule], own: tuple[_Own, _Own], a: int, x: Floats) -> Floats:
        """Return log I_p(a, b): from the other side near 0, by a series in p far below it."""
        direct, other = sides[0](x), sides[1](x)
        with np.errstate(divide="ignore"):
            logs = np.where(other < 0.5, np.log1p(-np.minimum(other, 0.5)), np.log(direct))
        deep = np.flatnonzero(direct < _DEEP)
        if len(deep):
            log_p, log_rest = (np.asarray(each(x[deep])) for each in own)
            logs[deep] = log_beta(log_p, log_rest, a, self._n + 1 - a)
        return logs

    def logpdf(self, x: Numbers) -> Values:
        """Return the logarithm of the density, also below the smallest float."""
        return vectorized(self._logpdf, x)

    def _logpdf(self, x: Floats) -> Floats:
        law = self._law_of_one
        with np.errstate(invalid="ignore"):
            powers = self._powers(np.asarray(law.logcdf(x)), np.asarray(law.logsf(x)))
            return np.where(powers == -np.inf, -np.inf, powers + np.asarray(law.logpdf(x)))

    def _pdf(self, x: Floats) -> Floats:
        law = self._law_of_one
        with np.errstate(divide="ignore", invalid="ignore"):
            powers = self._powers(np.log(law.cdf(x)), np.log(law.sf(x)))
            return np.where(powers == -np.inf, 0.0, np.exp(powers) * density_at(law, x))

    def _powers(self, log_below: Floats, log_above: Floats) -> Floats:
        """Return log c F^(r-1) S^(n-r); a power 0 of 0 is one."""
        first = (self._r - 1) * log_below if self._r > 1 else np.zeros_like(log_below)
        second = (self._n - self._r) * log_above if self._r < self._n else 0.0
        return np.asarray(self._constant + first + second)

    def _pmf(self, x: Floats) -> Floats:
        law = self._law_of_one
        above = np.asarray(law.sf(x))
        return order_mass(mass_at(law, x), below(law, x), above, self._r, self._n)

    def _atom_points(self) -> Floats:
        return atom_points(self._law_of_one)

    def _breaks(self) -> list[float]:
        return self._law_of_one._bends()

    def support(self) -> tuple[float, float]:
        """Return the support of one copy."""
        return self._law_of_one.support()

    # --- accuracy -----------------------------------------------------------------------------

    def _error_at(self, x: Floats, of: str) -> Floats:
        """Return the error: a relative one of the cdf p counts at most a times in I_p(a, b).

        For p I'(p) = p^a (1 - p)^(b-1) / B <= a I(p), as (1 - t)^(b-1) falls.
        """
        a = self._r if of == "cdf" else self._n - self._r + 1
        value, part = getattr(self, of)(x), np.asarray(getattr(self._law_of_one, of)(x))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            relative = error_at(self._law_of_one, x, of) / part
            grown = np.expm1(a * np.log1p(relative)) + 1e-12
            own = np.where(relative == 0, 1e-12 * value, value * grown)
        return np.where(np.isfinite(own), np.minimum(own, self.error_bound), self.error_bound)

    @property
    def error_bound(self) -> float:
        """The bound on the absolute error of cdf and sf.

        The derivative of I_p in p is at most n times the largest probability of one binomial
        value, hence n; roundings of the incomplete beta function are taken as 1e-12.
        """
        return self._n * absolute_bound(self._law_of_one) + 1e-12

    @property
    def error_estimate(self) -> float:
        """The absolute error of cdf and sf to expect."""
        return math.sqrt(self._n) * self._law_of_one.error_estimate + 1e-15

    @property
    def neglected_mass(self) -> float:
        """The probability that the law may lack."""
        return self._n * self._law_of_one.neglected_mass

    def explain(self) -> str:
        """Return how the law is evaluated and how accurate it is."""
        return (
            f"Number {self._r} of {self._n} independent copies in ascending order: incomplete beta "
            "functions of the cdf from below and of the sf from above; both have an absolute error "
            f"<= {self.error_bound:.2g} (to expect: {self.error_estimate:.2g}), and in the tails "
            "the relative accuracy of the law."
        )

    def _called(self) -> str:
        return f"OrderStatistic({self._r} of {self._n})"

    def _shifted(self, offset: Fraction) -> Law:
        return Order(self._law_of_one._shifted(offset), self._r, self._n)

    def _scaled(self, factor: Fraction) -> Law:
        if factor == 0:
            return point(0)
        rank = self._r if factor > 0 else self._n + 1 - self._r
        return Order(self._law_of_one._scaled(factor), rank, self._n)


def log_beta(log_p: Floats, log_rest: Floats, a: int, b: int) -> Floats:
    """Return log I_p(a, b) for whole a, b and p so small that I is below 1e-280, from log p and log(1 - p).

    I_p(a, b) = p^a (1 - p)^b / (a B(a, b)) * sum over j of (a + b)_j / (a + 1)_j p^j (DLMF 8.17.8),
    with positive terms. By Chernoff's bound I <= exp(-n D) with n = a + b - 1 and
    D <= a / n log(a / (n p)), so where I is that small their ratio is at most about
    n p / a <= exp(-640 / a).
    """
    p = np.exp(log_p)
    total, term = np.ones_like(p), np.ones_like(p)
    j = 0
    while np.any(term > ROUNDOFF / 64 * total):
        term = term * ((a + b + j) / (a + 1 + j)) * p
        total, j = total + term, j + 1
    constant = log_binomial(a + b - 1, a)  # 1 / (a B(a, b))
    with np.errstate(invalid="ignore"):
        return np.asarray(np.log(total) + constant + a * log_p + b * log_rest)


def order_mass(p: Floats, below: Floats, above: Floats, r: int, n: int) -> Floats:
    """Return P(X_(r) = t) from p = P(X = t), F = P(X < t) and S = P(X > t).

    That is, with c = n! / ((r-1)! (n-r)!),

        c * integral from 0 to 1 of p (F + p s)^(r-1) (S + p (1 - s))^(n-r) ds

    (David & Nagaraja, *Order Statistics*, 3rd ed., section 2.1, with u = F + p s): a polynomial of
    degree n - 1 with positive values, for which the Gauss rule with ceil(n / 2) points is exact.
    """
    nodes, factors = np.polynomial.legendre.leggauss((n + 1) // 2)
    constant = math.log(r) + log_binomial(n, r)
    total = np.zeros_like(p)
    with np.errstate(divide="ignore", invalid="ignore"):
        for node, factor in zip(nodes.tolist(), factors.tolist(), strict=True):
            level, rest = below + p * (0.5 + 0.5 * node), above + p * (0.5 - 0.5 * node)
            exponent = constant + (r - 1) * np.log(level) + (n - r) * np.log(rest) + np.log(p)
            total += 0.5 * factor * np.where(p == 0, 0.0, np.exp(exponent))
    return np.asarray(np.minimum(total, 1.0))


def log_binomial(n: int, r: int) -> float:
    """Return the logarithm of n over r, of the exact integer."""
    return math.log(math.comb(n, r))
