"""Weights made of other weights: joined with factors, conditioned on a part, or newly computed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from faltung.distributions.numbers.rounding import (
    ROUNDOFF,
    Floats,
    chained,
    more,
)
from faltung.distributions.weights.exact import ExactWeights
from faltung.distributions.weights.given import Weights
from faltung.distributions.weights.numbers import ScaledNumbers
from faltung.distributions.weights.scale import Scale
from faltung.distributions.weights.scaled import ScaledWeights
from faltung.errors import OptionError

_HALF = 0.5
_LARGEST = 700.0  # of a logarithm that exp takes
_PRODUCT = 2.0**-102  # of a scaled number and two scales


def float_weights(
    values: Floats, relative: float, estimate: float, neglected: float
) -> ScaledWeights:
    """Return probabilities that were computed in float64, with what is known of their error."""
    return ScaledWeights.from_floats(values, relative, estimate, neglected)


def exact_weights(fractions: Sequence[Fraction]) -> ExactWeights:
    """Return exact probabilities; they sum to one."""
    denominator = math.lcm(*(entry.denominator for entry in fractions))
    return ExactWeights([int(entry * denominator) for entry in fractions], denominator)


def blended(parts: Sequence[tuple[Fraction, Weights]], relative: float | None = None) -> Weights:
    """Return the weights of several laws one after the other, each times its factor.

    The factors are positive and sum to one: exactly, or if `relative` is given, each is within
    that of a number that does. Exact if factors and weights are.
    """
    if relative is None and all(isinstance(weights, ExactWeights) for _, weights in parts):
        return exact_weights([factor * p for factor, each in parts for p in each.fractions()])
    scaled = [(factor, weights.to_float()) for factor, weights in parts]
    return ScaledWeights(
        ScaledNumbers.joined([_times(factor, weights) for factor, weights in scaled]),
        Scale(),
        max(chained(weights.relative, relative or 0.0, _PRODUCT) for _, weights in scaled),
        max(weights.estimate for _, weights in scaled) + (relative or _PRODUCT) / 4,
        math.fsum(more(float(factor) * each.neglected, 4 * ROUNDOFF) for factor, each in scaled),
    )


def _times(factor: Fraction, weights: ScaledWeights) -> ScaledNumbers:
    """Return the probabilities times a positive factor, with one rounding."""
    return weights.numbers.times(weights.scale.times(Scale.from_fraction(factor)))


def conditioned(weights: Weights, kept: NDArray[np.intp]) -> Weights:
    """Return the weights at the indices `kept`, divided by their sum, which is positive.

    With each computed p within ``r p + n_i`` of the true one, their sum P is within ``(r + n / P)``
    of its own, relatively; the quotients so are within ``(1 + r) / (1 - r - n / P)`` of theirs.

    Raises
    ------
    OptionError
        If what the weights may lack is more than half of that sum.
    """
    chosen = weights.chosen(kept)
    if isinstance(chosen, ExactWeights):
        divisor = math.gcd(*chosen.counts)
        counts = [count // divisor for count in chosen.counts]
        return ExactWeights(counts, sum(counts))
    logarithm = float(chosen.sums_below.logarithms()[-1])
    lost = 1.01 * _share(chosen.neglected, logarithm)
    off = chosen.relative + lost
    if not off < _HALF:
        raise OptionError(
            f"the values kept have the probability {_written(logarithm)}, and "
            f"{chosen.neglected:.3g} may be missing from it: keep more of them, or give exact weights"
        )
    scale = chosen.numbers.total().reciprocal()
    relative = (chosen.relative + off) / (1 - off) * (1 + 4 * ROUNDOFF)
    return ScaledWeights(
        chosen.numbers,
        scale,
        chained(relative, scale.relative, chosen.additions),
        2 * chosen.estimate + chosen.additions / 8,
        lost / (1 - off),
    )


def _share(mass: float, logarithm: float) -> float:
    """Return a mass divided by one whose logarithm is given, which may be below the floats."""
    return math.exp(min(math.log(mass) - logarithm, _LARGEST)) if mass else 0.0


def _written(logarithm: float) -> str:
    """Return exp of a logarithm with three digits, at any depth."""
    if logarithm > -_LARGEST:
        return f"{math.exp(logarithm):.3g}"
    power = math.floor(logarithm / math.log(10))
    return f"{math.exp(logarithm - power * math.log(10)):.3g}e{power}"
