"""Samples on a grid: ``fftconvolve(f, g) * dx``, then the values between the grid points.

The samples lie in the middles of equal cells, so that no end and no pole is hit. The cells fill both
intervals exactly where a width can be found that does so, else the interval at whose ends the
function is larger. What lies between is read from the cubic through four neighbours.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.fft
import scipy.signal

from benchmarks.functions.cases import Array, Case, Operand
from benchmarks.functions.peers.contract import Peer, Solve

__all__ = ["peers"]


def peers() -> list[Peer]:
    """Return a fine grid and a coarse one."""
    return [
        Peer(f"grid {name}", _takes, functools.partial(_build, count))
        for name, count in (("1e6", 10**6), ("1e4", 10**4))
    ]


def _takes(case: Case) -> bool:
    return case.operation in ("convolve", "power")


@dataclass(frozen=True)
class _Samples:
    """Samples of a function: where the first cell begins, and one value for each cell."""

    start: float
    values: Array


def _build(count: int, case: Case) -> Solve:
    if case.f.periodic:
        return _around(count, case)
    f, g = case.f, case.g
    dx = _cell(case, count)
    first, second = _sampled(f, dx), _sampled(g, dx)
    factors = [first] * case.power if case.operation == "power" else [first, second]
    # The middles of the cells add: a sum of n factors begins n halves of a cell after the starts.
    origin = sum(factor.start for factor in factors) + len(factors) * dx / 2

    def solve() -> Array:
        h = factors[0].values
        for factor in factors[1:]:
            h = scipy.signal.fftconvolve(h, factor.values) * dx
        return _between((case.places - origin) / dx, h.size, lambda i: h[i])

    return solve


def _cell(case: Case, count: int) -> float:
    """Return the width of a cell, such that about `count` of them fill the domain of the result."""
    operands = (case.f, case.g)
    widths = [high - low for low, high in (operand.covered for operand in operands)]
    total = widths[0] * case.power if case.operation == "power" else sum(widths)
    fitting = [width / max(1, round(width / total * count)) for width in widths]
    places = [place - case.g.covered[0] for place, _ in case.g.deltas]
    for dx in (*fitting, 2.0 ** round(math.log2(total / count))):
        cells = np.array([*widths, *places]) / dx
        if np.abs(cells - np.round(cells)).max() < 1e-6:
            return float(dx)
    return fitting[int(_end(case.g) > _end(case.f))]


def _end(operand: Operand) -> float:
    """Return how large a function is at the ends of what a grid covers; nothing if it is deltas."""
    if operand.function is None:
        return 0.0
    return float(np.nan_to_num(np.abs(operand(np.array(operand.covered))), nan=np.inf).max())


def _sampled(operand: Operand, dx: float) -> _Samples:
    low, high = operand.covered
    count = max(1, round((high - low) / dx))
    if operand.function is None:
        values = np.zeros(count + 1)
        for place, weight in operand.deltas:
            # A delta is one sample of the same area, at the nearest grid point.
            values[round((place - low) / dx)] += weight / dx
        return _Samples(low - dx / 2, values)
    return _Samples(low, np.asarray(operand(low + (np.arange(count) + 0.5) * dx)))


def _around(count: int, case: Case) -> Solve:
    low, high = case.f.interval
    dx = (high - low) / count
    first, second = (operand(low + np.arange(count) * dx) for operand in (case.f, case.g))

    def solve() -> Array:
        h = scipy.fft.irfft(scipy.fft.rfft(first) * scipy.fft.rfft(second), count) * dx
        return _between((case.places - 2 * low) / dx, 0, lambda i: h[i % count])

    return solve


def _between(places: Array, count: int, values: Callable[[Array], Array]) -> Array:
    """Return the cubic through the four neighbours; zero outside the `count` values, if it ends."""
    cell = np.floor(places).astype(int)
    u = places - cell
    weights = (
        -u * (u - 1) * (u - 2) / 6,
        (u + 1) * (u - 1) * (u - 2) / 2,
        -(u + 1) * u * (u - 2) / 2,
        (u + 1) * u * (u - 1) / 6,
    )
    answer: Array = np.zeros(places.shape)
    for offset, weight in zip((-1, 0, 1, 2), weights, strict=True):
        index = cell + offset
        if count:
            weight = np.where((index >= 0) & (index < count), weight, 0.0)
            index = np.clip(index, 0, count - 1)
        answer = answer + weight * values(index)
    return answer
