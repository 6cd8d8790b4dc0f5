"""SciPy's quadrature of f(s) g(t - s): for all shifts t at once, or for each alone.

The limits are those between which neither function is zero, as a careful user writes them; quad
is told the breaks too.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import scipy.integrate

from benchmarks.functions.cases import Array, Case
from benchmarks.functions.peers.contract import Peer, Solve

__all__ = ["peers"]

#: The relative accuracy that is asked for, and the intervals that may be spent on it.
ACCURACY, INTERVALS = 1e-12, 500
#: What quad takes is told from so many shifts.
TRIED = 3


def peers() -> list[Peer]:
    """Return the three."""
    return [
        Peer("quad", _takes, _quad, _quad_seconds),
        Peer("quad_vec", _takes, _quad_vec),
        Peer("tanhsinh", _takes_tanhsinh, _tanhsinh),
    ]


def _takes(case: Case) -> bool:
    functions = case.f.function is not None and case.g.function is not None
    return case.operation == "convolve" and functions


def _takes_tanhsinh(case: Case) -> bool:
    """Tell whether the integrand is smooth between its ends; it takes no breaks."""
    return _takes(case) and not case.f.breaks and not case.g.breaks


def _limits(case: Case) -> tuple[Array, Array]:
    """Return between which s the integrand is not zero, for each shift."""
    (a, b), (c, d), t = case.f.interval, case.g.interval, case.places
    if case.f.periodic:
        return np.full(t.shape, a), np.full(t.shape, b)
    return np.maximum(a, t - d), np.minimum(b, t - c)


def _quad(case: Case) -> Solve:
    items = list(zip(case.places.tolist(), *_limits(case), strict=True))
    wide = case.f.complex or case.g.complex
    return lambda: np.array([_one(case, wide, *item) for item in items])


def _one(case: Case, wide: bool, t: float, low: float, high: float) -> complex:
    if not low < high:
        return 0.0
    f, g = case.f.function, case.g.function
    assert f is not None
    assert g is not None
    options: dict[str, Any] = {"epsabs": 0.0, "epsrel": ACCURACY, "limit": INTERVALS}
    breaks = [*case.f.breaks, *(t - at for at in case.g.breaks)]
    inside = [s for s in breaks if low < s < high]
    if inside:  # only then: with it infinite ends are refused
        options["points"] = inside
        options["limit"] = INTERVALS + len(inside)
    integrand = lambda s: f(s) * g(t - s)
    found: complex = scipy.integrate.quad(integrand, low, high, complex_func=wide, **options)[0]
    return found


def _quad_seconds(case: Case) -> float:
    low, high = _limits(case)
    wide = case.f.complex or case.g.complex
    tried = range(0, len(case.points), len(case.points) // TRIED)[:TRIED]
    started = time.perf_counter()
    for i in tried:
        _one(case, wide, case.places[i], low[i], high[i])
    return (time.perf_counter() - started) / TRIED * len(case.places)


def _quad_vec(case: Case) -> Solve:
    # The limits are the same for all shifts, so the narrower function is the one to go along.
    f, g = sorted((case.f, case.g), key=lambda operand: operand.interval[1] - operand.interval[0])
    t, (a, b) = case.places, f.interval

    def integrand(s: float) -> Array:
        return f(np.asarray(s)) * g(t - s)

    def solve() -> Array:
        options = {"epsrel": ACCURACY, "limit": INTERVALS, "points": f.breaks or None}
        return np.asarray(scipy.integrate.quad_vec(integrand, a, b, **options)[0])

    return solve


def _tanhsinh(case: Case) -> Solve:
    low, high = _limits(case)
    empty = ~(low < high)
    low, high = np.where(empty, 0.0, low), np.where(empty, 1.0, high)

    def integrand(s: Array, t: Array) -> Array:
        return np.asarray(case.f(s) * case.g(t - s))

    def solve() -> Array:
        found = scipy.integrate.tanhsinh(integrand, low, high, args=(case.places,), rtol=ACCURACY)
        return np.where(empty, 0.0, found.integral)

    return solve
