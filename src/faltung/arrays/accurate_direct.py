"""Direct sums within a relative error that one pass of the direct kernel may not hold."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.bounds import unit_roundoff
from faltung.arrays.direct import direct_error, run_direct
from faltung.arrays.geometry import Problem
from faltung.arrays.parts import of_taps

__all__ = ["run_direct_within"]


def run_direct_within(problem: Problem, rtol: float, out: NDArray[Any], threads: int) -> None:
    """Fill `out` with errors of at most ``rtol (|w| * |x|)[i]``, but for underflow.

    Taps too many for that are halved until gamma(m) holds it, and the parts are added in pairs;
    each addition costs one rounding (Higham, Accuracy and Stability of Numerical Algorithms, 2nd
    ed., section 4.2). A single tap needs one rounding, so any `rtol` of some dozen will do.
    """
    if problem.tap_count == 1 or direct_error(problem) <= rtol:
        run_direct(problem, out, threads)
        return
    axis = max(range(problem.batch, problem.taps.ndim), key=lambda d: problem.taps.shape[d])
    middle, end = problem.taps.shape[axis] // 2, problem.taps.shape[axis]
    # |fl(a + b) - (a + b)| <= u (1 + r) A for parts a, b with relative errors r.
    rest = (rtol - 1.01 * unit_roundoff(problem.input.dtype)) / (1 + 1e-9)
    parts = of_taps(problem, axis, 0, middle), of_taps(problem, axis, middle, end)
    total = None
    for part in parts:
        if part is not None:
            sums = out if total is None else np.empty_like(out)
            run_direct_within(part, rest, sums, threads)
            with np.errstate(over="ignore", invalid="ignore"):
                total = sums if total is None else np.add(total, sums, out=out)
    if total is None:
        out[...] = 0
