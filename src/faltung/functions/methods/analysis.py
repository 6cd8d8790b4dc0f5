"""Zeros, extrema, norms: what is asked of a function as a whole."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from faltung.errors import DataError, DtypeError, OptionError
from faltung.functions.analysis import real as analysis
from faltung.functions.chains.extrema import Extremum
from faltung.functions.checks import as_flag
from faltung.functions.methods.base import Methods
from faltung.functions.rounding import is_number
from faltung.functions.transform import FloatArray
from faltung.functions.whole import norms
from faltung.functions.whole.whole import only_real

if TYPE_CHECKING:
    from typing import Self


class Analysis(Methods):
    """Zeros, extrema, norms and inner products."""

    def roots(self, *, jumps: bool = False) -> FloatArray:
        """Return the zeros inside the domain, its ends included, rising.

        Every zero is within its bound of one of them (see :meth:`root_bounds`). Zeros that are nearer
        to each other than their bounds come as one; so does a zero of higher order. A place at which
        the function comes as near to zero as its own error, without a change of sign, is among
        them: whether it is a zero cannot be known.

        Parameters
        ----------
        jumps
            Whether a jump from one sign to the other counts. By default it does not.

        Returns
        -------
        numpy.ndarray of float64, shape (zeros,)

        Raises
        ------
        DataError
            If the function is zero on a whole interval.
        OptionError
            If it is complex, periodic, or has deltas.

        Notes
        -----
        Intervals are halved until a proof tells that there is no zero or one at most: the first
        Chebyshev coefficient larger than all others together, of the function or of its derivative
        (after J. P. Boyd, SIAM Journal on Numerical Analysis 40 (2002)).

        Examples
        --------
        >>> import numpy as np
        >>> from faltung import Function
        >>> Function(np.cos, (0, 10)).roots()
        array([1.57079633, 4.71238898, 7.85398163])
        """
        return self._zeros(jumps)[0]

    def root_bounds(self, *, jumps: bool = False) -> FloatArray:
        """Return for each of the :meth:`roots` a bound on its distance from the true zero.

        It is the bound of the values divided by the slope; at a zero of order m, the m-th root of
        the bound or so. Zeros nearer than `break_bound` to a jump are outside of it.

        Examples
        --------
        >>> import numpy as np
        >>> from faltung import Function
        >>> bool(Function(np.cos, (0, 10)).root_bounds().max() < 1e-12)
        True
        """
        return self._zeros(jumps)[1]

    def _zeros(self, jumps: bool) -> tuple[FloatArray, FloatArray]:
        content = only_real(self._whole, "finding zeros")
        counts = as_flag(jumps, "jumps")
        zeros, intervals = analysis.nought(content)
        if intervals:
            low, high = intervals[0]
            raise DataError(
                f"the function is 0, or as small as its error, all over [{low!r}, {high!r}]: take a "
                "part without that, f.restrict(a, b)"
            )
        if not counts:
            return zeros.places, zeros.bounds
        places, bounds = analysis.crossed_jumps(content)
        both = np.concatenate([zeros.places, places])
        order = np.argsort(both, kind="stable")
        return both[order], np.concatenate([zeros.bounds, bounds])[order]

    def maximum(self) -> Extremum:
        """Return the largest value, where it is, and a bound on its error.

        It is the largest limit from either side: at a jump that of the higher side, at a pole
        infinity, and 0 at infinity for what falls to zero from below. Over the domain: the zero
        outside does not count. Of several places with one value, for all that is known, it is one.

        Returns
        -------
        Extremum
            A named tuple: place, value, bound, is_maximum.

        Raises
        ------
        OptionError
            If the function is complex, periodic, or has deltas.

        Examples
        --------
        >>> from faltung import Function
        >>> top = Function(lambda t: t * (3 - t), (0, 5)).maximum()
        >>> round(top.place, 7), round(top.value, 12)
        (1.5, 2.25)
        """
        return analysis.turns(only_real(self._whole, "finding the maximum")).most(1.0)

    def minimum(self) -> Extremum:
        """Return the smallest value, as :meth:`maximum` does the largest.

        Examples
        --------
        >>> from faltung import Function
        >>> Function(lambda t: t * (3 - t), (0, 5)).minimum()[:2]
        (5.0, -10.0)
        """
        return analysis.turns(only_real(self._whole, "finding the minimum")).most(-1.0)

    def extrema(self) -> list[Extremum]:
        """Return the local maxima and minima by place, those at the ends of the domain included.

        A turn that is smaller than the error bounds on both sides of it is none. What is constant
        for a while counts once, at one place of it.

        Examples
        --------
        >>> import numpy as np
        >>> from faltung import Function
        >>> [round(turn.place, 7) for turn in Function(np.sin, (0, 6)).extrema()]
        [0.0, 1.5707963, 4.712389, 6.0]
        """
        return analysis.turns(only_real(self._whole, "finding extrema")).local()

    def norm(self, p: float = 2) -> float:
        """Return the p-norm: (integral of ``abs(f)**p``)^(1/p), for p = inf the largest ``abs(f)``.

        Of a function with a period over one period.

        Parameters
        ----------
        p
            A number, 1 or above, or infinity. If it is no whole number, f must have no zero.

        Raises
        ------
        DataError
            If the integral diverges, or ``abs(f)**p`` cannot be followed.
        OptionError
            If p is below 1, or the function has deltas.

        Examples
        --------
        >>> import numpy as np
        >>> from faltung import Function
        >>> f = Function(np.sin, (0, 2 * np.pi))
        >>> round(f.norm(1), 12), round(f.norm() ** 2, 12), round(f.norm(np.inf), 12)
        (4.0, 3.14159265359, 1.0)
        """
        return norms.norm(self._whole, _as_p(p))[0]

    def norm_bound(self, p: float = 2) -> float:
        """Return a bound on the error of :meth:`norm`.

        Examples
        --------
        >>> from faltung.functions import box
        >>> box(0, 4).norm(), box(0, 4).norm_bound() < 1e-14
        (2.0, True)
        """
        return norms.norm(self._whole, _as_p(p))[1]

    def inner(self, other: Self) -> Any:
        """Return the inner product: the integral of f times g, f conjugated if it is complex.

        Of two functions with a period over one period.

        Raises
        ------
        DataError
            If the integral diverges.
        DtypeError
            If the other is no Function.

        Examples
        --------
        >>> import numpy as np
        >>> from faltung import Function
        >>> f, g = Function(np.sin, (0, np.pi)), Function(lambda t: t, (0, np.pi))
        >>> abs(f.inner(g) - np.pi) < 1e-14
        True
        """
        return norms.inner(self._whole, _as_function(other)._whole)[0]

    def inner_bound(self, other: Self) -> float:
        """Return a bound on the error of :meth:`inner`."""
        return norms.inner(self._whole, _as_function(other)._whole)[1]


def _as_p(p: object) -> float:
    """Return the exponent of a norm."""
    if is_number(p) and not isinstance(p, bool) and not math.isnan(p) and p >= 1:
        return float(p)
    raise OptionError(f"p={p!r}: the exponent of a norm is a number, 1 or above, or infinity")


def _as_function(other: object) -> Analysis:
    if isinstance(other, Analysis):
        return other
    raise DtypeError(
        f"an inner product takes two Functions, not {type(other).__name__}: make it one with "
        "Function(callable, (a, b))"
    )
