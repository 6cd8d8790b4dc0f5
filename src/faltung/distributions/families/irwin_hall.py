"""The law of the sum of n uniform variables, by B-splines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from faltung.distributions.families.family import Family, Generator, Place, Size
from faltung.distributions.numbers.rational import Integers, rounded
from faltung.distributions.numbers.rounding import Floats

MOST_UNIFORMS = 1000
# So many steps, with weights of 2^-10 or more, leave a row far from every underflow.
_RESCALED, _MOST_BITS = 16, 10
_ROOM = 2**16  # values at once, as fit into a cache
_LOG_TWO = math.log(2)


@dataclass(frozen=True)
class IrwinHall(Family):
    """The sum of n uniform variables on [0, 1].

    The density is the cardinal B-spline M_n. With z = t + j, 0 <= t < 1, de Boor's recurrence

        (k - 1) M_k(t + j) = (t + j) M_(k-1)(t + j) + (k - t - j) M_(k-1)(t + j - 1)

    has non-negative terms alone (C. de Boor, *J. Approx. Theory* 6, 1972; M. Cox, *J. Inst. Math.
    Appl.* 10, 1972), and so has F(z) = M_(n+1)(t) + … + M_(n+1)(t + j). The alternating sum of
    powers that defines the law loses every digit beyond n = 30. Each half is measured from its own
    end.
    """

    n: int

    name: ClassVar[str] = "irwinhall"
    half_line: ClassVar[bool] = True

    @property
    def shapes(self) -> dict[str, float]:
        return {"n": self.n}

    @property
    def high(self) -> Fraction | float:
        return Fraction(self.n)

    # --- probabilities ----------------------------------------------------------------------

    def logpdf(self, at: Place) -> Floats:
        return self._log_spline(np.minimum(at.z, at.rest), self.n, summed=False)

    def cdf(self, at: Place) -> Floats:
        return self._side(at.z, at.rest)

    def sf(self, at: Place) -> Floats:
        return self._side(at.rest, at.z)

    def logcdf(self, at: Place) -> Floats:
        return self._log_side(at.z, at.rest)

    def logsf(self, at: Place) -> Floats:
        return self._log_side(at.rest, at.z)

    def _side(self, own: Floats, other: Floats) -> Floats:
        """Return the mass within `own` of an end, `other` from the other one."""
        tail = np.exp(self._log_spline(np.minimum(own, other), self.n + 1, summed=True))
        return np.select(
            [own < other, own > other], [tail, 1 - tail], np.where(own == other, 0.5, np.nan)
        )

    def _log_side(self, own: Floats, other: Floats) -> Floats:
        logs = self._log_spline(np.minimum(own, other), self.n + 1, summed=True)
        return np.where(own <= other, logs, np.log1p(-np.exp(logs)))

    def _log_spline(self, z: Floats, order: int, *, summed: bool) -> Floats:
        """Return log M_order(z), or of the sum of it at z, z - 1, …, for z in the lower half."""
        result = np.full_like(z, np.nan)  # as it is at NaN
        first = z < 1  # a single power, which may be below every float
        power = np.log(z[first]) * (order - 1) if order > 1 else np.zeros(first.sum())
        result[first] = power - math.lgamma(order)
        rows = max(_ROOM // (self.n // 2 + 2), 1)
        places = np.flatnonzero(z >= 1)
        for i in range(0, len(places), rows):
            chosen = places[i : i + rows]
            result[chosen] = _log_splines(z[chosen], order, summed=summed)
        return result

    # --- accuracy ---------------------------------------------------------------------------

    @property
    def condition(self) -> float:
        # z f / F is at most n; in the bulk it is 38 standard deviations' z / std, sqrt(12 n) / 2.
        return min(2.0 * self.n, 100 * math.sqrt(self.n)) + 2

    @property
    def roundings(self) -> float:
        return super().roundings + 1500 + 6 * self.n

    # --- moments ----------------------------------------------------------------------------

    def moment(self, order: int) -> float:
        """Return the moment from the power ((e^t - 1) / t)^n, exactly.

        The coefficients of a power by J. C. P. Miller's recurrence (Knuth, *The Art of Computer
        Programming*, vol. 2, section 4.7, equation (9)).
        """
        base = [Fraction(1, math.factorial(i + 1)) for i in range(order + 1)]
        power = [Fraction(1)]
        for k in range(1, order + 1):
            terms = (((self.n + 1) * j - k) * base[j] * power[k - j] for j in range(1, k + 1))
            power.append(sum(terms, Fraction(0)) / k)
        return rounded(math.factorial(order) * power[order])

    def mean(self) -> Fraction | float:
        return Fraction(self.n, 2)

    def central(self) -> tuple[float, float, float, float]:
        return self.n / 2, self.n / 12, 0.0, -1.2 / self.n

    def draw(self, generator: Generator, size: Size) -> Floats:
        total = np.zeros(() if size is None else size)
        for _ in range(self.n):
            total = total + generator.random(size)
        return np.asarray(total)

    def entropy(self) -> None:
        return None

    def mode(self) -> float:
        return self.n / 2


def _log_splines(z: Floats, order: int, *, summed: bool) -> Floats:
    """Return log M_order(z) by the recurrence, for z >= 1 in the lower half of the support.

    The recurrence is a Markov chain: a step stays at j with the probability (t + j) / (k - 1) or
    goes on to j + 1, and M_k(t + j) is where it is after k - 1 of them. What leads to a value far
    below the mean is far below the other values all the way, so each j is weighted by 2^(-bj), with
    b from the saddle point of z: then it is among the largest of its row. Powers of two are exact.
    """
    whole = np.floor(z)[:, np.newaxis]
    t, last = z[:, np.newaxis] - whole, whole[:, 0].astype(np.int64)
    bits = _tilting_bits(z / order)
    weight = np.ldexp(1.0, -bits)[:, np.newaxis]
    j = np.arange(int(last.max()) + 1, dtype=np.float64)
    own = j <= whole
    left, right = t + j, 1 - t  # k - t - j = (k - 1 - j) + (1 - t)
    values = np.zeros((len(z), len(j)))
    values[:, 0] = 1.0  # M_1 on its piece
    scale = np.zeros(len(z), dtype=np.int64)
    for k in range(2, order + 1):
        high = min(k, len(j))  # M_k is 0 from j = k on
        weighted = (k - 1 - j[1:high] + right) * values[:, : high - 1] * weight
        values[:, :high] *= left[:, :high]
        values[:, 1:high] += weighted
        values[:, :high] /= k - 1
        if k % _RESCALED == 0:
            values *= own
            exponents = np.frexp(values.max(axis=1))[1].astype(np.int64)
            values = np.ldexp(values, -exponents[:, np.newaxis])
            scale += exponents
    if summed:
        back = bits[:, np.newaxis] * np.minimum(j - whole, 0).astype(np.int64)
        values = np.ldexp(values * own, back)
        # One after the other: a sum by pairs would depend on how wide the other rows are.
        values = np.cumsum(values, axis=1)
    heights = values[np.arange(len(z)), last]
    return np.asarray(np.log(heights) + (scale + bits * last) * _LOG_TWO)


def _tilting_bits(mean: Floats) -> Integers:
    """Return -s / log 2, rounded, where e^(s x) on [0, 1] has a mean in [0, 1/2].

    Langevin's function is inverted as by A. Cohen (*Rheologica Acta* 30, 1991), to 5 %.
    """
    y = 1 - 2 * mean
    return np.minimum(np.rint(2 * y * (3 - y * y) / (1 - y * y) / _LOG_TWO), _MOST_BITS).astype(
        np.int64
    )
