"""Arithmetic, point by point, and the variable moved."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from faltung.errors import OptionError
from faltung.functions import contents
from faltung.functions.made import made_of
from faltung.functions.methods.base import Methods
from faltung.functions.rounding import Real, apart, as_exact, is_number, no_less

if TYPE_CHECKING:
    from typing import Self


class Algebra(Methods):
    """Sums, products, quotients; the graph shifted, stretched, reflected."""

    def __neg__(self) -> Self:
        return self._from(contents.negative(self._content))

    def __pos__(self) -> Self:
        return self

    def __add__(self, other: Self | Real) -> Self:
        if is_number(other):
            other = self._from(made_of(other, self.domain, (), {}))
        if not isinstance(other, Algebra):
            return NotImplemented
        return self._from(contents.added(self._content, other._content))

    __radd__ = __add__

    def __sub__(self, other: Self | Real) -> Self:
        if not (is_number(other) or isinstance(other, Algebra)):
            return NotImplemented
        return self + (-other)

    def __rsub__(self, other: Real) -> Self:
        return (-self) + other

    def __mul__(self, other: Self | Real) -> Self:
        if is_number(other):
            factor = as_exact(other, "the factor")
            nearest = float(factor)
            return self._from(contents.scaled(self._content, nearest, apart(factor, nearest)))
        if not isinstance(other, Algebra):
            return NotImplemented
        return self._from(contents.multiplied(self._content, other._content))

    __rmul__ = __mul__

    def __truediv__(self, other: Real) -> Self:
        if not is_number(other):
            return NotImplemented
        divisor = as_exact(other, "the divisor")
        nearest = float(divisor)
        if nearest == 0:
            raise OptionError("a function cannot be divided by 0, nor by what is 0 as a double")
        unsure = no_less(abs(1 - Fraction(nearest) / divisor))
        return self._from(contents.divided(self._content, nearest, unsure))

    def reflect(self) -> Self:
        """Return s -> f(-s): exactly, but at a break b inside it takes the other side.

        There ``f.reflect()(-b)`` is what f comes to from the left of b, and f(b) from the right.
        """
        return self._from(contents.reflected(self._content))

    def shift(self, distance: Real) -> Self:
        """Return x -> f(x - distance): the graph moved to the right by `distance`."""
        return self.compose_linear(1.0, distance)

    def scale(self, factor: Real) -> Self:
        """Return x -> f(x / factor): the graph stretched about 0; a negative factor reflects it.

        The values stay as they are: if f is the density of X, f.scale(c) / abs(c) is that of cX.
        """
        return self.compose_linear(factor, 0.0)

    def compose_linear(self, factor: Real, offset: Real) -> Self:
        """Return x -> f((x - offset) / factor).

        Each break b goes to factor * b + offset, rounded once; Fractions are taken as they are. The
        error bound counts the rounding, and where the function jumps `break_bound` does.
        """
        stretch, distance = as_exact(factor, "the factor"), as_exact(offset, "the offset")
        return self._from(contents.moved(self._content, stretch, distance))
