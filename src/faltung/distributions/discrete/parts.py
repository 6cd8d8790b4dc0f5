"""What a sum of independent lattice variables is made of, and what follows without building it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from faltung.distributions.discrete import moments
from faltung.distributions.discrete.lattice import Lattice
from faltung.distributions.numbers.rational import brief
from faltung.distributions.numbers.rounding import grown
from faltung.distributions.weights.exact import ExactWeights
from faltung.distributions.weights.given import Weights
from faltung.distributions.weights.sums import convolved_all
from faltung.errors import ExactnessError, OptionError

_LONGEST = 2**26
_WINDOWS, _FREQUENCIES, _PRODUCTS_PER_SECOND = 64, 150, 8e10
_PIECE, _PIECES_PER_SECOND = 400, 3e6
_LEAST_NORMAL, _SUBNORMAL = -1021, 2.0**-1073  # exp and a product round to subnormal numbers
_MOST_BITS = 2**11  # from an end: so near it is told whether a point can be reached
_INSTEAD = (
    "ask pmf, cdf, sf, logpmf, logcdf, logsf, ppf, isf, mean, var or std for what you need, which "
    "does not build it"
)


@dataclass(frozen=True, eq=False)
class Part:
    """Independent copies of one variable, `count` of them, with `weights` at multiples of `stride`."""

    weights: Weights
    stride: int
    count: int

    @property
    def last(self) -> int:
        """The largest value of all copies together."""
        return self.stride * (len(self.weights) - 1) * self.count

    @property
    def mean(self) -> Fraction:
        """The mean of one copy."""
        return moments.mean_as_fraction(self._law())

    @property
    def mean_of_kept(self) -> Fraction:
        """The mean of one copy, of the weights as they are kept."""
        if isinstance(self.weights, ExactWeights):
            return self.mean
        counts = self.weights.numbers.integers()
        first = sum(k * count for k, count in enumerate(counts))
        return self.stride * Fraction(first, sum(counts))

    @property
    def variance(self) -> Fraction:
        """The variance of one copy."""
        return moments.variance_as_fraction(self._law())

    def _law(self) -> Lattice:
        return Lattice._create(self.weights, Fraction(0), Fraction(self.stride), None)

    def reversed(self) -> Part:
        """Return the part whose variables are ``last - X``."""
        return Part(self.weights.reversed(), self.stride, self.count)

    def reached(self, k: int) -> int:
        """Return an integer whose bit i says whether all copies together can be i, i <= k."""
        places = np.flatnonzero(self.weights.positive()[: k // self.stride + 1]).tolist()
        one = sum(1 << (place * self.stride) for place in places)
        result = one
        for bit in bin(self.count)[3:]:
            result = _united(result, result, k)
            if bit == "1":
                result = _united(result, one, k)
        return result

    @property
    def climb(self) -> int:
        """How many powers of two lie between the largest weight and those at the ends, together."""
        weights = self.weights
        if isinstance(weights, ExactWeights):
            exponents = [max(weights.counts).bit_length()]
            ends = weights.counts[0].bit_length(), weights.counts[-1].bit_length()
        else:
            exponents = weights.numbers.exponents[weights.positive()].tolist()
            ends = exponents[0], exponents[-1]
        return 2 * max(exponents) - sum(ends)

    @property
    def inherited(self) -> float:
        """The relative error of the weights, after they are divided by their own sum."""
        return 2 * self.weights.relative if not isinstance(self.weights, ExactWeights) else 0.0


class Parts:
    """The independent parts of a sum, each weights once."""

    def __init__(self, parts: Iterable[Part]) -> None:
        merged: dict[tuple[int, int], Part] = {}
        for part in parts:
            key = id(part.weights), part.stride
            before = merged[key].count if key in merged else 0
            merged[key] = Part(part.weights, part.stride, before + part.count)
        self.list = tuple(merged.values())

    @property
    def exact(self) -> bool:
        """Whether all weights are exact."""
        return all(part.weights.is_exact for part in self.list)

    @cached_property
    def last(self) -> int:
        """The largest value of the sum; the smallest is 0."""
        return sum(part.last for part in self.list)

    @property
    def copies(self) -> int:
        """How many variables are added."""
        return sum(part.count for part in self.list)

    @property
    def bits(self) -> int:
        """About how many bits the common denominator of exact weights has."""
        return sum(
            part.count * part.weights.denominator.bit_length()
            for part in self.list
            if isinstance(part.weights, ExactWeights)
        )

    @cached_property
    def mean(self) -> Fraction:
        """The mean of the sum, in indices; exact for exact weights."""
        return sum((part.count * part.mean for part in self.list), Fraction(0))

    @cached_property
    def mean_of_kept(self) -> Fraction:
        """The mean of the sum to 80 digits, of the weights as they are kept."""
        return sum((part.count * part.mean_of_kept for part in self.list), Fraction(0))

    @cached_property
    def variance(self) -> Fraction:
        """The variance of the sum, in indices; exact for exact weights."""
        return sum((part.count * part.variance for part in self.list), Fraction(0))

    @cached_property
    def inherited(self) -> float:
        """The relative bound that the errors of all weights make on every probability."""
        return grown(math.fsum(part.count * math.log1p(part.inherited) for part in self.list))

    @cached_property
    def neglected(self) -> float:
        """The mass that windows leave out, all parts together."""
        return min(sum(part.count * part.weights.neglected for part in self.list), 1.0)

    @cached_property
    def underflow(self) -> float:
        """What rounding answers to float64 below 2**-1022 can change, all answers together.

        No positive probability of the sum is below the product of the least ones of its terms.
        """
        least = sum(part.count * part.weights.least_exponent for part in self.list)
        return 0.0 if least >= _LEAST_NORMAL else (self.last + 1) * _SUBNORMAL

    def reversed(self) -> Parts:
        """Return the parts of ``last - S``."""
        result = Parts(part.reversed() for part in self.list)
        if self.is_built:
            result.__dict__["whole"] = self.whole.reversed()
        return result

    def strided(self, factor: int, copies: int) -> Iterable[Part]:
        """Return the parts of `copies` sums, all places multiplied by `factor`."""
        return (Part(p.weights, p.stride * factor, p.count * copies) for p in self.list)

    def to_float(self) -> Parts:
        """Return the parts with weights in float64."""
        return Parts(Part(p.weights.to_float(), p.stride, p.count) for p in self.list)

    @cached_property
    def whole(self) -> Weights:
        """The probabilities of the whole sum: powers, then their product.

        Raises
        ------
        OptionError, ExactnessError
            If that would take minutes or gigabytes.
        """
        self.refuse_whole()
        try:
            return convolved_all([_power(part) for part in self.list])
        except (OptionError, ExactnessError) as error:
            raise type(error)(f"{error}; {_INSTEAD}") from None

    def cheaper_whole(self, asked: int) -> bool:
        """Tell whether to build the whole law takes less time than so many answers by tilting.

        By rough costs: a product of the whole law's sums; for each window, of at most 64 that the
        law has, some 150 frequencies of every weight in double-double, and for each answer of one.
        """
        if self.last >= _LONGEST:
            return False
        entries = sum(len(part.weights) for part in self.list)
        tilting = min(asked, _WINDOWS) * _FREQUENCIES * entries * 4e-8 + asked * 5e-6
        return self.seconds_to_build < tilting

    @cached_property
    def seconds_to_build(self) -> float:
        """About how long it takes to build the whole law in floating point.

        The product of the largest two sums, and where neighbours are many powers of two apart, of
        all the pieces that they are cut into: as many as the law climbs and descends by 2**400.
        """
        climb = sum(part.count * part.climb for part in self.list)
        pieces = min(climb // _PIECE, self.last)
        return self.last**2 / _PRODUCTS_PER_SECOND + pieces**2 / _PIECES_PER_SECOND

    def may_reach(self, k: int) -> bool:
        """Tell whether the sum can be k; far from both ends the answer is yes."""
        if min(k, self.last - k) > _MOST_BITS:
            return True
        if 2 * k > self.last:
            return self.reversed().may_reach(self.last - k)
        reached = 1  # bit i: the sum of the parts so far can be i
        for part in self.list:
            reached = _united(reached, part.reached(k), k)
        return bool(reached >> k & 1)

    @property
    def is_built(self) -> bool:
        """Whether `whole` is there already."""
        return "whole" in self.__dict__

    def refuse_whole(self) -> None:
        """Refuse a law that is too long, before any work is done."""
        if self.last >= _LONGEST:
            raise OptionError(
                f"the whole law has {brief(self.last + 1)} points, more than {_LONGEST:.3g}: {_INSTEAD}"
            )


def _united(a: int, b: int, k: int) -> int:
    """Return the sums up to k of one of the set bits of a and one of those of b."""
    result, shift = 0, 0
    while a:
        if a & 1:
            result |= b << shift
        a >>= 1
        shift += 1
    return result & ((1 << (k + 1)) - 1)


def _power(part: Part) -> Weights:
    weights = part.weights.power(part.count) if part.count > 1 else part.weights
    if part.stride == 1:
        return weights
    return weights.placed(np.arange(len(weights)) * part.stride)


def as_unit(index: Fraction) -> int:
    """Return a ratio of two steps, which is whole."""
    assert index.denominator == 1
    return index.numerator
