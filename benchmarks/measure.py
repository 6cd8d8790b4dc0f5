"""One case: who takes part, whether all agree, how long each takes."""

from __future__ import annotations

import math
import os
import statistics
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.agreement import difference, tolerance
from benchmarks.findings import OURS, Findings, said
from benchmarks.ours import build_ours
from benchmarks.peers.contract import Peer, Solve, Task
from benchmarks.problems import Problem, operands
from benchmarks.timing import second_call, time_in_turn
from faltung.errors import FaltungError

__all__ = ["Limits", "Row", "measure"]


#: From so many seconds on the first call says enough.
LONG = 50e-3


@dataclass(frozen=True)
class Limits:
    """How much is spent on a case.

    Attributes
    ----------
    rounds : int
        Samples of each contestant.
    threads : int
        At most so many for every contestant.
    seconds : float
        A peer that would take longer for one call, by a rough estimate, is left out of the case;
        so is one that would need gigabytes.
    """

    rounds: int = 5
    threads: int = 2
    seconds: float = 3.0


@dataclass
class Row(Findings):
    """What was found in one case of arrays."""

    problem: Problem

    @property
    def short(self) -> bool:
        """Whether a ratio is required and not reached."""
        return self.problem.required is not None and not self.ratio >= self.problem.required


def measure(problem: Problem, peers: Sequence[Peer], limits: Limits) -> Row:
    """Return what is found in one case; no error of a contestant gets out of here."""
    row = Row(problem, load=os.getloadavg()[0])
    task = Task(problem, *operands(problem), limits.threads)
    contestants: dict[str, Solve] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = _try_ours(row, task, contestants)
        first = {name: second_call(solve) for name, solve in contestants.items()}
        invited = _affordable(row, _invited(problem, peers), limits)
        _try_peers(row, task, invited, contestants, first, expected)
        samples = time_in_turn(contestants, first, OURS, limits.rounds)
    row.seconds = {name: statistics.median(seconds) for name, seconds in samples.items()}
    row.fastest = {name: min(seconds) for name, seconds in samples.items()}
    if row.status == "timed" and not row.peers:
        row.status, row.message = "alone", "no peer takes part"
    return row


def _invited(problem: Problem, peers: Sequence[Peer]) -> list[Peer]:
    return [peer for peer in peers if peer.takes(problem) and peer.name.startswith(problem.against)]


def _try_ours(row: Row, task: Task, contestants: dict[str, Solve]) -> Any:
    try:
        solve = build_ours(task)
        answer = solve()
    except Exception as error:  # noqa: BLE001
        lacking = isinstance(error, TypeError) and "unexpected keyword" in str(error)
        row.status = "refused" if lacking or isinstance(error, FaltungError) else "failed"
        row.message = said(error)
        return None
    contestants[OURS] = solve
    return answer


def _affordable(row: Row, peers: list[Peer], limits: Limits) -> list[Peer]:
    found = []
    for peer in peers:
        seconds = peer.seconds(row.problem)
        if seconds <= limits.seconds:
            found.append(peer)
        else:
            too_much = f"some {seconds:.1g} s" if math.isfinite(seconds) else "memory"
            row.left_out[peer.name] = too_much
    return found


def _try_peers(
    row: Row, task: Task, peers: list[Peer], contestants: dict[str, Solve],
    first: dict[str, float], expected: Any,
) -> None:  # fmt: skip
    agreeing, differing = 0, []
    for peer in peers:
        try:
            solve = peer.build(task)
            start = time.perf_counter()
            answer = solve()
            called = time.perf_counter() - start
            apart = 0.0 if expected is None else difference(task.problem, answer, expected)
        except Exception as error:  # noqa: BLE001
            row.left_out[peer.name] = f"raised {said(error)}"
            continue
        if apart <= tolerance(task.problem):
            agreeing += 1
            contestants[peer.name] = solve
            # A long call is not repeated to learn what the first has told.
            first[peer.name] = called if called > LONG else second_call(solve)
        else:
            differing.append(f"{peer.name} by {apart:.1e}")
            row.left_out[peer.name] = f"differs by {apart:.1e}"
    # Whole numbers that a peer sums in floating point may come out wrong there, and it is left out;
    # but then some other peer must have them as we do.
    if differing and not (task.problem.exact and agreeing):
        row.status, row.message = "differs", ", ".join(differing)
