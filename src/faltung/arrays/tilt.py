"""Exponential tilting: factors 2**(-theta k) that commute with convolution and even out decay.

With ``x'[j] = x[j] 2**(-theta j)`` and ``w'[k] = w[k] 2**(-theta k)``

    (w * x)[i]  =  2**(theta i) (w' * x')[i] ,

so what decays exponentially becomes flat, and a transform, whose error is the same everywhere, is
right along a whole tail. Of data that decay faster than exponentially a tilt lifts one stretch above
all others, the one around the output that `theta` is chosen for: the saddle point of Esscher, On the
probability function in the collective theory of risk, Skand. Aktuarietidskr. 15 (1932)::

              ▁▂▄▆█▆▄▂▁                    log2 of the outputs as they are …
            ▁▄█████████▄▁
                        ▁▂▄▆█▆▄▂▁          … and tilted to the stretch on the right
"""

from __future__ import annotations

import functools
import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.geometry import Problem
from faltung.arrays.scaled import Scaled, lost_by_scaling
from faltung.options import Boundary

__all__ = ["TILT_ROUNDINGS", "powers_of_two", "tilted"]

Array = NDArray[Any]

#: Roundings, in units of 2**-53, of a tilted product that is tilted back: a factor is three and its
#: product with a number is one more, for the input, the taps and the output.
TILT_ROUNDINGS = 12

# theta is a multiple of 2**-20: theta k is exact, and ends within half a bit after 10^6 entries.
_STEP_BITS = 20

# Numbers of which one stands for all when theta is chosen; the steepest tilt; and what of the bound,
# in bits, a tilt must gain, if it is to be worth its factors.
_BLOCK = 64
_STEEPEST = 64
_LEAST_GAIN = 4.0


def tilted(scaled: Scaled) -> Scaled:
    """Return the problem tilted for the output in the middle of its longest axis, if that gains."""
    problem = scaled.problem
    axes = [
        axis
        for axis in range(problem.batch, len(problem.output_shape))
        if problem.boundaries[axis - problem.batch] is Boundary.ZERO
    ]
    if not axes or problem.fill_value:
        return scaled
    axis = max(axes, key=problem.output_shape.__getitem__)
    steps = _best_steps(problem, axis)
    return scaled if steps == 0 else _tilted_by(scaled, axis, steps)


def _tilted_by(scaled: Scaled, axis: int, steps: int) -> Scaled:
    """Return the problem tilted by theta = steps * 2**-20 on `axis`."""
    problem = scaled.problem
    input, of_input = _apply(problem.input, axis, -steps)
    slid = axis - problem.batch
    taps, of_taps = _apply(problem.taps, axis, -steps * problem.dilation[slid])
    outputs = problem.stride[slid] * np.arange(problem.output_shape[axis])
    back = powers_of_two(steps * (problem.start[slid] + outputs))
    shape = [1] * len(problem.output_shape)
    shape[axis] = -1
    return replace(
        scaled,
        problem=problem.with_operands(input, taps, 0.0),
        exponent=(back[1] + of_input + of_taps).reshape(shape) + scaled.exponent,
        mantissa=back[0].reshape(shape),
        relative=TILT_ROUNDINGS * 2.0**-53 * (1 + 1e-9),
        lost=4 * lost_by_scaling(problem),  # the operands are at most two
    )


def _apply(values: Array, axis: int, steps: int) -> tuple[Array, int]:
    """Return the tilted values with the largest between 1/2 and 2, and the exponent left out."""
    shape = [1] * values.ndim
    shape[axis] = -1
    mantissa, exponent = powers_of_two(steps * np.arange(values.shape[axis]))
    mantissa, exponent = mantissa.reshape(shape), exponent.reshape(shape)
    largest = int((np.frexp(values)[1] + exponent)[values != 0].max())
    # First the powers of two: a subnormal number that is lifted keeps all its digits.
    return np.ldexp(values, exponent - largest) * mantissa, largest


def powers_of_two(steps: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return m and e with ``m 2**e = 2**(steps / 2**20)``, m in [1, 2) within three roundings.

    Examples
    --------
    >>> mantissa, exponent = powers_of_two(np.array([3 << 19]))  # 2**1.5
    >>> float(mantissa[0]), int(exponent[0])
    (1.4142135623730951, 1)
    """
    coarse, fine = _roots()
    rest = steps & ((1 << _STEP_BITS) - 1)
    return coarse[rest >> 10] * fine[rest & 1023], steps >> _STEP_BITS


@functools.cache
def _roots() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return 2**(a / 2**10) and 2**(a / 2**20) for a below 2**10, each rounded once."""
    one = 1 << 200
    root, tables = 2 * one, []
    for _ in range(2):
        for _ in range(_STEP_BITS // 2):
            root = math.isqrt(root * one)
        powers = [one]
        for _ in range(1023):
            powers.append(powers[-1] * root // one)
        tables.append(np.array([power / one for power in powers]))
    return tables[0], tables[1]


def _best_steps(problem: Problem, axis: int) -> int:
    """Return theta * 2**20 for the output in the middle, 0 if no tilt gains enough.

    The bound there is, in bits and but for a constant, the maximum of log2|x[j]| - theta j, that of the
    taps, and theta i: a convex function, whose slope is i less the two places of the maxima.
    """
    slid = axis - problem.batch
    at = problem.start[slid] + problem.stride[slid] * (problem.output_shape[axis] - 1) / 2
    places, bits = _profile(problem.taps, axis)
    profiles = _profile(problem.input, axis), (places * problem.dilation[slid], bits)
    if max(float(np.ptp(bits)) for _, bits in profiles) < 2 * _LEAST_GAIN:
        return 0

    def bound(theta: float) -> tuple[float, float]:
        value, slope = theta * at, at
        for places, bits in profiles:
            lifted = bits - theta * places
            best = int(lifted.argmax())
            value, slope = value + float(lifted[best]), slope - float(places[best])
        return value, slope

    low, high = -_STEEPEST << _STEP_BITS, _STEEPEST << _STEP_BITS
    while high - low > 1:
        middle = (low + high) // 2
        if bound(middle * 2.0**-_STEP_BITS)[1] > 0:
            high = middle
        else:
            low = middle
    gain = bound(0.0)[0] - bound(low * 2.0**-_STEP_BITS)[0]
    return low if gain > _LEAST_GAIN else 0


def _profile(values: Array, axis: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return places on `axis`, one for each block that is not zero, and log2 of its largest."""
    others = tuple(d for d in range(values.ndim) if d != axis)
    line = np.maximum(values.max(axis=others), -values.min(axis=others))
    firsts = np.arange(0, len(line), _BLOCK)
    largest = np.maximum.reduceat(line, firsts)
    there = largest > 0
    places = (firsts[there] + 0.5 * min(_BLOCK, len(line))).astype(np.float64)
    return places, np.log2(largest[there]).astype(np.float64)
