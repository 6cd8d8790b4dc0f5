"""The whole line and half of it: every kind of tail, and what falls too slowly."""

from __future__ import annotations

import math
from typing import Any

import mpmath as mp
import numpy as np

from benchmarks.functions.cases import SLOW, Bar, Case, Operand, exact, spread

__all__ = ["bell", "cases"]

INF = math.inf


def bell() -> Operand:
    """Return e^(-x^2) on the line."""
    return Operand(
        lambda x: np.exp(-x * x), (-INF, INF), window=(-14, 14),
        law=lambda pacal: pacal.NormalDistr(0, math.sqrt(0.5)), area=math.sqrt(math.pi),
    )  # fmt: skip


def cases() -> list[Case]:
    """Return the cases."""
    return [_bell(), _sech(), _decay(), _lorentz(), _voigt(), _sinc()]


def _bell() -> Case:
    return Case(
        "gaussian-on-line", bell(), bell(),
        exact(lambda t: mp.sqrt(mp.pi / 2) * mp.exp(-t * t / 2)),
        spread(-7, 7), tails=(6.0, 8.0, 10.0), bar=Bar(0.02, 1e-13, 1e-12),
    )  # fmt: skip


def _sech() -> Case:
    # 2 / (e^x + e^-x) by e^-|x|, which does not overflow.
    def sech(x: Any) -> Any:
        small = np.exp(-np.abs(x))
        return 2 * small / (1 + small * small)

    f = Operand(sech, (-INF, INF), window=(-60, 60))
    return Case(
        "sech", f, f, exact(lambda t: 2 * t / mp.sinh(t)), spread(-20, 20),
        tails=(30.0, 100.0), bar=Bar(0.05, 1e-13, 1e-10), left_out={"chebpy": SLOW},
    )  # fmt: skip


def _decay() -> Case:
    f = Operand(
        lambda x: np.exp(-x), (0, INF), window=(0, 60), law=lambda pacal: pacal.ExponentialDistr(1)
    )
    return Case(
        "exponential", f, f, exact(lambda t: t * mp.exp(-t)), spread(0, 20),
        tails=(30.0, 40.0), bar=Bar(error=1e-13, relative=1e-10),
    )  # fmt: skip


def _lorentz() -> Case:
    f = Operand(
        lambda x: 1 / (math.pi * (1 + x * x)), (-INF, INF), window=(-1e4, 1e4),
        law=lambda pacal: pacal.CauchyDistr(1),
    )  # fmt: skip
    return Case(
        "lorentz", f, f, exact(lambda t: 2 / (mp.pi * (4 + t * t))), spread(-20, 20),
        tails=(100.0, 1e4, 1e8), bar=Bar(error=1e-12, relative=1e-10),
    )  # fmt: skip


def _voigt() -> Case:
    height = 1 / math.sqrt(2 * math.pi)
    f = Operand(
        lambda x: height * np.exp(-x * x / 2), (-INF, INF), window=(-20, 20),
        law=lambda pacal: pacal.NormalDistr(0, 1),
    )  # fmt: skip
    g = Operand(
        lambda x: 1 / (math.pi * (1 + x * x)), (-INF, INF), window=(-1e4, 1e4),
        law=lambda pacal: pacal.CauchyDistr(1),
    )  # fmt: skip

    def formula(t: Any) -> Any:
        # The real part of e^(-z^2) erfc(-iz) at z = (t + i) / sqrt 2.
        z = (t + 1j) / mp.sqrt(2)
        return mp.re(mp.exp(-z * z) * mp.erfc(-1j * z)) / mp.sqrt(2 * mp.pi)

    return Case(
        "voigt", f, g, exact(formula), spread(-20, 20),
        tails=(50.0,), bar=Bar(error=1e-13, relative=1e-10),
    )  # fmt: skip


def _sinc() -> Case:
    f = Operand(np.sinc, (-INF, INF), window=(-1e4, 1e4))
    truth = exact(lambda t: mp.sinc(mp.pi * t))
    return Case("sinc", f, f, truth, spread(-5, 5), bar=Bar(error=1e-10), refusal=True)
