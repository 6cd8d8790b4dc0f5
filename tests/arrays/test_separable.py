"""The separable method against exact arithmetic, on every instruction set."""

from __future__ import annotations

import functools
import pickle
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import faltung as ft
from faltung import _core
from faltung.errors import OptionError
from tests import reference
from tests.arrays import strategies


def outer(*lines):
    return functools.reduce(np.multiply.outer, [np.asarray(line, float) for line in lines])


@st.composite
def problems(draw):
    """An array and a kernel that is a product, of one type, and options that go together."""
    rank = draw(st.integers(2, 3))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    values = strategies.floats(dtype, 30)
    shape = draw(strategies.shapes(rank))
    a = draw(hnp.arrays(dtype, shape, elements=values, fill=st.nothing()))
    longest = {2: 7, 3: 4}[rank]
    lines = [
        draw(st.lists(st.integers(-9, 9), min_size=1, max_size=longest).filter(any))
        for _ in range(rank)
    ]
    v = outer(*lines).astype(dtype)
    options = draw(strategies.options(a, v))
    return draw(strategies.layouts(a)), v, options


@pytest.mark.usefixtures("instruction_set")
@settings(max_examples=25)
@given(problems())
def test_error_is_within_the_bound(problem):
    a, v, options = problem
    exact = reference.convolve(a, v, **options)
    if options.get("boundary", "zero") == "zero" and v.size > a.size:
        return  # the operands are exchanged, and an array is no product
    plan = ft.plan(v, a.shape, dtype=a.dtype, method="separable", **options)
    result = plan(a)
    assert result.dtype == a.dtype
    assert reference.largest_error(result, exact) <= plan.error_bound(a)


@pytest.mark.usefixtures("instruction_set")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("shape", "taps"),
    [
        ((5, 129), (3, 5)), ((67, 70), (9, 33)), ((130, 7), (2, 65)), ((7, 300), (40, 3)),
        ((1, 1), (5, 7)), ((9, 13, 21), (3, 4, 5)), ((4, 5, 6, 7), (3, 2, 3, 2)),
        ((40, 30, 3), (5, 5, 1)), ((20, 3, 40), (5, 1, 5)), ((3, 30, 3), (1, 5, 3)),
    ],
)  # fmt: skip
def test_every_tiling_agrees_with_the_direct_sum(shape, taps, dtype):
    rng = np.random.default_rng(1)
    a = rng.normal(size=shape).astype(dtype)
    v = outer(*(rng.integers(1, 9, size=n) for n in taps)).astype(dtype)
    for boundary in ("mirror", "wrap", "constant", "zero", "edge", "symmetric"):
        options = {"mode": "same", "boundary": boundary, "dtype": dtype}
        if boundary == "constant":
            options["fill_value"] = 2.5
        by_lines = ft.plan(v, shape, method="separable" if v.size <= a.size else "auto", **options)
        direct = ft.plan(v, shape, method="direct", **options)
        difference = np.abs(by_lines(a).astype(float) - direct(a)).max()
        assert difference <= by_lines.error_bound(a) + direct.error_bound(a)


@pytest.mark.usefixtures("instruction_set")
def test_bits_do_not_depend_on_threads_nor_on_the_place_in_a_tile():
    rng = np.random.default_rng(2)
    a = rng.normal(size=(311, 523)).astype(np.float32)
    v = ft.kernels.gaussian(3).astype(np.float32)
    options = {"method": "separable"}
    whole = ft.convolve(a, v, mode="valid", threads=1, **options)
    assert np.array_equal(whole, ft.convolve(a, v, mode="valid", threads=3, **options))
    for top, left in ((0, 1), (17, 3), (100, 200)):
        part = ft.convolve(a[top:, left:], v, mode="valid", **options)
        assert np.array_equal(part, whole[top:, left:])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_gaussian_is_taken_by_lines_and_its_bound_is_smaller(dtype):
    rng = np.random.default_rng(3)
    a = rng.normal(size=(900, 800)).astype(dtype)
    v = ft.kernels.gaussian(2).astype(dtype)
    plan = ft.plan(v, a.shape, dtype=dtype, mode="same", boundary="mirror")
    assert plan.method == "separable"
    direct = ft.plan(v, a.shape, dtype=dtype, mode="same", boundary="mirror", method="direct")
    assert plan.error_factor < direct.error_factor / 3
    corner, result = a[:24, :24], plan(a)
    exact = reference.convolve(corner, v, "same", "mirror")[:8, :8]
    error = reference.largest_error(result[:8, :8], exact)
    assert 0 < error <= plan.error_bound(a)
    assert "separable" in plan.explain()
    again = pickle.loads(pickle.dumps(plan))
    assert np.array_equal(again(a), result)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("law", ["normal", "positive"])
