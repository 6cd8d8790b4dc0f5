"""Part of a function: what lies between two places, and zero outside."""

from __future__ import annotations

from dataclasses import replace

from faltung.errors import OptionError
from faltung.functions import contents
from faltung.functions.contents import Content
from faltung.functions.made import made_of
from faltung.functions.whole.whole import Whole


def restricted(f: Whole, low: float, high: float) -> Whole:
    """Return f between two places, and zero outside; deltas at the ends stay.

    Raises
    ------
    OptionError
        If they are reversed, or the domain lies outside of them.
    """
    if not low <= high:
        raise OptionError(
            f"the interval ({low!r}, {high!r}) is reversed: write ({high!r}, {low!r})"
        )
    ends = f.domain
    kept = [delta for delta in f.deltas if low <= delta.place <= high]
    if not kept and (high <= ends[0] or low >= ends[1]):
        raise OptionError(
            f"the function is zero on [{low!r}, {high!r}], for its domain is [{ends[0]!r}, "
            f"{ends[1]!r}]: choose an interval that meets it"
        )
    return replace(
        f,
        real=None if f.real is None else cut(f.real, low, high),
        imaginary=None if f.imaginary is None else cut(f.imaginary, low, high),
        deltas=tuple(kept),
    )


def cut(f: Content, low: float, high: float) -> Content | None:
    """Return f between two places, or None where its domain lies outside."""
    ends = contents.domain(f)
    if low <= ends[0] and ends[1] <= high:
        return f
    low, high = max(low, ends[0]), min(high, ends[1])
    return contents.multiplied(f, made_of(1, (low, high), (), {})) if low < high else None
