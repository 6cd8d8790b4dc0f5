"""Convolution of arrays, functions, probability distributions and image networks."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from faltung._core import version as __version__
from faltung.errors import FaltungError

if TYPE_CHECKING:
    from faltung import arrays, distributions, errors, files, functions, images, kernels, nn
    from faltung.configuration import show_config
    from faltung.convolution import convolve, correlate, plan
    from faltung.distributions import Law, distribution
    from faltung.functions import Function

__all__ = [
    "FaltungError",
    "Function",
    "Law",
    "__version__",
    "arrays",
    "convolve",
    "correlate",
    "distribution",
    "distributions",
    "errors",
    "files",
    "functions",
    "images",
    "kernels",
    "nn",
    "plan",
    "show_config",
]

_WINGS = {"arrays", "distributions", "errors", "files", "functions", "images", "kernels", "nn"}
_NAMES = {
    "Function": "functions",
    "Law": "distributions",
    "convolve": "convolution",
    "correlate": "convolution",
    "distribution": "distributions",
    "plan": "convolution",
    "show_config": "configuration",
}


def __getattr__(name: str) -> object:
    """Import what is asked for when it is first asked for, so that a command starts at once."""
    if name in _WINGS:
        return importlib.import_module(f"faltung.{name}")
    if name in _NAMES:
        value = getattr(importlib.import_module(f"faltung.{_NAMES[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'faltung' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
