"""Functions that are infinite at an end, where two such ends make a jump or a logarithm."""

from __future__ import annotations

import math
from typing import Any

import mpmath as mp
import numpy as np

from benchmarks.functions.cases import Bar, Case, Operand, exact, spread

__all__ = ["cases"]

INF = math.inf


def cases() -> list[Case]:
    """Return the cases."""
    return [_chi_squared(), _abel(), _abel_and_decay(), _arcsine()]


def _chi_squared() -> Case:
    f = Operand(
        lambda x: np.exp(-x / 2) / np.sqrt(2 * math.pi * x), (0, INF), window=(0, 120), poles=True,
        law=lambda pacal: pacal.ChiSquareDistr(1),
    )  # fmt: skip
    return Case(
        "chi2-1", f, f, exact(lambda t: mp.exp(-t / 2) / 2), spread(0, 20),
        tails=(1e-9, 40.0, 100.0), bar=Bar(error=1e-12, relative=1e-10),
    )  # fmt: skip


def _root(end: float) -> Operand:
    return Operand(lambda x: 1 / np.sqrt(math.pi * x), (0, end), poles=True)


def _abel() -> Case:
    """Return x^(-1/2) / Gamma(1/2) on [0, 1] with itself: one up to 1, then it falls."""

    def formula(t: Any) -> Any:
        if t <= 1:
            return mp.mpf(1)
        return (mp.asin(1 / mp.sqrt(t)) - mp.asin(mp.sqrt((t - 1) / t))) * 2 / mp.pi

    points = spread(0, 2)
    return Case("abel", _root(1), _root(1), exact(formula), points, bar=Bar(error=1e-12))


def _abel_and_decay() -> Case:
    """Return the same kernel with e^(-x), both up to 10: Dawson's integral there."""
    g = Operand(lambda x: np.exp(-x), (0, 10))

    def formula(t: Any) -> Any:
        return mp.exp(-t) * mp.erfi(mp.sqrt(t))

    points = spread(0, 10)
    return Case("abel-decay", _root(10), g, exact(formula), points, bar=Bar(error=1e-12))


def _arcsine() -> Case:
    f = Operand(
        lambda x: 1 / (math.pi * np.sqrt((1 - x) * (1 + x))), (-1, 1), poles=True,
        law=lambda pacal: 2 * pacal.BetaDistr(0.5, 0.5) - 1,
    )  # fmt: skip
    truth = exact(lambda t: mp.ellipk((2 - t) * (2 + t) / 4) / mp.pi**2)
    near = np.geomspace(1e-12, 1e-2, 250)
    points = np.concatenate([spread(-2, 2, 500), near, -near])
    tails = (1e-12, 1e-9, 1e-6, 1e-3)
    return Case("arcsine", f, f, truth, points, tails=tails, bar=Bar(error=1e-12, relative=1e-12))
