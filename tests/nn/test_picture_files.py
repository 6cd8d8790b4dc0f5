"""Pictures in files of many kinds, and folders with everything in them that goes wrong."""

from __future__ import annotations

import collections
import io
import itertools

import numpy as np
import pytest
from PIL import Image

from faltung import nn
from faltung.errors import DataError, FileError
from faltung.nn.picture_files import LabelledFiles, read_picture, read_pictures


def gradient(height=40, width=48):
    y, x = np.mgrid[:height, :width]
    return np.stack([5 * y, 5 * x, 100 + 0 * y], axis=-1).astype(np.uint8)


@pytest.mark.parametrize(
    ("mode", "shape"),
    [("L", (40, 48)), ("1", (40, 48)), ("LA", (40, 48)), ("RGB", (40, 48, 3)),
     ("RGBA", (40, 48, 3)), ("P", (40, 48, 3)), ("CMYK", (40, 48, 3))],
)  # fmt: skip
def test_every_mode_becomes_gray_or_rgb(mode, shape, tmp_path):
    path = tmp_path / ("a.tif" if mode == "CMYK" else "a.png")
    Image.fromarray(gradient()).convert(mode).save(path)
    found = read_picture(path)
    assert found.shape == shape
    assert found.dtype == np.uint8


def test_transparent_parts_show_white(tmp_path):
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[:4, :, 3] = 255
    Image.fromarray(pixels).save(tmp_path / "a.png")
    found = read_picture(tmp_path / "a.png")
    assert np.all(found[:4] == 0)
    assert np.all(found[4:] == 255)


def test_16_bits_stay_16_bits(tmp_path):
    pixels = (np.arange(64 * 64, dtype=np.uint16) * 16).reshape(64, 64)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    found = read_picture(tmp_path / "a.png")
    np.testing.assert_array_equal(found, pixels)
    assert found.dtype == np.uint16
    small = read_picture(tmp_path / "a.png", (8, 8))
    assert small.dtype == np.uint16
    assert small.mean() == pytest.approx(pixels.mean(), rel=1e-3)


def test_pictures_are_set_upright(tmp_path):
    image = Image.fromarray(gradient())
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(tmp_path / "a.png", exif=exif)
    expected = np.rot90(gradient(), -1)
    np.testing.assert_array_equal(read_picture(tmp_path / "a.png"), expected)
    files = LabelledFiles([tmp_path / "a.png"], ["x"], [])
    (small,), _ = read_pictures(files, lambda height, width: (int(height), int(width)), threads=1)
    assert small.shape == (48, 40, 3)


def test_a_large_jpeg_resized_while_decoding_is_nearly_the_same(tmp_path):
    Image.fromarray(gradient()).resize((1500, 1000)).save(tmp_path / "a.jpg", quality=95)
    whole = Image.fromarray(read_picture(tmp_path / "a.jpg"))
    expected = np.asarray(whole.resize((24, 32), Image.Resampling.BILINEAR)).astype(int)
    found = read_picture(tmp_path / "a.jpg", (32, 24))
    assert found.shape == (32, 24, 3)
    assert np.abs(found - expected).max() <= 4


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("text.png", b"not a picture", "is not a picture"),
        ("empty.jpg", b"", "is not a picture"),
        ("short.png", None, "cannot be read as a picture"),
        ("missing.png", ..., "No such file"),
    ],
)
def test_unreadable_pictures_are_named(name, content, rule, tmp_path):
    if content is None:
        buffer = io.BytesIO()
        Image.fromarray(gradient()).save(buffer, "png")
        content = buffer.getvalue()[:80]
    if content is not ...:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(FileError, match=f"{name}: .*{rule}"):
        read_picture(tmp_path / name)


def test_floats_of_no_known_range_are_refused(tmp_path):
    Image.fromarray(np.ones((8, 8), np.float32)).save(tmp_path / "a.tif")
    with pytest.raises(FileError, match="floats of no known range"):
        read_picture(tmp_path / "a.tif")


