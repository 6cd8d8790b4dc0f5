"""One case of laws: who takes part, how far each is from the truth, how long each takes."""

from __future__ import annotations

import math
import os
import statistics
import time
import warnings
from dataclasses import dataclass, field

import numpy as np

from benchmarks.distributions.cases import Build, Case, Solve
from benchmarks.findings import OURS, Findings, said
from benchmarks.measure import LONG, Limits
from benchmarks.timing import second_call, time_in_turn
from faltung.errors import FaltungError

__all__ = ["Row", "measure"]


@dataclass
class Row(Findings):
    """What was found in one case of laws.

    Attributes
    ----------
    case : Case
    errors : dict
        Of each contestant that answered.
    """

    case: Case
    errors: dict[str, float] = field(default_factory=dict)

    @property
    def peers(self) -> dict[str, float]:
        """The seconds of the peers whose answers are right."""
        return {
            name: seconds
            for name, seconds in self.seconds.items()
            if name != OURS and self.errors[name] <= self.case.agreeing
        }

    @property
    def shortfalls(self) -> list[str]:
        """What is required and not reached, as words."""
        bar, found = self.case.bar, []
        if OURS not in self.seconds:
            return [self.status] if bar.asks or self.case.speed else []
        if not self.seconds[OURS] <= bar.seconds:
            found.append("time")
        if not self.errors[OURS] <= bar.error:
            found.append("error")
        if self.case.speed and self.status == "timed" and not self.ratio >= self.case.speed:
            found.append("ratio")
        return found


def measure(case: Case, limits: Limits, *, slow: bool = False) -> Row:
    """Return what is found in one case; no error of a contestant gets out of here."""
    contest = _Contest(case)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        contest.try_ours()
        for name, build in case.peers.items():
            contest.try_peer(name, build, slow=slow)
        contest.time(limits.rounds)
    return contest.row


class _Contest:
    """A case, its truth, and who has answered so far."""

    def __init__(self, case: Case) -> None:
        self.row = Row(case=case, load=os.getloadavg()[0])
        self._truth = case.truth()
        self._calls: dict[str, Solve] = {}
        self._first: dict[str, float] = {}

    def try_ours(self) -> None:
        """Ask us; an answer that is wrong ends with ``differs``."""
        row = self.row
        try:
            error = self._ask(OURS, row.case.ours)
        except Exception as raised:  # noqa: BLE001
            row.status = "refused" if isinstance(raised, FaltungError) else "failed"
            row.message = said(raised)
            return
        if not error <= row.case.agreeing:
            row.status, row.message = "differs", f"ours is off by {error:.1e}"

    def try_peer(self, name: str, build: Build, *, slow: bool) -> None:
        """Ask a peer, unless it is known to be slow."""
        if name in self.row.case.slow and not slow:
            self.row.left_out[name] = "only with --slow"
            return
        try:
            self._ask(name, build)
        except ModuleNotFoundError as raised:
            self.row.left_out[name] = f"{raised.name} is not installed"
        except Exception as raised:  # noqa: BLE001
            self.row.left_out[name] = f"raised {said(raised)}"

    def _ask(self, name: str, build: Build) -> float:
        solve = build()
        start = time.perf_counter()
        answered = solve()
        called = time.perf_counter() - start
        error = self.row.case.error(self.row.case.read(answered), self._truth)
        self._first[name] = called if called > LONG else second_call(solve)
        self._calls[name] = solve
        self.row.errors[name] = error
        return error

    def time(self, rounds: int) -> None:
        """Time all in turn; of those that take seconds the first call counts."""
        row, first = self.row, self._first
        calls = {name: self._calls[name] for name in first if name == OURS or first[name] < LONG}
        samples = {name: [seconds] for name, seconds in first.items()}
        samples |= time_in_turn(calls, first, OURS, rounds)
        row.seconds = {name: statistics.median(found) for name, found in samples.items()}
        row.fastest = {name: min(found) for name, found in samples.items()}
        if row.status == "timed" and not row.peers:
            row.status, row.message = "alone", "no peer is right"


def geometric_mean(values: list[float]) -> float:
    """Return the geometric mean, NaN of nothing."""
    return math.exp(statistics.fmean(map(math.log, values))) if values else math.nan
