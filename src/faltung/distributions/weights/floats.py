"""The probabilities of a discrete law in float64, with the bound on their error."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.bounds import direct_factor
from faltung.arrays.convolve import convolve as convolve_arrays
from faltung.distributions.numbers.rational import brief
from faltung.distributions.numbers.rounding import (
    ROUNDOFF,
    Floats,
    chained,
    gamma,
    likely,
    log_of_part,
    more,
    prefix_length,
    prefix_sums,
    smallest_positive,
    together,
    underflow,
)
from faltung.errors import OptionError

MAX_PRODUCTS = 10**12  # one or two minutes of direct sums on one core


@dataclass(frozen=True, eq=False)
class FloatWeights:
    """Probabilities in float64, none negative.

    Each is within ``relative`` of the true one, relatively, but for its part of ``neglected``: the
    mass that a window leaves out and what underflow may have taken, all entries together. The
    ``estimate`` is the relative error to expect instead of the one that cannot be exceeded.
    """

    floats: Floats
    relative: float = 0.0
    estimate: float = 0.0
    neglected: float = 0.0

    is_exact = False

    def __len__(self) -> int:
        return len(self.floats)

    @cached_property
    def below(self) -> Floats:
        """Entry k is the sum of the first k probabilities, k = 0 … n."""
        sums = np.minimum(prefix_sums(self.floats), 1.0)
        sums[-1] = 1.0
        return sums

    @cached_property
    def above(self) -> Floats:
        """Entry k is the sum of all probabilities from the k-th on, k = 0 … n."""
        sums = np.minimum(prefix_sums(self.floats[::-1])[::-1], 1.0)
        sums[0] = 1.0
        return sums

    @property
    def error_bound(self) -> float:
        """The relative bound on a probability and on a sum in `below` or `above`."""
        return chained(self.relative, gamma(prefix_length(len(self))))

    @property
    def missing(self) -> float:
        """What a sum in `below` or `above` may lack: sums round what is neglected too."""
        return more(self.neglected, gamma(prefix_length(len(self))))

    @property
    def error_estimate(self) -> float:
        """The relative error to expect of a probability or of a sum."""
        return together(self.estimate, likely(prefix_length(len(self))))

    @cached_property
    def log_floats(self) -> Floats:
        """The logarithms of the probabilities, -inf for zeros."""
        with np.errstate(divide="ignore"):
            return np.log(self.floats)

    @cached_property
    def log_below(self) -> Floats:
        """The logarithms of `below`."""
        return log_of_part(self.below, self.above)

    @cached_property
    def log_above(self) -> Floats:
        """The logarithms of `above`."""
        return log_of_part(self.above, self.below)

    def reversed(self) -> FloatWeights:
        """Return the probabilities in reverse order."""
        return self._with(self.floats[::-1])

    def placed(self, places: NDArray[np.int64]) -> FloatWeights:
        """Return the probabilities at ascending `places`, the first of them 0, zeros between."""
        values = np.zeros(int(places[-1]) + 1)
        values[places] = self.floats
        return self._with(values)

    def positive(self) -> NDArray[np.bool_]:
        """Tell for each probability whether it is positive."""
        return self.floats > 0

    def chosen(self, indices: NDArray[np.intp]) -> FloatWeights:
        """Return the probabilities at `indices`."""
        return self._with(self.floats[indices])

    def grouped(self, groups: NDArray[np.int64], count: int) -> FloatWeights:
        """Return the sums of the probabilities that share a group number."""
        values: Floats = np.bincount(groups, self.floats, count).astype(np.float64)
        additions = int(np.bincount(groups).max()) - 1
        return FloatWeights(
            values,
            chained(self.relative, gamma(additions)),
            together(self.estimate, likely(additions)),
            more(self.neglected, gamma(additions)),
        )

    def to_float(self) -> FloatWeights:
        """Return these weights themselves."""
        return self

    def products(self, other: FloatWeights) -> FloatWeights:
        """Return each product of a probability of this and one of the other, row by row."""
        values = np.multiply.outer(self.floats, other.floats).ravel()
        return self._product(other, values, ROUNDOFF, ROUNDOFF)

    def convolved(self, other: FloatWeights) -> FloatWeights:
        """Return the probabilities of the sum, by direct sums of non-negative products.

        Every partial sum is non-negative, so an entry of k products is within ``gamma(k)`` of the
        exact sum, relatively, however small it is (Higham 2002, section 4.2).
        """
        long, short = (self, other) if len(self) >= len(other) else (other, self)
        refuse_work(len(long) * len(short))
        values = convolve_arrays(long.floats, short.floats, method="direct")
        rounding = direct_factor(len(short), values.dtype)
        return self._product(other, values, rounding, likely(len(short)))

    def refuse_square(self, length: int, n: int) -> None:  # noqa: ARG002
        """Refuse to add two sums of `n` copies each, of `length` entries, if that is too long.

        Raises
        ------
        OptionError
            Beyond 10**12 products.
        """
        refuse_work(length**2)

    def power(self, n: int) -> FloatWeights:
        """Return the probabilities of the sum of `n` >= 1 independent copies, by squaring."""
        refuse_work(max(n, (n * (len(self) - 1) + 1) ** 2 // 4))
        result = self
        for bit in bin(n)[3:]:
            result = result.convolved(result)
            if bit == "1":
                result = result.convolved(self)
        return result

    def _with(self, values: Floats) -> FloatWeights:
        return FloatWeights(values, self.relative, self.estimate, self.neglected)

    def _product(
        self, other: FloatWeights, values: Floats, rounding: float, guess: float
    ) -> FloatWeights:
        lost = underflow(
            len(self) * len(other), smallest_positive(self.floats) * smallest_positive(other.floats)
        )
        relative = chained(self.relative, other.relative, rounding)
        same = self is other  # then both errors are the same error, twice
        operands = 2 * self.estimate if same else together(self.estimate, other.estimate)
        missing = self.neglected + other.neglected + self.neglected * other.neglected
        return FloatWeights(
            values, relative, together(operands, guess), more(missing, relative) + lost
        )


def refuse_work(products: int) -> None:
    """Refuse a convolution that would take more than minutes, before it is begun.

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
