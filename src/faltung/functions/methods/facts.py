"""What a function is: its breaks and coefficients, its deltas and period, and its errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from faltung.errors import OptionError
from faltung.functions import contents
from faltung.functions.checks import as_end
from faltung.functions.methods.base import Methods
from faltung.functions.rounding import nearest
from faltung.functions.transform import FloatArray
from faltung.functions.whole import measures
from faltung.functions.whole.deltas import Delta

if TYPE_CHECKING:
    from typing import Self


class Facts(Methods):
    """What there is to know of a function."""

    @property
    def breaks(self) -> FloatArray:
        """The ends of polynomial pieces, (pieces + 1,); with tails or poles, the sharp places."""
        return measures.breaks(self._whole)

    @property
    def coefficients(self) -> FloatArray:
        """The Chebyshev coefficients of each piece of a real function, shape (pieces, degree + 1).

        Those of a complex function are ``f.real.coefficients`` and ``f.imag.coefficients``.
        """
        if self._whole.imaginary is not None:
            raise OptionError("a complex function has coefficients in two parts: f.real and f.imag")
        if self._whole.real is None:
            return np.zeros((0, 1))
        return contents.coefficients(self._whole.real)

    @property
    def degree(self) -> int:
        """The highest degree of a piece, at most 64."""
        return measures.counts(self._whole)[1]

    @property
    def deltas(self) -> tuple[Delta, ...]:
        """The Dirac deltas, rising: each has a `place`, a `weight`, an `order` and a `bound`.

        Examples
        --------
        >>> from faltung.functions import delta
        >>> [(row.place, row.weight) for row in (delta(1, 0.5) - delta(0)).deltas]
        [(0.0, -1.0), (1.0, 0.5)]
        """
        return self._whole.deltas

    @property
    def period(self) -> float | None:
        """The period, or None: then the function is zero outside its domain."""
        return None if self._whole.period is None else nearest(self._whole.period)

    @property
    def operands(self) -> tuple[Self, Self] | None:
        """The two functions of which this one is the convolution, or None."""
        return self._operands

    @property
    def error_bound(self) -> float:
        """A bound on the distance of a returned value from the true one, rounding included.

        It holds farther than `break_bound` from all breaks; nearer to a break a value may be that
        of its other side; with 0, only at a jump itself. Values next to a pole are larger than any
        number: it holds outside the pole's piece, or, if that is no power, beyond a millionth of
        the distance to the next break.

        For a callable it rests on the samples taken of it (see the page on the mathematics);
        from there on, through sums, products and convolutions, it is proved.
        """
        return measures.largest_error(self._whole)

    @property
    def break_bound(self) -> float:
        """A bound on how far a jump may be from where it should be, for breaks were rounded.

        At or nearer than this to a break, a value may be that of the other side. It is 0 unless a
        function that jumps was moved or stretched, or made with a break that is no double.

        Examples
        --------
        >>> from faltung.functions import box
        >>> f = box(0.1, 1.1)
        >>> f.break_bound, f.shift(1).break_bound < 1.2e-16, f.shift(1e10).break_bound < 1e-6
        (0.0, True, True)
        """
        return measures.break_reach(self._whole)

    @property
    def error_estimate(self) -> float:
        """The error to expect at the worst point: most often within a factor of 100 of it."""
        return measures.typical_error(self._whole)

    def relative_error_bound(self, low: float | None = None, high: float | None = None) -> float:
        """Return a bound on the relative error from `low` to `high`, infinite if there is a zero.

        By default over all that is followed; it is found at 65 points of each piece.

        Examples
        --------
        >>> import numpy as np
        >>> from faltung import Function
        >>> f = Function(lambda t: np.exp(-t * t), (-np.inf, np.inf))
        >>> f.relative_error_bound(-10, 10) < 1e-11, f.relative_error_bound() < 1e-10
        (True, True)
        """
        start, stop = (None if end is None else as_end(end) for end in (low, high))
        return measures.relative_bound(self._whole, start, stop)
