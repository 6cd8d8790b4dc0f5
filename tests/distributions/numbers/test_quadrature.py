"""Adaptive integration: its tables, smooth and broken integrands, and what it refuses."""

from __future__ import annotations

import math

import numpy as np
import pytest

from faltung.distributions.numbers.quadrature import GAUSS, KRONROD, NODES, integrate
from faltung.errors import ResolutionError


def test_the_rules_are_exact_for_polynomials():
    for degree in range(0, 31, 2):
        assert KRONROD @ NODES**degree == pytest.approx(2 / (degree + 1), rel=1e-14)
        if degree < 20:
            assert GAUSS @ NODES**degree == pytest.approx(2 / (degree + 1), rel=1e-14)
    nodes, weights = np.polynomial.legendre.leggauss(10)
    assert NODES[1::2] == pytest.approx(nodes, rel=1e-14)
    assert GAUSS[1::2] == pytest.approx(weights, rel=1e-13)
    assert (np.diff(NODES) > 0).all()


@pytest.mark.parametrize(
    ("function", "ends", "true"),
    [
        (np.exp, (0, 1), math.e - 1),
        (lambda x: np.cos(30 * x), (0, 2), math.sin(60) / 30),
        (lambda x: 1 / (1e-6 + x * x), (-1, 1), 2 * math.atan(1e3) * 1e3),
        (np.sqrt, (0, 1), 2 / 3),
        (lambda x: (x > 1 / 3) * 1.0, (0, 1), 2 / 3),
        (lambda x: np.exp(-x), (0, 700), 1.0),
    ],
    ids=["exp", "cos", "peak", "root", "step", "tail"],
)
def test_integrals(function, ends, true):
    assert integrate(function, np.array(ends, dtype=float)) == pytest.approx(true, rel=2e-12)


def test_what_is_not_resolved_is_refused():
    with pytest.raises(ResolutionError, match="not finite at 0"), np.errstate(divide="ignore"):
        integrate(lambda x: 1 / x, np.array([-1.0, 1.0]))
    noise = np.random.default_rng(1)
    with pytest.raises(ResolutionError, match="is known to"):
        integrate(lambda x: noise.random(len(x)), np.array([0.0, 1.0]))
