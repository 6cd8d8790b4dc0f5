"""The table of costs that ``faltung tune --save`` leaves for this user, and its use on import."""

from __future__ import annotations

import os
import platform
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from faltung import _core

__all__ = [
    "CostsWarning",
    "costs_path",
    "costs_source",
    "processor_name",
    "remove_costs",
    "save_costs",
    "use_saved_costs",
]

_WAY_OUT = "write 'faltung tune --save' to measure anew, or 'faltung tune --reset' to remove it"

# Where the table in use comes from: a file, or empty for the shipped one.
_source: list[Path] = []


class CostsWarning(UserWarning):
    """A saved table of costs is not used."""


def costs_path() -> Path:
    """Return where the table of this user lies, whether there is one or not.

    ``costs.json`` in ``$FALTUNG_CONFIG_HOME``, else in ``$XDG_CONFIG_HOME/faltung``, else in
    ``~/.config/faltung``.
    """
    own, shared = (os.environ.get(name) for name in ("FALTUNG_CONFIG_HOME", "XDG_CONFIG_HOME"))
    if own:
        return Path(own) / "costs.json"
    return (Path(shared) if shared else Path("~/.config").expanduser()) / "faltung" / "costs.json"


def processor_name() -> str:
    """Return what the processor calls itself."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def save_costs(costs: Mapping[str, float]) -> Path:
    """Write a table for this version and processor, whole or not at all; return its file.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    import json

    from faltung.files.whole import file_error, whole_file

    path = costs_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise file_error(str(path.parent), "cannot be made", error) from error
    document = {**_here(), "nanoseconds": dict(costs)}
    with whole_file(path) as temporary:
        temporary.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return path


def remove_costs() -> Path | None:
    """Remove the saved table, put the shipped one in use; return the file that there was.

    Raises
    ------
    FileError
        If it cannot be removed.
    """
    from faltung.files.whole import file_error

    path = costs_path()
    try:
        path.unlink()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise file_error(str(path), "cannot be removed", error) from error
    _core.set_costs({})
    _source.clear()
    return path


def use_saved_costs() -> None:
    """Put the saved table in use, if there is one; a table that does not fit gives a warning."""
    try:
        path = costs_path()
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError, RuntimeError):
        return
    except (OSError, UnicodeDecodeError) as error:
        _warn(f"{path} cannot be read ({type(error).__name__})")
        return
    try:
        _core.set_costs(_costs_of(text))
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        _warn(f"{path}: {' '.join(str(error).split())[:200]}")
        return
    _source[:] = [path]


def costs_source() -> Path | None:
    """Return the file of the table in use, None for the shipped one."""
    return _source[0] if _source else None


def _here() -> dict[str, str]:
    return {"version": _core.version, "processor": processor_name()}


def _costs_of(text: str) -> dict[str, float]:
    """Return the costs of a file; ValueError if it is not one of this version and processor."""
    import json

    document: Any = json.loads(text)
    if not isinstance(document, dict) or not isinstance(document.get("nanoseconds"), dict):
        raise TypeError("is no table of costs")
    for name, value in _here().items():
        if document.get(name) != value:
            raise ValueError(f"is of {name} {document.get(name)!r}, this is {value!r}")
    costs = {str(name): float(cost) for name, cost in document["nanoseconds"].items()}
    missing = _core.costs().keys() - costs.keys()
    if missing:
        raise ValueError(f"lacks {', '.join(sorted(missing))}")
    return costs


def _warn(reason: str) -> None:
    warnings.warn(f"{reason}: the shipped costs are used; {_WAY_OUT}", CostsWarning, stacklevel=3)
