"""A convolution by a transform whose buffers and plans are kept, as a careful user writes it.

Both operands lie in one buffer of two, so that their transforms may run side by side. The answer
is a new array, as every contestant's, and a view of what the transform back has written.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import scipy.fft

from benchmarks.peers.contract import FEW_POINTS, Array, Solve, Task
from benchmarks.problems import Problem

__all__ = ["Buffers", "convolve_with", "takes"]


def takes(problem: Problem) -> bool:
    """Return whether the problem is a convolution that a transform solves."""
    return problem.operation == "convolve"


class Buffers:
    """The numbers of points, the buffer of both operands, and where the answer lies."""

    def __init__(self, task: Task, empty: Callable[..., Array]) -> None:
        problem = task.problem
        self.task = task
        self.real = not problem.complex
        self.sizes = _sizes(problem)
        self.threads = task.threads if math.prod(self.sizes) >= FEW_POINTS else 1
        self.axes = tuple(range(1, problem.rank + 1))
        dtype = np.dtype(np.float64) if problem.exact else task.a.dtype
        self.pair = empty((2, *self.sizes), dtype)
        self.spectra_shape = (
            *self.sizes[:-1],
            self.sizes[-1] // 2 + 1 if self.real else self.sizes[-1],
        )
        self.spectra_dtype = np.result_type(dtype, np.complex64)
        self._circular = problem.boundary == "wrap" and self.sizes == problem.shape
        self._padded = problem.boundary != "zero" and not self._circular
        self._pad = task.continued if self._padded else lambda: task.a
        starts = self._answer_starts()
        self.answer = tuple(
            slice(start, start + n) for start, n in zip(starts, problem.output_shape, strict=True)
        )

    def _answer_starts(self) -> tuple[int, ...]:
        problem = self.task.problem
        if self._circular or problem.mode == "full":
            return (0,) * problem.rank
        if problem.mode == "same" and not self._padded:
            return self.task.starts
        return tuple(k - 1 for k in problem.taps)

    def fill(self) -> None:
        """Copy both operands among the zeros, the kernel with the scale of the transform back."""
        array, kernel = self.pair
        data = self._pad()
        array[tuple(slice(n) for n in data.shape)] = data
        taps = self.task.v * self.pair.dtype.type(1 / math.prod(self.sizes))
        if self._circular:
            kernel[self._around()] = taps
        else:
            kernel[tuple(slice(k) for k in taps.shape)] = taps

    def _around(self) -> tuple[Array, ...]:
        """Return where the taps lie for the answer to begin at the first point."""
        sides = zip(self.task.problem.taps, self.task.starts, self.sizes, strict=True)
        return np.ix_(*((np.arange(k) - start) % n for k, start, n in sides))


def _sizes(problem: Problem) -> tuple[int, ...]:
    """Return the fewest points, of a fast number, at which nothing wanted is wrapped onto."""
    real = not problem.complex
    fast = all(scipy.fft.next_fast_len(n, real) == n for n in problem.shape)
    if problem.boundary == "wrap" and fast:
        return problem.shape
    least = problem.full_shape
    if problem.boundary == "zero" and problem.mode == "valid":
        least = problem.shape
    elif problem.boundary == "zero" and problem.mode == "same":
        least = tuple(n + k // 2 for n, k in zip(problem.shape, problem.taps, strict=True))
    return tuple(scipy.fft.next_fast_len(n, real) for n in least)


def convolve_with(
    buffers: Buffers, forward: Callable[[], tuple[Array, Array]], back: Callable[[], Array]
) -> Solve:
    """Return the convolution by a library's two transforms.

    `forward` transforms the pair and returns both spectra; `back` transforms the first of them.
    """
    exact = buffers.task.problem.exact

    def solve() -> Array:
        buffers.fill()
        first, second = forward()
        np.multiply(first, second, out=first)
        answer = back()[buffers.answer]
        return np.rint(answer).astype(np.int64) if exact else answer

    buffers.pair[...] = 0
    return solve
