"""What the documentation shows is executed: the README's Python, and every docstring's example."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import numpy as np
import pytest

import faltung

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


class Finder(doctest.DocTestFinder):
    """Finds the examples of decorated functions too."""

    def _from_module(self, module, object):
        return super()._from_module(module, inspect.unwrap(object))  # type: ignore[misc]


def module_names():
    found = pkgutil.walk_packages(faltung.__path__, "faltung.")
    return sorted(name.name for name in found if not name.name.endswith(("__main__", "_core")))


@pytest.mark.parametrize("name", module_names())
def test_examples_in_docstrings(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    module, runner = importlib.import_module(name), doctest.DocTestRunner()
    with np.printoptions(legacy=False):
        for example in Finder().find(module, name):
            runner.run(example)
    assert runner.failures == 0


NAMED = [
    f"{wing}.{name}" for wing in ("images", "kernels") for name in getattr(faltung, wing).__all__
]


@pytest.mark.parametrize("name", NAMED)
def test_one_help_says_what_is_taken_and_returned(name):
    wing, _, function = name.partition(".")
    named = getattr(getattr(faltung, wing), function)
    parameters = inspect.signature(named).parameters.values()
    assert not [p for p in parameters if p.kind is p.VAR_KEYWORD]
    words = re.findall(r"^    (\w+(?:, \w+)*)(?: : .*)?$", named.__doc__, re.MULTILINE)
    told = {word for line in words for word in line.split(", ")}
    assert {p.name for p in parameters} <= told
    assert "\n    Returns\n    -------\n" in named.__doc__


@pytest.mark.parametrize("wing", ["images", "kernels"])
def test_a_wing_lists_its_public_names_alone(wing):
    assert dir(getattr(faltung, wing)) == sorted(getattr(faltung, wing).__all__)


def code_of(page):
    return re.findall(r"^```python\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_python_on_the_pages(page, tmp_path, monkeypatch):
    """The blocks of one page run one after the other; `>>>` examples are compared."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for number, code in enumerate(code_of(page)):
        if code.lstrip().startswith(">>>"):
            example = doctest.DocTestParser().get_doctest(code, names, page.name, str(page), 0)
            names = example.globs
            assert doctest.DocTestRunner().run(example, clear_globs=False).failed == 0
            names.update(example.globs)
        else:
            exec(compile(code, f"{page.name} block {number}", "exec"), names)
