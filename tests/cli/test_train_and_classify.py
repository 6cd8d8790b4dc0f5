from __future__ import annotations

import importlib.util
import sys

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load_file


def stripes(lying, shift):
    """A gray picture of stripes, lying or standing."""
    lines = np.where((np.arange(12) + shift) % 4 < 2, 230, 20).astype(np.uint8)
    return np.tile(lines[:, None], (1, 12)) if lying else np.tile(lines, (12, 1))


@pytest.fixture
def folder(tmp_path):
    """Ten pictures of each of two classes, one that is none, and a stray file."""
    for name, lying in (("lying", True), ("standing", False)):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for shift in range(10):
            path = tmp_path / "pictures" / name / f"{shift}.png"
            Image.fromarray(stripes(lying, shift)).save(path)
    (tmp_path / "pictures" / "lying" / "broken.png").write_bytes(b"no picture")
    (tmp_path / "pictures" / "notes.txt").write_text("a stray file")
    return tmp_path / "pictures"


@pytest.fixture
def model(faltung, folder):
    assert folder.is_dir()
    outcome = faltung("train", "pictures", "-o", "model.safetensors", "--epochs", "20", "-q")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    return "model.safetensors"


def test_train_says_what_it_learned_and_what_it_skipped(faltung, folder, tmp_path):
    outcome = faltung("train", "pictures", "-o", "m.safetensors", "--epochs", "3")
    assert outcome.code == 0
    first, second = outcome.out.splitlines()
    assert first == (
        "m.safetensors: 2 classes (lying, standing); learned from 16 of 20 pictures as 12 × 12 "
        "gray, 3 epochs"
    )
    assert " of the 4 held out told right (95 % interval " in second
    assert second.endswith("the network saved is this one, which has not seen them")
    broken, stray = sorted(outcome.err.splitlines())
    assert broken.startswith("faltung: warning: pictures/lying/broken.png: is not a picture in any")
    assert stray == "faltung: warning: pictures/notes.txt: lies in no class folder: skipped"
    report = faltung("train", "pictures", "-o", "n.safetensors", "--epochs", "3", "--json").json
    assert (report["classes"], report["pictures"]) == (["lying", "standing"], 20)
    assert (len(report["history"]), len(report["skipped"])) == (3, 2)
    assert (report["learned_from"], report["held_out"]["pictures"]) == (16, 4)
    faltung("train", folder, "-o", "o.safetensors", "--epochs", "3", "--seed", "1")
    weights, same, other = (load_file(tmp_path / f"{name}.safetensors") for name in "mno")
    assert (tmp_path / "m.safetensors").read_bytes() == (tmp_path / "n.safetensors").read_bytes()
    assert all(np.array_equal(weights[key], same[key]) for key in weights)
    assert not all(np.array_equal(weights[key], other[key]) for key in weights)


def test_the_score_is_that_of_the_network_that_is_saved(faltung, folder):
    from faltung.nn import ImageClassifier

    report = faltung("train", "pictures", "-o", "m.safetensors", "--epochs", "6", "--json").json
    score, saved = report["held_out"], ImageClassifier.load("m.safetensors")
    assert saved.held_out_ is not None
    assert (saved.held_out_.right, saved.held_out_.pictures) == (score["right"], score["pictures"])
    assert score["accuracy"] == score["right"] / score["pictures"]
    assert tuple(score["interval_95_percent"]) == saved.held_out_.interval
    assert score["interval_95_percent"][0] <= score["accuracy"] <= score["interval_95_percent"][1]


def test_nothing_held_out_is_said_to_be_no_score(faltung, folder):
    options = ("-o", "m.safetensors", "--epochs", "2", "--held-out", "0")
    outcome = faltung("train", "pictures", *options)
    assert "learned from 20 of 20 pictures" in outcome.out
    assert "none held out, so that nothing says how good it is" in outcome.out
    report = faltung("train", "pictures", *options, "--json").json
    assert (report["held_out"], report["learned_from"]) == (None, 20)


def test_a_class_of_one_picture_cannot_be_held_out(faltung, folder):
    (folder / "single").mkdir()
    Image.fromarray(stripes(True, 0)).save(folder / "single" / "only.png")
    outcome = faltung("train", "pictures", "-o", "m.safetensors")
    assert (outcome.code, outcome.out) == (1, "")
    assert "class 'single' has one picture" in outcome.err
    assert "held_out=0" in outcome.err
    assert not (folder.parent / "m.safetensors").exists()
    outcome = faltung(
        "train", "pictures", "-o", "m.safetensors", "--held-out", "0", "--epochs", "1"
    )
    assert outcome.code == 0


