"""Sums of uniform, exponential and chi squared variables by their names."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

from faltung.distributions.continuous.density import Density
from faltung.distributions.families.bells import Normal
from faltung.distributions.families.gamma_sums import LARGEST_RATIO, Summand
from faltung.distributions.families.irwin_hall import MOST_UNIFORMS, IrwinHall
from faltung.distributions.families.named import NamedDensity
from faltung.distributions.families.sums import gamma_sum
from faltung.distributions.named.reading import (
    as_length,
    as_numbers,
    as_positive,
    as_whole,
)
from faltung.distributions.numbers.rational import as_rational, written
from faltung.errors import DataError, DtypeError

_NARROW = 8  # of two scales in one of several mixtures


def irwin_hall(n: int) -> NamedDensity:
    """Return the law of the sum of n independent uniform variables on [0, 1].

    Parameters
    ----------
    n
        A whole number from 1 to 1000; more are refused, for the time grows with its square.

    Returns
    -------
    NamedDensity
        With relative accuracy in both tails: by de Boor's recurrence of B-splines, in time n^2 for
        each point. `error_bound` is 2e-12 for n = 1000.

    Raises
    ------
    OptionError
        For another n.

    Examples
    --------
    >>> round(irwin_hall(10).cdf(1) * 3628800, 12)
    1.0
    """
    count = as_whole(n, 1, MOST_UNIFORMS, "n")
    return NamedDensity(IrwinHall(count), Fraction(0), Fraction(1))


def hypoexponential(rates: Any) -> Density:
    """Return the law of the sum of independent exponential variables.

    Parameters
    ----------
    rates : number or sequence of numbers
        The positive rates, read as exact rationals. Equal and nearly equal ones cost no digits.

    Returns
    -------
    Density
        A :class:`NamedDensity` with relative accuracy in both tails, a mixture of gamma laws with
        non-negative weights, if the largest rate is at most 50 times the smallest; otherwise the sum
        of several of those.

    Raises
    ------
    ShapeError, DtypeError, DataError
        For no rates, for what are no numbers, and for numbers that are not positive.

    Examples
    --------
    >>> lifetime = hypoexponential([1, 2, 3])  # standby units with these failure rates
    >>> lifetime.sf(10), lifetime.mean()
    (0.00013619360592016344, 1.8333333333333333)
    """
    parts = [Summand(Fraction(1), 1 / rate) for rate in as_positive(rates, "rate")]
    return _added(_clusters(parts))


def generalized_chi2(
    weights: Any,
    degrees: Any = 1,
    *,
    noncentralities: Any = 0,
    normal: Any = 0,
) -> Density:
    """Return the law of a weighted sum of independent chi squared variables.

    That of quadratic forms of normal variables: with weights w, degrees d and noncentralities delta
    the law of ``sum w[i] chi2(d[i], delta[i]) + normal * N``, N a standard normal variable.

    Parameters
    ----------
    weights : number or sequence of numbers
        Of any sign, not all 0.
    degrees : number or sequence of numbers
        Positive; one for each weight or one for all.
    noncentralities : number or sequence of numbers
        At least 0: sums of squared means. One for each weight or one for all.
    normal : number
        The standard deviation of a normal variable that is added.

    Returns
    -------
    Density
        A :class:`NamedDensity` with relative accuracy in both tails, by Ruben's mixture of chi
        squared laws with non-negative weights, if all weights have one sign, the largest is at most
        50 times the smallest and `normal` is 0; otherwise a sum of such laws, of close weights each.

    Raises
    ------
    ShapeError, DtypeError, DataError
        If the numbers do not fit together, are none, or are outside of their domains.

    Examples
    --------
    >>> round(generalized_chi2([0.6, 0.3, 0.1]).sf(2), 4)  # Imhof (1961): 0.1240
    0.124
    """
    scales, spread = as_numbers(weights, "weight"), as_rational(normal, "normal")
    freedom = as_length(as_positive(degrees, "degree"), "degrees", len(scales))
    deltas = as_length(noncentralities, "noncentralities", len(scales))
    for name, value in [("normal", spread), *(("noncentrality", delta) for delta in deltas)]:
        if value < 0:
            raise DataError(f"{name} is {written(value)} and must be at least 0")
    parts = [
        Summand(d / 2, 2 * w, float(delta))
        for w, d, delta in zip(scales, freedom, deltas, strict=True)
        if w
    ]
    laws = [law for sign in (1, -1) for law in _clusters([p for p in parts if p.scale * sign > 0])]
    if spread:
        laws.append(NamedDensity(Normal(), Fraction(0), spread))
    if not laws:
        raise DataError("all weights are 0, and so is normal: the sum is the constant 0, point(0)")
    return _added(laws)


def _clusters(parts: Sequence[Summand]) -> list[NamedDensity]:
    """Return sums of gamma variables of one sign, those together whose scales are close enough.

    If not all are, narrower groups are added: a mixture of close scales has few terms, and a sum of
    laws evaluates each of them at thousands of points.
    """
    sizes = [abs(part.scale) for part in parts]
    ratio = LARGEST_RATIO if parts and max(sizes) <= LARGEST_RATIO * min(sizes) else _NARROW
    groups: list[list[Summand]] = []
    for part in sorted(parts, key=lambda part: abs(part.scale)):
        if not groups or part.scale / groups[-1][0].scale > ratio:
            groups.append([])
        groups[-1].append(part)
    located = (gamma_sum(Fraction(0), group) for group in groups)
    return [NamedDensity(*law, "a mixture of gamma laws") for law in located if law is not None]


def _added(laws: Sequence[NamedDensity]) -> Density:
    total = reduce(operator.add, laws)
    if not isinstance(total, Density):
        raise DtypeError(f"the sum is a {type(total).__name__}")
    return total
