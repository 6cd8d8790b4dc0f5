from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from faltung.errors import FileError, MissingExtraError, OptionError
from faltung.tour import run
from faltung.tour.run import CHAPTERS, as_chapters

from .html_check import PageReader

# The function of the same name hides the module from `faltung.tour.run`.
MODULE = sys.modules["faltung.tour.run"]
QUICK = ["is", "means", "dimensions"]


@pytest.fixture(scope="module")
def result(photo, tmp_path_factory):
    out = tmp_path_factory.mktemp("tour") / "tour.html"
    steps: list[str] = []
    made = run(photo=photo, out=out, chapters=QUICK, progress=steps.append)
    assert len(steps) == 7
    return made


@pytest.fixture(scope="module")
def reader(result):
    return PageReader(Path(result.path).read_text(encoding="utf-8"))


def test_the_page_is_self_contained_and_well_formed(reader):
    assert reader.faults == []
    assert reader.headings == ["What it is", "What it means", "In two dimensions"]


def test_every_figure_has_a_picture_a_caption_and_a_command(reader):
    hero, *figures = reader.figures
    assert hero["pictures"] == 2
    assert len(figures) == 17
    for figure in figures:
        assert figure["pictures"] >= 1
        assert (figure["captions"], figure["commands"]) == (1, 1)


def test_sizes_are_width_by_height(reader):
    assert "96\u00a0×\u00a072" in reader.text
    assert "72\u00a0×\u00a096" not in reader.text


def test_a_photo_of_ones_own_has_no_roof(reader):
    assert "roof" not in reader.text
    assert "knows what the photograph shows" in reader.text


def test_the_page_says_what_was_done_to_a_large_photo(reader, tmp_path):
    from PIL import Image

    path = tmp_path / "large.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (700, 1400), np.uint8)).save(path)
    made = run(photo=path, out=tmp_path / "tour.html", chapters="dimensions")
    text = PageReader(Path(made.path).read_text(encoding="utf-8")).text
    assert "reduced from the 1400\u00a0×\u00a0700 of the file to 960\u00a0×\u00a0480" in text
    assert "reduced from" in made.figures["two_dimensions"]["photo_note"]
    assert "reduced from" not in reader.text


def test_percent_signs_stay_beside_their_numbers(reader):
    import re

    assert not re.search(r"\d %(?!\w)", reader.text)
    assert re.search(r"\d\u00a0%", reader.text)


def test_no_slot_of_a_template_is_left(reader):
    assert "$" not in reader.text


def test_commands_fit_their_column(reader):
    lines = [line for code in reader.codes for line in code.splitlines()]
    assert lines
    assert not [line for line in lines if len(line) > 57 and "a disc" not in line]


def test_a_file_name_is_quoted_for_the_shell_and_escaped_for_the_page(result, reader):
    assert any("a disc & more.png'" in code for code in reader.codes)
    assert "disc & more" not in Path(result.path).read_text(encoding="utf-8")


def test_the_figures_can_be_written_as_json(result):
    assert json.loads(json.dumps(result.figures)) == result.figures
    assert set(result.figures["seconds"]) == {*(CHAPTERS[name] for name in QUICK), "total"}
    assert result.figures["seed"] == 0
    assert "figures" not in repr(result)


def test_the_page_is_small(result):
    assert Path(result.path).stat().st_size < 4_000_000


def test_the_same_seed_gives_the_same_page_but_for_times(photo, tmp_path):
    first, second = (
        run(photo=photo, out=tmp_path / f"{name}.html", chapters="means", seed=3) for name in "ab"
    )
    for figures in (first.figures, second.figures):
        figures.pop("seconds")
    assert first.figures == second.figures


# Bad input: an error before any work


@pytest.fixture
def no_work(monkeypatch):
    def refuse(*_):
        raise AssertionError("work was begun")

    monkeypatch.setattr(MODULE, "tell", refuse)


@pytest.mark.parametrize("package", ["matplotlib", "sklearn", "PIL"])
def test_a_missing_extra_names_the_line_that_installs_it(package, monkeypatch, no_work, tmp_path):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == package else found(name)
    )
    with pytest.raises(MissingExtraError, match=r"pip install 'faltung\[tour\]'"):
        run(out=tmp_path / "tour.html")


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"chapters": "mean"}, OptionError, "Did you mean 'means'"),
        ({"chapters": []}, OptionError, "names none"),
        ({"seed": -1}, OptionError, "seed=-1"),
        ({"seed": 1.5}, OptionError, "seed=1.5"),
        ({"photo": "nowhere.png"}, FileError, "nowhere.png"),
        ({"pictures": "nowhere"}, FileError, "does not exist"),
        ({"out": "tour.pdf"}, OptionError, r"ends in \.html or \.htm: write 'tour\.html'"),
        ({"out": "tour"}, OptionError, "write 'tour.html'"),
        ({"out": "no/such/folder/tour.html"}, FileError, "does not exist"),
    ],
)
def test_bad_input_is_refused_before_any_work(options, error, text, no_work, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=text):
        run(**options)
    assert list(tmp_path.iterdir()) == []


def test_a_photo_that_is_none_is_refused(no_work, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"this is no picture")
    with pytest.raises(FileError, match=r"broken\.png"):
        run(photo=broken, out=tmp_path / "tour.html")
    np.save(tmp_path / "array.npy", np.zeros((64, 64)))
    with pytest.raises(FileError, match="is not a picture"):
        run(photo=tmp_path / "array.npy", out=tmp_path / "tour.html")


def test_a_folder_is_no_page(no_work, tmp_path):
    with pytest.raises(FileError, match="is a folder"):
        run(out=tmp_path)


def test_a_page_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    out = tmp_path / "tour.html"
    out.write_text("before")

    def fail(*_):
        raise ValueError("half way")

    monkeypatch.setattr(MODULE, "tell", fail)
    with pytest.raises(ValueError, match="half way"):
        run(out=out)
    assert out.read_text() == "before"
    assert list(tmp_path.iterdir()) == [out]


def test_progress_goes_to_stderr_and_only_if_wanted(tmp_path, capsys):
    out = tmp_path / "tour.html"
    run(out=out, chapters="1", progress=True)
    shown = capsys.readouterr()
    assert "2/2" in shown.err
    assert shown.out == ""
    run(out=out, chapters="1")
    assert capsys.readouterr().err == ""


def test_chapters_go_by_name_and_number():
    assert as_chapters(None) == ["is", "means", "dimensions", "does"]
    assert as_chapters("what-it-does") == ["does"]
    assert as_chapters(["3", "what_it_is", "Is"]) == ["is", "dimensions"]


def test_importing_the_tour_imports_no_extra():
    import subprocess

    code = "import sys, faltung.tour; print({'matplotlib', 'sklearn', 'PIL', 'tqdm'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
