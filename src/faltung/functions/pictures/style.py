"""One look for all figures: colours with a meaning, thin axes, text in the reader's own fonts.

======== ======================================================
role     what it always stands for
======== ======================================================
f        the first operand: a function, the first drop, a picture
g        the second operand: the reversed one, the second drop, a kernel
product  what is multiplied at one shift, and its area
result   the convolution
======== ======================================================

A figure is drawn by matplotlib with the colours of `INKS`, exported as SVG, and each colour is then
replaced by a CSS variable of the same name, so that the page decides (and can turn dark).
The hues keep apart for readers who do not tell red from green: they differ in lightness too.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "DARK",
    "INKS",
    "axes",
    "figure",
    "letter_colour",
    "look",
    "plain_axis",
    "rgb",
    "signed_colours",
    "svg",
    "variables",
]

INKS: dict[str, str] = {
    "f": "#1c6cb0",
    "g": "#cf6a0c",
    "g-text": "#a85204",
    "product": "#95479b",
    "result": "#0e5443",
    "ink": "#23211e",
    "soft": "#6c665e",
    "hair": "#cbc4b8",
    "paper": "#fdfbf7",
}

# The same on a dark page.
DARK: dict[str, str] = {
    "f": "#78b7ef",
    "g": "#f2a553",
    "g-text": "#f2a553",
    "product": "#cf9ad6",
    "result": "#84dcc0",
    "ink": "#e8e4dc",
    "soft": "#a8a298",
    "hair": "#4b4a47",
    "paper": "#17181a",
}

_SETTINGS: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "faltung",
    "svg.image_inline": True,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.serif": ["DejaVu Serif"],
    "path.simplify": True,
    "path.simplify_threshold": 0.05,
    "axes.linewidth": 0.8,
    "axes.edgecolor": INKS["hair"],
    "axes.labelcolor": INKS["soft"],
    "axes.facecolor": "none",
    "axes.unicode_minus": True,
    "text.color": INKS["ink"],
    "xtick.color": INKS["hair"],
    "ytick.color": INKS["hair"],
    "xtick.labelcolor": INKS["soft"],
    "ytick.labelcolor": INKS["soft"],
    "xtick.major.size": 3.5,
    "ytick.major.size": 3.5,
    "xtick.major.width": 0.8,
    "ytick.major.width": 0.8,
    "xtick.major.pad": 4.0,
    "ytick.major.pad": 4.0,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "hatch.linewidth": 0.6,
}


def rgb(role: str) -> tuple[float, float, float]:
    """Return the colour of `role` as three numbers from 0 to 1.

    Examples
    --------
    >>> rgb("paper") == (253 / 255, 251 / 255, 247 / 255)
    True
    """
    digits = INKS[role][1:]
    red, green, blue = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


def signed_colours(values: Any, role: str = "g", largest: float = 0.0) -> Any:
    """Return RGBA for `values`: the colour of `role` where positive, ink where negative.

    The opacity is the size over the largest size, by default that of the values, so 0 lets the page
    through.
    """
    largest = largest or float(np.abs(values).max()) or 1.0
    colours = np.empty((*values.shape, 4))
    colours[..., :3] = np.where(values[..., None] >= 0, rgb(role), rgb("soft"))
    colours[..., 3] = np.minimum(np.abs(values) / largest, 1.0)
    return colours


def letter_colour(role: str) -> str:
    """Return the colour of text about `role`: orange is darkened until it can be read on paper."""
    return INKS["g-text" if role == "g" else role]


def variables(colours: dict[str, str]) -> str:
    """Return colours as declarations of CSS variables.

    Examples
    --------
    >>> variables({"f": "#1c6cb0"})
    '--f: #1c6cb0;'
    """
    return " ".join(f"--{role}: {colour};" for role, colour in colours.items())


@contextmanager
def look(width: float) -> Iterator[None]:
    """Draw and export figures of `width` pixels in our look within the block.

    Our settings hold within the block only; whatever the caller had set comes back after.
    """
    import matplotlib as mpl

    # A wide panel is shrunk on a narrow screen: its text is larger to begin with.
    settings: Any = {**_SETTINGS, "font.size": 11.0 if width < 400 else 13.0}
    with mpl.rc_context(settings):
        yield


@contextmanager
def figure(width: float, height: float) -> Iterator[Figure]:
    """Lend a figure of `width` by `height` pixels; draw and export within the block."""
    from matplotlib.figure import Figure

    with look(width):
        yield Figure(figsize=(width / 72, height / 72))


def axes(drawing: Figure, box: tuple[float, float, float, float], **options: Any) -> Axes:
    """Add axes at `box`: left, top, width and height in pixels from the upper left corner."""
    width, height = drawing.get_size_inches() * 72
    left, top, across, down = box
    place = (left / width, 1 - (top + down) / height, across / width, down / height)
    ax: Axes = drawing.add_axes(place, **options)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def plain_axis(ax: Axes, *, sides: tuple[str, ...] = ("bottom",)) -> None:
    """Leave only the named sides of the frame, and ticks only there."""
    for side in ("left", "right", "top", "bottom"):
        ax.spines[side].set_visible(side in sides)
    if "left" not in sides:
        ax.set_yticks([])
    if "bottom" not in sides:
        ax.set_xticks([])


def svg(drawing: Figure, label: str) -> str:
    """Return the figure as inline SVG with `label` as what a screen reader says.

    Colours become CSS variables, fonts the page's, numbers two decimals, and names that could clash
    with those of another figure on the page are made from the contents.
    """
    from html import escape

    buffer = io.StringIO()
    drawing.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    width, height = drawing.get_size_inches() * 72
    body = _inside(buffer.getvalue())
    for rule, replacement in _REWRITES:
        body = rule.sub(replacement, body)
    body = _TAG.sub(lambda tag: _NUMBER.sub(_shorter, tag[0]), body)
    for role, colour in INKS.items():
        body = body.replace(colour, f"var(--{role})")
    return (
        f'<svg role="img" aria-label="{escape(label, quote=True)}" '
        f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">'
        f"{body}</svg>"
    )


def _inside(document: str) -> str:
    """Return what lies between the outermost svg tags, without metadata and style sheet."""
    start = document.index(">", document.index("<svg")) + 1
    body = document[start : document.rindex("</svg>")]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    return re.sub(r"<defs>\s*<style.*?</defs>", "", body, flags=re.DOTALL)


_TAG = re.compile(r"<[^>]*>")
_NUMBER = re.compile(r"-?\d+\.\d{3,}")


def _shorter(match: re.Match[str]) -> str:
    return f"{float(match[0]):.2f}".rstrip("0").rstrip(".")


_REWRITES: list[tuple[re.Pattern[str], str]] = [
    (re.compile(r"font-family: 'DejaVu Serif'[^;\"]*"), "font-family: var(--serif)"),
    (re.compile(r"font-family: 'DejaVu Sans'[^;\"]*"), "font-family: var(--sans)"),
    (re.compile(r' transform="rotate\(-?0 [^)]*\)"'), ""),
    (re.compile(r'(<(?:g|image)[^>]*?) id="[^"]*"'), r"\1"),
    (re.compile(r"xlink:href="), "href="),
    (re.compile(r"\n\s*"), " "),
    (re.compile(r"> <"), "><"),
]
