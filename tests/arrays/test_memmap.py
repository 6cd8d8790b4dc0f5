"""Arrays in files are read in place."""

from __future__ import annotations

import tracemalloc

import numpy as np

import faltung as ft


def test_a_memmap_is_read_in_place(tmp_path):
    values = np.random.default_rng(0).normal(size=500_000)
    values.tofile(tmp_path / "values")
    mapped = np.memmap(tmp_path / "values", np.float64, "r")
    ft.convolve(mapped[:9], np.ones(5), mode="same", method="direct")  # what is made once
    tracemalloc.start()
    result = ft.convolve(mapped, np.ones(5), mode="same", method="direct")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    np.testing.assert_array_equal(
        result, ft.convolve(values, np.ones(5), mode="same", method="direct")
    )
    # NumPy counts its arrays there: the result, and no copy of the operand.
    assert values.nbytes <= peak < 1.5 * values.nbytes
