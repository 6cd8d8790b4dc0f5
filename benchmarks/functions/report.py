"""The table of functions, its summary, the CSV file, and the table in the documentation."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.findings import OURS, time_text
from benchmarks.functions.cases import Bar
from benchmarks.functions.measure import Errors, Row

__all__ = ["heading", "lines", "summary", "write_csv"]

#: Of the names of the cases.
WIDTH = 26


def heading() -> str:
    """Return the line above the table."""
    return (
        f"{'case':{WIDTH}}{'who':10}{'time':>11}{'error':>9}{'tails':>9}{'ratio':>9}"
        "  bar: time, error, tails"
    )


def lines(row: Row) -> str:
    """Return a case as lines of the table: us, then each peer, then who took no part."""
    found = [_ours(row)]
    for name, errors in row.errors.items():
        if name != OURS:
            best = " best" if name == row.best_peer else ""
            found.append(f"{'':{WIDTH}}{_answer(row, name, errors)}{best:>9}")
    found += [f"{'':{WIDTH}}{name:10}{'-':>11}  {why[:80]}" for name, why in row.left_out.items()]
    return "\n".join(text.rstrip() for text in found)


def _ours(row: Row) -> str:
    short = f" SHORT: {', '.join(row.shortfalls)}" if row.shortfalls else ""
    required = bar_text(row.case.bar) if row.case.bar.asks else ""
    if OURS not in row.errors:
        return f"{row.case.name:{WIDTH}}{OURS:10}{'-':>11}  {row.status}: {row.message}  {required}{short}"
    ratio = f"{row.ratio:>9.3g}" if row.status == "timed" else f"{row.status:>9}"
    text = f"{row.case.name:{WIDTH}}{_answer(row, OURS, row.errors[OURS])}{ratio}"
    return f"{text}  {required}{short}"


def _answer(row: Row, name: str, errors: Errors) -> str:
    tails = "" if math.isnan(errors.relative) else f"{errors.relative:.1e}"
    return f"{name:10}{time_text(row.seconds[name])}{errors.scaled:>9.1e}{tails:>9}"


def bar_text(bar: Bar) -> str:
    """Return what is required: time, error, error in the tails."""
    seconds = f"{bar.seconds * 1e3:g} ms" if bar.seconds < math.inf else "-"
    others = (f"{e:.0e}" if e < math.inf else "-" for e in (bar.error, bar.relative))
    return ", ".join([seconds, *others])


def summary(rows: Sequence[Row]) -> str:
    """Return counts, how many bars are reached, and which are not."""
    counts = Counter(row.status for row in rows)
    asked = [row for row in rows if row.case.bar.asks]
    short = [row for row in asked if row.shortfalls]
    found = [
        f"{len(rows)} cases: {', '.join(f'{count} {status}' for status, count in counts.items())}",
        f"bars: {len(asked) - len(short)} of {len(asked)} reached",
        *(f"  {_ours(row)}{_fastest(row)}" for row in short),
    ]
    ratios = [row.ratio for row in rows if row.status == "timed"]
    if ratios:
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        found.append(
            f"geometric mean of the ratios to the best peer with nine digits: {mean:.2f} "
            f"({len(ratios)} cases, {sum(ratio < 1 for ratio in ratios)} below 1)"
        )
    return "\n".join(found)


def _fastest(row: Row) -> str:
    if "time" not in row.shortfalls:
        return ""
    return f" (fastest sample {time_text(row.fastest[OURS]).strip()})"


def write_csv(rows: Sequence[Row], path: Path) -> None:
    """Write a row for each contestant of each case."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([
            "case", "operation", "contestant", "seconds", "fastest", "error", "tails", "status",
            "ratio", "bar_seconds", "bar_error", "bar_tails", "short", "load", "message",
        ])  # fmt: skip
        for row in rows:
            writer.writerows(_cells(row))


def _cells(row: Row) -> list[list[str]]:
    case, bar = row.case, row.case.bar
    head = [case.name, case.operation]
    bars = [f"{x:g}" if x < math.inf else "" for x in (bar.seconds, bar.error, bar.relative)]
    found = []
    for name, errors in row.errors.items():
        figures = (row.seconds[name], row.fastest[name], errors.scaled, errors.relative)
        cells = [*head, name, *(f"{x:.4g}" for x in figures)]
        if name == OURS:
            short = " ".join(row.shortfalls)
            cells += [row.status, f"{row.ratio:.4g}", *bars, short, f"{row.load:.2f}", row.message]
        found.append(cells)
    if OURS not in row.errors:
        empty = [""] * 4
        rest = ["", *bars, " ".join(row.shortfalls), f"{row.load:.2f}", row.message]
        found.append([*head, OURS, *empty, row.status, *rest])
    return found + [[*head, name, *[""] * 4, why] for name, why in row.left_out.items()]
