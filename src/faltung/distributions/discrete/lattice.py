"""Laws on equally spaced points: dice, counts, losses on a grid."""

from __future__ import annotations

import math
import operator
from fractions import Fraction
from typing import Any

import numpy as np

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.known import Known
from faltung.distributions.numbers.rational import (
    as_rational,
    brief,
    refuse_beyond,
    rounded,
    written,
)
from faltung.distributions.weights.exact import ExactWeights
from faltung.distributions.weights.given import Weights, as_log_weights, as_weights
from faltung.errors import DataError, OptionError

_MAX_FACES = 2**24
_DEEP = 1e-290


class Lattice(Atoms):
    """A law on the points ``start, start + step, start + 2 step, …``.

    Parameters
    ----------
    weights : sequence of numbers
        The probabilities, finite and >= 0. Ints, Fractions and Decimals make an exact law, whose
        sums are exact; anything else is read as float64.
    start : number
        The first point.
    step : number
        The distance of the points, positive.
    normalize : bool
        Divide the weights by their sum. Without it they must sum to 1 (floats within 1e-9; the law
        is then the floats divided by their exact sum).

    Raises
    ------
    ShapeError
        No weights, or not one-dimensional.
    DtypeError
        Weights, start or step that are no real numbers.
    DataError
        Negative, NaN or infinite weights; a sum other than 1; a step that is not positive or too
        small beside the points to tell them apart in float64.

    Notes
    -----
    Each pmf, cdf and sf is within `error_bound`, relatively, of the true value, far tails
    included, but for `neglected_mass`, which is 0 unless probabilities fall below 2**-1022 or a
    window was cut out of an infinite support.

    Examples
    --------
    >>> drop = Lattice([0.1, 0.2, 0.3, 0.4])
    >>> twice = drop + drop
    >>> twice
    Lattice(7 points from 0 to 6, mean 4, std 1.41421, relative error <= 1.1e-16)
    >>> round(twice.pmf(3), 12)
    0.2

    >>> coin = Lattice([1, 1], normalize=True)
    >>> coin.sum(10).pmf(5, exact=True)
    Fraction(63, 256)
    """

    def __init__(
        self, weights: Any, start: Any = 0, step: Any = 1, *, normalize: bool = False
    ) -> None:
        self._set(*_on_grid(as_weights(weights, normalize=normalize), start, step), None)

    @classmethod
    def from_log_weights(
        cls, log_weights: Any, start: Any = 0, step: Any = 1, *, normalize: bool = False
    ) -> Lattice:
        """Return the law whose probabilities have the natural logarithms `log_weights`.

        So a law can be given whose probabilities lie below the smallest float.

        Parameters
        ----------
        log_weights : sequence of numbers
            From -1e15 to 1e15, or -inf for a probability of 0; at least one is finite. Each is taken
            as the float that it is, and exponentials are found to 90 bits and more for logarithms
            up to 1000 in size.
        start, step : numbers
            As for :class:`Lattice`.
        normalize : bool
            Divide the weights by their sum. Without it the logarithm of the sum must be 0, within
            1e-9.

        Raises
        ------
        ShapeError
            No logarithms, or not one-dimensional.
        DtypeError
            Logarithms, start or step that are no real numbers.
        DataError
            NaN, +inf or too large logarithms, all -inf; a sum of the weights other than 1; a step as
            in :class:`Lattice`.

        Examples
        --------
        >>> law = Lattice.from_log_weights([0, -10_000], normalize=True)
        >>> law.sum(3).logpmf(3)
        -30000.0
        """
        weights = as_log_weights(log_weights, normalize=normalize)
        return cls._create(*_on_grid(weights, start, step), None)

    _known: Known | None = None  # the family, if the law is one at 0
    _how: str = ""

    @property
    def start(self) -> Fraction:
        """The first point."""
        return self._start

    @property
    def step(self) -> Fraction:
        """The distance of the points."""
        return self._step

    def _refuse_unresolved(self) -> None:
        _refuse_unresolved(self._start, self._step, len(self))

    def explain(self) -> str:
        """Return how the law was computed and how accurate it is."""
        how = f"By the closed form {self._how}. " if self._how else ""
        return how + super().explain()

    @staticmethod
    def _closed(known: Known | None, how: str) -> Lattice | None:
        """Return a law of a known family, with how it came about.

        None where its window is so wide that it is cut early: sums that keep their terms see farther.
        """
        from faltung.distributions.scipy_laws.discrete import counting_law

        if known is None:
            return None
        try:
            law = counting_law(known)
        except OptionError:
            return None
        law._how = f"{how} = {known}"
        return law if law.neglected_mass <= _DEEP else None

    def _copies(self, n: int) -> Lattice:
        from faltung.distributions.discrete.sums import LatticeSum

        if n == 0:
            return point(0)
        length = n * (len(self) - 1) + 1
        refuse_beyond(self._start * n, self._exact_ends()[1] * n)
        _refuse_unresolved(self._start * n, self._step, length)
        if self._is_constant():
            return self._shifted(self._start * (n - 1))
        closed = self._closed(self._known and self._known.copies(n), f"sum of {n} {self._known}")
        if closed is not None:
            return closed
        return self if n == 1 else LatticeSum._of([(self, n)], self._step, self._start * n)


