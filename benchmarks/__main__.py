"""``python -m benchmarks``: a table of best peer's time ÷ ours, case by case."""

from __future__ import annotations

import math
import os
import platform

import faltung as ft
from benchmarks import arrays
from benchmarks.timing import OURS, run_case


def main() -> None:
    """Run every case and print the table."""
    ft.show_config()
    print(f"{platform.platform()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.2f}\n")
    print(f"{'case':38}{'ours':>12}{'best peer':>12}  {'':14}{'ratio':>8}")
    logarithms = []
    for case in arrays.cases():
        row = run_case(case)
        best = row.best_peer
        logarithms.append(math.log(row.ratio))
        print(
            f"{row.name:38}{row.seconds[OURS] * 1e3:>9.3f} ms{row.seconds[best] * 1e3:>9.3f} ms"
            f"  {best:14}{row.ratio:>8.2f}"
        )
    print(f"\ngeometric mean of the ratios {math.exp(sum(logarithms) / len(logarithms)):.2f}")


if __name__ == "__main__":
    main()
