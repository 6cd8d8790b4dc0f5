"""The command ``faltung`` and its parts."""

from __future__ import annotations

import click

from faltung.cli.classify import classify
from faltung.cli.commands import ExampleGroup
from faltung.cli.config import config
from faltung.cli.convolve import convolve
from faltung.cli.sum import sum_laws
from faltung.cli.tour import tour
from faltung.cli.train import train
from faltung.cli.tune import tune

__all__ = ["main"]

_EXAMPLES = """
faltung convolve photo.png gaussian:3 -o soft.png
faltung sum d6 d6
faltung train photos/ -o cats.safetensors
faltung classify cats.safetensors new/*.jpg
faltung tour --photo mine.jpg
"""


@click.group(
    cls=ExampleGroup,
    examples=_EXAMPLES,
    commands=[convolve, sum_laws, train, classify, tour, config, tune],
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Results go to standard output, messages to standard error. Exit codes: 0 done, "
    "1 an error in files or numbers, 2 a command written wrongly.",
)
@click.version_option(package_name="faltung", message="faltung %(version)s")
def main() -> None:
    """Convolve arrays, pictures, sound and probability distributions; train image networks."""