def test_the_estimate_is_near_the_error(dtype, law):
    rng = np.random.default_rng(4)
    ratios = []
    for shape, sigma in [((20, 30), 0.8), ((25, 25), 1.5), ((40, 18), 2.0)]:
        a = rng.normal(size=shape).astype(dtype)
        a = np.abs(a) if law == "positive" else a
        v = ft.kernels.gaussian(sigma).astype(dtype)
        plan = ft.plan(v, shape, dtype=dtype, mode="same", boundary="wrap", method="separable")
        exact = reference.convolve(a, v, "same", "wrap")
        error = reference.largest_error(plan(a), exact)
        assert error <= plan.error_bound(a)
        assert plan.error_estimate(a) <= plan.error_bound(a)
        ratios.append(plan.error_estimate(a) / error)
    assert 0.01 <= np.median(ratios) <= 100, ratios


@pytest.mark.parametrize("tolerance", [1e-1, 1e-3, 1e-9])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_sum_of_products_is_within_its_tolerance(tolerance, dtype):
    rng = np.random.default_rng(5)
    v = np.hypot(*np.mgrid[-3:4, -2:3]).astype(dtype)
    if dtype == np.float32:
        tolerance = max(tolerance, 1e-6)
    a = rng.normal(size=(12, 14)).astype(dtype)
    options = {"mode": "same", "boundary": "edge", "rank_tolerance": tolerance}
    plan = ft.plan(v, a.shape, dtype=dtype, method="separable", **options)
    error = reference.largest_error(plan(a), reference.convolve(a, v, "same", "edge"))
    assert 0 < error <= plan.error_bound(a)
    assert plan.error_factor <= tolerance + 1e4 * np.finfo(dtype).eps
    assert plan.error_estimate(a) <= plan.error_bound(a)


@pytest.mark.parametrize("rank_tolerance", [0.0, 1e-6])
@pytest.mark.parametrize("boundary", ["zero", "mirror", "constant"])
@given(data=st.data())
@settings(max_examples=30)
def test_what_is_not_finite_stays_where_it_belongs(rank_tolerance, boundary, data):
    values = st.sampled_from([0.0, 1.0, -2.0, np.nan, np.inf, -np.inf])
    usual = st.floats(-4, 4)
    a = data.draw(hnp.arrays(np.float64, (7, 9), elements=st.one_of(usual, usual, values)))
    v = outer([1, 0, -2], [3, 1, 0]) if not rank_tolerance else outer([1, 0], [2, 1]) + np.eye(2)
    options = {"mode": "same", "boundary": boundary}
    by_lines = ft.convolve(a, v, method="separable", rank_tolerance=rank_tolerance, **options)
    direct = ft.convolve(a, v, method="direct", **options)
    finite = np.isfinite(direct)
    assert np.array_equal(by_lines[~finite], direct[~finite], equal_nan=True)
    assert np.abs(by_lines[finite] - direct[finite]).max(initial=0) < 1e-3


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_sum_on_the_way_may_overflow(dtype):
    largest = np.finfo(dtype).max
    a = np.full((30, 40), 0.9 * largest, dtype)
    v = np.full((3, 3), 0.99 / 9, dtype)
    for rank_tolerance in (0.0, 1e-3):
        result = ft.convolve(a, v, mode="valid", method="separable", rank_tolerance=rank_tolerance)
        np.testing.assert_allclose(result, 0.891 * largest, rtol=1e-5)
    a[4, 5], a[20, 20] = np.inf, np.nan
    result = ft.convolve(a, v, mode="valid", method="separable")
    direct = ft.convolve(a, v, mode="valid", method="direct")
    assert np.array_equal(np.isnan(result), np.isnan(direct))
    assert np.array_equal(np.isinf(result), np.isinf(direct))


