"""The benchmark itself: its cases, its peers' conventions, its clock and its sums."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

from benchmarks.agreement import difference, tolerance
from benchmarks.draw_grid import draw
from benchmarks.measure import Limits, Row, measure
from benchmarks.ours import OURS
from benchmarks.peers import load_peers
from benchmarks.peers.contract import Peer, Task
from benchmarks.problems import FIELDS, GRID, NAMED, Problem, operands, read_problems
from benchmarks.report import line, named_summary, summary, write_csv
from benchmarks.timing import time_in_turn

QUICK = Limits(rounds=1, threads=2)


def reference(problem, a, v):
    """The sums as they are written, over the array continued by hand."""
    names: dict[str, Any] = {
        "zero": "constant",
        "mirror": "reflect",
        "edge": "edge",
        "wrap": "wrap",
    }
    starts = [(k - 1) // 2 for k in v.shape]
    if problem.mode == "full":
        margins = [(k - 1, k - 1) for k in v.shape]
    elif problem.mode == "same":
        margins = [(k - 1 - start, start) for k, start in zip(v.shape, starts, strict=True)]
    else:
        margins = [(0, 0)] * v.ndim
    wide = np.pad(a.astype(object), margins, mode=names[problem.boundary])
    answer = np.zeros(problem.output_shape, object)
    for place in itertools.product(*map(range, v.shape)):
        corner = [k - 1 - i for k, i in zip(v.shape, place, strict=True)]
        window = tuple(slice(c, c + n) for c, n in zip(corner, answer.shape, strict=True))
        answer += wide[window] * v[place].item()
    return answer.astype(complex if problem.complex else float)


SMALL = [
    Problem(f"{'x'.join(map(str, shape))}-{taps}-{dtype}-{mode}-{boundary}", shape, taps, dtype, mode, boundary)
    for shape, taps in [((23,), (4,)), ((20,), (20,)), ((8, 9), (3, 4)), ((5, 6, 7), (3, 2, 5))]
    for mode, boundary in [
        ("full", "zero"), ("same", "zero"), ("valid", "zero"),
        ("same", "mirror"), ("same", "edge"), ("same", "wrap"),
    ]
    for dtype in ("float32", "float64", "uint8", "int64", "complex128")
]  # fmt: skip


def test_the_grid_is_as_issued():
    grid = read_problems(GRID)
    assert len(grid) >= 220
    assert len({problem.name for problem in grid}) == len(grid)
    assert {problem.rank for problem in grid} == {1, 2, 3}
    sizes = [math.prod(problem.shape) for problem in grid]
    assert min(sizes) < 30
    assert 5e6 < max(sizes) <= 10**7
    assert min(min(problem.taps) for problem in grid) == 3
    assert any(problem.taps == problem.shape for problem in grid)
    assert all(k <= n for p in grid for k, n in zip(p.taps, p.shape, strict=True))


def test_the_grid_is_drawn_as_it_is_kept():
    kept = read_problems(GRID)
    drawn = draw()
    assert [row["name"] for row in drawn] == [problem.name for problem in kept]
    assert set(drawn[0]) == set(FIELDS)


def test_the_named_cases_can_be_read_and_have_peers():
    named = read_problems(NAMED)
    required = {problem.name: problem.required for problem in named}
    assert required["1d-f64-1e6x1e6"] == 3
    assert required["3d-f32-128-5"] == 20
    prefixes = {"", "numpy", "opencv", "scipy", "flint", "in flint", "normwise"}
    assert {problem.against for problem in named} <= prefixes


@pytest.mark.parametrize("problem", SMALL, ids=lambda problem: problem.name)
def test_every_peer_answers_the_same_question(problem):
    a, v = operands(problem)
    expected = reference(problem, a, v)
    taking = [peer for peer in load_peers(2)[0] if peer.takes(problem)]
    assert len(taking) >= 2
    for peer in taking:
        answer = peer.build(Task(problem, a, v, 2))()
        assert difference(problem, answer, expected) <= tolerance(problem), peer.name


def test_kernels_of_rank_one_have_peers_by_axis():
    problem = Problem("rank-one", (12, 13), (5, 4), "float64", "same", "mirror", "binomial")
    a, v = operands(problem)
    assert np.linalg.matrix_rank(v) == 1
    peer = next(peer for peer in load_peers(2)[0] if peer.name == "scipy ndimage by axis")
    answer = peer.build(Task(problem, a, v, 2))()
    assert difference(problem, answer, reference(problem, a, v)) <= tolerance(problem)


def test_operands_depend_on_the_name_alone():
    problem = Problem("one", (9,), (3,), "float32")
    for first, second in zip(operands(problem), operands(problem), strict=True):
        np.testing.assert_array_equal(first, second)
    other = Problem("two", (9,), (3,), "float32")
    assert not np.array_equal(operands(problem)[0], operands(other)[0])


def wrong_peer(build):
    return Peer("wrong", lambda _: True, lambda _: 0.0, build)


def test_no_case_ends_the_run():
    def raises(task):
        raise MemoryError("none left")

    problem = Problem("tiny", (30,), (5,), "float64")
    numpy = next(peer for peer in load_peers(2)[0] if peer.name == "numpy")
    slow = Peer("slow", lambda _: True, lambda _: 9.0, raises)
    row = measure(problem, [numpy, wrong_peer(raises), slow], QUICK)
    assert row.status == "timed"
    assert row.best_peer == "numpy"
    assert row.ratio > 0
    assert row.left_out == {"wrong": "raised MemoryError: none left", "slow": "some 9 s"}


def test_a_different_answer_is_seen():
    problem = Problem("tiny", (30,), (5,), "float64")
    shifted = wrong_peer(lambda task: lambda: np.roll(np.convolve(task.a, task.v), 1))
    row = measure(problem, [shifted], QUICK)
    assert row.status == "differs"
    assert "wrong by" in row.message
    assert OURS in row.seconds


def test_what_we_refuse_is_counted(tmp_path):
    refused = measure(Problem("c", (30,), (5,), "complex128"), load_peers(2)[0], QUICK)
    timed = measure(Problem("f", (30,), (5,), "float64", required=1e9), load_peers(2)[0], QUICK)
    rows = [refused, timed]
    if refused.status == "refused":  # until we take complex numbers
        assert math.isnan(refused.ratio)
        assert "1 refused" in summary(rows)
    assert "2 cases" in summary(rows)
    assert "SHORT" in line(timed)
    assert "0 of 1 requirements met" in named_summary(rows)
    write_csv(rows, tmp_path / "figures.csv")
    assert len((tmp_path / "figures.csv").read_text().splitlines()) == 3


def test_the_mean_is_geometric():
    rows = [
        Row(Problem(name, (9,), (3,), "float64"), seconds=times, fastest=times)
        for name, times in [("a", {OURS: 1.0, "numpy": 8.0}), ("b", {OURS: 1.0, "numpy": 0.5})]
    ]
    assert "geometric mean 2.00 over the 2 timed cases" in summary(rows)
    assert "1 cases below 0.95" in summary(rows)


def test_a_hopeless_peer_is_not_waited_for():
    calls = dict.fromkeys(("ours", "fast", "slow"), 0)

    def count(name):
        calls[name] += 1

    contestants = {name: (lambda name=name: count(name)) for name in calls}
    first = {"ours": 9.0, "fast": 1.0, "slow": 8.0}
    samples = time_in_turn(contestants, first, "ours", 3)
    assert calls == {"ours": 3, "fast": 3, "slow": 0}
    assert samples["slow"] == [8.0]
    assert len(samples["ours"]) == 3
