"""The other contestants of the named cases: filters of scipy.ndimage, and our own transform."""

from __future__ import annotations

import numpy as np
import scipy.ndimage

import faltung as ft
from benchmarks.peers.contract import Array, Peer, Solve, Task
from benchmarks.problems import Problem

__all__ = ["peers"]


def peers(threads: int) -> list[Peer]:
    """Return the peers."""
    del threads
    return [
        Peer("scipy gaussian_filter", lambda p: p.operation == "gaussian", _soon, _gaussian),
        Peer("scipy ndimage", lambda p: p.operation == "saturate", _soon, _saturate),
        Peer("normwise", lambda p: p.operation == "elementwise", _soon, _normwise),
    ]


def _soon(problem: Problem) -> float:
    del problem
    return 0.1


def _gaussian(task: Task) -> Solve:
    return lambda: scipy.ndimage.gaussian_filter(task.a, 4.0, mode="mirror")


def _saturate(task: Task) -> Solve:
    def solve() -> Array:
        sums = scipy.ndimage.convolve(task.a, task.v, np.float32, mode="mirror")
        answer: Array = np.clip(np.rint(sums, out=sums), 0, 255).astype(np.uint8)
        return answer

    return solve


def _normwise(task: Task) -> Solve:
    return lambda: ft.convolve(task.a, task.v, method="fft")
