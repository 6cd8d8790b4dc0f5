"""Our call for each operation."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np

import faltung as ft
from benchmarks.findings import OURS
from benchmarks.peers.contract import Solve, Task

__all__ = ["OURS", "build_ours"]


def build_ours(task: Task) -> Solve:
    """Return the call as a user writes it."""
    return _OPERATIONS[task.problem.operation](task)


def _convolve(task: Task) -> Solve:
    a, v, mode, boundary = task.a, task.v, task.problem.mode, task.problem.boundary
    if boundary == "zero" and mode == "full":
        return lambda: ft.convolve(a, v)
    if boundary == "zero":
        return lambda: ft.convolve(a, v, mode=mode)
    return lambda: ft.convolve(a, v, mode=mode, boundary=boundary)


def _elementwise(task: Task) -> Solve:
    options: dict[str, Any] = {"accuracy": "elementwise", "rtol": 1e-12}
    return lambda: ft.convolve(task.a, task.v, **options)


def _saturate(task: Task) -> Solve:
    options: dict[str, Any] = {"dtype": np.uint8, "overflow": "saturate"}
    problem = task.problem
    return lambda: ft.convolve(
        task.a, task.v, mode=problem.mode, boundary=problem.boundary, **options
    )


def _gaussian(task: Task) -> Solve:
    if importlib.util.find_spec("faltung.images"):
        images = importlib.import_module("faltung.images")
        return lambda: images.gaussian_filter(task.a, 4.0, boundary=task.problem.boundary)
    problem = task.problem
    return lambda: ft.convolve(
        task.a,
        ft.kernels.gaussian(4.0).astype(task.a.dtype),
        mode=problem.mode,
        boundary=problem.boundary,
    )


_OPERATIONS: dict[str, Callable[[Task], Solve]] = {
    "convolve": _convolve,
    "product": _convolve,
    "elementwise": _elementwise,
    "saturate": _saturate,
    "gaussian": _gaussian,
}
