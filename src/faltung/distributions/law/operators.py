"""``X + Y``, ``X - Y``, ``c * X + d``: sums of independent variables and multiples of one."""

from __future__ import annotations

from abc import abstractmethod
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, cast

from faltung.distributions.law.operands import as_count, as_operand, is_law
from faltung.distributions.numbers.rational import as_rational, is_number
from faltung.errors import DataError, DtypeError

if TYPE_CHECKING:
    from faltung.distributions.law.law import Law


class Operators:
    """The operators of a law; what they need of each kind of law is abstract here."""

    _faltung_kind: ClassVar[str] = "law"
    __array_ufunc__ = None  # a NumPy scalar on the left leaves the operation to us

    @abstractmethod
    def _shifted(self, offset: Fraction) -> Law: ...

    @abstractmethod
    def _scaled(self, factor: Fraction) -> Law: ...

    @abstractmethod
    def _copies(self, n: int) -> Law: ...

    def sum(self, n: int) -> Law:
        """Return the law of the sum of `n` independent copies.

        Parameters
        ----------
        n
            A whole number >= 0; the sum of none is 0.

        Raises
        ------
        OptionError
            If `n` is negative or no whole number, or the work would take more than minutes.
        ExactnessError
            If an exact law would take gigabytes.
        """
        return self._copies(as_count(n))

    def truncate(self, low: Any = None, high: Any = None) -> Law:
        """Return the law of the variable given that it is in an interval.

        Parameters
        ----------
        low, high
            The ends, both included; infinite ones may be left out.

        Raises
        ------
        OptionError
            If they do not ascend, or so little probability is between them that nothing is known.
        DataError
            If none is.

        Notes
        -----
        Conditioning divides by the probability of the interval, and so do the bounds. Exact laws
        stay exact.

        Examples
        --------
        >>> from faltung.distributions import die
        >>> die(6).truncate(high=4).pmf(2, exact=True)
        Fraction(1, 4)
        """
        from faltung.distributions.operations.ranges import truncate

        return truncate(self._law(), low, high)

    def clip(self, low: Any = None, high: Any = None) -> Law:
        """Return the law of ``min(max(X, low), high)``: values beyond an end count as the end.

        Parameters
        ----------
        low, high
            The ends; infinite ones may be left out. At each there is an atom with the probability
            beyond, taken from its own side.

        Raises
        ------
        OptionError
            If they do not ascend.

        Examples
        --------
        >>> from faltung.distributions import die, distribution
        >>> die(6).clip(high=4).pmf(4, exact=True)
        Fraction(1, 2)
        >>> layer = (distribution("expon(1)") - 2).clip(0, 3)
        >>> round(layer.pmf(0), 12), round(layer.sf(2), 12)
        (0.864664716763, 0.018315638889)
        """
        from faltung.distributions.operations.ranges import clip

        return clip(self._law(), low, high)

    def order_statistic(self, r: int, n: int) -> Law:
        """Return the law of the `r`-th smallest of `n` independent copies.

        Parameters
        ----------
        r, n
            Whole numbers, ``1 <= r <= n <= 10000``.

        Raises
        ------
        OptionError
            For other numbers.

        Examples
        --------
        >>> from faltung.distributions import die
        >>> die(6).order_statistic(2, 3).pmf(3, exact=True)
        Fraction(13, 54)
        """
        from faltung.distributions.operations.orders import order_statistic

        return order_statistic(self._law(), r, n)

    def __abs__(self) -> Law:
        from faltung.distributions.operations.ranges import absolute

        return absolute(self._law())

    def _law(self) -> Law:
        return cast("Law", self)

    def __add__(self, other: object) -> Law:
        other = as_operand(other)
        if is_law(other):
            from faltung.distributions.algebra import add

            return add(self._law(), other)
        if is_number(other):
            offset = as_rational(other, "shift")
            return self._shifted(offset) if offset else self._law()
        return NotImplemented

    __radd__ = __add__  # sum(laws) begins with 0 + law

    def __sub__(self, other: object) -> Law:
        other = as_operand(other)
        if is_law(other):
            return self + -other
        return self + -as_rational(other, "shift") if is_number(other) else NotImplemented

    def __rsub__(self, other: object) -> Law:
        return -self + other

    def __neg__(self) -> Law:
        return self._scaled(as_rational(-1))

    def __pos__(self) -> Law:
        return self._law()

    def __mul__(self, other: object) -> Law:
        other = as_operand(other)
        if is_law(other):
            raise DtypeError(
                "* scales a law by a number; the sum of independent variables is X + Y, and the law "
                "of their product faltung.distributions.product(X, Y)"
            )
        if not is_number(other):
            return NotImplemented
        factor = as_rational(other, "factor")
        return self._law() if factor == 1 else self._scaled(factor)

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Law:
        other = as_operand(other)
        if is_law(other):
            raise _quotient()
        if not is_number(other):
            return NotImplemented
        divisor = as_rational(other, "divisor")
        if divisor == 0:
            raise DataError("a law cannot be divided by 0")
        return self._scaled(1 / divisor)

    def __rtruediv__(self, other: object) -> Law:
        raise _quotient()

    def __pow__(self, other: object) -> Law:
        raise DtypeError(
            "X**n is not defined for a law: write faltung.distributions.power(X, exponent) for a positive variable, "
            "product(X, X) for two independent ones"
        )

    def __lt__(self, other: object) -> bool:
        raise DtypeError(
            "laws are not ordered: write faltung.distributions.maximum(X, Y) or minimum(X, Y) for the "
            "larger or smaller of two variables, X.cdf(x) or X.sf(x) for the probability of an event"
        )

    __gt__ = __le__ = __ge__ = __lt__


def _quotient() -> DtypeError:
    return DtypeError(
        "/ divides a law by a number; for independent positive variables with a density "
        "write faltung.distributions.product(X, power(Y, -1))"
    )
