"""What it does: networks that find their own kernels learn to tell pictures apart."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.nn import confusion_matrix
from faltung.tour.chapters import network_drawings as draw
from faltung.tour.chapters.likeness import likeness
from faltung.tour.chapters.network_inside import network_slots
from faltung.tour.chapters.recognition import (
    PictureSet,
    Shuffled,
    Trial,
    digits,
    folder,
    run_trials,
    shuffled_accuracies,
)
from faltung.tour.chapters.verdicts import closing, shuffled_verdict, sizes_differ, verdict
from faltung.tour.page import Chapter, Markup, fill, in_words, join, read_text
from faltung.tour.settings import Settings, Story

__all__ = ["tell"]

Array = NDArray[Any]

_MOST_MISTAKES = 400
_SHOWN_OF_EACH = 6
_MOST_SHOWN = 120
_FEW, _MANY = 9, 40


def tell(settings: Settings, story: Story) -> Chapter:
    """Tell the chapter; the splits, the networks and the shuffling depend on the seed."""
    pictures = digits() if settings.pictures is None else folder(settings.pictures)
    story.step("pictures")
    trials = run_trials(pictures, settings, story.step)
    shuffled = shuffled_accuracies(pictures, settings, len(trials))
    story.step("shuffled labels")
    counts = _confusion(pictures, trials)
    alike = likeness(trials[0].classifier.kernels(), settings.seed)
    story.numbers["what_it_does"] = {
        **_report(pictures, trials, shuffled, counts),
        "verdict": verdict(pictures, trials).report(),
        "kernels_alike": alike.report(),
    }
    slots = {
        **_picture_slots(pictures, settings),
        **_accuracy_slots(pictures, trials, shuffled, settings),
        **_mistake_slots(pictures, trials, counts),
        **network_slots(pictures, trials[0], alike),
    }
    story.step("networks")
    return Chapter(
        name="what-it-does",
        title="What it does",
        line="A network finds its own kernels, to tell pictures apart",
        body=fill(read_text("chapters/what_it_does.html"), slots),
    )


def _confusion(pictures: PictureSet, trials: list[Trial]) -> Array:
    """Return how often each class was taken for each, over all trials."""
    truth = np.concatenate([trial.truth for trial in trials])
    said = np.concatenate([trial.said for trial in trials])
    return confusion_matrix(truth, said, classes=np.arange(len(pictures.classes)))


def _report(
    pictures: PictureSet, trials: list[Trial], shuffled: Shuffled, counts: Array
) -> dict[str, Any]:
    accuracies = [trial.accuracy for trial in trials]
    nearest = [trial.nearest for trial in trials]
    return {
        "pictures": len(pictures.images),
        "picture_shape": list(pictures.images.shape[1:]),
        "classes": pictures.classes,
        "skipped": pictures.skipped,
        "seeds": [trial.seed for trial in trials],
        "held_out": len(trials[0].truth),
        "parameters": trials[0].classifier.network_.parameter_count,
        "epochs": len(trials[0].classifier.history_),
        "accuracy": _summary(accuracies),
        "nearest_neighbour_accuracy": _summary(nearest),
        "shuffled_labels_accuracy": {**_summary(shuffled.accuracies), "epochs": shuffled.passes},
        "shuffled_at_chance": _at_chance(pictures, shuffled),
        "chance": pictures.chance,
        "confusion": counts.tolist(),
        "mistakes": [
            {"seed": trial.seed, **mistake}
            for trial in trials
            for mistake in _mistakes(pictures, trial)
        ],
        "seconds_per_network": [round(trial.seconds, 3) for trial in trials],
    }


def _at_chance(pictures: PictureSet, shuffled: Shuffled) -> bool:
    """Return whether the shuffled accuracies agree with chance: Student's test at the 1 % level.

    Whole classes are told right or wrong together, so that the pictures do not count singly. For
    one network alone the classes stand for the spread: the root of p (1 - p) / classes.
    """
    from scipy.stats import norm, t

    count, chance = len(shuffled.accuracies), pictures.chance
    if count == 1:
        limit = norm.isf(0.005) * np.sqrt(chance * (1 - chance) / len(pictures.classes))
    else:
        limit = t.isf(0.005, count - 1) * np.std(shuffled.accuracies, ddof=1) / np.sqrt(count)
    return bool(abs(np.mean(shuffled.accuracies) - chance) <= limit)


def _summary(values: list[float]) -> dict[str, Any]:
    """Return the values with their mean and their spread, the standard deviation."""
    spread = float(np.std(values, ddof=1)) if len(values) > 1 else None
    return {"each": values, "mean": float(np.mean(values)), "spread": spread}


def _mistakes(pictures: PictureSet, trial: Trial) -> list[dict[str, Any]]:
    return [
        {
            "picture": int(trial.held_out[row]),
            "shows": pictures.classes[trial.truth[row]],
            "taken_for": pictures.classes[trial.said[row]],
            "probability": float(trial.probabilities[row].max()),
        }
        for row in trial.wrong
    ]


# 1 The pictures


def _picture_slots(pictures: PictureSet, settings: Settings) -> dict[str, object]:
    columns = len(pictures.classes)
    each = max(1, min(_SHOWN_OF_EACH, _MOST_SHOWN // columns))
    members = [np.flatnonzero(pictures.labels == number)[:each] for number in range(columns)]
    tiles = [
        draw.picture_tile(
            draw.channels_first(pictures.images[rows[i]]), f"A picture of class {name}"
        )
        for i in range(each)
        for name, rows in zip(pictures.classes, members, strict=True)
        if i < len(rows)
    ]
    height, width = pictures.images.shape[1:3]
    own = settings.pictures is not None
    skipped = "; ".join(pictures.skipped)
    return {
        "tiles": join(tiles),
        "columns": min(columns, 12),
        "total": f"{len(pictures.images):,}",
        "what": f"{pictures.name}",
        "origin": "your folder" if own else "scikit-learn’s collection",
        "size": f"{width} × {height}",
        "class_count": len(pictures.classes),
        "sizes_differ": sizes_differ(),
        "folder": shlex.quote(str(settings.pictures) if own else "photos/"),
        "skipped": f" Left out: {skipped}." if skipped else "",
    }


# 2 How well it does


def _accuracy_slots(
    pictures: PictureSet, trials: list[Trial], shuffled: Shuffled, settings: Settings
) -> dict[str, object]:
    found = verdict(pictures, trials)
    accuracies = [trial.accuracy for trial in trials]
    nearest = [trial.nearest for trial in trials]
    several = len(trials) > 1
    groups: dict[str, Sequence[float]] = {
        f"the network{'s' if several else ''}": accuracies,
        "nearest neighbour": nearest,
        "shuffled labels": shuffled.accuracies,
    }
    losses = [[epoch.loss for epoch in trial.classifier.history_] for trial in trials]
    spread = f" ± {100 * float(np.std(accuracies, ddof=1)):.1f}" if several else ""
    return {
        "learning": Markup(draw.learning(losses, "The loss after each pass")),
        "accuracies": Markup(
            draw.accuracies(groups, pictures.chance, "Accuracies on the pictures held out")
        ),
        "mean": f"{100 * float(np.mean(accuracies)):.1f}",
        "spread": spread,
        "over": _over(accuracies),
        "nearest_mean": f"{100 * float(np.mean(nearest)):.1f}",
        "nearest_each": _each(nearest),
        "shuffled": f"{100 * float(np.mean(shuffled.accuracies)):.1f}",
        "shuffled_each": _each(shuffled.accuracies),
        "chance": f"{100 * pictures.chance:.1f}",
        "verdict": shuffled_verdict(
            float(np.mean(shuffled.accuracies)), pictures.chance, _at_chance(pictures, shuffled)
        ),
        "outcome": found.text("networks" if several else "network"),
        "closing": closing(found, reads=settings.pictures is None),
        "steps": f"{_steps(trials[0], len(pictures.images)):,}",
        "trials": f"{in_words(len(trials))} network{'s' if several else ''}",
        "shuffled_passes": _counted(shuffled.passes, "pass"),
        "seconds": _duration(float(np.mean([trial.seconds for trial in trials]))),
        "passes": _counted(len(losses[0]), "pass"),
    }


def _steps(trial: Trial, pictures: int) -> int:
    """Return how many steps a network took: as many as it saw batches."""
    learned = pictures - len(trial.held_out)
    options = trial.classifier.options
    return options.passes(learned) * options.batches(learned)


def _counted(number: int, unit: str) -> str:
    """Return ``"one pass"``, ``"12 passes"``; the number stays beside its unit."""
    plural = "" if number == 1 else "es" if unit.endswith("s") else "s"
    return f"{in_words(number)}\u00a0{unit}{plural}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"about {_counted(whole, 'second')}" if whole else "less than a second"


def _each(values: list[float]) -> str:
    if len(values) == 1:
        return ""
    return f" ({', '.join(f'{100 * value:.1f}' for value in values)} %)"


def _over(accuracies: list[float]) -> str:
    if len(accuracies) == 1:
        return ""
    each = ", ".join(f"{100 * value:.1f}" for value in accuracies)
    return (
        f": mean and spread over {in_words(len(accuracies))} networks, each with its own split and "
        f"its own random start ({each} %)"
    )


# 3 What it gets wrong


def _mistake_slots(pictures: PictureSet, trials: list[Trial], counts: Array) -> dict[str, object]:
    found = [mistake for trial in trials for mistake in _mistakes(pictures, trial)]
    found.sort(key=lambda mistake: -float(mistake["probability"]))
    shown = found[:_MOST_MISTAKES]
    cards = [_mistake_card(pictures.images[mistake["picture"]], mistake) for mistake in shown]
    tile = "7.5rem" if len(shown) <= _FEW else "5.2rem" if len(shown) <= _MANY else "4rem"
    return {
        "confusion": Markup(
            draw.confusion(counts, pictures.classes, "What was taken for what, over all networks")
        ),
        "mistakes": join(cards) if cards else Markup("<p>None.</p>"),
        "tile": tile,
        "many": "many" if len(shown) > _MANY else "",
        "mistake_text": _mistake_text(found, int(counts.sum())),
    }


def _mistake_text(found: list[dict[str, Any]], asked: int) -> str:
    count = len(found)
    if not count:
        return f"This time there are none to look at: all {asked:,} answers were right."
    unsure = sum(mistake["probability"] < 0.5 for mistake in found)
    if count == 1:
        doubts = " It was less than half sure of it." if unsure else ""
        return f"Here is the only one in {asked:,} answers over all splits.{doubts}"
    doubts = (
        f"It was less than half sure of {unsure:,} of them."
        if unsure
        else "Of each it was at least half sure."
    )
    if count > _MOST_MISTAKES:
        return (
            f"There were {count:,} in {asked:,} answers; here are the {_MOST_MISTAKES} of which the "
            f"machine was surest. {doubts}"
        )
    return (
        f"Here is every one, {count:,} in {asked:,} answers over all splits, those first of which "
        f"the machine was surest. {doubts}"
    )


def _mistake_card(image: Array, mistake: dict[str, Any]) -> Markup:
    shows, taken = mistake["shows"], mistake["taken_for"]
    tile = draw.picture_tile(draw.channels_first(image), f"{shows}, taken for {taken}")
    return Markup(
        f'<div>{tile}<p class="label"><b class="f">{escape(shows)}</b>, taken for '
        f'<b class="product">{escape(taken)}</b> '
        f'<span class="number">({100 * mistake["probability"]:.0f} %)</span></p></div>'
    )
