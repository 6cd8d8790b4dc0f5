"""Axes, broadcasting, memory layouts, and the array that the result is written to."""

from __future__ import annotations

import numpy as np
import pytest

import faltung as ft

METHODS = ["direct", "fft"]
rng = np.random.default_rng(3)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("channels", [1, 2, 3, 4, 17, 70])
def test_channels_are_convolved_one_by_one(method, channels, instruction_set):
    picture, kernel = rng.normal(size=(40, 50, channels)), rng.normal(size=(3, 5))
    for options in ({"mode": "full"}, {"mode": "same", "boundary": "mirror"}, {"mode": "valid"}):
        result = ft.convolve(picture, kernel, axes=(0, 1), method=method, **options)
        each = [ft.convolve(picture[..., c], kernel, **options) for c in range(channels)]
        np.testing.assert_allclose(result, np.stack(each, axis=-1), atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_one_axis_of_three(method, axis):
    a, v = rng.normal(size=(6, 7, 8)), rng.normal(size=4)
    result = ft.convolve(a, v, axes=axis, method=method)
    expected = np.apply_along_axis(np.convolve, axis, a, v)
    np.testing.assert_allclose(result, expected, atol=1e-13)


@pytest.mark.parametrize("method", METHODS)
def test_boundaries_belong_to_the_axes_in_the_order_they_are_named(method):
    a, v = rng.normal(size=(6, 7, 3)), rng.normal(size=(3, 4, 1))
    named = ft.convolve(a, v, mode="same", axes=(1, 0), boundary=("wrap", "edge"), method=method)
    sorted_ = ft.convolve(a, v, mode="same", axes=(0, 1), boundary=("edge", "wrap"), method=method)
    np.testing.assert_array_equal(named, sorted_)
    first = ft.convolve(a[:, :, 0], v[:, :, 0], mode="same", boundary=("edge", "wrap"))
    np.testing.assert_allclose(named[..., 0], first, atol=1e-13)


@pytest.mark.parametrize("method", METHODS)
def test_a_long_axis_that_is_passed_through(method):
    a, v = rng.normal(size=(40, 3000)), rng.normal(size=9)
    for boundary in ("zero", "mirror"):
        result = ft.convolve(a, v, axes=0, mode="same", boundary=boundary, method=method)
        expected = ft.convolve(a.T.copy(), v, axes=1, mode="same", boundary=boundary)
        np.testing.assert_allclose(result, expected.T, atol=1e-12)


def test_lines_of_very_different_size_do_not_disturb_each_other():
    a = np.array([[1e-30] * 8, [1e30] * 8], np.float32)
    v = np.ones(3, np.float32)
    direct, transformed = (ft.convolve(a, v, axes=1, method=method) for method in METHODS)
    np.testing.assert_allclose(transformed, direct, rtol=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_fields_of_records_and_unaligned_numbers_are_read_and_written(method):
    records = np.zeros(10, [("a", "i4"), ("b", "f8")])
    records["b"] = np.arange(10.0)
    expected = np.convolve(np.arange(10.0), [1.0, 1.0])
    np.testing.assert_allclose(
        ft.convolve(records["b"], [1.0, 1.0], method=method), expected, atol=1e-13
    )
    out = np.zeros(11, [("a", "i4"), ("b", "f8")])
    ft.convolve(records["b"], [1.0, 1.0], method=method, out=out["b"])
    np.testing.assert_allclose(out["b"], expected, atol=1e-13)
    unaligned = np.frombuffer(b"?" + np.arange(10.0).tobytes(), offset=1)
    np.testing.assert_allclose(
        ft.convolve(unaligned, [1.0, 1.0], method=method), expected, atol=1e-13
    )


@pytest.mark.parametrize("method", METHODS)
def test_a_batch_of_lines_has_a_kernel_for_each(method):
    a, v = rng.normal(size=(5, 30)), rng.normal(size=(5, 4))
    result = ft.convolve(a, v, axes=1, method=method)
    np.testing.assert_allclose(
        result, [np.convolve(x, y) for x, y in zip(a, v, strict=True)], atol=1e-13
    )


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("first", "second"), [((1, 30), (5, 4)), ((5, 4), (1, 30)), ((3, 1, 9), (1, 2, 3))]
)
def test_operands_are_broadcast_over_the_other_axes(method, first, second):
    a, v = rng.normal(size=first), rng.normal(size=second)
    result = ft.convolve(a, v, axes=-1, method=method)
    lines = np.broadcast_shapes(first[:-1], second[:-1])
    pairs = zip(
        np.broadcast_to(a, lines + first[-1:]).reshape(-1, first[-1]),
        np.broadcast_to(v, lines + second[-1:]).reshape(-1, second[-1]),
        strict=True,
    )
    expected = np.array([np.convolve(x, y) for x, y in pairs]).reshape(result.shape)
    np.testing.assert_allclose(result, expected, atol=1e-13)


@pytest.mark.parametrize("method", METHODS)
def test_memory_layouts_do_not_change_the_result(method):
    a, v = rng.normal(size=(30, 41, 3)), rng.normal(size=(3, 4, 2))
    expected = ft.convolve(a, v, method=method)
    for layout in (
        np.asfortranarray(a),
        a[::-1, :, ::-1].copy()[::-1, :, ::-1],
        np.repeat(a, 2, axis=1)[:, ::2],
        a.transpose(2, 0, 1).copy().transpose(1, 2, 0),
        np.broadcast_to(a, a.shape),
        a.astype(a.dtype.newbyteorder()),
    ):
        np.testing.assert_allclose(ft.convolve(layout, v, method=method), expected, atol=1e-12)


def test_operands_are_not_changed():
    a, v = rng.normal(size=(20, 20)), rng.normal(size=(3, 3))
    before = a.copy(), v.copy()
    for method in METHODS:
        ft.convolve(a, v, method=method)
    np.testing.assert_array_equal(a, before[0])
    np.testing.assert_array_equal(v, before[1])


@pytest.mark.parametrize("method", METHODS)
def test_out_is_filled_and_returned(method):
    a, v = rng.normal(size=(20, 21)), rng.normal(size=(3, 4))
    for out in (np.empty((20, 21)), np.empty((21, 20)).T, np.empty((40, 42))[::2, ::-2]):
        assert ft.convolve(a, v, mode="same", method=method, out=out) is out
        np.testing.assert_allclose(out, ft.convolve(a, v, mode="same"), atol=1e-13)


@pytest.mark.parametrize("method", METHODS)
def test_out_may_be_the_operand_itself(method):
    a, v = rng.normal(size=1000), rng.normal(size=7)
    expected = ft.convolve(a, v, mode="same")
    ft.convolve(a, v, mode="same", method=method, out=a)
    np.testing.assert_allclose(a, expected, atol=1e-13)


def test_fortran_order_in_is_fortran_order_out():
    a = np.asfortranarray(rng.normal(size=(20, 21)))
    assert ft.convolve(a, np.ones((3, 3))).flags.f_contiguous
    assert ft.convolve(np.ones((5, 4)), np.ones((2, 4)), axes=0).flags.c_contiguous


@pytest.mark.parametrize("method", METHODS)
def test_correlate_is_the_sum_of_products_at_each_lag(method):
    a, v = rng.normal(size=12), rng.normal(size=5)
    for mode in ("full", "valid"):
        np.testing.assert_allclose(
            ft.correlate(a, v, mode=mode, method=method), np.correlate(a, v, mode), atol=1e-14
        )
    picture, kernel = rng.normal(size=(9, 8, 3)), rng.normal(size=(3, 2))
    result = ft.correlate(picture, kernel, axes=(0, 1), mode="valid", method=method)
    windows = np.lib.stride_tricks.sliding_window_view(picture, (3, 2), axis=(0, 1))
    np.testing.assert_allclose(result, (windows * kernel).sum(axis=(-1, -2)), atol=1e-13)


@pytest.mark.parametrize("boundary", ["zero", "wrap"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128, np.int64])
def test_more_axes_than_lists_hold_in_place(dtype, boundary):
    random = np.random.default_rng(7)
    a = random.integers(-9, 10, (2, 3, 2, 3, 2, 2, 3)).astype(dtype)
    v = random.integers(-9, 10, (2, 2, 1, 2, 2, 1, 2)).astype(dtype)
    result = ft.convolve(a, v, mode="same", boundary=boundary, method="direct")
    expected = np.zeros(a.shape, dtype)
    for index in np.ndindex(*v.shape):
        # "same" begins at (k - 1) // 2, which is 0 for one tap and for two.
        moved = np.roll(a, index, range(a.ndim))
        if boundary == "zero":
            for axis, steps in enumerate(index):
                np.moveaxis(moved, axis, 0)[:steps] = 0
        expected += moved * v[index]
    assert np.array_equal(result, expected)
