"""OpenCV: filter2D, sepFilter2D and GaussianBlur; a signal is a picture of one row.

filter2D reads as ``same`` does, the kernel reversed. For the full convolution the array is put
among zeros first, for the valid part the rest is cut off.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from benchmarks.peers.contract import Array, Peer, Solve, Task, transform_seconds
from benchmarks.problems import Problem, binomial

__all__ = ["peers"]

_BOUNDARIES = {
    "zero": cv2.BORDER_CONSTANT, "mirror": cv2.BORDER_REFLECT_101, "edge": cv2.BORDER_REPLICATE,
    "wrap": cv2.BORDER_WRAP,
}  # fmt: skip


def peers(threads: int) -> list[Peer]:
    """Return the peers, the library set to `threads` threads."""
    cv2.setNumThreads(threads)
    return [
        Peer("opencv filter2D", _takes, _seconds, _filter),
        Peer("opencv sepFilter2D", _takes_products, _seconds, _filter_by_axis),
        Peer("opencv filter2D", _is("saturate"), _seconds, _saturate),
        Peer("opencv GaussianBlur", _is("gaussian"), _seconds, _blur),
    ]


def _is(operation: str) -> Any:
    return lambda problem: problem.operation == operation


def _takes(problem: Problem) -> bool:
    flat = problem.operation == "convolve" and problem.rank <= 2
    return flat and problem.dtype in ("float32", "float64", "uint8")


def _takes_products(problem: Problem) -> bool:
    return _takes(problem) and problem.data == "binomial" and problem.rank == 2


def _seconds(problem: Problem) -> float:
    # It goes over to a transform by itself, at 50 or 130 taps.
    return min(problem.products / 5e9, 2 * transform_seconds(problem))


def _flat(array: Array) -> Array:
    return array.reshape(1, -1) if array.ndim == 1 else array


def _filter(task: Task) -> Solve:
    kernel = _flat(task.flipped())
    if task.a.dtype == np.uint8:
        # Sums below 2**24 are whole numbers in float32 too.
        largest = 255 * int(task.v.sum(dtype=np.int64))
        depth = cv2.CV_32F if largest < 2**24 else cv2.CV_64F
        return _framed(task, lambda a, border: cv2.filter2D(a, depth, kernel, borderType=border))
    return _framed(task, lambda a, border: cv2.filter2D(a, -1, kernel, borderType=border))


def _filter_by_axis(task: Task) -> Solve:
    down, along = (binomial(k).astype(task.a.dtype) for k in task.problem.taps)
    return _framed(task, lambda a, border: cv2.sepFilter2D(a, -1, along, down, borderType=border))


def _framed(task: Task, filtered: Any) -> Solve:
    """Return the filter between the frame it needs and the cut."""
    problem, a = task.problem, _flat(task.a)
    taps, starts = (1, 1, *problem.taps)[-2:], (0, 0, *task.starts)[-2:]
    ends = [k - 1 - start for k, start in zip(taps, starts, strict=True)]
    border = _BOUNDARIES[problem.boundary]
    shape = problem.output_shape

    def full() -> Array:
        framed = cv2.copyMakeBorder(a, starts[0], ends[0], starts[1], ends[1], cv2.BORDER_CONSTANT)
        return np.asarray(filtered(framed, cv2.BORDER_CONSTANT)).reshape(shape)

    def wrapped() -> Array:
        framed = cv2.copyMakeBorder(a, ends[0], starts[0], ends[1], starts[1], cv2.BORDER_WRAP)
        return cut(filtered(framed, cv2.BORDER_CONSTANT))

    def cut(answer: Any) -> Array:
        rows, columns = (1, *shape)[-2:]
        part = answer[ends[0] : ends[0] + rows, ends[1] : ends[1] + columns]
        return np.asarray(part).reshape(shape)

    if problem.mode == "full":
        return full
    if problem.mode == "valid":
        return lambda: cut(filtered(a, cv2.BORDER_CONSTANT))
    if problem.boundary == "wrap":  # filter2D does not take it
        return wrapped
    return lambda: np.asarray(filtered(a, border)).reshape(shape)


def _saturate(task: Task) -> Solve:
    kernel, border = task.flipped(), _BOUNDARIES[task.problem.boundary]
    return lambda: cv2.filter2D(task.a, -1, kernel, borderType=border)


def _blur(task: Task) -> Solve:
    rows, columns = task.problem.taps
    border = _BOUNDARIES[task.problem.boundary]
    return lambda: cv2.GaussianBlur(task.a, (columns, rows), 4.0, borderType=border)
