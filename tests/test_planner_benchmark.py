"""The benchmark of the planner: its problems, its clock and its sums."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.planner import Outcome, measure_case, summary
from benchmarks.planner_cases import Case, draw_cases, operands, possible
from faltung import _core


def test_the_problems_are_the_same_for_the_same_seed_and_cover_what_they_should():
    cases = draw_cases(240, 1)
    assert cases == draw_cases(240, 1) != draw_cases(240, 2)
    assert {len(case.shape) for case in cases} == {1, 2, 3}
    assert {case.mode for case in cases} == {"full", "same", "valid"}
    assert len({case.dtype for case in cases}) == 5
    assert {case.boundary for case in cases if case.mode != "same"} == {"zero"}
    sizes = [np.prod(case.shape) for case in cases]
    assert min(sizes) < 50
    assert max(sizes) > 300_000
    assert any(case.product for case in cases)
    for case in cases:
        assert all(3 <= k <= n for k, n in zip(case.taps, case.shape, strict=True))


@pytest.mark.parametrize(
    ("case", "methods"),
    [
        (Case(0, (300,), (20,), "float64", "full", "zero", False), {"direct", "fft"}),
        (
            Case(1, (30, 20), (5, 5), "float32", "same", "wrap", True),
            {"direct", "fft", "separable"},
        ),
        (Case(2, (30, 20), (5, 5), "float32", "valid", "zero", False), {"direct", "fft"}),
        (Case(3, (500,), (90,), "int64", "full", "zero", False), {"direct", "fft"}),
        (Case(4, (50, 9), (5, 3), "complex128", "full", "zero", False), {"direct", "fft"}),
    ],
)
def test_each_method_is_timed_and_the_table_is_put_back(case, methods):
    before = _core.costs()
    outcome = measure_case(case, 1)
    assert _core.costs() == before
    assert set(outcome.predicted) == methods
    assert set(outcome.seconds) | set(outcome.skipped) == methods | {"auto"}
    assert outcome.chosen in outcome.seconds
    assert all(seconds > 0 for seconds in outcome.seconds.values())
    a, v = operands(case)
    assert a.dtype == v.dtype == case.dtype
    assert possible(case, a, v)[0] == outcome.chosen


def test_the_sums():
    case = Case(7, (9,), (3,), "float64", "full", "zero", False)
    times = [{"auto": 1.0, "direct": 1.0, "fft": 2.0}, {"auto": 3.0, "direct": 3.0, "fft": 2.0}]
    outcomes = [Outcome(case, "direct", seconds, {}, ()) for seconds in times]
    assert [outcome.best for outcome in outcomes] == ["direct", "fft"]
    assert [outcome.ratio for outcome in outcomes] == [1.0, 1.5]
    lines = summary(outcomes, 1).splitlines()
    assert lines[0].startswith("2 problems, within 1.1: 50.0%, within 1.3: 50.0%, worst 1.50")
    assert lines[1].split()[0] == "1.50"
    assert len(lines) == 2
