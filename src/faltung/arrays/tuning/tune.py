"""The measurement: group after group of costs, then what is around the methods."""

from __future__ import annotations

import functools
import statistics
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from faltung import _core
from faltung.arrays.convolve import convolve
from faltung.arrays.tuning.clock import fastest, forcing, one_thread, predicted, run, table
from faltung.arrays.tuning.fit import count_costs, fitted
from faltung.arrays.tuning.problems import GROUPS, Sample, samples_of

__all__ = ["Fit", "Tuning", "tune"]

Costs = dict[str, float]
Advance = Callable[[int, int], None]

#: Sums of integers share all but these with those of float64.
_OF_INTEGERS = ("vector", "lines_tap", "shared_tap", "single_tap")
_STEPS = len(GROUPS) + 2
# Samples of each problem, and of every third one if it must be quick.
_ROUNDS, _QUICK_ROUNDS = 25, 2


@dataclass(frozen=True)
class Fit:
    """How well the new costs of a group predict: predicted times divided by measured ones."""

    group: str
    problems: int
    median: float
    worst: float


@dataclass(frozen=True)
class Tuning:
    """The costs in use before, those measured, and how well these predict; in nanoseconds."""

    before: Costs
    costs: Costs
    fits: tuple[Fit, ...]


def tune(*, quick: bool = False, advance: Advance | None = None) -> Tuning:
    """Measure every cost of the planner on this machine, on one thread; no table is changed.

    Parameters
    ----------
    quick : bool
        A third of the problems and few samples: seconds, and rough.
    advance : callable, optional
        Called with the number of steps done and of all steps.

    Examples
    --------
    >>> found = tune(quick=True)
    >>> found.costs.keys() == found.before.keys()
    True
    """
    before = _core.costs()
    costs, fits = dict(before), []
    rounds = _QUICK_ROUNDS if quick else _ROUNDS
    with one_thread():
        costs |= _around(rounds)
        _tell(advance, 1)
        for number, group in enumerate(GROUPS):
            fits.append(_tune_group(group, costs, rounds, 3 if quick else 1))
            _tell(advance, number + 2)
        costs |= _of_complex_numbers(costs, rounds) | _of_whole_numbers(costs, rounds)
        _tell(advance, _STEPS)
    return Tuning(before, costs, tuple(fits))


def _tell(advance: Advance | None, done: int) -> None:
    if advance is not None:
        advance(done, _STEPS)


def _tune_group(group: str, costs: Costs, rounds: int, step: int) -> Fit:
    """Find the costs of a group, put them in `costs`, and say how well they fit."""
    method = GROUPS[group]
    samples = samples_of(group)[::step]
    names = [name for name in costs if name.startswith(f"{group}.")]
    if group == "direct.int64":
        costs |= {name: costs[name.replace("int64", "float64")] for name in names}
        names = [f"{group}.{part}" for part in _OF_INTEGERS]
        # Below this size the way through Python outweighs the sums.
        samples = [sample for sample in samples if sample.array.size * sample.kernel.size > 10**6]
    with table(forcing(method, costs)):
        times = np.array([fastest(_runner(sample, method), rounds) for sample in samples])
    if group == "direct.int64":
        times = np.maximum(times - costs["call.general"], 0.5 * times)
    counts = count_costs(samples, method, names, costs)
    with table(costs):
        around = np.array([predicted(sample, method) for sample in samples])
    around -= counts @ np.array([costs[name] for name in names])
    known = np.maximum(times - around, 0.1 * times)
    found = fitted(counts, known, np.array([costs[name] for name in names]))
    costs |= dict(zip(names, found.tolist(), strict=True))
    ratios = ((counts @ found + around) / times).tolist()
    worst = max(ratios, key=lambda ratio: abs(np.log(ratio)))
    return Fit(group, len(samples), statistics.median(ratios), worst)


def _runner(sample: Sample, method: str) -> Callable[[], object]:
    if sample.array.dtype.kind == "i":
        return lambda: convolve(sample.array, sample.kernel, method=method, **sample.options)  # type: ignore[arg-type]
    return lambda: run(sample)


def _around(rounds: int) -> Costs:
    """Measure the general way, a look for lines, and the sums in NumPy."""
    a, v = np.ones(50), np.ones(5)
    short = fastest(lambda: _core.convolve_small(a, v, {}), 4 * rounds)
    general = fastest(lambda: convolve(a, v, method="direct"), 4 * rounds) - short
    kernels = [np.multiply.outer(np.arange(1.0, n), np.arange(1.0, n)) for n in (4, 41)]
    looks = [fastest(lambda k=k: _core.product_lines(k, 1), rounds) for k in kernels]  # type: ignore[misc]
    long, taps = np.ones(20_000, np.longdouble), np.ones(20, np.longdouble)
    objects = np.full(300, 0.5, object)
    long_seconds = fastest(lambda: convolve(long, taps), rounds) - general
    object_seconds = fastest(lambda: convolve(objects, objects[:20]), rounds) - general
    return {
        "call.general": max(general, short),
        "call.separation": looks[0],
        "call.separation_tap": (looks[1] - looks[0]) / kernels[1].size,
        "plain.longdouble": max(long_seconds / (20_019 * 20), 0.01),
        "plain.object": max(object_seconds / (319 * 20), 0.01),
    }


def _of_complex_numbers(costs: Costs, rounds: int) -> Costs:
    """Measure what complex numbers need around their direct sums, beyond four sums of parts."""
    sample = Sample(np.full(30_000, 1 + 2j), np.full(24, 2 - 1j), "zero")
    with table(forcing("direct", costs | {"call.complex": 1e-3})):
        around = fastest(lambda: run(sample), rounds) - predicted(sample, "direct")
    return {"call.complex": max(around / 30_023, 0.1)}


def _of_whole_numbers(costs: Costs, rounds: int) -> Costs:
    """Measure what whole numbers need around their transforms, beyond the predicted transform."""
    rng = np.random.default_rng(0)
    sample = samples_of("transform.float64")[5]
    outputs = sample.array.size + sample.kernel.size - 1
    with table(costs):
        one = predicted(sample, "fft") + costs["call.general"]
    found = []
    # Numbers of 6 bits need one transform, those of 20 four.
    for bits, products in ((6, 1), (20, 4)):
        a, v = (rng.integers(0, 2**bits, x.shape) for x in (sample.array, sample.kernel))
        call = functools.partial(convolve, a, v, method="fft")
        each = fastest(call, rounds) / products
        found.append(max((each - one) / outputs, 0.1))
    return {"call.whole": found[0], "call.slice": max(found[1] - found[0], 0.1)}
