"""Non-negative numbers with a binary exponent of their own each: none underflows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from faltung import _core
from faltung.distributions.numbers.rounding import Floats
from faltung.distributions.weights.scale import Scale
from faltung.errors import OptionError

Exponents: TypeAlias = NDArray[np.int64]

_NO_LOW = np.zeros(0)
_LOWEST = -2200  # mantissas with such an exponent are 0 in float64, beside others or alone
_FLOAT_BITS, _DIGITS = 53, 106
_DEEPEST = 300
# log(2) in two parts: the first has 32 trailing zeros, so its products with exponents are exact
LOG_TWO = (float.fromhex("0x1.62e42ffp-1"), float.fromhex("-0x1.718432a1b0e26p-35"))


@contextmanager
def too_wild_refused() -> Iterator[None]:
    """Raise an OptionError where the core refuses numbers that would take too long."""
    try:
        yield
    except ValueError as error:
        raise OptionError(str(error)) from None


@dataclass(frozen=True, eq=False)
class ScaledNumbers:
    """Numbers ``(high + low) * 2**exponents``; `high` is 0 or in [1/2, 1), `low` may be empty."""

    high: Floats
    low: Floats
    exponents: Exponents

    @staticmethod
    def from_floats(values: Floats, low: Floats | None = None) -> ScaledNumbers:
        """Return finite floats >= 0, plus low parts of at most half a unit of each."""
        high, exponents = np.frexp(np.ascontiguousarray(values, dtype=np.float64))
        lows = _NO_LOW if low is None else np.ldexp(low, -exponents)
        return ScaledNumbers(high, lows, exponents.astype(np.int64))

    @staticmethod
    def from_integers(counts: Sequence[int]) -> ScaledNumbers:
        """Return integers >= 0 of any size, to 106 bits."""
        exponents = [count.bit_length() for count in counts]
        tops = [
            count if e <= _DIGITS else count >> (e - _DIGITS) << (e - _DIGITS)
            for count, e in zip(counts, exponents, strict=True)
        ]
        # Python divides integers of any size to the nearest float.
        high = [top / (1 << e) for top, e in zip(tops, exponents, strict=True)]
        low = [
            ((top << 53) - int(math.ldexp(h, 53)) * (1 << e)) / (1 << (e + 53))
            for top, h, e in zip(tops, high, exponents, strict=True)
        ]
        carried = np.array(high) == 1.0  # rounded up to the next power of two
        shift = carried.astype(np.int64)
        return ScaledNumbers(
            np.ldexp(np.array(high), -shift),
            np.ldexp(np.array(low), -shift),
            np.array(exponents, dtype=np.int64) + shift,
        )

    def integers(self) -> list[int]:
        """Return integers in proportion to the numbers, to 106 bits and as far as 2**-300."""
        high, low, exponents = self._dense()
        whole = np.ldexp(high, _FLOAT_BITS).astype(np.int64).tolist()
        rest = np.ldexp(low, _DIGITS).astype(np.int64).tolist()
        shifts = (exponents - exponents[high > 0].max() + _DEEPEST).tolist()
        return [
            ((a << _FLOAT_BITS) + b) << s if s >= 0 else 0
            for a, b, s in zip(whole, rest, shifts, strict=True)
        ]

    @staticmethod
    def from_logs(logarithms: Floats) -> ScaledNumbers:
        """Return exp of numbers that are at most 2**50 in size, or -inf."""
        return ScaledNumbers(*_core.scaled_exponentials(np.ascontiguousarray(logarithms)))

    @staticmethod
    def joined(vectors: Sequence[ScaledNumbers]) -> ScaledNumbers:
        """Return the numbers of all, one after the other."""
        dense = [each._dense() for each in vectors]
        return ScaledNumbers(*(np.concatenate(parts) for parts in zip(*dense, strict=True)))

    def fractions(self) -> list[Fraction]:
        """Return the numbers exactly."""
        rows = zip(*(part.tolist() for part in self._dense()), strict=True)
        return [(Fraction(h) + Fraction(low)) * Fraction(2) ** e for h, low, e in rows]

    @property
    def parts(self) -> tuple[Floats, Floats, Exponents]:
        """The three arrays."""
        return self.high, self.low, self.exponents

    def __len__(self) -> int:
        return len(self.high)

    def floats(self) -> Floats:
        """Return the numbers in float64, each rounded once, or twice below 2**-1022."""
        exponents = np.maximum(self.exponents, _LOWEST).astype(np.int32)
        return np.asarray(np.ldexp(self.high, exponents), dtype=np.float64)

    def logarithms(self) -> Floats:
        """Return the natural logarithms, -inf for zeros, within two units of the last place."""
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(self.high)
            if len(self.low):
                logs += np.where(self.high > 0, self.low / self.high, 0.0)
        exponents = self.exponents.astype(np.float64)
        return exponents * LOG_TWO[0] + (exponents * LOG_TWO[1] + logs)

    def times(self, scale: Scale) -> ScaledNumbers:
        """Return the numbers times a factor."""
        return ScaledNumbers(*_core.scaled_multiply(*self.parts, *scale.parts()))

    def sums(self, *, backwards: bool = False) -> ScaledNumbers:
        """Return the sums of the first 0, 1, … n numbers; backwards, of those from each k on."""
        return ScaledNumbers(*_core.scaled_prefix_sums(*self.parts, backwards))

    def total(self) -> Scale:
        """Return the sum, rounded to 106 bits."""
        sums = self.sums()
        return Scale.from_parts(float(sums.high[-1]), float(sums.low[-1]), int(sums.exponents[-1]))

    def at(self, indices: NDArray[np.intp] | slice) -> ScaledNumbers:
        """Return the numbers at `indices`."""
        high, low, exponents = self._dense()
        return ScaledNumbers(
            np.ascontiguousarray(high[indices]),
            np.ascontiguousarray(low[indices]),
            np.ascontiguousarray(exponents[indices]),
        )

    def placed(self, places: NDArray[np.int64], length: int) -> ScaledNumbers:
        """Return the numbers at distinct `places` among `length`, and zeros."""
        high, low, exponents = np.zeros(length), np.zeros(length), np.zeros(length, dtype=np.int64)
        high[places], low[places], exponents[places] = self._dense()
        return ScaledNumbers(high, low, exponents)

    def grouped(self, groups: NDArray[np.int64], count: int) -> ScaledNumbers:
        """Return the sums of those that share a group number."""
        parts = _core.scaled_groups(self.parts, np.ascontiguousarray(groups, np.int64), count)
        return ScaledNumbers(*parts)

    def products(self, other: ScaledNumbers) -> ScaledNumbers:
        """Return each product of a number of this and one of the other, row by row."""
        return ScaledNumbers(*_core.scaled_outer_products(self.parts, other.parts))

    def by(self, other: ScaledNumbers) -> ScaledNumbers:
        """Return the numbers times those of the other at the same places."""
        return ScaledNumbers(*_core.scaled_products(self.parts, other.parts))

    def plus(self, other: ScaledNumbers) -> ScaledNumbers:
        """Return the numbers plus those of the other at the same places."""
        return ScaledNumbers(*_core.scaled_sums(self.parts, other.parts))

    def power(self, n: int) -> tuple[ScaledNumbers, float, float]:
        """Return the convolution of n >= 1 copies, its relative bound and its estimate.

        Places that no sum can reach are left out of the work: where all positive numbers lie at
        multiples of a distance, those in between.
        """
        distance = int(np.gcd.reduce(np.flatnonzero(self.high)))
        if distance <= 1:
            with too_wild_refused():
                parts, bound, estimate = _core.scaled_power(*self.parts, n, threads=0)
            return ScaledNumbers(*parts), bound, estimate
        dense, bound, estimate = self.at(slice(None, None, distance)).power(n)
        places = distance * np.arange(len(dense))
        return dense.placed(places, n * (len(self) - 1) + 1), bound, estimate

    def _dense(self) -> tuple[Floats, Floats, Exponents]:
        """Return the arrays, all of the same length."""
        return self.high, self.low if len(self.low) else np.zeros(len(self)), self.exponents
