"""SciPy's discrete distributions on a window that loses next to nothing."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.known import Known
from faltung.distributions.discrete.lattice import Lattice, trim
from faltung.distributions.discrete.points import Discrete, arranged
from faltung.distributions.numbers.rational import as_rational
from faltung.distributions.numbers.reach import Reach
from faltung.distributions.numbers.rounding import ROUNDOFF, smallest_positive, underflow
from faltung.distributions.scipy_laws.counts import has_ratios, probabilities
from faltung.distributions.weights.scale import Scale
from faltung.distributions.weights.scaled import ScaledWeights
from faltung.errors import DataError, OptionError

_DEEP = 1e-300  # mass that may be neglected where the window stays short
_ENOUGH = 1e-20  # mass that may be neglected at most
_NOTHING = math.ulp(0.0)  # for a mass that SciPy says is 0
_SMALL = 1e-15  # a zero beside a larger probability is the end of the law
_SHORT = 2**16
_LONGEST = 2**20
_FARTHEST = 2.0**52
_MASS_TOLERANCE = 1e-9


def atoms_of(frozen: Any, name: str) -> Atoms:
    """Return the law of a frozen discrete distribution, with SciPy's probabilities.

    A support without end is cut where the mass beyond is below 1e-300, or, if that is more than
    65,536 points away, below 1e-20; the mass is stated in `neglected_mass`, and `support` remains
    SciPy's. SciPy's probabilities are divided by their sum; what that changes is added to
    `error_bound`.
    """
    if hasattr(frozen.dist, "xk"):
        return _listed(frozen)
    known = _known(frozen)
    if has_ratios(known):
        assert known is not None
        _, offset, _ = frozen.dist._parse_args(*frozen.args, **frozen.kwds)
        law = counting_law(known)
        return law._shifted(Fraction(float(offset))) if offset else law
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # of values far outside, which are checked below
        return _windowed(frozen, name)


def counting_law(known: Known) -> Lattice:
    """Return a Poisson, binomial or negative binomial law, cut as :func:`atoms_of` says.

    Its probabilities are those of the exact shapes, each within a few roundings.
    """
    from scipy import stats

    frozen = getattr(stats, known.family)(*(float(shape) for shape in known.shapes))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        law = _windowed(frozen, f"scipy.stats.{known}", known)
    if known.offset:
        law = law._shifted(Fraction(known.offset))
    law._known = known
    return law


def _known(frozen: Any) -> Known | None:
    """Return the family and the shapes of one of SciPy's own laws, None if they are no numbers."""
    if not type(frozen.dist).__module__.startswith("scipy."):
        return None
    shapes, _, _ = frozen.dist._parse_args(*frozen.args, **frozen.kwds)
    try:
        return Known.of(frozen.dist.name, tuple(Fraction(float(shape)) for shape in shapes))
    except (TypeError, ValueError, OverflowError):
        return None


def _windowed(frozen: Any, name: str, known: Known | None = None) -> Lattice:
    low, high = frozen.support()
    middle = float(frozen.ppf(0.5))
    if math.isnan(middle):
        raise OptionError(
            f"SciPy finds no median of {name}: approximate it by a normal law, or add copies of a "
            "smaller one, X.sum(n)"
        )
    if not abs(middle) < _FARTHEST:
        raise OptionError(
            f"{name} has its median at {middle:g}, and is supported up to {_FARTHEST:g}, as far as "
            "whole numbers are float64: approximate it by a normal law"
        )
    first, lost_below = _end(lambda k: _beyond_left(frozen, k), middle, float(low), -1, name)
    last, lost_above = _end(lambda k: _beyond_right(frozen, k), middle, float(high), 1, name)
    if known is None:
        places = first + np.arange(round(last - first) + 1)
        values = np.asarray(frozen.pmf(places), dtype=np.float64)
        lost = max(lost_below, _beyond_zeros(values, lost_below))
        lost += max(lost_above, _beyond_zeros(values[::-1], lost_above))
        weights = _weights(values, lost, name)
    else:
        numbers, relative = probabilities(known, *map(round, (first, last, middle)))
        lost = lost_below + lost_above
        weights = ScaledWeights(numbers, Scale(), relative, relative / 8, lost)
    trimmed, skipped = trim(weights)
    start = as_rational(first) + skipped
    reach = None if (start, start + len(trimmed) - 1) == (low, high) else _reach(low, high)
    return Lattice._create(trimmed, start, as_rational(1), None, reach=reach)


