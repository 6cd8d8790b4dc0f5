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
    gamma,
    more,
    smallest_positive,
    underflow,
)
from faltung.distributions.weights.exact import ExactWeights
from faltung.distributions.weights.given import Weights
from faltung.distributions.weights.scaled import ScaledWeights
from faltung.errors import OptionError

_HALF = 0.5


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

    The factors are non-negative and sum to one: exactly, or if `relative` is given, each is within
    that of a number that does. Exact if factors and weights are.
    """
    if relative is None and all(isinstance(weights, ExactWeights) for _, weights in parts):
        return exact_weights(
            [factor * p for factor, each in parts for p in each.fractions()]  # type: ignore[union-attr]
        )
    floats = [(float(factor), weights.to_float()) for factor, weights in parts]
    values = np.concatenate([factor * weights.floats for factor, weights in floats])
    least = min(factor * smallest_positive(weights.floats) for factor, weights in floats)
    lost = math.fsum(more(factor * weights.neglected, 4 * ROUNDOFF) for factor, weights in floats)
    return float_weights(
        values,
        max(chained(weights.relative, relative or 0.0, gamma(2)) for _, weights in floats),
        max(weights.estimate for _, weights in floats) + ROUNDOFF,
        lost + underflow(len(values), least),
    )


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
    total = math.fsum(chosen.floats)
    off = chosen.relative + 1.01 * chosen.neglected / total
    if not off < _HALF:
        raise OptionError(
            f"the values kept have the probability {total:.3g}, and {chosen.neglected:.3g} may be "
            "missing from it: keep more of them, or give exact weights"
        )
    relative = chained((1 + chosen.relative) / (1 - off) - 1, gamma(3))
    least = smallest_positive(chosen.floats) / total
    return float_weights(
        chosen.floats / total,
        relative,
        2 * chosen.estimate + ROUNDOFF,
        1.01 * chosen.neglected / total / (1 - off) + underflow(len(kept), least),
    )