def test_classify_names_new_pictures(faltung, model, tmp_path):
    for name, lying in (("a b.png", True), ("c.png", False)):
        rgb = np.repeat(stripes(lying, 1)[..., None], 3, axis=2)
        Image.fromarray(rgb).resize((30, 30)).save(tmp_path / name)
    outcome = faltung("classify", model, "a b.png", "c.png")
    assert (outcome.code, outcome.err) == (0, "")
    rows = [line.split("\t") for line in outcome.out.splitlines()]
    assert [row[:2] for row in rows] == [["a b.png", "lying"], ["c.png", "standing"]]
    assert all(0.5 < float(row[2]) <= 1 for row in rows)
    report = faltung("classify", model, "c.png", "--json").json["files"][0]
    assert sum(report["probabilities"].values()) == pytest.approx(1, rel=1e-12)
    assert report["probability"] == max(report["probabilities"].values())
    assert report["class"] == "standing"


def test_an_unreadable_file_is_named_and_skipped(faltung, model, tmp_path):
    Image.fromarray(stripes(True, 2)).save(tmp_path / "good.png")
    (tmp_path / "bad.png").write_bytes(b"no picture")
    outcome = faltung("classify", model, "bad.png", "good.png", "missing.png")
    assert outcome.code == 1
    assert outcome.out.startswith("good.png\tlying\t")
    errors = outcome.err.splitlines()
    assert [line.split(": ")[:3] for line in errors] == [
        ["faltung", "error", "bad.png"], ["faltung", "error", "missing.png"]
    ]  # fmt: skip
    assert errors[1].endswith("missing.png: there is no such file")
    both = faltung("classify", model, "bad.png", "good.png", "--json")
    assert both.code == 1
    assert [set(entry) >= {"error"} for entry in both.json["files"]] == [True, False]


def test_a_folder_is_named_and_a_picture_of_any_size_is_told(faltung, model, folder, tmp_path):
    Image.fromarray(stripes(True, 2)[:5, :5]).save(tmp_path / "tiny.png")
    outcome = faltung("classify", model, "pictures", "tiny.png")
    assert outcome.code == 1
    assert outcome.err == "faltung: error: pictures: is a folder: name the pictures in it\n"
    assert outcome.out.startswith("tiny.png\t")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["train", "no", "-o", "m.safetensors"],
            1,
            "no: does not exist: name a folder with one folder",
        ),
        (
            ["train", "empty", "-o", "m.safetensors"],
            1,
            "holds no folders: put the pictures of each class",
        ),
        (
            ["train", "hollow", "-o", "m.safetensors"],
            1,
            "the folders a, b hold no files: put the pictures of each class into one",
        ),
        (["train", "pictures", "-o", "no/m.safetensors"], 1, "no/m.safetensors: the folder "),
        (["train", "pictures", "-o", "m"], 1, "m: has no suffix, but a network is written to"),
        (["train", "pictures"], 2, "Missing option '-o' / '--output'"),
        (
            ["train", "pictures", "-o", "m.safetensors", "--epochs", "0"],
            2,
            "0 is not in the range x>=1",
        ),
        (
            ["train", "pictures", "-o", "m.safetensors", "--held-out", "1"],
            2,
            "1.0 is not in the range 0<=x<=0.9",
        ),
        (["classify", "no.safetensors", "a.png"], 1, "no.safetensors: does not exist"),
        (["classify", "pictures/notes.txt", "a.png"], 1, "cannot be read as safetensors"),
        (["classify", "m"], 2, "Missing argument 'FILES...'"),
    ],
)
def test_errors_leave_nothing_behind(faltung, folder, tmp_path, arguments, code, message):
    (tmp_path / "empty").mkdir()
    for name in "ab":
        (tmp_path / "hollow" / name).mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    outcome = faltung(*arguments)
    assert (outcome.code, outcome.out) == (code, "")
    assert message in outcome.err
    assert code == 2 or outcome.err.startswith("faltung: error: ")
    assert sorted(tmp_path.rglob("*")) == before
    assert folder.is_dir()


def test_one_epoch_is_one(faltung, folder):
    outcome = faltung("train", folder, "-o", "m.safetensors", "--epochs", "1")
    assert (outcome.code, ", 1 epoch\n" in outcome.out) == (0, True)


def test_a_picture_is_not_overwritten_by_a_network(faltung, folder):
    path = folder / "lying" / "0.png"
    before = path.read_bytes()
    outcome = faltung("train", "pictures", "-o", path)
    assert (outcome.code, outcome.out) == (1, "")
    assert "has the suffix '.png', but a network is written to .safetensors alone" in outcome.err
    assert outcome.err.endswith("0.safetensors\n")
    assert path.read_bytes() == before


def test_without_safetensors_nothing_is_trained(faltung, folder, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "safetensors" else find(name)
    )
    outcome = faltung("train", folder, "-o", "m.safetensors")
    assert outcome.code == 1
    assert (
        "saving a model needs safetensors, which is not installed: pip install 'faltung[nn]'"
        in (outcome.err)
    )
    monkeypatch.setitem(sys.modules, "safetensors", None)
    outcome = faltung("classify", "m.safetensors", "a.png")
    assert (outcome.code, "pip install 'faltung[nn]'" in outcome.err) == (1, True)
