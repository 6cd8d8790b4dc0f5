from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import faltung as ft

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


def test_threads_do_not_change_the_bits():
    a = rng.normal(size=(200, 300)).astype(np.float32)
    v = rng.normal(size=(9, 9)).astype(np.float32)
    one = ft.convolve(a, v, method="direct", threads=1)
    for threads in (2, 3, 7):
        np.testing.assert_array_equal(ft.convolve(a, v, method="direct", threads=threads), one)


def test_many_threads_may_call_at_once():
    a, v = rng.normal(size=50_000), rng.normal(size=100)
    expected = ft.convolve(a, v, method="direct")
    with ThreadPoolExecutor(8) as pool:
        for result in pool.map(lambda _: ft.convolve(a, v, method="direct", threads=4), range(40)):
            np.testing.assert_array_equal(result, expected)