def _reach(*ends: float) -> Reach:
    low, high = (float(end) if np.isinf(end) else as_rational(end) for end in ends)
    return Reach(low, high)


def _listed(frozen: Any) -> Atoms:
    """Return an ``rv_discrete(values=(xk, pk))``, whose points need be no integers."""
    _, location, _ = frozen.dist._parse_args(*frozen.args, **frozen.kwds)
    law = Discrete(np.asarray(frozen.dist.xk) + location, frozen.dist.pk)
    return arranged(law._weights, law._start, law._step, law._indices)


def _weights(values: Any, lost: float, name: str) -> ScaledWeights:
    if not (np.isfinite(values) & (values >= 0)).all():
        raise DataError(f"{name} has a probability that is NaN, infinite or negative")
    total = math.fsum(values)
    if abs(total - 1) > _MASS_TOLERANCE:
        raise DataError(f"the probabilities of {name} sum to {total:.12g}, not 1")
    relative = abs(total - 1) + 4 * ROUNDOFF
    tiny = underflow(len(values), smallest_positive(values))
    return ScaledWeights.from_floats(values / total, relative, relative / 2, lost + tiny)


def _end(
    beyond: Callable[[float], float], middle: float, end: float, side: int, name: str
) -> tuple[float, float]:
    """Return the last point of the window on one side, and the mass beyond it at most."""
    reach = int(min(abs(end - middle), _LONGEST))
    if abs(end - middle) <= _SHORT and reach == abs(end - middle):
        return end, 0.0
    deep = _first(lambda k: beyond(middle + side * k) <= _DEEP, reach)
    if deep is None or deep > _SHORT:
        enough = _first(lambda k: beyond(middle + side * k) <= _ENOUGH, reach)
        if enough is None:
            raise OptionError(
                f"{name} has a tail too heavy for a window: {beyond(middle + side * reach):.2g} of "
                f"its mass lies more than {reach} points from its median, and {_ENOUGH:g} may be "
                "neglected; give the probabilities of a window of your own to Lattice(weights), or "
                "add copies of a law of fewer points, X.sum(n)"
            )
        deep = max(enough, min(deep or reach, _SHORT))
    place = middle + side * deep
    return place, max(beyond(place), _NOTHING)  # SciPy's tail may be 0, the true one is not


def _beyond_zeros(values: NDArray[np.float64], lost: float) -> float:
    """Bound the mass where SciPy's probabilities are zeros, as if they went on falling.

    Some families are 0 long before they underflow: skellam(300, 1) below 1e-117. A zero beside a
    probability that is not small is the end of the law.
    """
    used = np.flatnonzero(values > 0)
    begins_with_zero = len(used) and (used[0] > 0 or lost == _NOTHING)
    if len(used) < 2 or not begins_with_zero:
        return 0.0
    last, before = float(values[used[0]]), float(values[used[0] + 1])
    if last > _SMALL or last >= before:
        return 0.0
    return 2 * last / (1 - last / before)


def _first(holds: Callable[[int], bool], limit: int) -> int | None:
    """Return the smallest k from 0 to `limit` at which a monotone condition holds, by doubling."""
    step = 1
    while step < limit and not holds(step):
        step *= 2
    low, high = step // 2, min(step, limit)
    if not holds(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _beyond_right(frozen: Any, k: float) -> float:
    return max(float(frozen.sf(k)), _geometric(frozen.pmf(k + 1), frozen.pmf(k + 2)))


def _beyond_left(frozen: Any, k: float) -> float:
    return max(float(frozen.cdf(k - 1)), _geometric(frozen.pmf(k - 1), frozen.pmf(k - 2)))


def _geometric(next_: float, following: float) -> float:
    """Bound a tail by a geometric series with the ratio of its first two terms, doubled.

    SciPy's sf may be 0 long before the tail is: it is 1 - cdf in some families.
    """
    if next_ == 0:
        return 0.0
    ratio = following / next_
    return float(2 * next_ / (1 - ratio)) if ratio < 1 else math.inf
