"""The ends of a discrete law's support, where it is larger than the window that is kept."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from faltung.distributions.numbers.rational import rounded

End: TypeAlias = Fraction | float  # a float only where it is infinite


@dataclass(frozen=True, slots=True)
class Reach:
    """The smallest and the largest value that a variable can take; either may be infinite."""

    low: End
    high: End

    def floats(self) -> tuple[float, float]:
        """Return the ends as the nearest floats."""
        return _as_float(self.low), _as_float(self.high)

    def plus(self, other: Reach) -> Reach:
        """Return the ends of the sum of two variables."""
        return Reach(_add(self.low, other.low), _add(self.high, other.high))

    def scaled(self, factor: Fraction) -> Reach:
        """Return the ends of a multiple, not by 0."""
        low, high = _multiply(self.low, factor), _multiply(self.high, factor)
        return Reach(low, high) if factor > 0 else Reach(high, low)


def as_end(value: float) -> End:
    """Return an end that SciPy gives, exactly."""
    return value if math.isinf(value) else Fraction(value)


def _as_float(end: End) -> float:
    return end if isinstance(end, float) else rounded(end)


def _add(a: End, b: End) -> End:
    if isinstance(a, float):
        return a
    return b if isinstance(b, float) else a + b


def _multiply(end: End, factor: Fraction) -> End:
    if isinstance(end, float):
        return math.copysign(math.inf, end if factor > 0 else -end)
    return end * factor
