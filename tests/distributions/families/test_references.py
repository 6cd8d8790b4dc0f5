"""Both tails of the families against stored values, down to 1e-300."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import mpmath
import pytest
from scipy import stats

from faltung.distributions import NamedDensity, distribution
from tests.distributions.families.exact import values
from tests.distributions.families.write_references import located, reference

with Path(__file__).with_name("references.csv").open(newline="") as file:
    ROWS = list(csv.DictReader(file))

LAWS = sorted({(row["family"], row["shapes"], row["loc"], row["scale"]) for row in ROWS})


def law_of(name, shapes, loc, scale):
    shapes = map(float, shapes.split())
    place = float(Fraction(loc)), float(Fraction(scale))
    law = distribution(getattr(stats, name)(*shapes, *place))
    assert isinstance(law, NamedDensity)
    return law


def rows_of(key):
    return [r for r in ROWS if (r["family"], r["shapes"], r["loc"], r["scale"]) == key]


@pytest.mark.parametrize("key", LAWS, ids=lambda key: " ".join(key))
def test_values_within_the_bound(key):
    law = law_of(*key)
    assert law.error_bound <= 1e-10
    with mpmath.workdps(40):
        for row in rows_of(key):
            for name in ("pdf", "cdf", "sf"):
                true = mpmath.mpf(row[name])
                got = getattr(law, name)(float(row["x"]))
                if true >= 1e-300:
                    assert abs(got / true - 1) <= law.error_bound, (name, row["x"])
                log = getattr(law, "log" + name)(float(row["x"]))
                assert abs(log - mpmath.log(true)) <= law.error_bound + 4e-16 * abs(log)


def test_there_are_enough_values():
    count = sum(float(row[name]) >= 1e-300 for row in ROWS for name in ("pdf", "cdf", "sf"))
    assert count >= 400
    assert sum(1e-300 <= float(row["sf"]) < 1e-100 for row in ROWS) >= 20
    assert sum(1e-300 <= float(row["cdf"]) < 1e-100 for row in ROWS) >= 20


@pytest.mark.parametrize("row", ROWS[:: max(len(ROWS) // 12, 1)])
def test_the_table_is_what_its_script_writes(row):
    name, shapes = row["family"], tuple(map(float, row["shapes"].split()))
    place = located(name, row["loc"], row["scale"])
    known = values(reference(name), shapes, *place, float(row["x"]))
    assert [mpmath.nstr(value, 30) for value in known] == [row["pdf"], row["cdf"], row["sf"]]


def test_estimates_are_near_the_errors():
    """In the median over the families' values within a factor of 1000."""
    ratios = []
    with mpmath.workdps(40):
        for key in LAWS:
            law = law_of(*key)
            for row in rows_of(key):
                for name in ("pdf", "cdf", "sf"):
                    true = mpmath.mpf(row[name])
                    error = abs(getattr(law, name)(float(row["x"])) / true - 1)
                    ratios.append(float(law.error_estimate / max(error, mpmath.mpf(2) ** -54)))
    assert 1e-3 < sorted(ratios)[len(ratios) // 2] < 1e3
