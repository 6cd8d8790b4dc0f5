"""What every distribution can do: SciPy's method names, and sums by ``+``."""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from numbers import Rational
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faltung.distributions.rational import as_rational, is_number, written
from faltung.errors import DataError, DtypeError, OptionError

if TYPE_CHECKING:
    from fractions import Fraction

    from matplotlib.axes import Axes

Numbers: TypeAlias = ArrayLike | Rational | Sequence[object]  # of any shape
Values: TypeAlias = Any  # a float for a number, an array of float64 for an array
Random: TypeAlias = int | np.random.Generator | np.random.RandomState | None


_LARGEST_BELOW_ONE = 1.0 - 2.0**-53


class Law(ABC):
    """The probability law of a real random variable.

    A law is not a variable: ``X + Y`` is the law of the sum of *independent* variables with these
    laws, and ``X + X`` that of two independent copies. Twice the same variable is ``2 * X``.

    ====================  ==========================================================
    ``X + Y``, ``X - Y``  independent sum and difference
    ``X + 3``, ``2 * X``  shifted, scaled (by any real number, negative ones reflect)
    ``-X``, ``X / 2``     the same
    ``X.sum(n)``          the sum of n independent copies
    ``sum([X, Y, Z])``    the built-in works
    ====================  ==========================================================
    """

    _faltung_kind: ClassVar[str] = "law"
    __array_ufunc__ = None  # a NumPy scalar on the left leaves the operation to us

    # --- what a kind of law must know -----------------------------------------------------

    @abstractmethod
    def cdf(self, x: Numbers) -> Values:
        """Return P(X <= x)."""

    @abstractmethod
    def sf(self, x: Numbers) -> Values:
        """Return P(X > x), summed from its own side."""

    @abstractmethod
    def logcdf(self, x: Numbers) -> Values:
        """Return log P(X <= x)."""

    @abstractmethod
    def logsf(self, x: Numbers) -> Values:
        """Return log P(X > x)."""

    @abstractmethod
    def ppf(self, q: Numbers) -> Values:
        """Return the smallest x with ``cdf(x) >= q``."""

    @abstractmethod
    def isf(self, q: Numbers) -> Values:
        """Return the smallest x with ``sf(x) <= q``."""

    @abstractmethod
    def mean(self) -> Any:
        """Return the expected value."""

    @abstractmethod
    def var(self) -> Any:
        """Return the variance."""

    @abstractmethod
    def support(self) -> tuple[float, float]:
        """Return the smallest and the largest value of the variable; either may be infinite."""

    @property
    @abstractmethod
    def error_bound(self) -> float:
        """The bound on the error of every probability; `explain` says in which sense."""

    @property
    @abstractmethod
    def error_estimate(self) -> float:
        """The error to expect, in the same sense as `error_bound`."""

    @property
    @abstractmethod
    def neglected_mass(self) -> float:
        """The probability that the law may lack: mass outside a window, and underflow."""

    @abstractmethod
    def explain(self) -> str:
        """Return how the law was computed and how accurate it is, in one or two sentences."""

    @abstractmethod
    def _shifted(self, offset: Fraction) -> Law: ...

    @abstractmethod
    def _scaled(self, factor: Fraction) -> Law: ...

    @abstractmethod
    def _copies(self, n: int) -> Law: ...

    @abstractmethod
    def _draw(self, ax: Axes, **style: Any) -> None: ...

    @abstractmethod
    def _outline(self) -> tuple[list[float], list[float], bool]:
        """Return x, heights and whether these are atoms, a few hundred at most, for a sketch."""

    # --- one of these two exists ------------------------------------------------------------

    def pmf(self, x: Numbers) -> Values:  # noqa: ARG002
        """Return P(X = x); laws with a density have none."""
        raise DtypeError(f"{type(self).__name__} has a density, not single probabilities: use pdf")

    def logpmf(self, x: Numbers) -> Values:  # noqa: ARG002
        """Return log P(X = x); laws with a density have none."""
        raise DtypeError(
            f"{type(self).__name__} has a density, not single probabilities: use logpdf"
        )

    def pdf(self, x: Numbers) -> Values:  # noqa: ARG002
        """Return the density at x; discrete laws have none."""
        raise DtypeError(f"{type(self).__name__} has single probabilities, not a density: use pmf")

    def logpdf(self, x: Numbers) -> Values:  # noqa: ARG002
        """Return the logarithm of the density at x; discrete laws have none."""
        raise DtypeError(
            f"{type(self).__name__} has single probabilities, not a density: use logpmf"
        )

    # --- what follows from these ------------------------------------------------------------

    def std(self) -> float:
        """Return the standard deviation."""
        return float(np.sqrt(self.var()))

    def median(self) -> float:
        """Return the smallest x with ``cdf(x) >= 1/2``."""
        return float(self.ppf(0.5))

    def interval(self, confidence: float) -> tuple[float, float]:
        """Return the ends of the central interval with probability `confidence`.

        Raises
        ------
        OptionError
            If `confidence` is no number in [0, 1].
        """
        if not is_number(confidence) or not 0 <= confidence <= 1:
            raise OptionError(f"confidence={written(confidence)}: write a probability from 0 to 1")
        rest = (1 - confidence) / 2
        return float(self.ppf(rest)), float(self.isf(rest))

    def rvs(
        self,
        size: int | tuple[int, ...] | None = None,
        random_state: Random = None,
        *,
        rng: Random = None,
    ) -> Values:
        """Draw random variates by inversion of the cdf.

        Parameters
        ----------
        size
            The shape of the result; a single float without it.
        random_state, rng
            A seed or a NumPy generator; two names for one thing, as in SciPy.

        Raises
        ------
        OptionError
            If `size` is no shape, or the seed no whole number >= 0.
        """
        uniform = 1.0 - uniform_draws(size, as_generator(random_state, rng))  # in (0, 1]
        return self.ppf(np.minimum(uniform, _LARGEST_BELOW_ONE))  # ppf(1) may be infinite

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
        return self._copies(_as_count(n))

    def plot(self, *, ax: Axes | None = None, **style: Any) -> Axes:
        """Draw the probabilities or the density with Matplotlib and return the axes.

        Parameters
        ----------
        ax
            Where to draw; new axes by default.
        **style
            Passed on to Matplotlib, such as ``color`` and ``label``.

        Raises
        ------
        MissingExtraError
            If Matplotlib is not installed.
        """
        from faltung.distributions.draw import new_axes

        axes = new_axes() if ax is None else ax
        self._draw(axes, **style)
        return axes

    def _repr_html_(self) -> str:
        from faltung.distributions.draw import summary_html

        return summary_html(self)

    # --- operators ----------------------------------------------------------------------------

    def __add__(self, other: object) -> Law:
        other = _operand(other)
        if isinstance(other, Law):
            from faltung.distributions.algebra import add

            return add(self, other)
        if is_number(other):
            offset = as_rational(other, "shift")
            return self._shifted(offset) if offset else self
        return NotImplemented

    __radd__ = __add__  # sum(laws) begins with 0 + law

    def __sub__(self, other: object) -> Law:
        other = _operand(other)
        if isinstance(other, Law):
            return self + -other
        return self + -as_rational(other, "shift") if is_number(other) else NotImplemented

    def __rsub__(self, other: object) -> Law:
        return -self + other

    def __neg__(self) -> Law:
        return self._scaled(as_rational(-1))

    def __pos__(self) -> Law:
        return self

    def __mul__(self, other: object) -> Law:
        other = _operand(other)
        if isinstance(other, Law):
            raise DtypeError(
                "* scales a law by a number; the sum of independent variables is X + Y, and the law "
                "of a product is not supported"
            )
        if not is_number(other):
            return NotImplemented
        factor = as_rational(other, "factor")
        return self if factor == 1 else self._scaled(factor)

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Law:
        other = _operand(other)
        if not is_number(other):
            return NotImplemented
        divisor = as_rational(other, "divisor")
        if divisor == 0:
            raise DataError("a law cannot be divided by 0")
        return self._scaled(1 / divisor)


