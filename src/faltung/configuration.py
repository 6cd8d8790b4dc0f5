"""What this installation is made of."""

from __future__ import annotations

import platform

import numpy as np
import scipy

from faltung import _core

__all__ = ["configuration", "show_config"]


def configuration() -> dict[str, str | int | list[str]]:
    """Return version, compiler, instruction sets and threads of this installation.

    Returns
    -------
    dict
        Keys ``version compiler instruction_set available_instruction_sets threads
        available_processors python numpy scipy machine``.
    """
    return {
        "version": _core.version,
        "compiler": _core.compiler(),
        "instruction_set": _core.instruction_set(),
        "available_instruction_sets": _core.available_instruction_sets(),
        "threads": _core.default_threads(),
        "available_processors": _core.available_processors(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "machine": platform.machine(),
    }


def show_config() -> None:
    """Print version, compiler, instruction sets and threads.

    Set ``FALTUNG_ISA`` in the environment to force an instruction set and ``FALTUNG_NUM_THREADS``
    to set the default number of threads.
    """
    for name, value in configuration().items():
        text = ", ".join(value) if isinstance(value, list) else value
        print(f"{name.replace('_', ' '):27}{text}")
