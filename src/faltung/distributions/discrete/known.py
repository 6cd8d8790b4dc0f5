"""Counting laws that know their family, and the closed forms of their sums."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

_ADDED = {"poisson": 1, "binom": 1, "nbinom": 1}  # how many shapes add up; the others must agree


@dataclass(frozen=True)
class Known:
    """A family by SciPy's name, its shapes as they are exactly, and a whole offset.

    Sums of Poisson variables, and of binomial or negative binomial ones with one p, are of the same
    family (Johnson, Kemp & Kotz, *Univariate Discrete Distributions*, 3rd ed.); a geometric variable
    is a negative binomial one, moved by 1.
    """

    family: str
    shapes: tuple[Fraction, ...]
    offset: int = 0

    @staticmethod
    def of(family: str, shapes: tuple[Fraction, ...]) -> Known:
        """Return a law of a family at 0, the geometric one as what it is."""
        if family == "geom":
            return Known("nbinom", (Fraction(1), *shapes), 1)
        return Known(family, shapes)

    def plus(self, other: Known) -> Known | None:
        """Return the law of the sum of two independent variables, None if there is no closed form."""
        added = _ADDED.get(self.family)
        if added is None or self.family != other.family:
            return None
        if self.shapes[added:] != other.shapes[added:]:
            return None
        sums = (a + b for a, b in zip(self.shapes[:added], other.shapes[:added], strict=True))
        shapes = (*sums, *self.shapes[added:])
        return Known(self.family, shapes, self.offset + other.offset)

    def copies(self, n: int) -> Known | None:
        """Return the law of the sum of n >= 1 independent copies, None if there is no closed form."""
        added = _ADDED.get(self.family)
        if added is None:
            return None
        shapes = (*(n * shape for shape in self.shapes[:added]), *self.shapes[added:])
        return Known(self.family, shapes, n * self.offset)

    def __str__(self) -> str:
        given = ", ".join(f"{float(shape):.6g}" for shape in self.shapes)
        return f"{self.family}({given})" + (f" + {self.offset}" if self.offset else "")
