"""Chebyshev series on [-1, 1]: evaluation, restriction, derivative and integral.

Every piece of a function is a Chebyshev series in the variable that runs from -1 to 1 over it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from faltung import _core
from faltung.functions.transform import FloatArray, IndexArray, interpolate, nodes

# The highest degree of a piece. Longer series are cut into more pieces.
MAXIMAL_DEGREE = 64

# Series with a larger coefficient are evaluated scaled down.
_LARGE = 2.0**1000


def clenshaw(
    coefficients: FloatArray, x: FloatArray, index: IndexArray | None = None
) -> FloatArray:
    """Evaluate Chebyshev series by Clenshaw's recurrence.

    Parameters
    ----------
    coefficients
        Shape (length, ...): one series for each entry of the trailing axes.
    x
        Points in [-1, 1]; its shape and the trailing axes broadcast.
    index
        Which series belongs to each point, if there is one trailing axis of other length.
    """
    if coefficients.size and np.abs(coefficients).max() > _LARGE:
        # The recurrence grows by less than 65^2 on the way, also where the sum does not.
        return np.ldexp(clenshaw(np.ldexp(coefficients, -13), x, index), 13)
    shape = x.shape if index is not None else np.broadcast_shapes(coefficients.shape[1:], x.shape)
    newest, newer, older = np.empty(shape), np.zeros(shape), np.zeros(shape)
    twice = 2 * x
    for k in range(len(coefficients) - 1, -1, -1):
        np.multiply(twice if k else x, newer, out=newest)
        newest -= older
        newest += coefficients[k] if index is None else coefficients[k].take(index)
        newest, newer, older = older, newest, newer
    return newer


def evaluate_rows(coefficients: FloatArray, x: FloatArray) -> FloatArray:
    """Evaluate row r of `coefficients` (rows, length) at row r of `x` (rows, points)."""
    room = 13 if coefficients.size and np.abs(coefficients).max() > _LARGE else 0
    series = np.ascontiguousarray(np.ldexp(coefficients, -room) if room else coefficients)
    values = np.array(x, order="C")
    _core.sum_rows(series, values, 0)
    return np.ldexp(values, room) if room else values


def restrict(
    coefficients: FloatArray, centre: FloatArray, ratio: FloatArray, count: int
) -> FloatArray:
    """Return series on parts of [-1, 1]: row r on ``centre[r] + ratio[r] * [-1, 1]``.

    `count` coefficients come back for each row; they are exact if `count` is at least the length.
    """
    x = centre[:, None] + ratio[:, None] * nodes(count)
    return interpolate(evaluate_rows(coefficients, np.clip(x, -1, 1)))


def reversed_series(coefficients: FloatArray) -> FloatArray:
    """Return the series of x -> p(-x) (last axis), exactly."""
    return coefficients * np.where(np.arange(coefficients.shape[-1]) % 2, -1.0, 1.0)


def antiderivative(coefficients: FloatArray) -> FloatArray:
    """Return the series (last axis) whose derivative is the given one and that is 0 at -1."""
    length = coefficients.shape[-1]
    padded = np.concatenate([coefficients, np.zeros((*coefficients.shape[:-1], 2))], axis=-1)
    integral = np.zeros((*coefficients.shape[:-1], length + 1))
    # integral of T_k = T_{k+1} / (2k+2) - T_{k-1} / (2k-2); T_0 counts twice for k = 1.
    k = np.arange(1, length + 1)
    before = padded[..., :length].copy()
    before[..., 0] *= 2
    integral[..., 1:] = (before - padded[..., 2 : length + 2]) / (2 * k)
    signs = np.where(k % 2, 1.0, -1.0)
    integral[..., 0] = integral[..., 1:] @ signs
    return integral


def derivative(coefficients: FloatArray) -> FloatArray:
    """Return the derivative of series (last axis), one coefficient shorter (at least one)."""
    length = coefficients.shape[-1]
    result = np.zeros((*coefficients.shape[:-1], length + 1))
    for k in range(length - 1, 0, -1):
        result[..., k - 1] = result[..., k + 1] + 2 * k * coefficients[..., k]
    result[..., 0] *= 0.5
    return result[..., : max(length - 1, 1)]


@lru_cache(maxsize=256)
def integration_weights(length: int) -> FloatArray:
    """Return the integrals of T_0, T_1, … over [-1, 1]: 2 / (1 - k^2) for even k, else 0."""
    k = np.arange(length, dtype=np.float64)
    weights = np.zeros(length)
    weights[::2] = 2 / (1 - k[::2] ** 2)
    weights.setflags(write=False)
    return weights
