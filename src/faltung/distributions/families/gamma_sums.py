"""Sums of gamma variables of different scales, as mixtures of gamma laws of the smallest scale."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import ClassVar, NamedTuple

import numpy as np

from faltung.distributions.families.family import Family, Generator, Place, Size
from faltung.distributions.families.moments import raw_from_cumulants
from faltung.distributions.families.tools import (
    HALF_LOG_TWO_PI,
    deviance,
    gamma_above,
    gamma_below,
    log_gamma_above,
    repaired,
    stirling_errors,
)
from faltung.distributions.numbers.rational import rounded
from faltung.distributions.numbers.rounding import Floats
from faltung.errors import OptionError

LARGEST_RATIO = 50  # of two scales in one mixture
_MOST_TERMS = 2**18
DEPTH = 780.0  # a weight below exp(-780) adds nothing to a probability of 1e-300
_MARGIN = 100.0  # so much farther down weights count beside exp(-z / scale), in the exponent
_UNDERFLOW = 1e-290
_NOTHING = -750.0  # of a logarithm: no double is so small
_LARGE = 1e100
_ROWS = 64
_STEP = 8
_LEFT_OUT = 75.0


@dataclass(frozen=True)
class Summand:
    """One gamma variable of a sum: its shape, its scale, and a chi squared's noncentrality."""

    shape: Fraction
    scale: Fraction
    noncentrality: float = 0.0


class Mixture(NamedTuple):
    """Logarithms: of the weights a of gamma laws, and of their sums up to and above each."""

    weights: Floats
    up_to: Floats
    above: Floats


