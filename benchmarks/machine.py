"""Where the figures come from: the library, the peers' versions, the machine, its load."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Sequence

import faltung as ft

__all__ = ["print_machine", "versions"]


def versions(packages: Sequence[str]) -> list[tuple[str, str]]:
    """Return the names and versions of those that are installed."""
    found = []
    for package in packages:
        try:
            found.append((package, importlib.metadata.version(package)))
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def print_machine(packages: Sequence[str], missing: Sequence[str]) -> None:
    """Print our configuration, the versions of `packages`, and which peers are not installed."""
    ft.show_config()
    there = ", ".join(f"{name} {version}" for name, version in versions(packages))
    print(f"peers                      {there}")
    if missing:
        print(f"peers not installed        {', '.join(missing)}")
    print(f"system                     {platform.platform()}, {os.cpu_count()} processors")
    load = os.getloadavg()[0]
    busy = " (others are at work: look at the fastest samples too)" if load > 0.5 else ""
    print(f"load average               {load:.2f}{busy}")
