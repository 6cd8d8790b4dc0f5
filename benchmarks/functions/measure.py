"""One case of functions: who takes part, how far each is from the truth, how long each takes."""

from __future__ import annotations

import math
import os
import statistics
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.findings import OURS, Findings, said
from benchmarks.functions.cases import SLOW, Array, Case
from benchmarks.functions.ours import build_ours
from benchmarks.functions.peers.contract import Peer, Solve
from benchmarks.measure import LONG, Limits
from benchmarks.timing import second_call, time_in_turn
from faltung.errors import FaltungError

__all__ = ["AGREEING", "Errors", "Row", "measure"]

#: An answer with a larger error is not the answer: of such a peer time and error are shown, and it
#: is no best peer; if it is ours, the run ends with an error.
AGREEING = 1e-9


#: With --slow the estimates may be so many times longer.
PATIENCE = 100
#: A peer whose first call takes so many seconds is not called again.
ONCE = 2.0


@dataclass(frozen=True)
class Errors:
    """How far an answer is from the truth: in parts of the largest value, and in the tails."""

    scaled: float
    relative: float = math.nan

    @property
    def agree(self) -> bool:
        """Whether the answer has nine digits, in the tails too where they are asked for."""
        return self.scaled <= AGREEING and not self.relative > AGREEING


@dataclass
class Row(Findings):
    """What was found in one case of functions.

    Attributes
    ----------
    case : Case
    errors : dict
        Of each contestant that answered.
    """

    case: Case
    errors: dict[str, Errors] = field(default_factory=dict)

    @property
    def peers(self) -> dict[str, float]:
        """The seconds of the peers that are right to nine digits."""
        return {
            name: seconds
            for name, seconds in self.seconds.items()
            if name != OURS and self.errors[name].agree
        }

    @property
    def shortfalls(self) -> list[str]:
        """What is required and not reached, as words."""
        bar = self.case.bar
        if OURS not in self.seconds:
            allowed = self.status == "refused" and self.case.refusal
            return [] if allowed or not bar.asks else [self.status]
        errors, found = self.errors[OURS], []
        if not self.seconds[OURS] <= bar.seconds:
            found.append("time")
        if not errors.scaled <= bar.error:
            found.append("error")
        if bar.relative < math.inf and not errors.relative <= bar.relative:
            found.append("tails")
        return found


def measure(case: Case, peers: Sequence[Peer], limits: Limits, *, slow: bool = False) -> Row:
    """Return what is found in one case; no error of a contestant gets out of here."""
    contest = _Contest(case)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        contest.try_ours()
        for peer in peers:
            if peer.takes(case):
                contest.try_peer(peer, limits.seconds, slow=slow)
        contest.time(limits.rounds)
    return contest.row


class _Contest:
    """A case, its truth, and who has answered so far."""

    def __init__(self, case: Case) -> None:
        self.row = Row(case=case, load=os.getloadavg()[0])
        self._sought = case.truth(case.points[case.checked])
        self._tails = case.truth(np.array(case.tails))
        self._calls: dict[str, Solve] = {}
        self._first: dict[str, float] = {}

    def try_ours(self) -> None:
        """Ask us; an answer that is wrong ends with ``differs``."""
        row = self.row
        try:
            answer = self._asked(OURS, build_ours(row.case))
        except Exception as error:  # noqa: BLE001
            row.status = "refused" if isinstance(error, FaltungError) else "failed"
            row.message = said(error)
            return
        errors = self._compare(OURS, answer)
        if not errors.agree:
            off = max(errors.scaled, np.nan_to_num(errors.relative, posinf=math.inf))
            row.status, row.message = "differs", f"ours is off by {off:.1e}"

    def try_peer(self, peer: Peer, seconds: float, *, slow: bool) -> None:
        """Ask a peer, unless it is known to be slow or not to answer."""
        case, left_out = self.row.case, self.row.left_out
        why = case.left_out.get(peer.name)
        if why and not (slow and why == SLOW):
            left_out[peer.name] = why
            return
        try:
            needed = peer.seconds(case)
            if needed > seconds * (PATIENCE if slow else 1):
                left_out[peer.name] = f"some {needed:.1g} s"
                return
            self._compare(peer.name, self._asked(peer.name, peer.build(case)))
        except Exception as error:  # noqa: BLE001
            left_out[peer.name] = f"raised {said(error)}"

    def _asked(self, name: str, solve: Solve) -> Array:
        start = time.perf_counter()
        answer = np.asarray(solve())
        called = time.perf_counter() - start
        # A long call is not repeated to learn what the first has told.
        self._first[name] = called if called > LONG else second_call(solve)
        self._calls[name] = solve
        return answer

    def _compare(self, name: str, answer: Array) -> Errors:
        case = self.row.case
        count = len(case.points)
        if answer.shape != case.places.shape:
            errors = Errors(math.inf)
        else:
            errors = Errors(
                _largest(answer[:count][case.checked] - self._sought) / np.abs(self._sought).max(),
                _largest(answer[count:] / self._tails - 1) if case.tails else math.nan,
            )
        self.row.errors[name] = errors
        return errors

    def time(self, rounds: int) -> None:
        """Time us and the peers that are right in turn; of the others the first call counts."""
        row, first = self.row, self._first
        repeated = [n for n in first if n == OURS or (row.errors[n].agree and first[n] < ONCE)]
        calls = {name: self._calls[name] for name in repeated}
        samples = {name: [seconds] for name, seconds in first.items()}
        samples |= time_in_turn(calls, first, OURS, rounds)
        row.seconds = {name: statistics.median(found) for name, found in samples.items()}
        row.fastest = {name: min(found) for name, found in samples.items()}
        if row.status == "timed" and not row.peers:
            row.status, row.message = "alone", "no peer has nine digits"


def _largest(differences: Array) -> float:
    """Return the largest magnitude, infinite if one of them is no number."""
    sizes = np.abs(differences)
    return float(sizes.max()) if np.isfinite(sizes).all() else math.inf
