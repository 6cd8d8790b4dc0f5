"""A law given that its variable is in an interval, from the law's own tails."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from faltung.distributions.discrete.lattice import point
from faltung.distributions.families.named import NamedDensity
from faltung.distributions.law.law import Law
from faltung.distributions.law.vectors import Numbers, Values, vectorized
from faltung.distributions.numbers.rational import rounded
from faltung.distributions.numbers.reach import End
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats
from faltung.distributions.operations.pointwise import Pointwise

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)
_NARROW = 1 / 16  # of the smaller share beside it: so little is integrated, not subtracted
_PER_LOGARITHM = (
    32 * ROUNDOFF
)  # of a logarithm far below the floats: 4 roundings of z, 8 times each
_ROUNDINGS = 24 * ROUNDOFF


class Conditioned(Pointwise):
    """The law of X given that low <= X <= high, for a law with a density and logarithms of its own.

    P(x < X <= y) is F(y) - F(x) or S(x) - S(y), whichever cancels less, in logarithms: so far out
    as the law knows log S or log F. Where either would lose more than a digit, the interval is so
    narrow beside the mass on both of its sides that Gauss's rule with 20 points has all digits of
    the integral of the density: the nearest singularity is some 16 half-widths away, and the rule's
    error falls like 30^-40 (Trefethen, *Approximation Theory and Approximation Practice*, theorem
    19.3).
    """

    def __init__(self, law: Law, low: End, high: End) -> None:
        self._inner, self._low, self._high = law, low, high
        start, stop = law.support()
        self._start, self._stop = max(_float(low), start), min(_float(high), stop)
        self._sharp = np.array([x for x in law._bends() if start < x < stop])
        ends = np.array([self._start]), np.array([self._stop])
        self._log_mass, self._mass_off = (float(part[0]) for part in self._between(*ends))

    # --- probabilities ------------------------------------------------------------------------

    def _between(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return log P(x < X <= y) and its bound."""
        law = self._inner
        with np.errstate(all="ignore"):
            below, above = np.asarray(law.logcdf(y)), np.asarray(law.logsf(x))
            of_below = -np.expm1(np.minimum(np.asarray(law.logcdf(x)) - below, 0.0))
            of_above = -np.expm1(np.minimum(np.asarray(law.logsf(y)) - above, 0.0))
            left = ~(of_below < of_above)
            share = np.where(left, of_below, of_above)
            logs = np.where(left, below, above) + np.log(share)
            off = np.where(left, self._off(y, below, "cdf"), self._off(x, above, "sf"))
            off = off * (2 - share) / share
        nothing = ~(y > x) | (below == -np.inf) | (above == -np.inf)
        narrow = np.flatnonzero((share < _NARROW) & ~nothing & ~self._is_sharp(x, y))
        if len(narrow):
            logs[narrow], off[narrow] = self._integrated(x[narrow], y[narrow])
        return np.where(nothing, -np.inf, logs), np.where(nothing, 0.0, off)

    def _off(self, x: Floats, logs: Floats, of: str) -> Floats:
        """Return what a logarithm may be off by."""
        if isinstance(self._inner, NamedDensity):
            deep = np.where(np.isfinite(logs), np.abs(logs), 0.0)
            return np.asarray(self._inner.error_bound + _PER_LOGARITHM * deep)
        return np.asarray(self._inner.relative_error_bound(x, of=of))  # type: ignore[attr-defined]

    def _is_sharp(self, x: Floats, y: Floats) -> NDArray[np.bool_]:
        """Tell whether the density bends or jumps between x and y."""
        return np.searchsorted(self._sharp, x, "right") < np.searchsorted(self._sharp, y, "left")

    def _integrated(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        half = 0.5 * (y - x)
        places = x[:, np.newaxis] + half[:, np.newaxis] * (1 + _NODES)
        logs = np.asarray(self._inner.logpdf(places.ravel())).reshape(places.shape)
        top = np.max(logs, axis=1)
        total = np.sum(np.exp(logs - top[:, np.newaxis]) * _WEIGHTS, axis=1)
        off = self._off(x, top, "cdf") + _ROUNDINGS
        return np.log(total * half) + top, off

    def _log_cdf(self, x: Floats) -> Floats:
        inside = np.clip(x, self._start, self._stop)
        logs = self._between(np.full_like(inside, self._start), inside)[0] - self._log_mass
        return _known(x, np.where(x >= self._stop, 0.0, np.minimum(logs, 0.0)))

    def _log_sf(self, x: Floats) -> Floats:
        inside = np.clip(x, self._start, self._stop)
        logs = self._between(inside, np.full_like(inside, self._stop))[0] - self._log_mass
        return _known(x, np.where(x <= self._start, 0.0, np.minimum(logs, 0.0)))

    def _cdf(self, x: Floats) -> Floats:
        return np.exp(self._log_cdf(x))

    def _sf(self, x: Floats) -> Floats:
        return np.exp(self._log_sf(x))

    def logcdf(self, x: Numbers) -> Values:
        """Return log P(X <= x)."""
        return vectorized(lambda x: _nearer(self._log_cdf(x), self._log_sf(x)), x)

    def logsf(self, x: Numbers) -> Values:
        """Return log P(X > x)."""
        return vectorized(lambda x: _nearer(self._log_sf(x), self._log_cdf(x)), x)

    def logpdf(self, x: Numbers) -> Values:
        """Return the logarithm of the density."""
        return vectorized(self._logpdf, x)

    def _logpdf(self, x: Floats) -> Floats:
        inside = ~((x < self._start) | (x > self._stop))  # NaN stays NaN
        logs = np.asarray(self._inner.logpdf(x)) - self._log_mass
        return np.where(inside, logs, -np.inf)

    def _pdf(self, x: Floats) -> Floats:
        return np.exp(self._logpdf(x))

    def _breaks(self) -> list[float]:
        return [x for x in self._sharp.tolist() if self._start < x < self._stop]

    def support(self) -> tuple[float, float]:
        """Return the ends of the interval, or of the law inside it."""
        return self._start, self._stop

    # --- accuracy -----------------------------------------------------------------------------

    @property
    def mass(self) -> float:
        """The probability of the interval, 0 where it is below the floats."""
        return math.exp(self._log_mass)

    @cached_property
    def mass_relative(self) -> float:
        """The bound on its relative error, infinite where nothing is known."""
        own = self._mass_off + self._moved + _ROUNDINGS
        return math.expm1(own) if own < 1 else math.inf

    @cached_property
    def _moved(self) -> float:
        """The share of the mass between the ends and their floats."""
        total = 0.0
        for end, given in ((self._start, self._low), (self._stop, self._high)):
            if isinstance(given, Fraction) and Fraction(end) != given:
                height = math.exp(min(float(self._inner.logpdf(end)) - self._log_mass, 700.0))
                total += 2 * height * float(abs(Fraction(end) - given))
        return total

    def _error_at(self, x: Floats, of: str) -> Floats:
        inside = np.clip(x, self._start, self._stop)
        start, stop = (np.full_like(inside, end) for end in (self._start, self._stop))
        ends = (start, inside) if of == "cdf" else (inside, stop)
        value, off = np.asarray(getattr(self, of)(x)), self._between(*ends)[1]
        with np.errstate(over="ignore", invalid="ignore"):
            own = value * np.expm1(off + _ROUNDINGS) * (1 + self.mass_relative)
        error = own + value * self.mass_relative + 2 * self._moved
        return np.where(np.isfinite(error), np.minimum(error, self.error_bound), self.error_bound)

    @cached_property
    def error_bound(self) -> float:
        """The bound on the absolute error of cdf and sf."""
        # A difference is off by no more, beside the mass, than that of the whole interval; what
        # is integrated by as much as one share; a difference that keeps a digit by 34 times it.
        places = np.array([x for x in (self._start, self._stop) if math.isfinite(x)])
        off = np.zeros(1)
        for of in ("cdf", "sf"):
            logs = np.asarray(getattr(self._inner, "log" + of)(places))
            off = np.append(off, self._off(places, logs, of))
        share = 36 * float(np.max(off[np.isfinite(off)])) + _ROUNDINGS
        return min(2 * (self.mass_relative + self._moved) + share, 1.0)

    @property
    def error_estimate(self) -> float:
        """The absolute error of cdf and sf to expect."""
        return self.error_bound / 100

    @property
    def neglected_mass(self) -> float:
        """The probability that the law may lack."""
        lost = self._inner.neglected_mass
        return min(lost / self.mass, 1.0) if lost and self.mass else 0.0

    def explain(self) -> str:
        """Return how the law is evaluated and how accurate it is."""
        return (
            f"A variable given that it is from {self._start:.6g} to {self._stop:.6g}, which has the "
            f"probability exp({self._log_mass:.6g}): differences of its own tails, absolute error <= "
            f"{self.error_bound:.2g} (to expect: {self.error_estimate:.2g}). {self._inner.explain()}"
        )

    def _called(self) -> str:
        return "Conditioned"

    # --- operations ---------------------------------------------------------------------------

    def given(self, low: End, high: End) -> Conditioned:
        """Return the law given a part of the interval."""
        return Conditioned(self._inner, max(low, self._low), min(high, self._high))

    def _shifted(self, offset: Fraction) -> Law:
        return Conditioned(self._inner._shifted(offset), self._low + offset, self._high + offset)

    def _scaled(self, factor: Fraction) -> Law:
        if factor == 0:
            return point(0)
        low, high = (_times(end, factor) for end in (self._low, self._high))
        return Conditioned(self._inner._scaled(factor), min(low, high), max(low, high))


def _times(end: End, factor: Fraction) -> End:
    if isinstance(end, Fraction):
        return end * factor
    return end if factor > 0 else -end


def _known(x: Floats, values: Floats) -> Floats:
    return np.where(np.isnan(x), np.nan, values)


def _nearer(part: Floats, rest: Floats) -> Floats:
    """Return the logarithm of a part of 1, from the rest where that is the smaller one."""
    near = np.log1p(-np.exp(np.minimum(rest, -math.log(2))))
    return np.where(part > -math.log(2), near, part)


def _float(end: End) -> float:
    return end if isinstance(end, float) else rounded(end)
