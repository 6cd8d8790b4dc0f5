"""The core's convolution of single pieces of every form, against quadrature in more digits."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from faltung import _core
from faltung.functions.bounds import Deviation
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.spans import Form


def single(form, anchor, side, near, far, tilt, coefficients):
    """A chain of one piece."""
    one = [np.array([float(number)]) for number in (anchor, side, near, far, tilt, far)]
    anchors, sides, nearest, farthest, tilts, references = one
    return Chain(
        np.array([form], dtype=np.uint8),
        anchors,
        sides,
        nearest,
        farthest,
        tilts,
        references,
        np.array([coefficients], dtype=float),
        Deviation.zero(1),
    )


Wide = np.longdouble

# Panels from both ends of the overlap, halved down to where no pole has any area left.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(40)
_DEPTH = 1500


def value(chain, distance):
    """The piece at distances from its anchor, in extended precision."""
    form, near, far, tilt = (
        Wide(each[0]) for each in (chain.forms, chain.near, chain.far, chain.tilts)
    )
    if form == Form.LOGARITHMIC:
        x = 2 * np.log(distance / near) / np.log(far / near) - 1
    else:
        x = (2 * distance - near - far) / (far - near)
    total = np.polynomial.chebyshev.chebval(x, chain.coefficients[0].astype(Wide))
    if form == Form.EXPONENTIAL:
        return total * np.exp(tilt * (distance - far))
    return total * (distance / far) ** tilt if form >= Form.POWER else total


def ends(chain):
    anchor, side = Wide(chain.anchors[0]), int(chain.sides[0])
    return sorted([anchor + side * Wide(chain.near[0]), anchor + side * Wide(chain.far[0])])


def reference(f, g, t):
    """The integral of f(s) g(t - s) by Gauss rules on panels that halve towards both ends."""
    (a, b), (c, d), t = ends(f), ends(g), Wide(t)
    low, high = max(a, t - d), min(b, t - c)
    if low >= high:
        return Wide(0)
    half = (high - low) / 2
    edges = half * np.exp2(-np.arange(_DEPTH, dtype=Wide))
    width = edges / 2
    away = (edges[:, None] / 2) + width[:, None] * (1 + _NODES.astype(Wide)) / 2
    weights = width[:, None] / 2 * _WEIGHTS.astype(Wide)
    total = Wide(0)
    for from_low in (True, False):
        # Distances from the ends of both pieces, each the sum of what is positive.
        s_a = (low - a) + away if from_low else (high - a) - away
        s_b = (b - low) - away if from_low else (b - high) + away
        y_c = (t - c - low) - away if from_low else (t - c - high) + away
        y_d = (low - (t - d)) + away if from_low else (high - (t - d)) - away
        of_f = value(f, Wide(f.near[0]) + (s_a if f.sides[0] > 0 else s_b))
        of_g = value(g, Wide(g.near[0]) + (y_c if g.sides[0] > 0 else y_d))
        total += (of_f * of_g * weights).sum()
    return total


def at(f, g, t):
    results = np.empty((1, 4))
    _core.convolve_at(f.core, g.core, np.array([[t, 0.0, 0.0]]), results, 1)
    return results[0]


def random_piece(rng, form, near_zero):
    """A piece at random; with poles only where they are integrable."""
    near = 0.0 if near_zero and form != Form.LOGARITHMIC else float(rng.uniform(0.01, 1))
    tilt = {Form.PLAIN: 0, Form.EXPONENTIAL: rng.uniform(-30, 30)}.get(form, rng.uniform(-0.8, 2.5))
    coefficients = (
        rng.normal(size=rng.integers(1, 20)) * 0.7 ** np.arange(20)[: rng.integers(1, 20)][0]
    )
    coefficients *= 0.6 ** np.arange(len(coefficients))
    anchor, far = rng.uniform(-2, 2), near + rng.uniform(0.5, 4)
    return single(form, anchor, rng.choice([-1, 1]), near, far, float(tilt), coefficients)


@pytest.mark.parametrize(("form_f", "form_g"), list(itertools.product(Form, Form)))
@pytest.mark.parametrize("near_zero", [True, False])
def test_two_pieces(form_f, form_g, near_zero):
    rng = np.random.default_rng(int(10 * form_f + form_g + 100 * near_zero))
    for _ in range(2):
        f, g = random_piece(rng, form_f, near_zero), random_piece(rng, form_g, near_zero)
        low, high = float(f.low[0] + g.low[0]), float(f.high[0] + g.high[0])
        for part in (0.03, 0.4, 0.85):
            t = low + part * (high - low)
            value, magnitude, bound, estimate = at(f, g, t)
            true = reference(f, g, t)
            assert abs(value - true) <= bound + 1e-16 * magnitude
            assert abs(value - true) <= 3e-14 * magnitude
            assert estimate <= bound <= 1e-11 * magnitude


def test_outside_and_at_the_ends():
    f = single(Form.PLAIN, 0, 1, 0, 1, 0, [1.0])
    for t in (-1.0, 0.0, 2.0, 3.0):
        assert at(f, f, t)[0] == 0
    assert at(f, f, 1.0)[0] == 1


def test_two_poles_at_one_place_diverge():
    f = single(Form.POWER, 0, 1, 0, 1, -0.5, [1.0])
    g = single(Form.POWER, 0, -1, 0, 1, -0.5, [1.0])
    assert at(f, g, 0.0)[0] == np.inf
    # A little beside it, to full precision: 2 asinh(t^(-1/2)) over [t, 1].
    for t in (1e-3, 1e-100):
        exact = 2 * np.arcsinh(np.sqrt((1 - t) / t))
        assert at(f, g, t)[0] == pytest.approx(exact, rel=1e-14)


def test_a_chain_takes_what_fits_together():
    with pytest.raises(ValueError, match="ten numbers"):
        _core.Chain(
            np.zeros(1, np.uint8), np.zeros((2, 10)), np.zeros((1, 1)), np.ones(1, np.int64)
        )
    with pytest.raises(ValueError, match="form"):
        _core.Chain(
            np.full(1, 4, np.uint8), np.zeros((1, 10)), np.zeros((1, 1)), np.ones(1, np.int64)
        )
    with pytest.raises(ValueError, match="coefficient"):
        _core.Chain(
            np.zeros(1, np.uint8), np.zeros((1, 10)), np.zeros((1, 1)), np.zeros(1, np.int64)
        )