def test_products_below_the_smallest_number_are_within_the_bound():
    a = np.full((9, 9), 3e-40, np.float32)
    v = ft.kernels.gaussian(1).astype(np.float32)
    plan = ft.plan(v, a.shape, dtype=np.float32, mode="same", method="separable")
    error = reference.largest_error(plan(a), reference.convolve(a, v, "same"))
    assert 0 < error <= plan.error_bound(a)


def test_out_may_be_the_array_itself_or_have_any_strides():
    rng = np.random.default_rng(6)
    a = rng.normal(size=(50, 60))
    v, options = ft.kernels.gaussian(1), {"mode": "same", "method": "separable"}
    expected = ft.convolve(a, v, **options)
    wide = np.full((50, 180), 7.0)
    ft.convolve(a, v, out=wide[:, ::3], **options)
    assert np.array_equal(wide[:, ::3], expected)
    assert (wide[:, 1::3] == 7).all()
    turned = ft.convolve(np.asfortranarray(a), v, **options)
    np.testing.assert_allclose(turned, expected, rtol=1e-13, atol=1e-13)
    assert turned.flags.f_contiguous
    backwards = np.zeros_like(a)
    ft.convolve(a[::-1, ::-1], v, out=backwards[::-1, ::-1], **options)
    np.testing.assert_allclose(backwards, expected, rtol=1e-13, atol=1e-13)
    assert np.array_equal(ft.convolve(a, v, out=a, **options), expected)


@pytest.mark.usefixtures("instruction_set")
@pytest.mark.parametrize("columns", [1, 5, 16, 30, 64, 77])
def test_the_core_adds_to_what_is_there(columns):
    rng = np.random.default_rng(7)
    a = rng.normal(size=(13, columns))
    lines, first = [np.array([1.0, 2.0]), np.array([1.0, -1.0, 4.0])], [0, -1]
    arguments = (first, [_core.Boundary.wrap] * 2, [(1, 1)] * 2, 0.0)
    once = np.zeros((13, columns))
    assert _core.correlate_by_lines(a, lines, once, *arguments, False, False, 1)
    twice = np.ones((13, 2 * columns))
    assert _core.correlate_by_lines(a, lines, twice[:, ::2], *arguments, True, False, 1)
    assert np.array_equal(twice[:, ::2], once + 1)
    beside = np.ones((13, columns + 1))
    assert _core.correlate_by_lines(a, lines, beside[:, :-1], *arguments, True, False, 1)
    assert np.array_equal(beside[:, :-1], once + 1)
    assert (beside[:, -1] == 1).all()
    a[3, 0] = np.nan
    assert not _core.correlate_by_lines(a, lines, once, *arguments, False, False, 1)


