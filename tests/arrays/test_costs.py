from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import faltung as ft
from faltung import _core
from faltung.arrays import saved_costs
from faltung.arrays.methods import METHODS
from faltung.arrays.saved_costs import CostsWarning, costs_path, save_costs, use_saved_costs
from faltung.arrays.tuning import tune
from faltung.arrays.tuning.clock import fastest, forcing, one_thread
from faltung.arrays.tuning.fit import fitted
from faltung.options import Method


@pytest.fixture(autouse=True)
def shipped(monkeypatch, tmp_path):
    """A user without a table, and the shipped costs afterwards."""
    monkeypatch.setenv("FALTUNG_CONFIG_HOME", str(tmp_path / "config"))
    before = _core.costs()
    _core.set_costs({})
    yield
    _core.set_costs(before)
    saved_costs._source.clear()


def with_free(method):
    return forcing(method, _core.shipped_costs())


def test_costs_are_replaced_by_name_and_the_others_are_the_shipped_ones():
    _core.set_costs({"direct.float64.call": 1.5})
    _core.set_costs({"transform.float32.point": 7})
    expected = _core.shipped_costs() | {"transform.float32.point": 7.0}
    assert _core.costs() == expected
    assert _core.cost("transform.float32.point") == 7
    _core.set_costs({})
    assert _core.costs() == _core.shipped_costs()
    assert all(0 < cost < math.inf for cost in _core.costs().values())


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"direct.call": 1.0}, ValueError, "direct.call is no cost"),
        ({"call.slice": 0.0}, ValueError, "above zero"),
        ({"call.slice": -1.0}, ValueError, "above zero"),
        ({"call.slice": math.nan}, ValueError, "finite"),
        ({"call.slice": math.inf}, ValueError, "finite"),
        ({"call.slice": "much"}, TypeError, "numbers by name"),
    ],
)
def test_what_is_no_cost_changes_nothing(changed, error, said):
    _core.set_costs({"call.slice": 3.0})
    with pytest.raises(error, match=said):
        _core.set_costs({"call.whole": 2.0, **changed})
    assert _core.costs() == _core.shipped_costs() | {"call.slice": 3.0}
    with pytest.raises(ValueError, match="no cost"):
        _core.cost("slice")


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
def test_the_method_is_the_one_that_the_table_makes_free(dtype):
    rng = np.random.default_rng(1)
    a, v = rng.normal(size=5000).astype(dtype), rng.normal(size=700).astype(dtype)
    results = {}
    for method in ("direct", "fft"):
        _core.set_costs(with_free(method))
        assert ft.plan(v, a.shape, dtype=dtype).method == method
        results[method] = ft.convolve(a, v)
        np.testing.assert_array_equal(results[method], ft.arrays.convolve(a, v, method=method))
    bound = ft.plan(v, a.shape, dtype=dtype, method="fft").error_bound(a)
    bound += ft.plan(v, a.shape, dtype=dtype, method="direct").error_bound(a)
    assert 0 < abs(results["direct"] - results["fft"]).max() <= bound


def test_lines_are_chosen_where_they_are_free():
    v = np.outer([1.0, 2.0, 1.0], [1.0, 0.0, -1.0])
    assert ft.plan(v, (30, 30)).method == "direct"
    _core.set_costs(with_free("separable"))
    assert ft.plan(v, (30, 30)).method == "separable"


def test_whole_numbers_are_the_same_whatever_is_free():
    a, v = np.arange(-9000, 9000), np.arange(-300, 300)
    expected = np.convolve(a, v)
    for method in ("direct", "fft"):
        _core.set_costs(with_free(method))
        assert ft.arrays.plan(v, a.shape, dtype=int).method == method
        np.testing.assert_array_equal(ft.convolve(a, v), expected)
        np.testing.assert_array_equal(ft.arrays.convolve(a, v), expected)


def predicted_milliseconds(plan, method):
    line = next(x for x in plan.explain().splitlines() if x.split()[0] == method)
    return float(line.split()[1])


def test_a_plan_explains_by_the_table_in_use():
    plan = ft.plan(np.random.default_rng(0).normal(size=5000), 1_000_000)
    before = {method: predicted_milliseconds(plan, method) for method in ("direct", "fft")}
    names = _core.shipped_costs()
    _core.set_costs({n: 2 * c for n, c in names.items() if n.startswith("transform.")})
    assert predicted_milliseconds(plan, "direct") == before["direct"]
    assert predicted_milliseconds(plan, "fft") == pytest.approx(2 * before["fft"], rel=0.02)
    assert predicted_milliseconds(plan, "fft") > before["fft"]


def test_tables_may_be_replaced_while_others_call():
    a, v = np.random.default_rng(2).normal(size=(2, 3000))
    expected = {m: ft.arrays.convolve(a, v, method=m).tobytes() for m in ("direct", "fft")}

    def work(number):
        _core.set_costs(with_free("direct" if number % 2 else "fft"))
        return ft.convolve(a, v).tobytes()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(work, range(200))) <= set(expected.values())


