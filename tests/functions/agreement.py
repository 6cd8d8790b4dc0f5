"""When two functions are one, for all that they say of themselves; and how a period is written."""

from __future__ import annotations

import numpy as np

from faltung.functions import Function

INF = np.inf
TURN = 2 * np.pi


def assert_equal(f, g, low=-5.0, high=7.0):
    """Two functions agree within what both say of themselves."""
    t = np.linspace(low, high, 181)
    breaks = np.concatenate([f.breaks, g.breaks])
    t = t[np.abs(t[:, None] - breaks).min(axis=1, initial=1.0) > 1e-9]
    far = np.abs(f(t) - g(t))
    assert (far <= f.error_bound + g.error_bound).all(), far.max()
    for one, other in zip(f.deltas, g.deltas, strict=True):
        assert (one.exact, one.order) == (other.exact, other.order)
        assert abs(one.weight - other.weight) <= one.bound + other.bound


def periodic(call, low=0.0, high=TURN):
    return Function(call, (low, high), periodic=True)
