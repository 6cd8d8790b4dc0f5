"""What a peer is, and the terms in which every peer is asked the same question."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.problems import Problem

__all__ = ["FEW_POINTS", "Array", "Peer", "Solve", "Task", "transform_seconds"]

Array = NDArray[Any]
Solve = Callable[[], Any]

#: Below so many points a second thread costs every transform more than it saves.
FEW_POINTS = 2**15

_NUMPY_BOUNDARIES = {"zero": "constant", "mirror": "reflect", "edge": "edge", "wrap": "wrap"}


@dataclass(frozen=True)
class Task:
    """One problem with its operands."""

    problem: Problem
    a: Array
    v: Array
    threads: int

    @property
    def starts(self) -> tuple[int, ...]:
        """Where ``same`` starts in the full convolution, axis by axis."""
        return tuple((k - 1) // 2 for k in self.problem.taps)

    @property
    def before(self) -> tuple[int, ...]:
        """How many entries before the array the first sum reads."""
        if self.problem.mode == "full":
            return tuple(k - 1 for k in self.problem.taps)
        if self.problem.mode == "same":
            return tuple(k // 2 for k in self.problem.taps)
        return (0,) * self.problem.rank

    @property
    def behind(self) -> tuple[int, ...]:
        """How many entries behind the array the last sum reads."""
        if self.problem.mode == "full":
            return self.before
        if self.problem.mode == "same":
            return self.starts
        return (0,) * self.problem.rank

    def flipped(self) -> Array:
        """Return the kernel as a correlation takes it."""
        return np.ascontiguousarray(np.flip(self.v))

    def continued(self) -> Array:
        """Return the array with all that the sums read outside, for a peer without boundaries."""
        margins = list(zip(self.before, self.behind, strict=True))
        if not any(map(any, margins)):
            return self.a
        return np.pad(self.a, margins, mode=_NUMPY_BOUNDARIES[self.problem.boundary])  # type: ignore[call-overload, no-any-return]


@dataclass(frozen=True)
class Peer:
    """One way of another library.

    Attributes
    ----------
    name : str
        As it stands in the table; begins with the library's.
    takes : callable
        Whether it solves a problem at all.
    seconds : callable
        What it will take, roughly: a peer far too slow for a problem is left out of it.
    build : callable
        Prepares what may be prepared (plans, flipped kernels) and returns the call to time.
    """

    name: str
    takes: Callable[[Problem], bool]
    seconds: Callable[[Problem], float]
    build: Callable[[Task], Solve]


def transform_seconds(problem: Problem) -> float:
    """Return what three transforms of the full convolution take at 1 GFLOP/s."""
    points = float(math.prod(problem.full_shape))
    return 3 * 2.5 * points * math.log2(points + 1) / 1e9
