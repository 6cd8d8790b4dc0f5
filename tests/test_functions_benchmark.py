"""The benchmark of functions: its truths, its peers, what counts as right, its tables."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks.findings import OURS
from benchmarks.functions import pages
from benchmarks.functions.__main__ import main
from benchmarks.functions.cases import SLOW, Bar, Case, Operand, exact, spread
from benchmarks.functions.catalogue import all_cases
from benchmarks.functions.measure import Errors, Row, measure
from benchmarks.functions.peers import load_peers
from benchmarks.functions.peers.contract import Peer
from benchmarks.functions.report import bar_text, lines, summary, write_csv
from benchmarks.measure import Limits
from faltung.errors import ResolutionError

QUICK = Limits(rounds=1, threads=2)
CASES = {case.name: case for case in all_cases()}
# Where SciPy's quadrature, or a grid, takes too long or says nothing.
TOO_MUCH = {"cos-4153", "cos-1e5", "sinc"}
CONVOLVED = [
    case
    for case in CASES.values()
    if case.operation == "convolve" and case.name not in TOO_MUCH and not case.g.deltas
]


def peer(name):
    return next(found for found in load_peers()[0] if found.name == name)


def few(case, count=3):
    return replace(case, points=case.points[:count], tails=())


def two_boxes(**options):
    box = Operand(np.ones_like, (-1.0, 1.0))
    return Case(
        "boxes", box, box, exact(lambda t: max(2 - abs(t), 0)), spread(-2, 2, 200), **options
    )


def test_what_the_issue_requires_of_time_is_there():
    seconds = {name: case.bar.seconds for name, case in CASES.items() if case.bar.seconds < 9}
    assert seconds == {
        "cos-4153": 0.1, "cos-581-by-1099": 0.1, "pieces-40-by-40": 0.5, "cos-1e5": 1.0,
        "gaussian-on-line": 0.02, "sech": 0.05, "evaluate-cos-4153": 0.05,
        "evaluate-gaussian-on-line": 0.05, "evaluate-lorentz": 0.05,
    }  # fmt: skip


def test_the_names_are_unique_and_the_points_inside():
    assert len(CASES) == len(all_cases())
    for case in CASES.values():
        assert np.isfinite(case.places).all(), case
        assert case.places.size == case.points.size + len(case.tails), case


@pytest.mark.parametrize("case", CONVOLVED, ids=str)
def test_a_formula_is_what_quadrature_gives(case):
    case = few(case)
    truth = case.truth(case.points)
    found = peer("quad").build(case)()
    assert np.abs(found - truth).max() <= 1e-8 * np.abs(truth).max()


@pytest.mark.parametrize("degree", range(1, 8))
def test_a_spline_is_what_a_grid_gives(degree):
    case = CASES[f"b-spline-{degree}"]
    truth = case.truth(case.points)
    assert np.abs(peer("grid 1e4").build(case)() - truth).max() < 1e-6


def test_an_echo_is_what_a_grid_gives():
    case = CASES["echo"]
    jumps = np.add.outer([-1.0, 1.0], [place for place, _ in case.g.deltas]).ravel()
    near = np.abs(np.subtract.outer(case.points, jumps)).min(axis=1) < 2e-3
    assert near.sum() < 20
    apart = np.abs(peer("grid 1e4").build(case)() - case.truth(case.points))
    assert apart[~near].max() < 1e-10


SMALL = ("cos-25", "cos-25-by-35", "pieces-5-by-5", "periodic-bessel", "exponential", "voigt")


@pytest.mark.parametrize("name", SMALL)
def test_every_peer_answers_the_same_question(name):
    case = few(CASES[name], 40)
    truth = case.truth(case.points)
    asked = [one for one in load_peers()[0] if one.takes(case) and one.name != "grid 1e6"]
    assert len(asked) >= 3
    for one in asked:
        if name == "voigt" and one.name in ("chebpy", "grid 1e4"):
            continue  # one refuses its tails, the other cuts them
        found = one.build(case)()
        assert np.abs(found - truth).max() <= 2e-3 * np.abs(truth).max(), one.name


def test_complex_numbers_stay_complex_on_a_grid():
    case = CASES["complex-1-by-2"]
    assert np.abs(peer("grid 1e4").build(case)() - case.truth(case.points)).max() < 1e-5


def asked(build, *, seconds=0.0, name="other"):
    return Peer(name, lambda _: True, build, lambda _: seconds)


def right(case):
    return lambda: case.truth(case.places)


def test_a_peer_that_is_wrong_is_shown_and_is_not_the_best():
    case = two_boxes()
    wrong = asked(lambda case: lambda: 1.001 * case.truth(case.places), name="wrong")
    row = measure(case, [wrong, asked(right)], QUICK)
    assert (row.status, row.best_peer) == ("timed", "other")
    assert row.errors["wrong"].scaled == pytest.approx(1e-3, rel=0.02)
    assert row.ratio > 0
    assert "wrong" in lines(row)
    assert measure(case, [wrong], QUICK).status == "alone"


def test_a_peer_that_is_wrong_in_the_tails_is_not_the_best():
    case = two_boxes(tails=(1.999,))

    def build(case):
        answer = case.truth(case.places)
        answer[-1] *= 1.5
        return lambda: answer

    row = measure(case, [asked(build)], QUICK)
    assert row.status == "alone"
    assert row.errors["other"].relative == pytest.approx(0.5)
    assert row.errors[OURS].relative < 1e-12


def test_no_number_is_an_infinite_error():
    row = measure(two_boxes(), [asked(lambda case: lambda: np.nan * case.places)], QUICK)
    assert row.errors["other"].scaled == math.inf
    row = measure(two_boxes(), [asked(lambda case: lambda: case.places[:7])], QUICK)
    assert row.errors["other"].scaled == math.inf


def test_no_peer_ends_the_run():
    def raises(case):
        raise MemoryError("none left")

    case = two_boxes(left_out={"slow": SLOW, "never": "cannot"})
    peers = [asked(raises), asked(raises, seconds=9.0, name="long"), asked(right, name="slow")]
    peers += [asked(raises, name="never")]
    row = measure(case, peers, QUICK)
    assert row.left_out == {
        "other": "raised MemoryError: none left", "long": "some 9 s", "slow": SLOW, "never": "cannot",
    }  # fmt: skip
    patient = measure(case, peers, QUICK, slow=True)
    assert patient.best_peer == "slow"
    assert patient.left_out["long"].startswith("raised")
    assert patient.left_out["never"] == "cannot"


def test_ours_is_seen_when_it_is_wrong():
    row = measure(replace(two_boxes(), truth=lambda t: np.full(t.shape, 2.0)), [], QUICK)
    assert row.status == "differs"
    assert "off by" in row.message


def test_what_is_required_and_not_reached():
    row = Row(case=two_boxes(bar=Bar(0.1, 1e-13, 1e-10)))
    row.seconds, row.fastest = {OURS: 0.2}, {OURS: 0.15}
    row.errors = {OURS: Errors(1e-12, 1e-9)}
    assert row.shortfalls == ["time", "error", "tails"]
    row.seconds, row.errors = {OURS: 0.05}, {OURS: Errors(1e-14, math.nan)}
    assert row.shortfalls == ["tails"]
    assert bar_text(row.case.bar) == "100 ms, 1e-13, 1e-10"


def test_a_refusal_is_right_where_it_is_allowed():
    def swings(x):
        raise ResolutionError("swings")

    case = two_boxes(bar=Bar(error=1e-10))
    case = replace(case, f=Operand(swings, (0.0, 1.0)))
    row = measure(case, [], QUICK)
    assert (row.status, row.shortfalls) == ("refused", ["refused"])
    assert measure(replace(case, refusal=True), [], QUICK).shortfalls == []
    assert "bars: 0 of 1 reached" in summary([row])
    assert "swings" in lines(row)


def test_making_and_evaluating_are_timed_too():
    made = measure(two_boxes(operation="build", bar=Bar(5.0)), [], QUICK)
    assert made.case.operation == "build"
    assert made.seconds[OURS] > 0
    evaluated = measure(two_boxes(operation="evaluate", bar=Bar(5.0)), [], QUICK)
    assert evaluated.shortfalls == []


def test_the_tables(tmp_path):
    rows = [
        measure(two_boxes(bar=Bar(5.0, 1e-13)), [asked(right, name="grid 1e6")], QUICK),
        measure(two_boxes(), [], QUICK),
    ]
    assert "bars: 1 of 1 reached" in summary(rows)
    write_csv(rows, tmp_path / "figures.csv")
    assert len((tmp_path / "figures.csv").read_text().splitlines()) == 4
    page = tmp_path / "page.md"
    page.write_text(f"before\n{pages.BEGIN}old\n{pages.END}after\n")
    pages.write_page(rows, page)
    written = page.read_text()
    assert written.startswith("before\n")
    assert written.endswith("after\n")
    assert "old" not in written
    assert "| grid 10⁶ |" in written
    assert "ChebPy" not in written
    assert written.count("`boxes`") == 2
    assert "| 5000 ms, 1e-13, - |" in written
    pages.write_page(rows, page)
    assert page.read_text() == written


def run(*arguments):
    # What the command sets is put back.
    return CliRunner(env={"FALTUNG_NUM_THREADS": None}).invoke(main, arguments)


def test_the_whole_table_is_written_or_none():
    result = run("--docs", "--only", "echo")
    assert result.exit_code == 2
    assert "leave out --only" in result.output


def test_the_cases_that_are_asked_for_are_chosen():
    result = run("--only", "echo", "--rounds", "1")
    assert result.exit_code == 0, result.output
    assert "1 cases" in result.output
    assert "bars: 1 of 1 reached" in result.output
    result = run("--only", "no such case")
    assert result.exit_code == 2


def test_the_page_has_the_marks():
    text = pages.PAGE.read_text()
    assert text.count(pages.BEGIN) == text.count(pages.END) == 1
