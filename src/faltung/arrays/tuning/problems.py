"""The problems whose times tell the costs: sizes in which one cost after the other outweighs."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["GROUPS", "Sample", "samples_of"]

Array = NDArray[Any]
Shape = tuple[int, ...]

#: The groups of costs that are found together, with the method that they are of.
GROUPS = {
    "direct.float32": "direct",
    "direct.float64": "direct",
    "direct.int64": "direct",
    "lines.float32": "separable",
    "lines.float64": "separable",
    "transform.float32": "fft",
    "transform.float64": "fft",
}

# Array, kernel and boundary: with "zero" a full convolution, else one of the same shape.
_DIRECT: list[tuple[Shape, Shape, str]] = [
    ((40,), (3,), "zero"),
    ((3000,), (9,), "zero"),
    ((30_000,), (5,), "zero"),
    ((30_000,), (24,), "zero"),
    ((30_000,), (150,), "zero"),
    ((8000,), (1500,), "zero"),
    ((60,), (9,), "wrap"),
    ((3000,), (200,), "wrap"),
    ((6, 7), (3, 3), "zero"),
    ((60, 70), (5, 5), "zero"),
    ((300, 300), (3, 3), "zero"),
    ((300, 300), (9, 9), "zero"),
    ((400, 40), (9, 5), "zero"),
    ((100, 200), (31, 3), "zero"),
    ((40, 900), (3, 40), "zero"),
    ((3, 3000), (3, 60), "zero"),
    ((300, 9), (1, 5), "zero"),
    ((5, 5, 5), (3, 3, 3), "zero"),
    ((20, 20, 20), (3, 3, 3), "zero"),
    ((30, 30, 60), (5, 5, 5), "zero"),
    ((60, 20, 9), (9, 3, 3), "zero"),
    ((30, 30, 400), (3, 3, 3), "wrap"),
]
_LINES: list[tuple[Shape, Shape, str]] = [
    ((20, 20), (3, 3), "zero"),
    ((300, 300), (5, 5), "wrap"),
    ((300, 300), (31, 31), "zero"),
    ((700, 700), (3, 3), "zero"),
    ((700, 700), (13, 13), "zero"),
    ((3000, 30), (40, 5), "zero"),
    ((30, 3000), (5, 40), "zero"),
    ((10, 10, 10), (3, 3, 3), "zero"),
    ((40, 40, 40), (5, 5, 5), "zero"),
    ((60, 60, 100), (9, 9, 9), "zero"),
]
_TRANSFORM: list[tuple[Shape, Shape, str]] = [
    ((30,), (9,), "zero"),
    ((500,), (200,), "zero"),
    ((3000,), (900,), "zero"),
    ((3000,), (3000,), "wrap"),
    ((30_000,), (100,), "zero"),
    ((30_000,), (9000,), "zero"),
    ((200_000,), (1000,), "zero"),
    ((200_000,), (200_000,), "zero"),
    ((700_000,), (300_000,), "zero"),
    ((10, 10), (5, 5), "zero"),
    ((60, 60), (20, 20), "zero"),
    ((300, 300), (31, 31), "zero"),
    ((300, 300), (31, 31), "wrap"),
    ((900, 700), (100, 200), "zero"),
    ((3000, 12), (300, 5), "zero"),
    ((5, 5, 5), (3, 3, 3), "zero"),
    ((30, 30, 30), (9, 9, 9), "zero"),
    ((60, 60, 90), (20, 20, 20), "zero"),
]
_SHAPES = {"direct": _DIRECT, "separable": _LINES, "fft": _TRANSFORM}


@dataclass(frozen=True)
class Sample:
    """One problem to be timed by a method."""

    array: Array
    kernel: Array
    boundary: str

    @property
    def options(self) -> dict[str, str]:
        """The options of the call."""
        return {"mode": "full" if self.boundary == "zero" else "same", "boundary": self.boundary}


def samples_of(group: str) -> list[Sample]:
    """Return the problems of a group of costs, drawn from a fixed seed."""
    method, dtype = GROUPS[group], np.dtype(group.partition(".")[2])
    rng = np.random.default_rng(0)
    found = []
    for shape, taps, boundary in _SHAPES[method]:
        if method == "separable":
            lines = [rng.uniform(0.5, 1.5, n) for n in taps]
            kernel = functools.reduce(np.multiply.outer, lines).astype(dtype)
        else:
            kernel = _numbers(rng, taps, dtype)
        found.append(Sample(_numbers(rng, shape, dtype), kernel, boundary))
    return found


def _numbers(rng: np.random.Generator, shape: Shape, dtype: np.dtype[Any]) -> Array:
    """Return normal numbers, or whole ones whose sums no float holds."""
    if dtype.kind == "i":
        return rng.integers(2**25, 2**26, shape, dtype)
    return rng.normal(size=shape).astype(dtype)
