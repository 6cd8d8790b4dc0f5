"""Whether two answers are the same within what their arithmetic allows."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.problems import Problem

__all__ = ["TOLERANCES", "difference", "tolerance"]

#: Of the largest entry of the answer. The peers state no bound; these are ten times and more what
#: the worst of them shows, and a wrong centre, boundary or cut is off by a good part of one.
TOLERANCES = {
    "float32": 2e-4, "float64": 1e-11, "complex64": 2e-4, "complex128": 1e-11,
}  # fmt: skip


def tolerance(problem: Problem) -> float:
    """Return the largest difference allowed, as a part of the largest entry.

    Whole numbers have none. Bytes may differ by one of 255: OpenCV sums in float32, and a sum
    near a half may round the other way.
    """
    if problem.operation == "saturate":
        return 1.001 / 255
    return TOLERANCES.get(problem.dtype, 0.0)


def difference(problem: Problem, answer: Any, expected: Any) -> float:
    """Return the largest difference as a part of the largest entry; infinite for other shapes."""
    found, sought = np.asarray(answer), np.asarray(expected)
    if found.shape != sought.shape:
        return float("inf")
    if problem.exact and np.array_equal(found, sought):
        return 0.0
    # Complex stays complex, everything else is seen as float64.
    wide = np.complex128 if problem.complex else np.float64
    apart = np.abs(found.astype(wide) - sought.astype(wide)).max()
    scale = 255.0 if problem.operation == "saturate" else np.abs(sought.astype(wide)).max()
    if problem.exact:
        return max(float(apart / (scale or 1.0)), 1e-300)  # not equal, whatever float64 says
    return float(apart / (scale or 1.0))
