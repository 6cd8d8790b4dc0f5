"""Functions of a real variable: zero outside an interval, pieces of low degree inside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from numpy.typing import ArrayLike

from faltung.errors import OptionError
from faltung.functions import contents
from faltung.functions.checks import as_flag, as_pieces
from faltung.functions.doors.door import made_whole
from faltung.functions.doors.recipe import Interval
from faltung.functions.doors.samples import whole_of_samples
from faltung.functions.methods.algebra import Algebra
from faltung.functions.methods.analysis import Analysis
from faltung.functions.methods.calculus import Calculus
from faltung.functions.methods.convolution import Convolution
from faltung.functions.methods.facts import Facts
from faltung.functions.methods.ufuncs import Ufuncs
from faltung.functions.pictures import animation, plots, sketch
from faltung.functions.pictures.multiples import draw_multiples
from faltung.functions.pictures.views import View, as_view
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.rounding import Real, Reals, as_points

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from faltung.functions.pictures.animation import Animation

__all__ = ["Function"]


class Function(Facts, Algebra, Calculus, Analysis, Convolution, Ufuncs):
    """A function of a real variable on an interval, and zero outside it.

    Inside it is a chain of polynomials of degree at most 64, found so that they agree with
    `function` to machine precision; in tails and at poles each has a weight, an exponential or a
    power, so that its relative accuracy is kept however small or large the function becomes. A
    function is never changed: every operation makes a new one.

    Parameters
    ----------
    function
        What gives its values:

        ===================  =====================================================================
        a callable           takes a float or an array of floats and returns as many numbers, real
                             or complex. Arrays are tried, and used if they give the same
        a number             a constant
        a text               a formula of one variable, ``"exp(-t**2) + delta(t - 1)"``; its break
                             points, exponents and deltas are read from it
        a SymPy expression   of one symbol, in the same way
        a spline of SciPy    its very polynomials, on its own domain
        a NumPy polynomial   exactly, of any basis and degree, on its own domain
        a law of SciPy       frozen and continuous: its density, on its support
        a dict               from intervals to any of these: ``{(0, 1): "x", (1, 2): "2 - x"}``
        a Function           its restriction
        ===================  =====================================================================

        Polynomials of your own go to `from_pieces`, samples to `from_samples`.
    interval
        Its ends (a, b), a < b; -inf and inf are allowed. At finite ends the function may jump. By
        default that of what has one: a spline, a polynomial, a law, a dict, a Function.
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
        If the interval is reversed, empty or missing, a break lies outside it, or two breaks are the
        same double and not the same number; if the intervals of a dict overlap.
    DataError
        If the function is NaN or infinite at a point, or raises an exception there; if a formula
        cannot be read: a caret points at the character.
    ShapeError, DtypeError
        If it returns anything but one number for each point, or takes more than one argument.
    ResolutionError
        If pieces cannot follow it: jumps or bends at hundreds of places, oscillations by the hundred
        thousand or all the way to infinity, growth faster than every power.

    Notes
    -----
    `f + g`, `f - g`, `f * g`, `f / g` and numbers in place of g act point by point; `*` never convolves:
    that is ``faltung.convolve(f, g)``. A number c stands for c on the other's interval. ``f == g`` asks
    whether they are one object: how far apart they are says ``(f - g).norm(numpy.inf)``.

    Examples
    --------
    >>> import numpy as np
    >>> f = Function(lambda t: np.exp(-t) * np.sin(5 * t), (0, 4))
    >>> f([-1, 0.5])
    array([0.       , 0.3629917])
    >>> f.error_bound < 1e-11
    True
    >>> g = Function("sin(3*x)*heaviside(x - 1)", (0, 4))
    >>> g.breaks
    array([0., 1., 4.])
    """

    _faltung_kind: ClassVar[str] = "function"

    def __init__(
        self,
        function: Any,
        interval: Interval | None = None,
        breaks: Iterable[Real] = (),
        *,
        singular: Mapping[Real, Real | str] = MappingProxyType({}),
        periodic: bool = False,
    ) -> None:
        self._whole = made_whole(
            function, interval, breaks, singular, as_flag(periodic, "periodic")
        )
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

    @classmethod
    def from_samples(
        cls,
        y: ArrayLike,
        *,
        x: ArrayLike | None = None,
        dx: Real | None = None,
        start: Real = 0,
        interpolation: str = "linear",
    ) -> Function:
        """Return the function through samples, zero outside: its polynomials are exact.

        Parameters
        ----------
        y
            The n values, real or complex.
        x
            Their places, rising; for steps the n + 1 edges, as those of ``numpy.histogram``.
        dx, start
            In place of x: the spacing, and the first place (for steps, the first edge). Both may
            be Fractions; places are rounded once each, which `break_bound` counts.
        interpolation
            'linear'; 'cubic', the spline of ``scipy.interpolate.CubicSpline``; or 'steps'.

        Raises
        ------
        OptionError
            If the places do not rise, or there is not exactly one of x and dx.
        DataError, DtypeError, ShapeError
            If a sample is NaN or infinite, no number, or there are too few.

        Examples
        --------
        >>> f = Function.from_samples([0, 1, 0], dx=0.5, start=-0.5)
        >>> f([-0.25, 0.0, 0.4])
        array([0.5, 1. , 0.2])
        """
        return cls._from(whole_of_samples(y, x, dx, start, interpolation))

    @property
    def _pieces(self) -> Pieces:
        return contents.polynomials(self._content)

    def __call__(self, x: Real | Reals) -> Any:
        """Return the value at x, a float for a number and an array for an array.

        x is taken as the nearest double. Zero outside the domain, and at infinity; at a break inside,
        the value of the piece to its right; at the right end of the domain, which belongs to it, that
        of the last piece. So where f ends at b and g goes on, f(b) is a value of f and (f + g)(b) is
        g(b) alone. Infinite at a pole and at a delta, NaN at a derivative of a delta and where x is NaN.

        Raises
        ------
        DtypeError
            If x is no real number, nor an array of them.
        """
        points = as_points(x, "a function is called with")
        values = self._whole.evaluate(points.ravel()).reshape(points.shape)
        return values if points.ndim else values.item()

    # --- to look at ---------------------------------------------------------------------------

    def plot(self, *, ax: Axes | None = None, breaks: bool = True, **style: Any) -> Axes:
        """Draw the function on matplotlib axes, by default fresh ones, and return them.

        Jumps are upright, poles left open, deltas arrows as high as their weights (dashed and hollow
        for derivatives), and break points small ticks on the line of zero.

        Parameters
        ----------
        ax
            Where to draw; by default on fresh axes.
        breaks
            Whether break points are marked.
        **style
            For ``Axes.plot``: color, label, linewidth, ….

        Raises
        ------
        MissingExtraError
            If matplotlib is not installed.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> from faltung.functions import box
        >>> ax = box(0, 1).plot(ax=Figure().subplots(), color="black")
        >>> ax.lines[0].get_color()
        'black'
        """
        return plots.draw_function(self, ax, breaks, **style)

    def plot_process(
        self,
        *,
        view: str | View = "slide",
        shifts: Iterable[float] | float | None = None,
        axes: Any | None = None,
    ) -> Any:
        """Draw how this convolution came about, in columns of two panels.

        Parameters
        ----------
        view
            What is drawn::

                slide      above f(s), g(t - s) and the area under their product; below h up to t
                stack      above f in 2, 4, … 12 strips; below what they make of g, stacked
                surface    above f(x) g(y) and the line x + y = t; below what is on it, over x

            In the sliding view f and g are drawn to one scale if their heights are comparable,
            else to one each, and the product to the product of both.
        shifts
            The shifts t, or one shift; by default six where h is not small. Not for 'stack'.
        axes
            Matplotlib axes of shape (2, number of shifts), by default fresh ones; (2, 6) for 'stack'.

        Returns
        -------
        numpy.ndarray of matplotlib Axes, shape (2, columns)

        Raises
        ------
        OptionError
            If this function is not a convolution, or of complex functions; if the axes do not fit the
            shifts.
        MissingExtraError
            If matplotlib is not installed.

        Examples
        --------
        >>> from faltung.functions import box, convolve, hat
        >>> convolve(box(0, 1), hat(0, 1, 2)).plot_process(shifts=[0.5, 1.5, 2.5]).shape
        (2, 3)
        """
        operands = self._require_operands("plot_process()")
        return draw_multiples(self, operands, as_view(view), shifts, axes)

    def animate(
        self,
        *,
        view: str | View = "slide",
        frames: int = 96,
        seconds: float = 8.0,
        swap: bool = False,
    ) -> Animation:
        """Return the film of how this convolution came about; see :func:`faltung.functions.animate`.

        Parameters
        ----------
        view, frames, seconds
            As there.
        swap
            Whether f and g change places: the film is another, the result the same.

        Raises
        ------
        OptionError
            If this function is not a convolution, and as there.
        MissingExtraError
            If matplotlib is not installed.

        Examples
        --------
        >>> from faltung.functions import box, convolve, hat
        >>> convolve(box(0, 1), hat(0, 1, 2)).animate(view="stack", frames=24)
        Animation of 24 pictures in 8 s: write it with .save('film.html')
        """
        f, g = self._require_operands("animate()")
        operands = (g, f) if swap else (f, g)
        return animation.of_convolution(self, operands, view=view, frames=frames, seconds=seconds)

    def _require_operands(self, call: str) -> tuple[Function, Function]:
        if self._operands is None:
            raise OptionError(
                "this function is not the result of convolve, so there is no process to draw: write "
                f"faltung.convolve(f, g).{call}"
            )
        return self._operands

    def _repr_html_(self) -> str:
        return sketch.summary_html(self)

    def __repr__(self) -> str:
        return sketch.told(self)
