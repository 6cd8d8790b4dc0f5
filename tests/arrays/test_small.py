"""The short way gives what the general way gives, and leaves the rest to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import faltung as ft
from faltung import _core
from faltung.arrays import convolve
from faltung.errors import ShapeError

BOUNDARIES = ["zero", "edge", "mirror", "symmetric", "wrap"]


@st.composite
def small_problems(draw):
    rank = draw(st.integers(1, 4))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    longest = {1: 60, 2: 12, 3: 6, 4: 4}[rank]
    shape = st.tuples(*[st.integers(1, longest)] * rank)
    numbers = st.floats(allow_nan=True, width=32)
    a, v = (draw(hnp.arrays(dtype, draw(shape), elements=numbers)) for _ in range(2))
    boundary = draw(st.sampled_from(BOUNDARIES))
    mode = draw(st.sampled_from(["full", "same", "valid"])) if boundary == "zero" else "same"
    return a, v, {"mode": mode, "boundary": boundary}


@given(small_problems())
def test_the_same_bits_as_the_general_way(instruction_set, problem):
    a, v, options = problem
    try:
        expected = convolve(a, v, **options)
    except ShapeError:
        assert _core.convolve_small(a, v, options) is None
        return
    result = ft.convolve(a, v, **options)
    assert result.dtype == expected.dtype
    np.testing.assert_array_equal(result, expected)


WHOLE = [bool, np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64]


@pytest.mark.parametrize("first", WHOLE)
@pytest.mark.parametrize("second", WHOLE)
def test_whole_numbers_of_every_type(first, second):
    rng = np.random.default_rng(3)
    for shape, taps in [((40,), (5,)), ((6, 7), (3, 2)), ((3, 2, 4), (2, 2, 2))]:
        a = rng.integers(0 if np.dtype(first).kind in "bu" else -128, 128, shape).astype(first)
        v = rng.integers(0 if np.dtype(second).kind in "bu" else -128, 128, taps).astype(second)
        if first not in (bool, np.int64):
            a.flat[:2] = np.iinfo(first).min, np.iinfo(first).max
        for options in ({"mode": "full"}, {"mode": "same", "boundary": "wrap"}):
            expected = convolve(a, v, method="direct", **options)  # type: ignore[arg-type]
            result = ft.convolve(a, v, **options)
            assert result.dtype == expected.dtype
            np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("n", [1, 7, 8, 100, 2000, 2048, 30_000])
@pytest.mark.parametrize("k", [1, 2, 5, 33, 64])
def test_lengths_on_and_off_the_stack(n, k):
    rng = np.random.default_rng(n + k)
    a, v = rng.integers(-9, 9, n).astype(float), rng.integers(-9, 9, k).astype(float)
    every: list[dict[str, Any]] = [{}, {"mode": "same"}, {"mode": "valid"}]
    for options in every:
        result = _core.convolve_small(a, v, options)
        np.testing.assert_array_equal(result, convolve(a, v, **options))


@pytest.mark.parametrize(
    ("a", "v", "options"),
    [
        (np.ones(4), np.ones(3, np.float32), {}),
        (np.ones(4, np.uint64), np.ones(3, np.uint64), {}),
        (np.ones(4, np.int32), np.ones(3), {}),
        (np.full(4, 2**62), np.ones(3, int), {}),
        (np.ones(4, np.float16), np.ones(3, np.float16), {}),
        (np.ones(4, complex), np.ones(3), {}),
        (np.ones(4, complex), np.ones(3, np.complex64), {}),
        (np.ones(4, complex), np.array([1.0, complex(0, np.inf)]), {}),
        (np.ones(4, np.longdouble), np.ones(3, np.longdouble), {}),
        (np.ones(4, object), np.ones(3, object), {}),
        (np.ones(4, ">f8"), np.ones(3, ">f8"), {}),
        (np.ones(8)[::2], np.ones(3), {}),
        (np.ones((4, 1)), np.ones(3), {}),
        (np.ones((4, 1)), np.ones((1, 3)), {"mode": "valid"}),
        (np.ones((4, 1)), np.ones((2, 1)), {}),
        (np.ones((2,) * 5), np.ones((2,) * 5), {}),
        (np.asfortranarray(np.ones((4, 3))), np.ones((3, 3)), {}),
        (np.ones(0), np.ones(3), {}),
        (np.ones(4), np.array([1.0, np.inf]), {}),
        (np.ones(4), np.ones(3), {"mode": "some"}),
        (np.ones(4), np.ones(3), {"boundary": "edge"}),
        (np.ones(4), np.ones(3), {"mode": "same", "boundary": "reflect"}),
        (np.ones(4), np.ones(3), {"mode": "same", "boundary": "constant"}),
        (np.ones(4), np.ones(3), {"mode": "same", "boundary": ("edge",)}),
        (np.ones(4), np.ones(3), {"mode": "same", "axes": 0}),
        (np.ones((4, 4)), np.full((1, 2), np.inf), {}),
        (np.ones((1000, 1)), np.ones((1, 1000)), {}),
        (np.full(30_000, np.nan), np.ones(2000), {}),
        (np.ones(30_000), np.full(2000, np.inf), {}),
        (np.frombuffer(b"?" + np.ones(4).tobytes(), offset=1), np.ones(3), {}),
        ([1.0], [1.0], {}),
    ],
)
def test_everything_else_is_left_to_the_general_way(a, v, options):
    assert _core.convolve_small(a, v, options) is None


@pytest.mark.parametrize("dtype", [np.complex64, np.complex128])
@pytest.mark.parametrize(("n", "k"), [(1, 1), (19, 9), (5, 30), (3000, 900), ((20, 91), (12, 11))])
def test_complex_numbers_have_the_bits_of_the_general_way(dtype, n, k, instruction_set):
    rng = np.random.default_rng(0)
    a, v = ((rng.normal(size=size) + 1j * rng.normal(size=size)).astype(dtype) for size in (n, k))
    every: list[dict[str, Any]] = [{}, {"mode": "same"}, {"mode": "same", "boundary": "wrap"}]
    for options in every:
        result = _core.convolve_small(a, v, options)
        assert result.dtype == dtype
        np.testing.assert_array_equal(result, convolve(a, v, **options))
    a.flat[0] = complex(1, np.nan)
    np.testing.assert_array_equal(ft.convolve(a, v), convolve(a, v))


def test_a_subclass_and_a_read_only_array_are_taken():
    a = np.arange(5.0)
    a.setflags(write=False)
    np.testing.assert_array_equal(ft.convolve(a, a), np.convolve(a, a))
    masked = np.ma.masked_array([1.0, 2.0], [False, True])
    with pytest.raises(ft.errors.DtypeError, match="masked"):
        ft.convolve(masked, [1.0])


@pytest.mark.parametrize("options", [{}, {"mode": "same", "boundary": "mirror"}])
def test_few_taps_and_many_outputs(options):
    rng = np.random.default_rng(5)
    for shape, taps in [((300_000,), (9,)), ((500, 700), (3, 5)), ((60, 50, 40), (2, 3, 4))]:
        a, v = rng.normal(size=shape), rng.normal(size=taps)
        result = _core.convolve_small(a, v, options)
        np.testing.assert_array_equal(result, convolve(a, v, method="direct", **options))


@pytest.mark.parametrize(
    ("n", "k"), [(1464, 178), (613, 280), ((20, 91), (12, 11)), (90, 90), (4000, 100), (9000, 3000)]
)
def test_the_planner_decides_as_the_short_way_does(n, k):
    rng = np.random.default_rng(0)
    a, v = rng.normal(size=n), rng.normal(size=k)
    for mode in ("full", "same"):
        result = _core.convolve_small(a, v, {"mode": mode})
        method = ft.plan(v, a.shape, mode=mode).method
        np.testing.assert_array_equal(result, convolve(a, v, mode=mode, method=method))
        np.testing.assert_array_equal(result, convolve(a, v, mode=mode, threads=2))
