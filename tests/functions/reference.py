"""Slow and obvious: piecewise polynomials and their convolution in 50 digits."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import mpmath as mp
import numpy as np

DIGITS = 50


def value(function, x):
    """The value of a Function's polynomials at an mpf, without its rounding."""
    breaks, coefficients = function.breaks, function.coefficients
    if not breaks[0] <= x <= breaks[-1]:
        return mp.mpf(0)
    index = max(i for i in range(len(coefficients)) if breaks[i] <= x)
    return piece_value(function, index, x)


def piece_value(function, index, x):
    """The value of one polynomial, at any x, by the definition of T_k."""
    low, high = (mp.mpf(float(end)) for end in function.breaks[index : index + 2])
    y = ((x - low) - (high - x)) / (high - low)
    before, now, total = mp.mpf(1), y, mp.mpf(0)
    for k, coefficient in enumerate(function.coefficients[index].tolist()):
        if k == 0:
            total += coefficient
        else:
            total += coefficient * now
            before, now = now, 2 * y * now - before
    return total


@lru_cache(maxsize=64)
def gauss(count):
    """Gauss-Legendre nodes and weights in 50 digits, by Newton's method."""
    with mp.workdps(DIGITS + 10):
        nodes, weights = [], []
        for start in np.polynomial.legendre.leggauss(count)[0].tolist():
            x = mp.mpf(start)
            for _ in range(7):
                below, now = mp.mpf(1), x
                for k in range(1, count):
                    below, now = now, ((2 * k + 1) * x * now - k * below) / (k + 1)
                slope = count * (x * now - below) / (x * x - 1)
                x -= now / slope
            nodes.append(x)
            weights.append(2 / ((1 - x * x) * slope * slope))
    return nodes, weights


def convolution(f, g, t):
    """f * g at t: Gauss quadrature between all breaks of s -> f(s) g(t - s), which is exact."""
    with mp.workdps(DIGITS):
        t = mp.mpf(float(t))
        cuts = {mp.mpf(float(b)) for b in f.breaks} | {t - mp.mpf(float(b)) for b in g.breaks}
        low = max(mp.mpf(float(f.breaks[0])), t - mp.mpf(float(g.breaks[-1])))
        high = min(mp.mpf(float(f.breaks[-1])), t - mp.mpf(float(g.breaks[0])))
        edges = sorted(cut for cut in cuts if low <= cut <= high)
        nodes, weights = gauss((f.degree + g.degree) // 2 + 1)
        total = mp.mpf(0)
        for start, stop in pairwise(edges):
            middle, half = (start + stop) / 2, (stop - start) / 2
            for node, weight in zip(nodes, weights, strict=True):
                s = middle + half * node
                total += weight * half * value(f, s) * value(g, t - s)
        return total


def largest_error(function, truth, points):
    """The largest distance of a Function's values from `truth`, which takes and returns mpf."""
    with mp.workdps(DIGITS):
        values = function(np.asarray(points, dtype=float))
        return max(
            float(abs(mp.mpf(float(value)) - truth(mp.mpf(float(x)))))
            for x, value in zip(points, values, strict=True)
        )


def points_of(function, count):
    """Points over the domain, in no step with the breaks, and each break and its neighbours."""
    low, high = function.domain
    spread = low + (high - low) * (np.arange(1, count + 1) * 0.6180339887498949 % 1.0)
    return np.clip(np.concatenate([spread, function.breaks]), low, high)
