"""The short way gives what the general way gives, and leaves the rest to it."""

from __future__ import annotations

import functools
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
    boundary = draw(st.sampled_from([*BOUNDARIES, "constant"]))
    mode = draw(st.sampled_from(["full", "same", "valid"])) if boundary == "zero" else "same"
    options = {"mode": mode, "boundary": boundary}
    if boundary == "constant":
        options["fill_value"] = draw(st.sampled_from([0, 3, -0.1, 2.5]))
    return a, v, options


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


@pytest.mark.parametrize("first", [np.int8, np.int32, np.int64])
def test_integers_of_two_types_whose_promotion_is_a_float_are_exact(first):
    a, v = np.array([-1, 3], first), np.array([2**61 - 1, 5], np.uint64)
    for result in (ft.convolve(a, v), ft.convolve(v, a)):
        assert result.dtype == np.int64
        assert result.tolist() == [1 - 2**61, 3 * 2**61 - 8, 15]


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
        (np.ones((4, 1)), np.ones(3), {}),
        (np.ones((4, 1)), np.ones((1, 3)), {"mode": "valid"}),
        (np.ones((2,) * 5), np.ones((2,) * 5), {}),
        (np.ones(0), np.ones(3), {}),
        (np.ones((0, 3)), np.ones((3, 3)), {}),
        (np.ones((4, 4)), np.ones(3), {"axes": (0, 1)}),
        (np.ones((4, 4)), np.ones((3, 3)), {"axes": (1, 0)}),
        (np.ones((4, 4)), np.ones((1, 3)), {"axes": 1}),
        (np.ones((4, 4)), np.ones(3), {"axes": 2}),
        (np.ones((4, 4)), np.ones(3), {"axes": ()}),
        (np.ones((4, 4)), np.ones(3), {"axes": True}),
        (np.ones((4, 4)), np.ones(3), {"axes": 2**40}),
        (np.ones((40, 2)), np.ones(3), {"axes": 1}),
        (np.ones(4), np.ones(3), {"threads": 0}),
        (np.ones(4), np.ones(3), {"threads": 2.0}),
        (np.ones(4), np.ones(3), {"method": "direct"}),
        (np.ones(4), np.ones(3), {"overflow": "saturate"}),
        (np.ones(4), np.ones(3), {"dtype": np.uint8, "overflow": "saturate"}),
        (np.ones(4, np.int32), np.ones(3), {"dtype": np.uint8, "overflow": "saturate"}),
        (np.ones(4, np.uint8), np.ones(3, np.uint8), {"dtype": np.uint8}),
        (np.ones(4, np.uint8), np.ones(3, np.uint8), {"dtype": np.int32, "overflow": "saturate"}),
        (np.ones(4, np.uint8), np.ones(3, np.float32), {}),
        (
            np.ones(4, np.uint8),
            np.full(3, 1e9, np.float32),
            {"dtype": "uint8", "overflow": "saturate"},
        ),
        (
            np.ones(4, np.uint8),
            np.array([1, np.nan], np.float32),
            {"dtype": "uint8", "overflow": "saturate"},
        ),
        (np.ones(4), np.array([1.0, np.inf]), {}),
        (np.ones(4), np.ones(3), {"mode": "some"}),
        (np.ones(4), np.ones(3), {"boundary": "edge"}),
        (np.ones(4), np.ones(3), {"mode": "same", "boundary": "reflect"}),
        (np.ones(4), np.ones(3), {"boundary": "constant"}),
        (np.ones(4), np.ones(3), {"fill_value": 1.0}),
        (np.ones(4), np.ones(3), {"mode": "same", "boundary": "constant", "fill_value": np.inf}),
        (np.ones(4), np.ones(3), {"mode": "same", "boundary": "constant", "fill_value": 1e300}),
        (np.ones(4, int), np.ones(3, int), {"mode": "same", "boundary": "constant"}),
        (np.ones(4), np.ones(3), {"mode": "same", "boundary": ("edge",)}),
        (np.ones((4, 4)), np.full((1, 2), np.inf), {}),
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


