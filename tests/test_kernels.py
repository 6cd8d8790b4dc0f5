from __future__ import annotations

import math
import re
from typing import Any

import mpmath
import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given
from hypothesis import strategies as st

from faltung import kernels
from faltung.errors import OptionError

EPS = float(np.finfo(float).eps)


def convolve_reference(a: np.ndarray[Any, Any], v: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Every output of h[i] = sum of a[i - k] v[k] that needs nothing beyond the ends of `a`."""
    shape = tuple(n - k + 1 for n, k in zip(a.shape, v.shape, strict=True))
    result = np.zeros(shape)
    for k in np.ndindex(v.shape):
        start = [width - 1 - index for width, index in zip(v.shape, k, strict=True)]
        result += v[k] * a[tuple(slice(s, s + n) for s, n in zip(start, shape, strict=True))]
    return result


@given(st.floats(0.05, 40), st.floats(1, 8))
def test_gaussian_against_exact_samples(sigma: float, truncate: float) -> None:
    kernel = kernels.gaussian(sigma, dimensions=1, truncate=truncate)
    radius = int(truncate * sigma + 0.5)
    assert kernel.shape == (2 * radius + 1,)
    with mpmath.workdps(40):
        weights = [
            mpmath.exp(-(mpmath.mpf(x) ** 2) / (2 * mpmath.mpf(sigma) ** 2))
            for x in range(-radius, radius + 1)
        ]
        total = mpmath.fsum(weights)
        exact = np.array([float(weight / total) for weight in weights])
    # The exponent is rounded a few times, and its error is multiplied by its size.
    exponent = 0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2
    assert np.all(np.abs(kernel - exact) <= (4 * exponent + 2 * radius + 8) * EPS * exact)


@given(st.floats(0.3, 30), st.floats(1, 6))
def test_gaussian_truncated_mass_is_within_the_bound(sigma: float, truncate: float) -> None:
    radius = int(truncate * sigma + 0.5)
    x = np.arange(radius + 1, radius + 1 + int(12 * sigma) + 12)
    beyond = 2 * math.fsum(np.exp(-0.5 * (x / sigma) ** 2))
    within = math.fsum(np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2))
    assert beyond / (beyond + within) <= math.erfc(truncate / math.sqrt(2)) * (1 + 1e-12)


@pytest.mark.parametrize("sigma", [0.0, 0.1, 0.7, 3, (1, 2), (0, 2.5), (0.5, 1, 2)])
def test_gaussian_is_that_of_ndimage(sigma: float | tuple[float, ...]) -> None:
    kernel = kernels.gaussian(sigma)
    point = np.zeros(kernel.shape)
    point[tuple(n // 2 for n in kernel.shape)] = 1.0
    expected = scipy.ndimage.gaussian_filter(point, sigma, mode="constant")
    np.testing.assert_allclose(kernel, expected, rtol=1e-13, atol=1e-18)


def test_every_kernel_has_two_axes_unless_told_otherwise() -> None:
    named = [
        kernels.gaussian(1),
        kernels.box(3),
        kernels.sobel(0),
        kernels.laplacian(),
        kernels.sharpen(),
        kernels.emboss(),
        kernels.identity(),
    ]
    assert [kernel.ndim for kernel in named] == [2] * 7
    assert {kernel.dtype for kernel in named} == {np.dtype(np.float64)}
    assert kernels.gaussian((1, 1, 1)).shape == (9, 9, 9)
    assert kernels.box((2, 3, 4)).shape == (2, 3, 4)


@given(st.integers(1, 3), st.floats(0.1, 4), st.integers(1, 6))
def test_sums(dimensions: int, sigma: float, size: int) -> None:
    ones = [
        kernels.gaussian(sigma, dimensions=dimensions),
        kernels.box(size, dimensions=dimensions),
        kernels.sharpen(sigma, dimensions=dimensions),
        kernels.identity(dimensions=dimensions),
        kernels.emboss(),
    ]
    for kernel in ones:
        # Each factor's sum is off by a few roundings, one for each axis.
        allowed = 8 * dimensions * EPS * max(1.0, float(np.abs(kernel).sum()))
        assert abs(math.fsum(kernel.ravel()) - 1.0) <= allowed
    assert kernels.laplacian(dimensions=dimensions).sum() == 0.0
    assert all(kernels.sobel(a, dimensions=dimensions).sum() == 0.0 for a in range(dimensions))


@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_sobel_measures_the_slope_with_its_sign(dimensions: int) -> None:
    for axis in range(dimensions):
        ramp = np.indices((6,) * dimensions)[axis].astype(float)
        slope = convolve_reference(ramp, kernels.sobel(axis, dimensions=dimensions))
        assert np.all(slope == 2.0 * 4.0 ** (dimensions - 1))
        for across in set(range(dimensions)) - {axis}:
            kernel = kernels.sobel(across, dimensions=dimensions)
            assert np.all(convolve_reference(ramp, kernel) == 0.0)
    negative, positive = (kernels.sobel(a, dimensions=dimensions) for a in (-1, dimensions - 1))
    assert np.array_equal(negative, positive)


@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_laplacian_of_squares(dimensions: int) -> None:
    squares = (np.indices((5,) * dimensions).astype(float) ** 2).sum(axis=0)
    result = convolve_reference(squares, kernels.laplacian(dimensions=dimensions))
    assert np.all(result == 2.0 * dimensions)


def test_sharpen_with_amount_zero_is_the_identity() -> None:
    expected = np.zeros((3, 3))
    expected[1, 1] = 1.0
    sharp = kernels.sharpen(0)
    assert np.array_equal(sharp, expected)
    assert not np.signbit(sharp).any()


def test_emboss_is_darker_where_the_slope_faces_away() -> None:
    rows, columns = np.indices((5, 5)).astype(float)
    falling = -(rows + columns)
    result = convolve_reference(falling, kernels.emboss())
    assert np.all(result < falling[1:-1, 1:-1])


def wrong(value: Any) -> Any:
    """Let a value of a wrong type past the type checker."""
    return value


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kernels.gaussian(-1), "sigma=-1.0: write a number of samples"),
        (lambda: kernels.gaussian(math.nan), "sigma=nan"),
        (lambda: kernels.gaussian(math.inf), "sigma=inf"),
        (lambda: kernels.gaussian(wrong("wide")), "sigma='wide' is not a number"),
        (lambda: kernels.gaussian(1, truncate=0.5), "truncate=0.5"),
        (
            lambda: kernels.gaussian(1e6),
            "gaussian would have 6.4e+13 entries, more than 100,000,000",
        ),
        (lambda: kernels.gaussian((1, 2), dimensions=2), "leave out dimensions="),
        (lambda: kernels.gaussian(1, dimensions=0), "dimensions=0"),
        (lambda: kernels.gaussian(()), "sigma=(): write one number, or one for each axis"),
        (lambda: kernels.gaussian(wrong([[1, 2], [3, 4]])), "sigma=[[1, 2], [3, 4]]: write one"),
        (lambda: kernels.box(wrong([[1], [2, 3]])), "size=[[1], [2, 3]]: write one number"),
        (lambda: kernels.box(0), "size=0.0: write a whole number"),
        (lambda: kernels.box(wrong(2.5)), "size=2.5"),
        (lambda: kernels.box(10**9), "more than 100,000,000"),
        (lambda: kernels.sobel(2), "axis=2: write a whole number from -2 to 1"),
        (lambda: kernels.sobel(True), "axis=True"),
        (lambda: kernels.sharpen(-1), "amount=-1"),
        (lambda: kernels.emboss(dimensions=3), "a relief has 2 axes"),
        (lambda: kernels.identity(dimensions=99), "dimensions=99"),
    ],
)
def test_errors_name_value_and_rule(call: Any, message: str) -> None:
    with pytest.raises(OptionError, match=re.escape(message)):
        call()
