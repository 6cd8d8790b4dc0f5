"""Integrals and what is made with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from faltung.functions.checks import as_end
from faltung.functions.methods.base import Methods
from faltung.functions.whole import calculus

if TYPE_CHECKING:
    from typing import Self


class Calculus(Methods):
    """Integrals, and the function divided by its own."""

    def integral(self, low: float | None = None, high: float | None = None) -> Any:
        """Return the integral from `low` to `high`, by default over the whole domain.

        Infinite ends are allowed, since the function is zero outside its domain; with
        low > high the sign changes.

        Examples
        --------
        >>> from faltung import Function
        >>> f = Function(lambda x: x**2, (0, 3))
        >>> round(f.integral(), 12), round(f.integral(-1, 1.5), 12)
        (9.0, 1.125)
        """
        start = self.domain[0] if low is None else as_end(low)
        stop = self.domain[1] if high is None else as_end(high)
        return calculus.integral(self._whole, start, stop)

    def cumulative(self) -> Self:
        """Return x -> integral of the function up to x, on the same domain.

        Outside the domain it is zero, as every function is: to the right of it too, where the
        integral would stay at its last value.
        """
        return self._from(calculus.cumulative(self._whole))

    def normalize(self) -> Self:
        """Return the function divided by its integral, which must be positive.

        The error bound counts that the integral is not known exactly.

        Raises
        ------
        DataError
            If the integral is not positive, or may be zero for all that is known of it.

        Examples
        --------
        >>> from faltung import Function
        >>> Function(lambda x: x, (0, 2)).normalize().integral()
        1.0
        """
        return self._from(calculus.normalized(self._whole))
