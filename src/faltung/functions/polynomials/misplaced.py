"""What no bound on the values can say: what stands on the wrong side of a rounded break."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from faltung.functions.bounds import TINY, UNIT
from faltung.functions.rounding import no_less


@dataclass(frozen=True, slots=True)
class Misplaced:
    """What is known of an error that is large in a small place.

    Let p be the pieces, zero outside their domain, and F what they stand for. Two statements
    hold, with `bound` the deviation of each piece.

    1. p - F is the sum of two errors: one within `bound` on each piece and zero outside the
       domain, and one whose absolute value has at most the integral `area`, and which is at most
       `height` anywhere.
    2. Farther than `reach` from every break, p - F is within `bound` on each piece, and within
       `outside` off the domain.

    Integrals and convolutions follow from the first, values from the second.

    Attributes
    ----------
    area, height
        Of the error beside `bound`: jumps that are not where they should be, what lies outside.
    reach
        How far a jump may be from where it should be; 0 if no value is wrong for that.
    outside
        How large the function may be outside the domain.
    """

    area: float = 0.0
    height: float = 0.0
    reach: float = 0.0
    outside: float = 0.0

    def __add__(self, other: Misplaced) -> Misplaced:
        return Misplaced(
            self.area + other.area,
            self.height + other.height,
            max(self.reach, other.reach),
            self.outside + other.outside,
        )

    def scaled(self, factor: float) -> Misplaced:
        """Return the error of the function times `factor`."""
        area, height, outside = (product(value, abs(factor)) for value in self._values)
        return Misplaced(area, height, self.reach, outside)

    def divided(self, divisor: float, raised: float) -> Misplaced:
        """Return the error of the function divided by `divisor`, not 0, times `raised`."""
        quotients = (_upward(value / abs(divisor)) if value else 0.0 for value in self._values)
        area, height, outside = (product(value, raised) for value in quotients)
        return Misplaced(area, height, self.reach, outside)

    def times_power(self, exponent: int) -> Misplaced:
        """Return the error of the function times 2^exponent."""
        area, height, outside = (shifted(value, exponent) for value in self._values)
        return Misplaced(area, height, self.reach, outside)

    def stretched(self, factor: Fraction) -> Misplaced:
        """Return the error of the function stretched by a factor above 0."""
        area, reach = (_stretched(value, factor) for value in (self.area, self.reach))
        return Misplaced(area, self.height, reach, self.outside)

    @property
    def _values(self) -> tuple[float, float, float]:
        return self.area, self.height, self.outside


def product(value: float, other: float) -> float:
    """Return a bound on the product of two bounds: 0 if one is 0, even if the other is infinite."""
    return _upward(value * other) if value and other else 0.0


def _upward(rounded: float) -> float:
    """Return a bound on what was rounded once or twice, be it to 0."""
    return rounded * (1 + 8 * UNIT) + TINY


def _stretched(value: float, factor: Fraction) -> float:
    return no_less(Fraction(value) * factor) if math.isfinite(value) else value


def shifted(value: float, exponent: int) -> float:
    """Return value * 2^exponent, never less: 0 only for 0."""
    try:
        return math.ldexp(value, exponent) or (TINY if value else 0.0)
    except OverflowError:
        return math.inf


NOTHING = Misplaced()
