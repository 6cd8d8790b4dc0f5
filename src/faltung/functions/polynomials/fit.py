"""One polynomial through samples of each interval, and whether it follows the function."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faltung.functions import bounds, transform
from faltung.functions.bounds import UNIT, Deviation
from faltung.functions.polynomials import chebyshev
from faltung.functions.polynomials.intervals import KEPT_OFF, Intervals, Witnesses, scattered
from faltung.functions.sampling import Sampler
from faltung.functions.transform import BoolArray, FloatArray

# Interpolation is tried at these numbers of points.
POINT_COUNTS = (17, 33, 65)

# The size of the last coefficients of a resolved series, in unit roundoffs of the function's size.
_RESOLVED = 4

# Below this, values have fewer digits than 53 bits.
_UNDERFLOW = 64 * bounds.TINY

# A tail that does not fall is noise in the function itself, if it is below this part of its size.
_NOISE = 1e-10

# Points besides the nodes at which a series is tested; the last try may accept noise and has more.
_TESTS, _LAST_TESTS = 9, 48


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Series through samples: one row for each interval.

    `residual` is the largest misfit at the test points, `noise` how uncertain the samples are.
    """

    coefficients: FloatArray
    residual: FloatArray
    noise: FloatArray
    resolved: BoolArray
    scale: float

    def rows(self, which: BoolArray) -> Fit:
        """Return some of the rows."""
        return Fit(
            self.coefficients[which],
            self.residual[which],
            self.noise[which],
            self.resolved[which],
            self.scale,
        )

    def deviation(self) -> Deviation:
        """Return what the samples say of the error: tests, tail, noise and roundings."""
        count = self.coefficients.shape[1]
        tail = bounds.size(self.coefficients[:, -(count // 5 + 1) :])
        magnitude = bounds.size(self.coefficients)
        sampled = Deviation(4 * (tail + self.residual) + 16 * self.noise, self.residual)
        values = Deviation(4 * UNIT * magnitude, UNIT * magnitude)
        return sampled + bounds.interpolation(values, self.coefficients, count)


def fit(sampler: Sampler, work: Intervals, count: int, seen: Witnesses) -> Fit:
    """Interpolate every interval at `count` points (one of `POINT_COUNTS`) and test the series."""
    x = np.concatenate([transform.nodes(count), _tests(count)])
    low, high = work.low[:, None], work.high[:, None]
    half = high / 2 - low / 2
    inner = np.clip(work.middle[:, None] + half * x, low, high)
    points = np.concatenate([inner, _near_ends(work)], axis=1)
    values = sampler(points)
    # Where the points lie after rounding, in the variable of the interval.
    exact = ((points - low) - (high - points)) / (high - low)
    coefficients = _through(values[:, :count], exact[:, :count])
    misfit = values[:, count:] - chebyshev.evaluate_rows(coefficients, exact[:, count:])
    residual = np.maximum(np.abs(misfit).max(axis=1), seen.misfit(work, coefficients))
    return _judged(coefficients, residual, work, max(seen.scale, float(np.abs(values).max())))


def _tests(count: int) -> FloatArray:
    """Return points in (-1, 1) that keep no step with any Chebyshev grid."""
    if count < POINT_COUNTS[-1]:
        return np.asarray(2 * scattered(_TESTS) - 1)
    # The last try may accept noise, which is often largest near an end: tests crowd there.
    return np.asarray(np.cos(np.pi * scattered(_LAST_TESTS)))


def _near_ends(work: Intervals) -> FloatArray:
    """Return points that close in on both ends, ten times nearer each time.

    They meet what bends beside an end. They keep 16 roundings off it: a break stands for a jump
    that the function itself may round to a neighbour.
    """
    width = (work.high - work.low)[:, None]
    spacing = np.spacing(np.maximum(np.abs(work.low), np.abs(work.high)))[:, None]
    distance = np.maximum(width * 10.0 ** -np.arange(1.0, 15.0), KEPT_OFF * spacing)
    distance = np.minimum(distance, width / 2)
    return np.concatenate([work.low[:, None] + distance, work.high[:, None] - distance], axis=1)


def _through(values: FloatArray, x: FloatArray) -> FloatArray:
    """Interpolate values at points that lie a little off the nodes.

    Far from zero the nodes cannot be hit: one Newton step moves each value from the point that
    was sampled to the node beside it.
    """
    raw = transform.interpolate(values)
    offset = transform.nodes(values.shape[1]) - x
    moved = values + offset * chebyshev.evaluate_rows(chebyshev.derivative(raw), x)
    return transform.interpolate(moved)


def _judged(coefficients: FloatArray, residual: FloatArray, work: Intervals, scale: float) -> Fit:
    """Decide which series are resolved.

    A function that is computed from a rounded x is uncertain by |x f'(x)| unit roundoffs; its
    coefficients cannot fall below that, and are not asked to.
    """
    size = np.abs(coefficients)
    reach = np.maximum(np.abs(work.low), np.abs(work.high))
    steepness = np.abs(chebyshev.derivative(coefficients)).max(axis=1)
    uncertain = _RESOLVED * UNIT * (scale + steepness * (2 * reach / (work.high - work.low)))
    noise = np.minimum(uncertain, _NOISE * scale) + _UNDERFLOW
    tail = size[:, -(size.shape[1] // 5 + 1) :].max(axis=1)
    smooth = (tail <= noise) & (residual <= 4 * noise)
    noisy = _is_flat(coefficients) & (tail <= _NOISE * scale) & (residual <= 64 * tail)
    return Fit(coefficients, residual, np.maximum(noise, tail), smooth | noisy, scale)


def _is_flat(coefficients: FloatArray) -> BoolArray:
    """Whether three quarters of a series look like noise: of one size, and of random signs.

    The coefficients of a kink fall like k^-2, by a factor of 9 from the second quarter to the
    fourth. Beside an end they fall more slowly, but with one sign or with alternating signs.
    """
    count = coefficients.shape[1]
    size = np.abs(coefficients)
    second = size[:, count // 4 : count // 2].max(axis=1)
    fourth = size[:, 3 * count // 4 :].max(axis=1)
    tail = np.signbit(coefficients[:, count // 4 :])
    changes = np.mean(tail[:, 1:] != tail[:, :-1], axis=1)
    flat = (second <= 4 * fourth) & (changes > 0.25) & (changes < 0.75)
    return np.asarray(flat & (count >= POINT_COUNTS[-1]))