LAYOUTS: dict[str, Any] = {
    "C": lambda x: x,
    "Fortran": np.asfortranarray,
    "every second": lambda x: np.repeat(x, 2, axis=0)[::2],
    "backwards": lambda x: np.ascontiguousarray(x[..., ::-1])[..., ::-1],
    "axes moved": lambda x: np.ascontiguousarray(np.moveaxis(x, 0, -1)).transpose(
        x.ndim - 1, *range(x.ndim - 1)
    ),
}


@pytest.mark.usefixtures("instruction_set")
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128, np.int16, np.uint8])
@given(data=st.data())
def test_every_layout_has_the_bits_of_the_general_way(layout, dtype, data):
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    rank = data.draw(st.integers(1, 3))
    shape, taps = (
        data.draw(st.tuples(*[st.sampled_from([1, 2, 3, 4, most])] * rank)) for most in (30, 5)
    )
    a, v = ((rng.normal(size=size) * 9).astype(dtype) for size in (shape, taps))
    a, v = LAYOUTS[layout](a), data.draw(st.sampled_from([*LAYOUTS.values()]))(v)
    options = {"mode": data.draw(st.sampled_from(["full", "same"]))}
    expected, result = convolve(a, v, **options), ft.convolve(a, v, **options)
    np.testing.assert_array_equal(result, expected)
    assert result.flags.f_contiguous == expected.flags.f_contiguous
    assert result.flags.c_contiguous == expected.flags.c_contiguous
    if np.dtype(dtype).kind != "c":
        assert _core.convolve_small(a, v, options) is not None


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("shape", "axes", "taps"),
    [
        ((40, 50, 3), (0, 1), (3, 5)),
        ((4, 300), (1,), (9,)),
        ((4, 300), -2, (2,)),
        ((2, 90, 90), (-2, -1), (9, 9)),
        ((5, 1, 30, 2), (1, 2), (1, 4)),
        ((7, 7), (0, 1), (7, 8)),
    ],
)
def test_axes_are_taken(shape, axes, taps, layout, dtype):
    rng = np.random.default_rng(1)
    a = LAYOUTS[layout](rng.normal(size=shape).astype(dtype))
    v = np.asarray(functools.reduce(np.multiply.outer, [rng.normal(size=n) for n in taps]), dtype)
    every: list[dict[str, Any]] = [
        {}, {"mode": "same", "boundary": "mirror"}, {"mode": "valid"}, {"threads": 2},
    ]  # fmt: skip
    for options in every:
        result = _core.convolve_small(a, v, {"axes": axes, "method": "auto", **options})
        if taps == (7, 8):
            assert result is not None or options.get("mode") == "same"
            continue
        np.testing.assert_array_equal(result, convolve(a, v, axes=axes, **options))


