"""Costs from times: linear least squares of the relative errors, no cost below zero.

A prediction is a sum of costs, each as often as it is met; a transform's is the least of such sums, and
by the envelope theorem the derivative by a cost is how often the chosen blocks meet it. Costs that the
problems tell little about stay near a multiple of the ones before, as Tikhonov has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.tuning.clock import predicted, table
from faltung.arrays.tuning.problems import Sample

__all__ = ["count_costs", "fitted"]

Array = NDArray[Any]

# A part of a cost, small enough not to change the blocks.
_STEP = 1e-4
# How much a cost that is twice the one before weighs, in relative errors of one time.
_TRUST = 0.15
# Larger errors than this weigh by their size, not by its square (Huber, Robust estimation of a location
# parameter, 1964), found by weights that are set anew so many times.
_USUAL = 0.1
_ROUNDS = 6
# No cost falls below this part of the one before.
_LEAST = 0.02


def count_costs(
    samples: Sequence[Sample], method: str, names: Sequence[str], costs: Mapping[str, float]
) -> Array:
    """Return how often each problem meets each of the costs."""
    with table(costs):
        base = [predicted(sample, method) for sample in samples]
    columns = []
    for name in names:
        step = _STEP * costs[name]
        with table({**costs, name: costs[name] + step}):
            more = [predicted(sample, method) for sample in samples]
        columns.append((np.array(more) - base) / step)
    return np.column_stack(columns)


def fitted(counts: Array, times: Array, before: Array) -> Array:
    """Return the costs that explain `times` best.

    Examples
    --------
    >>> counts = np.array([[1.0, 10.0], [1.0, 1000.0], [1.0, 300.0]])
    >>> fitted(counts, counts @ [50.0, 3.0], np.array([50.0, 3.0])).round(6)
    array([50.,  3.])
    """
    from scipy.optimize import nnls

    prior = before * float(np.median(times / (counts @ before)))
    relative = counts * prior / times[:, None]
    pull, weights = _TRUST * np.eye(len(prior)), np.ones(len(times))
    multiples = np.ones(len(prior))
    for _ in range(_ROUNDS):
        rows = np.vstack([relative * weights[:, None], pull])
        multiples, _ = nnls(rows, np.concatenate([weights, _TRUST * np.ones(len(prior))]))
        errors = np.abs(relative @ multiples - 1)
        weights = np.sqrt(_USUAL / np.maximum(errors, _USUAL))
    found: Array = np.maximum(multiples, _LEAST) * prior
    return found
