"""The transforms of a plan's kernel, made once and kept for its calls."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung import _core
from faltung.arrays.core_arguments import core_arguments
from faltung.arrays.geometry import Problem
from faltung.arrays.transform import run_transform, spectra_bytes

__all__ = ["KeptSpectra"]

Array = NDArray[Any]
Kept = (
    _core.KeptTransformFloat32
    | _core.KeptTransformFloat64
    | _core.KeptTransformComplex64
    | _core.KeptTransformComplex128
)
_KEPT: dict[str, type[Kept]] = {
    "float32": _core.KeptTransformFloat32,
    "float64": _core.KeptTransformFloat64,
    "complex64": _core.KeptTransformComplex64,
    "complex128": _core.KeptTransformComplex128,
}

# Kernels of a batch, one for each position, may be many: beyond this they are transformed anew.
_MOST_BYTES = 1 << 28


class KeptSpectra:
    """What the transforms of one problem's taps are, for every order of axes that is met.

    Threads may call it at the same time: the first one makes what is missing.
    """

    def __init__(self, taps: Array) -> None:
        self._taps = taps
        self._kept: dict[tuple[tuple[int, ...], bool], Kept | None] = {}
        self._last: tuple[Kept, list[int]] | None = None
        self._lock = threading.Lock()

    def run(self, problem: Problem, out: Array, threads: int) -> bool:
        """Do what `run_transform` does, bit for bit; without a transform of the taps if it can."""
        kept = self._kept_for(problem, out, threads)
        if kept is None:
            return run_transform(problem, out, threads)
        return kept.correlate(*core_arguments(problem, out, threads))

    def repeat(self, array: Array, out: Array, threads: int) -> bool:
        """Do what `run` did for an array of the same layout; False where it did it for no such one.

        `array` and `out` have their axes in the order of the problem's.
        """
        if self._last is None or array.dtype != self._taps.dtype:
            return False
        kept, order = self._last
        return kept.repeat(array.transpose(order), out.transpose(order), threads)

    def _kept_for(self, problem: Problem, out: Array, threads: int) -> Kept | None:
        if problem.taps is not self._taps:
            return None
        order = problem.layout.order
        # Real taps meet both parts of a complex array; with zeros outside blocks are laid otherwise.
        key = tuple(order), bool(np.any(problem.fill_value))
        with self._lock:
            kept = self._kept.get(key) or _keep(problem, out, threads)
            self._kept[key] = kept
            self._last = (kept, order) if kept else None
        return kept


def _keep(problem: Problem, out: Array, threads: int) -> Kept | None:
    if spectra_bytes(problem) > _MOST_BYTES:
        return None
    return _KEPT[problem.taps.dtype.name](*core_arguments(problem, out, threads))
