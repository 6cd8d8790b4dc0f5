"""``python -m benchmarks.distributions``: us and every peer on sums of random variables."""

from __future__ import annotations

import fnmatch
import os
from pathlib import Path

import click

PACKAGES = (
    "numpy", "scipy", "python-flint", "icepool", "aggregate", "openturns", "fast-poibin",
    "prv-accountant", "dp-accounting", "mpmath",
)  # fmt: skip


@click.command(help="Time faltung and its peers on laws of sums, and measure how right each is.")
@click.option("--only", multiple=True, metavar="TEXT", help="Cases whose name holds TEXT (or *).")
@click.option("--slow", is_flag=True, help="Peers that take long too.")
@click.option("--rounds", default=5, show_default=True, help="Samples of each contestant.")
@click.option("--threads", default=2, show_default=True, help="At most so many of ours.")
@click.option("--csv", "csv_path", type=click.Path(path_type=Path), help="Write the figures there.")
@click.option("--docs", is_flag=True, help="Write the table in docs/benchmarks.md anew.")
def main(
    *,
    only: tuple[str, ...],
    slow: bool,
    rounds: int,
    threads: int,
    csv_path: Path | None,
    docs: bool,
) -> None:
    # The core reads it once, when it is first asked; so nothing is imported before.
    os.environ["FALTUNG_NUM_THREADS"] = str(threads)
    from benchmarks.distributions.catalogue import all_cases
    from benchmarks.distributions.measure import measure
    from benchmarks.distributions.report import heading, lines, summary, write_csv, write_page
    from benchmarks.machine import print_machine
    from benchmarks.measure import Limits

    patterns = [f"*{text}*" for text in only] or ["*"]
    cases = [c for c in all_cases() if any(fnmatch.fnmatch(c.name, text) for text in patterns)]
    if not cases:
        raise click.UsageError(f"no case is called {' or '.join(only)}")
    if docs and only:
        raise click.UsageError("--docs writes the whole table: leave out --only")
    print_machine(PACKAGES, [])
    print(
        f"\nOperands made before, the law made anew in each call. Median of {rounds} samples in turn.\n"
        "error: the largest, relative or of logarithms. ratio: the best peer that is right, by ours.\n"
    )
    print(heading())
    rows = []
    for case in cases:
        rows.append(measure(case, Limits(rounds, threads), slow=slow))
        print(lines(rows[-1]), flush=True)
    print(f"\n{summary(rows)}\n\nload average at the end {os.getloadavg()[0]:.2f}")
    if csv_path:
        write_csv(rows, csv_path)
    if docs:
        write_page(rows)
    wrong = [row.case.name for row in rows if row.status in ("failed", "differs")]
    if wrong:
        raise click.ClickException(f"ours failed or differs in {', '.join(wrong)}")


if __name__ == "__main__":
    main()
