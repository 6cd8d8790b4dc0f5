"""The probabilities of a discrete law as scaled floats, with the bound on their error."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from faltung import _core
from faltung.distributions.numbers.rational import brief
from faltung.distributions.numbers.rounding import (
    ROUNDOFF,
    Floats,
    chained,
    more,
    together,
)
from faltung.distributions.weights.numbers import ScaledNumbers, too_wild_refused
from faltung.distributions.weights.scale import Scale
from faltung.errors import OptionError

MAX_PRODUCTS = 10**12  # some ten seconds of direct sums on two cores
_FEW_PRODUCTS = 2**24  # take milliseconds in double-double, and no error adds up
_MAX_EXPONENT = 2**50
_SMALLEST = 2.0**-1074
_SMALLEST_EXPONENT = -1021  # of a normal float64, with its mantissa in [1/2, 1)
_ADDITION = 2.0**-102  # of two scaled numbers, the product with the scale included
_PRODUCT = 2.0**-103  # of two scaled numbers
_ONE = Scale()


@dataclass(frozen=True, eq=False)
class ScaledWeights:
    """Probabilities ``numbers * scale``, none negative and none too small.

    The numbers have an exponent of their own each. The scale is common to all and known to more
    digits than they are: the law is that of the numbers divided by their sum. Each probability is
    within ``relative`` of the true one, relatively, but for its part of ``neglected``: the mass that
    a window leaves out. The ``estimate`` is the relative error to expect instead of the one that
    cannot be exceeded.

    Answers in float64 (`floats`, `below`, `above`) are rounded once more, and are subnormal or 0
    below 2**-1022; logarithms reach to any depth.
    """

    numbers: ScaledNumbers
    scale: Scale = _ONE
    relative: float = 0.0
    estimate: float = 0.0
    neglected: float = 0.0

    is_exact = False

    @staticmethod
    def from_floats(
        values: Floats, relative: float = 0.0, estimate: float = 0.0, neglected: float = 0.0
    ) -> ScaledWeights:
        """Return the probabilities `values`, which are kept as they are."""
        return ScaledWeights(ScaledNumbers.from_floats(values), _ONE, relative, estimate, neglected)

    def __len__(self) -> int:
        return len(self.numbers)

    @cached_property
    def probabilities(self) -> ScaledNumbers:
        """The numbers times their scale, to 103 bits."""
        return self.numbers if self.scale == _ONE else self.numbers.times(self.scale)

    @cached_property
    def floats(self) -> Floats:
        """The probabilities in float64."""
        return self.probabilities.floats()

    @cached_property
    def below(self) -> Floats:
        """Entry k is the sum of the first k probabilities, k = 0 … n."""
        return _ascending(self.sums_below.floats(), 1.0)

    @cached_property
    def above(self) -> Floats:
        """Entry k is the sum of all probabilities from the k-th on, k = 0 … n."""
        return _ascending(self.sums_above.floats()[::-1], 1.0)[::-1]

    @property
    def error_bound(self) -> float:
        """The relative bound on a probability and on a sum in `below` or `above`."""
        return chained(self.relative, self.additions, ROUNDOFF)

    @property
    def missing(self) -> float:
        """What an answer in float64 may lack: what is neglected, and digits below 2**-1022."""
        probabilities = self.probabilities
        subnormal = (probabilities.high > 0) & (probabilities.exponents < _SMALLEST_EXPONENT)
        lost = int(np.count_nonzero(subnormal)) * _SMALLEST
        return more(self.neglected, self.additions + ROUNDOFF) + lost

    @property
    def least_exponent(self) -> int:
        """An e such that no positive probability is below ``2**e``."""
        probabilities = self.probabilities
        return int(probabilities.exponents[probabilities.high > 0].min()) - 2

    @property
    def error_estimate(self) -> float:
        """The relative error to expect of a probability or of a sum."""
        return together(self.estimate, ROUNDOFF / 4)

    @cached_property
    def log_floats(self) -> Floats:
        """The logarithms of the probabilities at any depth, -inf for zeros."""
        return self.probabilities.logarithms()

    @cached_property
    def log_below(self) -> Floats:
        """The logarithms of the sums of the first k probabilities, at any depth."""
        logs = _log_of_part(self.below, self.above, self.sums_below.logarithms())
        return _ascending(logs, 0.0)

    @cached_property
    def log_above(self) -> Floats:
        """The logarithms of the sums from the k-th probability on, at any depth."""
        logs = _log_of_part(self.above, self.below, self.sums_above.logarithms())
        return _ascending(logs[::-1], 0.0)[::-1]

    @cached_property
    def sums_below(self) -> ScaledNumbers:
        """Entry k is the sum of the first k probabilities, k = 0 … n, within `additions`."""
        return self.probabilities.sums()

    @cached_property
    def sums_above(self) -> ScaledNumbers:
        """Entry k is the sum of all from the k-th on, k = 0 … n, within `additions`."""
        return self.probabilities.sums(backwards=True)

    @property
    def additions(self) -> float:
        """What sums from the ends and the scale add to the relative error."""
        return len(self) * _ADDITION

    def reversed(self) -> ScaledWeights:
        """Return the probabilities in reverse order."""
        return replace(self, numbers=self.numbers.at(slice(None, None, -1)))

    def placed(self, places: NDArray[np.int64]) -> ScaledWeights:
        """Return the probabilities at ascending `places`, the first of them 0, zeros between."""
        return replace(self, numbers=self.numbers.placed(places, int(places[-1]) + 1))

    def fractions(self) -> list[Fraction]:
        """Return the numbers times their scale, as they are kept."""
        factor = self.scale.fraction()
        return [factor * number for number in self.numbers.fractions()]

    def positive(self) -> NDArray[np.bool_]:
        """Tell for each probability whether it is positive."""
        return self.numbers.high > 0

    def chosen(self, indices: NDArray[np.intp]) -> ScaledWeights:
        """Return the probabilities at `indices`."""
        return replace(self, numbers=self.numbers.at(indices))

    def grouped(self, groups: NDArray[np.int64], count: int) -> ScaledWeights:
        """Return the sums of the probabilities that share a group number."""
        additions = int(np.bincount(groups).max()) - 1
        if additions == 0:
            return replace(self, numbers=self.numbers.placed(groups, count))
        bound = additions * _ADDITION
        return ScaledWeights(
            self.numbers.grouped(groups, count),
            self.scale,
            chained(self.relative, bound),
            together(self.estimate, math.sqrt(additions) * _ADDITION / 8),
            more(self.neglected, bound),
        )

    def to_float(self) -> ScaledWeights:
        """Return these weights themselves."""
        return self

    def products(self, other: ScaledWeights) -> ScaledWeights:
        """Return each product of a probability of this and one of the other, row by row."""
        numbers = self.numbers.products(other.numbers)
        return self._product(other, numbers, _PRODUCT, _PRODUCT / 8)

    def convolved(self, other: ScaledWeights) -> ScaledWeights:
        """Return the probabilities of the sum, by direct sums of non-negative products.

        Every partial sum is non-negative, so that roundings are relative to the entry, however
        small it is (Higham 2002, section 4.2): docs/mathematics/laws-lattice.md.
        """
        refuse_work(len(self) * len(other))
        precise = len(self) * len(other) <= _FEW_PRODUCTS
        with too_wild_refused():
            parts, bound, estimate = _core.scaled_convolve(
                *self.numbers.parts, *other.numbers.parts, precise=precise, threads=0
            )
        return self._product(other, ScaledNumbers(*parts), bound, estimate)

    def refuse_square(self, length: int, n: int) -> None:  # noqa: ARG002
        """Refuse to add two sums of `n` copies each, of `length` entries, if that is too long.

        Raises
        ------
        OptionError
            Beyond 10**12 products.
        """
        refuse_work(length**2)

    def power(self, n: int) -> ScaledWeights:
        """Return the probabilities of the sum of `n` >= 1 independent copies, by squaring."""
        refuse_work((n * (len(self) - 1) + 1) ** 2 // 4)
        refuse_depth(self.numbers, n)
        numbers, bound, estimate = self.numbers.power(n)
        scale = self.scale.power(n)
        relative = chained(_copied(self.relative, n), bound, scale.relative)
        missing = _copied(self.neglected, n)
        guess = together(n * self.estimate, estimate)
        return ScaledWeights(numbers, scale, relative, guess, more(missing, relative))

    def _product(
        self, other: ScaledWeights, numbers: ScaledNumbers, rounding: float, guess: float
    ) -> ScaledWeights:
        scale = self.scale.times(other.scale)
        relative = chained(self.relative, other.relative, rounding, _gained(scale, self, other))
        same = self is other  # then both errors are the same error, twice
        operands = 2 * self.estimate if same else together(self.estimate, other.estimate)
        missing = self.neglected + other.neglected + self.neglected * other.neglected
        return ScaledWeights(
            numbers, scale, relative, together(operands, guess), more(missing, relative)
        )


def refuse_work(products: int) -> None:
    """Refuse a convolution that would take more than a minute, before it is begun.

    Raises
    ------
    OptionError
        Beyond 10**12 products.
    """
    if products > MAX_PRODUCTS:
        raise OptionError(
            f"this sum takes {brief(products)} products, more than {brief(MAX_PRODUCTS)}: use fewer "
            "terms, shorter laws or a coarser step"
        )


def refuse_depth(numbers: ScaledNumbers, n: int) -> None:
    """Refuse a product of `n` factors whose exponent is beyond 2**50.

    Raises
    ------
    OptionError
        If it is.
    """
    deepest = int(np.abs(numbers.exponents).max()) * n
    if deepest > _MAX_EXPONENT:
        raise OptionError(
            f"a product of {brief(n)} such weights is 2**-{brief(deepest)}: use fewer terms, or give "
            "weights of a size nearer to 1"
        )


def _ascending(values: Floats, top: float) -> Floats:
    """Return values that ascend but for roundings, without descents, up to `top` as the last."""
    ascending: Floats = np.minimum(np.maximum.accumulate(values), top)
    ascending[-1] = top
    return ascending


def _log_of_part(part: Floats, rest: Floats, logarithms: Floats) -> Floats:
    """Return log(part) for two parts of 1: above 1/2, where it has no digits, from the rest."""
    return np.where(part > 0.5, np.log1p(-np.minimum(rest, 0.5)), logarithms)


def _copied(error: float, n: int) -> float:
    """Return ``(1 + error)**n - 1``, rounded upwards; no error stays none."""
    return float(np.expm1(n * np.log1p(error))) * (1 + 8 * ROUNDOFF) if error else 0.0


def _gained(scale: Scale, *factors: ScaledWeights) -> float:
    """Return what the scale of a product lost beyond what those of the factors have lost."""
    return max(scale.relative - sum(factor.scale.relative for factor in factors), 0.0)
