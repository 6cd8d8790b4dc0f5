"""Estimates lie within a factor of 100 of the true error in the median; norms are norms."""

from __future__ import annotations

import numpy as np
import pytest

import faltung as ft
from tests import reference


def exact_entries(a, v, positions):
    """Entries of the full convolution, as Fractions."""
    a, v = reference.exact(a), reference.exact(v)
    return np.array(
        [
            sum(a[i - k] * v[k] for k in range(max(0, i - len(a) + 1), min(i, len(v) - 1) + 1))
            for i in positions
        ],
        dtype=object,
    )


@pytest.mark.parametrize("method", ["direct", "fft"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("law", ["normal", "uniform", "decaying"])
def test_estimate_and_bound_bracket_the_error(method, dtype, law):
    rng = np.random.default_rng(0)
    ratios = []
    for n, k in [(50, 5), (400, 30), (1000, 300), (3000, 1500), (20_000, 64)]:
        a, v = rng.normal(size=n), rng.normal(size=k)
        if law == "uniform":
            a, v = np.abs(a), np.abs(v)
        if law == "decaying":
            a, v = a * np.exp(-np.arange(n) / 20), v * np.exp(-np.arange(k) / 20)
        a, v = a.astype(dtype), v.astype(dtype)
        plan = ft.plan(v, n, dtype=dtype, method=method)
        positions = np.unique(np.linspace(0, n + k - 2, 60).astype(int))
        error = reference.largest_error(plan(a)[positions], exact_entries(a, v, positions))
        assert error <= plan.error_bound(a)
        assert plan.error_estimate(a) <= plan.error_bound(a)
        ratios.append(plan.error_estimate(a) / error)
    assert 0.01 <= np.median(ratios) <= 100, ratios


def test_bound_of_a_repeating_boundary_counts_every_copy():
    a, v = np.array([1.0, 2.0]), np.ones(9)
    plan = ft.plan(v, 2, mode="same", boundary="wrap")
    continued = np.array([a[i % 2] for i in range(-4, 6)])
    expected = plan.error_factor * reference.norm(v) * reference.norm(continued)
    assert plan.error_bound(a) == pytest.approx(expected, rel=1e-12)
    constant = ft.plan(v, 2, mode="same", boundary="constant", fill_value=5.0)
    assert constant.error_bound(a) >= plan.error_factor * 3 * np.hypot(
        reference.norm(a), 5 * 8**0.5
    )


def test_bound_survives_the_ends_of_the_number_range():
    a = np.full(100, 1e300)
    assert np.isfinite(ft.plan(np.full(3, 1e-10), 100).error_bound(a))
    assert ft.plan(np.full(3, 1e20), 100).error_bound(a) == np.inf
    plan = ft.plan(np.full(3, 1e-310), 100, method="direct")
    exact = reference.convolve(a[:9], np.full(3, 1e-310))
    error = reference.largest_error(ft.convolve(a[:9], np.full(3, 1e-310)), exact)
    assert 0 < error <= plan.error_bound(a)


def test_the_smallest_float16_numbers_are_within_the_bound():
    a, v = np.full(4, 3e-4, np.float16), np.full(3, 7e-4, np.float16)
    for method in ("direct", "fft"):
        plan = ft.plan(v, 4, dtype=np.float16, method=method)
        error = reference.largest_error(plan(a), reference.convolve(a, v))
        assert 0 < error <= plan.error_bound(a)


@pytest.mark.parametrize("method", ["direct", "fft"])
def test_bound_holds_for_a_batch_and_for_boundaries_on_named_axes(method):
    rng = np.random.default_rng(2)
    a, v = rng.normal(size=(3, 20)), rng.normal(size=(3, 5))
    plan = ft.plan(v, a.shape, axes=1, method=method)
    for line, kernel, result in zip(a, v, plan(a), strict=True):
        assert reference.largest_error(
            result, reference.convolve(line, kernel)
        ) <= plan.error_bound(a)
    named = {"mode": "same", "axes": (1, 0), "boundary": ("wrap", "edge"), "method": method}
    plan = ft.plan(v, a.shape, **named)
    exact = reference.convolve(a, v, "same", ("edge", "wrap"))
    assert reference.largest_error(plan(a), exact) <= plan.error_bound(a)


def test_the_bound_of_the_direct_sum_is_nearly_reached():
    # Every product but one is just below half a unit in the last place of the running sum.
    a = np.full(800, np.sqrt(np.float32(2.0**-24)) * np.float32(0.999), np.float32)
    v = a.copy()
    a[0], v[-1] = 1, 1
    plan = ft.plan(v, 800, dtype=np.float32, mode="valid", method="direct")
    error = reference.largest_error(plan(a), reference.convolve(a, v, "valid"))
    assert plan.error_bound(a) / 3 < error <= plan.error_bound(a)


def test_norms_of_a_picture_with_channels():
    rng = np.random.default_rng(1)
    a, v = rng.normal(size=(12, 13, 3)), rng.normal(size=(3, 3))
    plan = ft.plan(v, a.shape, axes=(0, 1), method="direct")
    whole = plan.error_factor * reference.norm(v) * reference.norm(a)
    assert plan.error_bound(a) == pytest.approx(whole, rel=1e-12)


def test_a_large_number_that_no_sum_reads_hides_no_small_ones():
    a = np.array([1.1e-170, 1e200])
    plan = ft.plan([1.1e100], 2, stride=2, method="direct")
    error = reference.largest_error(plan(a), reference.convolve(a, [1.1e100], stride=2))
    assert 0 < error <= plan.error_bound(a) < 1e-80


def test_a_fill_value_that_no_sum_reads_scales_a_transform():
    a, v = np.arange(1, 37) * 1.23 * 2.0**-1060, np.array([1.1 * 2.0**1020])
    plan = ft.plan(v, 36, mode="same", boundary="constant", fill_value=1.5, method="fft")
    error = reference.largest_error(plan(a), reference.convolve(a, v, mode="same"))
    assert error <= plan.error_bound(a)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_the_bound_of_an_entry_that_overflows_is_infinite(dtype):
    largest = np.finfo(dtype).max
    a = np.array([1, 0, largest], dtype)
    plan = ft.plan(np.array([1, 2], dtype), 3, dtype=dtype, accuracy="elementwise")
    bounds = np.asarray(plan.error_bound(a))
    np.testing.assert_array_equal(plan(a), np.array([1, 2, largest, np.inf], dtype))
    assert np.isfinite(bounds[:2]).all()
    assert np.isinf(bounds[3])
