"""The layers of PyTorch on the processor: conv1d, conv2d, conv3d with one channel."""

from __future__ import annotations

import math

import torch

from benchmarks.peers.contract import Array, Peer, Solve, Task
from benchmarks.problems import Problem

__all__ = ["peers"]

_LAYERS = {1: torch.conv1d, 2: torch.conv2d, 3: torch.conv3d}
_BOUNDARIES = {"zero": "constant", "mirror": "reflect", "edge": "replicate", "wrap": "circular"}


def peers(threads: int) -> list[Peer]:
    """Return the one peer, the library set to `threads` threads."""
    torch.set_num_threads(threads)
    return [Peer("torch", _takes, _seconds, _build)]


def _takes(problem: Problem) -> bool:
    return problem.operation == "convolve" and problem.dtype in ("float32", "float64")


def _seconds(problem: Problem) -> float:
    # float64 goes through a matrix of all windows.
    windows = problem.products * 8
    if problem.dtype == "float64" and windows > 4e9:
        return math.inf
    return problem.products / 2e9


def _build(task: Task) -> Solve:
    layer = _LAYERS[task.problem.rank]
    array = torch.from_numpy(task.a)[None, None]
    kernel = torch.from_numpy(task.flipped())[None, None]
    margins = [
        n for pair in reversed(list(zip(task.before, task.behind, strict=True))) for n in pair
    ]
    mode = _BOUNDARIES[task.problem.boundary]
    if task.problem.boundary == "zero" and task.before == task.behind:

        def within() -> Array:
            with torch.inference_mode():
                answer: Array = layer(array, kernel, padding=task.before)[0, 0].numpy()
            return answer

        return within

    def padded() -> Array:
        with torch.inference_mode():
            wide = torch.nn.functional.pad(array, margins, mode=mode)
            answer: Array = layer(wide, kernel)[0, 0].numpy()
        return answer

    return padded
