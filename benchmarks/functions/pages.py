"""The table in the documentation, written from a run."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Sequence
from pathlib import Path

from benchmarks.findings import OURS
from benchmarks.functions.measure import Row
from benchmarks.functions.report import bar_text
from benchmarks.machine import versions
from faltung import _core

__all__ = ["PACKAGES", "PAGE", "table", "write_page"]

#: Whose versions are told.
PACKAGES = ("numpy", "scipy", "chebfun", "pacal", "mpmath")
PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- functions: begin -->\n", "<!-- functions: end -->\n"
#: The columns after ours: a title, and the peers of which the best is shown.
COLUMNS = {
    "ChebPy": ("chebpy",),
    "PaCAL": ("pacal",),
    "grid 10⁶": ("grid 1e6",),
    "grid 10⁴": ("grid 1e4",),
    "quadrature": ("quad", "quad_vec", "tanhsinh"),
}


def write_page(rows: Sequence[Row], page: Path = PAGE) -> None:
    """Put the table of a run between the two marks of the page."""
    before, rest = page.read_text().split(BEGIN)
    after = rest.split(END)[1]
    page.write_text(f"{before}{BEGIN}{_circumstances(rows)}\n{table(rows)}{END}{after}")


def _circumstances(rows: Sequence[Row]) -> str:
    """Return a line that says what the figures were measured on."""
    loads = [row.load for row in rows]
    busy = (
        " Others were at work: the errors stand, the times are too long." if max(loads) > 2 else ""
    )
    packages = ", ".join(f"{name} {version}" for name, version in versions(PACKAGES))
    return (
        f"{_core.instruction_set()} instructions, {os.cpu_count()} processors, "
        f"{platform.system()}; {packages}; load average {min(loads):.1f} to {max(loads):.1f}.{busy}\n"
    )


def table(rows: Sequence[Row]) -> str:
    """Return the run as a table in Markdown; a column of peers that were nowhere asked is left out."""
    asked = {name for row in rows for name in (*row.errors, *row.left_out)}
    titles = [title for title, names in COLUMNS.items() if asked & set(names)]
    head = ["case", "bar: time, error, tails", "faltung", *titles]
    body = [
        [f"`{row.case.name}`", _bar(row), _ours(row), *(_peer(row, COLUMNS[t]) for t in titles)]
        for row in rows
    ]  # fmt: skip
    ruled = [head, ["---"] * len(head), *body]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in ruled)


def _bar(row: Row) -> str:
    return bar_text(row.case.bar) if row.case.bar.asks else ""


def _ours(row: Row) -> str:
    text = _figures(row, OURS) if OURS in row.errors else row.status
    return f"{text} (short: {', '.join(row.shortfalls)})" if row.shortfalls else text


def _peer(row: Row, names: Sequence[str]) -> str:
    """Return the figures of the most accurate of them, the fastest of equals."""
    there = [name for name in names if name in row.errors]
    if not there:
        return "raises" if any("raised" in row.left_out.get(name, "") for name in names) else "–"
    right = [name for name in there if name in row.peers]
    best = min(right, key=lambda name: row.seconds[name], default="") or min(
        there, key=lambda name: row.errors[name].scaled
    )
    text = _figures(row, best)
    return f"{text} ({best})" if len(names) > 1 else text


def _figures(row: Row, name: str) -> str:
    errors = row.errors[name]
    tails = "" if math.isnan(errors.relative) else f", {errors.relative:.0e}"
    return f"{_time(row.seconds[name])}, {errors.scaled:.0e}{tails}"


def _time(seconds: float) -> str:
    """Return a time in two digits."""
    factor, unit = (1.0, "s") if seconds >= 1 else (1e3, "ms") if seconds >= 1e-3 else (1e6, "µs")
    return f"{float(f'{seconds * factor:.2g}'):g} {unit}"
