"""Convolution of arrays, functions, probability distributions and image networks."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

from faltung._core import version as __version__
from faltung.configuration import show_config
from faltung.convolution import convolve, correlate, plan
from faltung.errors import FaltungError

if TYPE_CHECKING:
    from faltung import arrays, distributions, errors, functions, kernels, nn
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
    "functions",
    "kernels",
    "nn",
    "plan",
    "show_config",
]

_WINGS = {"arrays", "distributions", "errors", "functions", "kernels", "nn"}
_NAMES = {"Function": "functions", "Law": "distributions", "distribution": "distributions"}


def __getattr__(name: str) -> ModuleType | object:
    """Import a wing when it is first asked for."""
    if name in _WINGS:
        return importlib.import_module(f"faltung.{name}")
    if name in _NAMES:
        return getattr(importlib.import_module(f"faltung.{_NAMES[name]}"), name)
    raise AttributeError(f"module 'faltung' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
