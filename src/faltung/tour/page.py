"""The page: templates filled with numbers and figures, and put together into one HTML file.

The prose lies in the `.html` files beside the chapters; ``$name`` in them is a slot. Text that goes
into a slot is escaped, unless it is `Markup`, which is HTML already.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from importlib import resources
from string import Template

__all__ = ["Chapter", "Markup", "fill", "in_words", "join", "page", "panels", "read_text"]


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


@dataclass(frozen=True)
class Chapter:
    """One chapter, told: its anchor, its titles and its HTML."""

    name: str
    title: str
    line: str
    body: Markup


def read_text(name: str) -> str:
    """Return the text of a file of this package, such as ``page.css``."""
    return resources.files("faltung.tour").joinpath(name).read_text(encoding="utf-8")


def fill(template: str, slots: Mapping[str, object]) -> Markup:
    """Return `template` with each ``$slot`` replaced; an unknown slot or an unused value is an error.

    Examples
    --------
    >>> fill("<p>$name: $picture</p>", {"name": "a < b", "picture": Markup("<svg/>")})
    '<p>a &lt; b: <svg/></p>'
    """
    shape = Template(template)
    unused = set(slots) - set(shape.get_identifiers())
    if unused:
        raise KeyError(f"the template has no slot for {sorted(unused)}")
    return Markup(shape.substitute({name: _as_html(value) for name, value in slots.items()}))


def _as_html(value: object) -> str:
    return value if isinstance(value, Markup) else escape(str(value))


def join(parts: Iterable[str]) -> Markup:
    """Return `parts` one after the other, text escaped and markup as it is."""
    return Markup("\n".join(_as_html(part) for part in parts))


_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def in_words(number: int) -> str:
    """Return a small number as a word, a large one in digits.

    Examples
    --------
    >>> in_words(5), in_words(12)
    ('five', '12')
    """
    return _WORDS[number] if number < len(_WORDS) else str(number)


def panels(drawings: Iterable[str], columns: str, *, labels: Iterable[str] = ()) -> Markup:
    """Return drawings side by side in ``columns`` (one to six, as a word), each with its label."""
    cells = [_as_html(drawing) for drawing in drawings]
    texts = [f'<p class="label">{_as_html(label)}</p>' for label in labels] or [""] * len(cells)
    body = "".join(f"<div>{cell}{text}</div>" for cell, text in zip(cells, texts, strict=True))
    return Markup(f'<div class="panels {columns}">{body}</div>')


def page(chapters: Iterable[Chapter], slots: Mapping[str, object]) -> str:
    """Return the whole document."""
    told = list(chapters)
    contents = join(Markup(_content_line(chapter)) for chapter in told)
    frame = {"style": Markup(read_text("page.css")), "contents": contents}
    body = Markup(_PERCENT.sub("\u00a0%", join(chapter.body for chapter in told)))
    whole = fill(read_text("page.html"), {**frame, **slots, "chapters": body})
    return _SVG.sub(_Renamer(), whole)


# A number and its percent sign stay on one line.
_PERCENT = re.compile(r"(?<=\d) %(?![\w(])")
# What matplotlib calls the parts that a drawing refers to: by a digest of their contents, so that
# two drawings with the same parts would share a name.
_PART = re.compile(r'(id="|url\(#|href="#)([a-z][0-9a-f]{10})\b')
_SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)


class _Renamer:
    """Gives the parts of each drawing on the page names of their own."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, drawing: re.Match[str]) -> str:
        self.count += 1
        return _PART.sub(rf"\1d{self.count}-\2", drawing[0])


def _content_line(chapter: Chapter) -> str:
    return (
        f'<li><a href="#{chapter.name}"><span class="title">{escape(chapter.title)}</span>'
        f'<span class="line">{escape(chapter.line)}</span></a></li>'
    )
