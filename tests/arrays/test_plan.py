from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import faltung as ft
from faltung import _core

rng = np.random.default_rng(5)


@pytest.mark.parametrize("options", [{}, {"mode": "same", "boundary": "wrap"}, {"method": "fft"}])
def test_a_plan_does_what_the_call_does(options):
    a, v = rng.normal(size=(30, 40)), rng.normal(size=(5, 6))
    plan = ft.plan(v, a.shape, **options)
    np.testing.assert_array_equal(plan(a), ft.convolve(a, v, **options))
    out = np.empty_like(plan(a))
    assert plan(a, out=out) is out


def test_a_plan_is_pickled_with_everything():
    a, v = rng.normal(size=100), rng.normal(size=9)
    plan = pickle.loads(pickle.dumps(ft.plan(v, 100, mode="same", boundary="edge")))
    np.testing.assert_array_equal(plan(a), ft.convolve(a, v, mode="same", boundary="edge"))


def test_a_plan_keeps_its_own_kernel():
    v = np.ones(3)
    plan = ft.plan(v, 5)
    v[:] = 0
    assert plan(np.ones(5)).sum() == 15


def test_explain_shows_each_candidate_and_the_choice():
    small, large = ft.plan(np.ones(5), 100), ft.plan(np.ones(50_000), 1_000_000)
    assert small.method == "direct"
    assert large.method == "fft"
    for plan in (small, large):
        text = plan.explain()
        assert text.splitlines()[0].endswith(plan.method)
        assert all(word in text for word in ("direct", "fft", "ms", "MiB", "error factor"))
    assert "Plan(kernel (5,), array (100,), method 'direct'" in repr(small)


def test_integers_have_no_error():
    plan = ft.plan([1, 2, 1], 100, dtype=np.uint8)
    assert plan.error_factor == plan.error_bound(np.ones(100, np.uint8)) == 0


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint8, np.int64, np.uint64])
@pytest.mark.parametrize("size", [3, 30_000])
def test_plans_of_whole_numbers_are_explained(dtype, size):
    plan = ft.plan(np.arange(3000), size, dtype=dtype)
    head, _, *rows = plan.explain().splitlines()
    assert head.endswith(plan.method)
    assert rows[-1].startswith("Exact")
    seconds = {row.split()[0]: float(row.split()[1]) for row in rows[:-1]}
    assert set(seconds) == {"direct", "fft"}
    assert plan.method == min(seconds, key=seconds.__getitem__)
    assert "direct" in plan._repr_html_()


def test_whole_kernels_are_planned_for_objects():
    plan = ft.plan([1, 2], 2, dtype=object)
    assert plan.error_factor == 0
    assert plan(np.array([2**70, 1], object)).tolist() == [2**70, 2**71 + 1, 2]


def test_threads_do_not_change_the_bits():
    a = rng.normal(size=(200, 300)).astype(np.float32)
    v = rng.normal(size=(9, 9)).astype(np.float32)
    one = ft.convolve(a, v, method="direct", threads=1)
    for threads in (2, 3, 7):
        np.testing.assert_array_equal(ft.convolve(a, v, method="direct", threads=threads), one)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.complex128])
@pytest.mark.parametrize("size", [(40, 30), (400, 300)])
def test_a_plan_of_lines_gives_the_bits_of_the_call(dtype, size):
    a = rng.integers(-9, 9, size).astype(dtype)
    v = np.outer([1, 4, 6, 4, 1, 2, 1], [1, 2, 3, 2, 1, 1, 1]).astype(dtype)
    for options in ({"mode": "same", "boundary": "mirror"}, {"axes": np.array([0, 1])}):
        plan = ft.plan(v, size, dtype=dtype, **options)
        assert plan(a).tobytes() == ft.convolve(a, v, **options).tobytes()


LAYOUTS: dict[str, Callable[..., Any]] = {
    "C": np.ascontiguousarray,
    "F": np.asfortranarray,
    "strided": lambda a: np.repeat(a, 2, axis=0)[::2],
    "reversed": lambda a: a[::-1].copy()[::-1],
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64, np.complex128])
@pytest.mark.parametrize("axes", [None, 0, (0, 1)])
def test_a_kept_spectrum_changes_no_bit(layout, dtype, axes):
    turn = 1 + 2j if np.dtype(dtype).kind == "c" else 1
    a = (turn * rng.normal(size=(30, 50, 40, 6)[: 4 if axes else 2])).astype(dtype)
    # On one axis every column has taps of its own.
    v = (turn * rng.normal(size=(20, 50 if axes == 0 else 5))).astype(dtype)
    plan = ft.plan(v, a.shape, axes=axes, dtype=dtype, method="fft")
    for number in (1.0, np.nan, 3.0):
        array = LAYOUTS[layout](a * dtype(2))
        array[(1,) * array.ndim] = number
        expected = ft.convolve(array, v, axes=axes, method="fft")
        assert plan(array).tobytes() == expected.tobytes()
        again = pickle.loads(pickle.dumps(plan))
        assert again(array, out=np.empty_like(expected)).tobytes() == expected.tobytes()


