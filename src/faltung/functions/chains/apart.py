"""How far the pieces of a positive chain are off: in parts of themselves, and as an area."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from faltung.functions import bounds
from faltung.functions.bounds import UNIT, Deviation
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.spans import Form
from faltung.functions.transform import BoolArray, FloatArray

# Points of a piece for each of its coefficients.
_POINTS = 16

# Values have some roundings beside their seams.
_ROUNDED = 8 * UNIT

# For the roundings of the values and of the bounds themselves.
_MORE = 1 + 1e-6


def relative_deviations(chain: Chain) -> Deviation:
    """Return the deviation of each piece divided by its least value, infinite if that may be <= 0."""
    least = _least_values(chain.coefficients)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        bound, estimate = (
            np.where(least > 0, _MORE * off / least, np.inf)
            for off in (chain.deviation.bound, chain.deviation.estimate)
        )
    return Deviation(bound, estimate)


def areas(chain: Chain) -> FloatArray:
    """Return the integral of the weight over each piece, infinite where it diverges."""
    near, far, tilt, reference = chain.near, chain.far, chain.tilts, chain.references
    with np.errstate(all="ignore"):
        # of e^(t (d - r)): e^(t (far - r)) times (1 - e^-w) / t with w = t (far - near)
        width = tilt * (far - near)
        part = np.where(width == 0, 1.0, -np.expm1(-width) / width)
        exponential = np.exp(tilt * (far - reference)) * (far - near) * part
        # of (d / r)^t = e^(t v), r dv e^v with v = log(d / r)
        first, last = np.log(near / reference), np.log(far / reference)
        rise = (tilt + 1) * (last - first)
        share = np.where(rise == 0, 1.0, -np.expm1(-rise) / rise)
        whole = np.exp((tilt + 1) * last) * reference
        power = np.where(near > 0, whole * (last - first) * share, whole / (tilt + 1))
        power = np.where((near > 0) | (tilt > -1), power, np.inf)
    area = np.where(chain.forms >= Form.POWER, power, exponential)
    return np.asarray(_MORE * np.where(np.isnan(area), np.inf, area))


def without_deviation(chain: Chain, rows: BoolArray, more: float) -> Chain:
    """Return the chain as if some pieces were exact, apart from seams; the others are off by `more`.

    The estimate tells how well a convolution with it can be resolved: a seam leaves a kink there.
    """
    own = chain.deviation
    seen = 2 * _seams(chain) + _ROUNDED * bounds.size(chain.coefficients)
    estimate = np.where(rows, np.fmin(own.estimate, seen), own.estimate)
    return replace(chain, deviation=Deviation(np.where(rows, 0.0, more * own.bound), estimate))


def _seams(chain: Chain) -> FloatArray:
    """Return by how much each piece misses its neighbours, in units of its weight there."""
    forward = chain.sides > 0
    first = chain.coefficients @ (-1.0) ** np.arange(chain.coefficients.shape[1])
    ends = (
        (first, chain.weights(chain.near)),
        (chain.coefficients.sum(axis=1), chain.weights(chain.far)),
    )
    (left, left_weight), (right, right_weight) = (
        [np.where(forward, one, other) for one, other in zip(*pair, strict=True)]
        for pair in (ends, ends[::-1])
    )
    with np.errstate(all="ignore"):
        apart = np.abs(right[:-1] * right_weight[:-1] - left[1:] * left_weight[1:])
        apart = np.where(chain.high[:-1] == chain.low[1:], apart, 0.0)
        before = np.append(0.0, apart) / left_weight
        behind = np.append(apart, 0.0) / right_weight
    return np.asarray(np.fmax(before, behind))


def _least_values(coefficients: FloatArray) -> FloatArray:
    """Return a lower bound on each polynomial over [-1, 1].

    With x = cos(s) between two points that are h apart, the polynomial is at most h^2 / 8 times its
    largest second derivative by s below the chord, and that is at most the sum of k^2 |c_k|.
    """
    k = np.arange(coefficients.shape[1])
    points = np.linspace(0, np.pi, _POINTS * len(k) + 1)
    values = coefficients @ np.cos(np.outer(k, points))
    bend = np.abs(coefficients) @ (k.astype(np.float64) ** 2)
    step = points[1]
    return np.asarray(values.min(axis=1) - _MORE * step * step / 8 * bend)