def test_the_quick_bound_on_a_transform_never_decides_otherwise():
    """What is direct at once is direct by the whole prediction too."""
    rng = np.random.default_rng(3)
    for _ in range(300):
        rank = int(rng.integers(1, 4))
        shape = tuple(int(n) for n in np.exp(rng.uniform(1, 7 / rank + 1, rank)) + 3)
        taps = tuple(int(rng.integers(1, n + 1)) for n in shape)
        plan = ft.plan(rng.normal(size=taps), shape)
        if plan.method == "separable":
            continue
        direct, fft = (
            METHODS[method].seconds(plan._call.problem) for method in (Method.DIRECT, Method.FFT)
        )
        assert plan.method == ("direct" if direct <= fft else "fft")
        a = rng.normal(size=shape)
        np.testing.assert_array_equal(ft.convolve(a, plan._kernel), plan(a))


def test_costs_come_out_of_times_even_where_some_are_wrong():
    rng = np.random.default_rng(4)
    costs = np.array([500.0, 2.0, 0.2])
    counts = np.exp(rng.uniform(0, [1, 8, 12], (60, 3)))
    times = counts @ costs
    times[::20] *= 5
    found = fitted(counts, times, 1.4 * costs)
    np.testing.assert_allclose(found, costs, rtol=0.25)
    assert (fitted(counts, counts @ [500.0, 0.0, 0.2], costs) > 0).all()


def test_the_clock_takes_the_fastest_sample():
    spent = iter([0.01, *([0.002] * 50)])

    def call():
        import time

        time.sleep(next(spent))

    assert 2e6 <= fastest(call, 5) < 9e6
    threads = _core.default_threads()
    with one_thread():
        assert _core.default_threads() == 1
    assert _core.default_threads() == threads


def test_tuning_measures_every_cost_and_changes_no_table():
    steps = []
    found = tune(quick=True, advance=lambda done, of: steps.append((done, of)))
    assert _core.costs() == _core.shipped_costs() == found.before
    assert found.costs.keys() == found.before.keys()
    assert all(0 < cost < math.inf for cost in found.costs.values())
    assert found.costs != found.before
    assert [done for done, _ in steps] == list(range(1, steps[-1][1] + 1))
    assert all(0.4 < fit.median < 2.5 for fit in found.fits)
    _core.set_costs(found.costs)


def test_where_a_table_is_saved(monkeypatch, tmp_path):
    assert costs_path() == tmp_path / "config" / "costs.json"
    monkeypatch.delenv("FALTUNG_CONFIG_HOME")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "shared"))
    assert costs_path() == tmp_path / "shared" / "faltung" / "costs.json"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert costs_path() == tmp_path / ".config" / "faltung" / "costs.json"


def in_a_fresh_process(code):
    words = [sys.executable, "-W", "always", "-c", code]
    return subprocess.run(words, capture_output=True, text=True, check=True, env=os.environ)


CODE = (
    "import numpy as np, faltung as ft; from faltung import _core;"
    "from faltung.configuration import configuration;"
    "plan = ft.plan(np.ones(9), 100);"
    "print(plan.method, _core.cost('call.slice'), configuration()['costs'])"
)


def test_a_saved_table_is_used_by_a_fresh_process():
    assert in_a_fresh_process(CODE).stdout.split() == ["direct", "10.0", "shipped"]
    path = save_costs({**with_free("fft"), "call.slice": 3.5})
    done = in_a_fresh_process(CODE)
    assert done.stdout.split() == ["fft", "3.5", str(path)]
    assert not done.stderr


BROKEN = {
    "no table": "[1, 2]",
    "half": '{"version": ',
    "empty": "",
    "deep": "[" * 100_000,
    "null costs": '{"nanoseconds": null}',
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_gives_one_warning_that_says_how_to_mend_it(text):
    costs_path().parent.mkdir()
    costs_path().write_text(text)
    with pytest.warns(CostsWarning, match="faltung tune --reset") as told:
        use_saved_costs()
    assert len(told) == 1
    assert _core.costs() == _core.shipped_costs()
    done = in_a_fresh_process(CODE)
    assert done.stdout.split() == ["direct", "10.0", "shipped"]
    assert done.stderr.count("CostsWarning") == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": "0.0.1"}, "version '0.0.1'"),
        ({"processor": "abacus"}, "processor 'abacus'"),
        ({"nanoseconds": {}}, "lacks"),
        ({"nanoseconds": {**_core.shipped_costs(), "call.slice": -1}}, "above zero"),
        ({"nanoseconds": {**_core.shipped_costs(), "call.slice": "x"}}, "x"),
        ({"nanoseconds": {**_core.shipped_costs(), "call.dice": 1}}, "call.dice"),
    ],
)
def test_a_table_of_another_version_or_processor_is_not_used(change, said):
    path = save_costs(with_free("fft"))
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.warns(CostsWarning, match=said):
        use_saved_costs()
    assert _core.costs() == _core.shipped_costs()


def test_without_a_file_nothing_is_said():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        use_saved_costs()
    assert saved_costs.costs_source() is None


def test_a_file_that_cannot_be_read_gives_a_warning():
    costs_path().mkdir(parents=True)
    with pytest.warns(CostsWarning, match="cannot be read"):
        use_saved_costs()
