"""What is measured: the cases of the two files, and the operands of each."""

from __future__ import annotations

import csv
import functools
import math
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["FIELDS", "GRID", "NAMED", "Problem", "binomial", "operands", "read_problems"]

Array = NDArray[Any]

GRID = Path(__file__).parent / "grid.csv"
NAMED = Path(__file__).parent / "named.csv"
FIELDS = ("name", "shape", "kernel", "dtype", "mode", "boundary", "data")


@dataclass(frozen=True)
class Problem:
    """One convolution to be timed.

    Attributes
    ----------
    name : str
        Unique; the operands are drawn from it.
    shape, taps : tuple of int
        The shapes of the array and of the kernel.
    dtype : str
        The type of both operands.
    mode, boundary : str
        As in :func:`faltung.convolve`.
    data : str
        What the operands hold, see :func:`operands`.
    operation : str
        ``convolve``, or ``gaussian``, ``saturate``, ``elementwise`` (the named cases).
    required : float or None
        The least ratio of the best peer's time to ours.
    against : str
        The peers whose name begins so are the only ones; all if empty.
    """

    name: str
    shape: tuple[int, ...]
    taps: tuple[int, ...]
    dtype: str
    mode: str = "full"
    boundary: str = "zero"
    data: str = "plain"
    operation: str = "convolve"
    required: float | None = None
    against: str = ""

    @property
    def rank(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def exact(self) -> bool:
        """Whether the answer is made of whole numbers."""
        return np.dtype(self.dtype).kind in "iu" and self.operation != "saturate"

    @property
    def complex(self) -> bool:
        """Whether the operands are complex."""
        return np.dtype(self.dtype).kind == "c"

    @property
    def full_shape(self) -> tuple[int, ...]:
        """The shape of the full convolution."""
        return tuple(n + k - 1 for n, k in zip(self.shape, self.taps, strict=True))

    @property
    def output_shape(self) -> tuple[int, ...]:
        """The shape of the answer; the kernel is nowhere longer than the array."""
        if self.mode == "full":
            return self.full_shape
        if self.mode == "same":
            return self.shape
        return tuple(n - k + 1 for n, k in zip(self.shape, self.taps, strict=True))

    @property
    def products(self) -> float:
        """The number of products of the sums as they are written."""
        return float(math.prod(self.output_shape)) * math.prod(self.taps)


def read_problems(path: Path) -> list[Problem]:
    """Return the cases of a file, in its order."""
    with path.open(newline="") as lines:
        return [_problem(row) for row in csv.DictReader(lines)]


def _problem(row: dict[str, str]) -> Problem:
    return Problem(
        name=row["name"],
        shape=_lengths(row["shape"]),
        taps=_lengths(row["kernel"]),
        dtype=row["dtype"],
        mode=row["mode"],
        boundary=row["boundary"],
        data=row["data"],
        operation=row.get("operation") or "convolve",
        required=float(row["required"]) if row.get("required") else None,
        against=row.get("against") or "",
    )


def _lengths(text: str) -> tuple[int, ...]:
    return tuple(int(word) for word in text.split("x"))


def operands(problem: Problem) -> tuple[Array, Array]:
    """Return the array and the kernel, the same for one name on every machine.

    ``plain``
        Normal deviates; integers in -1000…1000, bytes 0…255 with taps 0…15.
    ``binomial``
        Normal deviates; taps the products of binomial coefficients, an exact product of lines.
    ``sums62``
        Whole numbers from 0 on, as large as sums below 2**62 allow.
    ``decades3``, ``decades15``
        Positive numbers, spread evenly over so many powers of ten.
    ``weights``
        The array plain; taps positive float32 numbers of sum one, as an image filter has.
    """
    random = np.random.default_rng(zlib.crc32(problem.name.encode()))
    a, v = (
        _numbers(problem, random, shape, largest)
        for shape, largest in ((problem.shape, 255), (problem.taps, 15))
    )
    if problem.data == "binomial":
        lines = [binomial(k) for k in problem.taps]
        v = functools.reduce(np.multiply.outer, lines).astype(problem.dtype)
    elif problem.data == "weights":
        v = random.uniform(0.1, 1.0, problem.taps)
        v = (v / v.sum()).astype(np.float32)
    return a, v


def _numbers(
    problem: Problem, random: np.random.Generator, shape: tuple[int, ...], largest_byte: int
) -> Array:
    dtype = np.dtype(problem.dtype)
    if problem.data == "sums62":
        return random.integers(0, math.isqrt(2**62 // math.prod(problem.taps)), shape, dtype)
    if problem.data.startswith("decades"):
        decades = float(problem.data.removeprefix("decades"))
        return np.power(10.0, random.uniform(0.0, decades, shape)).astype(dtype)
    if dtype == np.uint8:
        return random.integers(0, largest_byte + 1, shape, dtype)
    if dtype.kind in "iu":
        return random.integers(-1000, 1001, shape, dtype)
    numbers = random.standard_normal(shape)
    if dtype.kind == "c":
        return (numbers + 1j * random.standard_normal(shape)).astype(dtype)
    return numbers.astype(dtype)


def binomial(length: int) -> Array:
    """Return the binomial coefficients of one row of Pascal's triangle."""
    return np.array([math.comb(length - 1, i) for i in range(length)], dtype=float)
