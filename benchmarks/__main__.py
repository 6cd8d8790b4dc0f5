"""``python -m benchmarks``: us and every peer on the cases of the two files."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from benchmarks.measure import Limits, Row
    from benchmarks.problems import Problem

PACKAGES = (
    "numpy", "scipy", "opencv-python-headless", "ducc0", "pyfftw", "python-flint", "torch",
)  # fmt: skip

#: With --quick, every so manieth case of the grid.
QUICK_STEP = 6


@click.command(help="Time faltung and its peers on arrays, in one process, equal answers asserted.")
@click.option("--only", multiple=True, metavar="TEXT", help="Cases whose name holds TEXT (or *).")
@click.option(
    "--quick", is_flag=True, help=f"Every {QUICK_STEP}th case of the grid, no named ones."
)
@click.option("--named", is_flag=True, help="The named cases alone.")
@click.option("--rounds", default=5, show_default=True, help="Samples of each contestant.")
@click.option("--threads", default=2, show_default=True, help="For every contestant.")
@click.option("--seconds", default=3.0, show_default=True, help="Peers slower than this stay out.")
@click.option("--csv", "csv_path", type=click.Path(path_type=Path), help="Write the figures there.")
def main(
    *,
    only: tuple[str, ...],
    quick: bool,
    named: bool,
    rounds: int,
    threads: int,
    seconds: float,
    csv_path: Path | None,
) -> None:
    # The core reads it once, when it is first asked; so nothing is imported before.
    os.environ["FALTUNG_NUM_THREADS"] = str(threads)
    from benchmarks.measure import Limits
    from benchmarks.report import named_summary, summary, write_csv

    limits = Limits(rounds, threads, seconds)
    named_problems, grid = _select(only, quick=quick, named=named)
    if not named_problems + grid:
        raise click.UsageError(f"no case is called {' or '.join(only)}: see benchmarks/*.csv")
    _print_head(limits)
    named_rows, grid_rows = _measure_all(named_problems, limits), _measure_all(grid, limits)
    if named_rows:
        print(f"\n{named_summary(named_rows)}")
    if grid_rows:
        print(f"\n{summary(grid_rows)}")
    print(f"\nload average at the end {os.getloadavg()[0]:.2f}")
    if csv_path:
        write_csv(named_rows + grid_rows, csv_path)
    wrong = [row.problem.name for row in named_rows + grid_rows if row.status in WRONG]
    if wrong:
        raise click.ClickException(f"ours failed or differs in {', '.join(wrong)}")


WRONG = ("failed", "differs")


def _select(
    only: Sequence[str], *, quick: bool, named: bool
) -> tuple[list[Problem], list[Problem]]:
    from benchmarks.problems import GRID, NAMED, read_problems

    named_problems = [] if quick else read_problems(NAMED)
    grid = [] if named else read_problems(GRID)[:: QUICK_STEP if quick else 1]

    def wanted(problems: list[Problem]) -> list[Problem]:
        patterns = [f"*{text}*" for text in only] or ["*"]
        return [p for p in problems if any(fnmatch.fnmatch(p.name, text) for text in patterns)]

    return wanted(named_problems), wanted(grid)


def _print_head(limits: Limits) -> None:
    from benchmarks.machine import print_machine
    from benchmarks.peers import load_peers

    print_machine(PACKAGES, load_peers(limits.threads)[1])
    print(
        f"\nMedian of {limits.rounds} samples in turn, at most {limits.threads} threads each. "
        f"Left out: peers that\nwould take longer than {limits.seconds:g} s for a call.\n"
    )


def _measure_all(problems: Sequence[Problem], limits: Limits) -> list[Row]:
    from benchmarks.measure import measure
    from benchmarks.peers import load_peers
    from benchmarks.report import heading, line

    rows = []
    if problems:
        print(heading())
    for problem in problems:
        rows.append(measure(problem, load_peers(limits.threads)[0], limits))
        print(line(rows[-1]), flush=True)
    return rows


if __name__ == "__main__":
    main()
