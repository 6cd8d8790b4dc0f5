"""SciPy's continuous distributions as densities on a bounded window."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.distributions.continuous.density import Density
from faltung.distributions.continuous.facts import Facts, largest_value
from faltung.distributions.discrete.lattice import point
from faltung.distributions.numbers.reach import Reach, as_end
from faltung.errors import DataError, FaltungError, OptionError, ResolutionError
from faltung.functions import Function
from faltung.functions.checks import as_places
from faltung.functions.made import polynomials_at

_TAIL = 1e-18  # mass that each end of the window leaves out
_WIDEST = 2e5  # a window may be so many times wider than the distance of the quartiles
_CUTS = (0.5, 1e-4, 1e-9)  # pieces end at these quantiles, so that tails have pieces of their own
_LARGEST_BOUND = 1e-8
_DISAGREEMENT = 1e-6

# Where a density bends or jumps inside its support, in units of loc and scale. A break where
# nothing happens does no harm.
_BENDS: dict[str, Callable[[tuple[float, ...]], tuple[float, ...]]] = {
    "triang": lambda shapes: shapes,
    "trapezoid": lambda shapes: shapes,
    "crystalball": lambda shapes: (-shapes[0],),
}


@dataclass(frozen=True)
class _Window:
    """Where a density is kept: its ends, and the mass and the density that they leave out."""

    low: float
    high: float
    lost_mass: float
    lost_density: float


def density_of(frozen: Any, name: str) -> Density:
    """Return the law of a frozen continuous distribution.

    Its density is resolved on a window that leaves out a mass of about 1e-18 at each end without
    a bound, as SciPy's own cdf and sf tell it. Its integral must be 1 and its antiderivative must
    agree with SciPy's cdf. What the integral lacks counts as density that is lost, in both bounds;
    how far SciPy's cdf is from the antiderivative is added to `error_bound`, so that cdf and sf are
    within it of either. No bound on the density follows from a cdf: what is meant is SciPy's own.

    Raises
    ------
    OptionError
        If the density has a pole, or tails too heavy for a bounded window.
    DataError
        If the density is negative or NaN, or disagrees with the cdf.
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        window, function = _resolved(frozen, name)
        facts = _facts(frozen, window, function, name)
    law = Density._create(function, facts, point(0))
    if not law.error_bound <= _LARGEST_BOUND:
        raise OptionError(
            f"{name} cannot be held on a bounded window: its cdf would be uncertain by "
            f"{law.error_bound:.2g}, and at most {_LARGEST_BOUND:g} is accepted"
        )
    return law


def _resolved(frozen: Any, name: str) -> tuple[_Window, Function]:
    """Resolve the density up to the ends of the support, or where that fails, up to 1e-18."""
    whole = _window(frozen, name, cut=False)
    _refuse_pole(frozen, name)
    try:
        return whole, _function(frozen, whole)
    except ResolutionError:
        cut = _window(frozen, name, cut=True)
    try:
        return cut, _function(frozen, cut)
    except FaltungError as error:
        raise OptionError(
            f"{name} has a density that polynomials cannot follow: {error}"
        ) from error


def _function(frozen: Any, window: _Window) -> Function:
    try:
        places = as_places((window.low, window.high), _breaks(frozen, window))
        return Function._of(polynomials_at(frozen.pdf, places))
    except DataError as error:
        raise ResolutionError(str(error)) from error


def _window(frozen: Any, name: str, *, cut: bool) -> _Window:
    """Return the support, with infinite ends replaced, and all ends if `cut`."""
    ends, masses, heights = [float(end) for end in frozen.support()], [], []
    for i, tail in enumerate((frozen.cdf, frozen.sf)):
        if np.isinf(ends[i]):
            ends[i] = _far_point(frozen, side=2 * i - 1, name=name)
        elif cut:
            ends[i] = float(frozen.ppf(_TAIL) if i == 0 else frozen.isf(_TAIL))
        else:
            continue
        heights.append(float(frozen.pdf(ends[i])))
        own = float(tail(ends[i])) if _has_own(frozen, ("_cdf", "_sf")[i]) else 0.0
        masses.append(max(own, _TAIL))
    return _Window(ends[0], ends[1], sum(masses), max(heights, default=0.0))


