"""What a peer is: it answers with the values at the places of a case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.functions.cases import Array, Case

__all__ = ["Peer", "Solve"]

Solve = Callable[[], Array]


def _nothing(case: Case) -> float:
    del case
    return 0.0


@dataclass(frozen=True)
class Peer:
    """One way of another library.

    Attributes
    ----------
    name : str
        As it stands in the table.
    takes : callable
        Whether it can be asked at all.
    build : callable
        Prepares what may be prepared (its functions, samples) and returns the call to time.
    seconds : callable
        What that call will take, where it can be told beforehand.
    """

    name: str
    takes: Callable[[Case], bool]
    build: Callable[[Case], Solve]
    seconds: Callable[[Case], float] = _nothing