@dataclass(frozen=True)
class GammaSum(Family):
    """The sum of independent gamma variables, the smallest scale 1.

    With rho_i = 1 - 1 / scale_i and alpha_i the shapes, the density is the sum over k of a_k times
    that of the gamma law with shape A + k, A the sum of the shapes, where

        a_0 = exp(-sum delta_i / 2) prod scale_i^-alpha_i,
        k a_k = sum over r < k of a_r sum over i of
                (alpha_i rho_i^(k-r) + (k-r) delta_i / (2 scale_i) rho_i^(k-r-1)),

    all non-negative (Ruben, *Ann. Math. Statist.* 33, 1962, with the smallest scale; Farebrother,
    *Appl. Statist.* 33, 1984, AS 204; Moschopoulos, *Ann. Inst. Statist. Math.* 37, 1985, for gamma
    laws). Equal and nearly equal scales cost no digits, as they do in partial fractions. With
    p_j = z^(A+j) e^-z / Gamma(A+j+1) both tails are sums of non-negative terms as well:

        F = sum p_j (a_0 + … + a_j),    1 - F = Q(A, z) + sum p_j (a_(j+1) + a_(j+2) + …).
    """

    summands: tuple[Summand, ...]

    name: ClassVar[str] = "gamma sum"
    half_line: ClassVar[bool] = True

    @property
    def shapes(self) -> dict[str, float]:
        return {"terms": len(self.summands), "shape": self._total, "largest": self._largest}

    @property
    def shape(self) -> Fraction:
        """The sum of the shapes."""
        return sum((s.shape for s in self.summands), Fraction(0))

    @property
    def _total(self) -> float:
        return float(self.shape)

    @property
    def _largest(self) -> float:
        return float(max(s.scale for s in self.summands))

    # --- probabilities ----------------------------------------------------------------------

    def logpdf(self, at: Place) -> Floats:
        mixture = mixture_of(self)
        shapes = self._total + np.arange(len(mixture.weights))
        logs = self._log_sum(mixture.weights + np.log(shapes), at.z) - np.log(at.z)
        edge = mixture.weights[0] if self._total == 1 else math.copysign(math.inf, 1 - self._total)
        return np.where(at.z == 0, edge, logs)

    def pdf(self, at: Place) -> Floats:
        # Of f(z) e^(z / largest) each factor is at most z^(a - 1) / Gamma(a), for all scales are >= 1.
        with np.errstate(divide="ignore"):
            ceiling = (self._total - 1) * np.log(at.z) - math.lgamma(self._total)
        ceiling -= at.z / self._largest
        central = not any(s.noncentrality for s in self.summands)
        near = ~((at.z > 1) & (ceiling < _NOTHING)) if central else np.ones(at.z.shape, dtype=bool)
        result = np.zeros_like(at.z)
        result[near] = super().pdf(Place(at.z[near], at.rest[near]))
        return result

    def cdf(self, at: Place) -> Floats:
        up_to = mixture_of(self).up_to
        beyond = gamma_below(self._total + len(up_to), at.z)  # the p_j whose factor is 1
        return np.asarray(np.exp(self._log_sum(up_to, at.z)) + beyond)

    def sf(self, at: Place) -> Floats:
        first = gamma_above(self._total, at.z)
        return np.asarray(first + np.exp(self._log_sum(mixture_of(self).above, at.z)))

    def logcdf(self, at: Place) -> Floats:
        below = self._log_sum(mixture_of(self).up_to, at.z)
        logs = np.where(self.cdf(at) < _UNDERFLOW, below, super().logcdf(at))
        return np.where(at.z == 0, -np.inf, logs)

    def logsf(self, at: Place) -> Floats:
        small = self.sf(at) < _UNDERFLOW
        return repaired(super().logsf(at), small, self._deep_logsf, at.z)

    def _deep_logsf(self, z: Floats) -> Floats:
        """Return log P(Z > z) with weights down to what counts so far out."""
        depth = float(np.max(z)) / self._largest + _MARGIN
        above = mixture_of(self, 2.0 ** math.ceil(math.log2(depth))).above
        with np.errstate(divide="ignore"):
            first = log_gamma_above(self._total, z)
        return np.asarray(np.logaddexp(first, self._log_sum(above, z)))

    def _log_sum(self, factors: Floats, z: Floats) -> Floats:
        """Return the logarithm of ``sum exp(factors[j]) p_j(z)``."""
        used = np.flatnonzero(factors > -np.inf)
        shapes = np.asarray(self._total + used, dtype=np.float64)
        logs = factors[used] - stirling_errors(shapes) - HALF_LOG_TWO_PI - 0.5 * np.log(shapes)
        result, order = np.full(z.shape, -np.inf), np.argsort(z)
        for i in range(0, len(z) if len(used) else 0, _ROWS):
            rows = order[i : i + _ROWS]
            kept = _columns(logs, shapes, z[rows])
            result[rows] = _log_sum_exp(logs[kept], shapes[kept], z[rows])
        return result

    # --- accuracy ---------------------------------------------------------------------------

    @property
    def condition(self) -> float:
        return 1500 + 60 * math.sqrt(self._total)

    @property
    def roundings(self) -> float:
        # Of each step of the recurrence, and of the sums over i, eight at a time.
        terms = len(mixture_of(self).weights)
        return super().roundings + terms * (10 + len(self.summands) / 8)

    # --- moments ----------------------------------------------------------------------------

    def _cumulant(self, order: int) -> float:
        """Return (n-1)! sum (alpha + n delta / 2) scale^n."""
        terms = (
            (s.shape + order * Fraction(s.noncentrality) / 2) * s.scale**order
            for s in self.summands
        )
        return rounded(math.factorial(order - 1) * sum(terms, Fraction(0)))

    def moment(self, order: int) -> float:
        return raw_from_cumulants([self._cumulant(k) for k in range(1, order + 1)])

    def central(self) -> tuple[float, float, float, float]:
        mean, variance, third, fourth = (self._cumulant(k) for k in range(1, 5))
        return mean, variance, third / variance**1.5, fourth / variance**2

    def draw(self, generator: Generator, size: Size) -> Floats:
        total = np.zeros(() if size is None else size)
        for part in self.summands:
            jumps = generator.poisson(part.noncentrality / 2, size)
            total = total + float(part.scale) * generator.standard_gamma(float(part.shape) + jumps)
        return np.asarray(total)

    def entropy(self) -> None:
        return None

    def mode(self) -> None:
        return None

    def peak(self) -> float:
        # No component is higher than the first one: gamma densities of shape >= 1 fall with it.
        if self._total < 1:
            return math.inf
        mode = np.array([self._total - 1])
        logs = -deviance(self._total, mode) if mode[0] else np.array([-1.0])
        return float(np.exp(logs[0] + 1)) if self._total < 2 else float(np.exp(logs[0]))