def _far_point(frozen: Any, *, side: int, name: str) -> float:
    """Return a point in an infinite tail with a mass of less than 1e-18 beyond it.

    It is the first that serves of the median + side * quartile range * 1.2^k. A tail that falls
    faster than 1 / x^2 holds less than distance times density; twice that is demanded. SciPy's own
    isf is of no use here: in a quarter of its families it is ppf(1 - q).
    """
    lower, middle, upper = (float(frozen.ppf(q)) for q in (0.25, 0.5, 0.75))
    distances = (upper - lower) * 1.2 ** np.arange(1.0, math.log(_WIDEST / 2, 1.2))
    beyond = 2 * distances * np.asarray(frozen.pdf(middle + side * distances))
    enough = np.flatnonzero(beyond <= _TAIL)
    if not len(enough):
        raise OptionError(
            f"{name} has tails too heavy for a bounded window: more than {_TAIL:g} of its mass lies "
            f"{_WIDEST / 2:g} quartile ranges from the median; truncate it, and give the density to "
            "Density(...)"
        )
    return middle + side * float(distances[enough[0]])


def _has_own(frozen: Any, method: str) -> bool:
    """Tell whether a family computes a method itself; SciPy's stand-ins are not accurate."""
    from scipy.stats import rv_continuous

    return getattr(type(frozen.dist), method) is not getattr(rv_continuous, method)


def _refuse_pole(frozen: Any, name: str) -> None:
    """Refuse a density that grows without bound towards an end or its location."""
    low, high = (float(end) for end in frozen.support())
    width = float(frozen.ppf(0.75)) - float(frozen.ppf(0.25))
    distances = width * 2.0 ** -np.arange(20.0, 60.0, 8.0)
    places = [(low, 1), (high, -1), *((x, 1) for x in _inner_breaks(frozen))]
    for place, side in places:
        if not np.isfinite(place):
            continue
        heights = np.asarray(frozen.pdf(place + side * distances))
        resolved = place + side * distances[-1] != place
        if np.isposinf(frozen.pdf(place)) or (resolved and _grows(heights)):
            raise OptionError(
                f"{name} has a density that grows without bound at {place:g}: polynomials cannot "
                "hold a pole, and such laws are not supported"
            )


def _grows(heights: NDArray[np.float64]) -> bool:
    """Tell whether each of the heights towards a point is clearly larger than the one before."""
    return bool(np.all(heights[1:] > 1.02 * heights[:-1]))


def _inner_breaks(frozen: Any) -> list[float]:
    shapes, location, scale = frozen.dist._parse_args(*frozen.args, **frozen.kwds)
    bins = getattr(frozen.dist, "_hbins", None)
    if bins is not None:
        return [location + scale * float(edge) for edge in bins]
    find = _BENDS.get(frozen.dist.name)
    bends = find(shapes) if find else (0.0,)
    return [location + scale * float(bend) for bend in bends]


def _breaks(frozen: Any, window: _Window) -> list[float]:
    """Return the bends inside the window, and cuts in the tails of an unbounded support."""
    low, high = frozen.support()
    breaks = _inner_breaks(frozen)
    if np.isinf(low):
        breaks += [float(frozen.ppf(q)) for q in _CUTS]
    if np.isinf(high):
        breaks += [float(frozen.isf(q)) for q in _CUTS]
    return _apart([x for x in breaks if window.low < x < window.high], window)


def _apart(breaks: list[float], window: _Window) -> list[float]:
    """Drop breaks that nearly coincide with another or an end, keeping the earlier named."""
    least = 1e-9 * (window.high - window.low)
    kept = [window.low, window.high]
    for x in breaks:
        if min(abs(x - other) for other in kept) > least:
            kept.append(x)
    return sorted(kept[2:])


def _facts(frozen: Any, window: _Window, function: Function, name: str) -> Facts:
    below = function.cumulative()
    mass = abs(function.integral() - 1)
    apart = max(mass, _distance(frozen, window, below))
    if not apart <= _DISAGREEMENT:
        raise DataError(
            f"the density of {name} does not belong to its cdf: their integrals differ by {apart:.2g}"
        )
    mean, variance = (float(moment) for moment in frozen.stats("mv"))
    excess = max(mass - below.error_bound, 0.0)
    return Facts(
        mean,
        variance,
        Reach(*(as_end(float(end)) for end in frozen.support())),
        window.lost_mass + excess,
        window.lost_density + excess * largest_value(function),
        max(apart - below.error_bound - excess, 0.0),
    )


def _distance(frozen: Any, window: _Window, below: Function) -> float:
    """Return how far the antiderivative is from the family's own cdf, if it has one."""
    if not _has_own(frozen, "_cdf"):
        return 0.0
    points = np.linspace(window.low, window.high, 33)[1:-1]
    points = np.concatenate([points, frozen.ppf([1e-3, 0.1, 0.5, 0.9, 0.999])])
    known = frozen.cdf(points) - frozen.cdf(window.low)
    return float(np.max(np.abs(below(points) - known)))
