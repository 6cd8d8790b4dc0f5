"""The kernels that have a shape of their own, against independent sums and integrals."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given, settings
from hypothesis import strategies as st

from faltung import kernels
from faltung.errors import OptionError

EPS = float(np.finfo(float).eps)


def moments(kernel):
    """Sum, first moments and second moments about the centre."""
    places = [np.arange(n) - n // 2 for n in kernel.shape]
    grids = np.meshgrid(*places, indexing="ij")
    return (
        math.fsum(kernel.ravel()),
        [math.fsum((kernel * x).ravel()) for x in grids],
        [math.fsum((kernel * x * x).ravel()) for x in grids],
    )


@given(st.integers(1, 60))
def test_binomial_is_pascals_triangle(size):
    row = [Fraction(1)]
    for _ in range(size - 1):
        row = [(x + y) / 2 for x, y in zip([Fraction(0), *row], [*row, Fraction(0)], strict=True)]
    kernel = kernels.binomial(size, dimensions=1)
    assert [float(x) for x in row] == kernel.tolist()
    if size <= 57:
        assert [Fraction(x) for x in kernel.tolist()] == row
    assert kernels.binomial((3, 4)).shape == (3, 4)


@pytest.mark.parametrize("name", ["prewitt", "scharr"])
@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_slopes(name, dimensions):
    weight = {"prewitt": 3.0, "scharr": 16.0}[name]
    for axis in range(dimensions):
        kernel = getattr(kernels, name)(axis, dimensions=dimensions)
        total, first, _ = moments(kernel)
        # Convolution reverses the kernel: a ramp along the axis gives minus the first moment.
        expected = [-2 * weight ** (dimensions - 1) if d == axis else 0 for d in range(dimensions)]
        assert total == 0
        assert first == expected
    if name == "prewitt" and dimensions == 2:
        point = np.zeros((3, 3))
        point[1, 1] = 1
        assert np.array_equal(kernels.prewitt(0), scipy.ndimage.prewitt(point, 0, mode="constant"))


@settings(max_examples=40)
@given(st.floats(0.05, 12))
def test_disk_has_the_areas(radius):
    kernel = kernels.disk(radius)
    reach = kernel.shape[0] // 2
    assert reach - 0.5 <= radius <= reach + 0.5 or reach == 0
    allowed = 40 * EPS * (2 * reach + 1) ** 2 / (math.pi * radius**2)
    assert abs(math.fsum(kernel.ravel()) - 1) <= allowed * kernel.size
    for turned in (kernel[::-1], kernel[:, ::-1], kernel.T):
        np.testing.assert_allclose(kernel, turned, rtol=0, atol=allowed)
    # Squares wholly within have the area 1.
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    within = np.hypot(abs(x) + 0.5, abs(y) + 0.5) <= radius
    np.testing.assert_allclose(kernel[within] * math.pi * radius**2, 1, rtol=1e-12)
    outside = np.hypot(np.maximum(abs(x) - 0.5, 0), np.maximum(abs(y) - 0.5, 0)) >= radius
    assert np.abs(kernel[outside]).max(initial=0) <= allowed


@pytest.mark.parametrize("radius", [0.8, 2.3, 5.0])
def test_disk_against_many_small_squares(radius):
    kernel = kernels.disk(radius)
    reach, parts = kernel.shape[0] // 2, 200
    at = (np.arange((2 * reach + 1) * parts) + 0.5) / parts - reach - 0.5
    inside = np.hypot(at[:, None], at[None, :]) <= radius
    blocks = inside.reshape(2 * reach + 1, parts, 2 * reach + 1, parts).mean(axis=(1, 3))
    np.testing.assert_allclose(kernel * math.pi * radius**2, blocks, atol=2e-3)


@settings(max_examples=60)
@given(st.floats(0, 30), st.floats(-720, 720))
def test_motion_has_the_moments_of_a_segment(length, angle):
    kernel = kernels.motion(length, angle)
    total, first, _ = moments(kernel)
    assert abs(total - 1) <= 1e-12
    assert np.abs(first).max() <= 1e-12 * (1 + length)
    assert kernel.min() >= 0
    # Hat functions of width 2 share a point out: the mixed moment is that of the segment.
    y, x = np.meshgrid(*(np.arange(n) - n // 2 for n in kernel.shape), indexing="ij")
    turned = math.radians(angle)
    mixed = -math.sin(turned) * math.cos(turned) * length**2 / 12
    assert abs((kernel * x * y).sum() - mixed) <= 1e-11 * (1 + length**2)


def test_motion_along_the_axes_and_the_diagonal():
    assert kernels.motion(0).tolist() == [[1.0]]
    np.testing.assert_allclose(kernels.motion(5, 90), kernels.motion(5).T, rtol=1e-14)
    rising = kernels.motion(6, 45)
    assert rising[0, -1] > 0 == rising[0, 0]
    np.testing.assert_allclose(rising, kernels.motion(6, 135)[:, ::-1], atol=1e-15)


@given(st.floats(0.1, 12), st.integers(1, 3))
@settings(max_examples=40)
def test_log_differentiates_squares_and_no_slopes(sigma, dimensions):
    if dimensions == 3:
        sigma = min(sigma, 3)
    kernel = kernels.log(sigma, dimensions=dimensions)
    total, first, second = moments(kernel)
    size = np.abs(kernel).sum() * (kernel.shape[0] // 2) ** 2
    assert abs(total) <= 1e-13 * np.abs(kernel).sum()
    assert np.abs(first).max() <= 1e-13 * size
    np.testing.assert_allclose(second, 2, atol=1e-12 * size + 1e-12)


def test_log_is_between_the_laplacian_and_ndimage():
    np.testing.assert_allclose(kernels.log(0.1), kernels.laplacian(), atol=1e-12)
    point = np.zeros((33, 33))
    point[16, 16] = 1
    theirs = scipy.ndimage.gaussian_laplace(point, 4, mode="constant")
    ours = kernels.log(4)
    assert np.abs(ours - theirs).max() <= 0.01 * np.abs(theirs).max()


def test_dog_is_the_difference_of_two_bells():
    kernel = kernels.dog(1.0, 1.6)
    wide = kernels.gaussian(1.6)
    narrow = kernels.gaussian(1.0, truncate=6.4)
    np.testing.assert_allclose(kernel, narrow - wide, atol=1e-8)
    assert kernel.shape == wide.shape
    assert abs(kernel.sum()) <= 1e-15
    assert kernels.dog(0.001, 1, dimensions=1)[4] > 0


@pytest.mark.parametrize("angle", [0, 30, 90, -45])
def test_gabor_answers_to_its_stripes(angle):
    kernel = kernels.gabor(6, angle)
    turned = math.radians(angle)
    y, x = np.mgrid[-12:13, -12:13]
    stripes = np.cos(2 * math.pi / 6 * (math.cos(turned) * x - math.sin(turned) * y))
    assert scipy.ndimage.convolve(stripes, kernel)[12, 12] == pytest.approx(0.5, abs=0.01)
    crossed = np.cos(2 * math.pi / 6 * (math.sin(turned) * x + math.cos(turned) * y))
    assert abs(scipy.ndimage.convolve(crossed, kernel)[12, 12]) < 0.01
    expected = math.exp(-2 * (math.pi * 3 / 6) ** 2)
    assert kernel.sum() == pytest.approx(expected, abs=1e-3)
    edge = kernels.gabor(6, angle, phase=90)
    assert abs(edge.sum()) < 1e-12
    np.testing.assert_allclose(edge, -edge[::-1, ::-1], atol=1e-15)


def wrong(value: Any) -> Any:
    """Let a value of a wrong type past the type checker."""
    return value


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kernels.binomial(0), "size=0.0: write a whole number"),
        (lambda: kernels.binomial(5000), "from 1 to 1023"),
        (lambda: kernels.scharr(2), "axis=2"),
        (lambda: kernels.prewitt(True), "axis=True"),
        (lambda: kernels.disk(0), "radius=0: write a number"),
        (lambda: kernels.disk(wrong("wide")), "radius='wide' is not a number"),
        (lambda: kernels.disk(1e6), "more than 100,000,000"),
        (lambda: kernels.motion(-1), "length=-1"),
        (lambda: kernels.motion(3, math.inf), "angle=inf"),
        (lambda: kernels.motion(1e6, 45), "motion would have"),
        (lambda: kernels.log(0.01), "sigma=0.01: write a number of samples, 0.1 or more"),
        (lambda: kernels.log(1, truncate=0.5), "truncate=0.5"),
        (lambda: kernels.dog(2, 1), "write 0 < sigma < wider"),
        (lambda: kernels.gabor(1), "wavelength=1"),
        (lambda: kernels.gabor(8, sigma=math.nan), "sigma=nan"),
    ],
)
def test_errors_name_value_and_rule(call, message):
    with pytest.raises(OptionError, match=re.escape(message)):
        call()
