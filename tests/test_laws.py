"""The laws of convolution, on arrays of wild values: what holds exactly is tested exactly, and
everything else within the bounds that the plans state."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import faltung as ft
from tests import reference
from tests.arrays import strategies as draws

METHODS = st.sampled_from(draws.METHODS)


@st.composite
def vectors(draw, count):
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    lengths = [draw(st.integers(1, 40)) for _ in range(count)]
    return [draw(hnp.arrays(dtype, n, elements=draws.floats(dtype, 20))) for n in lengths]


def error_bound(a, v, method):
    """The published bound of one convolution."""
    return ft.plan(v, a.shape, dtype=a.dtype, method=method).error_bound(a)


def norm_of_all(*operands):
    """At least the 2-norm of the convolution of the operands: Young's inequality."""
    first, *others = (x.astype(float) for x in operands)
    return np.linalg.norm(first) * float(np.prod([np.abs(x).sum() for x in others]))


def chain_bound(method, a, b, c):
    """The bound of ``(a * b) * c``: the last convolution's, and the first one's carried through it."""
    inner = error_bound(a, b, method)
    ones = np.ones(1, a.dtype)
    factor = ft.plan(
        np.ones_like(c), len(a) + len(b) - 1, dtype=a.dtype, method=method
    ).error_factor
    outer = factor * (norm_of_all(a, b) + inner * len(a)) * np.linalg.norm(c.astype(float))
    return outer + inner * np.abs(c.astype(float)).sum() + error_bound(ones, ones, method)


def close(left, right, limit):
    return np.abs(left.astype(float) - right.astype(float)).max() <= limit


@given(vectors(2), METHODS)
def test_commutes(operands, method):
    """Padded to one length the operands are not swapped inside, so the sums run the other way."""
    a, b = operands
    length = max(len(a), len(b))
    left = ft.convolve(a, b, method=method)
    right = ft.convolve(
        np.pad(b, (0, length - len(b))), np.pad(a, (0, length - len(a))), method=method
    )
    limit = error_bound(a, b, method) + error_bound(
        np.pad(a, (0, length)), np.pad(b, (0, length)), method
    )
    assert close(np.pad(left, (0, len(right) - len(left))), right, limit)


@given(vectors(3), METHODS)
def test_associates(operands, method):
    a, b, c = operands
    left = ft.convolve(ft.convolve(a, b, method=method), c, method=method)
    right = ft.convolve(a, ft.convolve(b, c, method=method), method=method)
    assert close(left, right, chain_bound(method, a, b, c) + chain_bound(method, b, c, a))


@given(vectors(2), METHODS)
def test_distributes_over_sums(operands, method):
    a, b = operands
    c = b[::-1] * b.dtype.type(0.75)
    left = ft.convolve(a, b + c, method=method)
    right = ft.convolve(a, b, method=method) + ft.convolve(a, c, method=method)
    # The sums of the operands and of the results are rounded too.
    rounding = np.finfo(a.dtype).eps * np.linalg.norm(a.astype(float))
    rounding *= np.linalg.norm(b.astype(float)) + np.linalg.norm(c.astype(float))
    limit = error_bound(a, b + c, method) + error_bound(a, b, method) + error_bound(a, c, method)
    assert close(left, right, limit + 2 * rounding)


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
    assert close(ft.convolve(a, one, method=method), expected, error_bound(a, one, method))


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
    limit = (len(a) + len(b)) * error_bound(a, b, method)
    limit += 1e-13 * np.abs(a).sum() * np.abs(b).sum()
    assert abs(total - a.sum() * b.sum()) <= limit


@pytest.mark.parametrize("boundary", draws.BOUNDARIES)
@given(data=st.data())
def test_the_adjoint_scatters_to_where_the_convolution_read(boundary, data):
    """<a * v, y> = <a, A' y>, with A' built from the map of positions to indices alone."""
    n = data.draw(st.integers(1, 12))
    v = data.draw(hnp.arrays(np.float64, st.integers(1, 15), elements=draws.floats(np.float64, 5)))
    a, y = (
        data.draw(hnp.arrays(np.float64, n, elements=draws.floats(np.float64, 5))) for _ in "ay"
    )
    scattered = np.zeros(n)
    for i in range(n):
        for k in range(len(v)):
            position = i + (len(v) - 1) // 2 - k
            index = reference.position_to_index(boundary, position, n)
            if index is not None:
                scattered[index] += v[k] * y[i]
    left = ft.convolve(a, v, mode="same", boundary=boundary) @ y
    limit = 1e-13 * np.abs(v).sum() * n * (1 + np.abs(a).sum()) * (1 + np.abs(y).sum())
    assert abs(left - a @ scattered) <= limit
    if boundary == "zero":
        start = len(v) - 1 - (len(v) - 1) // 2
        assert abs(a @ ft.correlate(y, v)[start : start + n] - left) <= limit


@given(vectors(2), METHODS)
def test_correlation_sums_products_at_each_lag(operands, method):
    a, v = (x.astype(np.float64) for x in operands)
    limit = 2 * error_bound(a, v, method)
    assert close(ft.correlate(a, v, method=method), np.correlate(a, v, "full"), limit)


@given(vectors(2), METHODS)
def test_a_separable_kernel_may_be_applied_axis_by_axis(operands, method):
    rows, columns = (x.astype(np.float64) for x in operands)
    picture = np.arange(30.0).reshape(5, 6)
    whole = ft.convolve(picture, np.outer(rows, columns), method=method)
    apart = ft.convolve(picture, rows, axes=0, method=method)
    apart = ft.convolve(apart, columns, axes=1, method=method)
    kernel = np.outer(rows, columns)
    limit = 3 * ft.plan(kernel, picture.shape, method=method).error_factor
    limit *= np.abs(kernel).sum() * np.linalg.norm(picture)
    assert close(whole, apart, limit)
