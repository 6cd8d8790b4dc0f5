"""The probabilities of a discrete law as integers over a common denominator."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from faltung.distributions.numbers import integers as exact
from faltung.distributions.numbers.powers import power
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats, chained, underflow
from faltung.distributions.weights.numbers import LOG_TWO, ScaledNumbers
from faltung.distributions.weights.scale import Scale
from faltung.distributions.weights.scaled import ScaledWeights
from faltung.errors import OptionError

_FLOAT_BITS = 53
_ROUNDED = 2.0**-104  # to 106 bits, and once more where the low part is rounded


@dataclass(frozen=True, eq=False)
class ExactWeights:
    """Probabilities ``counts[k] / denominator``; the counts are non-negative and sum to it."""

    counts: list[int]
    denominator: int

    is_exact = True

    def __len__(self) -> int:
        return len(self.counts)

    @cached_property
    def floats(self) -> Floats:
        """The probabilities, each rounded once to float64."""
        return self._rounded(self.counts)

    @cached_property
    def counts_below(self) -> list[int]:
        """Entry k is the sum of the first k counts, k = 0 … n."""
        return list(accumulate(self.counts, initial=0))

    @cached_property
    def counts_above(self) -> list[int]:
        """Entry k is the sum of all counts from the k-th on, k = 0 … n."""
        return list(accumulate(reversed(self.counts), initial=0))[::-1]

    @cached_property
    def below(self) -> Floats:
        """Entry k is the sum of the first k probabilities, rounded once, k = 0 … n."""
        return self._rounded(self.counts_below)

    @cached_property
    def above(self) -> Floats:
        """Entry k is the sum of all probabilities from the k-th on, rounded once, k = 0 … n."""
        return self._rounded(self.counts_above)

    @cached_property
    def log_floats(self) -> Floats:
        """The logarithms of the probabilities at any depth, -inf for zeros."""
        return self._logs(self.counts)

    @cached_property
    def log_below(self) -> Floats:
        """The logarithms of the sums of the first k probabilities, at any depth."""
        return self._logs(self.counts_below)

    @cached_property
    def log_above(self) -> Floats:
        """The logarithms of the sums from the k-th probability on, at any depth."""
        return self._logs(self.counts_above)

    @property
    def error_bound(self) -> float:
        """The relative bound on an answer in float64; the exact answer has no error."""
        return ROUNDOFF

    @property
    def error_estimate(self) -> float:
        """The relative error to expect of an answer in float64."""
        return ROUNDOFF / 4

    @cached_property
    def neglected(self) -> float:
        """What rounding answers to float64 below 2**-1022 can change, all entries together."""
        least = min(count for count in self.counts if count) / self.denominator
        return underflow(len(self), least)

    @property
    def missing(self) -> float:
        """What an answer in float64 may lack: sums are exact before they are rounded."""
        return self.neglected

    @property
    def least_exponent(self) -> int:
        """An e such that no positive probability is below ``2**e``."""
        least = min(count for count in self.counts if count)
        return least.bit_length() - 1 - self.denominator.bit_length()

    def fractions(self) -> list[Fraction]:
        """Return the probabilities as fractions."""
        return [Fraction(count, self.denominator) for count in self.counts]

    def reversed(self) -> ExactWeights:
        """Return the probabilities in reverse order."""
        return ExactWeights(self.counts[::-1], self.denominator)

    def placed(self, places: NDArray[np.int64]) -> ExactWeights:
        """Return the probabilities at ascending `places`, the first of them 0, zeros between."""
        counts = [0] * (int(places[-1]) + 1)
        for place, count in zip(places.tolist(), self.counts, strict=True):
            counts[place] = count
        return ExactWeights(counts, self.denominator)

    def positive(self) -> NDArray[np.bool_]:
        """Tell for each probability whether it is positive."""
        return np.array([count > 0 for count in self.counts])

    def chosen(self, indices: NDArray[np.intp]) -> ExactWeights:
        """Return the probabilities at `indices`."""
        return ExactWeights([self.counts[i] for i in indices.tolist()], self.denominator)

    def grouped(self, groups: NDArray[np.int64], count: int) -> ExactWeights:
        """Return the sums of the probabilities that share a group number."""
        counts = [0] * count
        for group, entry in zip(groups.tolist(), self.counts, strict=True):
            counts[group] += entry
        return ExactWeights(counts, self.denominator)

    def to_float(self) -> ScaledWeights:
        """Return the probabilities as scaled floats: counts and denominator, to 106 bits."""
        exact = max(self.counts).bit_length() <= _FLOAT_BITS
        relative = 0.0 if exact else _ROUNDED
        divisor = Scale(self.denominator).reciprocal()
        return ScaledWeights(
            ScaledNumbers.from_integers(self.counts),
            divisor,
            chained(relative, divisor.relative),
            relative,
        )

    def products(self, other: ExactWeights) -> ExactWeights:
        """Return each product of a probability of this and one of the other, row by row."""
        counts = [a * b for a in self.counts for b in other.counts]
        return ExactWeights(counts, self.denominator * other.denominator)

    def convolved(self, other: ExactWeights) -> ExactWeights:
        """Return the probabilities of the sum, exactly."""
        counts = exact.convolve(self.counts, other.counts)
        return ExactWeights(counts, self.denominator * other.denominator)

    def refuse_square(self, length: int, n: int) -> None:
        """Refuse to add two sums of `n` copies each, of `length` entries, if that is too long.

        Raises
        ------
        ExactnessError
            If the exact product would take minutes or gigabytes.
        """
        exact.refuse_product(2 * length * 2 * n * (self.denominator.bit_length() - 1))

    def power(self, n: int) -> ExactWeights:
        """Return the probabilities of the sum of `n` >= 1 independent copies, exactly."""
        return ExactWeights(power(self.counts, n), self.denominator**n)

    def _rounded(self, counts: list[int]) -> Floats:
        # Python divides integers of any size to the nearest float.
        return np.array([count / self.denominator for count in counts], dtype=np.float64)

    def _logs(self, counts: list[int]) -> Floats:
        return np.array([log_ratio(count, self.denominator) for count in counts])


def inexact() -> OptionError:
    """Return the error for a question that only exact weights can answer."""
    return OptionError(
        "exact=True needs exact weights, and this law has floats: give ints or Fractions, or leave "
        "exact=True out"
    )


def log_ratio(numerator: int, denominator: int) -> float:
    """Return the logarithm of a ratio in [0, 1] of integers of any size.

    Examples
    --------
    >>> round(log_ratio(1, 10**400), 9), log_ratio(10**30 - 1, 10**30)
    (-921.034037198, -1e-30)
    """
    if numerator == 0:
        return -math.inf
    if 2 * numerator > denominator:
        return math.log1p(-((denominator - numerator) / denominator))
    quotient = numerator / denominator
    if quotient > 1e-300:
        return math.log(quotient)
    # Both logarithms may be huge beside their difference: a power of two is taken out instead.
    shift = denominator.bit_length() - numerator.bit_length()
    rest = math.log((numerator << shift) / denominator)
    return -shift * LOG_TWO[0] + (rest - shift * LOG_TWO[1])
