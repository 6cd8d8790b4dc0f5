"""Laws on arbitrary points, and the law of a sample."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np

from faltung.arrays.foreign import refuse_foreign
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.lattice import Lattice, is_resolved, point
from faltung.distributions.discrete.sums import LatticeSum
from faltung.distributions.law.vectors import as_floats
from faltung.distributions.numbers.rational import (
    Integers,
    affine,
    as_integers,
    as_rational,
    brief,
    common_grid,
    rational_gcd,
    reduce_grid,
    refuse_beyond,
)
from faltung.distributions.numbers.reach import Reach
from faltung.distributions.numbers.rounding import Floats
from faltung.distributions.weights.exact import ExactWeights
from faltung.distributions.weights.given import Weights, as_weights, convolved, products
from faltung.distributions.weights.scaled import MAX_PRODUCTS
from faltung.errors import DataError, DtypeError, OptionError, ShapeError

_MAX_PAIRS = 2**22
_MAX_LENGTH = 2**26
_LATTICE_GAIN = 100  # a product on a lattice costs so much less than a pair of points to sort
_DENSE = 5  # a lattice of so many times the points is faster than the points alone


class Discrete(Atoms):
    """A law on arbitrary points, which need not lie on a convenient lattice.

    The sum of laws with n and m points has up to n m points: exact locations, equal ones merged.
    Different ones that share their nearest float stay apart inside, and are one entry of `points`.

    Parameters
    ----------
    points : sequence of numbers
        The values, finite, in any order; equal ones are merged.
    weights : sequence of numbers
        Their probabilities, as for :class:`Lattice`.
    normalize : bool
        Divide the weights by their sum.

    Raises
    ------
    ShapeError
        Not one weight for each point, or none.
    DtypeError
        Points or weights that are no sequences of real numbers.
    DataError
        Points or weights that are NaN or infinite, negative weights, a sum other than 1.

    Examples
    --------
    >>> law = Discrete([0, 1, np.pi], [0.5, 0.25, 0.25])
    >>> (law + law).pmf(1 + np.pi)
    0.125
    """

    def __init__(self, points: Any, weights: Any, *, normalize: bool = False) -> None:
        if isinstance(points, (str, bytes, Mapping, AbstractSet)) or not isinstance(
            points, Iterable
        ):
            raise DtypeError(
                f"points {points!r}: write a sequence of numbers; distribution(...) takes a dict"
            )
        given = as_weights(weights, normalize=normalize)
        values = [as_rational(value, f"point {i}") for i, value in enumerate(points)]
        if len(values) != len(given):
            raise ShapeError(
                f"{len(values)} points and {len(given)} weights: write one weight for each point"
            )
        law = _from_rationals(values, given)
        self._set(law._weights, law._start, law._step, law._indices)

    def _copies(self, n: int) -> Atoms:
        if n == 0:
            return point(0)
        refuse_beyond(*(end * n for end in self._exact_ends()))
        law = arranged(self._weights, self._start, self._step, self._indices, reach=self._reach)
        if isinstance(law, Lattice):
            return law._copies(n)
        self._refuse_copies(n // 2)
        result: Atoms = self
        for bit in bin(n)[3:]:
            result = add_atoms(result, result)
            if bit == "1":
                result = add_atoms(result, self)
        return result

    def _refuse_copies(self, half: int) -> None:
        """Refuse to add two sums of `half` copies if neither their pairs nor a lattice will do.

        The sum of m copies of k values takes at least m (k - 1) + 1 values: begin with m times the
        smallest and replace one after the other, value by value, by the next larger.
        """
        if (half * (len(self) - 1) + 1) ** 2 > _MAX_PAIRS:
            self._weights.refuse_square(half * int(self._indices[-1]) + 1, half)


def empirical(samples: Any) -> Lattice | Discrete:
    """Return the law that gives each of `samples` the same probability, exactly.

    Parameters
    ----------
    samples : array_like
        Real numbers of any shape, at least one; repeated values count as often as they occur. Each
        is read as a point of :class:`Discrete` is: 0.1 is 1/10, and the float pi is what it holds.

    Returns
    -------
    Lattice or Discrete
        A lattice if the values lie densely on one.

    Raises
    ------
    ShapeError
        No samples.
    DataError
        NaN or infinite samples.

    Examples
    --------
    >>> empirical([1, 2, 2, 4]).pmf(2, exact=True)
    Fraction(1, 2)
    """
    if isinstance(samples, np.ma.MaskedArray):
        raise DtypeError(
            "samples is a masked array: write samples.compressed(), which leaves out what is masked"
        )
    refuse_foreign("samples", samples)
    if (exact := _exact_samples(samples)) is not None:
        return exact
    values = _as_samples(samples)
    if values.size == 0:
        raise ShapeError("samples are empty: write at least one")
    if not np.isfinite(values).all():
        i = int(np.argmin(np.isfinite(values)))
        raise DataError(f"sample {i} is {values[i]}: drop it or correct it, samples are finite")
    distinct, counts = np.unique(values, return_counts=True)
    divisor = int(np.gcd.reduce(counts))
    weights = ExactWeights((counts // divisor).tolist(), values.size // divisor)
    return arranged(weights, *common_grid(distinct))


def _as_samples(samples: Any) -> Floats:
    try:
        return as_floats(samples).ravel()
    except DataError:
        raise DataError(
            "a sample is beyond the range of float64 (1.8e308): divide the samples"
        ) from None
    except DtypeError:
        raise DataError("samples are not all real numbers: write an array of numbers") from None


def _exact_samples(samples: Any) -> Lattice | Discrete | None:
    """Return the law of Fractions, Decimals or integers that float64 would round, else None."""
    try:
        raw = np.asarray(samples).ravel()
    except ValueError:
        return None
    large = raw.dtype.kind in "iu" and raw.size and max(int(raw.max()), -int(raw.min())) > 2**53
    listed = raw.tolist()
    if not large and not any(isinstance(value, Fraction | Decimal) for value in listed):
        return None
    counts = Counter(as_rational(value, "sample") for value in listed)
    divisor = math.gcd(*counts.values())
    weights = ExactWeights([n // divisor for n in counts.values()], len(listed) // divisor)
    law = _from_rationals(list(counts), weights)
    return arranged(law._weights, law._start, law._step, law._indices)


def from_mapping(
    probabilities: Mapping[Any, Any], *, normalize: bool = False
) -> Lattice | Discrete:
    """Return the law with the probabilities ``{value: weight}``.

    Examples
    --------
    >>> from_mapping({0: 0.25, 10: 0.75})
    Lattice(2 points from 0 to 10, mean 7.5, std 4.33013, relative error <= 1.1e-16)
    """
    if not probabilities:
        raise ShapeError("the mapping is empty: write at least one {value: weight}")
    weights = as_weights(list(probabilities.values()), normalize=normalize)
    law = _from_rationals([as_rational(value, "value") for value in probabilities], weights)
    return arranged(law._weights, law._start, law._step, law._indices)


def arranged(
    weights: Weights,
    start: Fraction,
    step: Fraction,
    places: Integers,
    *,
    reach: Reach | None = None,
) -> Lattice | Discrete:
    """Return a lattice if the points fill one densely, distinct as floats, else the points alone."""
    length = int(places[-1]) + 1
    if length <= _DENSE * len(places) and is_resolved(start, step, length):
        return Lattice._create(_dense(weights, places), start, step, None, reach=reach)
    return Discrete._create(weights, start, step, places, reach=reach)


def _dense(weights: Weights, places: Integers) -> Weights:
    return weights if int(places[-1]) == len(places) - 1 else weights.placed(places)


def _from_rationals(values: list[Fraction], weights: Weights) -> Discrete:
    """Sort the points, merge equal ones and drop those without probability."""
    step = reduce(rational_gcd, values, Fraction(0)) or Fraction(1)
    numbers = as_integers(np.array([int(value / step) for value in values], dtype=object))
    distinct, groups = np.unique(numbers, return_inverse=True)
    merged = weights.grouped(groups, len(distinct))
    used = np.flatnonzero(merged.positive())
    start = step * int(distinct[used[0]])
    return Discrete._create(merged.chosen(used), *reduce_grid(start, step, distinct[used]))


def add_atoms(x: Atoms, y: Atoms) -> Atoms:
    """Return the law of the sum of independent variables with discrete laws.

    On a common lattice by direct convolution where that is short, else point by point.

    Raises
    ------
    OptionError
        If neither is feasible, as for long lattices whose steps do not match.
    """
    if x._is_constant():
        return y._shifted(x._start)
    if y._is_constant():
        return x._shifted(y._start)
    refuse_beyond(*(a + b for a, b in zip(x._exact_ends(), y._exact_ends(), strict=True)))
    step = rational_gcd(x._step, y._step)
    if isinstance(x, Lattice) and isinstance(y, Lattice) and _is_dense(x, y, step):
        return LatticeSum._of([(x, 1), (y, 1)], step, x._start + y._start)
    a = affine(x._indices, int(x._step / step))
    b = affine(y._indices, int(y._step / step))
    lengths = int(a[-1]) + 1, int(b[-1]) + 1
    if _takes_lattice(x, y, *lengths, step):
        weights = convolved(_dense(x._weights, a), _dense(y._weights, b))
        places = np.arange(len(weights))
        return arranged(weights, x._start + y._start, step, places, reach=_reach_of_sum(x, y))
    return _add_points(x, y, np.add.outer(a, b).ravel(), step)


def add_all(laws: Sequence[Atoms]) -> Atoms:
    """Return the law of the sum of many independent variables with discrete laws.

    Those on lattices are one sum, if there are ways enough to fill a common lattice.
    """
    offset = sum((law._start for law in laws if law._is_constant()), Fraction(0))
    lattices = [law for law in laws if isinstance(law, Lattice) and not law._is_constant()]
    others = [law for law in laws if not isinstance(law, Lattice)]
    step = reduce(rational_gcd, (law._step for law in lattices), Fraction(0))
    if len(lattices) > 1 and _fill(lattices, step):
        start = sum((law._start for law in lattices), Fraction(0))
        lattices = [LatticeSum._of([(law, 1) for law in lattices], step, start)]
    rest = sorted([*lattices, *others], key=len)
    total = reduce(add_atoms, rest) if rest else point(0)
    return total._shifted(offset) if offset else total


def _fill(laws: Sequence[Lattice], step: Fraction) -> bool:
    """Tell whether the points of a sum fill a lattice, distinct as floats."""
    length = 1 + sum((len(law) - 1) * int(law._step / step) for law in laws)
    ways = math.fsum(math.log(len(law)) for law in laws)
    if length > _MAX_LENGTH or math.log(length) > ways + math.log(_LATTICE_GAIN):
        return False
    first = sum((law._start for law in laws), Fraction(0))
    refuse_beyond(first, first + step * (length - 1))
    return is_resolved(first, step, length)


def _is_dense(x: Lattice, y: Lattice, step: Fraction) -> bool:
    """Tell whether the sum fills a lattice, distinct as floats."""
    m, n = (int((len(law) - 1) * law._step / step) + 1 for law in (x, y))
    if m * n > _LATTICE_GAIN * len(x) * len(y):
        return False
    return is_resolved(x._start + y._start, step, m + n - 1)


def _takes_lattice(x: Atoms, y: Atoms, m: int, n: int, step: Fraction) -> bool:
    pairs = len(x) * len(y)
    if m * n <= _LATTICE_GAIN * pairs:
        return True
    if pairs <= _MAX_PAIRS:
        return False
    if m + n <= _MAX_LENGTH and m * n <= MAX_PRODUCTS:
        return True
    raise OptionError(
        f"this sum has {brief(pairs)} pairs of points (at most {_MAX_PAIRS:.3g}), and the common step of "
        f"{brief(x._step, 6)} and {brief(y._step, 6)} is {brief(step)}, a lattice of "
        f"{brief(m + n - 1)} points: round the points, or give both laws one step"
    )


def _add_points(x: Atoms, y: Atoms, numbers: Integers, step: Fraction) -> Atoms:
    distinct, groups = np.unique(numbers, return_inverse=True)
    weights = products(x._weights, y._weights).grouped(groups, len(distinct))
    grid = reduce_grid(x._start + y._start, step, distinct)
    return arranged(weights, *grid, reach=_reach_of_sum(x, y))


def _reach_of_sum(x: Atoms, y: Atoms) -> Reach | None:
    return x._ends().plus(y._ends()) if x._reach or y._reach else None