def _operand(other: object) -> object:
    """Return what stands beside a law; a number for an array without dimensions.

    Raises
    ------
    DtypeError
        For what may be meant as a law and is none. What else is none may know the operation itself.
    """
    if isinstance(other, Law) or is_number(other):
        return other
    if isinstance(other, np.ndarray) and other.ndim == 0:
        return other.item()
    if isinstance(other, np.ndarray | list | tuple):
        shape = f"array of shape {other.shape}" if isinstance(other, np.ndarray) else "array-like"
        raise DtypeError(
            f"an {shape} is neither a law nor a number: write one law for each entry, or "
            "Lattice(weights) if it holds probabilities"
        )
    from faltung.distributions.scipy_laws import is_scipy

    is_function = getattr(type(other), "_faltung_kind", None) == "function"
    if isinstance(other, str | Mapping) or is_function or is_scipy(other):
        raise DtypeError(
            f"a {type(other).__name__} is neither a law nor a number: make it a law with "
            "faltung.distribution(...)"
        )
    return other


def _as_count(n: object) -> int:
    try:
        count = operator.index(n)  # type: ignore[arg-type]
    except TypeError:
        count = -1
    if isinstance(n, bool) or count < 0:
        raise OptionError(f"n={written(n)}: write a whole number >= 0 of independent copies")
    return count


def as_generator(random_state: Random, rng: Random) -> np.random.Generator | np.random.RandomState:
    """Return the generator that one of the two, which are two names for one thing, stands for."""
    if random_state is not None and rng is not None:
        raise OptionError("random_state and rng are two names for one thing: write one of them")
    seed = rng if random_state is None else random_state
    if isinstance(seed, np.random.RandomState):
        return seed
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError):
        raise OptionError(
            f"the seed {written(seed)} is neither a whole number >= 0 nor a NumPy generator"
        ) from None


def uniform_draws(
    size: int | tuple[int, ...] | None, generator: np.random.Generator | np.random.RandomState
) -> NDArray[np.float64]:
    """Return independent draws from [0, 1).

    Raises
    ------
    OptionError
        If `size` is no shape.
    """
    try:
        return np.asarray(generator.random(size))
    except (TypeError, ValueError, OverflowError, MemoryError):
        raise OptionError(
            f"size={written(size)}: write a whole number >= 0, or a tuple of them"
        ) from None


def vectorized(
    evaluate: Callable[[NDArray[np.float64]], NDArray[np.float64]], x: Numbers
) -> Values:
    """Evaluate at a number or an array-like of any shape; a float comes back for a number."""
    points = as_floats(x)
    result = evaluate(points.ravel()).reshape(points.shape)
    return float(result) if result.ndim == 0 else result


def as_floats(x: Numbers) -> NDArray[np.float64]:
    """Return a number or an array-like of numbers as the nearest floats.

    Raises
    ------
    DtypeError
        If something in it is no real number.
    DataError
        If an integer or a Fraction is beyond the range of float64.
    """
    try:
        return np.asarray(x, dtype=np.float64)
    except OverflowError:
        raise DataError(
            "a number asked for is beyond the range of float64 (1.8e308): write inf"
        ) from None
    except (TypeError, ValueError):
        raise DtypeError(f"{x!r}: write a real number or an array of them") from None
