"""Inside a trained network: its kernels, what they find, and the way of one picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.nn.inputs import as_pictures
from faltung.nn.layers import Conv2d, Dense, Flatten
from faltung.tour.chapters import network_drawings as draw
from faltung.tour.chapters.likeness import Likeness
from faltung.tour.chapters.recognition import PictureSet, Trial
from faltung.tour.page import Markup, in_words, join

__all__ = ["network_slots"]

Array = NDArray[Any]

_TILES = 8


def network_slots(pictures: PictureSet, trial: Trial, likeness: Likeness) -> dict[str, object]:
    """Return what the page shows of the inside of one trial's network."""
    network = trial.classifier
    row = _typical(trial)
    seen = pictures.images[trial.held_out[row]]
    name = pictures.classes[trial.said[row]]
    kernels = network.kernels()
    maps = network.feature_maps(seen)
    order = np.argsort(-maps.mean(axis=(1, 2)))
    answers = [_answer(kernels[i], maps[i]) for i in order]
    return {
        "answers": join(answers),
        "likeness": likeness.text(),
        "kernel_count": len(kernels),
        "kernel_size": in_words(kernels[0].size),
        "kernel_key": (
            "orange adds, gray takes away"
            if kernels.shape[1] == 1
            else "light adds, dark takes away, in red, green and blue"
        ),
        "parameters": f"{network.network_.parameter_count:,}",
        "seen": draw.picture_tile(
            draw.channels_first(seen), f"The picture that is followed, taken for {name}"
        ),
        "seen_name": name,
        "seen_truth": (
            ""
            if trial.said[row] == trial.truth[row]
            else f", although it shows “{pictures.classes[trial.truth[row]]}”"
        ),
        "seen_chance": f"{100 * float(trial.probabilities[row].max()):.1f}",
        "stages": _stages(trial, seen),
        "votes": Markup(draw.votes(trial.probabilities[row], pictures.classes)),
    }


def _typical(trial: Trial) -> int:
    """Return a picture that is told right, and less surely than nine in ten of those."""
    right = np.flatnonzero(trial.said == trial.truth)
    rows = right if len(right) else np.arange(len(trial.truth))
    sure = trial.probabilities[rows].max(axis=1)
    return int(rows[np.argsort(sure)[len(rows) // 10]])


def _answer(kernel: Array, found: Array) -> Markup:
    asked = (
        draw.tinted(kernel[0], "g", "A learned kernel")
        if len(kernel) == 1
        else draw.colour_kernel(kernel, "A learned kernel, in colours")
    )
    return Markup(
        f"<div>{asked}{draw.tinted(found, 'result', 'What it finds in the picture')}</div>"
    )


def _stages(trial: Trial, image: Array) -> Markup:
    """Return the strongest maps of each stage that the picture passes on its way."""
    network = trial.classifier
    part = as_pictures([image], what="image")[0]
    values = network.format_.normalise(network.format_.fit(part), network.kernels().dtype)
    rows, convolutions = [], 0
    layers = list(network.network_)
    for place, layer in enumerate(layers):
        values = layer.forward(values)
        convolutions += isinstance(layer, Conv2d)
        last_of_stage = place + 1 == len(layers) or isinstance(
            layers[place + 1], Conv2d | Dense | Flatten
        )
        if last_of_stage and values.ndim == 4:
            rows.append(_stage(convolutions, values[0]))
    return join(rows)


def _stage(number: int, maps: Array) -> Markup:
    strongest = np.argsort(-maps.mean(axis=(1, 2)))[:_TILES]
    tiles = join(
        draw.tinted(np.maximum(maps[i], 0), "result", f"A feature map of stage {number}")
        for i in strongest
    )
    count, height, width = maps.shape
    return Markup(
        f'<div class="stage"><p class="label"><b class="result">Layer {number}</b><br>'
        f'{count} maps of {width} × {height}</p><div class="strip">{tiles}</div></div>'
    )
