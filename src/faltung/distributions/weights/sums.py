"""The probabilities of a sum of many different variables, in one call."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence

import numpy as np

from faltung import _core
from faltung.distributions.numbers.rounding import Floats, chained, more, together
from faltung.distributions.weights.exact import ExactWeights
from faltung.distributions.weights.given import Weights
from faltung.distributions.weights.numbers import Exponents, ScaledNumbers, too_wild_refused
from faltung.distributions.weights.scale import Scale
from faltung.distributions.weights.scaled import ScaledWeights, refuse_depth, refuse_work


def convolved_all(weights: Sequence[Weights]) -> Weights:
    """Return the probabilities of the sum of independent variables, exact if all weights are.

    Raises
    ------
    OptionError
        Beyond 10**12 products of floats.
    ExactnessError
        If an exact product would take minutes or gigabytes.
    """
    exact = [each for each in weights if isinstance(each, ExactWeights)]
    if len(exact) == len(weights):
        return _exact_product(exact)
    return _scaled_product([each.to_float() for each in weights])


def _exact_product(weights: Sequence[ExactWeights]) -> ExactWeights:
    """Return the convolution of all, the two shortest first."""
    heap = [(len(each), i, each) for i, each in enumerate(weights)]
    heapq.heapify(heap)
    for i in range(len(weights), 2 * len(weights) - 1):
        product = heapq.heappop(heap)[2].convolved(heapq.heappop(heap)[2])
        heapq.heappush(heap, (len(product), i, product))
    return heap[0][2]


def _scaled_product(weights: Sequence[ScaledWeights]) -> ScaledWeights:
    """Return the convolution of all.

    The convolutions are those of a balanced tree, short laws first; where they are many they are
    computed in double-double, so that the bound stays below 1e-12 for any number of laws.
    """
    if len(weights) == 1:
        return weights[0]
    offsets = np.cumsum([0, *map(len, weights)])
    numbers = ScaledNumbers.joined([each.numbers for each in weights])
    summed, bound, estimate = multiplied(numbers, offsets)
    scale = _product_of_scales([each.scale for each in weights])
    relative = chained(bound, scale.relative, *(each.relative for each in weights))
    guess = together(estimate, *(each.estimate for each in weights))
    missing = math.expm1(math.fsum(math.log1p(each.neglected) for each in weights))
    return ScaledWeights(summed, scale, relative, guess, more(missing, relative + 1e-15))


def bernoulli_sum(p: Floats) -> ScaledWeights:
    """Return the probabilities of the number of successes in independent trials.

    Each of `p`, at least one, is strictly between 0 and 1, and ``1 - p`` is kept to all its digits.
    """
    q = 1 - p
    high = np.stack([q, p], axis=1).ravel()
    low = np.stack([(1 - q) - p, np.zeros_like(p)], axis=1).ravel()  # exact (Dekker 1971)
    summed, bound, estimate = multiplied(
        ScaledNumbers.from_floats(high, low), 2 * np.arange(len(p) + 1)
    )
    return ScaledWeights(summed, Scale(), bound, estimate)


def multiplied(numbers: ScaledNumbers, offsets: Exponents) -> tuple[ScaledNumbers, float, float]:
    """Return the convolution of vectors that lie one after the other, its bound and estimate.

    Vector i begins at ``offsets[i]`` and ends before ``offsets[i + 1]``.
    """
    refuse_work((len(numbers) - len(offsets) + 2) ** 2 // 4)
    refuse_depth(numbers, len(offsets) - 1)
    with too_wild_refused():
        parts, bound, estimate = _core.scaled_product(
            *numbers.parts, offsets.astype(np.int64), threads=0
        )
    return ScaledNumbers(*parts), bound, estimate


def _product_of_scales(scales: list[Scale]) -> Scale:
    while len(scales) > 1:
        pairs = [a.times(b) for a, b in zip(scales[::2], scales[1::2], strict=False)]
        scales = pairs + scales[len(pairs) * 2 :]
    return scales[0]
