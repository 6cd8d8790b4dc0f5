"""What `help`, completion and the reference tell of the names that a user meets."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from faltung import functions
from faltung.functions import Animation, Function, SampledConvolution, resolution

REFERENCE = (Path(__file__).parents[2] / "docs" / "reference.md").read_text()


def members_of(place, holders):
    names = [name for name in dir(place) if not name.startswith("_")]
    return {
        f"{holders}.{name}": getattr(place, name)
        for name in names
        if inspect.isroutine(getattr(place, name))
    }


OF_FUNCTIONS = members_of(Function, "Function")
HELPED = {
    **members_of(functions, "functions"),
    **members_of(resolution, "resolution"),
    **OF_FUNCTIONS,
}
ALL = {
    **HELPED,
    **members_of(Animation, "Animation"),
    **members_of(SampledConvolution, "SampledConvolution"),
}


def section(doc, title):
    found = re.search(rf"^{title}\n-+\n(.*?)(?=^\w[^\n]*\n-+\n|\Z)", doc, re.MULTILINE | re.DOTALL)
    return found.group(1) if found else ""


@pytest.mark.parametrize("name", ALL)
def test_help_names_each_parameter(name):
    told = section(inspect.getdoc(ALL[name]) or "", "Parameters")
    lines = re.findall(r"^\*{0,2}(\w+(?:, \w+)*)(?: : .*)?$", told, re.MULTILINE)
    words = {word for line in lines for word in line.split(", ")}
    assert set(inspect.signature(ALL[name]).parameters) - {"self", "options"} <= words


@pytest.mark.parametrize("name", HELPED)
def test_help_has_an_example(name):
    assert ">>> " in section(inspect.getdoc(HELPED[name]) or "", "Examples")


@pytest.mark.parametrize("place", [functions, resolution])
def test_completion_offers_public_names_alone(place):
    assert dir(place) == sorted(place.__all__)


@pytest.mark.parametrize(
    "name", [*functions.__all__, *(f"resolution.{n}" for n in resolution.__all__)]
)
def test_the_reference_names_all_that_is_public(name):
    named = rf"^ *(?:\.\. auto(?:class|function):: faltung\.)?functions\.{re.escape(name)}$"
    assert re.search(named, REFERENCE, re.MULTILINE) or name == "Function"
