"""NaN and infinity reach exactly the entries that they reach in a direct sum."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import faltung as ft
from faltung.arrays.nonfinite import is_finite
from tests import reference
from tests.arrays import strategies as draws

SPECIAL = st.sampled_from([0.0, -0.0, 1.0, -2.0, 3.5, np.nan, np.inf, -np.inf])


def plain_sum(a, v, mode, boundary, fill_value):
    """One sum for each output, in floats, over what exists: no term where nothing is outside."""
    start, size = reference.range_of_mode(mode, len(a), len(v))
    result = np.zeros(size)
    with np.errstate(invalid="ignore"):
        for i in range(size):
            for k in range(len(v)):
                index = reference.position_to_index(boundary, i + start - k, len(a))
                if index is not None:
                    result[i] += a[index] * v[k]
                elif boundary == "constant":
                    result[i] += fill_value * v[k]
    return result


@settings(max_examples=150)
@given(st.data())
def test_every_method_marks_what_a_plain_sum_marks(data):
    a = data.draw(hnp.arrays(np.float64, st.integers(1, 12), elements=SPECIAL))
    v = data.draw(hnp.arrays(np.float64, st.integers(1, 12), elements=SPECIAL))
    mode = data.draw(st.sampled_from(["full", "same", "valid"]))
    boundary = data.draw(st.sampled_from(draws.BOUNDARIES)) if mode == "same" else "zero"
    fill_value = data.draw(SPECIAL) if boundary == "constant" else 0.0
    expected = plain_sum(a, v, mode, boundary, fill_value)
    for method in draws.METHODS:
        result = ft.convolve(
            a, v, mode=mode, boundary=boundary, fill_value=fill_value, method=method
        )
        np.testing.assert_array_equal(np.isnan(result), np.isnan(expected))
        np.testing.assert_allclose(result, expected, atol=1e-13)


@pytest.mark.parametrize("method", draws.METHODS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_nan_in_a_long_signal_spoils_only_its_window(method, dtype, instruction_set):
    rng = np.random.default_rng(0)
    a, v = rng.normal(size=10_001).astype(dtype), rng.normal(size=100).astype(dtype)
    expected = ft.convolve(a, v, method=method)
    a[5000] = np.nan
    result = ft.convolve(a, v, method=method)
    assert (np.flatnonzero(np.isnan(result)) == np.arange(5000, 5100)).all()
    kept = ~np.isnan(result)
    np.testing.assert_allclose(
        result[kept], expected[kept], atol=1e-4 if dtype == np.float32 else 1e-12
    )


@pytest.mark.parametrize("method", draws.METHODS)
def test_one_nan_in_a_picture_spoils_only_its_window(method):
    picture = np.ones((60, 70, 3), np.float32)
    picture[20, 30, 1] = np.nan
    result = ft.convolve(picture, np.ones((13, 13)), axes=(0, 1), mode="same", method=method)
    rows, columns, channels = np.nonzero(np.isnan(result))
    assert {*rows} == set(range(14, 27))
    assert {*columns} == set(range(24, 37))
    assert {*channels} == {1}


@pytest.mark.parametrize("method", draws.METHODS)
def test_a_value_outside_too_large_for_its_type_is_infinite(method):
    result = ft.convolve(
        np.ones(6, np.float32), np.ones(3, np.float32), mode="same", boundary="constant",
        fill_value=1e39, method=method,
    )  # fmt: skip
    np.testing.assert_allclose(result, [np.inf, 3, 3, 3, 3, np.inf], rtol=1e-6)


def test_a_finite_overflow_is_infinite_not_nan():
    with np.errstate(over="ignore"):
        for method in draws.METHODS:
            result = ft.convolve(np.full(8, 1e308), np.full(8, 2.0), method=method)
            assert (result == np.inf).sum() == 15


@pytest.mark.parametrize("number", [0.0, np.nan, -np.inf])
def test_one_number_that_stands_for_all_is_looked_at_once(number):
    """All 1e12 of them would take minutes."""
    operand = np.broadcast_to(np.array(number), (10**6, 10**6))
    assert is_finite(operand) == np.isfinite(number)