@pytest.mark.usefixtures("instruction_set")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_products_of_lines_are_summed_line_by_line_on_both_ways(dtype, boundary, layout):
    rng = np.random.default_rng(11)
    whole, rounded = [1.0, 3.0, 0.0, -6.0, 2.0], rng.normal(size=9)
    cases: list[tuple[tuple[int, ...], list[Any]]] = [
        ((300, 170), [whole, whole]),
        ((300, 170), [rounded, whole]),
        ((506, 274), [rounded, rounded[:7]]),
        ((50, 40, 60), [whole, rounded[:5], whole]),
        ((90, 1, 200), [rounded, [2.0], rounded]),
    ]
    for shape, lines in cases:
        a = LAYOUTS[layout](rng.normal(size=shape).astype(dtype))
        v = functools.reduce(np.multiply.outer, lines).astype(dtype)
        modes = ["full", "same", "valid"] if boundary == "zero" else ["same"]
        for mode in modes:
            options = {"mode": mode, "boundary": boundary}
            result = _core.convolve_small(a, v, options)
            np.testing.assert_array_equal(result, convolve(a, v, **options))
            if layout == "C":
                plan = ft.plan(v, a.shape, dtype=dtype, **options)
                same = convolve(a, v, method=plan.method, **options)
                np.testing.assert_array_equal(result, same)
                off = np.abs(result - convolve(a, v, method="direct", **options)).max()
                assert off <= 2 * plan.error_bound(a)
    if boundary == "mirror":
        outside: dict[str, Any] = {"mode": "same", "boundary": "constant", "fill_value": 0.1}
        result = _core.convolve_small(a, v, outside)
        np.testing.assert_array_equal(result, convolve(a, v, **outside))
    # What is not finite is left to the general way, which says where it belongs.
    a.flat[1234] = np.nan
    assert _core.convolve_small(a, v, options) is None
    np.testing.assert_array_equal(ft.convolve(a, v, **options), convolve(a, v, **options))


@pytest.mark.usefixtures("instruction_set")
@pytest.mark.parametrize("picture", [bool, np.uint8, np.int8, np.uint16, np.int16])
@pytest.mark.parametrize("weights", [np.float32, np.float64, np.int8, np.uint8, np.int64])
@pytest.mark.parametrize("result_dtype", ["uint8", np.int8, np.dtype("uint16"), np.int16])
@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_saturated_pictures(picture, weights, result_dtype, boundary):
    rng = np.random.default_rng(2)
    for shape, taps in [((9, 70), (3, 3)), ((40, 50, 3), (7, 5, 1)), ((1, 1), (2, 2))]:
        a = rng.integers(-128, 127, shape).astype(picture)
        v = (rng.normal(size=taps) * 3).astype(weights)
        options = {
            "mode": "same", "boundary": boundary, "dtype": result_dtype, "overflow": "saturate",
        }  # fmt: skip
        result, expected = ft.convolve(a, v, **options), convolve(a, v, **options)
        # A picture that is smaller than its weights changes places with them.
        taken = _core.convolve_small(a, v, options) is not None
        assert taken or (v.dtype.kind == "f" and a.size < v.size)
        assert result.dtype == expected.dtype == np.dtype(result_dtype)
        np.testing.assert_array_equal(result, expected)


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


def memory_for(kind, a):
    """Memory for a result of the shape of `a`."""
    return {
        "own": lambda: np.empty_like(a),
        "part": lambda: np.empty((2, *a.shape), a.dtype)[1],
        "other order": lambda: np.empty(a.shape, a.dtype, "F"),
        "gaps": lambda: np.empty((*a.shape, 2), a.dtype)[..., 0],
        "the input": lambda: a,
        "reversed input": lambda: a[::-1],
    }[kind]()


@pytest.mark.parametrize(
    "kind", ["own", "part", "other order", "gaps", "the input", "reversed input"]
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128, np.int64])
def test_the_result_goes_where_it_is_told(kind, dtype):
    rng = np.random.default_rng(5)
    a, v = (rng.integers(-9, 9, shape).astype(dtype) for shape in ((20, 30), (3, 5)))
    expected = ft.convolve(a, v, mode="same")
    out = memory_for(kind, a)
    short = kind in ("own", "part")
    assert _core.convolve_small(a, v, {"mode": "same", "out": out}) is (out if short else None)
    assert ft.convolve(a, v, mode="same", out=out) is out
    np.testing.assert_array_equal(out, expected)


def test_no_result_goes_where_it_does_not_fit():
    a, v = np.ones(5), np.ones(2)
    locked = np.empty(6)
    locked.setflags(write=False)
    for out in (np.empty(5), np.empty(6, np.float32), np.empty(6, ">f8"), locked, [0.0] * 6):
        assert _core.convolve_small(a, v, {"out": out}) is None
