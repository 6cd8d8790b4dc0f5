"""``faltung tour``: the whole story as one page."""

from __future__ import annotations

from pathlib import Path

import click

from faltung.cli.commands import ExampleCommand
from faltung.cli.messages import say
from faltung.cli.options import check_suffix, echo_json, json_option, quiet_option

__all__ = ["tour"]

_EXAMPLES = """
faltung tour --open
faltung tour --photo mine.jpg --pictures photos/ --out mine.html
faltung tour --chapter means --json
"""


@click.command(
    cls=ExampleCommand,
    examples=_EXAMPLES,
    short_help="The whole story, from a dropped ball to a trained network, as one HTML page.",
)
@click.option("--photo", metavar="FILE", help="The photograph to filter; a built-in one if none.")
@click.option(
    "--pictures",
    metavar="FOLDER",
    help="A folder with one folder of pictures for each class, to train on; digits if none.",
)
@click.option(
    "--out", default="tour.html", show_default=True, metavar="FILE", help="The .html to write."
)
@click.option(
    "--chapter",
    "chapters",
    multiple=True,
    metavar="NAME",
    help="Only this one of is, means, dimensions, does; repeatable.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of every random number.")
@click.option("--open", "open_page", is_flag=True, help="Open the page in the browser.")
@json_option
@quiet_option
def tour(
    photo: str | None,
    pictures: str | None,
    out: str,
    chapters: tuple[str, ...],
    seed: int,
    open_page: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Compute the whole story on real input and write it as one HTML page that needs no network.

    What a convolution is, what it means, what it does in two dimensions and in a network. Needs
    the extra 'faltung[tour]'.
    """
    check_suffix(out, "the page", ".html", ".htm")
    from faltung.tour import run

    result = run(
        photo=photo,
        pictures=pictures,
        out=out,
        chapters=chapters or None,
        seed=seed,
        progress=False if quiet else None,  # None: if standard error is a terminal
    )
    if as_json:
        echo_json(result.figures)
    elif not quiet:
        click.echo(result.path)
    say("open it in a browser, or write --open", quiet=quiet or open_page)
    if open_page:
        click.launch(Path(result.path).resolve().as_uri())
