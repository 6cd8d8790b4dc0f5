"""What this installation is made of."""

from __future__ import annotations

import platform

import numpy as np
import scipy

from faltung import _core
from faltung.arrays.saved_costs import costs_source

__all__ = ["configuration", "show_config"]


def configuration() -> dict[str, str | int | list[str]]:
    """Return version, compiler, instruction sets and threads of this installation.

    Returns
    -------
    dict
        Keys ``version compiler instruction_set available_instruction_sets threads
        available_processors costs python numpy scipy machine``; ``costs`` is ``shipped``, or the
        file of the table that ``faltung tune --save`` has written.
    """
    return {
        "version": _core.version,
        "compiler": _core.compiler(),
        "instruction_set": _core.instruction_set(),
        "available_instruction_sets": _core.available_instruction_sets(),
        "threads": _core.default_threads(),
        "available_processors": _core.available_processors(),
        "costs": str(costs_source() or "shipped"),
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
