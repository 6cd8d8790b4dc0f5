"""Tables with bars for the terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

__all__ = ["can_encode", "table"]

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_NARROWEST, _WIDEST = 10, 60


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], heights: Sequence[float] = ()
) -> str:
    """Return rows of right-aligned columns, each followed by a bar of its height.

    The longest bar fills the terminal, up to 60 characters. Bars are drawn in eighths of a
    character where standard output can encode them, else of ``#``.

    Examples
    --------
    >>> print(table(["x", "P"], [["1", "0.25"], ["10", "0.75"]]))
     x     P
     1  0.25
    10  0.75
    """
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    lines = ["  ".join(map(str.rjust, row, widths)) for row in (heads, *rows)]
    if heights:
        room = shutil.get_terminal_size().columns - len(lines[0]) - 3
        bars = _bars(heights, min(max(room, _NARROWEST), _WIDEST))
        lines[1:] = [f"{line}  {bar}".rstrip() for line, bar in zip(lines[1:], bars, strict=True)]
    return "\n".join(lines)


def _bars(heights: Sequence[float], width: int) -> list[str]:
    highest = max(heights) or 1.0
    draw = _eighths if can_encode(_EIGHTHS) else _hashes
    return [draw(max(height, 0.0) / highest * width) for height in heights]


def _eighths(length: float) -> str:
    whole, eighth = divmod(round(8 * length), 8)
    return _EIGHTHS[-1] * whole + _EIGHTHS[eighth].strip()


def _hashes(length: float) -> str:
    return "#" * round(length)


def can_encode(text: str) -> bool:
    """Return whether standard output has all characters of `text`."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
