"""``faltung train``: a network from a folder of class folders."""

from __future__ import annotations

import importlib.util
import time
import warnings
from typing import TYPE_CHECKING, Any

import click

from faltung.cli.commands import ExampleCommand
from faltung.cli.messages import picture_size, warn
from faltung.cli.options import check_suffix, echo_json, json_option, quiet_option
from faltung.errors import missing_extra

if TYPE_CHECKING:
    from faltung.nn import ImageClassifier

__all__ = ["train"]

_EXAMPLES = """
faltung train photos/ -o cats.safetensors
faltung train photos/ -o cats.safetensors --epochs 40 --seed 1 --json
"""


@click.command(
    cls=ExampleCommand,
    examples=_EXAMPLES,
    short_help="Train an image network on a folder of class folders.",
)
@click.argument("folder", metavar="FOLDER")
@click.option("-o", "--output", metavar="MODEL", required=True, help="The .safetensors to write.")
@click.option(
    "--epochs",
    type=click.IntRange(1),
    metavar="N",
    help="Passes over the pictures. Default: what makes 700 steps, from 10 to 100.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of all chance.")
@click.option("--threads", type=click.IntRange(1, 1024), metavar="N", help="At most N threads.")
@json_option
@quiet_option
def train(folder: str, output: str, as_json: bool, quiet: bool, **options: Any) -> None:
    """Train a convolutional network on FOLDER, which holds one folder of pictures per class.

    The class folders' names are the names that 'faltung classify' answers with. Files that are no
    pictures are named and skipped. The accuracy that is printed is that on the pictures learned
    from, moved at random; how good the network is, only pictures it has not seen can tell.
    """
    from faltung.files.whole import whole_file
    from faltung.nn import ImageClassifier, PictureWarning

    check_suffix(output, "a network", ".safetensors")
    if importlib.util.find_spec("safetensors") is None:
        raise missing_extra("safetensors", "nn", "saving a model")
    started = time.perf_counter()
    with whole_file(output) as temporary:
        classifier = ImageClassifier(progress=False if quiet else None, **options)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PictureWarning)  # told below, one line for each file
            classifier.fit_folder(folder)
        classifier.save(temporary)
    for path, reason in classifier.skipped_:
        warn(f"{path}: {reason}: skipped", quiet=quiet)
    outcome = _describe(folder, output, classifier)
    outcome["seconds"] = round(time.perf_counter() - started, 3)
    if as_json:
        echo_json(outcome)
    elif not quiet:
        click.echo(_line(outcome))


def _describe(folder: str, output: str, classifier: ImageClassifier) -> dict[str, Any]:
    from faltung.nn.picture_files import LabelledFiles

    skipped = {path for path, _ in classifier.skipped_}
    history = [epoch._asdict() for epoch in classifier.history_]
    return {
        "model": output,
        "classes": classifier.classes_,
        "pictures": len(set(LabelledFiles.of(folder).paths) - skipped),
        "skipped": [{"path": str(path), "reason": why} for path, why in classifier.skipped_],
        "shape": classifier.format_.shape,
        "epochs": len(history),
        "accuracy": history[-1]["accuracy"],
        "loss": history[-1]["loss"],
        "history": history,
    }


def _line(outcome: dict[str, Any]) -> str:
    channels, height, width = outcome["shape"]
    epochs = outcome["epochs"]
    colours = "gray" if channels == 1 else "RGB"
    return (
        f"{outcome['model']}: {len(outcome['classes'])} classes ({', '.join(outcome['classes'])}), "
        f"{outcome['pictures']} pictures as {picture_size(width, height)} {colours}, {epochs} "
        f"epoch{'' if epochs == 1 else 's'}; accuracy on them {outcome['accuracy']:.4f}, loss {outcome['loss']:.4f}"
    )
