"""A bar on stderr while something long runs, if someone is looking."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from faltung.errors import missing_extra

__all__ = ["Bar", "progress_bar"]


class Bar(Protocol):
    """What a bar can be told."""

    def advance(self, **numbers: float) -> None:
        """Move on by one; show these numbers beside the bar."""


class _Quiet:
    def advance(self, **numbers: float) -> None:
        pass


class _Shown:
    def __init__(self, bar: Any) -> None:
        self._bar = bar

    def advance(self, **numbers: float) -> None:
        if numbers:
            self._bar.set_postfix({name: f"{x:.3f}" for name, x in numbers.items()}, refresh=False)
        self._bar.update()


@contextmanager
def progress_bar(
    total: int, title: str, wanted: bool | None, *, delay: float = 0.0
) -> Iterator[Bar]:
    """Lend a bar of `total` steps.

    Parameters
    ----------
    total : int
    title : str
    wanted : bool or None
        None shows it if stderr is a terminal and tqdm is installed.
    delay : float
        Nothing is shown of what is done within so many seconds.

    Raises
    ------
    MissingExtraError
        If it is wanted and tqdm is not installed.
    """
    if wanted is False or (wanted is None and not sys.stderr.isatty()):
        yield _Quiet()
        return
    try:
        from tqdm import tqdm
    except ImportError:
        if wanted:
            raise missing_extra("tqdm", "nn", "a progress bar") from None
        yield _Quiet()
        return
    with tqdm(total=total, desc=title, file=sys.stderr, leave=False, delay=delay) as bar:
        yield _Shown(bar)
