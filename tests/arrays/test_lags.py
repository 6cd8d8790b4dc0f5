"""Lags: the entries that are asked for, in their order, and the work of no others."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.signal import correlation_lags

import faltung as ft
from faltung.errors import OptionError

rng = np.random.default_rng(8)
WHOLE = st.integers(-9, 9)


def at_lag(a, v, lag):
    """The sum over all k of a[lag + k] v[k], of the entries that exist."""
    return sum(int(a[lag + k]) * int(v[k]) for k in range(len(v)) if 0 <= lag + k < len(a))


@settings(max_examples=100)
@given(st.data())
def test_entries_are_the_sums_at_their_lags_in_their_order(data):
    a, v = (data.draw(hnp.arrays(np.int64, st.integers(1, 12), elements=WHOLE)) for _ in range(2))
    # Far lags make runs of their own; beyond the ends the operands do not meet.
    lags = data.draw(st.lists(st.integers(-20, 20) | st.integers(-5000, 5000), min_size=1))
    expected = [at_lag(a, v, lag) for lag in lags]
    np.testing.assert_array_equal(ft.correlate(a, v, lags=lags), expected)
    for method in ("direct", "fft"):
        result = ft.correlate(a.astype(float), v.astype(float), lags=lags, method=method)
        np.testing.assert_allclose(result, expected, atol=1e-11)
    m = data.draw(st.integers(0, 15))
    around = [at_lag(a, v, lag) for lag in range(-m, m + 1)]
    np.testing.assert_array_equal(ft.correlate(a, v, lags=m), around)


def test_all_lags_are_those_of_scipy():
    a, v = rng.normal(size=50), rng.normal(size=20)
    lags = correlation_lags(50, 20)
    np.testing.assert_allclose(ft.correlate(a, v, lags=lags), ft.correlate(a, v), atol=1e-13)
    np.testing.assert_array_equal(
        ft.correlate(a, v, lags=lags[::-1]), ft.correlate(a, v, lags=lags)[::-1]
    )


@pytest.mark.parametrize("lags", [[-3, 7, 0], range(-2, 5), 2, [4], [0, 9000, -8000]])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_along_one_axis_of_several(axis, lags):
    a, v = rng.integers(-9, 9, (9, 10)), rng.integers(-9, 9, 4)
    result = ft.correlate(a, v, axes=axis, lags=lags)
    lines = np.moveaxis(a, axis, -1)
    each = np.stack([ft.correlate(line, v, lags=lags) for line in lines])
    np.testing.assert_array_equal(np.moveaxis(result, axis, -1), each)
    out = np.empty_like(result)
    assert ft.correlate(a, v, axes=axis, lags=lags, out=out) is out
    np.testing.assert_array_equal(out, result)
    batch = rng.integers(-9, 9, (9, 10))
    pairs = ft.correlate(a, batch, axes=1, lags=lags)
    for line, taps, found in zip(a, batch, pairs, strict=True):
        np.testing.assert_array_equal(found, ft.correlate(line, taps, lags=lags))


def test_runs_far_apart_are_computed_one_by_one():
    a = rng.normal(size=400_000)
    lags = [-300_000, 5, 6, 250_000]
    expected = [
        a[:100_000] @ a[300_000:],
        a[5:] @ a[:-5],
        a[6:] @ a[:-6],
        a[250_000:] @ a[:150_000],
    ]
    tracemalloc.start()
    result = ft.correlate(a, a, lags=lags, method="direct")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-8)
    assert peak < a.nbytes * 3 / 2  # the reversed kernel, and nothing of the size of the result


def test_an_operand_may_be_out():
    a, v = rng.normal(size=5), rng.normal(size=3)
    expected = ft.correlate(a, v, lags=[2, 0, 1, -1, 9])
    np.testing.assert_array_equal(ft.correlate(a, v, lags=[2, 0, 1, -1, 9], out=a), expected)


@pytest.mark.parametrize("lags", [-1, 1.5, [], [True], "all", [0.5], [2**70]])
def test_other_lags_are_refused(lags):
    with pytest.raises(OptionError, match="lags="):
        ft.correlate([1, 2], [3], lags=lags)


@pytest.mark.parametrize("options", [{"mode": "same"}, {"boundary": "wrap"}, {"fill_value": 1}])
def test_lags_leave_mode_and_boundary_out(options):
    with pytest.raises(
        OptionError, match="does not go with lags, beside which only axes, method, threads"
    ):
        ft.correlate([1, 2], [3], lags=1, **options)


def test_lags_go_along_one_axis():
    with pytest.raises(OptionError, match="axes=0"):
        ft.correlate(np.ones((3, 3)), np.ones((2, 2)), lags=1)
