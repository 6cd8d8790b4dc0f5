"""Sums as they are written: NumPy, scipy.signal and scipy.ndimage."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.ndimage
import scipy.signal

from benchmarks.peers.contract import Array, Peer, Solve, Task
from benchmarks.problems import Problem, binomial

__all__ = ["peers"]


def peers(threads: int) -> list[Peer]:
    """Return the peers; none of them uses a second thread."""
    del threads
    return [
        Peer("numpy", lambda p: _plain(p) and p.rank == 1, _rate(2e9), _numpy),
        Peer("scipy convolve2d", lambda p: _plain(p) and p.rank == 2, _rate(4e8), _convolve2d),
        Peer("scipy direct", lambda p: _plain(p) and p.rank == 3, _rate(8e7), _direct),
        Peer("scipy ndimage", _plain, _rate(1.5e9), _ndimage),
        Peer(
            "scipy ndimage by axis",
            lambda p: _plain(p) and p.data == "binomial",
            lambda p: p.rank * math.prod(p.full_shape) * max(p.taps) / 5e8,
            _ndimage_by_axis,
        ),
    ]


def _plain(problem: Problem) -> bool:
    return problem.operation == "convolve"


def _rate(products_per_second: float) -> Any:
    return lambda problem: problem.products / products_per_second


def _wide(task: Task, *, continued: bool = False) -> tuple[Array, Array]:
    """Return the operands in the type of the answer: these functions sum in their type."""
    dtype = np.dtype(np.int64) if task.problem.exact else task.a.dtype
    array = task.continued() if continued else task.a
    return array.astype(dtype, copy=False), task.v.astype(dtype, copy=False)


def _numpy(task: Task) -> Solve:
    mode: Any = task.problem.mode
    if task.problem.boundary != "zero":
        return lambda: np.convolve(*_wide(task, continued=True), "valid")
    if task.problem.exact and task.a.dtype != np.int64:
        return lambda: np.convolve(*_wide(task), mode)
    return lambda: np.convolve(task.a, task.v, mode)


def _convolve2d(task: Task) -> Solve:
    boundaries = {"zero": "fill", "wrap": "wrap"}
    if task.problem.boundary in boundaries:
        mode, boundary = task.problem.mode, boundaries[task.problem.boundary]
        return lambda: scipy.signal.convolve2d(*_wide(task), mode, boundary)
    return lambda: scipy.signal.convolve2d(*_wide(task, continued=True), "valid")


def _direct(task: Task) -> Solve:
    zero = task.problem.boundary == "zero"
    mode = task.problem.mode if zero else "valid"
    return lambda: scipy.signal.convolve(
        *_wide(task, continued=not zero), mode=mode, method="direct"
    )


# scipy.ndimage answers in the array's shape: for the full convolution the array is put among
# zeros first, for the valid part the rest is cut off. It sums in float64 and casts.
_NDIMAGE_BOUNDARIES: dict[str, Any] = {
    "zero": "constant", "mirror": "mirror", "edge": "nearest", "wrap": "wrap",
}  # fmt: skip


def _ndimage(task: Task) -> Solve:
    boundary = _NDIMAGE_BOUNDARIES[task.problem.boundary]
    origins = [-1 if k % 2 == 0 else 0 for k in task.problem.taps]
    dtype = np.dtype(np.int64) if task.problem.exact else task.a.dtype
    if task.problem.rank == 1:
        return lambda: _crop(
            task,
            scipy.ndimage.convolve1d(_widened(task), task.v, 0, dtype, boundary, origin=origins[0]),
        )
    return lambda: _crop(
        task, scipy.ndimage.convolve(_widened(task), task.v, dtype, boundary, origin=origins)
    )


def _ndimage_by_axis(task: Task) -> Solve:
    boundary = _NDIMAGE_BOUNDARIES[task.problem.boundary]
    lines = [binomial(k) for k in task.problem.taps]

    def solve() -> Array:
        answer = _widened(task)
        for axis, line in enumerate(lines):
            origin = -1 if line.size % 2 == 0 else 0
            answer = scipy.ndimage.convolve1d(
                answer, line, axis, task.a.dtype, boundary, origin=origin
            )
        return _crop(task, answer)

    return solve


def _widened(task: Task) -> Array:
    if task.problem.mode != "full":
        return task.a
    margins = [
        (start, k - 1 - start) for start, k in zip(task.starts, task.problem.taps, strict=True)
    ]
    return np.pad(task.a, margins)


def _crop(task: Task, answer: Array) -> Array:
    if task.problem.mode != "valid":
        return answer
    sizes = zip(task.problem.taps, task.problem.output_shape, strict=True)
    return answer[tuple(slice(k // 2, k // 2 + n) for k, n in sizes)]
