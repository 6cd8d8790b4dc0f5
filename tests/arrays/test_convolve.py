"""Results against exact rational arithmetic, for every method, boundary and instruction set."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import faltung as ft
from tests import reference
from tests.arrays import strategies as draws

pytestmark = pytest.mark.usefixtures("instruction_set")


def within_bound(a, v, method, options):
    result = ft.convolve(a, v, method=method, **options)
    plan = ft.plan(v, a.shape, dtype=a.dtype, method=method, **options)
    exact = reference.convolve(a, v, **options)
    assert result.shape == exact.shape
    assert result.dtype == a.dtype
    error, bound = reference.largest_error(result, exact), plan.error_bound(a)
    assert error <= bound
    return error, bound


@settings(max_examples=60)
@given(st.data())
def test_every_method_is_within_its_bound(instruction_set, data):
    a, v = data.draw(draws.operands())
    options = data.draw(draws.options(a, v))
    method = data.draw(st.sampled_from(draws.METHODS))
    within_bound(a, v, method, options)


@pytest.mark.parametrize("boundary", draws.BOUNDARIES)
@pytest.mark.parametrize("method", draws.METHODS)
@pytest.mark.parametrize(("n", "k"), [(1, 1), (1, 6), (2, 9), (3, 3), (40, 4), (5, 40), (300, 7)])
def test_boundaries_also_for_kernels_longer_than_the_array(boundary, method, n, k):
    rng = np.random.default_rng(n * 100 + k)
    a, v = rng.normal(size=n), rng.normal(size=k)
    options = {"mode": "same", "boundary": boundary}
    if boundary == "constant":
        options["fill_value"] = 2.5
    within_bound(a, v, method, options)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("taps", [1, 2, 31, 64, 65, 127, 255, 256, 511, 1024, 1025, 2100])
def test_lengths_around_every_tile_border(dtype, taps):
    rng = np.random.default_rng(taps)
    v = rng.integers(-8, 9, size=taps).astype(dtype)
    for n in (1, 7, 8, 15, 16, 17, 63, 64, 65, 319, 320, 321, 16384, 16385):
        # Whole numbers this small have no rounding error at all, in any order of summation.
        a = rng.integers(-8, 9, size=n).astype(dtype)
        np.testing.assert_array_equal(
            ft.convolve(a, v, method="direct"), np.convolve(a.astype(int), v.astype(int))
        )


@pytest.mark.parametrize("shape", [(33, 70), (100, 3), (3, 100), (17, 2100), (6, 7, 40)])
@pytest.mark.parametrize("kernel", [(3, 3), (1, 9), (9, 1), (5, 17), (20, 20)])
@pytest.mark.parametrize("boundary", draws.BOUNDARIES)
def test_pictures_and_volumes_of_whole_numbers_have_no_error(shape, kernel, boundary):
    rng = np.random.default_rng(len(shape))
    kernel = (2,) * (len(shape) - 2) + kernel
    a = rng.integers(-9, 10, size=shape).astype(float)
    v = rng.integers(-9, 10, size=kernel).astype(float)
    direct = ft.convolve(a, v, mode="same", boundary=boundary, method="direct")
    transformed = ft.convolve(a, v, mode="same", boundary=boundary, method="fft")
    np.testing.assert_array_equal(direct, np.rint(transformed))
    np.testing.assert_allclose(transformed, direct, atol=1e-8)
    if len(shape) == 2:
        i, j = 1, min(2, shape[1] - 1)
        window = [
            reference.position_to_index(boundary, i + (kernel[0] - 1) // 2 - p, shape[0])
            for p in range(kernel[0])
        ]
        columns = [
            reference.position_to_index(boundary, j + (kernel[1] - 1) // 2 - q, shape[1])
            for q in range(kernel[1])
        ]
        total = sum(
            v[p, q] * a[r, c]
            for p, r in enumerate(window)
            for q, c in enumerate(columns)
            if r is not None and c is not None
        )
        assert direct[i, j] == total


@pytest.mark.parametrize("method", draws.METHODS)
def test_numpy_is_matched_in_every_mode(method):
    rng = np.random.default_rng(0)
    for n, k in [(10, 3), (10, 4), (3, 10), (4, 10), (7, 7), (1, 1), (2, 1)]:
        a, v = rng.normal(size=n), rng.normal(size=k)
        for mode in ("full", "valid"):
            np.testing.assert_allclose(
                ft.convolve(a, v, mode=mode, method=method), np.convolve(a, v, mode), atol=1e-14
            )
        if n >= k:
            np.testing.assert_allclose(
                ft.convolve(a, v, mode="same", method=method), np.convolve(a, v, "same"), atol=1e-14
            )
        # NumPy takes the longer operand's length, we the first one's.
        assert ft.convolve(a, v, mode="same", method=method).shape == (n,)


def test_fast_methods_survive_the_ends_of_the_number_range():
    huge, tiny = np.full(50, 1e300), np.full(20, 1e-300)
    for method in draws.METHODS:
        np.testing.assert_allclose(
            ft.convolve(huge, tiny, mode="valid", method=method), 20.0, rtol=1e-13
        )
        assert (ft.convolve(huge, huge, mode="valid", method=method) == np.inf).all()
        np.testing.assert_array_equal(ft.convolve(np.zeros(9), huge, method=method), 0)


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_the_mode_may_stand_third_as_in_numpy_and_scipy(mode):
    a, v = np.random.default_rng(9).normal(size=(2, 20))
    v = v[:5]
    for one, other in ((a, v), (a.tolist(), v.tolist()), (a, v.astype("f4"))):
        assert np.array_equal(ft.convolve(one, other, mode), ft.convolve(one, other, mode=mode))
        assert np.array_equal(ft.correlate(one, other, mode), ft.correlate(one, other, mode=mode))
    np.testing.assert_allclose(ft.convolve(a, v, mode), np.convolve(a, v, mode))
    np.testing.assert_allclose(ft.correlate(a, v, mode), np.correlate(a, v, mode))
    assert np.array_equal(ft.arrays.convolve(a, v, mode), ft.convolve(a, v, mode))
