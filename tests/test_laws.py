"""The laws of convolution, on arrays of wild values: what holds exactly is tested exactly, and
everything else within the bounds that the plans state."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import faltung as ft
from tests.arrays import strategies as draws

METHODS = st.sampled_from(draws.METHODS)


@st.composite
def vectors(draw, count):
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    lengths = [draw(st.integers(1, 40)) for _ in range(count)]
    return [draw(hnp.arrays(dtype, n, elements=draws.floats(dtype, 20))) for n in lengths]


def magnitude(*operands):
    """The product of the 1-norms: no entry of a convolution of the operands exceeds it."""
    return float(np.prod([np.abs(x.astype(float)).sum() for x in operands]))


def tolerance(method, *operands):
    """The bound of a chain of convolutions, with room for the roundings of its parts."""
    length = sum(len(x) for x in operands)
    dtype = operands[0].dtype
    factor = ft.plan(np.ones(length, dtype), length, dtype=dtype, method=method).error_factor
    return 4 * len(operands) * factor * magnitude(*operands)


def close(left, right, limit):
    return np.abs(left.astype(float) - right.astype(float)).max() <= limit


@given(vectors(2), METHODS)
def test_commutes(operands, method):
    a, b = operands
    left, right = ft.convolve(a, b, method=method), ft.convolve(b, a, method=method)
    assert close(left, right, tolerance(method, a, b))


@given(vectors(3), METHODS)
def test_associates(operands, method):
    a, b, c = operands
    left = ft.convolve(ft.convolve(a, b, method=method), c, method=method)
    right = ft.convolve(a, ft.convolve(b, c, method=method), method=method)
    assert close(left, right, tolerance(method, a, b, c))


@given(vectors(2), METHODS)
def test_distributes_over_sums(operands, method):
    a, b = operands
    c = b[::-1] * b.dtype.type(0.75)
    left = ft.convolve(a, b + c, method=method)
    right = ft.convolve(a, b, method=method) + ft.convolve(a, c, method=method)
    assert close(left, right, 2 * tolerance(method, a, b))


@given(vectors(1))
def test_one_is_the_identity_exactly(operands):
    (a,) = operands
    np.testing.assert_array_equal(ft.convolve(a, np.ones(1, a.dtype), method="direct"), a)


@given(vectors(1), st.integers(0, 30), METHODS)
def test_a_shifted_one_shifts(operands, shift, method):
    (a,) = operands
    one = np.zeros(shift + 1, a.dtype)
    one[shift] = 1
    expected = np.concatenate([np.zeros(shift, a.dtype), a])
    assert close(ft.convolve(a, one, method=method), expected, tolerance(method, a, one))


@given(vectors(2), st.integers(-40, 40), METHODS)
def test_scaling_by_a_power_of_two_is_exact(operands, power, method):
    a, b = operands
    scale = a.dtype.type(2.0**power)
    left = ft.convolve(a * scale, b, method=method)
    np.testing.assert_array_equal(left, ft.convolve(a, b, method=method) * scale)


@given(vectors(2), METHODS)
def test_the_sum_of_the_result_is_the_product_of_the_sums(operands, method):
    a, b = (x.astype(np.float64) for x in operands)
    total = ft.convolve(a, b, method=method).sum()
    limit = (len(a) + len(b)) * tolerance(method, a, b) + 1e-13 * magnitude(a, b)
    assert abs(total - a.sum() * b.sum()) <= limit


@pytest.mark.parametrize("boundary", draws.BOUNDARIES)
@given(data=st.data())
def test_correlation_is_the_adjoint_of_convolution(boundary, data):
    """<a * v, y> = <a, A' y>, the matrix of the map built column by column from unit vectors."""
    n = data.draw(st.integers(1, 12))
    v = data.draw(hnp.arrays(np.float64, st.integers(1, 15), elements=draws.floats(np.float64, 5)))
    a, y = (
        data.draw(hnp.arrays(np.float64, n, elements=draws.floats(np.float64, 5))) for _ in "ay"
    )
    options = {"mode": "same", "boundary": boundary}
    columns = np.array([ft.convolve(unit, v, **options) for unit in np.eye(n)]).T
    left, right = ft.convolve(a, v, **options) @ y, a @ (columns.T @ y)
    limit = 1e-12 * np.abs(v).sum() * n * (1 + np.abs(a).sum()) * (1 + np.abs(y).sum())
    assert abs(left - right) <= limit
    if boundary == "zero":
        start = len(v) - 1 - (len(v) - 1) // 2
        adjoint = ft.correlate(y, v)[start : start + n]
        assert abs(a @ adjoint - left) <= limit


@given(vectors(2), METHODS)
def test_correlation_is_convolution_with_the_reversed_kernel(operands, method):
    a, v = operands
    np.testing.assert_array_equal(
        ft.correlate(a, v, method=method), ft.convolve(a, v[::-1].copy(), method=method)
    )


@given(vectors(2), METHODS)
def test_a_separable_kernel_may_be_applied_axis_by_axis(operands, method):
    rows, columns = (x.astype(np.float64) for x in operands)
    picture = np.arange(30.0).reshape(5, 6)
    whole = ft.convolve(picture, np.outer(rows, columns), method=method)
    apart = ft.convolve(picture, rows, axes=0, method=method)
    apart = ft.convolve(apart, columns, axes=1, method=method)
    assert close(whole, apart, tolerance(method, rows, columns, picture.ravel()))
