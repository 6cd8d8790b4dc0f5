"""Messages on standard error."""

from __future__ import annotations

import os
import sys
from typing import IO, Any

import click

from faltung.cli.bars import can_encode

__all__ = ["picture_size", "say", "show_error", "warn"]


def picture_size(width: int, height: int) -> str:
    """Return ``width × height``, in the order in which pictures are spoken of."""
    return f"{width} {'×' if can_encode('×') else 'x'} {height}"


def say(message: str, *, quiet: bool = False) -> None:
    """Write a message to standard error."""
    if not quiet:
        click.echo(message, err=True)


def warn(message: str, *, quiet: bool = False) -> None:
    """Write a warning to standard error."""
    if not quiet:
        _labelled("warning", "yellow", message, None)


def show_error(message: str, file: IO[Any] | None = None) -> None:
    """Write an error to standard error, in one line."""
    _labelled("error", "red", message, file)


def _labelled(label: str, colour: str, message: str, file: IO[Any] | None) -> None:
    shown = click.style(label, fg=colour, bold=True) if _has_colour() else label
    click.echo(f"faltung: {shown}: {message}", file=file, err=True)


def _has_colour() -> bool:
    """Whether standard error is a terminal on which nobody has asked for none (no-color.org)."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stderr.isatty() and not plain
