"""Functions of a real variable: zero outside a bounded interval, polynomials inside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from faltung.errors import DataError, DtypeError, OptionError
from faltung.functions import bounds, calculus, draw, moves, pieces, plots
from faltung.functions.build import build
from faltung.functions.checks import as_constant, as_end, as_pieces, as_places
from faltung.functions.displace import placed
from faltung.functions.pieces import Pieces
from faltung.functions.product import multiplied
from faltung.functions.rounding import Real, Reals, apart, as_exact, is_number, no_less
from faltung.functions.sampling import Sampler
from faltung.functions.transform import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Function"]


class Function:
    """A function of a real variable on a bounded interval, and zero outside it.

    Inside it is a chain of polynomials of degree at most 64, found so that they agree with
    `function` to machine precision. A function is never changed: every operation makes a new one.

    Parameters
    ----------
    function
        Takes a float or an array of floats and returns as many real numbers; or one real number,
        for a constant. Arrays are tried, and used if they give the same.
    interval
        Its ends (a, b), finite, a < b. At both ends the function may jump.
    breaks
        Where the function jumps, bends or is undefined inside the interval.

    All numbers may be Fractions, whole numbers or floats of any size: what is no double is rounded
    once, and the error bounds and `break_bound` count it.

    Raises
    ------
    OptionError
        If the interval is reversed, empty or unbounded, a break lies outside it, or two breaks
        are the same double and not the same number.
    DataError
        If the function is NaN or infinite at a point, or raises an exception there.
    ShapeError, DtypeError
        If it returns anything but one real number for each point.
    ResolutionError
        If polynomials cannot follow it: a jump that is not among the breaks, a singularity.

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
        function: Callable[[Any], Any] | Real,
        interval: tuple[Real, Real],
        breaks: Iterable[Real] = (),
    ) -> None:
        places = as_places(interval, breaks)
        edges = np.array([float(place) for place in places])
        if is_number(function):
            made = as_constant(edges, function)
        elif callable(function):
            made = build(Sampler(function, float(edges[0]), float(edges[1])), edges)
        else:
            raise DtypeError(
                f"Function takes a callable or a number, not {type(function).__name__}: write "
                "Function(lambda x: ..., (a, b)), or Function.from_pieces(breaks, coefficients)"
            )
        self._pieces = placed(made, places)
        self._operands: tuple[Function, Function] | None = None

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
        return cls._from(as_pieces(breaks, coefficients))

    @classmethod
    def _from(cls, made: Pieces, operands: tuple[Function, Function] | None = None) -> Function:
        function = cls.__new__(cls)
        function._pieces = made
        function._operands = operands
        return function

    # --- what it is ---------------------------------------------------------------------------

    @property
    def domain(self) -> tuple[float, float]:
        """The interval outside of which the function is zero."""
        return float(self._pieces.breaks[0]), float(self._pieces.breaks[-1])

    @property
    def breaks(self) -> FloatArray:
        """The ends of the pieces, shape (pieces + 1,)."""
        return self._pieces.breaks.copy()

    @property
    def coefficients(self) -> FloatArray:
        """The Chebyshev coefficients of each piece, shape (pieces, degree + 1)."""
        return self._pieces.coefficients.copy()

    @property
    def degree(self) -> int:
        """The highest degree of a piece, at most 64."""
        return int(self._pieces.coefficients.shape[1]) - 1

    @property
    def operands(self) -> tuple[Function, Function] | None:
        """The two functions of which this one is the convolution, or None."""
        return self._operands

    @property
    def error_bound(self) -> float:
        """A bound on the distance of a returned value from the true one, rounding included.

        It holds at every point farther than `break_bound` from all breaks. At or nearer than that,
        a value may be that of the other side of the break; with 0, only at a jump itself.

        For a callable it rests on the samples taken of it (see the page on the mathematics);
        from there on, through sums, products and convolutions, it is proved.
        """
        evaluation = bounds.evaluation(self._pieces.coefficients)
        inside = float((self._pieces.deviation + evaluation).bound.max())
        return max(inside, self._pieces.misplaced.outside)

    @property
    def break_bound(self) -> float:
        """A bound on how far a jump may be from where it should be, for breaks were rounded.

        At or nearer than this to a break, a value may be that of the other side. It is 0 unless a
        function that jumps was moved or stretched, or made with a break that is no double.
        Integrals and convolutions have this in their own `error_bound`.

        Examples
        --------
        >>> from faltung.functions import box
        >>> f = box(0.1, 1.1)
        >>> f.break_bound, f.shift(1).break_bound < 1.2e-16, f.shift(1e10).break_bound < 1e-6
        (0.0, True, True)
        """
        return self._pieces.misplaced.reach

    @property
    def error_estimate(self) -> float:
        """The error to expect at the worst point: most often within a factor of 100 of it."""
        evaluation = bounds.evaluation(self._pieces.coefficients)
        return float((self._pieces.deviation + evaluation).estimate.max())

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
        values = self._pieces.evaluate(points.ravel()).reshape(points.shape)
        return values if points.ndim else float(values)

    # --- arithmetic, point by point -----------------------------------------------------------

    def __neg__(self) -> Function:
        return self._from(replace(self._pieces, coefficients=-self._pieces.coefficients))

    def __pos__(self) -> Function:
        return self

    def __add__(self, other: Function | Real) -> Function:
        if is_number(other):
            other = self._constant(other)
        if not isinstance(other, Function):
            return NotImplemented
        return self._from(pieces.added(self._pieces, other._pieces))

    __radd__ = __add__

    def __sub__(self, other: Function | Real) -> Function:
        if not (is_number(other) or isinstance(other, Function)):
            return NotImplemented
        return self + (-other)

    def __rsub__(self, other: Real) -> Function:
        return (-self) + other

    def __mul__(self, other: Function | Real) -> Function:
        if is_number(other):
            factor = as_exact(other, "the factor")
            nearest = float(factor)
            return self._from(pieces.scaled(self._pieces, nearest, apart(factor, nearest)))
        if not isinstance(other, Function):
            return NotImplemented
        return self._from(multiplied(self._pieces, other._pieces))

    __rmul__ = __mul__

    def __truediv__(self, other: Real) -> Function:
        if not is_number(other):
            return NotImplemented
        divisor = as_exact(other, "the divisor")
        nearest = float(divisor)
        if nearest == 0:
            raise OptionError("a function cannot be divided by 0, nor by what is 0 as a double")
        unsure = no_less(abs(1 - Fraction(nearest) / divisor))
        return self._from(pieces.divided(self._pieces, nearest, unsure))

    def normalize(self) -> Function:
        """Return the function divided by its integral, which must be positive.

        The error bound counts that the integral is not known exactly.

        Raises
        ------
        DataError
            If the integral is not positive, or may be zero for all that is known of it.

        Examples
        --------
        >>> Function(lambda x: x, (0, 2)).normalize().integral()
        1.0
        """
        mass = self.integral()
        apart = calculus.integral_bound(self._pieces)
        if mass <= 2 * apart:
            raise DataError(
                f"the integral is {mass:.6g}, known within {apart:.2g}: it must be positive to "
                "divide by it"
            )
        return self._from(pieces.divided(self._pieces, mass, 1.01 * apart / (mass - apart)))

    def _constant(self, number: Any) -> Function:
        return Function(number, self.domain)

    # --- calculus -----------------------------------------------------------------------------

    def integral(self, low: float | None = None, high: float | None = None) -> float:
        """Return the integral from `low` to `high`, by default over the whole domain.

        Infinite ends are allowed, since the function is zero outside its domain; with
        low > high the sign changes.

        Examples
        --------
        >>> f = Function(lambda x: x**2, (0, 3))
        >>> round(f.integral(), 12), round(f.integral(-1, 1.5), 12)
        (9.0, 1.125)
        """
        start = self.domain[0] if low is None else as_end(low)
        stop = self.domain[1] if high is None else as_end(high)
        return calculus.integral(self._pieces, start, stop)

    def cumulative(self) -> Function:
        """Return x -> integral of the function up to x, on the same domain.

        Outside the domain it is zero, as every function is: to the right of it too, where the
        integral would stay at its last value.
        """
        return self._from(calculus.cumulative(self._pieces))

    # --- the variable moved -------------------------------------------------------------------

    def reflect(self) -> Function:
        """Return s -> f(-s): exactly, but at a break b inside it takes the other side.

        There ``f.reflect()(-b)`` is what f comes to from the left of b, and f(b) from the right.
        """
        return self._from(moves.reflected(self._pieces))

    def shift(self, distance: Real) -> Function:
        """Return x -> f(x - distance): the graph moved to the right by `distance`."""
        return self.compose_linear(1.0, distance)

    def scale(self, factor: Real) -> Function:
        """Return x -> f(x / factor): the graph stretched about 0; a negative factor reflects it.

        The values stay as they are: if f is the density of X, f.scale(c) / abs(c) is that of cX.
        """
        return self.compose_linear(factor, 0.0)

    def compose_linear(self, factor: Real, offset: Real) -> Function:
        """Return x -> f((x - offset) / factor).

        Each break b goes to factor * b + offset, rounded once; Fractions are taken as they are. The
        error bound counts the rounding, and where the function jumps `break_bound` does.
        """
        stretch, distance = as_exact(factor, "the factor"), as_exact(offset, "the offset")
        if stretch == 0:
            raise OptionError("the factor is 0: a function cannot be stretched to a point")
        return self._from(moves.moved(self._pieces, stretch, distance))

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
        low, high = self.domain
        count = self._pieces.count
        return (
            f"Function on [{low:g}, {high:g}]: {count} piece{'s' * (count > 1)} of degree "
            f"<= {self.degree}, error <= {self.error_bound:.1e}"
        )
