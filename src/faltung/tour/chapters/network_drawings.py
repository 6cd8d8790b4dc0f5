"""Drawings of training: curves, accuracies, a confusion matrix; pictures, kernels and maps as tiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.functions.pictures.style import (
    INKS,
    axes,
    figure,
    letter_colour,
    plain_axis,
    signed_colours,
    svg,
)
from faltung.tour.media import image
from faltung.tour.page import Markup

__all__ = [
    "accuracies",
    "channels_first",
    "colour_kernel",
    "confusion",
    "learning",
    "picture_tile",
    "tinted",
    "votes",
]

Array = NDArray[Any]

_LONGEST_NAME = 18  # beside a vote


# 1 Tiles


def tinted(values: Array, role: str, alt: str) -> Markup:
    """Return a small array as an image in the colour of `role`, one pixel for each entry."""
    return image(
        255 * signed_colours(values, role), alt, style=f"pixels tinted {role}", lossless=True
    )


def channels_first(image: Array) -> Array:
    """Return a picture (height, width) or (height, width, 3) with its channels first."""
    return image[None] if image.ndim == 2 else np.moveaxis(image, -1, 0)


def picture_tile(pixels: Array, alt: str) -> Markup:
    """Return a picture of shape (channels, height, width), 0 to 1: blue if it is gray."""
    if len(pixels) == 1:
        return tinted(pixels[0], "f", alt)
    return image(255 * np.moveaxis(pixels[:3], 0, -1), alt, style="pixels", lossless=False)


# 2 Curves and dots


def learning(losses: Sequence[Sequence[float]], label: str) -> str:
    """Draw the mean loss after each pass, one line for each network."""
    from matplotlib.ticker import MaxNLocator

    with figure(480, 270) as drawing:
        ax = axes(drawing, (44, 10, 430, 216))
        plain_axis(ax, sides=("left", "bottom"))
        for values in losses:
            ax.plot(
                range(1, len(values) + 1), values, color=INKS["result"], linewidth=1.4, alpha=0.7
            )
        ax.set(ylim=(0, None), xlabel="passes over the pictures")
        ax.xaxis.set_major_locator(MaxNLocator(8, integer=True))
        return svg(drawing, label)


def accuracies(groups: dict[str, Sequence[float]], chance: float, label: str) -> str:
    """Draw each group's accuracies as dots: on the left from 0, on the right the last percents."""
    names = list(groups)
    roles = dict(zip(names, ("result", "soft", "g"), strict=False))
    best = [value for name in names[:2] for value in groups[name]]
    low = max(0.0, np.floor(100 * min(best)) - 0.5)
    with figure(480, 270) as drawing:
        whole = axes(drawing, (8, 10, 464, 108))
        close = axes(drawing, (8, 150, 464, 76))
        for ax in (whole, close):
            plain_axis(ax)
        whole.set(xlim=(0, 100.8), ylim=(-0.7, 2.7))
        close.set(xlim=(low, 100.05), ylim=(-0.7, 1.7))
        for row, name in enumerate(names):
            _dots(whole, 2 - row, groups[name], roles[name])
            percents = 100 * np.asarray(groups[name])
            x, side = _beside(percents, name, 100 * chance)
            whole.text(x, 2 - row, name, ha=side, va="center",
                       color=letter_colour(roles[name]), fontsize=14)  # fmt: skip
            if row < 2:
                _dots(close, 1 - row, groups[name], roles[name])
        whole.axvline(100 * chance, color=INKS["hair"], linewidth=1.0, zorder=0)
        whole.text(
            100 * chance - 1,
            2.45,
            "chance",
            color=INKS["soft"],
            fontsize=12,
            ha="right",
            va="center",
        )
        for ax in (whole, close):
            ax.xaxis.set_major_formatter(lambda value, _: f"{value:g} %")
        return svg(drawing, label)


def _beside(percents: Array, name: str, chance: float) -> tuple[float, str]:
    """Return where a name goes beside its dots, and which of its sides is there.

    On the side with more room; on the other, or beyond the line of chance, where that line would
    run through the name.
    """
    wide = 1.7 * len(name)  # in percents, at the size of these letters
    left, right = float(percents.min()) - 3, float(percents.max()) + 3
    places = [(left, "right", left - wide, left), (right, "left", right, right + wide)]
    if percents.mean() < 50:
        places.reverse()
    before, after = min(left, chance - 2), max(right, chance + 2)
    places += [(before, "right", before - wide, before), (after, "left", after, after + wide)]
    for x, side, low, high in places:
        if low >= 0 and high <= 100 and not low - 1 < chance < high + 1:
            return x, side
    return places[0][:2]


