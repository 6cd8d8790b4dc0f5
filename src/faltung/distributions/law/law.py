"""What every distribution can do: SciPy's method names, and sums by ``+``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np

from faltung.distributions.law.draws import Random, as_generator, uniform_draws
from faltung.distributions.law.operators import Operators
from faltung.distributions.law.statistics import Statistics
from faltung.distributions.law.vectors import Numbers, Values, as_floats
from faltung.distributions.numbers.rational import written
from faltung.errors import DtypeError, OptionError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LARGEST_BELOW_ONE = 1.0 - 2.0**-53


class Law(Statistics, Operators, ABC):
    """The probability law of a real random variable.

    A law is not a variable: ``X + Y`` is the law of the sum of *independent* variables with these
    laws, and ``X + X`` that of two independent copies. Twice the same variable is ``2 * X``.

    ====================  ==========================================================
    ``X + Y``, ``X - Y``  independent sum and difference
    ``X + 3``, ``2 * X``  shifted, scaled (by any real number, negative ones reflect)
    ``-X``, ``X / 2``     the same
    ``X.sum(n)``          the sum of n independent copies
    ``sum([X, Y, Z])``    the built-in works
    ``abs(X)``            the absolute value
    ``X.truncate(a, b)``  given that a <= X <= b
    ``X.clip(a, b)``      values beyond a and b count as these
    ====================  ==========================================================
    """

    # --- what a kind of law must know -----------------------------------------------------

    @abstractmethod
    def cdf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return P(X <= x), as a Fraction with ``exact=True`` where the law is exact."""

    @abstractmethod
    def sf(self, x: Numbers, *, exact: bool = False) -> Values:
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
    def mean(self, *, exact: bool = False) -> Any:
        """Return the expected value."""

    @abstractmethod
    def var(self, *, exact: bool = False) -> Any:
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
    def _draw(self, ax: Axes, **style: Any) -> None: ...

    @abstractmethod
    def _outline(self) -> tuple[list[float], list[float], bool]:
        """Return x, heights and whether these are atoms, a few hundred at most, for a sketch."""

    def _bends(self) -> list[float]:
        """Return where cdf or density may jump or bend, for an integral to be cut there."""
        return []

    def _outlines(self) -> list[tuple[list[float], list[float], bool]]:
        """Return the outlines of all kinds that the law has, one above the other."""
        return [self._outline()]

    # --- one of these two exists ------------------------------------------------------------

    def pmf(self, x: Numbers, *, exact: bool = False) -> Values:  # noqa: ARG002
        """Return P(X = x); laws with a density have none."""
        raise DtypeError(f"{type(self).__name__} has a density, not single probabilities: use pdf")

    def logpmf(self, x: Numbers) -> Values:  # noqa: ARG002
        """Return log P(X = x); laws with a density have none."""
        raise DtypeError(
            f"{type(self).__name__} has a density, not single probabilities: use logpdf"
        )

    def pdf(self, x: Numbers, *, exact: bool = False) -> Values:  # noqa: ARG002
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

    def interval(self, confidence: Numbers) -> tuple[Values, Values]:
        """Return the ends of the central interval with probability `confidence`.

        Parameters
        ----------
        confidence
            A number from 0 to 1, or an array of them.

        Returns
        -------
        tuple of two floats or arrays
            ``ppf(rest)`` and ``isf(rest)``, with half of what lies outside as `rest`.

        Raises
        ------
        OptionError
            If a number is not from 0 to 1.
        DtypeError
            If `confidence` holds no numbers.
        """
        inside = as_floats(confidence)
        wrong = inside[~((inside >= 0) & (inside <= 1))]
        if wrong.size:
            raise OptionError(f"confidence={written(wrong[0])}: write a probability from 0 to 1")
        rest = (1 - inside) / 2
        return self.ppf(rest), self.isf(rest)

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

    def to_scipy(self) -> Any:
        """Return the law as a distribution of scipy.stats, with all probabilities its own.

        Returns
        -------
        A law with a density as a distribution of SciPy's new infrastructure, with `ccdf`,
        `logccdf` and `iccdf` taken from this law's own side; it has a parameter `unused`, for SciPy
        cannot do without any. A discrete law as a frozen ``rv_discrete`` whose `sf`, `logsf`, `isf`
        and all others are this law's, also at points that are no whole numbers.

        Raises
        ------
        DtypeError
            If the law has atoms and a density: no distribution of SciPy has both.
        OptionError
            If SciPy is older than 1.16 and the law has a density.

        Examples
        --------
        >>> from faltung.distributions import die
        >>> frozen = (die(6) / 2).sum(100).to_scipy()
        >>> bool(frozen.sf(299.5) == 6.0**-100)
        True
        """
        from faltung.distributions.scipy_laws.exported import exported

        return exported(self)

    def plot(self, *, ax: Axes | None = None, **style: Any) -> Axes:
        """Draw the probabilities or the density with Matplotlib and return the axes.

        All but a thousandth of the mass is shown, and less of a heavy tail; all points of a
        discrete law that has a hundred at most. Of thousands of points, each line is the most
        probable one of its neighbours.

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
        from faltung.distributions.pictures import new_axes, shorten_numbers

        axes = new_axes() if ax is None else ax
        self._draw(axes, **style)
        shorten_numbers(axes)
        return axes

    def _repr_html_(self) -> str:
        from faltung.distributions.pictures import summary_html

        return summary_html(self)
