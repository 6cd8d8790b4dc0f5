"""The clock: every contestant in turn, several rounds, its samples."""

from __future__ import annotations

import gc
import itertools
import math
import time
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["one_call", "sample", "second_call", "time_in_turn"]

Solve = Callable[[], Any]

#: A sample lasts at least so long: shorter calls are repeated.
SHORTEST_SAMPLE = 1e-3
#: A call below this is made once before the sample, to have its data in the caches again.
WARMED = 10e-3
#: Between two contestants, so that the threads of the one before have gone to sleep.
PAUSE = 1e-3
#: A peer whose first call took so many times the fastest peer's cannot be the best one: its
#: first call is its time, and it is not waited for again.
HOPELESS = 4.0
#: … if that call took this long; the first of short calls says little.
HOPELESS_SECONDS = 20e-3


def one_call(solve: Solve) -> float:
    """Return the seconds of one call."""
    start = time.perf_counter()
    solve()
    return time.perf_counter() - start


def second_call(solve: Solve) -> float:
    """Return the seconds of a call that is not the first; the shortest calls warm up."""
    seconds = one_call(solve)
    started = time.perf_counter()
    while seconds < 1e-4 and time.perf_counter() - started < 1e-3:
        seconds = min(seconds, one_call(solve))
    return seconds


def time_in_turn(
    contestants: Mapping[str, Solve], first: Mapping[str, float], ours: str, rounds: int
) -> dict[str, list[float]]:
    """Return the seconds of each contestant's samples, one for a hopeless peer.

    Parameters
    ----------
    contestants : mapping of str to callable
        Who is timed, in this order in each round.
    first : mapping of str to float
        The seconds of a call of each, made before.
    ours : str
        The contestant that is no peer.
    rounds : int
        How many samples each has.
    """
    fastest = min((first[name] for name in contestants if name != ours), default=math.inf)
    limit = max(HOPELESS * fastest, HOPELESS_SECONDS)
    timed = [name for name in contestants if name == ours or first[name] <= limit]
    repeats = {name: _repeats(first[name]) for name in timed}
    samples: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(rounds):
        for name in timed:
            samples[name].append(_sample(contestants[name], repeats[name], first[name]))
    return {name: samples.get(name, [first[name]]) for name in contestants}


def _repeats(seconds: float) -> int:
    return min(math.ceil(SHORTEST_SAMPLE / max(seconds, 1e-7)), 10_000)


def sample(solve: Solve, expected: float) -> float:
    """Return the seconds of a call that is expected to take so long, repeated if that is short."""
    return _sample(solve, _repeats(expected), expected)


def _sample(solve: Solve, repeats: int, expected: float) -> float:
    time.sleep(PAUSE)
    if expected < WARMED:
        solve()
    collects = gc.isenabled()
    gc.disable()
    try:
        start = time.perf_counter()
        for _ in itertools.repeat(None, repeats):
            solve()
        return (time.perf_counter() - start) / repeats
    finally:
        if collects:
            gc.enable()
