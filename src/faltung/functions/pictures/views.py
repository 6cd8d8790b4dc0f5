"""The three ways to look at a convolution."""

from __future__ import annotations

import difflib
from enum import StrEnum

from faltung.errors import OptionError

__all__ = ["View", "as_view"]


class View(StrEnum):
    """How the process of a convolution is shown.

    ::

        slide      g reversed and shifted over f, their product, and its area
        stack      f in strips, and what each makes of g: copies of g, one on the other
        surface    f(x) g(y) over the plane, and its diagonals x + y = t
    """

    SLIDE = "slide"
    STACK = "stack"
    SURFACE = "surface"


def as_view(value: str | View) -> View:
    """Return the view that `value` names.

    Examples
    --------
    >>> as_view("stack")
    <View.STACK: 'stack'>
    """
    if isinstance(value, str):
        try:
            return View(value)
        except ValueError:
            pass
    names = [view.value for view in View]
    close = difflib.get_close_matches(str(value), names, n=1)
    guess = f" Did you mean {close[0]!r}?" if close else ""
    known = ", ".join(repr(name) for name in names)
    raise OptionError(f"view {value!r} is not known: write one of {known}.{guess}")
