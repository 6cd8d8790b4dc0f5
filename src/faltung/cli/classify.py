"""``faltung classify``: what pictures show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from faltung.cli.commands import ExampleCommand
from faltung.cli.messages import show_error
from faltung.cli.options import echo_json, json_option
from faltung.errors import FaltungError

if TYPE_CHECKING:
    from faltung.nn import ImageClassifier

__all__ = ["classify"]

_EXAMPLES = """
faltung classify cats.safetensors new/*.jpg
faltung classify cats.safetensors photo.png --json
"""


@click.command(
    cls=ExampleCommand,
    examples=_EXAMPLES,
    short_help="Tell what pictures show, with a trained network.",
)
@click.argument("model", metavar="MODEL")
@click.argument("files", nargs=-1, required=True, metavar="FILES...")
@json_option
@click.pass_context
def classify(context: click.Context, model: str, files: tuple[str, ...], as_json: bool) -> None:
    """Print name, class and probability of each picture, with tabs between, one in a line.

    A file that cannot be read is named on standard error and skipped; the exit code is then 1. A
    network knows its classes only: it names one of them for any picture. Its probabilities are its
    own, not measured frequencies.
    """
    from faltung.nn import ImageClassifier

    classifier = ImageClassifier.load(model)
    outcomes = []
    for name in files:
        outcome = _outcome(classifier, name)
        if "error" in outcome:
            show_error(outcome["error"])
        elif not as_json:
            click.echo(f"{name}\t{outcome['class']}\t{outcome['probability']:.4f}")
        outcomes.append(outcome)
    if as_json:
        echo_json({"model": model, "files": outcomes})
    context.exit(int(any("error" in outcome for outcome in outcomes)))


def _outcome(classifier: ImageClassifier, name: str) -> dict[str, Any]:
    if not Path(name).exists():
        return {"file": name, "error": f"{name}: there is no such file"}
    if Path(name).is_dir():
        return {"file": name, "error": f"{name}: is a folder: name the pictures in it"}
    try:
        chances = classifier.predict_proba([name])[0]
    except FaltungError as error:
        return {"file": name, "error": " ".join(str(error).split())}
    best = int(chances.argmax())
    labels = classifier.classes_.tolist()
    return {
        "file": name,
        "class": labels[best],
        "probability": float(chances[best]),
        "probabilities": dict(zip(map(str, labels), chances.tolist(), strict=True)),
    }