@pytest.mark.parametrize("steps", [(2, 1), (1, 3), ((3, 1), (2, 5)), (4, (1, 2))])
@pytest.mark.parametrize("dtype", [np.float32, np.complex128])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_kept_spectrum_knows_stride_and_dilation(steps, dtype, layout):
    options = {"stride": steps[0], "dilation": steps[1], "mode": "same", "boundary": "wrap"}
    v = rng.normal(size=(7, 4)).astype(dtype)
    plan = ft.plan(v, (60, 70), dtype=dtype, method="fft", **options)
    for _ in range(2):
        a = LAYOUTS[layout](rng.normal(size=(60, 70)).astype(dtype))
        result = plan(a)
        assert result.tobytes() == ft.convolve(a, v, method="fft", **options).tobytes()
        np.testing.assert_allclose(result, ft.convolve(a, v, method="direct", **options), atol=1e-4)


def test_a_transform_is_not_kept_for_other_steps():
    # Nine entries of taps and 45 of outputs, whatever the steps.
    kinds = [(taps, outputs) for taps in (1, 2) for outputs in (1, 2)]
    arguments = [
        (
            *(np.ones(100), np.ones(8 // taps + 1), np.empty(44 // outputs + 1)),
            *([0], [_core.Boundary.fill], [(outputs, taps)], 0.0, 1),
        )
        for taps, outputs in kinds
    ]
    for own in arguments:
        kept = _core.KeptTransformFloat64(*own)
        assert kept.correlate(*own)
        for other in arguments:
            if other is not own:
                with pytest.raises(ValueError, match="kept for another problem"):
                    kept.correlate(*other)


@pytest.mark.parametrize("fill", [1, 2j, 1 + 2j])
def test_a_complex_value_outside_and_a_real_kernel(fill):
    rng = np.random.default_rng(4)
    a, v = rng.normal(size=300) + 1j * rng.normal(size=300), rng.normal(size=80)
    options = {"mode": "same", "boundary": "constant", "fill_value": fill}
    plan = ft.plan(v, 300, dtype=complex, method="fft", **options)
    expected = ft.convolve(a, v, method="direct", **options)
    for _ in range(2):
        np.testing.assert_allclose(plan(a), expected, atol=1e-12)


def test_a_kernel_that_is_longer_than_the_array_is_not_kept():
    a, v = rng.normal(size=500), rng.normal(size=4000)
    plan = ft.plan(v, 500, method="fft")
    for _ in range(2):
        np.testing.assert_array_equal(plan(a), ft.convolve(a, v, method="fft"))


@pytest.mark.parametrize("dtype", [np.complex64, np.complex128])
@pytest.mark.parametrize("fill_value", [0, 2, 2j, 2 + 3j])
def test_real_taps_are_kept_for_both_parts_of_a_complex_array(dtype, fill_value):
    a = (rng.normal(size=(2, 60, 70)) * np.array([1, 1j]).reshape(2, 1, 1)).sum(0).astype(dtype)
    v = rng.normal(size=(30, 40)).astype(a.real.dtype)
    options: dict[str, Any] = {"mode": "same", "boundary": "constant", "fill_value": fill_value}
    plan = ft.plan(v, a.shape, dtype=dtype, method="fft", **options)
    for _ in range(2):
        assert plan(a).tobytes() == ft.convolve(a, v, method="fft", **options).tobytes()


def test_a_plan_takes_numbers_of_the_other_byte_order():
    a, v = np.arange(1000).astype(">i4"), np.arange(300).astype(">i4")
    plan = ft.plan(v, a.shape, dtype=a.dtype)
    np.testing.assert_array_equal(plan(a), np.convolve(np.arange(1000), np.arange(300)))


def test_many_threads_may_make_the_spectrum_at_once():
    a, v = rng.normal(size=(8, 20_000)), rng.normal(size=9_000)
    plan = ft.plan(v, 20_000)
    assert plan.method == "fft"
    expected = [ft.convolve(line, v) for line in a]
    with ThreadPoolExecutor(8) as pool:
        for result, line in zip(pool.map(plan, a), expected, strict=True):
            np.testing.assert_array_equal(result, line)


def test_many_threads_may_call_at_once():
    a, v = rng.normal(size=50_000), rng.normal(size=100)
    expected = ft.convolve(a, v, method="direct")
    with ThreadPoolExecutor(8) as pool:
        for result in pool.map(lambda _: ft.convolve(a, v, method="direct", threads=4), range(40)):
            np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("name", ["shape", "method", "error_factor", "boundary"])
def test_a_plan_stays_as_it_was_made(name):
    planned = ft.plan(np.ones(3), 10)
    with pytest.raises(AttributeError, match=f"{name} cannot be set: .*make another"):
        setattr(planned, name, 3)
    assert planned.shape == (10,)
