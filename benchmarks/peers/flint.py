"""Whole numbers as polynomials in FLINT (python-flint), exact."""

from __future__ import annotations

import flint
import numpy as np

from benchmarks.peers.contract import Array, Peer, Solve, Task
from benchmarks.problems import Problem

__all__ = ["peers"]


def peers(threads: int) -> list[Peer]:
    """Return FLINT between NumPy arrays, and its product alone."""
    flint.ctx.threads = threads
    return [
        Peer("flint", _takes, _seconds, _between_arrays),
        Peer("in flint", lambda p: p.operation == "product", _seconds, _in_flint),
    ]


def _takes(problem: Problem) -> bool:
    line = problem.rank == 1 and problem.boundary == "zero"
    return problem.operation == "convolve" and problem.exact and line


def _seconds(problem: Problem) -> float:
    return 5e-7 * sum(problem.full_shape)


def _polynomial(array: Array) -> flint.fmpz_poly:
    return flint.fmpz_poly(array.tolist())


def _between_arrays(task: Task) -> Solve:
    problem = task.problem
    starts = {"full": 0, "same": task.starts[0], "valid": problem.taps[0] - 1}
    start, length = starts[problem.mode], problem.output_shape[0]

    def solve() -> Array:
        product = (_polynomial(task.a) * _polynomial(task.v)).coeffs()
        answer = np.zeros(problem.full_shape, np.int64)
        answer[: len(product)] = product  # leading zeros have no coefficient
        return answer[start : start + length]

    return solve


class _Product:
    """A product that becomes an array only when it is looked at."""

    def __init__(self, polynomial: flint.fmpz_poly) -> None:
        self.polynomial = polynomial

    def __array__(self, dtype: object = None, copy: object = None) -> Array:
        del dtype, copy
        return np.array(self.polynomial.coeffs(), np.int64)


def _in_flint(task: Task) -> Solve:
    a, v = _polynomial(task.a), _polynomial(task.v)
    return lambda: _Product(a * v)