def _on_grid(weights: Weights, start: Any, step: Any) -> tuple[Weights, Fraction, Fraction]:
    """Return the weights without zeros at the ends, the first point and the distance of points."""
    first = as_rational(start, "start")
    width = as_rational(step, "step")
    if width <= 0:
        raise DataError(f"step={step}: write a positive distance; -X turns a law round")
    trimmed, skipped = trim(weights)
    return trimmed, first + skipped * width, width


def is_resolved(start: Fraction, step: Fraction, length: int) -> bool:
    """Tell whether the points of a lattice are distinct as floats, with room to spare."""
    largest = max(abs(start), abs(start + step * (length - 1)))
    return length == 1 or rounded(step) >= 2 * math.ulp(rounded(largest))


def _refuse_unresolved(start: Fraction, step: Fraction, length: int) -> None:
    if not is_resolved(start, step, length):
        largest = max(abs(start), abs(start + step * (length - 1)))
        raise DataError(
            f"step {brief(step, 6)} is too small beside points of size {brief(largest, 6)}: "
            "neighbours are the same float64; use a larger step or an origin nearer to 0"
        )


def trim(weights: Weights) -> tuple[Weights, int]:
    """Drop the zeros at both ends; also return how many were dropped in front."""
    used = np.flatnonzero(weights.positive())
    first, last = int(used[0]), int(used[-1])
    if last - first + 1 == len(weights):
        return weights, 0
    return weights.chosen(np.arange(first, last + 1)), first


def point(x: Any) -> Lattice:
    """Return the law of a constant.

    Examples
    --------
    >>> point(3).pmf(3)
    1.0
    """
    return Lattice._create(ExactWeights([1], 1), as_rational(x, "point"), Fraction(1), None)


def die(faces: int) -> Lattice:
    """Return the exact law of a fair die with `faces` faces, 1 to `faces`.

    Parameters
    ----------
    faces
        A whole number from 1 to 2**24.

    Raises
    ------
    OptionError
        For another number of faces.

    Examples
    --------
    >>> two = die(6) + die(6)
    >>> two.pmf(7), two.pmf(7, exact=True)
    (0.16666666666666666, Fraction(1, 6))
    """
    try:
        count = operator.index(faces)
    except TypeError:
        count = 0
    if isinstance(faces, bool) or not 1 <= count <= _MAX_FACES:
        shown = written(faces) if count else repr(faces)
        raise OptionError(f"die({shown}): write a whole number of faces from 1 to {_MAX_FACES}")
    return Lattice._create(ExactWeights([1] * count, count), Fraction(1), Fraction(1), None)
