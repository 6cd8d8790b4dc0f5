"""Exact probabilities and tails of a sum, from the nearer end and no farther than asked."""

from __future__ import annotations

from functools import cached_property, reduce
from itertools import accumulate
from math import prod

from faltung.distributions.discrete.parts import Part, Parts
from faltung.distributions.numbers import integers
from faltung.distributions.numbers.powers import power_head
from faltung.distributions.numbers.rational import brief
from faltung.distributions.weights.exact import ExactWeights
from faltung.errors import ExactnessError

_MOST_BITS = 2**25  # of a denominator: some seconds


class Head:
    """The first counts of a sum of exact parts, as many as were needed so far."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._counts: list[int] = []
        self._sums: list[int] = []

    def count(self, k: int) -> int:
        """Return the count at index k >= 0.

        Raises
        ------
        ExactnessError
            If the counts up to there would take minutes or gigabytes.
        """
        self._reach(k)
        return self._counts[k]

    def count_up_to(self, k: int) -> int:
        """Return the sum of the counts up to index k."""
        if k < 0:
            return 0
        self._reach(k)
        return self._sums[k]

    def _reach(self, k: int) -> None:
        if k < len(self._counts):
            return
        try:  # twice as far as before, lest questions in a row begin anew each time
            counts = self._first(max(k + 1, 2 * len(self._counts)))
        except ExactnessError:
            counts = self._first(k + 1)
        self._counts = counts
        self._sums = list(accumulate(counts))

    def _first(self, length: int) -> list[int]:
        length = min(length, self._parts.last + 1)
        heads = [_head_of(part, length) for part in self._parts.list]
        counts = reduce(lambda a, b: integers.convolve(a, b)[:length], heads)
        return counts + [0] * (length - len(counts))


class ExactTails:
    """Counts over a common denominator: P(S = k), P(S <= k) and P(S >= k), exactly."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._last = parts.last
        self._front, self._back = Head(parts), Head(parts.reversed())

    @cached_property
    def denominator(self) -> int:
        """What the counts are divided by.

        Raises
        ------
        ExactnessError
            If it has more than 2**25 bits.
        """
        if self._parts.bits > _MOST_BITS:
            raise ExactnessError(
                f"an exact probability would have a denominator of {brief(self._parts.bits)} bits, more "
                f"than {_MOST_BITS:.3g}: leave exact=True out, or take the logarithm"
            )
        return prod(_exact(part).denominator ** part.count for part in self._parts.list)

    def single(self, k: int) -> int:
        """Return the count at any k."""
        if not 0 <= k <= self._last:
            return 0
        near = 2 * k <= self._last
        return self._front.count(k) if near else self._back.count(self._last - k)

    def lower(self, k: int) -> int:
        """Return the counts up to k together, as integers from whichever end is nearer."""
        if k >= self._last:
            return self.denominator
        if 2 * k <= self._last:
            return self._front.count_up_to(k)
        return self.denominator - self._back.count_up_to(self._last - k - 1)

    def upper(self, k: int) -> int:
        """Return the counts from k on together."""
        return self.denominator - self.lower(k - 1)


def _exact(part: Part) -> ExactWeights:
    assert isinstance(part.weights, ExactWeights)
    return part.weights


def _head_of(part: Part, length: int) -> list[int]:
    """Return the first `length` counts of one part, zeros between its strides."""
    needed = -(-length // part.stride)
    given = _exact(part).counts
    short = power_head(given, part.count, needed) if part.count > 1 else given[:needed]
    if part.stride == 1:
        return short
    counts = [0] * ((len(short) - 1) * part.stride + 1)
    counts[:: part.stride] = short
    return counts