def test_a_picture_bomb_is_refused(tmp_path, monkeypatch):
    Image.fromarray(gradient()).save(tmp_path / "a.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(FileError, match="too large a picture"):
        read_picture(tmp_path / "a.png")


@pytest.fixture
def folder(tmp_path):
    """Dark and light pictures, 12 of each, of different sizes; one of each in a folder below."""
    rng = np.random.default_rng(0)
    for name, level in (("dark", 60), ("light", 190)):
        for i in range(12):
            below = tmp_path / "pictures" / name / ("more" if i == 0 else "")
            below.mkdir(parents=True, exist_ok=True)
            size = rng.integers(10, 20, 2)
            pixels = rng.integers(level - 40, level + 40, (*size, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(below / f"{i}.png")
    return tmp_path / "pictures"


def classifier(**options):
    settings = {"width": 2, "epochs": 12, "size": 8, "augmentation": None, "progress": False}
    return nn.ImageClassifier(**settings | options)


def test_a_folder_of_class_folders_is_learned(folder):
    found = classifier().fit(folder)
    assert list(found.classes_) == ["dark", "light"]
    assert found.skipped_ == []
    assert found.predict([folder / "light" / "3.png", str(folder / "dark" / "4.png")]).tolist() == [
        "light",
        "dark",
    ]
    again = classifier(threads=1).fit_folder(folder)
    assert again.kernels().tobytes() == found.kernels().tobytes()


def test_bad_files_are_named_and_skipped(folder):
    (folder / "dark" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
    (folder / "light" / "notes.txt").write_text("not a picture")
    (folder / "readme.txt").write_text("loose")
    (folder / ".hidden").write_text("does not count")
    (folder / "light" / ".DS_Store").write_text("does not count")
    (folder / "empty").mkdir()
    (folder / "lost").mkdir()
    (folder / "lost" / "torn.png").write_bytes(b"")
    with pytest.warns(nn.PictureWarning, match="broken.jpg") as caught:
        found = classifier().fit_folder(folder)
    assert len(caught) == 1
    assert {entry.path.name for entry in found.skipped_} == {
        "broken.jpg", "notes.txt", "readme.txt", "empty", "lost", "torn.png",
    }  # fmt: skip
    assert all(entry.reason for entry in found.skipped_)
    assert list(found.classes_) == ["dark", "light"]


def test_gray_and_colour_pictures_learn_together(folder):
    Image.fromarray(np.full((9, 9), 60, np.uint8)).save(folder / "dark" / "gray.png")
    found = classifier().fit(folder)
    assert found.format_.channels == 3
    assert found.predict([np.full((30, 30), 60, np.uint8)]) == ["dark"]


def test_a_folder_without_any_picture_is_an_error(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.png").write_text("no")
    with pytest.raises(DataError, match=r"none of 1 files .* is not a picture"):
        classifier().fit(tmp_path)
    (tmp_path / "a" / "b.png").unlink()
    with pytest.raises(DataError, match="the folders a hold no files"):
        classifier().fit(tmp_path)


@pytest.mark.parametrize(
    ("name", "rule"), [("nowhere", "does not exist"), ("file", "is a file"), ("bare", "no folders")]
)
def test_what_is_no_folder_of_folders_is_an_error(name, rule, tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "bare").mkdir()
    with pytest.raises(FileError, match=rule):
        classifier().fit(tmp_path / name)


def test_one_class_folder_is_too_few(folder):
    for path in sorted((folder / "dark").rglob("*.png")):
        path.unlink()
    with (
        pytest.warns(nn.PictureWarning, match="dark"),
        pytest.raises(DataError, match="only 'light'"),
    ):
        classifier().fit(folder)


def damaged_tiffs():
    """Yield tiff files with each tag of another type, and with a few bytes changed at random."""
    rng = np.random.default_rng(0)
    for mode, compression in (("RGB", None), ("P", "tiff_lzw"), ("I;16", "tiff_deflate")):
        image = Image.fromarray(gradient(16, 16)).convert("L" if mode == "I;16" else mode)
        if mode == "I;16":
            image = Image.fromarray(np.asarray(image).astype(np.uint16) * 200)
        exif, buffer = image.getexif(), io.BytesIO()
        exif[0x0112] = 6
        image.save(buffer, "tiff", compression=compression, exif=exif, dpi=(72, 72))
        whole = buffer.getvalue()
        start = int.from_bytes(whole[4:8], "little")
        entries = int.from_bytes(whole[start : start + 2], "little")
        for place, kind in itertools.product(range(entries), (0, 2, 5, 7, 8, 11)):
            raw = bytearray(whole)
            raw[start + 2 + 12 * place + 2] = kind  # entries have 12 bytes; the third is the type
            yield bytes(raw)
        for _ in range(60):
            raw = bytearray(whole)
            for place in rng.integers(0, len(raw), rng.integers(1, 6)):
                raw[place] = rng.integers(256)
            yield bytes(raw)


def test_a_damaged_tiff_is_read_or_refused_but_never_an_error_of_its_decoder(tmp_path):
    (tmp_path / "a").mkdir()
    causes: collections.Counter[type] = collections.Counter()
    messages = []
    for number, raw in enumerate(damaged_tiffs()):
        path = tmp_path / "a" / f"{number}.tif"
        path.write_bytes(raw)
        try:
            assert read_picture(path, (8, 8)).shape[:2] == (8, 8)
        except FileError as error:
            messages.append((path, str(error)))
            causes[type(error.__cause__)] += 1
    assert number > 300
    assert all(message.startswith(f"{path}: ") for path, message in messages)
    assert causes[TypeError] > 0  # raised by Pillow for tags of a wrong type
    arrays, used = read_pictures(LabelledFiles.of(tmp_path), lambda *_: (8, 8), threads=2)
    assert len(arrays) == number + 1 - causes.total() == len(used.paths)
