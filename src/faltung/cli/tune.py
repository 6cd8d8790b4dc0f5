"""``faltung tune``: the planner's costs measured on this machine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from faltung.cli.bars import table
from faltung.cli.commands import ExampleCommand
from faltung.cli.messages import say
from faltung.cli.options import echo_json, json_option, quiet_option

if TYPE_CHECKING:
    from faltung.arrays.tuning import Tuning

__all__ = ["tune"]

_EXAMPLES = """
faltung tune
faltung tune --save
faltung tune --quick --json
faltung tune --reset
"""


@click.command(
    cls=ExampleCommand,
    examples=_EXAMPLES,
    short_help="Measure on this machine what the choice of methods rests on.",
)
@click.option("--save", is_flag=True, help="Use what was measured from now on, in every process.")
@click.option("--reset", is_flag=True, help="Remove what was saved; measure nothing.")
@click.option("--quick", is_flag=True, help="About a second in place of some, and rough.")
@json_option
@quiet_option
def tune(save: bool, reset: bool, quick: bool, as_json: bool, **options: Any) -> None:
    """Measure the costs by which methods are chosen, and show them beside those in use.

    faltung comes with one table of costs for all machines, so that they choose alike and give the
    same bits. With --save this machine chooses by its own, for this user: results keep their error
    bounds, but their last bits may differ from those of other machines.

    Measure while nothing else runs. The file is costs.json in $FALTUNG_CONFIG_HOME, or in
    $XDG_CONFIG_HOME/faltung, or in ~/.config/faltung.
    """
    silent = bool(options["quiet"])
    if reset and (save or quick):
        raise click.UsageError("--reset measures nothing: write it alone")
    if reset:
        _reset(as_json=as_json, quiet=silent)
        return
    from faltung.arrays.saved_costs import save_costs
    from faltung.arrays.tuning import tune as measure

    with _progress(shown=not silent) as advance:
        found = measure(quick=quick, advance=advance)
    saved = str(save_costs(found.costs)) if save else None
    if as_json:
        echo_json(_document(found, saved))
    elif not silent:
        click.echo(_tables(found))
    if saved:
        say(f"saved: {saved}", quiet=silent or as_json)


def _reset(*, as_json: bool, quiet: bool) -> None:
    from faltung.arrays.saved_costs import remove_costs

    removed = remove_costs()
    if as_json:
        echo_json({"removed": removed and str(removed)})
    else:
        say(f"removed: {removed}" if removed else "there was no saved table", quiet=quiet)


@contextmanager
def _progress(*, shown: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Lend a bar on standard error, if that is a terminal."""
    if not (shown and sys.stderr.isatty()):
        yield None
        return
    with click.progressbar(length=1, label="measuring", file=sys.stderr) as bar:

        def advance(done: int, steps: int) -> None:
            bar.length = steps
            bar.update(done - bar.pos)

        yield advance


def _document(found: Tuning, saved: str | None) -> dict[str, Any]:
    fits = [
        {"group": fit.group, "problems": fit.problems, "median": fit.median, "worst": fit.worst}
        for fit in found.fits
    ]
    return {"before": found.before, "nanoseconds": found.costs, "fits": fits, "saved": saved}


def _tables(found: Tuning) -> str:
    costs = [
        [name, f"{before:.4g}", f"{found.costs[name]:.4g}"] for name, before in found.before.items()
    ]
    fits = [
        [fit.group, str(fit.problems), f"{fit.median:.2f}", f"{fit.worst:.2f}"]
        for fit in found.fits
    ]
    return "\n\n".join([
        table(["nanoseconds", "in use", "measured"], costs),
        "Predicted by what was measured, divided by the measured time:",
        table(["", "problems", "median", "worst"], fits),
    ])  # fmt: skip
