"""Functions of a real variable: zero outside an interval, pieces of low degree inside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from faltung.errors import DtypeError, OptionError
from faltung.functions import contents, draw, plots
from faltung.functions.checks import as_end, as_flag, as_pieces
from faltung.functions.methods.algebra import Algebra
from faltung.functions.methods.calculus import Calculus
from faltung.functions.methods.convolution import Convolution
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.rounding import Real, Reals, nearest
from faltung.functions.transform import FloatArray
from faltung.functions.whole import measures
from faltung.functions.whole.deltas import Delta
from faltung.functions.whole.making import whole_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Function"]


class Function(Algebra, Calculus, Convolution):
    """A function of a real variable on an interval, and zero outside it.

    Inside it is a chain of polynomials of degree at most 64, found so that they agree with
    `function` to machine precision; in tails and at poles each has a weight, an exponential or a
    power, so that its relative accuracy is kept however small or large the function becomes. A
    function is never changed: every operation makes a new one.

    Parameters
    ----------
    function
        Takes a float or an array of floats and returns as many numbers, real or complex; or one
        number, for a constant. Arrays are tried, and used if they give the same.
    interval
        Its ends (a, b), a < b; -inf and inf are allowed. At finite ends the function may jump.
    breaks
        Where the function jumps, bends or is undefined inside the interval.
    singular
        For each place where it is no smooth function the exponent e above -1, if it goes like
        ``abs(x - place)**e`` times a smooth function, or else 'log'. Those at finite ends are found.

    periodic
        Whether the function is repeated without end, with the interval as its period.

    All numbers may be Fractions, whole numbers or floats of any size: what is no double is rounded
    once, and the error bounds and `break_bound` count it.

    Raises
    ------
    OptionError
        If the interval is reversed or empty, a break lies outside it, or two breaks are the same
        double and not the same number.
    DataError
        If the function is NaN or infinite at a point, or raises an exception there.
    ShapeError, DtypeError
        If it returns anything but one real number for each point.
    ResolutionError
        If pieces cannot follow it: a jump that is not among the breaks, a singularity inside,
        oscillations all the way to infinity.

    Notes
    -----
    `f + g`, `f - g`, `f * g` and numbers in place of g act point by point; `*` never convolves:
    that is ``faltung.convolve(f, g)``. A number c stands for c on the other's interval.

    Examples
    --------
    >>> import numpy as np
    >>> f = Function(lambda t: np.exp(-t) * np.sin(5 * t), (0, 4))
    >>> f([-1, 0.5])
    array([0.       , 0.3629917])
    >>> f.error_bound < 1e-11
    True
    """

    _faltung_kind: ClassVar[str] = "function"
    # NumPy scalars and arrays leave `number * f` to this class.
    __array_ufunc__ = None

    def __init__(
        self,
        function: Callable[[Any], Any] | complex | Fraction,
        interval: tuple[Real, Real],
        breaks: Iterable[Real] = (),
        *,
        singular: Mapping[Real, Real | str] = MappingProxyType({}),
        periodic: bool = False,
    ) -> None:
        self._whole = whole_of(function, interval, breaks, singular, as_flag(periodic, "periodic"))
        self._operands = None

    @classmethod
    def from_pieces(cls, breaks: Reals, coefficients: Iterable[Reals]) -> Function:
        """Return the function with the given polynomials, exactly.

        Numbers that are no doubles are rounded once, and the error bounds count it.

        Parameters
        ----------
        breaks
            The n + 1 ends of n neighbouring intervals, rising.
        coefficients
            For each interval its Chebyshev coefficients, at most 65, in the variable that runs
            from -1 to 1 over it: [c0, c1, c2] is c0 + c1 x + c2 (2 x^2 - 1).

        Raises
        ------
        OptionError
            If the breaks do not rise, or a row has more than 65 coefficients.
        ShapeError, DataError, DtypeError
            If there is not one row for each interval, or something is not a finite number.

        Examples
        --------
        >>> ramp = Function.from_pieces([0, 1, 3], [[0.5, 0.5], [1.0]])
        >>> ramp([0.25, 1.0, 2.0])
        array([0.25, 1.  , 1.  ])
        """
        return cls._of(as_pieces(breaks, coefficients))

    @property
    def _pieces(self) -> Pieces:
        return contents.polynomials(self._content)

    # --- what it is ---------------------------------------------------------------------------

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
    def operands(self) -> tuple[Function, Function] | None:
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
        >>> f = Function(lambda t: np.exp(-t * t), (-np.inf, np.inf))
        >>> f.relative_error_bound(-10, 10) < 1e-11, f.relative_error_bound() < 1e-10
        (True, True)
        """
        start, stop = (None if end is None else as_end(end) for end in (low, high))
        return measures.relative_bound(self._whole, start, stop)

    def __call__(self, x: ArrayLike) -> Any:
        """Return the value at x, a float for a number and an array for an array.

        x is taken as the nearest double. Zero outside the domain; at a break inside, the value of the piece to its right; at the
        right end of the domain, which belongs to it, that of the last piece. So where f ends at b
        and g goes on, f(b) is a value of f and (f + g)(b) is g(b) alone.
        """
        points = np.asarray(x)
        if points.dtype.kind not in "fiub":
            raise DtypeError(f"a function is called with real numbers, not {points.dtype}")
        points = points.astype(np.float64)
        values = self._whole.evaluate(points.ravel()).reshape(points.shape)
        return values if points.ndim else values.item()

    # --- to look at ---------------------------------------------------------------------------

    def plot(self, *, ax: Axes | None = None, **style: Any) -> Axes:
        """Draw the function on matplotlib axes, by default fresh ones, and return them.

        Keywords go to ``Axes.plot``: color, label, linewidth, ….

        Raises
        ------
        MissingExtraError
            If matplotlib is not installed.
        """
        return plots.draw_function(self, ax, **style)

    def plot_process(
        self, *, shifts: Iterable[float] | float | None = None, axes: Any | None = None
    ) -> Any:
        """Draw how this convolution came about, one column for each shift t.

        Above f(s), g(t - s) and the area under their product; below the result up to t.

        Parameters
        ----------
        shifts
            The shifts, or one shift; by default six over the domain.
        axes
            Matplotlib axes of shape (2, number of shifts), by default fresh ones.

        Returns
        -------
        numpy.ndarray of matplotlib Axes, shape (2, number of shifts)

        Raises
        ------
        OptionError
            If this function is not a convolution, or the axes do not fit the shifts.
        MissingExtraError
            If matplotlib is not installed.
        """
        if self._operands is None:
            raise OptionError(
                "this function is not the result of convolve, so there is no process to draw: write "
                "faltung.convolve(f, g).plot_process()"
            )
        return plots.draw_process(self._operands, self, shifts, axes)

    def _repr_html_(self) -> str:
        return draw.summary_html(self)

    def __repr__(self) -> str:
        return draw.told(self)
