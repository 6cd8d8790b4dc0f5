"""Mechanisms of differential privacy, and how they compose."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from faltung.distributions.law.operands import as_count
from faltung.distributions.numbers.rational import is_number, written
from faltung.distributions.privacy.accountant import Interval, Terms, delta_of, epsilon_of
from faltung.distributions.privacy.losses import GaussianLosses, LaplaceLosses, Losses
from faltung.errors import DataError, DtypeError, OptionError

_MOST_NOISE = 1e100  # its square, and that of its inverse, are floats


@dataclass(frozen=True)
class Mechanism:
    """A randomised answer, by the losses of its pairs of neighbouring data sets.

    ``a + b`` answers with both, independently; ``a.compose(n)`` answers n times. Data sets are
    neighbours if one has one record more (*add or remove*): both directions are looked at.

    Attributes
    ----------
    name : str
        As it was called.
    terms : tuple
        Pairs of losses (one of them for each direction) and of how many times.

    Examples
    --------
    >>> from faltung.distributions import privacy
    >>> step = privacy.subsampled_gaussian(sampling_probability=0.01, noise_multiplier=1.0)
    >>> low, high = step.compose(10).epsilon(delta=1e-6)
    >>> 0 < low < high < low + 0.01
    True
    """

    name: str
    terms: tuple[tuple[tuple[Losses, ...], int], ...]

    def __repr__(self) -> str:
        return f"Mechanism({self.name})"

    def __add__(self, other: Mechanism) -> Mechanism:
        if not isinstance(other, Mechanism):
            return NotImplemented
        return Mechanism(f"{self.name} + {other.name}", self.terms + other.terms)

    def compose(self, n: int) -> Mechanism:
        """Return the mechanism that answers `n` times, independently.

        Parameters
        ----------
        n
            A whole number >= 1.

        Raises
        ------
        OptionError
            For another number.
        """
        count = as_count(n)
        if count == 0:
            raise OptionError("n=0: a mechanism that never answers has nothing to account for")
        return Mechanism(
            f"({self.name}).compose({count})", tuple((pair, k * count) for pair, k in self.terms)
        )

    def delta(self, epsilon: float, *, tolerance: float = 1e-3) -> Interval:
        """Return certified bounds on δ at `epsilon`.

        Parameters
        ----------
        epsilon
            A number >= 0.
        tolerance
            The lattice is refined until the bounds differ by so much, relatively.

        Returns
        -------
        Interval
            ``low <= δ <= high``.

        Raises
        ------
        DataError
            If `epsilon` is no number >= 0.
        OptionError
            If the tolerance cannot be reached with a lattice of moderate length.
        """
        value = _number("epsilon", epsilon, 0.0, math.inf)
        if value == math.inf:
            raise DataError("epsilon=inf: write a finite number")
        return delta_of(_gathered(self.terms), value, tolerance)

    def epsilon(self, delta: float, *, tolerance: float = 1e-3) -> Interval:
        """Return certified bounds on the smallest ε at `delta`.

        Parameters
        ----------
        delta
            A number above 0 and below 1.
        tolerance
            The lattice is refined until the bounds differ by so much.

        Returns
        -------
        Interval
            ``low <= ε <= high``, both infinite if no ε has this δ.

        Raises
        ------
        DataError
            If `delta` is no such number.
        OptionError
            If the tolerance cannot be reached with a lattice of moderate length.
        """
        wanted = _number("delta", delta, 0.0, 1.0)
        if not 0 < wanted < 1:
            raise DataError(f"delta={written(delta)}: write a number above 0 and below 1")
        return epsilon_of(_gathered(self.terms), wanted, tolerance)


def gaussian(noise_multiplier: float) -> Mechanism:
    """Return the Gaussian mechanism.

    Parameters
    ----------
    noise_multiplier
        The standard deviation of the noise divided by the sensitivity, positive.

    Raises
    ------
    DataError
        If it is not positive or not finite, or not between 1e-100 and 1e100.

    Examples
    --------
    >>> from scipy.special import ndtr
    >>> low, high = gaussian(1.0).delta(1.0)
    >>> bool(low <= ndtr(-0.5) - math.e * ndtr(-1.5) <= high)
    True
    """
    deviation = _positive("noise_multiplier", noise_multiplier)
    return Mechanism(
        f"gaussian({noise_multiplier})", (((GaussianLosses(deviation, 1.0, exchanged=False),), 1),)
    )


def subsampled_gaussian(sampling_probability: float, noise_multiplier: float) -> Mechanism:
    """Return the Gaussian mechanism on a Poisson sample of the records, as in DP-SGD.

    Parameters
    ----------
    sampling_probability
        With which each record is in the sample, above 0 and at most 1.
    noise_multiplier
        The standard deviation of the noise divided by the sensitivity, positive.

    Raises
    ------
    DataError
        If a parameter is outside of its range.
    """
    rate = _number("sampling_probability", sampling_probability, 0.0, 1.0)
    if rate == 0:
        raise DataError("sampling_probability=0: no record is ever used; write a number above 0")
    deviation = _positive("noise_multiplier", noise_multiplier)
    pair = tuple(GaussianLosses(deviation, rate, exchanged=turned) for turned in (False, True))
    name = f"subsampled_gaussian({sampling_probability}, {noise_multiplier})"
    return Mechanism(name, ((pair if rate < 1 else pair[:1], 1),))


def laplace(noise_multiplier: float) -> Mechanism:
    """Return the Laplace mechanism.

    Parameters
    ----------
    noise_multiplier
        The scale of the noise divided by the sensitivity, positive: alone it has ε = 1 / scale.

    Raises
    ------
    DataError
        If it is not positive or not finite, or not between 1e-100 and 1e100.
    """
    width = _positive("noise_multiplier", noise_multiplier)
    return Mechanism(f"laplace({noise_multiplier})", (((LaplaceLosses(width),), 1),))


def _gathered(terms: Terms) -> Terms:
    """Return the terms with one Gaussian answer in place of all that are not sampled.

    Together they have the losses of one with ``1 / s² = sum of 1 / s[i]²`` (Dong, Roth & Su, *JRSS B* 84,
    2022, corollary 3.3).
    """
    precision, others = Fraction(0), []
    for pairs, count in terms:
        first = pairs[0]
        if isinstance(first, GaussianLosses) and first.rate == 1:
            precision += count / Fraction(first.deviation) ** 2
        else:
            others.append((pairs, count))
    if precision == 0:
        return others
    one = GaussianLosses(_root(1 / precision), 1.0, exchanged=False)
    return [*others, ((one,), 1)]


def _root(square: Fraction) -> float:
    """Return a square root to a few units of the last place, also of what no float holds."""
    top, bottom = square.numerator, square.denominator
    return float(Fraction(math.isqrt(top * bottom << 256), bottom << 128))


def _positive(name: str, value: Any) -> float:
    number = _number(name, value, 0.0, math.inf)
    if not 0 < number < math.inf:
        raise DataError(f"{name}={written(value)}: write a positive, finite number")
    return _number(name, value, 1 / _MOST_NOISE, _MOST_NOISE)


def _number(name: str, value: Any, low: float, high: float) -> float:
    if not is_number(value):
        raise DtypeError(f"{name}={value!r}: write a real number")
    number = float(value)
    if not low <= number <= high:
        raise DataError(f"{name}={written(value)}: write a number from {low:g} to {high:g}")
    return number
