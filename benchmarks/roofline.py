"""``python -m benchmarks.roofline``: how near the limits of the machine the named cases come.

For each case three least times: of its products, if all are made, at the peak of the multipliers;
of a transform's operations at the same peak; of the bytes that any method reads and writes once.
No method is faster than the last, and none of ours than the lesser of the first two.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable

import click
import numpy as np

from benchmarks.limits import MachineLimits, measure_limits
from benchmarks.problems import NAMED, Problem, operands, read_problems

__all__ = ["main"]

TAPS = (3, 5, 9, 16, 24, 31, 64, 127, 255, 511)
OUTPUTS = 8192  # with their input they fit the first-level cache
SECONDS = 0.2


@click.command(help=(__doc__ or "").split("\n\n", 1)[1])
@click.option("--threads", default=2, show_default=True, help="For the named cases.")
def main(*, threads: int) -> None:
    os.environ["FALTUNG_NUM_THREADS"] = str(threads)
    limits = measure_limits(threads)
    for dtype, rate in limits.products.items():
        print(f"{dtype}: {rate / 1e9:.1f} fused multiply-adds per nanosecond on one core")
    print(f"memory: {limits.bytes / 1e9:.1f} bytes per nanosecond on {threads} threads\n")
    print("The direct kernel on one thread, share of that peak, by taps:")
    print(f"{'':>10}" + "".join(f"{taps:>6}" for taps in TAPS))
    for dtype, rate in limits.products.items():
        shares = (_direct_rate(dtype, taps) / rate for taps in TAPS)
        print(f"{dtype:>10}" + "".join(f"{share:>6.0%}" for share in shares))
    print(
        f"\n{'case':<22}{'ours':>10}{'products':>10}{'transform':>11}{'bytes':>9}   share of limit"
    )
    for problem in read_problems(NAMED):
        if problem.operation == "convolve" and problem.dtype in limits.products:
            print(_line(problem, limits))


def _fastest(call: Callable[[], object]) -> float:
    from benchmarks.timing import one_call

    spent, fastest = 0.0, math.inf
    while spent < SECONDS:
        seconds = one_call(call)
        spent, fastest = spent + seconds, min(fastest, seconds)
    return fastest


def _direct_rate(dtype: str, taps: int) -> float:
    from faltung import _core

    array, out = np.ones(OUTPUTS + taps - 1, dtype), np.empty(OUTPUTS, dtype)
    arguments = (array, np.ones(taps, dtype), out, [0], [_core.Boundary.fill], [(1, 1)], 0.0, 1)
    return OUTPUTS * taps / _fastest(lambda: _core.correlate_directly(*arguments))


def _line(problem: Problem, limits: MachineLimits) -> str:
    from benchmarks.ours import build_ours
    from benchmarks.peers.contract import Task

    ours = _fastest(build_ours(Task(problem, *operands(problem), limits.threads)))
    rate = limits.products[problem.dtype] * limits.threads
    products = problem.products / rate
    transform = _transform_operations(problem) / 2 / rate
    size = np.dtype(problem.dtype).itemsize
    numbers = math.prod(problem.shape) + math.prod(problem.taps) + math.prod(problem.output_shape)
    memory = numbers * size / limits.bytes
    least = max(min(products, transform), memory)
    columns = "".join(f"{seconds * 1e3:>10.3f}" for seconds in (ours, products, transform, memory))
    return f"{problem.name:<22}{columns} ms{least / ours:>12.0%}"


def _transform_operations(problem: Problem) -> float:
    """Return the operations of overlap-save at its best length: 2.5 N log2 N for N real numbers.

    Forward and backward for each block, and six operations for each complex product.
    """
    outputs, best = problem.output_shape, math.inf
    for power in range(1, 30):
        block = [max(2**power, 2 * k) for k in problem.taps]
        counts = (n / (b - k + 1) for n, b, k in zip(outputs, block, problem.taps, strict=True))
        points = math.prod(block)
        each = 5.0 * points * math.log2(points) + 3.0 * points
        best = min(best, each * math.prod(max(count, 1.0) for count in counts))
    return best


if __name__ == "__main__":
    main()
