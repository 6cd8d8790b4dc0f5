"""What the documentation shows is executed: the README's Python, and every docstring's example."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import numpy as np
import pytest

import faltung

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def module_names():
    found = pkgutil.walk_packages(faltung.__path__, "faltung.")
    return sorted(name.name for name in found if not name.name.endswith(("__main__", "_core")))


@pytest.mark.parametrize("name", module_names())
def test_examples_in_docstrings(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with np.printoptions(legacy=False):
        result = doctest.testmod(importlib.import_module(name), raise_on_error=False)
    assert result.failed == 0


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
