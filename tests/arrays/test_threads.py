"""Calls from many Python threads at once, and calls with many threads of their own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import faltung as ft

rng = np.random.default_rng(11)

PROBLEMS = [
    ((100,), (5,), {}),
    ((5000,), (700,), {"mode": "same"}),
    ((300_000,), (31,), {}),
    ((90, 80), (7, 5), {"mode": "same", "boundary": "mirror"}),
    ((200, 300), (60, 50), {"mode": "valid"}),
    ((30, 20, 25), (5, 3, 4), {"mode": "same", "boundary": "wrap"}),
]


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32"])
def test_many_python_threads_at_once(dtype):
    tasks = []
    for shape, taps, options in PROBLEMS:
        a, v = (rng.normal(scale=100, size=size).astype(dtype) for size in (shape, taps))
        tasks.append((a, v, options, ft.convolve(a, v, **options)))

    def work(number):
        a, v, options, expected = tasks[number % len(tasks)]
        return np.array_equal(ft.convolve(a, v, **options), expected)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(60 * len(tasks))))


@pytest.mark.parametrize("method", ["direct", "fft"])
@pytest.mark.parametrize(("shape", "taps", "options"), PROBLEMS)
def test_the_same_bits_for_any_number_of_threads(shape, taps, options, method, instruction_set):
    a, v = rng.normal(size=shape), rng.normal(size=taps)
    one = ft.convolve(a, v, method=method, threads=1, **options)
    for threads in (2, 3, 5, 16):
        many = ft.convolve(a, v, method=method, threads=threads, **options)
        np.testing.assert_array_equal(many, one)