@pytest.mark.usefixtures("instruction_set")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("shape", "sizes"),
    [
        ((300,), (8,)),
        ((300,), (37,)),
        ((3000,), (255,)),
        ((20, 300), (9, 31)),
        ((20, 5), (50, 64)),
        ((70, 333), (3, 16)),
        ((70, 333), (16, 3)),
        ((200, 40, 3), (15, 12, 1)),
        ((30, 25, 40), (8, 11, 13)),
        ((9, 10, 11, 12), (8, 8, 9, 10)),
    ],
)
def test_boxes_of_whole_numbers_are_exact(dtype, shape, sizes):
    rng = np.random.default_rng(len(shape))
    a = rng.integers(-3, 4, shape).astype(dtype)
    lines = [np.full(size, 2.0 if size > 1 else 1.0).astype(dtype) for size in sizes]
    first = [-(size // 2) for size in sizes]
    for boundary in (_core.Boundary.fill, _core.Boundary.mirror, _core.Boundary.wrap):
        rest = (first, [boundary] * len(shape), [(1, 1)] * len(shape), 3.0)
        plain, boxes = np.zeros_like(a), np.ones_like(a)
        assert _core.correlate_by_lines(a, lines, plain, *rest, False, False, 1)
        assert _core.correlate_by_lines(a, lines, boxes, *rest, True, True, 2)
        assert np.array_equal(boxes, plain + 1)
        transposed = np.zeros(shape[::-1], dtype).T
        assert _core.correlate_by_lines(a, lines, transposed, *rest, False, True, 3)
        assert np.array_equal(transposed, plain)


def test_the_choice():
    def method(v, shape, **options):
        return ft.plan(v, shape, mode="same", **options).method

    assert method(ft.kernels.gaussian(1.5), (1000, 1000)) == "separable"
    assert method(ft.kernels.binomial(5, dimensions=3), (90, 90, 90)) == "separable"
    assert method(ft.kernels.disk(4), (1000, 1000)) != "separable"
    assert method(ft.kernels.gaussian(1.5), (20, 20)) == "direct"
    assert method(np.ones((1, 9)), (1000, 1000)) == "direct"
    ring = np.hypot(*np.mgrid[-4:5, -4:5])
    assert method(ring, (1000, 1000)) != "separable"
    assert method(ring, (1000, 1000), rank_tolerance=0.2) == "separable"
    assert method(ft.kernels.gaussian(1.5), (2, 900, 900), axes=(1, 2)) == "separable"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kernel", ["gaussian", "binomial", "sobel", "disk"])
def test_a_plain_call_does_what_its_plan_says(kernel, dtype):
    v = {"gaussian": ft.kernels.gaussian(1.5), "binomial": ft.kernels.binomial(9)}.get(
        kernel, ft.kernels.sobel(0) if kernel == "sobel" else ft.kernels.disk(4)
    )
    for shape in ((30, 40), (800, 700)):
        a = np.random.default_rng(9).normal(size=shape).astype(dtype)
        plan = ft.plan(v.astype(dtype), shape, dtype=dtype, mode="same", boundary="edge")
        assert np.array_equal(
            ft.convolve(a, v.astype(dtype), mode="same", boundary="edge"), plan(a)
        )
    assert (plan.method == "separable") == (kernel in ("gaussian", "binomial"))


def test_near_products_of_the_core():
    line = np.array([1.0, -3.0, 0.5])
    for dtype in (np.float32, np.float64):
        v = np.multiply.outer(np.multiply.outer(line, line), line).astype(dtype)
        assert _core.is_near_product(v)
        for place in np.ndindex(v.shape):
            off = v.copy()
            off[place] *= 1 + 200 * np.finfo(dtype).eps
            assert not _core.is_near_product(off)
    for value in (0.0, np.nan, np.inf):
        assert not _core.is_near_product(np.full((3, 3), value))
        assert not _core.is_near_product(np.array([[1.0, value], [2.0, 1.0]]))
    assert _core.is_near_product(np.ones((1, 1)))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "separable"}, "the kernel of shape (3, 3) is not the product of one line"),
        ({"method": "separable", "rank_tolerance": 1e-300}, "rank_tolerance=1e-300"),
        ({"method": "direct", "rank_tolerance": 0.1}, "rank_tolerance=0.1 goes with"),
        ({"rank_tolerance": 1.0}, "rank_tolerance=1.0: write the share"),
        ({"rank_tolerance": float("nan")}, "rank_tolerance=nan"),
        ({"rank_tolerance": "much"}, "rank_tolerance='much'"),
    ],
)
def test_errors_name_value_and_way_out(options, words):
    with pytest.raises(OptionError, match=re.escape(words)):
        ft.plan(ft.kernels.laplacian(), (50, 50), **options)


def test_float16_is_summed_in_float32():
    a = np.random.default_rng(8).normal(size=(15, 14)).astype(np.float16)
    v = ft.kernels.binomial(5).astype(np.float16)
    plan = ft.plan(v, a.shape, dtype=np.float16, mode="same", method="separable")
    error = reference.largest_error(plan(a), reference.convolve(a, v, "same"))
    assert 0 < error <= plan.error_bound(a)


def test_integers_are_refused_by_name():
    with pytest.raises(OptionError, match=re.escape("method='separable' takes floats")):
        ft.convolve(np.ones((9, 9), int), np.ones((3, 3), int), method="separable")


def test_lines_of_a_kernel_that_is_longer_than_the_array():
    rng = np.random.default_rng(8)
    a, v = rng.normal(size=(3, 3)), np.outer(rng.normal(size=6), rng.normal(size=4))
    expected = ft.convolve(a, v, method="direct")
    np.testing.assert_allclose(ft.convolve(a, v, method="separable"), expected, atol=1e-13)
    np.testing.assert_allclose(ft.plan(v, (3, 3), method="separable")(a), expected, atol=1e-13)
