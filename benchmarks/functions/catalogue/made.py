"""The functions themselves, made from callables, and a million values of a result."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.functions.cases import SLOW, Bar, Case, Operand, spread
from benchmarks.functions.catalogue import bounded, line, poles, pulses

__all__ = ["cases"]

MILLION = 10**6
#: The operands of these cases are made …
BUILT = (
    "cos-259", "cos-4153", "cos-1e5", "pieces-40-by-40", "gaussian-on-line", "sech", "exponential",
    "lorentz", "chi2-1", "arcsine", "periodic-bessel", "complex-1-by-1",
)  # fmt: skip
#: … and the results of these are evaluated.
EVALUATED = ("cos-4153", "gaussian-on-line", "lorentz")


def cases() -> list[Case]:
    """Return the cases."""
    others = [*bounded.cases(), *line.cases(), *poles.cases(), *pulses.cases()]
    named = {case.name: case for case in others}
    return [
        *(_build(f"build-{name}", named[name].f) for name in BUILT),
        _build("build-hidden-jump", _hidden_jump(), {"chebpy": SLOW}),
        *(_evaluate(named[name]) for name in EVALUATED),
    ]


def _build(name: str, f: Operand, left_out: dict[str, str] | None = None) -> Case:
    """Return a case that makes f; the truth is what the callable itself returns."""
    low, high = f.covered
    if f.bounded and f.poles:  # at a pole the distance between two doubles is an error of its own
        low, high = low + 1e-3, high - 1e-3
    return Case(name, f, f, f, spread(low, high), operation="build", left_out=left_out or {})


def _hidden_jump() -> Operand:
    """Return a function whose jump is in its code, not among its breaks."""
    return Operand(lambda x: np.where(x < 0.3, np.cos(x), np.sin(5 * x)), (-1, 1))


def _evaluate(case: Case) -> Case:
    low, high = min(case.points), max(case.points)
    # ChebPy sums all its coefficients for each of the million points.
    left_out = {"chebpy": SLOW} if case.name == "cos-4153" else case.left_out
    return replace(
        case, name=f"evaluate-{case.name}", points=spread(low, high, MILLION),
        operation="evaluate", tails=(), bar=Bar(0.05), left_out=left_out,
    )  # fmt: skip
