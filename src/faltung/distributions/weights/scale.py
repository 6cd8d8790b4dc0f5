"""A factor common to all weights of a law, to more digits than they have."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

_BITS = 160


@dataclass(frozen=True)
class Scale:
    """The number ``mantissa * 2**exponent``, and the relative error it may have.

    Powers of it need an exponent without bounds and more than 106 bits: the error of a factor is
    multiplied by n in its n-th power.
    """

    mantissa: int = 1
    exponent: int = 0
    relative: float = 0.0

    @staticmethod
    def from_parts(high: float, low: float, exponent: int) -> Scale:
        """Return the number ``(high + low) * 2**exponent``, exactly; it must not be 0."""
        value = Fraction(high) + Fraction(low)
        return Scale(value.numerator, exponent - (value.denominator.bit_length() - 1))

    @staticmethod
    def from_fraction(value: Fraction) -> Scale:
        """Return a positive rational, to 160 bits; exactly if it has no more."""
        denominator = value.denominator
        if denominator & (denominator - 1) == 0:
            return _shortened(value.numerator, 1 - denominator.bit_length(), 0.0)
        shift = max(_BITS + denominator.bit_length() - value.numerator.bit_length(), 0)
        error = math.ldexp(1.0, 1 - _BITS)
        return _shortened((value.numerator << shift) // denominator, -shift, error)

    def fraction(self) -> Fraction:
        """Return the number exactly."""
        return Fraction(self.mantissa) * Fraction(2) ** self.exponent

    def parts(self) -> tuple[float, float, int]:
        """Return ``high, low, exponent`` as of scaled numbers, to 106 bits."""
        size = self.mantissa.bit_length()
        value = Fraction(self.mantissa, 2**size)
        high = float(value)
        if high == 1.0:  # rounded up to the next power of two
            return 0.5, float((value - 1) / 2), self.exponent + size + 1
        return high, float(value - Fraction(high)), self.exponent + size

    def times(self, other: Scale) -> Scale:
        """Return the product, to 160 bits."""
        error = self.relative + other.relative
        return _shortened(
            self.mantissa * other.mantissa, self.exponent + other.exponent, error * (1 + 1e-9)
        )

    def power(self, n: int) -> Scale:
        """Return the n-th power, n >= 1, by squaring."""
        result = self
        for bit in bin(n)[3:]:
            result = result.times(result)
            if bit == "1":
                result = result.times(self)
        return result

    def reciprocal(self) -> Scale:
        """Return one divided by it, to 160 bits."""
        if self.mantissa == 1:
            return Scale(1, -self.exponent, self.relative)
        size = _BITS + self.mantissa.bit_length()
        error = self.relative * (1 + 1e-9) + math.ldexp(1.0, 1 - _BITS)
        return Scale((1 << size) // self.mantissa, -size - self.exponent, error)


def _shortened(mantissa: int, exponent: int, relative: float) -> Scale:
    extra = mantissa.bit_length() - _BITS
    if extra <= 0:
        return Scale(mantissa, exponent, relative)
    kept = mantissa >> extra
    lost = math.ldexp(1.0, 1 - _BITS) if kept << extra != mantissa else 0.0
    return Scale(kept, exponent + extra, relative + lost)
