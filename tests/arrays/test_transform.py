"""The transform at every kind of size: lines of few vectors, all radices, cut lines, n axes."""

from __future__ import annotations

import numpy as np
import pytest

import faltung as ft

pytestmark = pytest.mark.usefixtures("instruction_set")

# Vectors of complex numbers on a line: every radix at the end, and lines too long for a cache.
VECTORS = [1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 18, 20, 24, 25, 27, 30, 36, 45, 64, 90, 160]
LONG = [4096, 8192, 12288]


TYPES = [np.float32, np.float64, np.complex64, np.complex128]


def small_integers(rng, shape, dtype):
    real = rng.integers(-4, 5, size=shape)
    imaginary = rng.integers(-4, 5, size=shape) if np.dtype(dtype).kind == "c" else 0
    return (real + 1j * imaginary).astype(dtype) if np.ndim(imaginary) else real.astype(dtype)


def standard_normal(rng, shape, dtype):
    turn = 1j if np.dtype(dtype).kind == "c" else 0
    return (rng.normal(size=shape) + turn * rng.normal(size=shape)).astype(dtype)


def exact_sums(a, v):
    """The full convolution with taps few of which are not zero, in whole numbers that are exact."""
    shape = [n + k - 1 for n, k in zip(a.shape, v.shape, strict=True)]
    wide = np.complex128 if a.dtype.kind == "c" else np.int64
    total = np.zeros(shape, wide)
    for at in zip(*np.nonzero(v), strict=True):
        part = tuple(slice(i, i + n) for i, n in zip(at, a.shape, strict=True))
        total[part] += wide(v[at]) * a.astype(wide)
    return total


def check(a, v):
    result = ft.convolve(a, v, method="fft", threads=2)
    error = np.abs(result - exact_sums(a, v)).max()
    assert error <= ft.plan(v, a.shape, dtype=a.dtype, method="fft").error_bound(a)
    assert error < 0.4


@pytest.mark.parametrize("vectors", [*VECTORS, *LONG])
@pytest.mark.parametrize("dtype", TYPES)
def test_a_line_of_so_many_vectors(vectors, dtype):
    rng = np.random.default_rng(vectors)
    lanes = 64 // np.dtype(dtype).type(0).real.itemsize
    for points in {2 * vectors * lanes // part for part in (1, 2, 4)}:
        # As many taps as numbers: a line that is not cut into blocks.
        v = np.zeros(points // 2, dtype)
        v[rng.integers(0, v.size, size=12)] = small_integers(rng, 12, dtype)
        check(small_integers(rng, points - v.size + 1, dtype), v)


@pytest.mark.parametrize(
    ("shape", "taps"),
    [
        ((9, 300), (8, 3)),
        ((300, 9), (3, 8)),
        ((700, 500), (300, 200)),  # columns in groups
        ((20, 30, 40), (9, 9, 9)),
        ((90, 80, 70), (40, 50, 60)),  # more than one cache
        ((5, 4, 3, 30), (2, 3, 3, 20)),
    ],
)
@pytest.mark.parametrize("dtype", TYPES)
def test_several_axes(shape, taps, dtype):
    rng = np.random.default_rng(len(shape))
    v = np.zeros(taps, dtype)
    places = tuple(rng.integers(0, size, size=12) for size in taps)
    v[places] = small_integers(rng, 12, dtype)
    check(small_integers(rng, shape, dtype), v)


@pytest.mark.parametrize("dtype", TYPES)
def test_the_same_bits_for_any_number_of_threads(dtype):
    rng = np.random.default_rng(7)
    for shape, taps in [
        ((400_000,), (300_000,)),
        ((60_000,), (500,)),
        ((120, 80, 60), (50, 9, 30)),
    ]:
        a, v = (standard_normal(rng, size, dtype) for size in (shape, taps))
        one = ft.convolve(a, v, method="fft", threads=1)
        assert all(
            np.array_equal(one, ft.convolve(a, v, method="fft", threads=t)) for t in (2, 3, 7)
        )
