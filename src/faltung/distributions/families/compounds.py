"""The positive part of a compound Poisson law of gamma claims."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
from scipy import special

from faltung.distributions.families.family import Family, Place
from faltung.distributions.families.moments import raw_from_cumulants
from faltung.distributions.families.tools import HALF_LOG_TWO_PI, deviance, stirling_errors
from faltung.distributions.numbers.rounding import Floats

_DEEPEST = 780.0  # claim counts with probabilities below exp(-780) add nothing to 1e-300
_CHUNK = 2**18
_UNDERFLOW = 1e-290


@dataclass(frozen=True)
class GammaClaims(Family):
    """The sum of N gamma variables of scale 1, N a Poisson variable given that it is not 0.

    The series over N have non-negative terms (Jørgensen, *J. R. Stat. Soc. B* 49, 1987; Dunn &
    Smyth, *Stat. Comput.* 15, 2005): both tails are sums of both incomplete gamma functions.
    """

    rate: float
    claim: float  # the shape of one

    name: ClassVar[str] = "compound Poisson-gamma"
    half_line: ClassVar[bool] = True

    @property
    def shapes(self) -> dict[str, float]:
        return {"rate": self.rate, "shape": self.claim}

    @property
    def _positive(self) -> float:
        """The probability of a claim."""
        return -math.expm1(-self.rate)

    def logpdf(self, at: Place) -> Floats:
        counts, logs = claim_counts(self.rate)
        shapes = counts * self.claim
        fixed = logs - stirling_errors(shapes) - HALF_LOG_TWO_PI + 0.5 * np.log(shapes)
        rows = max(_CHUNK // len(counts), 1)
        parts = [
            self._log_heights(fixed, shapes, at.z[i : i + rows]) for i in range(0, len(at.z), rows)
        ]
        inside = np.concatenate(parts) if parts else np.zeros(0)
        edge = logs[0] if self.claim == 1 else math.copysign(math.inf, 1 - self.claim)
        return np.where(at.z == 0, edge, inside)

    def _log_heights(self, fixed: Floats, shapes: Floats, z: Floats) -> Floats:
        exponents = fixed - deviance(shapes, z[:, np.newaxis])
        top = np.max(exponents, axis=1)
        base = np.where(np.isfinite(top), top, 0.0)
        sums = np.sum(np.exp(exponents - base[:, np.newaxis]), axis=1)
        return np.asarray(base + np.log(sums) - np.log(z))

    def cdf(self, at: Place) -> Floats:
        return self._over_counts(special.gammainc, at.z)

    def sf(self, at: Place) -> Floats:
        return self._over_counts(special.gammaincc, at.z)

    def _over_counts(self, part: np.ufunc, z: Floats) -> Floats:
        counts, logs = claim_counts(self.rate)
        shapes, weights = counts * self.claim, np.exp(logs)
        rows = max(_CHUNK // len(counts), 1)
        chunks = [z[i : i + rows, np.newaxis] for i in range(0, len(z), rows)]
        sums = [(np.asarray(part(shapes, chunk)) * weights).sum(axis=1) for chunk in chunks]
        return np.concatenate(sums) if sums else np.zeros(0)

    def logsf(self, at: Place) -> Floats:
        return np.where(self.sf(at) < _UNDERFLOW, -np.inf, super().logsf(at))

    @property
    def condition(self) -> float:
        return 1500 + 60 * math.sqrt(self.claim * (1 + self.rate))

    @property
    def roundings(self) -> float:
        counts = claim_counts(self.rate)[0]
        # The incomplete gamma functions are SciPy's, off by 10 times the shape in the tails.
        return super().roundings + 4 * len(counts) + 15 * float(counts[-1]) * self.claim

    def _raw(self, order: int) -> list[float]:
        """Return the cumulants of the law with the atom: rate times the moments of a claim."""
        return [
            self.rate * math.prod(self.claim + i for i in range(k)) for k in range(1, order + 1)
        ]

    def moment(self, order: int) -> float:
        return raw_from_cumulants(self._raw(order)) / self._positive

    def central(self) -> tuple[float, float, float, float]:
        m1, m2, m3, m4 = (self.moment(k) for k in range(1, 5))
        variance = m2 - m1 * m1
        third = m3 - 3 * m1 * m2 + 2 * m1**3
        fourth = m4 - 4 * m1 * m3 + 6 * m1 * m1 * m2 - 3 * m1**4
        return m1, variance, third / variance**1.5, fourth / variance**2 - 3

    def entropy(self) -> None:
        return None

    def mode(self) -> None:
        return None

    def peak(self) -> float:
        # A mixture of gamma densities of shape >= 1 is nowhere higher than the highest of them.
        if self.claim < 1:
            return math.inf
        shape = max(self.claim - 1, 0.0)
        return math.exp(shape * math.log(shape) - shape - math.lgamma(self.claim)) if shape else 1.0


@lru_cache(maxsize=64)
def claim_counts(rate: float) -> tuple[Floats, Floats]:
    """Return the counts 1, 2, … that matter and the logarithms of their probabilities given > 0."""
    last = int(rate + 45 * math.sqrt(rate)) + 2
    while rate - last + last * math.log(last / rate) < _DEEPEST:
        last += last // 8 + 8
    counts = np.arange(1.0, last + 1)
    logs = -stirling_errors(counts) - HALF_LOG_TWO_PI - 0.5 * np.log(counts)
    logs = logs - deviance(counts, np.asarray(rate)) - math.log(-math.expm1(-rate))
    kept = logs > -_DEEPEST
    return counts[kept], logs[kept]
