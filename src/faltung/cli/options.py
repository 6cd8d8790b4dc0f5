"""Options that several commands share, and options whose names the library checks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any

import click

from faltung.errors import FileError, OptionError

__all__ = ["OptionName", "check_suffix", "echo_json", "json_option", "quiet_option"]

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
quiet_option = click.option(
    "-q", "--quiet", is_flag=True, help="Print nothing but errors and what --json asks for."
)


class OptionName(click.Choice[str]):
    """One of the names of an option; the library's own words explain a wrong one."""

    def __init__(self, names: Iterable[StrEnum], coerce: Callable[[str], StrEnum]) -> None:
        super().__init__([str(name) for name in names])
        self._coerce = coerce

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name as the library knows it."""
        try:
            return str(self._coerce(value))
        except OptionError as error:
            self.fail(str(error), param, ctx)


def check_suffix(name: str, what: str, *suffixes: str) -> None:
    """Raise FileError unless the file's name ends as `what` does: a slip must not overwrite it."""
    suffix = Path(name).suffix
    if suffix.lower() not in suffixes:
        found = f"the suffix {suffix!r}" if suffix else "no suffix"
        way_out = str(Path(name).with_suffix(suffixes[0])) if Path(name).name else suffixes[0]
        raise FileError(
            f"{name}: has {found}, but {what} is written to {' or '.join(suffixes)} alone: write "
            f"{way_out}"
        )


def echo_json(value: object) -> None:
    """Print `value` as one JSON document; NaN and infinities, which JSON lacks, become null."""
    click.echo(json.dumps(_plain(value), indent=2, ensure_ascii=False, allow_nan=False))


def _plain(value: Any) -> Any:
    """Return `value` made of what JSON knows; whatever has ``item`` is a NumPy number."""
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, float) and value - value != 0:
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
