"""Problems drawn by a seed for the planner: their shapes, their operands, the methods possible."""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.call import CallOptions, prepare
from faltung.arrays.methods import METHODS
from faltung.arrays.separable import separable_seconds
from faltung.errors import FaltungError
from faltung.options import Method

__all__ = ["Case", "draw_cases", "operands", "possible"]

Array = NDArray[Any]

DTYPES = ("float32", "float64", "int64", "complex128", "complex64")
_WEIGHTS = (30, 40, 12, 12, 6)
#: Entries of the array; an axis has 3 at least.
SMALLEST, LARGEST = 10, 10**6


@dataclass(frozen=True)
class Case:
    """One problem: `product` tells whether its kernel is a product of lines."""

    number: int
    shape: tuple[int, ...]
    taps: tuple[int, ...]
    dtype: str
    mode: str
    boundary: str
    product: bool

    @property
    def options(self) -> dict[str, str]:
        """The options of the call."""
        return {"mode": self.mode, "boundary": self.boundary}

    def __str__(self) -> str:
        sizes = " x ".join("(" + " ".join(map(str, s)) + ")" for s in (self.shape, self.taps))
        return (
            f"{self.number:3} {self.dtype} {sizes} {self.mode} {self.boundary}"
            f"{' product' if self.product else ''}"
        )


def draw_cases(count: int, seed: int) -> list[Case]:
    """Return `count` problems, the same for the same seed; lengths spread over their logarithms."""
    draw = random.Random(seed)
    return [_draw(number, draw) for number in range(count)]


def _draw(number: int, draw: random.Random) -> Case:
    rank = draw.choices((1, 2, 3), (45, 35, 20))[0]
    entries = _spread(draw, SMALLEST, LARGEST)
    shares = [0.4 + draw.random() for _ in range(rank)]
    lengths = [max(3, round(entries ** (share / sum(shares)))) for share in shares]
    taps = tuple(round(_spread(draw, min(3, n), n)) for n in lengths)
    mode = draw.choice(("full", "same", "valid"))
    boundary = draw.choice(("zero", "zero", "mirror", "wrap")) if mode == "same" else "zero"
    dtype = draw.choices(DTYPES, _WEIGHTS)[0]
    product = rank > 1 and dtype.startswith("float") and draw.random() < 0.5
    return Case(number, tuple(lengths), taps, dtype, mode, boundary, product)


def _spread(draw: random.Random, least: float, most: float) -> float:
    return math.exp(draw.uniform(math.log(least), math.log(most)))


def operands(case: Case) -> tuple[Array, Array]:
    """Return array and kernel, drawn by the number of the case."""
    rng = np.random.default_rng(case.number)
    if case.product:
        lines = [rng.uniform(0.5, 1.5, n).astype(case.dtype) for n in case.taps]
        return rng.normal(size=case.shape).astype(case.dtype), functools.reduce(
            np.multiply.outer, lines
        )
    a, v = (_numbers(rng, shape, np.dtype(case.dtype)) for shape in (case.shape, case.taps))
    return a, v


def _numbers(rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    if dtype.kind == "i":
        return rng.integers(-1000, 1000, shape, dtype)
    if dtype.kind == "c":
        return np.asarray(rng.normal(size=shape) + 1j * rng.normal(size=shape), dtype)
    return rng.normal(size=shape).astype(dtype)


def possible(case: Case, a: Array, v: Array) -> tuple[str, Mapping[str, float]]:
    """Return the method that is chosen, and the predicted seconds of each that is possible."""
    call = prepare(a, v, CallOptions(mode=case.mode, boundary=case.boundary))
    methods = (Method.DIRECT, Method.FFT)
    if case.dtype != "int64":
        seconds = {str(name): METHODS[name].seconds(call.problem) for name in methods}
    else:
        seconds = dict.fromkeys(map(str, methods), math.nan)
        try:
            prepare(a, v, CallOptions(mode=case.mode, boundary=case.boundary, method="fft"))
        except FaltungError:
            del seconds["fft"]
    if call.problem.input.dtype.kind == "f":
        seconds["separable"] = separable_seconds(call.problem, math.inf)
    return str(call.method), {name: s for name, s in seconds.items() if not math.isinf(s)}
