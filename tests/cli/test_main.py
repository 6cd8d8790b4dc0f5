from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import click
import numpy as np
import pytest
from PIL import Image

import faltung as ft
from faltung.cli import bars, messages
from faltung.cli.main import main
from faltung.errors import missing_extra

COMMANDS = sorted(main.commands)


def test_the_commands_and_their_help(faltung):
    outcome = faltung("--help")
    assert outcome.code == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\S", outcome.out, re.MULTILINE)
    assert faltung().code == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_help_begins_with_examples_that_parse(faltung, command):
    help_text = faltung(command, "--help").out
    assert help_text.startswith(f"Usage: faltung {command}")
    assert f"\n  $ faltung {command}" in help_text.split("Options:")[0]
    first = help_text.split("\n\n")[1]
    examples = [line.strip() for line in first.splitlines()]
    assert all(line.startswith("$ ") for line in examples)
    declared = {name for p in main.commands[command].params for name in p.opts}
    for line in examples:
        used = set(re.findall(r"(?<=\s)(--?[a-z][a-z-]*)(?=\s|$)", line.rpartition("faltung ")[2]))
        assert used <= declared


def test_a_mistyped_command_is_guessed(faltung):
    outcome = faltung("convole")
    assert outcome.code == 2
    assert "No such command 'convole'" in outcome.err
    assert "convolve" in outcome.err


def test_config(faltung):
    assert faltung("config", "--json").json == ft.configuration.configuration()
    assert ft.__version__ in faltung("config").out
    assert ft.__version__ in faltung("--version").out


def test_an_instruction_set_that_is_none_is_an_error_in_one_line(monkeypatch):
    monkeypatch.setenv("FALTUNG_ISA", "x86-64-v2")
    done = subprocess.run(
        [sys.executable, "-m", "faltung", "config"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    words = r"faltung: error: FALTUNG_ISA in the environment: .* 'x86-64-v2' is not available: "
    assert re.fullmatch(words + r"this machine has .*; write one of these\n", done.stderr)


def test_python_m_and_its_exit_code(tmp_path):
    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "faltung", *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )

    done = run("sum", "d4", "--json")
    assert (done.returncode, json.loads(done.stdout)["mean"]) == (0, 2.5)
    failed = run("convolve", "no.npy", "box:3", "-o", "b.npy")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr == "faltung: error: no.npy: there is no such file\n"


def test_the_commands_import_nothing_but_click():
    """Nothing heavy beside what ``import faltung`` loads: the work begins inside the command."""
    script = (
        "import sys, faltung; before = set(sys.modules); import faltung.cli.main;"
        "print(*sorted({m.split('.')[0] for m in set(sys.modules) - before}"
        " - set(sys.stdlib_module_names)));"
        "print(*[m for m in set(sys.modules) - before if m.startswith('faltung.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    packages, modules = done.stdout.splitlines()
    assert packages.split() == ["click", "faltung"]
    assert all(name.startswith(("faltung.cli", "faltung.options")) for name in modules.split())


@pytest.mark.parametrize(
    ("environment", "terminal", "coloured"),
    [({}, True, True), ({}, False, False), ({"NO_COLOR": "1"}, True, False),
     ({"NO_COLOR": ""}, True, True), ({"TERM": "dumb"}, True, False)],
)  # fmt: skip
def test_colour_only_where_it_is_wanted(monkeypatch, environment, terminal, coloured):
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    shown = []
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: terminal))
    monkeypatch.setattr(click, "echo", lambda text, **_: shown.append(text))
    messages.show_error("it broke")
    assert ("\x1b[" in shown[0]) == coloured
    assert click.unstyle(shown[0]) == "faltung: error: it broke"


def test_a_bug_keeps_its_traceback(faltung, monkeypatch):
    def break_down():
        raise ZeroDivisionError

    monkeypatch.setattr("faltung.configuration.show_config", break_down)
    with pytest.raises(ZeroDivisionError):
        faltung("config")


