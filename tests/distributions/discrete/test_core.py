"""The core's tilted sums, called as it is: what it refuses, and the accuracy of its bounds."""

from __future__ import annotations

import numpy as np
import pytest

from faltung._core import TiltedSum


def term(places, high, count=1, exponents=None):
    size = len(high)
    return (
        np.array(places, dtype=np.int64),
        np.array(high, dtype=np.float64),
        np.zeros(size),
        np.zeros(size, dtype=np.int32)
        if exponents is None
        else np.array(exponents, dtype=np.int32),
        count,
    )


COIN = term([0, 1], [0.5, 0.5], 1000)

BAD = {
    "no terms": ([], "at least one term"),
    "lengths": ([term([0, 1], [0.5])], "as many places as weights"),
    "count": ([term([0, 1], [0.5, 0.5], 0)], "and a count"),
    "first": ([term([1, 2], [0.5, 0.5])], "places ascend from 0"),
    "order": ([term([0, 2, 1], [0.5, 0.5, 0.5])], "places ascend from 0"),
    "zero": ([term([0, 1], [0.5, 0.0])], "mantissa is near 1"),
    "long": ([term([0, 2**40], [0.5, 0.5], 2**20)], "below 2\\^52"),
    "nan": ([term([0, 1], [0.5, np.nan])], "mantissa is near 1"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_terms(name):
    terms, message = BAD[name]
    with pytest.raises(ValueError, match=message):
        TiltedSum(terms)


def test_points_out_of_range():
    tilted = TiltedSum([COIN])
    assert tilted.first < tilted.mean == 500 < tilted.last == 1000
    for x in (tilted.first - 1, 1001):
        with pytest.raises(ValueError, match="out of range"):
            tilted.evaluate(np.array([x]), "tail", np.empty((1, 3)))
    with pytest.raises(ValueError, match="three numbers"):
        tilted.evaluate(np.array([600]), "tail", np.empty((1, 2)))


def test_bounds_are_small_and_positive():
    tilted = TiltedSum([COIN])
    results = np.empty((500, 3))
    for kind in ("single", "tail", "excess"):
        tilted.evaluate(np.arange(500, 1000), kind, results)
        assert (results[:, 2] > 0).all()
        assert results[:, 2].max() < 1e-16
        assert (np.abs(results[:, 1]) <= np.spacing(np.abs(results[:, 0]))).all()


def test_weights_below_every_float():
    """Exponents of 2 beyond the range of float64: (1, 2**-5000) ten times."""
    tilted = TiltedSum([term([0, 1], [0.5, 0.5], 10, [1, -4999])])
    results = np.empty((1, 3))
    tilted.evaluate(np.array([10]), "single", results)
    assert results[0, 0] == pytest.approx(-50_000 * np.log(2), rel=1e-15)
    tilted.evaluate(np.array([3]), "tail", results)
    assert results[0, 0] == pytest.approx(np.log(120) - 15_000 * np.log(2), rel=1e-15)
