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
    from faltung.nn import HeldOut, ImageClassifier

__all__ = ["train"]

_EXAMPLES = """
faltung train photos/ -o cats.safetensors
faltung train photos/ -o cats.safetensors --epochs 40 --seed 1 --json
faltung train photos/ -o cats.safetensors --held-out 0
"""


@click.command(
    cls=ExampleCommand,
    examples=_EXAMPLES,
    short_help="Train an image network on a folder of class folders.",
)
@click.argument("folder", metavar="FOLDER")
@click.option("-o", "--output", metavar="MODEL", required=True, help="The .safetensors to write.")
@click.option(
    "--held-out",
    type=click.FloatRange(0, 0.9),
    default=0.2,
    show_default=True,
    metavar="SHARE",
    help="Share of each class to lay aside, and to ask about in the end; 0 to learn from all.",
)
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
    pictures are named and skipped.

    A fifth of each class, drawn at random, is laid aside: how many of those the network tells right
    is printed, with the interval that their number allows. The network that is saved is that one,
    which has not learned from them. With --held-out 0 it learns from every picture, and nothing
    says how good it is on new ones.
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
        click.echo(_lines(outcome))


def _describe(folder: str, output: str, classifier: ImageClassifier) -> dict[str, Any]:
    from faltung.nn.picture_files import LabelledFiles

    skipped = {path for path, _ in classifier.skipped_}
    history = [epoch._asdict() for epoch in classifier.history_]
    pictures = len(set(LabelledFiles.of(folder).paths) - skipped)
    held_out = classifier.held_out_
    return {
        "model": output,
        "classes": classifier.classes_,
        "pictures": pictures,
        "learned_from": pictures - (held_out.pictures if held_out else 0),
        "held_out": held_out and _score(held_out),
        "skipped": [{"path": str(path), "reason": why} for path, why in classifier.skipped_],
        "shape": classifier.format_.shape,
        "epochs": len(history),
        "training_accuracy": history[-1]["accuracy"],
        "training_loss": history[-1]["loss"],
        "history": history,
    }


def _score(held_out: HeldOut) -> dict[str, Any]:
    return {
        "pictures": held_out.pictures,
        "right": held_out.right,
        "accuracy": held_out.accuracy,
        "interval_95_percent": held_out.interval,
    }


def _lines(outcome: dict[str, Any]) -> str:
    """Return what was learned from what, and how good it is, in two lines."""
    channels, height, width = outcome["shape"]
    epochs, learned_from = outcome["epochs"], outcome["learned_from"]
    colours = "gray" if channels == 1 else "RGB"
    first = (
        f"{outcome['model']}: {len(outcome['classes'])} classes ({', '.join(outcome['classes'])}); "
        f"learned from {learned_from} of {outcome['pictures']} pictures as "
        f"{picture_size(width, height)} {colours}, {epochs} epoch{'' if epochs == 1 else 's'}"
    )
    score = outcome["held_out"]
    if score is None:
        return (
            f"{first}\n{_percent(outcome['training_accuracy'])} of them told right while learning; none "
            "held out, so that nothing says how good it is on new ones"
        )
    low, high = score["interval_95_percent"]
    return (
        f"{first}\n{_percent(score['accuracy'])} of the {score['pictures']} held out told right "
        f"(95 % interval {_percent(low)} to {_percent(high)}); the network saved is this one, which "
        "has not seen them"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
