"""Arithmetic, point by point, and the variable moved."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from faltung.errors import OptionError
from faltung.functions.bounds import UNIT
from faltung.functions.checks import as_end
from faltung.functions.methods.base import Methods
from faltung.functions.rounding import (
    Real,
    apart,
    as_complex,
    as_exact,
    as_number,
    is_any_number,
    is_number,
    no_less,
)
from faltung.functions.whole import bilinear, linear, periodic, quotients, windows
from faltung.functions.whole.making import constant
from faltung.functions.whole.periodic import start_of

if TYPE_CHECKING:
    from typing import Self


class Algebra(Methods):
    """Sums, products, quotients; the graph shifted, stretched, reflected."""

    def __neg__(self) -> Self:
        return self._from(linear.negative(self._whole))

    def __pos__(self) -> Self:
        return self

    def __add__(self, other: Self | complex | Real) -> Self:
        if is_any_number(other):
            other = self._from(constant(other, self._whole))
        if not isinstance(other, Algebra):
            return NotImplemented
        return self._from(linear.added(self._whole, other._whole))

    __radd__ = __add__

    def __sub__(self, other: Self | complex | Real) -> Self:
        if not (is_any_number(other) or isinstance(other, Algebra)):
            return NotImplemented
        return self + (-other)

    def __rsub__(self, other: complex | Real) -> Self:
        return (-self) + other

    def __mul__(self, other: Self | complex | Real) -> Self:
        if is_number(other):
            factor = as_exact(other, "the factor")
            nearest = float(factor)
            return self._from(linear.scaled(self._whole, nearest, apart(factor, nearest)))
        if is_any_number(other):
            return self._from(linear.turned(self._whole, as_complex(other, "the factor")))
        if not isinstance(other, Algebra):
            return NotImplemented
        return self._from(bilinear.multiplied(self._whole, other._whole))

    __rmul__ = __mul__

    def __truediv__(self, other: Self | complex | Real) -> Self:
        if isinstance(other, Algebra):
            return self._from(quotients.quotient(self._whole, other._whole))
        if not is_any_number(other):
            return NotImplemented
        if not is_number(other):
            divided_by = as_complex(other, "the divisor")
            if divided_by == 0:
                raise _by_zero()
            return self._from(linear.turned(self._whole, 1 / divided_by, 4 * UNIT))
        divisor = as_exact(other, "the divisor")
        nearest = float(divisor)
        if nearest == 0:
            raise _by_zero()
        unsure = no_less(abs(1 - Fraction(nearest) / divisor))
        return self._from(linear.divided(self._whole, nearest, unsure))

    def __rtruediv__(self, other: complex | Real) -> Self:
        if not is_any_number(other):
            return NotImplemented
        return self._from(quotients.reciprocal(self._whole)) * other

    def __pow__(self, exponent: Real) -> Self:
        if not is_number(exponent):
            return NotImplemented
        return self._from(quotients.power(self._whole, as_number(exponent, "the exponent")))

    def __abs__(self) -> Self:
        return self._from(quotients.absolute(self._whole))

    def reflect(self) -> Self:
        """Return s -> f(-s): exactly, but at a break b inside it takes the other side.

        There ``f.reflect()(-b)`` is what f comes to from the left of b, and f(b) from the right.

        Examples
        --------
        >>> from faltung.functions import box
        >>> box(1, 4).reflect().domain
        (-4.0, -1.0)
        """
        return self._from(linear.reflected(self._whole))

    def shift(self, distance: Real) -> Self:
        """Return x -> f(x - distance): the graph moved to the right by `distance`.

        Parameters
        ----------
        distance
            A finite real number; what moving rounds is counted as for :meth:`compose_linear`.

        Examples
        --------
        >>> from faltung.functions import box
        >>> box(0, 1).shift(2).domain
        (2.0, 3.0)
        """
        return self.compose_linear(1, as_exact(distance, "the distance"))

    def scale(self, factor: Real) -> Self:
        """Return x -> f(x / factor): the graph stretched about 0; a negative factor reflects it.

        The values stay as they are: if f is the density of X, f.scale(c) / abs(c) is that of cX.

        Parameters
        ----------
        factor
            A finite real number, not 0.

        Examples
        --------
        >>> from faltung.functions import box
        >>> box(0, 1).scale(3).domain, box(0, 1).scale(-3).domain
        ((0.0, 3.0), (-3.0, 0.0))
        """
        return self.compose_linear(factor, 0.0)

    def compose_linear(self, factor: Real, offset: Real) -> Self:
        """Return x -> f((x - offset) / factor).

        Each break b goes to factor * b + offset, rounded once; Fractions are taken as they are. The
        error bound counts the rounding, and where the function jumps `break_bound` does.

        Parameters
        ----------
        factor, offset
            Finite real numbers, the factor not 0.

        Raises
        ------
        OptionError, DtypeError
            If one is not finite, or no real number, or the factor is 0.

        Examples
        --------
        >>> from faltung.functions import hat
        >>> f = hat(0, 1, 2).compose_linear(2, 10)
        >>> f.domain, f(12.0)
        ((10.0, 14.0), 1.0)
        """
        stretch, distance = as_exact(factor, "the factor"), as_exact(offset, "the offset")
        return self._from(linear.moved(self._whole, stretch, distance))

    def restrict(self, low: float, high: float) -> Self:
        """Return the function on [low, high], and zero outside; deltas at the ends stay.

        Of a function with a period it is that part, without a period.

        Parameters
        ----------
        low, high
            The ends; -inf and inf are allowed, but for a function with a period.

        Raises
        ------
        OptionError
            If they do not rise, or the function is zero between them.

        Examples
        --------
        >>> from faltung import Function
        >>> f = Function(lambda x: x * x, (0, 4)).restrict(1, 2)
        >>> f.domain, f([0.5, 1.5])
        ((1.0, 2.0), array([0.  , 2.25]))
        """
        start, stop = as_end(low), as_end(high)
        if self._whole.period is not None:
            return self._from(periodic.repeated(self._whole, start, stop))
        return self._from(windows.restricted(self._whole, start, stop))

    def periodize(self, period: Real) -> Self:
        """Return x -> the sum of f(x - n period) over all whole numbers n.

        Parameters
        ----------
        period
            A number above 0; a Fraction is kept as it is.

        Raises
        ------
        OptionError
            If the period is not positive, or the function has one already.
        ResolutionError
            If the function reaches over more than 4,096 periods, or falls like a power.

        Examples
        --------
        >>> from faltung.functions import hat
        >>> f = hat(-1, 0, 1).periodize(1)
        >>> f.period, f([0.2, 7.3])
        (1.0, array([1., 1.]))
        """
        every = as_exact(period, "the period")
        if every <= 0:
            raise OptionError(f"the period is {float(every)!r}: it must be positive")
        if self._whole.period is not None:
            raise OptionError(f"the function has a period already, {float(self._whole.period)!r}")
        return self._from(periodic.wrapped(self._whole, every, start_of(self._whole)))

    def without_deltas(self) -> Self:
        """Return the function less its deltas: of a derivative what is between the jumps.

        Examples
        --------
        >>> from faltung.functions import box, delta
        >>> f = (box(0, 1) + delta(3)).without_deltas()
        >>> f.deltas, f.domain
        ((), (0.0, 1.0))
        """
        return self._from(replace(self._whole, deltas=())) if self._whole.deltas else self

    # --- complex functions --------------------------------------------------------------------

    @property
    def real(self) -> Self:
        """The real part."""
        return self._from(linear.real_part(self._whole))

    @property
    def imag(self) -> Self:
        """The imaginary part, a real function."""
        return self._from(linear.imaginary_part(self._whole))

    def conj(self) -> Self:
        """Return the complex conjugate.

        Examples
        --------
        >>> import numpy as np
        >>> from faltung import Function
        >>> f = Function(lambda t: np.exp(1j * t), (0, 1))
        >>> abs((f * f.conj())(0.3) - 1) < 1e-14
        True
        """
        return self._from(linear.conjugate(self._whole))


def _by_zero() -> OptionError:
    return OptionError("a function cannot be divided by 0, nor by what is 0 as a double")
