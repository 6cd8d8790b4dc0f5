"""Timing of a case: every contestant in turn, several rounds, the median of each."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Case", "Row", "run_case"]

OURS = "faltung"


@dataclass(frozen=True)
class Case:
    """One problem and who solves it; the first answer is compared with all others."""

    name: str
    contestants: dict[str, Callable[[], Any]]
    relative_tolerance: float


@dataclass(frozen=True)
class Row:
    """Median seconds of each contestant in one case."""

    name: str
    seconds: dict[str, float]

    @property
    def best_peer(self) -> str:
        """The fastest contestant that is not ours."""
        peers = {name: time for name, time in self.seconds.items() if name != OURS}
        return min(peers, key=peers.__getitem__)

    @property
    def ratio(self) -> float:
        """The best peer's time divided by ours: above one, ours is faster."""
        return self.seconds[self.best_peer] / self.seconds[OURS]


def run_case(case: Case, rounds: int = 7) -> Row:
    """Check that all answers agree, then time the contestants in turn."""
    answers = {name: np.asarray(solve()) for name, solve in case.contestants.items()}
    expected = answers[OURS].astype(float)
    scale = float(np.abs(expected).max()) or 1.0
    for name, answer in answers.items():
        difference = float(np.abs(answer.astype(float) - expected).max())
        if not difference <= case.relative_tolerance * scale:
            raise AssertionError(f"{case.name}: {name} differs by {difference:.3g}")
    times: dict[str, list[float]] = {name: [] for name in case.contestants}
    for _ in range(rounds):
        for name, solve in case.contestants.items():
            start = time.perf_counter()
            solve()
            times[name].append(time.perf_counter() - start)
    return Row(case.name, {name: statistics.median(values) for name, values in times.items()})
