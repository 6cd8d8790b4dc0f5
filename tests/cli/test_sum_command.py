from __future__ import annotations

import math
import re
from fractions import Fraction

import pytest

DICE = {total: 6 - abs(total - 7) for total in range(2, 13)}


def rows(text, columns):
    """The numbers of a table: lines that begin with as many numbers as there are columns."""
    found = []
    for line in text.splitlines():
        words = line.split()
        try:
            found.append([Fraction(word) for word in words[:columns]])
        except ValueError:
            continue
    return [row for row in found if len(row) == columns]


def test_two_dice_as_a_table_with_bars(faltung):
    outcome = faltung("sum", "d6", "d6")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("S = d6 + d6: mean 7, standard deviation 2.41523, from 2 to 12\n")
    table = rows(outcome.out, 3)
    assert [int(x) for x, _, _ in table] == list(DICE)
    for x, single, beyond in table:
        assert float(single) == pytest.approx(DICE[int(x)] / 36, rel=1e-5)
        above = sum(ways for total, ways in DICE.items() if total > x)
        assert float(beyond) == pytest.approx(above / 36, rel=1e-5)
    bars = [line.count("█") + line.count("#") for line in outcome.out.splitlines()[3:14]]
    assert bars[5] == max(bars) >= 10
    assert bars[0] == pytest.approx(bars[5] / 6, abs=1)
    assert "Exact" in outcome.out


def test_fractions(faltung):
    table = rows(faltung("sum", "d6", "d6", "--exact", "--tail", "9").out, 3)
    assert [(int(x), single) for x, single, _ in table] == [
        (total, Fraction(ways, 36)) for total, ways in DICE.items()
    ]
    assert "\nP(S > 9) = 1/6\n" in faltung("sum", "d6", "d6", "--exact", "--tail", "9").out


def test_tails(faltung):
    out = faltung("sum", "normal(0,1)", "uniform(0,2)", "--tail", "3", "--tail", "-2.5").out

    def tail(x):  # the mean of the normal tail at x - u over u in (0, 2)
        def integral(t):  # of the normal tail
            density = math.exp(-t * t / 2) / math.sqrt(2 * math.pi)
            return t * math.erfc(t / math.sqrt(2)) / 2 - density

        return (integral(x) - integral(x - 2)) / 2

    for x in (3, -2.5):
        line = next(line for line in out.splitlines() if line.startswith(f"P(S > {x}) = "))
        assert float(line.rpartition("= ")[2]) == pytest.approx(tail(x), rel=1e-9)
    assert "density" in out


def test_long_laws_are_shown_in_bins_that_hold_the_middle(faltung):
    outcome = faltung("sum", "100d6", "--tail", "499")
    masses = [row[2] for row in rows(outcome.out, 3)]
    assert len(masses) <= 24
    assert 0.998 <= sum(masses) <= 1
    assert "P(S > 499) = 2.5234342767446676e-20" in outcome.out


def test_json(faltung):
    law = faltung("sum", "d6", "d6", "--tail", "11", "--json").json
    assert law["points"] == [float(total) for total in DICE]
    assert law["probabilities"] == pytest.approx([ways / 36 for ways in DICE.values()], rel=1e-15)
    assert law["tails"] == [{"x": 11.0, "probability": pytest.approx(1 / 36, rel=1e-15)}]
    assert (law["mean"], law["support"], law["quantiles"]["0.5"]) == (7.0, [2.0, 12.0], 7.0)
    assert 0 < law["error_bound"] < 1e-15
    exact = faltung("sum", "d6", "d6", "--exact", "--json").json
    assert exact["probabilities"] == [str(Fraction(ways, 36)) for ways in DICE.values()]
    continuous = faltung("sum", "normal(1,3)", "normal(2,4)", "--json").json
    assert continuous["support"] == [None, None]
    assert continuous["std"] == pytest.approx(5, rel=1e-12)
    assert continuous["quantiles"]["0.5"] == pytest.approx(3, abs=1e-9)


def test_json_of_a_density_has_the_curve(faltung):
    law = faltung("sum", "expon(1)", "expon(1)", "--json").json
    assert len(law["points"]) == len(law["densities"]) == 257
    assert law["points"][0] == 0
    assert law["points"] == sorted(law["points"])
    assert (1 + law["points"][-1]) * math.exp(-law["points"][-1]) < 5e-4
    for x, density in zip(law["points"], law["densities"], strict=True):
        assert abs(density - x * math.exp(-x)) <= law["density_error_bound"] < 1e-12
    assert 0 <= law["neglected_mass"] < 1e-15
    assert "probabilities" not in law
    box = faltung("sum", "uniform(-1,1)", "--json").json
    assert (box["points"][0], box["points"][-1]) == (-1, 1)
    assert "densities" not in faltung("sum", "d6", "--json").json


def test_a_tail_of_a_million_dice(faltung):
    outcome = faltung("sum", "1000000d6", "--tail", "3510000")
    assert "P(S > 3510000) = 2.37498" in outcome.out
    assert "3499770  0.000231488" in outcome.out
    assert ["0.999", "3505278"] in [line.split() for line in outcome.out.splitlines()]


def test_the_window_of_an_unbounded_law_is_told(faltung):
    outcome = faltung("sum", "poisson(3)", "2")
    assert outcome.out.startswith(
        "S = poisson(3) + 2: mean 5, standard deviation 1.73205, from 2 to inf"
    )
    told = re.search(r"plus (\S+) in all .* Kept from 2 to (\d+), the rest neglected", outcome.out)
    assert told
    assert 0 < float(told[1]) < 1e-299
    law = faltung("sum", "poisson(3)", "2", "--json").json
    assert law["support"] == [2, None]
    assert law["window"] == [2, float(told[2])] == [law["points"][0], law["points"][-1]]
    assert law["neglected_mass"] == pytest.approx(float(told[1]), rel=0.1)
    whole = faltung("sum", "d6", "--json").json
    assert (whole["window"], whole["neglected_mass"]) == (whole["support"], 0)


def test_a_constant_and_one_law_alone(faltung):
    assert rows(faltung("sum", "-2", "d2", "-.5").out, 3)[0][0] == Fraction(-3, 2)
    assert "S = d6 + -d6: mean 0," in faltung("sum", "--", "d6", "-d6").out
    assert "S = d4: mean 2.5" in faltung("sum", "d4").out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["2d6", "d6 + x3"], 1, "unknown name 'x3' at character 6"),
        (["d6 +"], 1, "stands where a law or a number must"),
        (["normal(0,1)", "--exact"], 1, "--exact: the law of normal(0,1) has no exact"),
        (["normal(0,-1)"], 1, "normal"),
        (["d6", "--tail", "nan"], 2, "nan is not a number"),
        (["d6", "-d6"], 2, "If it is an operand that begins with a minus, write '--' before"),
        (["1000000d6", "--exact"], 1, "add fewer dice, or write normal(MEAN, STANDARD DEVIATION)"),
        (["d6", "--tail", "much"], 2, "'much' is not a valid float"),
        ([], 2, "Missing argument 'LAW...'"),
    ],
)
def test_errors(faltung, arguments, code, message):
    outcome = faltung("sum", *arguments)
    assert (outcome.code, outcome.out) == (code, "")
    assert message in outcome.err
    assert "to_float" not in outcome.err
    assert code == 2 or outcome.err.startswith("faltung: error: ")
    assert code == 2 or outcome.err.count("\n") == 1


def test_an_error_shows_the_text_in_one_line(faltung):
    assert faltung("sum", "2d6 + x3").err.endswith("in '2d6 + x3'\n")
