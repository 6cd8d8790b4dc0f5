"""``faltung config``: what this installation is made of."""

from __future__ import annotations

import click

from faltung.cli.commands import ExampleCommand
from faltung.cli.options import echo_json, json_option

__all__ = ["config"]

_EXAMPLES = """
faltung config
FALTUNG_ISA=v2 faltung config --json
"""


@click.command(
    cls=ExampleCommand,
    examples=_EXAMPLES,
    short_help="Version, compiler, instruction sets, threads, costs.",
)
@json_option
def config(as_json: bool) -> None:
    """Show version, compiler, instruction sets, threads and table of costs of this installation."""
    from faltung.configuration import configuration, show_config

    if as_json:
        echo_json(configuration())
    else:
        show_config()
