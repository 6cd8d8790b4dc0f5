"""The functions of the core, given anything: an error of Python or an answer, never a crash."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faltung import _core

DTYPES = ["float32", "float64", "uint64", "int64", "int32", "bool", "complex128", "float16", ">f8"]
BOUNDARIES = [
    _core.Boundary.fill, _core.Boundary.edge, _core.Boundary.mirror, _core.Boundary.symmetric,
    _core.Boundary.wrap,
]  # fmt: skip
far = st.integers(-(2**40), 2**40)
near = st.integers(-12, 12)
step = st.sampled_from([1, 1, 1, 2, 3, 5, 40, 0, -1])


@st.composite
def arrays(draw, dtype, rank, least=0):
    """An array that may be empty, reversed, strided, broadcast, misaligned or read-only."""
    shape = tuple(draw(st.integers(least, 6)) for _ in range(rank))
    array: Any = np.ones(shape, dtype)
    layout = draw(st.sampled_from(["plain", "reversed", "strided", "broadcast", "bytes", "locked"]))
    if layout == "reversed":
        array = array[(slice(None, None, -1),) * rank]
    elif layout == "strided" and rank:
        array = np.repeat(array, 2, axis=-1)[..., ::2]
    elif layout == "broadcast":
        array = np.broadcast_to(np.ones((), dtype), shape)
    elif layout == "bytes":
        room = np.zeros(array.nbytes + 1, np.uint8)
        array = np.ndarray(shape, dtype, room, offset=1)
    elif layout == "locked":
        array.setflags(write=False)
    return array


@st.composite
def calls(draw):
    dtype = draw(st.sampled_from(DTYPES[:3] * 3 + DTYPES))
    rank = draw(st.integers(0, 4))
    others = st.sampled_from([dtype] * 5 + DTYPES)
    ranks = st.sampled_from([rank] * 8 + [1, 2])
    operands = [draw(arrays(draw(others), draw(ranks))) for _ in range(3)]
    count = draw(st.sampled_from([rank] * 5 + [0, 1, 2]))
    first = draw(st.lists(near | far, min_size=count, max_size=count))
    boundaries = [draw(st.sampled_from(BOUNDARIES)) for _ in range(count)]
    steps = draw(
        st.lists(st.tuples(step, step), min_size=count, max_size=count) | st.just([(1, 1)])
    )
    fill = draw(st.sampled_from([0, 1, 2.5, float("nan"), float("inf"), -1]))
    return (*operands, first, boundaries, steps, fill, draw(st.sampled_from([-1, 0, 1, 3])))


@settings(max_examples=1000)
@given(calls())
def test_correlations_take_anything(arguments):
    for correlate in (_core.correlate_directly, _core.correlate_by_transform):
        try:
            correlate(*arguments)
        except (TypeError, ValueError, MemoryError):
            continue


KEPT = [
    _core.KeptTransformFloat32,
    _core.KeptTransformFloat64,
    _core.KeptTransformComplex64,
    _core.KeptTransformComplex128,
]


@settings(max_examples=1000)
@given(calls(), calls(), st.sampled_from(KEPT))
def test_kept_transforms_take_anything(arguments, others, kind):
    try:
        kept = kind(*arguments)
    except (TypeError, ValueError, MemoryError):
        return
    kept.correlate(*arguments)
    try:
        kept.repeat(others[0], others[2], others[-1])
        kept.correlate(*others)
    except (TypeError, ValueError, MemoryError):
        return


@settings(max_examples=600)
@given(calls())
def test_whole_and_rounded_sums_take_anything(arguments):
    for correlate in (_core.correlate_whole, _core.correlate_rounded):
        try:
            correlate(*arguments)
        except (TypeError, ValueError, MemoryError):
            continue


@settings(max_examples=600)
@given(calls(), st.lists(st.integers(0, 12), max_size=4), st.booleans(), st.booleans())
def test_sums_by_lines_take_anything(arguments, lengths, add, whole):
    input, _, out, first, boundaries, steps, fill, threads = arguments
    lines = [np.ones(length, input.dtype) for length in lengths]
    try:
        _core.correlate_by_lines(
            input, lines, out, first, boundaries, steps, fill, add, whole, threads
        )
    except (TypeError, ValueError, MemoryError):
        return


@settings(max_examples=300)
@given(st.sampled_from(DTYPES).flatmap(lambda dtype: arrays(dtype, 2)))
def test_kernels_that_may_be_products_are_any_array(taps):
    try:
        assert isinstance(_core.is_near_product(taps), bool)
        for carrier in range(-1, taps.ndim + 1):
            with contextlib.suppress(TypeError, ValueError):
                found = _core.product_lines(taps, carrier)
                assert found is None or [len(line) for line in found[0]] == list(taps.shape)
    except (TypeError, ValueError):
        return


sizes = st.lists(st.integers(-2, 40) | st.integers(0, 10**6), max_size=3)


@settings(max_examples=500)
@given(
    st.sampled_from(["float32", "float64", "complex64", "complex128", "int64"]),
    sizes,
    sizes,
    sizes,
    st.lists(near, max_size=3),
    st.none() | st.lists(st.tuples(step, step), max_size=3),
    st.booleans(),
)
def test_sizes_take_anything(dtype, inputs, taps, outputs, first, steps, zero):
    boundaries = [_core.Boundary.fill] * len(first)
    steps = [(1, 1)] * len(first) if steps is None else steps
    try:
        size = _core.transform_size(
            dtype, inputs, taps, outputs, first, boundaries, steps, (1, False), zero
        )
    except ValueError:
        return
    assert size.nanoseconds > 0


@settings(max_examples=500)
@given(
    st.sampled_from(DTYPES).flatmap(lambda dtype: arrays(dtype, 2)),
    st.sampled_from(DTYPES).flatmap(lambda dtype: arrays(dtype, 2)),
    st.dictionaries(
        st.sampled_from(
            [
                "mode",
                "boundary",
                "axes",
                "threads",
                "dtype",
                "overflow",
                "method",
                "fill_value",
                "out",
                "x",
                3,
            ]
        ),
        st.sampled_from(
            [
                "full",
                "same",
                "valid",
                "wrap",
                "reflect",
                "saturate",
                "auto",
                "uint8",
                np.int16,
                None,
                0,
                1,
                -1,
                3,
                2**70,
                np.empty(3),
                np.empty((4, 5), np.float32),
                True,
                (),
                (0,),
                (0, 1),
                (1, "0"),
                b"same",
            ]
        ),
    ),
)
def test_the_short_way_takes_anything(a, v, options):
    result = _core.convolve_small(a, v, options)
    assert result is None or isinstance(result, np.ndarray)


@pytest.mark.parametrize("operand", [1.0, "text", [1.0, 2.0], object(), memoryview(b"abcd")])
def test_the_short_way_takes_what_is_no_array(operand):
    assert _core.convolve_small(operand, np.ones(3), {}) is None
    assert _core.convolve_small(np.ones(3), operand, {}) is None
