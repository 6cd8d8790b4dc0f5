"""δ at ε and ε at δ between certified bounds, on lattices as fine as is asked for."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from faltung.distributions.privacy.composed import ComposedLoss
from faltung.distributions.privacy.dots import dominated, dominating
from faltung.distributions.privacy.knots import knots_for
from faltung.distributions.privacy.losses import Losses
from faltung.errors import OptionError

Terms: TypeAlias = Sequence[tuple[tuple[Losses, ...], int]]

_COARSE = 64  # at least so many points for the losses that matter
_BITS = 12  # of a step, so that its multiples are exact
_IN_VAIN = 4  # lattices without progress
_SMALLEST = 1e-290
_SHARE = 1e-6  # of δ: so much may lie above the lattice


class Interval(NamedTuple):
    """Certified bounds: the true value is between."""

    low: float
    high: float


def epsilon_of(terms: Terms, delta: float, tolerance: float) -> Interval:
    """Return bounds on ε that differ by at most the tolerance."""
    accountant = _Accountant(terms, delta)
    return _refined(
        terms,
        lambda step: accountant.bounds(step, lambda law: law.epsilon(delta)),
        tolerance,
        lambda found: found.high - found.low,
    )


def delta_of(terms: Terms, epsilon: float, tolerance: float) -> Interval:
    """Return bounds on δ that differ by at most the tolerance, relatively.

    What may lie above the lattice is a part of δ, which is not known before: it is guessed and the
    guess is corrected.
    """
    accountant = _Accountant(terms, 1e-10)

    def bounds(step: Fraction) -> Interval:
        while True:
            found = accountant.bounds(step, lambda law: law.delta(epsilon))
            if found.high >= accountant.delta or accountant.delta < _SMALLEST:
                return found
            accountant.delta = min(found.high / 10, accountant.delta * 1e-10)

    def width(found: Interval) -> float:
        # Below the smallest normal float nothing is told of δ but that.
        if found.high <= _SMALLEST:
            return 0.0
        return (found.high - found.low) / found.high if found.low else math.inf

    return _refined(terms, bounds, tolerance, width)


class _Accountant:
    """The composed losses of all directions on a lattice, and what earlier lattices have told.

    A direction whose upper bound is below another's lower bound cannot be the larger one: it is not
    looked at again. The tilt of the loss that counted says where bins must be narrow.
    """

    def __init__(self, terms: Terms, delta: float) -> None:
        self.delta = delta
        self._terms = terms
        self._directions = list(range(max(len(pairs) for pairs, _ in terms)))
        self._tilt = 0.0

    def bounds(self, step: Fraction, measure: Callable[[ComposedLoss], float]) -> Interval:
        """Return the largest of the lower and of the upper bounds over all directions."""
        tail = self.delta * _SHARE / sum(count for _, count in self._terms)
        low, high, tilts = {}, {}, {}
        for direction in self._directions:
            laws = self._laws(direction, step, tail)
            low[direction], high[direction] = (abs(measure(law)) for law in laws)
            tilts[direction] = laws[1].tilt
        best = max(low.values())
        self._directions = [i for i in self._directions if high[i] >= best]
        self._tilt = tilts[max(high, key=high.__getitem__)]
        return Interval(best, max(high.values()))

    def _laws(
        self, direction: int, step: Fraction, tail: float
    ) -> tuple[ComposedLoss, ComposedLoss]:
        """Return the composed loss that is dominated and the one that dominates."""
        low, high = [], []
        for pairs, count in self._terms:
            losses = pairs[direction % len(pairs)]
            knots = knots_for(losses, step, tail, self._tilt)
            low.append((dominated(losses, knots, step), count))
            high.append((dominating(losses, knots, step), count))
        return ComposedLoss(low, upper=False), ComposedLoss(high, upper=True)


def _refined(
    terms: Terms,
    bounds: Callable[[Fraction], Interval],
    tolerance: float,
    width: Callable[[Interval], float],
) -> Interval:
    """Return the bounds on the first lattice on which they are near enough; errors are O(step²)."""
    if not 0 < tolerance < math.inf:
        raise OptionError(f"tolerance={tolerance}: write a positive number")
    copies = sum(count for _, count in terms)
    step = _fitting(terms, min(2 * math.sqrt(min(tolerance, 1.0) / copies), _finest_feature(terms)))
    narrowest, in_vain = math.inf, 0
    while True:
        found = bounds(step)
        wide = width(found)
        if wide <= tolerance or found.low == math.inf:
            return found
        in_vain = in_vain + 1 if math.inf > wide > 0.9 * narrowest else 0
        if in_vain == _IN_VAIN:  # what is left is rounding, which a finer lattice increases
            raise OptionError(
                f"the bounds differ by {narrowest:.3g} at least, for the rounding of {copies} answers: "
                "write a larger tolerance"
            )
        narrowest = min(wide, narrowest)
        shrink = 0.8 * math.sqrt(tolerance / wide) if wide < math.inf else 0.1
        step = _fitting(terms, float(step) * min(max(shrink, 0.1), 0.7))


def _finest_feature(terms: Terms) -> float:
    """Return a step that a bounded range of losses is long in."""
    ranges = [pair.highest - pair.lowest for pairs, _ in terms for pair in pairs]
    return min(min(ranges) / _COARSE, 0.25)


def _fitting(terms: Terms, step: float) -> Fraction:
    """Return a step near `step` of few bits, or one of which the landmarks, if they allow, are multiples."""
    sizes = {size for pairs, _ in terms for pair in pairs for size in pair.landmarks}
    if len(sizes) == 1 and (size := sizes.pop()) >= step:
        return size / math.ceil(size / Fraction(step))
    fraction, exponent = math.frexp(step)
    return Fraction(math.ldexp(math.floor(math.ldexp(fraction, _BITS)), exponent - _BITS))
