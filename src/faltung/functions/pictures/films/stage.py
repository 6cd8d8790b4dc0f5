"""What the films have in common: how a film is asked for its pictures, and what is written in them.

A picture is a function of its number alone, so that any of them can be drawn by itself. All sizes are
in pixels, of which an inch of the figure has 72.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from faltung.functions.pictures.style import INKS, axes, letter_colour, plain_axis

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from faltung.functions.function import Function

__all__ = [
    "ITALIC",
    "POINTS",
    "Film",
    "Stage",
    "eased",
    "legend",
    "number",
    "panel",
    "say",
    "shares",
    "value_of",
]

# How many points each curve of a film has, about.
POINTS = 240

ITALIC: dict[str, Any] = {"family": "serif", "style": "italic"}


class Film(Protocol):
    """A sequence of pictures."""

    @property
    def count(self) -> int:
        """How many pictures there are."""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of each, in pixels."""

    def set_up(self, figure: Figure) -> None:
        """Draw on an empty figure what is the same on all pictures, its axes among it."""

    def draw(self, figure: Figure, i: int) -> None:
        """Add what is on picture `i` alone."""

    def told(self, i: int) -> str:
        """Say in one line what is on picture `i`, for who cannot see it."""


class Stage:
    """A figure on which the pictures of a film are drawn, one in place of the other.

    Axes take matplotlib longer than curves, so that they are made once.
    """

    def __init__(self, film: Film, figure: Figure) -> None:
        self.film, self.figure = film, figure
        figure.patch.set_facecolor(INKS["paper"])
        film.set_up(figure)
        self._kept = set(self._drawn())

    def show(self, i: int) -> None:
        """Draw picture `i` in place of the one before."""
        for artist in self._drawn():
            if artist not in self._kept:
                artist.remove()
        self.film.draw(self.figure, i)

    def _drawn(self) -> list[Artist]:
        """Return everything on the figure but the axes themselves."""
        held: list[Artist] = list(self.figure.texts)
        for ax in self.figure.axes:
            held += [*ax.lines, *ax.collections, *ax.patches, *ax.texts, *ax.images]
        return held


def shares(total: int, *parts: float) -> list[int]:
    """Return `total` in shares as `parts` stand to each other, each at least 1.

    Examples
    --------
    >>> shares(96, 0.06, 0.16, 0.08, 0.7), shares(4, 1, 1, 8)
    ([6, 15, 8, 67], [1, 1, 2])
    """
    ends = np.cumsum(parts) / sum(parts) * total
    counts = [max(1, int(count)) for count in np.diff(np.rint(ends), prepend=0)]
    counts[int(np.argmax(parts))] += total - sum(counts)
    return counts


def eased(part: float) -> float:
    """Return how far a movement has come that starts and stops gently, at a part of its time.

    Examples
    --------
    >>> eased(0.0), eased(0.25), eased(0.5), eased(1.0)
    (0.0, 0.15625, 0.5, 1.0)
    """
    return part * part * (3 - 2 * part)


def number(value: float, bound: float = 0.0) -> str:
    """Return a number as it is written beside a drawing; what may be zero is written as zero.

    Examples
    --------
    >>> number(0.57663), number(-1234567.0), number(-3e-17, bound=1e-15)
    ('0.577', '−1.23e+06', '0')
    """
    told = 0.0 if abs(value) <= bound else value
    return f"{told:.3g}".replace("-", "−")


def value_of(h: Function, t: float) -> str:
    """Return the value of a real function at a place as it is written beside a drawing.

    Examples
    --------
    >>> from faltung.functions import hat, heaviside
    >>> value_of(hat(0, 1, 2), 0.5), value_of(heaviside().cumulative(), 3.0)
    ('0.5', '3')
    """
    doubt = float(h._whole.error_bounds(np.array([t]))[0])
    return number(h(t), min(doubt, h.error_bound))


def panel(figure: Figure, box: tuple[float, float, float, float], **limits: Any) -> Axes:
    """Add axes of which a line at the bottom is left: at zero, where that is within the limits."""
    ax = axes(figure, box)
    plain_axis(ax)
    ax.set(**limits)
    ax.tick_params(labelsize=14)
    if limits.get("ylim", (0, 1))[0] < 0:
        ax.spines["bottom"].set_color("none")
        ax.axhline(0, color=INKS["hair"], linewidth=0.8, zorder=0)
    return ax


def say(figure: Figure, place: tuple[float, float], text: str, role: str, **style: Any) -> None:
    """Write at a place in pixels from the upper left corner; y is that of the baseline."""
    width, height = figure.get_size_inches() * 72
    x, y = place
    figure.text(x / width, 1 - y / height, text, color=letter_colour(role), **style)


def legend(figure: Figure, place: tuple[float, float], names: list[tuple[str, str]]) -> None:
    """Write names of curves in their colours, one beside the other."""
    x, y = place
    for text, role in names:
        say(figure, (x, y), text, role, fontsize=18, **ITALIC)
        x += 26 + 9.2 * len(text)
