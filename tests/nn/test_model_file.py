"""Model files: everything comes back, nothing half-written, nothing damaged accepted."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from faltung import nn
from faltung.errors import DataError, FileError

IMAGES = np.random.default_rng(0).random((24, 8, 8))
LABELS = np.arange(24) % 3


def trained(labels=LABELS, images=IMAGES, **options):
    settings = {"width": 3, "epochs": 2, "progress": False} | options
    return nn.ImageClassifier(**settings).fit(images, labels)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.safetensors"


@pytest.mark.parametrize(
    "kinds", [(0, 1, 2), ("a", "ä", "名"), (False, True), (0.1, 0.2, 1e300), (-1, "minus one", 2.5)]
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_was_saved_comes_back(kinds, dtype, path):
    labels = [kinds[i % len(kinds)] for i in LABELS]
    found = trained(labels, dtype=dtype)
    found.save(path)
    again = nn.ImageClassifier.load(path)
    assert again.predict_proba(IMAGES).tobytes() == found.predict_proba(IMAGES).tobytes()
    assert list(again.classes_) == list(found.classes_)
    assert again.classes_.dtype == found.classes_.dtype
    assert again.history_ == found.history_
    assert again.format_ == found.format_
    assert repr(again) == repr(found)


def test_colour_and_size_come_back(path):
    images = np.random.default_rng(0).integers(0, 256, (24, 20, 30, 3), dtype=np.uint8)
    found = trained(images=images, size=(9, 12))
    found.save(path)
    again = nn.ImageClassifier.load(str(path))
    assert again.format_.shape == (3, 9, 12)
    np.testing.assert_array_equal(again.predict_proba(images), found.predict_proba(images))


def test_the_file_is_plain_safetensors_with_pytorchs_shapes(path):
    trained().save(path)
    tensors = load_file(path)
    assert tensors["0.weight"].shape == (3, 1, 3, 3)
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
    assert metadata["format"] == "faltung.nn.ImageClassifier"
    model = json.loads(metadata["model"])
    assert model["classes"] == [["int", 0], ["int", 1], ["int", 2]]
    assert model["network"][0]["kind"] == "Conv2d"


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    """In several processes too: the order of a hash table depends on the process."""
    code = (
        "import sys, numpy as np; from faltung import nn; "
        "images = np.random.default_rng(0).random((24, 8, 8)); "
        "made = nn.ImageClassifier(width=3, epochs=2, progress=False); "
        "made.fit(images, ['ä', 'b', 'c'] * 8); [made.save(path) for path in sys.argv[1:]]"
    )
    paths = [tmp_path / f"{name}.safetensors" for name in "abcdef"]
    for pair in (paths[:3], paths[3:]):
        subprocess.run([sys.executable, "-c", code, *map(str, pair)], check=True)
    assert len({path.read_bytes() for path in paths}) == 1
    raw = paths[0].read_bytes()
    size = int.from_bytes(raw[:8], "little")
    assert size % 8 == 0
    assert list(json.loads(raw[8 : 8 + size])["__metadata__"]) == [
        "format",
        "format_version",
        "model",
    ]
    assert list(nn.ImageClassifier.load(paths[0]).classes_) == ["b", "c", "ä"]


def test_a_label_that_json_cannot_hold_leaves_the_old_file(path):
    trained().save(path)
    before = path.read_bytes()
    with pytest.raises(DataError, match="tuple"):
        trained([(int(i),) for i in LABELS]).save(path)
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_failed_write_leaves_the_old_file(path, monkeypatch):
    trained().save(path)
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FileError, match="No space left"):
        trained(LABELS + 1).save(path)
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_an_unwritable_path_is_named(tmp_path):
    with pytest.raises(FileError, match="does not exist"):
        trained().save(tmp_path / "nowhere" / "model.safetensors")
    with pytest.raises(FileError, match="is a folder"):
        trained().save(tmp_path)


@pytest.mark.parametrize(
    ("content", "rule"),
    [(None, "does not exist"), (b"", "safetensors"), (b"not a model" * 9, "safetensors")],
)
def test_what_is_no_safetensors_file_is_refused(content, rule, path):
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileError, match=f"model.safetensors: .*{rule}"):
        nn.ImageClassifier.load(path)


def damaged(path, change):
    """Write the model again after `change(metadata, model, tensors)`."""
    tensors = load_file(path)
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
    model = json.loads(metadata["model"])
    change(metadata, model, tensors)
    if "model" in metadata:
        metadata["model"] = json.dumps(model)
    save_file(tensors, path, metadata)


CHANGES = {
    "holds no image classifier": lambda meta, _, __: meta.pop("format"),
    "format version '2'": lambda meta, _, __: meta.update(format_version="2"),
    "is damaged: 'model'": lambda meta, _, __: meta.pop("model"),
    "is damaged: 'network'": lambda _, model, __: model.pop("network"),
    "for parameters": lambda _, __, tensors: tensors.pop("0.bias"),
    "tensor 0.bias has shape": lambda _, __, tensors: tensors.update(
        {"0.bias": np.zeros(9, np.float32)}
    ),
    "not finite": lambda _, __, tensors: tensors["0.bias"].fill(np.nan),
    "types": lambda _, __, tensors: tensors.update({"0.bias": np.zeros(3)}),
    "one per class": lambda _, model, __: model["classes"].append(["int", 9]),
    "'Exec' is not known": lambda _, model, __: model["network"][0].update(kind="Exec"),
    "class labels": lambda _, model, __: model["classes"].append(["int", 0]),
    "is not the format of pictures": lambda _, model, __: model["pictures"].pop("mean"),
    "held_out": lambda _, model, __: model.update(held_out=[3, 2]),
    "channels=2": lambda _, model, __: model["pictures"].update(channels=2),
    "describes weights": lambda _, model, __: model["network"][0].update(out_channels=2**31 - 1),
    "unexpected keyword": lambda _, model, __: model["network"][0].update(evil=1),
}


@pytest.mark.parametrize("rule", CHANGES)
def test_damage_is_found(rule, path):
    trained().save(path)
    damaged(path, CHANGES[rule])
    with pytest.raises(FileError, match=rule):
        nn.ImageClassifier.load(path)
