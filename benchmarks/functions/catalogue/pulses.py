"""Functions with a period, and Dirac's deltas."""

from __future__ import annotations

import math
from typing import Any

import mpmath as mp
import numpy as np

from benchmarks.functions.cases import Bar, Case, Operand, exact, spread

__all__ = ["cases"]

ECHOES = ((0.0, 1.0), (0.75, 0.5), (1.5, -0.25))


def cases() -> list[Case]:
    """Return the cases."""
    return [_periodic(), _echo()]


def _periodic() -> Case:
    period = (0.0, 2 * math.pi)
    f = Operand(lambda x: np.exp(np.cos(x)), period, periodic=True)
    g = Operand(lambda x: np.exp(3 * np.cos(x)), period, periodic=True)
    truth = exact(lambda t: 2 * mp.pi * mp.besseli(0, mp.sqrt(10 + 6 * mp.cos(t))))
    return Case("periodic-bessel", f, g, truth, spread(*period), bar=Bar(error=1e-13))


def _echo() -> Case:
    f = Operand(lambda x: np.cos(5 * x), (-1, 1))
    g = Operand(None, (0.0, 1.5), deltas=ECHOES)

    def formula(t: Any) -> Any:
        return sum(w * mp.cos(5 * (t - a)) for a, w in ECHOES if -1 <= t - a <= 1)

    return Case("echo", f, g, exact(formula), spread(-1, 2.5), bar=Bar(error=1e-13))
