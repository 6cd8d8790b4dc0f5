"""Large integers by transforms of slices: exact, whatever their size and signs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import faltung as ft
from faltung.arrays import convolve, slices
from tests import reference


@given(st.data(), st.integers(1, 61))
def test_sums_of_slices_are_exact(instruction_set, data, bits):
    """Operands of so many bits together that every sum of at most 40 products fits."""
    first = data.draw(st.integers(0, min(bits, 57)))
    second = min(57 - first, bits)
    a, v = (
        np.array(data.draw(st.lists(st.integers(-(2**b), 2**b), min_size=1, max_size=40)), np.int64)
        for b in (first, max(second, 0))
    )
    result = convolve(a, v, method="fft")
    np.testing.assert_array_equal(result.astype(object), reference.convolve(a, v))


@pytest.mark.parametrize("boundary", ["constant", "wrap", "mirror"])
def test_boundaries_of_sliced_integers(boundary):
    rng = np.random.default_rng(1)
    a, v = rng.integers(-(2**27), 2**27, (9, 8)), rng.integers(-(2**27), 2**27, (3, 4))
    options = {"mode": "same", "boundary": boundary}
    options |= {"fill_value": 12_345_678} if boundary == "constant" else {}
    np.testing.assert_array_equal(
        convolve(a, v, method="fft", **options), convolve(a, v, method="direct", **options)
    )


def test_long_lines_of_large_integers():
    rng = np.random.default_rng(2)
    a, v = rng.integers(-(2**25), 2**25, 5000), rng.integers(-(2**25), 2**25, 4000)
    assert ft.plan(v, 5000, dtype=np.int64).method == "fft"
    result = ft.convolve(a, v)
    np.testing.assert_array_equal(result, convolve(a, v, method="direct"))
    np.testing.assert_array_equal(
        ft.convolve(a.astype(np.uint64) % 2**25, v.astype(np.uint64) % 2**25),
        convolve(a.astype(np.uint64) % 2**25, v.astype(np.uint64) % 2**25, method="direct"),
    )


@given(st.lists(st.integers(-(2**61), 2**61), min_size=1), st.integers(2, 6))
def test_digits_make_the_number(values, count):
    bits = -(-63 // count)
    digits = slices._digits(np.array(values), count, bits)
    assert all(np.abs(digit).max() <= 2.0 ** (bits - 1) + 1 for digit in digits)
    for i, value in enumerate(values):
        assert sum(int(d[i]) << (bits * k) for k, d in enumerate(digits)) == value
