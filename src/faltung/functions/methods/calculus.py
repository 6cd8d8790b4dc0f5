"""Integrals and what is made with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from faltung.errors import DataError, OptionError, ResolutionError
from faltung.functions.checks import as_end, as_whole
from faltung.functions.methods.base import Methods
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.whole import bilinear, calculus, derivative, measures
from faltung.functions.whole.deltas import ORDERS

if TYPE_CHECKING:
    from typing import Self


class Calculus(Methods):
    """Derivatives and integrals, and the function divided by its own."""

    def diff(self, n: int = 1) -> Self:
        """Return the n-th derivative in the sense of distributions: a delta wherever f jumps.

        A function is zero outside its domain, and it may jump at the ends: then the derivative has a
        delta there, so that it is the derivative of exactly this function, and its integral up to
        x gives it back. What is between the jumps is ``f.diff().without_deltas()``.

        Parameters
        ----------
        n
            A whole number from 0 to 64.

        Returns
        -------
        Function
            Its ``error_bound`` rests on more than that of f, for a small error may have any slope:
            on each piece the error of f is taken to have slopes no larger than those of a
            polynomial of the same size and of twice the degree (Markov's inequality; at least 34).
            Splines, their sums and products are such polynomials; for a callable it rests on the
            samples, that say how fast its coefficients fall. Of a convolution of polynomials it is
            f' * g or f * g', and its bound follows from that of the operand's derivative.

            A jump no larger than what is known of its height is taken as none.

        Raises
        ------
        DataError
            If the function has a pole: its derivative has no integral there.
        OptionError
            If n is no whole number from 0 to 64.

        Examples
        --------
        >>> import numpy as np
        >>> from faltung import Function
        >>> slope = Function(lambda t: np.exp(-t), (0, 1)).diff()
        >>> round(slope(0.5), 12), [delta.place for delta in slope.deltas]
        (-0.606530659713, [0.0, 1.0])
        """
        count = as_whole(n, "n", most=ORDERS)
        result = self
        for _ in range(count):
            result = result._by_operands() or self._from(derivative.derivative(result._whole))
        return result

    def _by_operands(self) -> Self | None:
        """Return (f * g)' as f' * g or f * g', whichever is known better; None if that is not it.

        In polynomials that were joined, breaks may be hidden that only the operands tell.
        """
        polynomials = all(isinstance(part, Pieces) for part in self._whole.parts)
        if self._operands is None or not polynomials:
            return None
        found = []
        for index, operand in enumerate(self._operands):
            try:
                slope = operand.diff()
            except (DataError, ResolutionError):
                continue
            largest = measures.largest_value(slope._whole) or 1.0
            found.append((measures.largest_error(slope._whole) / largest, index, slope))
        for _, index, slope in sorted(found, key=lambda each: each[:2]):
            pair = (slope, self._operands[1]) if index == 0 else (self._operands[0], slope)
            try:
                whole = bilinear.convolved(pair[0]._whole, pair[1]._whole)
            except (DataError, OptionError, ResolutionError):
                continue
            # Of a part of the convolution the ends would be missing.
            if whole.domain == self.domain and whole.period == self._whole.period:
                return self._from(whole, operands=pair)
        return None

    def integral(self, low: float | None = None, high: float | None = None) -> Any:
        """Return the integral from `low` to `high`, by default over the whole domain.

        A delta at an end counts whole; over whole periods of a periodic function, by default one,
        each delta counts once for each of them. The integral over the whole domain is within
        :meth:`integral_bound`.

        Parameters
        ----------
        low, high
            The ends. Infinite ones are allowed, since the function is zero outside its domain; with
            low > high the sign changes.

        Returns
        -------
        float or complex

        Raises
        ------
        DataError
            If the integral diverges.

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

    def integral_bound(self) -> float:
        """Return a bound on the error of the integral over the whole domain.

        Examples
        --------
        >>> from faltung.functions import gaussian
        >>> abs(gaussian().integral() - 1) <= gaussian().integral_bound() < 1e-12
        True
        """
        return calculus.integral_bound(self._whole)

    def cumulative(self) -> Self:
        """Return x -> integral of the function up to x, on the same domain.

        Outside the domain it is zero, as every function is: to the right of it too, where the
        integral would stay at its last value.

        Examples
        --------
        >>> import numpy as np
        >>> from faltung import Function
        >>> angle = Function(lambda t: 1 / (1 + t * t), (-np.inf, np.inf)).cumulative()
        >>> round(angle(0.0), 12), round(angle(1e9), 8)             # pi / 2, pi
        (1.570796326795, 3.14159265)
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
