"""The way of short lines gives what the general way gives, and leaves the rest to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import faltung as ft
from faltung import _core
from faltung.arrays import convolve

LINES = {"shape": st.integers(1, 60), "elements": st.floats(allow_nan=True, width=32)}


@given(st.data(), st.sampled_from([np.float32, np.float64]))
def test_the_same_bits_as_the_general_way(instruction_set, data, dtype):
    a, v = (data.draw(hnp.arrays(dtype, **LINES)) for _ in range(2))
    options = data.draw(st.sampled_from([{}] + [{"mode": m} for m in ("full", "same", "valid")]))
    expected = convolve(a, v, method="direct", **options)
    result = ft.convolve(a, v, **options)
    assert result.dtype == expected.dtype
    np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("n", [1, 7, 8, 100, 2000, 2048, 30_000])
@pytest.mark.parametrize("k", [1, 2, 5, 33, 64])
def test_lengths_on_and_off_the_stack(n, k):
    rng = np.random.default_rng(n + k)
    a, v = rng.integers(-9, 9, n).astype(float), rng.integers(-9, 9, k).astype(float)
    for options in ({}, {"mode": "same"}, {"mode": "valid"}):
        result = _core.convolve_short(a, v, options)
        assert (result is not None) == (n * k <= 2**18)
        if result is not None:
            np.testing.assert_array_equal(result, convolve(a, v, method="direct", **options))


@pytest.mark.parametrize(
    ("a", "v", "options"),
    [
        (np.ones(4), np.ones(3, np.float32), {}),
        (np.ones(4, int), np.ones(3, int), {}),
        (np.ones(4, ">f8"), np.ones(3, ">f8"), {}),
        (np.ones(8)[::2], np.ones(3), {}),
        (np.ones((4, 1)), np.ones((3, 1)), {}),
        (np.ones(0), np.ones(3), {}),
        (np.ones(4), np.array([1.0, np.inf]), {}),
        (np.ones(4), np.ones(3), {"mode": "some"}),
        (np.ones(4), np.ones(3), {"boundary": "edge"}),
        (np.ones(4), np.ones(3), {"mode": "same", "boundary": "edge"}),
        (np.frombuffer(b"?" + np.ones(4).tobytes(), offset=1), np.ones(3), {}),
        ([1.0], [1.0], {}),
    ],
)
def test_everything_else_is_left_to_the_general_way(a, v, options):
    assert _core.convolve_short(a, v, options) is None


def test_a_subclass_and_a_read_only_array_are_taken():
    a = np.arange(5.0)
    a.setflags(write=False)
    np.testing.assert_array_equal(ft.convolve(a, a), np.convolve(a, a))
    masked = np.ma.masked_array([1.0, 2.0], [False, True])
    with pytest.raises(ft.errors.DtypeError, match="masked"):
        ft.convolve(masked, [1.0])
