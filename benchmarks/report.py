"""The table, its summary, and the CSV file."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.findings import OURS, time_text
from benchmarks.measure import Row

__all__ = ["heading", "line", "named_summary", "summary", "write_csv"]

#: The least ratio of any single case; 0.05 allows for noise.
LEAST = 0.95
#: How many of the slowest cases are listed.
WORST = 20


def heading() -> str:
    """Return the line above the table."""
    return f"{'case':52}{'ours':>11}{'best peer':>11}  {'':22}{'ratio':>7}  required"


def line(row: Row) -> str:
    """Return a case as a line of the table."""
    best = row.best_peer
    peer = f"{time_text(row.peers[best])}  {best:22}" if best else f"{'-':>11}  {'':22}"
    if row.status == "timed":
        text = f"{row.problem.name:52}{time_text(row.seconds[OURS])}{peer}{row.ratio:>7.2f}"
        if row.problem.required is not None:
            text += f"  {row.problem.required:g}{' SHORT' if row.short else ''}"
    else:
        ours = time_text(row.seconds[OURS]) if OURS in row.seconds else f"{'-':>11}"
        text = f"{row.problem.name:52}{ours}{peer}  {row.status}: {row.message}"
        if row.problem.required is not None:
            text += f"  (required {row.problem.required:g})"
    if row.left_out:
        reasons = "; ".join(f"{name} ({why})" for name, why in row.left_out.items())
        text += f"\n    left out: {reasons}"
    return text


def summary(rows: Sequence[Row]) -> str:
    """Return counts, geometric means and the worst cases."""
    counts = Counter(row.status for row in rows)
    said = ", ".join(f"{count} {status}" for status, count in counts.items())
    lines = [f"grid: {len(rows)} cases, {said}"]
    timed = sorted((row for row in rows if row.status == "timed"), key=lambda row: row.ratio)
    if not timed:
        return lines[0]
    below = sum(row.ratio < LEAST for row in timed)
    fastest = _geometric_mean([row.ratio_of_fastest for row in timed])
    lines += [
        f"geometric mean {_mean(timed):.2f} over the {len(timed)} timed cases",
        f"  of the fastest samples {fastest:.2f}; {below} cases below {LEAST}",
        *_means(timed, "rank", lambda row: str(row.problem.rank)),
        *_means(timed, "dtype", lambda row: row.problem.dtype),
        *_means(timed, "mode", lambda row: row.problem.mode),
        *_means(timed, "size", _decade),
        f"the worst {min(WORST, len(timed))}",
        *(f"  {line(row).splitlines()[0]}" for row in timed[:WORST]),
    ]
    return "\n".join(lines + _untimed(rows))


def named_summary(rows: Sequence[Row]) -> str:
    """Return how many requirements are met, and which are not."""
    asked = [row for row in rows if row.problem.required is not None]
    short = [row for row in asked if row.short]
    lines = [f"named cases: {len(asked) - len(short)} of {len(asked)} requirements met"]
    lines += [
        f"  {row.problem.name:40}{row.ratio:>7.2f} of {row.problem.required:g}"
        f"   (fastest samples {row.ratio_of_fastest:.2f})"
        for row in short
        if row.status == "timed"
    ]
    return "\n".join(lines + _untimed(rows))


def _untimed(rows: Sequence[Row]) -> list[str]:
    others = [row for row in rows if row.status != "timed"]
    title = ["not timed"] if others else []
    return title + [f"  {line(row).splitlines()[0]}" for row in others]


def _decade(row: Row) -> str:
    return f"1e{int(math.log10(math.prod(row.problem.shape)))}…"


def _mean(rows: Sequence[Row]) -> float:
    return _geometric_mean([row.ratio for row in rows])


def _geometric_mean(ratios: Sequence[float]) -> float:
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def _means(rows: Sequence[Row], name: str, key: Callable[[Row], str]) -> list[str]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return [
        f"  {name + ' ' + group:18}{_mean(members):>7.2f}  ({len(members)})"
        for group, members in sorted(groups.items())
    ]


def write_csv(rows: Sequence[Row], path: Path) -> None:
    """Write one row for each case, a column of seconds for each contestant."""
    names = sorted({name for row in rows for name in row.seconds} - {OURS})
    with path.open("w", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow([
            "name", "shape", "kernel", "dtype", "mode", "boundary", "status", "best_peer",
            "ratio", "ratio_of_fastest", "required", "load", OURS, *names, "message", "left_out",
        ])  # fmt: skip
        for row in rows:
            writer.writerow(_cells(row, names))


def _cells(row: Row, names: list[str]) -> list[str]:
    problem = row.problem
    return [
        problem.name, "x".join(map(str, problem.shape)), "x".join(map(str, problem.taps)),
        problem.dtype, problem.mode, problem.boundary, row.status, row.best_peer,
        f"{row.ratio:.4g}", f"{row.ratio_of_fastest:.4g}", f"{problem.required or ''}", f"{row.load:.2f}",
        *(f"{row.seconds[name]:.4g}" if name in row.seconds else "" for name in (OURS, *names)),
        row.message, "; ".join(f"{name}: {why}" for name, why in row.left_out.items()),
    ]  # fmt: skip
