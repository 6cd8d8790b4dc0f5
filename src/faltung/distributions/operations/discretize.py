"""A law on a grid: rounded, bracketed from both sides, or with the mean kept."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.grids import gathered
from faltung.distributions.law.law import Law
from faltung.distributions.law.operands import as_operand, is_law
from faltung.distributions.mixed.accuracy import absolute_bound, error_at
from faltung.distributions.mixed.mixed import Mixed
from faltung.distributions.mixed.parts import lacking, mixture_of_atoms
from faltung.distributions.numbers.quadrature import GAUSS, KRONROD, NODES, integrate
from faltung.distributions.numbers.rational import (
    Integers,
    as_integers,
    as_rational,
    brief,
    grid_points,
    is_number,
    written,
)
from faltung.distributions.numbers.reach import Reach
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats, gamma, underflow
from faltung.distributions.weights.blended import blended, float_weights
from faltung.distributions.weights.exact import ExactWeights
from faltung.distributions.weights.given import Weights
from faltung.errors import DataError, DtypeError, OptionError

_Rule: TypeAlias = Callable[[Floats], Floats]

_METHODS = ("rounding", "lower", "upper", "mean")
_MOST_POINTS = 2**22
_CHUNK = 2**14
_RESOLVED = 1e-13
_EXCESS = 1e-9
_ACCURATE = 1e-10


def discretize(
    law: Law,
    step: Any,
    method: str = "rounding",
    *,
    neglected: float = 1e-18,
) -> Atoms:
    """Return a law on the multiples of `step` in place of another.

    Parameters
    ----------
    law
        Any law; an exact one stays exact.
    step
        The distance of the points, positive.
    method
        ============  ================================================================
        "rounding"    to the nearest multiple, a half downwards
        "lower"       the cdf is a lower bracket: values are rounded up
        "upper"       the cdf is an upper bracket: values are rounded down
        "mean"        each value is split between its two neighbours so that its mean,
                      and so that of the law, is kept (Gerber 1982)
        ============  ================================================================

        The names "lower" and "upper" are those of actuar's ``discretize``; they are of the cdf.
    neglected
        How much of an infinite tail may be cut off, on each side.

    Returns
    -------
    Atoms
        A :class:`Lattice`, or a :class:`Discrete` where a discrete law has few points.

    Raises
    ------
    DtypeError
        If `law` is no law.
    OptionError
        For another method, a step or `neglected` that is not positive, or if the grid would have
        more than 2**22 points.

    Notes
    -----
    For all x ``lower.cdf(x) <= law.cdf(x) <= upper.cdf(x)``, up to the bounds of these values, and
    the same for sums of each with independent variables: X rounded down is at most X, for certain.
    `neglected_mass` counts the tails that were cut, and twice the absolute bound of the law: a
    cell is a difference of two values, of cdf below the median and of sf above it.

    Mean preserving: with A_k the mean of `sf` over the k-th cell, the probability at its lower end
    is A_(k-1) - A_k (H. U. Gerber, "On the numerical evaluation of the distribution of aggregate
    claims and its stop-loss premiums", *Insurance: Mathematics and Economics* 1, 1982).

    Examples
    --------
    >>> from faltung.distributions import distribution
    >>> claim = distribution("expon(1)")
    >>> low, high = discretize(claim, 0.5, "lower"), discretize(claim, 0.5, "upper")
    >>> low.cdf(1.2) <= claim.cdf(1.2) <= high.cdf(1.2)
    True
    >>> round(discretize(claim, 0.5, "mean").mean(), 12)
    1.0
    """
    known = as_operand(law)
    if not is_law(known):
        raise DtypeError(f"discretize takes a law, not a {type(law).__name__}")
    if method not in _METHODS:
        raise OptionError(f"method={method!r}: write one of {', '.join(map(repr, _METHODS))}")
    width = as_rational(step, "step")
    if width <= 0:
        raise OptionError(f"step={written(step)}: write a positive distance")
    if not is_number(neglected) or not 0 < neglected < 1:
        raise OptionError(f"neglected={written(neglected)}: write a small positive probability")
    return _discretized(known, width, method, float(neglected))


def _discretized(law: Law, step: Fraction, method: str, neglected: float) -> Atoms:
    if isinstance(law, Atoms):
        return _of_atoms(law, step, method)
    if isinstance(law, Mixed):
        parts = [(w, _discretized(part, step, method, neglected)) for w, part in law.components()]
        factors = [Fraction(weight) for weight, _ in parts]
        floats = [part.to_float() for _, part in parts]
        whole = mixture_of_atoms(floats, factors, law._relative + ROUNDOFF)
        return lacking(whole, law._omitted.mass)
    return _of_density(law, step, method, neglected)


# --- discrete laws: points move, exactly ----------------------------------------------------------


def _of_atoms(law: Atoms, step: Fraction, method: str) -> Atoms:
    places = [(law._start + law._step * int(k)) / step for k in law._indices]
    if method == "mean":
        return _split(law, step, places)
    moves: dict[str, Callable[[Fraction], int]] = {
        "rounding": lambda x: math.ceil(x - Fraction(1, 2)),
        "lower": math.ceil,
        "upper": math.floor,
    }
    numbers = [moves[method](place) for place in places]
    return gathered(law._weights, Fraction(0), step, _integers(numbers), reach=_reach(law))


def _split(law: Atoms, step: Fraction, places: list[Fraction]) -> Atoms:
    """Split each point between the multiples below and above it, in proportion."""
    floors = [math.floor(place) for place in places]
    shares = [place - floor for place, floor in zip(places, floors, strict=True)]
    numbers = _integers([*floors, *(floor + 1 for floor in floors)])
    weights = _shared(law._weights, shares)
    return gathered(weights, Fraction(0), step, numbers, reach=_reach(law))


def _shared(weights: Weights, shares: list[Fraction]) -> Weights:
    """Return the parts that stay below and those that go above, each times its share."""
    if isinstance(weights, ExactWeights):
        denominator = math.lcm(*(share.denominator for share in shares))
        above = [int(s * denominator) * c for s, c in zip(shares, weights.counts, strict=True)]
        below = [c * denominator - a for c, a in zip(weights.counts, above, strict=True)]
        return ExactWeights([*below, *above], weights.denominator * denominator)
    up = np.array([float(share) for share in shares])
    down = np.array([float(1 - share) for share in shares])
    values = np.concatenate([weights.floats * down, weights.floats * up])
    own = blended([(Fraction(1), weights)], 3 * ROUNDOFF).to_float()
    lost = own.neglected + underflow(len(values), 0.0)
    return float_weights(values, own.relative, own.estimate, lost)


def _reach(law: Atoms) -> Reach | None:
    """Return infinite ends, where the law has them."""
    low, high = law.support()
    if law._reach is None or (math.isfinite(low) and math.isfinite(high)):
        return None
    ends = (law._ends().low, law._ends().high)
    return Reach(*ends)


def _integers(numbers: list[int]) -> Integers:
    return as_integers(np.array(numbers, dtype=object))


# --- densities: cells of the cdf and the sf -------------------------------------------------------


def _of_density(law: Law, step: Fraction, method: str, neglected: float) -> Atoms:
    low, high, lost = _window(law, neglected)
    first, last = math.floor(Fraction(low) / step), math.ceil(Fraction(high) / step)
    if last - first > _MOST_POINTS:
        raise OptionError(
            f"step={brief(step, 6)} makes {brief(last - first)} points from {low:.6g} to {high:.6g}, "
            f"more than {brief(_MOST_POINTS)}: write a larger step, or a larger neglected="
        )
    numbers = np.arange(first, last + 1)
    if method == "mean":
        values = _mean_kept(law, step, numbers)
    else:
        offset = {"rounding": Fraction(1, 2), "lower": Fraction(0), "upper": Fraction(1)}[method]
        edges = grid_points((offset - 1) * step, step, np.append(numbers, last + 1))
        # Rounded down, a value at an edge stays there: the cells are closed on the left.
        values = _cells(law, np.nextafter(edges, -np.inf) if method == "upper" else edges)
    excess = abs(math.fsum(values) - 1) - 2 * absolute_bound(law) - lost - gamma(len(values))
    if not excess <= _EXCESS:
        raise DataError(f"the cells of {law!r} have the mass {math.fsum(values):.12g}, not 1")
    relative, unknown = _accuracy(law, values, numbers, step)
    weights = float_weights(
        values, relative, relative / 4, lost + unknown + gamma(4) * unknown + max(excess, 0.0)
    )
    reach = None if lost == 0 else _infinite(law, first * step, last * step)
    return gathered(weights, Fraction(0), step, numbers, reach=reach)


def _accuracy(law: Law, values: Floats, numbers: Any, step: Fraction) -> tuple[float, float]:
    """Return the relative bound of the cells, and the mass that may be wrong in all.

    A cell is a - b with a and b known within their own errors: relatively within the sum of these
    over the cell. Where that is small in every cell it is the bound; otherwise the cells are known
    absolutely, as the differences of a cdf that is known within the bound of the law.
    """
    if getattr(law, "relative_error_bound", None) is not None:
        edges = grid_points(-step, step, np.append(numbers, int(numbers[-1]) + 1))
        edges = np.append(edges, float(step * (int(numbers[-1]) + 1)))
        below, above = np.asarray(law.cdf(edges)), np.asarray(law.sf(edges))
        errors = np.where(below <= above, error_at(law, edges, "cdf"), error_at(law, edges, "sf"))
        # A cell lies between the multiples beside its own, whichever way it is rounded, and errors
        # fall with the tail: the largest of three stands for both ends.
        worst = 2 * _largest_of_three(errors) + gamma(2) * _largest_of_three(
            np.minimum(below, above)
        )
        used = values > 0
        relative = float(np.max(worst[used] / values[used], initial=0.0)) + gamma(4)
        if relative <= _ACCURATE:
            return relative, 0.0
    return gamma(4), 2 * absolute_bound(law) + gamma(len(values))


def _largest_of_three(values: Floats) -> Floats:
    return np.maximum(np.maximum(values[:-2], values[1:-1]), values[2:])


def _window(law: Law, neglected: float) -> tuple[float, float, float]:
    """Return the ends that are kept, and the mass beyond them."""
    low, high = law.support()
    lost = 0.0
    if math.isinf(low):
        low, lost = float(law.ppf(neglected)), lost + neglected
    if math.isinf(high):
        high, lost = float(law.isf(neglected)), lost + neglected
    if not (math.isfinite(low) and math.isfinite(high)):
        raise OptionError(
            f"neglected={neglected:g} of {law!r} lies beyond the range of float64: write a larger one"
        )
    return low, high, lost


def _infinite(law: Law, first: Fraction, last: Fraction) -> Reach:
    """Return the ends of the grid, and infinite ones where the law has them."""
    low, high = law.support()
    return Reach(low if math.isinf(low) else first, high if math.isinf(high) else last)


def _cells(law: Law, edges: Floats) -> Floats:
    """Return P(a < X <= b) between neighbouring edges, as differences in the smaller tail."""
    below, above = np.asarray(law.cdf(edges)), np.asarray(law.sf(edges))
    left, right = np.diff(below), -np.diff(above)
    return np.asarray(np.maximum(np.where(below[1:] <= 0.5, left, right), 0.0))


def _mean_kept(law: Law, step: Fraction, numbers: Any) -> Floats:
    """Return the differences of the means of sf, below the median those of cdf, over the cells."""
    edges = grid_points(Fraction(0), step, np.append(numbers, int(numbers[-1]) + 1))
    above = _averages(law.sf, edges, absolute_bound(law))
    below = _averages(law.cdf, edges, absolute_bound(law))
    left = np.diff(below, prepend=0.0)
    right = -np.diff(above, prepend=1.0)
    return np.asarray(np.maximum(np.where(below <= 0.5, left, right), 0.0))


def _averages(rule: _Rule, edges: Floats, unknown: float) -> Floats:
    """Return the mean of a function over each cell, by halving where one rule does not resolve it.

    What is below a hundredth of what is unknown of the function anyway counts as resolved.
    """
    result = np.empty(len(edges) - 1)
    for i in range(0, len(result), _CHUNK):
        low, high = edges[i : i + _CHUNK + 1][:-1], edges[i : i + _CHUNK + 1][1:]
        points = 0.5 * (low + high)[:, np.newaxis] + 0.5 * (high - low)[:, np.newaxis] * NODES
        values = np.asarray(rule(points.ravel())).reshape(points.shape)
        fine, coarse = 0.5 * values @ KRONROD, 0.5 * values @ GAUSS
        open_ = np.abs(fine - coarse) > np.maximum(_RESOLVED * fine, 0.01 * unknown)
        for k in np.flatnonzero(open_).tolist():
            fine[k] = integrate(rule, np.array([low[k], high[k]])) / (high[k] - low[k])
        result[i : i + len(low)] = np.minimum(fine, 1.0)
    return result
