"""The transforms of scipy.signal, on one worker and on several."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable

import numpy as np
import scipy.fft
import scipy.signal

from benchmarks.peers.contract import FEW_POINTS, Array, Peer, Solve, Task, transform_seconds
from benchmarks.problems import Problem

__all__ = ["peers"]


def peers(threads: int) -> list[Peer]:
    """Return fftconvolve and oaconvolve on one worker and on `threads`."""
    found = []
    for name, function in (
        ("scipy fft", scipy.signal.fftconvolve),
        ("scipy oa", scipy.signal.oaconvolve),
    ):
        found.append(Peer(name, _plain, transform_seconds, functools.partial(_build, function, 1)))
        if threads > 1:
            found.append(
                Peer(
                    f"{name}, {threads} workers",
                    lambda p: _plain(p) and math.prod(p.full_shape) >= FEW_POINTS,
                    transform_seconds,
                    functools.partial(_build, function, threads),
                )
            )
    return found


def _plain(problem: Problem) -> bool:
    return problem.operation == "convolve"


def _build(function: Callable[..., Array], workers: int, task: Task) -> Solve:
    zero = task.problem.boundary == "zero"
    mode = task.problem.mode if zero else "valid"

    def transform() -> Array:
        answer = function(task.a if zero else task.continued(), task.v, mode=mode)
        # As scipy.signal.convolve does with whole numbers.
        return np.rint(answer).astype(np.int64) if task.problem.exact else answer

    if workers == 1:
        return transform

    def with_workers() -> Array:
        with scipy.fft.set_workers(workers):
            return transform()

    return with_workers
