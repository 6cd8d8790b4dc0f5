"""The table of laws, its summary, the CSV file, and the table in the documentation."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.distributions.cases import Case
from benchmarks.distributions.measure import Row, geometric_mean
from benchmarks.findings import OURS, time_text

__all__ = ["heading", "lines", "summary", "write_csv", "write_page"]

#: Of the names of the cases.
WIDTH = 34
PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- distributions: begin -->\n", "<!-- distributions: end -->\n"


def heading() -> str:
    """Return the line above the table."""
    return (
        f"{'case':{WIDTH}}{'who':16}{'time':>11}{'error':>9}{'ratio':>9}  bar: time, error, ratio"
    )


def lines(row: Row) -> str:
    """Return a case as lines of the table: us, then each peer, then who took no part."""
    found = [_ours(row)]
    for name, error in row.errors.items():
        if name != OURS:
            best = " best" if name == row.best_peer else ""
            found.append(
                f"{'':{WIDTH}}{name:16}{time_text(row.seconds[name])}{error:>9.1e}{best:>9}"
            )
    found += [f"{'':{WIDTH}}{name:16}{'-':>11}  {why[:80]}" for name, why in row.left_out.items()]
    return "\n".join(text.rstrip() for text in found)


def _ours(row: Row) -> str:
    short = f" SHORT: {', '.join(row.shortfalls)}" if row.shortfalls else ""
    required = bar_text(row.case)
    if OURS not in row.errors:
        return f"{row.case.name:{WIDTH}}{OURS:16}{'-':>11}  {row.status}: {row.message}  {required}{short}"
    ratio = f"{row.ratio:>9.3g}" if row.status == "timed" else f"{row.status:>9}"
    figures = f"{time_text(row.seconds[OURS])}{row.errors[OURS]:>9.1e}"
    return f"{row.case.name:{WIDTH}}{OURS:16}{figures}{ratio}  {required}{short}"


def bar_text(case: Case) -> str:
    """Return what is required: time, error, ratio to the best peer."""
    bar = case.bar
    if not bar.asks and not case.speed:
        return ""
    seconds = f"{bar.seconds * 1e3:g} ms" if bar.seconds < math.inf else "-"
    error = f"{bar.error:.0e}" if bar.error < math.inf else "-"
    return f"{seconds}, {error}" + (f", {case.speed:g} times" if case.speed else "")


def summary(rows: Sequence[Row]) -> str:
    """Return counts, how many bars are reached, and which are not."""
    counts = Counter(row.status for row in rows)
    asked = [row for row in rows if row.case.bar.asks or row.case.speed]
    short = [row for row in asked if row.shortfalls]
    ratios = [row.ratio for row in rows if row.status == "timed"]
    below = sum(ratio < 1 for ratio in ratios)
    return "\n".join(
        [
            f"{len(rows)} cases: {', '.join(f'{count} {status}' for status, count in counts.items())}",
            f"bars: {len(asked) - len(short)} of {len(asked)} reached",
            *(f"  {_ours(row)}" for row in short),
            f"geometric mean of {len(ratios)} ratios: {geometric_mean(ratios):.3g}, {below} below 1",
        ]
    )


def write_csv(rows: Sequence[Row], path: Path) -> None:
    """Write a row for each contestant of each case."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            [
                "case",
                "contestant",
                "seconds",
                "fastest",
                "error",
                "status",
                "ratio",
                "short",
                "load",
            ]
        )
        for row in rows:
            for name, error in row.errors.items():
                figures = [f"{x:.4g}" for x in (row.seconds[name], row.fastest[name], error)]
                own = name == OURS
                rest = (
                    [row.status, f"{row.ratio:.4g}", " ".join(row.shortfalls)] if own else [""] * 3
                )
                writer.writerow([row.case.name, name, *figures, *rest, f"{row.load:.2f}"])
            for name, why in row.left_out.items():
                writer.writerow([row.case.name, name, "", "", "", why])


def write_page(rows: Sequence[Row], page: Path = PAGE) -> None:
    """Put the table of a run between the two marks of the page."""
    before, rest = page.read_text().split(BEGIN)
    after = rest.split(END)[1]
    page.write_text(f"{before}{BEGIN}{_table(rows)}{END}{after}")


def _table(rows: Sequence[Row]) -> str:
    head = ["case", "bar: time, error, ratio", "faltung", "peers"]
    body = [
        [f"`{row.case.name}`", bar_text(row.case), _figures(row, OURS), _peers(row)] for row in rows
    ]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in [head, ["---"] * 4, *body])


def _peers(row: Row) -> str:
    there = [f"{name} {_figures(row, name)}" for name in row.errors if name != OURS]
    raised = [f"{name} raises" for name, why in row.left_out.items() if why.startswith("raised")]
    return "; ".join(there + raised) or "–"


def _figures(row: Row, name: str) -> str:
    if name not in row.errors:
        return row.status
    seconds = row.seconds[name]
    factor, unit = (1.0, "s") if seconds >= 1 else (1e3, "ms") if seconds >= 1e-3 else (1e6, "µs")
    short = f" (short: {', '.join(row.shortfalls)})" if name == OURS and row.shortfalls else ""
    return f"{float(f'{seconds * factor:.2g}'):g} {unit}, {row.errors[name]:.0e}{short}"
