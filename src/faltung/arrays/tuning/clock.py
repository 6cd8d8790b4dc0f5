"""How long a method takes: forced by a table in which the others are slow, its fastest sample."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from faltung import _core
from faltung.arrays.call import CallOptions, prepare
from faltung.arrays.convolve import convolve
from faltung.arrays.methods import METHODS
from faltung.arrays.separable import separable_seconds
from faltung.arrays.tuning.problems import Sample
from faltung.options import Method

__all__ = ["fastest", "forcing", "one_thread", "predicted", "run", "table"]

# A sample lasts so long at least.
_SAMPLE_SECONDS = 0.5e-3
_METHODS = {"direct": "direct", "lines": "separable", "transform": "fft"}


def forcing(method: str, costs: Mapping[str, float]) -> dict[str, float]:
    """Return costs by which any other method is slow; a transform keeps its blocks.

    Examples
    --------
    >>> forced = forcing("fft", {"direct.float32.call": 1.0, "transform.float32.call": 2.0})
    >>> forced["direct.float32.call"], forced["transform.float32.call"]
    (1000000000.0, 2.0)
    """
    changed = dict(costs)
    for name in costs:
        if _METHODS.get(name.partition(".")[0], method) != method:
            changed[name] *= 1e9
    if method == "separable":
        changed["call.separation"] = changed["call.separation_tap"] = 1e-3
    return changed


@contextmanager
def table(costs: Mapping[str, float]) -> Iterator[None]:
    """Put costs in use, and afterwards those that were."""
    before = _core.costs()
    _core.set_costs(dict(costs))
    try:
        yield
    finally:
        _core.set_costs(before)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let all calls take one thread, and afterwards as many as before."""
    before = _core.default_threads()
    _core.set_default_threads(1)
    try:
        yield
    finally:
        _core.set_default_threads(before)


def run(sample: Sample) -> Any:
    """Convolve as :func:`faltung.convolve` does: the short way, or else the general one."""
    small = _core.convolve_small(sample.array, sample.kernel, sample.options)
    if small is not None:
        return small
    return convolve(sample.array, sample.kernel, **sample.options)  # type: ignore[arg-type]


def fastest(call: Callable[[], Any], rounds: int) -> float:
    """Return the nanoseconds of a call in the fastest of `rounds` samples."""
    call()
    repeats = 1
    best = _timed(call, 1)
    if best < _SAMPLE_SECONDS:
        repeats = round(_SAMPLE_SECONDS / max(best, 1e-7)) + 1
    return 1e9 * min(best, *(_timed(call, repeats) for _ in range(rounds)))


def _timed(call: Callable[[], Any], repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - start) / repeats


def predicted(sample: Sample, method: str) -> float:
    """Return what the table in use says of a call by the short way, in nanoseconds."""
    options = CallOptions(method="direct", **sample.options)  # type: ignore[arg-type]
    problem = prepare(sample.array, sample.kernel, options).problem
    general = 1e-9 * _core.cost("call.general")
    if method == "separable":
        return 1e9 * (separable_seconds(problem, np.inf) - general)
    return 1e9 * (METHODS[Method(method)].seconds(problem) - general)
