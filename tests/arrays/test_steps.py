"""stride= and dilation=: every s-th entry of the whole, and a kernel with gaps that are not zeros."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import faltung as ft
from faltung.errors import OptionError, ShapeError
from tests import reference
from tests.arrays import strategies as draws

SPECIAL = st.sampled_from([0.0, -0.0, 1.0, -2.0, 3.5, np.nan, np.inf, -np.inf])
STEPS = st.integers(1, 5) | st.sampled_from([8, 9, 40])
WHOLE = st.integers(-9, 9)


def spread(v, dilation):
    """The kernel with zeros in its gaps."""
    steps = [dilation] * v.ndim if isinstance(dilation, int) else dilation
    wide = np.zeros([(k - 1) * d + 1 for k, d in zip(v.shape, steps, strict=True)], v.dtype)
    wide[tuple(slice(None, None, d) for d in steps)] = v
    return wide


def every(result, stride):
    steps = [stride] * result.ndim if isinstance(stride, int) else stride
    return result[tuple(slice(None, None, s) for s in steps)]


@st.composite
def steps(draw, rank):
    return {
        "stride": draw(STEPS | st.tuples(*[STEPS] * rank)),
        "dilation": draw(STEPS | st.tuples(*[STEPS] * rank)),
    }


@st.composite
def options(draw, a, v):
    """Options that go together for these operands, steps included."""
    found = draw(steps(a.ndim))
    return {**draw(draws.options(a, spread(v, found["dilation"]))), **found}


@st.composite
def whole_operands(draw):
    rank = draw(st.integers(1, 3))
    shapes = draws.shapes(rank)
    return [draw(hnp.arrays(np.int64, draw(shapes), elements=WHOLE)) for _ in "av"]


@pytest.mark.usefixtures("instruction_set")
@settings(max_examples=100)
@given(st.data())
def test_every_method_is_within_its_bound(instruction_set, data):
    a, v = data.draw(draws.operands())
    chosen = data.draw(options(a, v))
    method = data.draw(st.sampled_from(draws.METHODS))
    result = ft.convolve(a, v, method=method, **chosen)
    exact = reference.convolve(a, v, **chosen)
    assert result.shape == exact.shape
    plan = ft.plan(v, a.shape, dtype=a.dtype, method=method, **chosen)
    assert reference.largest_error(result, exact) <= plan.error_bound(a)


@pytest.mark.usefixtures("instruction_set")
@settings(max_examples=60)
@given(st.data())
def test_lines_are_within_their_bound(instruction_set, data):
    rank, dtype = data.draw(st.integers(2, 3)), data.draw(st.sampled_from(["f4", "f8"]))
    a = data.draw(hnp.arrays(dtype, data.draw(draws.shapes(rank)), elements=WHOLE))
    v = np.ones((1,) * rank, dtype)
    for axis in range(rank):
        line = data.draw(hnp.arrays(dtype, st.integers(1, 5), elements=st.integers(1, 4)))
        v = v * line.reshape([-1 if d == axis else 1 for d in range(rank)])
    chosen = data.draw(options(a, v))
    plan = ft.plan(v, a.shape, dtype=dtype, method="separable", **chosen)
    exact = reference.convolve(a, v, **chosen)
    assert reference.largest_error(plan(a), exact) <= plan.error_bound(a)


@pytest.mark.usefixtures("instruction_set")
@settings(max_examples=150)
@given(
    whole_operands(),
    st.sampled_from(["int8", "uint8", "int16", "int64", "uint64", "longdouble", "O", "c8", "c16"]),
    st.data(),
)
def test_numbers_of_every_type(instruction_set, operands, dtype, data):
    a, v = (np.abs(x) if dtype.startswith("u") else x for x in operands)
    chosen = data.draw(options(a, v))
    exact = reference.convolve(a, v, **chosen)
    result = ft.convolve(a.astype(dtype), v.astype(dtype), **chosen)
    if dtype in ("c8", "c16"):
        turned = ft.convolve(a.astype(dtype) * 1j, v.astype(dtype), method="direct", **chosen)
        np.testing.assert_array_equal(turned, exact.astype(float) * 1j)
        np.testing.assert_allclose(
            result, exact.astype(float), atol=1e-3 if dtype == "c8" else 1e-9
        )
        return
    assert result.shape == exact.shape
    assert [int(x) for x in result.ravel()] == [int(x) for x in exact.ravel()]


@settings(max_examples=100)
@given(whole_operands(), st.data())
def test_whole_results_of_floats(operands, data):
    a, v = operands
    chosen = data.draw(options(a, v))
    exact = reference.convolve(a, v, **chosen)
    for kinds in [("int8", "float32"), ("float64", "float64"), ("uint8", "float32")]:
        x = np.abs(a) if kinds[0] == "uint8" else a
        exact = reference.convolve(x, v, **chosen)
        operand, kernel = x.astype(kinds[0]), v.astype(kinds[1])
        result = ft.convolve(operand, kernel, dtype="int16", overflow="saturate", **chosen)
        np.testing.assert_array_equal(result.astype(object), exact.clip(-(2**15), 2**15 - 1))
    result = ft.convolve(a, v, dtype=object, **chosen)
    assert (result == reference.convolve(a, v, **chosen)).all()


BIG = [
    ((70_000,), (64,)), ((40_001,), (3,)), ((5_000,), (700,)), ((40,), (90,)),
    ((90, 2_500), (7, 7)), ((300, 41), (3, 3)), ((300, 41), (5, 1)), ((64, 700), (1, 9)),
    ((20, 30, 100), (3, 2, 5)), ((60, 70, 3), (5, 4, 1)), ((3, 4, 5, 60), (2, 2, 3, 5)),
]  # fmt: skip


@pytest.mark.usefixtures("instruction_set")
@pytest.mark.parametrize("dtype", ["f4", "f8", "i8", "u1"])
@pytest.mark.parametrize(("shape", "taps"), BIG)
@pytest.mark.parametrize(
    ("stride", "dilation"),
    [(2, 1), (4, 1), (3, 2), (16, 1), (12, 1), (1, 2), (1, 3), (2, 8), (7, 30)],
)
def test_stride_slices_and_dilation_spreads(shape, taps, stride, dilation, dtype):
    """Whole numbers this small have no rounding error at all, in any order of summation."""
    rng = np.random.default_rng(len(shape))
    a, v = rng.integers(0, 5, shape).astype(dtype), rng.integers(0, 5, taps).astype(dtype)
    strides = (stride,) * len(shape)
    for boundary in ("zero", "mirror"):
        kernel = spread(v, dilation)
        whole = ft.convolve(a, kernel, mode="same", boundary=boundary)
        expected = every(np.rint(whole), strides)
        given_steps = {"stride": strides, "dilation": dilation}
        for method in ("direct", "auto"):
            result = ft.convolve(a, v, mode="same", boundary=boundary, method=method, **given_steps)
            np.testing.assert_array_equal(np.rint(result), expected)


@pytest.mark.parametrize("method", draws.METHODS)
def test_layouts_and_out(method):
    rng = np.random.default_rng(3)
    a, v = rng.integers(-5, 6, (50, 60)).astype(float), rng.integers(-5, 6, (4, 6)).astype(float)
    chosen = {"mode": "same", "boundary": "wrap", "stride": (2, 3), "dilation": (3, 1)}
    expected = every(ft.convolve(a, spread(v, (3, 1)), mode="same", boundary="wrap"), (2, 3))
    for layout in (np.asfortranarray(a), a[::-1].copy()[::-1], np.repeat(a, 2, 1)[:, ::2]):
        result = ft.convolve(layout, v, method=method, **chosen)
        np.testing.assert_allclose(result, expected, atol=1e-10)
    out = np.zeros((50, 80))[::2, ::4]
    assert ft.convolve(a, v, out=out, method=method, **chosen) is out
    np.testing.assert_allclose(out, expected, atol=1e-10)


@pytest.mark.parametrize("dtype", ["f4", "i4", "u1", "c16"])
def test_axes_and_kernels_of_their_own(dtype):
    rng = np.random.default_rng(4)
    a, v = rng.integers(0, 5, (31, 40, 3)).astype(dtype), rng.integers(0, 5, (3, 5)).astype(dtype)
    chosen = {"axes": (1, 0), "stride": (2, 3), "dilation": (4, 1)}
    result = ft.convolve(a, v[..., None], **chosen)
    own = ft.convolve(a, np.stack([v, 2 * v, v], axis=-1), **chosen)
    for channel in range(3):
        whole = ft.convolve(a[..., channel], spread(v, (1, 4)))
        np.testing.assert_allclose(result[..., channel], whole[::3, ::2], atol=1e-3)
        factor = 2 if channel == 1 else 1
        np.testing.assert_allclose(own[..., channel], factor * whole[::3, ::2], atol=1e-3)


def plain_sum(a, v, chosen):
    """One sum for each output, in floats, over what exists: no term where nothing is there."""
    n, k = len(a), (len(v) - 1) * chosen["dilation"] + 1
    start, size = reference.range_of_mode(chosen["mode"], n, k)
    result = []
    for i in range(0, size, chosen["stride"]):
        total = 0.0
        for j, tap in enumerate(v):
            position = i + start - j * chosen["dilation"]
            index = reference.position_to_index(chosen["boundary"], position, n)
            if index is not None:
                total += a[index] * tap
            elif chosen["boundary"] == "constant":
                total += chosen["fill_value"] * tap
        result.append(total)
    return np.array(result)


@settings(max_examples=200)
@given(st.data())
def test_what_lies_in_a_gap_reaches_nothing(data):
    a = data.draw(hnp.arrays(np.float64, st.integers(1, 20), elements=SPECIAL))
    v = data.draw(hnp.arrays(np.float64, st.integers(1, 8), elements=SPECIAL))
    mode = data.draw(st.sampled_from(["full", "same", "valid"]))
    boundary = data.draw(st.sampled_from(draws.BOUNDARIES)) if mode == "same" else "zero"
    fill = data.draw(SPECIAL) if boundary == "constant" else 0.0
    chosen = {"mode": mode, "boundary": boundary, "fill_value": fill}
    chosen |= {"stride": data.draw(STEPS), "dilation": data.draw(STEPS)}
    with np.errstate(all="ignore"):
        expected = plain_sum(a, v, chosen)
    for method in draws.METHODS:
        result = ft.convolve(a, v, method=method, **chosen)
        np.testing.assert_array_equal(np.isnan(result), np.isnan(expected))
        np.testing.assert_allclose(result, expected, atol=1e-12)


@pytest.mark.parametrize("method", ["direct", "fft", "separable"])
def test_nan_of_a_picture_stays_in_its_phase(method):
    a = np.ones((20, 24))
    a[7, 9] = np.nan
    result = ft.convolve(a, np.ones((3, 3)), method=method, dilation=(2, 3), stride=(1, 2))
    touched = {(7 + 2 * i, 9 + 3 * j) for i in range(3) for j in range(3)}
    expected = {(i, j // 2) for i, j in touched if j % 2 == 0}
    assert set(zip(*np.nonzero(np.isnan(result)), strict=True)) == expected


@settings(max_examples=60)
@given(whole_operands(), st.data())
def test_the_adjoint(operands, data):
    x, v = operands
    chosen = data.draw(options(x, v))
    plan = ft.plan(v, x.shape, dtype=np.int64, **chosen)
    forward, adjoint = plan(x), plan.adjoint()
    y = data.draw(hnp.arrays(np.int64, forward.shape, elements=WHOLE))
    back = adjoint(y)
    assert back.shape == x.shape
    assert (forward * y).sum() == (x * back).sum()
    with_floats = ft.plan(v / 8, x.shape, **chosen).adjoint()
    error = np.abs(with_floats(y.astype(float)) - back / 8).max()
    assert error <= with_floats.error_factor * reference.norm(v / 8) * reference.norm(y)


@settings(max_examples=60)
@given(st.data())
def test_elementwise_accuracy_holds(data):
    a, v = data.draw(draws.operands(20))
    chosen = data.draw(options(a, v))
    rtol = 1e-10 if a.dtype == np.float64 else 1e-5
    for method in draws.METHODS:
        result = ft.convolve(a, v, accuracy="elementwise", rtol=rtol, method=method, **chosen)
        exact, size = (reference.convolve(f(a), f(v), **chosen) for f in (np.asarray, np.abs))
        for entry, true, most in zip(result.ravel(), exact.ravel(), size.ravel(), strict=True):
            assert abs(Fraction(float(entry)) - true) <= Fraction(rtol) * most


@pytest.mark.parametrize(("stride", "dilation"), [(1, 3), (3, 1), (2, 5)])
def test_long_tails_are_elementwise_too(stride, dilation):
    x = np.exp(-np.arange(4000) / 9.0)
    v = np.exp(-np.arange(2000) / 7.0)
    chosen = {"stride": stride, "dilation": dilation}
    got = ft.convolve(x, v, accuracy="elementwise", rtol=1e-11, **chosen)
    expected = ft.convolve(x, v, accuracy="elementwise", rtol=1e-12, method="direct", **chosen)
    np.testing.assert_allclose(got, expected, rtol=1.2e-11, atol=1e-300)


def test_entries_that_are_left_out():
    rng = np.random.default_rng(5)
    a, v = rng.normal(size=(30, 31)), rng.uniform(1, 2, size=(3, 3))
    a[rng.random(a.shape) < 0.1] = np.nan
    chosen = {"mode": "same", "boundary": "mirror", "nan_policy": "omit"}
    result = ft.convolve(a, v, stride=(2, 3), dilation=2, **chosen)
    whole = ft.convolve(a, spread(v, 2), **chosen)
    np.testing.assert_allclose(result, whole[::2, ::3], rtol=1e-11)
    masked = {**chosen, "nan_policy": "propagate", "mask": np.isnan(a)}
    np.testing.assert_allclose(
        ft.convolve(a, v, stride=(2, 3), dilation=2, **masked), whole[::2, ::3], rtol=1e-11
    )
    plan = ft.plan(v, a.shape, stride=(2, 3), dilation=2, **chosen)
    assert np.shape(plan.error_bound(a)) == result.shape


@pytest.mark.parametrize("boundary", draws.BOUNDARIES)
@pytest.mark.parametrize("dilation", [5, 6, 7, 8, 13, 14, 15, 1000, 1001])
@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_kernels_far_wider_than_the_array(boundary, dilation, k):
    a, v = np.arange(1.0, 8.0), np.arange(1.0, k + 1)
    chosen = {"mode": "same", "boundary": boundary, "dilation": dilation}
    exact = reference.convolve(a, v, **chosen).astype(float)
    for method in draws.METHODS:
        np.testing.assert_allclose(ft.convolve(a, v, method=method, **chosen), exact, atol=1e-10)
    np.testing.assert_array_equal(ft.convolve(a.astype(int), v.astype(int), **chosen), exact)
    np.testing.assert_array_equal(ft.convolve(a.astype(object), v.astype(object), **chosen), exact)


def test_the_widest_kernel():
    a, v, far = np.arange(1, 8), np.array([10, 1, 100]), 2**31 - 1
    np.testing.assert_array_equal(ft.convolve(a, v, mode="same", dilation=far), a)
    wrapped = ft.convolve(a, v, mode="same", boundary="wrap", dilation=far)
    expected = [sum(v[k] * a[(i + far - k * far) % 7] for k in range(3)) for i in range(7)]
    np.testing.assert_array_equal(wrapped, expected)


def test_correlation():
    rng = np.random.default_rng(6)
    a, v = rng.normal(size=(2, 50)) + 1j, rng.normal(size=5) * 1j
    result = ft.correlate(a, v, axes=1, stride=3, dilation=4)
    whole = ft.correlate(a, spread(v, 4), axes=1)
    np.testing.assert_allclose(result, whole[:, ::3], atol=1e-12)
    with pytest.raises(OptionError, match="stride=2 does not go with lags"):
        ft.correlate([1, 2, 3], [1, 2], lags=1, stride=2)
    with pytest.raises(OptionError, match="dilation=2 does not go with lags"):
        ft.correlate([1, 2, 3], [1, 2], lags=1, dilation=2)


@pytest.mark.parametrize("name", ["stride", "dilation"])
@pytest.mark.parametrize(
    "value", [0, -1, True, 2.0, "2", None, [], [1, 0], (2, True), [1.5, 2], 2**31]
)
def test_values_that_are_no_steps(name, value):
    with pytest.raises(
        OptionError, match=rf"{name}=.*: write a whole number|{name}=.* numbers for"
    ):
        ft.convolve(np.ones((3, 3)), np.ones((2, 2)), **{name: value})
    with pytest.raises(OptionError, match=f"{name}="):
        ft.plan(np.ones((2, 2)), (3, 3), **{name: value})


@pytest.mark.parametrize("name", ["stride", "dilation"])
def test_as_many_steps_as_axes(name):
    with pytest.raises(OptionError, match=f"{name}=\\(1, 2, 3\\) names 3 numbers for 2 axes"):
        ft.convolve(np.ones((3, 3)), np.ones((2, 2)), **{name: (1, 2, 3)})
    with pytest.raises(OptionError, match=f"{name}=\\[2, 2\\] names 2 numbers for 1 axis"):
        ft.convolve(np.ones((3, 3)), np.ones(2), axes=0, **{name: [2, 2]})
    whole = np.array([2, 1])
    assert ft.convolve(np.ones((9, 9)), np.ones((2, 2)), **{name: whole}).ndim == 2


def test_valid_is_that_of_the_wide_kernel():
    assert ft.convolve(np.ones(10), np.ones(3), mode="valid", dilation=4).shape == (2,)
    assert ft.convolve(np.ones(5), np.ones(3), mode="valid", dilation=4).shape == (5,)
    with pytest.raises(ShapeError, match="mixed"):
        ft.convolve(np.ones((5, 20)), np.ones((3, 3)), mode="valid", dilation=(4, 1))


@pytest.mark.parametrize(
    ("shape", "taps", "chosen", "method"),
    [
        ((10**6,), (16,), {"dilation": 8}, "direct"),
        ((10**6,), (200,), {}, "fft"),
        ((10**6,), (200,), {"stride": 16}, "direct"),
        ((1024, 1024), (7, 7), {"dilation": 2}, "direct"),
        ((1024, 1024), (31, 31), {"stride": 8}, "direct"),
        ((10**5,), (30_000,), {"dilation": 2}, "fft"),
    ],
)
def test_the_choice_knows_what_is_left_out(shape, taps, chosen, method):
    v = np.random.default_rng(0).normal(size=taps)
    assert ft.plan(v, shape, **chosen).method == method


def test_threads_change_no_bit():
    rng = np.random.default_rng(8)
    a, v = rng.normal(size=(300, 500)), rng.normal(size=(7, 9))
    for chosen in ({"stride": 2}, {"dilation": 3}, {"stride": (3, 1), "dilation": (2, 5)}):
        for method in draws.METHODS:
            one, two = (ft.convolve(a, v, method=method, threads=n, **chosen) for n in (1, 2))
            np.testing.assert_array_equal(one, two)