def _columns(logs: Floats, shapes: Floats, z: Floats) -> slice:
    """Return the terms that count for some points that are near to each other.

    Every eighth is looked at. Beyond the range of those within exp(-75) of the largest of a point,
    and eight more on each side, the terms are less than 1e-25 of the sum.
    """
    coarse = logs[::_STEP] - deviance(shapes[::_STEP], z[:, np.newaxis])
    large = coarse >= np.max(coarse, axis=1, initial=-np.inf)[:, np.newaxis] - _LEFT_OUT
    places = np.flatnonzero(large.any(axis=0))
    if not len(places):
        return slice(0, len(logs))
    return slice(max(int(places[0]) - 1, 0) * _STEP, (int(places[-1]) + 2) * _STEP)


def _log_sum_exp(logs: Floats, shapes: Floats, z: Floats) -> Floats:
    """Return the logarithm of the sum of ``exp(logs - deviance(shapes, z))`` for each z."""
    exponents = logs - deviance(shapes, z[:, np.newaxis])
    top = np.max(exponents, axis=1, initial=-np.inf)
    base = np.where(np.isfinite(top), top, 0.0)
    # One after the other, so that a value does not depend on which terms its neighbours needed.
    sums = np.cumsum(np.exp(exponents - base[:, np.newaxis]), axis=1)[:, -1]
    return np.asarray(base + np.log(sums))


@lru_cache(maxsize=64)
def mixture_of(family: GammaSum, depth: float = DEPTH) -> Mixture:
    """Return the weights down to exp(-depth), by default what counts beside 1e-300.

    The inner sums over r are recurrences of their own, so that a step costs one pass over the
    summands: U(k+1) = rho U(k) + a_k and H(k+1) = rho H(k) + U(k+1) are the sums over r of
    rho^(k-r) a_r and of (k+1-r) rho^(k-r) a_r.

    Raises
    ------
    OptionError
        If there are more than 2**18 of them.
    """
    summands = family.summands
    scale = np.array([float(s.scale) for s in summands])
    rho = np.array([float(1 - 1 / s.scale) for s in summands])
    half = np.array([s.noncentrality / 2 for s in summands])
    by_u, by_h = np.array([float(s.shape) for s in summands]) * rho, half / scale
    mean = float(np.sum((by_u + half) * scale))  # of the index; weights fall beyond
    offset = -math.fsum(half) - math.fsum(float(s.shape) * math.log(s.scale) for s in summands)
    weight, u, h = 1.0, np.zeros_like(rho), np.zeros_like(rho)
    weights, offsets = [weight], [offset]
    for k in range(1, _MOST_TERMS):
        u = rho * u + weight
        h = rho * h + u
        weight = float(np.sum(by_u * u + by_h * h)) / k
        if not 1 / _LARGE < weight < _LARGE and weight > 0:
            u, h, offset, weight = u / weight, h / weight, offset + math.log(weight), 1.0
        weights.append(weight)
        offsets.append(offset)
        if (weight == 0 or math.log(weight) + offset < -depth) and k > mean:
            return _summed(weights, offsets)
    raise OptionError(
        f"a sum of {len(summands)} gamma variables needs more than {_MOST_TERMS} terms so far out, "
        "or its shapes or noncentralities are too large: stay nearer, or take its normal limit"
    )


def _summed(weights: list[float], offsets: list[float]) -> Mixture:
    with np.errstate(divide="ignore"):
        logs = np.log(weights) + np.array(offsets)
    up_to = _running(weights, offsets)
    above = np.array([*_running(weights[::-1], offsets[::-1])[-2::-1], -math.inf])
    return Mixture(logs, np.minimum(up_to, 0.0), np.minimum(above, 0.0))


def _running(weights: list[float], offsets: list[float]) -> Floats:
    """Return the logarithms of the running sums of ``weight exp(offset)``."""
    total, base, sums = 0.0, offsets[0], []
    for weight, offset in zip(weights, offsets, strict=True):
        if offset != base:
            total, base = total * math.exp(base - offset), offset
        total += weight
        sums.append((math.log(total) if total > 0 else -math.inf) + base)
    return np.array(sums)
