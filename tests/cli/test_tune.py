from __future__ import annotations

import json
import math

import pytest

from faltung import _core
from faltung.arrays import saved_costs
from faltung.arrays.tuning import Fit, Tuning


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("FALTUNG_CONFIG_HOME", str(tmp_path / "config"))
    yield
    _core.set_costs({})
    saved_costs._source.clear()


@pytest.fixture
def measured(monkeypatch):
    """The measurement, replaced by its result: the shipped costs, one of them changed."""
    costs = {**_core.shipped_costs(), "call.slice": 12.5}
    found = Tuning(_core.shipped_costs(), costs, (Fit("direct.float32", 22, 1.01, 0.7),))
    monkeypatch.setattr("faltung.arrays.tuning.tune", lambda **_: found)
    return found


def test_a_quick_measurement_as_json(faltung, tmp_path):
    outcome = faltung("tune", "--quick", "--json")
    assert outcome.code == 0
    assert not outcome.err
    assert outcome.json["before"] == _core.shipped_costs()
    assert outcome.json["nanoseconds"].keys() == _core.costs().keys()
    assert all(0 < cost < math.inf for cost in outcome.json["nanoseconds"].values())
    assert len(outcome.json["fits"]) == 7
    assert outcome.json["saved"] is None
    assert not (tmp_path / "config").exists()


def test_old_and_new_values_are_shown(faltung, measured):
    outcome = faltung("tune")
    words = [line.split() for line in outcome.out.splitlines()]
    assert ["call.slice", "10", "12.5"] in words
    assert ["direct.float32", "22", "1.01", "0.70"] in words
    assert {line[0] for line in words if line} >= measured.costs.keys()
    assert not outcome.err


def test_saved_shown_and_removed(faltung, measured, tmp_path):
    path = tmp_path / "config" / "costs.json"
    assert str(path) in faltung("tune", "--save").err
    document = json.loads(path.read_text())
    assert document["nanoseconds"] == measured.costs
    assert document["version"] == _core.version
    assert document["processor"] == saved_costs.processor_name()
    assert [entry.name for entry in path.parent.iterdir()] == ["costs.json"]
    saved_costs.use_saved_costs()
    assert faltung("config", "--json").json["costs"] == str(path)
    assert str(path) in faltung("config").out
    assert str(path) in faltung("tune", "--reset").err
    assert not path.exists()
    assert _core.costs() == _core.shipped_costs()
    assert faltung("config", "--json").json["costs"] == "shipped"
    assert "no saved table" in faltung("tune", "--reset").err
    assert faltung("tune", "--reset", "--json").json == {"removed": None}


def test_the_file_is_named_in_json(faltung, measured, tmp_path):
    outcome = faltung("tune", "--save", "--json")
    assert outcome.json["saved"] == str(tmp_path / "config" / "costs.json")
    assert outcome.json["nanoseconds"] == measured.costs
    assert not outcome.err


def test_quiet_says_nothing(faltung, measured):
    outcome = faltung("tune", "--save", "--quiet")
    assert outcome.code == 0
    assert outcome.out == outcome.err == ""
    assert measured.costs["call.slice"] == 12.5


def test_reset_measures_nothing(faltung):
    for option in ("--save", "--quick"):
        outcome = faltung("tune", "--reset", option)
        assert outcome.code == 2
        assert "write it alone" in outcome.err


def test_a_folder_that_cannot_be_made_is_an_error_in_one_line(faltung, measured, tmp_path):
    (tmp_path / "config").write_text("a file")
    outcome = faltung("tune", "--save")
    assert outcome.code == 1
    assert outcome.err.startswith("faltung: error: ")
    assert len(outcome.err.splitlines()) == 1
    assert measured.fits