def _dots(ax: Any, row: int, values: Sequence[float], role: str) -> None:
    percents = 100 * np.asarray(values)
    mean = float(percents.mean())
    ax.plot(
        [percents.min(), percents.max()], [row, row], color=INKS[role], linewidth=1.2, alpha=0.6
    )
    ordered = np.sort(percents)
    # Equal values stand one above the other.
    rank = [int(np.sum(np.isclose(ordered[:i], value))) for i, value in enumerate(ordered)]
    ties = [int(np.sum(np.isclose(ordered, value))) for value in ordered]
    up = row + 0.17 * (np.array(rank) - (np.array(ties) - 1) / 2)
    ax.plot(ordered, up, "o", color=INKS[role], markersize=5.5, alpha=0.6, markeredgewidth=0)
    ax.plot([mean, mean], [row - 0.36, row + 0.36], color=INKS[role], linewidth=2.4)


# 3 Confusion


def confusion(counts: Array, names: Sequence[str], label: str) -> str:
    """Draw a confusion matrix: rows say what a picture shows, columns what it was taken for."""
    from matplotlib.patches import Rectangle

    size = len(names)
    wide = 460 / (size + 1.4)
    with figure(480, 480) as drawing:
        ax = axes(drawing, (6, 6, 468, 468))
        plain_axis(ax, sides=())
        ax.set(xlim=(-1.35, size), ylim=(size, -1.35))
        rows = np.maximum(counts.sum(axis=1), 1)
        for row, column in np.ndindex(size, size):
            count = int(counts[row, column])
            right = row == column
            strength = _strength(count / rows[row], right=right)
            role = "result" if right else "product"
            ax.add_patch(
                Rectangle((column + 0.03, row + 0.03), 0.94, 0.94, linewidth=0,
                          facecolor=INKS[role] if count else INKS["hair"],
                          alpha=strength if count else 0.16)
            )  # fmt: skip
            if count and wide > 20:
                ax.text(column + 0.5, row + 0.53, str(count), ha="center", va="center",
                        fontsize=min(14, 0.38 * wide),
                        color=INKS["paper" if strength > 0.55 else "ink"])  # fmt: skip
        _names(ax, names, wide)
        return svg(drawing, label)


def _strength(share: float, *, right: bool) -> float:
    """Return how strong a cell's colour is: an error always weaker than any right answer."""
    return 0.5 + 0.3 * share if right else 0.15 + 0.3 * share


def _names(ax: Any, names: Sequence[str], wide: float) -> None:
    size = min(14.0, 0.5 * wide)
    most = max(3, int(wide / 8))
    for place, name in enumerate(names):
        short = _short(name, most)
        ax.text(
            place + 0.5, -0.28, short, ha="center", va="center", fontsize=size, color=INKS["soft"]
        )
        ax.text(-0.16, place + 0.53, short, ha="right", va="center", fontsize=size, color=INKS["f"])
    middle = len(names) / 2
    ax.text(middle, -1.05, "taken for", ha="center", va="center", color=INKS["soft"], fontsize=14)
    ax.text(
        -1.18, middle, "shows", ha="center", va="center", color=INKS["f"], fontsize=14, rotation=90
    )


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


# 4 Kernels in colours, and votes


def colour_kernel(kernel: Array, alt: str) -> Markup:
    """Return a kernel of shape (3, height, width) as a colour image, gray where it is 0."""
    largest = float(np.abs(kernel).max()) or 1.0
    pixels = 127.5 * (1 + np.moveaxis(kernel, 0, -1) / largest)
    return image(pixels, alt, style="pixels tinted g", lossless=True)


def votes(probabilities: Array, names: Sequence[str]) -> str:
    """Draw how probable the network takes each class to be for one picture."""
    shown = np.argsort(-probabilities)[:10] if len(names) > 10 else np.arange(len(names))
    short = [_short(names[i], _LONGEST_NAME) for i in shown]
    left = 20 + 6 * max(map(len, short))  # so wide are letters of this size
    with figure(320, 30 + 20 * len(shown)) as drawing:
        ax = axes(drawing, (left, 4, 270 - left, 20 * len(shown)))
        plain_axis(ax, sides=("left",))
        ax.barh(range(len(shown)), probabilities[shown], height=0.6, color=INKS["result"])
        ax.set(xlim=(0, 1), ylim=(len(shown) - 0.4, -0.6))
        ax.set_yticks(range(len(shown)), short)
        ax.tick_params(length=0)
        for row, i in enumerate(shown):
            text = f"{100 * probabilities[i]:.1f} %"
            ax.text(
                probabilities[i] + 0.03, row, text, va="center", fontsize=10, color=INKS["soft"]
            )
        return svg(drawing, "How probable the network takes each class to be")
