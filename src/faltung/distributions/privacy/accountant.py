"""δ at ε and ε at δ between certified bounds, on lattices as fine as is asked for."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from faltung.distributions.privacy.composed import ComposedLoss, composed
from faltung.distributions.privacy.dots import Dots, dominated, dominating
from faltung.distributions.privacy.losses import Losses
from faltung.errors import OptionError

Terms: TypeAlias = Sequence[tuple[tuple[Losses, ...], int]]

_LONGEST = 2**17  # points of one lattice
_COARSE = 64  # at least so many points for the losses that matter
_BITS = 12  # of a step, so that its multiples are exact
_SHARE = 1e-6  # of δ: so much may lie above the lattice


class Interval(NamedTuple):
    """Certified bounds: the true value is between."""

    low: float
    high: float


def epsilon_of(terms: Terms, delta: float, tolerance: float) -> Interval:
    """Return bounds on ε that differ by at most the tolerance."""

    def bounds(step: float) -> Interval:
        low, high = _laws(terms, step, delta)
        return Interval(
            max(law.epsilon(delta, upper=False) for law in low),
            max(law.epsilon(delta, upper=True) for law in high),
        )

    return _refined(terms, bounds, tolerance, lambda found: found.high - found.low)


def delta_of(terms: Terms, epsilon: float, tolerance: float) -> Interval:
    """Return bounds on δ that differ by at most the tolerance, relatively.

    What may lie above the lattice is a part of δ, which is not known before: it is guessed and the
    guess is corrected.
    """
    guess = 1e-10

    def bounds(step: float) -> Interval:
        nonlocal guess
        while True:
            low, high = _laws(terms, step, guess)
            found = Interval(
                max(law.delta(epsilon, upper=False) for law in low),
                max(law.delta(epsilon, upper=True) for law in high),
            )
            if found.high >= guess or guess == 0 or found.high == 0:
                return found
            guess = min(found.high / 10, guess * 1e-10)

    def width(found: Interval) -> float:
        return (found.high - found.low) / found.high if found.high else 0.0

    return _refined(terms, bounds, tolerance, width)


def _refined(
    terms: Terms,
    bounds: Callable[[float], Interval],
    tolerance: float,
    width: Callable[[Interval], float],
) -> Interval:
    """Return the bounds on the first lattice on which they are near enough; errors are O(step²)."""
    if not 0 < tolerance < math.inf:
        raise OptionError(f"tolerance={tolerance}: write a positive number")
    copies = sum(count for _, count in terms)
    step = _rounded(min(2 * math.sqrt(min(tolerance, 1.0) / copies), _finest_feature(terms)))
    while True:
        found = bounds(step)
        wide = width(found)
        if wide <= tolerance or found.low == math.inf:
            return found
        shrink = 0.8 * math.sqrt(tolerance / wide) if wide < math.inf else 0.25
        step = _rounded(step * min(max(shrink, 0.1), 0.7))


def _finest_feature(terms: Terms) -> float:
    """Return a step that a bounded range of losses is long in."""
    ranges = [pair.highest - pair.lowest for pairs, _ in terms for pair in pairs]
    return min(min(ranges) / _COARSE, 0.25)


def _rounded(step: float) -> float:
    """Return a float near the step that has few bits."""
    fraction, exponent = math.frexp(step)
    return math.ldexp(max(math.floor(math.ldexp(fraction, _BITS)), 1), exponent - _BITS)


def _laws(terms: Terms, step: float, delta: float) -> tuple[list[ComposedLoss], list[ComposedLoss]]:
    """Return, for each direction, the composed loss that is dominated and the one that dominates."""
    directions = max(len(pairs) for pairs, _ in terms)
    copies = sum(count for _, count in terms)
    tail = delta * _SHARE / copies
    found: tuple[list[ComposedLoss], list[ComposedLoss]] = ([], [])
    for i in range(directions):
        rows: tuple[list[tuple[Dots, int]], list[tuple[Dots, int]]] = ([], [])
        for pairs, count in terms:
            losses = pairs[i % len(pairs)]
            first, length = _range(losses, step, tail)
            rows[0].append((dominated(losses, first, length, step), count))
            rows[1].append((dominating(losses, first, length, step), count))
        found[0].append(composed(rows[0]))
        found[1].append(composed(rows[1]))
    return found


def _range(losses: Losses, step: float, tail: float) -> tuple[int, int]:
    """Return the first place and the number of bins that leave out a probability of `tail`."""
    x_low, x_high = losses.reach
    ends = []
    for side in (1, -1):
        inner, outer = (0.5 * (x_low + x_high), x_high if side == 1 else x_low)
        for _ in range(60):
            middle = 0.5 * (inner + outer)
            edges = (middle, np.inf) if side == 1 else (-np.inf, middle)
            mass = float(losses.mass(np.array([edges[0]]), np.array([edges[1]]))[0])
            inner, outer = (inner, middle) if mass < tail else (middle, outer)
        ends.append(float(losses.loss(np.array([outer]))[0]))
    high = min(ends[0], losses.highest)
    low = max(ends[1], losses.lowest)
    first, last = math.floor(low / step) - 1, math.ceil(high / step) + 1
    if last - first > _LONGEST:
        raise OptionError(
            f"a lattice of step {step:.3g} for losses from {low:.3g} to {high:.3g} has "
            f"{last - first} points, more than {_LONGEST}: write a larger tolerance"
        )
    return first, last - first
