"""``python -m benchmarks.functions``: us and every peer on functions, against closed forms."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from benchmarks.functions.cases import Case
    from benchmarks.functions.measure import Row
    from benchmarks.measure import Limits


@click.command(help="Time faltung and its peers on functions, and measure how right each is.")
@click.option("--only", multiple=True, metavar="TEXT", help="Cases whose name holds TEXT (or *).")
@click.option("--named", is_flag=True, help="The cases of which a time is required, alone.")
@click.option("--slow", is_flag=True, help="Peers that take minutes too, once.")
@click.option("--rounds", default=5, show_default=True, help="Samples of each contestant.")
@click.option("--threads", default=2, show_default=True, help="At most so many of ours.")
@click.option("--seconds", default=3.0, show_default=True, help="Peers slower than this stay out.")
@click.option("--csv", "csv_path", type=click.Path(path_type=Path), help="Write the figures there.")
@click.option("--docs", is_flag=True, help="Write the table in docs/benchmarks.md anew.")
def main(
    *,
    only: tuple[str, ...],
    named: bool,
    slow: bool,
    rounds: int,
    threads: int,
    seconds: float,
    csv_path: Path | None,
    docs: bool,
) -> None:
    # The core reads it once, when it is first asked; so nothing is imported before.
    os.environ["FALTUNG_NUM_THREADS"] = str(threads)
    from benchmarks.functions.pages import write_page
    from benchmarks.functions.report import summary, write_csv
    from benchmarks.measure import Limits

    cases = _select(only, named=named)
    if not cases:
        raise click.UsageError(f"no case is called {' or '.join(only)}")
    if docs and (only or named):
        raise click.UsageError("--docs writes the whole table: leave out --only and --named")
    limits = Limits(rounds, threads, seconds)
    _print_head(limits, slow=slow)
    rows = _measure_all(cases, limits, slow=slow)
    print(f"\n{summary(rows)}\n\nload average at the end {os.getloadavg()[0]:.2f}")
    if csv_path:
        write_csv(rows, csv_path)
    if docs:
        write_page(rows)
    wrong = [row.case.name for row in rows if row.status in ("failed", "differs")]
    if wrong:
        raise click.ClickException(f"ours failed or differs in {', '.join(wrong)}")


def _select(only: Sequence[str], *, named: bool) -> list[Case]:
    from benchmarks.functions.catalogue import all_cases

    patterns = [f"*{text}*" for text in only] or ["*"]
    return [
        case
        for case in all_cases()
        if any(fnmatch.fnmatch(case.name, text) for text in patterns)
        and (case.bar.seconds < float("inf") or not named)
    ]


def _print_head(limits: Limits, *, slow: bool) -> None:
    from benchmarks.functions.measure import AGREEING
    from benchmarks.functions.pages import PACKAGES
    from benchmarks.functions.peers import load_peers
    from benchmarks.machine import print_machine

    print_machine(PACKAGES, load_peers()[1])
    slower = "" if slow else f"Left out: peers that would take longer than {limits.seconds:g} s."
    print(
        f"\nThe values at 1000 shifts, the functions made before. Median of {limits.rounds} samples in "
        f"turn.\n{slower}\nerror: the largest, in parts of the largest value. tails: relative, at "
        "chosen places far out or near\na pole. ratio: the time of the best peer, the fastest whose "
        f"errors are below {AGREEING:g}, divided by ours.\n"
    )


def _measure_all(cases: Sequence[Case], limits: Limits, *, slow: bool) -> list[Row]:
    from benchmarks.functions.measure import measure
    from benchmarks.functions.peers import load_peers
    from benchmarks.functions.report import heading, lines

    rows = []
    print(heading())
    for case in cases:
        rows.append(measure(case, load_peers()[0], limits, slow=slow))
        print(lines(rows[-1]), flush=True)
    return rows


if __name__ == "__main__":
    main()
