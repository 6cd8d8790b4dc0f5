"""Polynomials of NumPy: in rational numbers from their basis to Chebyshev's, then rounded once."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from numpy.polynomial.polyutils import as_series

from faltung.errors import OptionError
from faltung.functions.chains.door import is_unbounded
from faltung.functions.checks import as_interval, as_pieces
from faltung.functions.doors.components import of_components
from faltung.functions.doors.recipe import Exact, Interval, Recipe
from faltung.functions.polynomials.chebyshev import MAXIMAL_DEGREE
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.rounding import as_exact
from faltung.functions.whole.making import whole_of
from faltung.functions.whole.whole import Whole

Series: TypeAlias = list[Fraction]
Recurrence: TypeAlias = Callable[[int], tuple[Fraction, Fraction, Fraction]]

# P_{k+1} = (a u + b) P_k - c P_{k-1}: a, b and c for each k, by the name of the basis (DLMF 18.9.1).
_RECURRENCES: dict[str, Recurrence] = {
    "Polynomial": lambda _: (Fraction(1), Fraction(0), Fraction(0)),
    "Chebyshev": lambda k: (Fraction(2 if k else 1), Fraction(0), Fraction(1 if k else 0)),
    "Legendre": lambda k: (Fraction(2 * k + 1, k + 1), Fraction(0), Fraction(k, k + 1)),
    "Hermite": lambda k: (Fraction(2), Fraction(0), Fraction(2 * k)),
    "HermiteE": lambda k: (Fraction(1), Fraction(0), Fraction(k)),
    "Laguerre": lambda k: (Fraction(-1, k + 1), Fraction(2 * k + 1, k + 1), Fraction(k, k + 1)),
}


def as_numpy_polynomial(thing: Any) -> Recipe | Exact | None:
    """Return a polynomial of numpy.polynomial or a numpy.poly1d; None of anything else."""
    if isinstance(thing, np.poly1d):
        return _recipe("Polynomial", thing.coefficients[::-1], thing, None)
    names = [each.__name__ for each in type(thing).__mro__ if each.__name__ in _RECURRENCES]
    if not names or not type(thing).__module__.startswith("numpy.polynomial"):
        return None
    return _recipe(names[0], thing.coef, thing, (thing.domain, thing.window))


def _recipe(name: str, coefficients: Any, thing: Any, maps: Any) -> Recipe | Exact:
    array = as_series([np.asarray(coefficients)])[0]
    domain = None if maps is None else (maps[0][0].item(), maps[0][1].item())
    if len(array) > MAXIMAL_DEGREE + 1:
        return Recipe(thing, domain)
    recurrence = _RECURRENCES[name]

    def on(interval: Interval | None) -> Whole:
        ends = _needed(domain) if interval is None else interval
        if is_unbounded(ends):
            # There it is sampled as anything else, with its tails.
            return whole_of(thing, ends, (), {}, periodic=False)
        low, high = as_interval(ends)
        line = _argument(low, high, maps)
        return of_components(array, lambda part: _pieces(part, recurrence, (low, high), line))

    return Exact(on)


def _pieces(
    array: Any,
    recurrence: Recurrence,
    ends: tuple[Fraction, Fraction],
    line: tuple[Fraction, Fraction],
) -> Pieces:
    """Return one piece, exact but for one rounding of each coefficient."""
    exact = [as_exact(each, "a coefficient") for each in array.tolist()]
    return as_pieces(ends, [_expanded(exact, recurrence, *line)])


def _needed(domain: Interval | None) -> Interval:
    if domain is None:
        raise OptionError(
            "the interval is missing: a numpy.poly1d has none of its own. Write where the function "
            "lives, for instance (0, 4)"
        )
    return domain


def _argument(low: Fraction, high: Fraction, maps: Any) -> tuple[Fraction, Fraction]:
    """Return the argument of the basis as a line in the variable that runs from -1 to 1."""
    middle, half = (low + high) / 2, (high - low) / 2
    if maps is None:
        return middle, half
    (first, last), (start, stop) = ([as_exact(end, "an end") for end in pair] for pair in maps)
    slope = (stop - start) / (last - first)
    return start + slope * (middle - first), slope * half


def _expanded(
    coefficients: Series,
    recurrence: Recurrence,
    start: Fraction,
    slope: Fraction,
) -> Series:
    """Return the Chebyshev series of a series in another basis, whose argument is a line."""
    if recurrence is _RECURRENCES["Chebyshev"] and start == 0 and slope == 1:
        return coefficients
    before: Series = []
    now: Series = [Fraction(1)]
    total: Series = [Fraction(0)] * len(coefficients)
    for k, coefficient in enumerate(coefficients):
        for index, part in enumerate(now):
            total[index] += coefficient * part
        a, b, c = recurrence(k)
        after = _times_line(now, a * start + b, a * slope)
        for index, part in enumerate(before):
            after[index] -= c * part
        before, now = now, after
    return total


def _times_line(series: Series, start: Fraction, slope: Fraction) -> Series:
    """Return a Chebyshev series times ``start + slope x``: x T_k = (T_{k+1} + T_{k-1}) / 2."""
    result = [start * part for part in series] + [Fraction(0)]
    for k, part in enumerate(series):
        half = slope * part / 2
        result[k + 1] += half
        result[abs(k - 1)] += half
    return result