def test_missing_memory_is_an_error_in_one_line(faltung, monkeypatch):
    def break_down():
        raise MemoryError("Unable to allocate 8 TiB")

    monkeypatch.setattr("faltung.configuration.show_config", break_down)
    outcome = faltung("config")
    assert outcome.code == 1
    assert outcome.err == "faltung: error: not enough memory: Unable to allocate 8 TiB\n"


@pytest.fixture
def fake_tour(monkeypatch):
    """Stands for faltung.tour, which takes a minute: what it was called with."""
    calls = []

    def run(**options):
        calls.append(options)
        return SimpleNamespace(figures={"accuracy": 0.99}, path=options["out"])

    monkeypatch.setitem(sys.modules, "faltung.tour", SimpleNamespace(run=run))
    return calls


def test_tour_passes_its_options_on(faltung, fake_tour):
    outcome = faltung("tour")
    assert (outcome.code, outcome.out) == (0, "tour.html\n")
    assert fake_tour.pop() == {
        "photo": None, "pictures": None, "out": "tour.html", "chapters": None, "seed": 0,
        "progress": None,
    }  # fmt: skip
    outcome = faltung(
        "tour", "--photo", "a.jpg", "--pictures", "b", "--out", "c.html", "--chapter", "means",
        "--chapter", "does", "--seed", "3", "--json", "-q",
    )  # fmt: skip
    assert outcome.json == {"accuracy": 0.99}
    assert fake_tour.pop() == {
        "photo": "a.jpg", "pictures": "b", "out": "c.html", "chapters": ("means", "does"), "seed": 3,
        "progress": False,
    }  # fmt: skip


def test_a_quiet_tour_prints_nothing(faltung, fake_tour):
    outcome = faltung("tour", "-q")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert fake_tour.pop()["progress"] is False


@pytest.mark.parametrize("name", ["picture.png", "page", "page.html.gz", ""])
def test_the_tour_is_written_to_html_alone(faltung, fake_tour, picture, tmp_path, name):
    outcome = faltung("tour", "--out", name)
    assert (outcome.code, outcome.out, fake_tour) == (1, "", [])
    assert "but the page is written to .html or .htm alone: write " in outcome.err
    assert np.array_equal(np.asarray(Image.open(tmp_path / "picture.png")), picture)
    assert faltung("tour", "--out", "PAGE.HTM").code == 0


def test_the_tour_itself_tells_a_chapter(faltung, tmp_path):
    outcome = faltung("tour", "--chapter", "is", "--out", "page.html", "--json")
    assert outcome.code == 0
    assert "what_it_is" in outcome.json["seconds"]
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")
    unknown = faltung("tour", "--chapter", "mean", "--out", "page.html")
    assert unknown.code == 1
    assert "Did you mean 'means'?" in unknown.err
    missing = faltung("tour", "--photo", "no.jpg", "--out", "page.html")
    assert missing.code == 1
    assert "no.jpg" in missing.err


def test_tour_opens_its_page(faltung, fake_tour, monkeypatch, tmp_path):
    opened: list[str] = []
    monkeypatch.setattr(click, "launch", opened.append)
    assert faltung("tour", "--open", "--out", "my page.html").code == 0
    assert opened == [(tmp_path / "my page.html").as_uri()]
    assert len(fake_tour) == 1


def test_tour_without_its_extra_says_the_line(faltung, monkeypatch):
    def run(**_):
        raise missing_extra("matplotlib", "tour", "the tour")

    monkeypatch.setitem(sys.modules, "faltung.tour", SimpleNamespace(run=run))
    outcome = faltung("tour")
    assert outcome.code == 1
    assert "which is not installed: pip install 'faltung[tour]'" in outcome.err


def test_bars_in_eighths_and_in_plain_characters(monkeypatch):
    heights = [0.0, 1.0, 0.5, 1 / 80]
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: SimpleNamespace(columns=14))
    drawn = bars.table(["x"], [["1"], ["2"], ["3"], ["4"]], heights)
    assert drawn.splitlines() == ["x", "1", "2  ██████████", "3  █████", "4  ▏"]
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(encoding="ascii"))
    drawn = bars.table(["x"], [["1"], ["2"], ["3"], ["4"]], heights)
    assert drawn.splitlines() == ["x", "1", "2  ##########", "3  #####", "4"]
