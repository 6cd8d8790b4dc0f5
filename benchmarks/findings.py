"""What is known of a case after it was timed, arrays or functions: who took how long, who did not."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

__all__ = ["OURS", "Findings", "said", "time_text"]

OURS = "faltung"


@dataclass(kw_only=True)
class Findings:
    """What was found in one case.

    Attributes
    ----------
    status : str
        ``timed``; ``refused`` (ours raised an error on purpose, or lacks the option), ``failed``
        (ours raised another error), ``differs`` (ours gives another answer than it should),
        ``alone`` (no peer took part).
    message : str
        Why, if not ``timed``.
    seconds : dict
        The median of each contestant.
    left_out : dict
        Peers that took no part, and why.
    fastest : dict
        The fastest sample of each contestant: what other processes disturbed least.
    load : float
        The machine's load average before the case.
    """

    status: str = "timed"
    message: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    fastest: dict[str, float] = field(default_factory=dict)
    load: float = 0.0

    @property
    def peers(self) -> dict[str, float]:
        """The seconds of all who are not us."""
        return {name: seconds for name, seconds in self.seconds.items() if name != OURS}

    @property
    def best_peer(self) -> str:
        """The fastest of them; empty if there is none."""
        return min(self.peers, key=self.peers.__getitem__, default="")

    @property
    def ratio(self) -> float:
        """The best peer's time divided by ours: above one, ours is faster; NaN if untimed."""
        if self.status != "timed":
            return math.nan
        return self.seconds[self.best_peer] / self.seconds[OURS]

    @property
    def ratio_of_fastest(self) -> float:
        """The same ratio of the fastest samples; NaN if untimed."""
        if self.status != "timed":
            return math.nan
        return min(self.fastest[name] for name in self.peers) / self.fastest[OURS]


def said(error: Exception) -> str:
    """Return an error in one line, cut."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:120]}"


def time_text(seconds: float) -> str:
    """Return a time in eleven characters."""
    if seconds < 1e-3:
        return f"{seconds * 1e6:>8.2f} µs"
    return f"{seconds * 1e3:>8.2f} ms"
