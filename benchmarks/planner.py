"""How often the planner is right: ``auto`` against each of our own methods, on random problems.

``python -m benchmarks.planner`` (``make bench-planner``). A method is forced by a table of costs in
which the others are slow, so that its call takes the same way as that of ``auto``; whole numbers, by
``method=``.
"""

from __future__ import annotations

import argparse
import csv
import functools
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import faltung as ft
from benchmarks.planner_cases import Case, draw_cases, operands, possible
from benchmarks.timing import one_call, sample
from faltung import _core
from faltung.arrays.tuning.clock import forcing

__all__ = ["Outcome", "main", "measure_case"]

#: A method that is predicted to take so many times the fastest one's time is not timed.
HOPELESS = 50.0
#: Cases above this ratio are timed again.
DOUBTFUL = 1.15


@dataclass(frozen=True)
class Outcome:
    """What was found in one case: seconds by name, ``auto`` among them."""

    case: Case
    chosen: str
    seconds: Mapping[str, float]
    predicted: Mapping[str, float]
    skipped: tuple[str, ...]

    @property
    def best(self) -> str:
        """The fastest method."""
        return min((name for name in self.seconds if name != "auto"), key=self.seconds.__getitem__)

    @property
    def ratio(self) -> float:
        """The time of ``auto`` divided by that of the best method."""
        return self.seconds["auto"] / self.seconds[self.best]


def measure_case(case: Case, rounds: int, threads: int | None = None) -> Outcome:
    """Return the fastest sample of ``auto`` and of each method, timed in turn."""
    table = _core.costs()
    a, v = operands(case)
    chosen, predicted = possible(case, a, v)
    least = min(predicted.values())
    timed = [name for name, s in predicted.items() if not s > HOPELESS * least or name == chosen]
    extra = {} if threads is None else {"threads": threads}
    calls = {"auto": functools.partial(ft.convolve, a, v, **case.options, **extra)}
    tables = {"auto": table}
    for name in timed:
        whole = case.dtype == "int64"
        calls[name] = functools.partial(calls["auto"], method=name) if whole else calls["auto"]
        tables[name] = table if whole else forcing(name, table)
    seconds = _in_turn(calls, tables, rounds)
    _core.set_costs(table)
    return Outcome(case, chosen, seconds, predicted, tuple(sorted({*predicted} - {*timed})))


def _in_turn(
    calls: Mapping[str, Callable[[], Any]], tables: Mapping[str, Mapping[str, float]], rounds: int
) -> dict[str, float]:
    found: dict[str, float] = {}
    for number in range(rounds + 1):
        for name, call in calls.items():
            _core.set_costs(dict(tables[name]))
            # The first round says how often a call is repeated in the others.
            seconds = sample(call, found[name]) if number else min(one_call(call), one_call(call))
            found[name] = min(seconds, found.get(name, seconds))
    return found


def measure_again(outcome: Outcome, rounds: int) -> Outcome:
    """Return an outcome with the faster samples of a second measurement."""
    other = measure_case(outcome.case, rounds)
    seconds = {name: min(s, other.seconds[name]) for name, s in outcome.seconds.items()}
    return replace(outcome, seconds=seconds)


def line(outcome: Outcome) -> str:
    """Return one line of the table: ratio, seconds of each, the case."""
    times = "  ".join(f"{name} {s * 1e6:.4g}" for name, s in outcome.seconds.items())
    skipped = f"  (skipped: {', '.join(outcome.skipped)})" if outcome.skipped else ""
    return f"{outcome.ratio:5.2f}  {outcome.case}: {outcome.chosen}; us: {times}{skipped}"


def summary(outcomes: list[Outcome], worst: int) -> str:
    """Return the shares within 1.1 and 1.3, and the worst cases."""
    ratios = [outcome.ratio for outcome in outcomes]
    shares = (f"within {limit}: {_share(ratios, limit):.1%}" for limit in (1.1, 1.3))
    skipped = sum(len(outcome.skipped) for outcome in outcomes)
    ordered = sorted(outcomes, key=lambda outcome: -outcome.ratio)[:worst]
    head = (
        f"{len(outcomes)} problems, {', '.join(shares)}, worst {max(ratios):.2f}; "
        f"{skipped} methods predicted to take {HOPELESS:.0f} times the best left out"
    )
    return "\n".join([head, *map(line, ordered)])


def _share(ratios: list[float], limit: float) -> float:
    return sum(ratio <= limit for ratio in ratios) / len(ratios)


def write_csv(path: Path, outcomes: list[Outcome]) -> None:
    """Write a line for each method of each case."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["case", "chosen", "method", "seconds", "predicted"])
        for outcome in outcomes:
            for name, seconds in outcome.seconds.items():
                row = [outcome.case, outcome.chosen, name, seconds, outcome.predicted.get(name)]
                writer.writerow(row)


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 if some case is above 1.3 after it was timed again."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.planner")
    parser.add_argument("--count", type=int, default=240)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--again", type=int, default=3, help="times that doubtful cases are redone")
    parser.add_argument("--worst", type=int, default=12)
    parser.add_argument("--csv", type=Path)
    given = parser.parse_args(arguments)
    print(
        f"faltung {ft.__version__}, {_core.instruction_set()}, {_core.default_threads()} threads, "
        f"load {os.getloadavg()[0]:.1f}, seed {given.seed}"
    )
    outcomes = []
    for case in draw_cases(given.count, given.seed):
        outcome = measure_case(case, given.rounds)
        for _ in range(given.again):
            if outcome.ratio > DOUBTFUL:
                outcome = measure_again(outcome, 4 * given.rounds)
        outcomes.append(outcome)
    print(summary(outcomes, given.worst))
    if given.csv:
        write_csv(given.csv, outcomes)
    return int(max(outcome.ratio for outcome in outcomes) > 1.3)


if __name__ == "__main__":
    sys.exit(main())
