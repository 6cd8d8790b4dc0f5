"""The doors for pictures and labels: what comes in, and what is refused with which way out."""

from __future__ import annotations

import numpy as np
import pytest

from faltung.errors import DataError, DtypeError, ShapeError
from faltung.nn import confusion_matrix
from faltung.nn.inputs import as_pictures
from faltung.nn.labels import Classes, as_labels
from faltung.nn.picture_format import PictureFormat, working_size


@pytest.mark.parametrize(
    ("dtype", "full", "scaled"),
    [("uint8", 255, True), ("uint16", 65535, True), ("int64", 16, False), ("float64", 16, False)],
)
def test_whole_numbers_of_8_and_16_bits_are_scaled(dtype, full, scaled):
    (part,) = as_pictures(np.full((3, 8, 9), full, dtype))
    assert part.values.shape == (3, 1, 8, 9)
    assert part.values.dtype == np.float32
    assert part.scaled is scaled
    assert np.all(part.values == (1 if scaled else full))


def test_colours_come_last_and_go_first():
    image = np.arange(8 * 9 * 3, dtype=np.uint8).reshape(1, 8, 9, 3)
    (part,) = as_pictures(image)
    np.testing.assert_array_equal(part.values[0, 2] * 255, image[0, :, :, 2])
    gray = part.with_channels(1).values[0, 0] * 255
    np.testing.assert_allclose(gray, image[0] @ [0.299, 0.587, 0.114], rtol=1e-6)
    assert part.with_channels(3) is part
    (one,) = as_pictures(np.ones((1, 8, 8, 1)))
    assert one.with_channels(3).values.shape == (1, 3, 8, 8)


def test_lists_hold_pictures_of_any_size_and_kind():
    parts = as_pictures([np.ones((8, 9)), np.ones((20, 10, 3))])
    assert [part.values.shape for part in parts] == [(1, 1, 8, 9), (1, 3, 20, 10)]
    (nested,) = as_pictures([[[0.0] * 8] * 8] * 5)
    assert nested.values.shape == (5, 1, 8, 8)
    assert as_pictures([]) == []


@pytest.mark.parametrize(
    ("images", "error", "way_out"),
    [
        (np.ones((5, 64)), ShapeError, r"images.reshape\(n, height, width\)"),
        (np.ones(5), ShapeError, r"\(n, height, width, 3\)"),
        (np.ones((40, 50, 3)), ShapeError, r"one colour picture is images\[None\]"),
        (np.ones((5, 7, 8)), ShapeError, "at least 8 pixels"),
        (np.ones((5, 8, 8, 4)), ShapeError, r"images\[..., :3\] leaves out alpha"),
        (np.ones((5, 3, 8, 8)), ShapeError, r"images.transpose\(0, 2, 3, 1\)"),
        (np.ones((5, 8, 8, 5)), ShapeError, "the channels come last"),
        ([np.ones(8)], ShapeError, r"images\[0\] has shape \(8,\)"),
        (np.ones((2, 8, 8)) * 1j, DtypeError, "complex128"),
        (np.array([["a"] * 8] * 8)[None], DtypeError, "real numbers"),
        (np.ma.masked_array(np.ones((2, 8, 8))), DtypeError, "masked"),
        ({"a": 1}, DtypeError, "dict"),
        (np.full((2, 8, 8), 1e300), DataError, "float32"),
    ],
)
def test_what_is_no_picture_is_refused(images, error, way_out):
    with pytest.raises(error, match=way_out):
        as_pictures(images)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_pixels_are_finite(bad):
    images = np.zeros((4, 8, 8))
    images[2, 3, 5] = bad
    with pytest.raises(DataError, match=r"images\[2, 3, 5\] is (nan|inf|-inf)"):
        as_pictures(images)


@pytest.mark.parametrize(
    ("size", "expected"),
    [((8, 8), (8, 8)), ((64, 30), (64, 30)), ((480, 640), (48, 64)), ((3000, 20), (64, 8))],
)
def test_the_working_size(size, expected):
    assert working_size(*size) == expected


def test_the_format_normalises_the_training_pictures():
    rng = np.random.default_rng(0)
    (part,) = as_pictures(rng.integers(0, 200, (50, 9, 8, 3), dtype=np.uint8))
    found = PictureFormat.of(part)
    normal = found.normalise(part.values, np.dtype(np.float64))
    np.testing.assert_allclose(normal.mean(axis=(0, 2, 3)), 0, atol=1e-6)
    np.testing.assert_allclose(normal.std(axis=(0, 2, 3)), 1, atol=1e-6)
    assert PictureFormat.from_description(found.describe()) == found


def test_pictures_of_another_range_are_refused():
    (floats,) = as_pictures(np.random.default_rng(0).uniform(0, 16, (5, 8, 8)))
    (bytes_,) = as_pictures(np.full((1, 8, 8), 9, np.uint8))
    (large,) = as_pictures(np.full((1, 8, 8), 255.0))
    found = PictureFormat.of(floats)
    with pytest.raises(DtypeError, match=r"uint8.*same dtype"):
        found.fit(bytes_)
    with pytest.raises(DataError, match="from 255 to 255"):
        found.fit(large)
    unit = PictureFormat.of(as_pictures(np.arange(64, dtype=np.uint8).reshape(1, 8, 8))[0])
    assert unit.fit(as_pictures(np.full((1, 8, 8), 0.1))[0]).shape == (1, 1, 8, 8)


@pytest.mark.parametrize(
    ("labels", "kind"),
    [([3, 1, 3], "i"), (["b", "a", "b"], "U"), ([True, False], "b"), ([0.5, 1.5], "f")],
)
def test_labels_of_one_kind_keep_it(labels, kind):
    classes = Classes.of(as_labels(np.array(labels)))
    assert classes.labels == sorted(set(labels))
    assert classes.array().dtype.kind == kind
    np.testing.assert_array_equal(classes.labels_of(classes.numbers_of(labels)), labels)
    assert Classes.from_description(classes.describe()).labels == classes.labels


def test_labels_of_any_hashable_kind():
    labels = [("a", 1), None, 2, ("a", 1)]
    classes = Classes.of(as_labels(labels))
    assert classes.labels == [("a", 1), None, 2]  # no order: as they first came
    assert list(classes.labels_of(classes.numbers_of(labels))) == labels
    with pytest.raises(DataError, match="tuple, which a model file cannot hold"):
        classes.describe()


@pytest.mark.parametrize(
    ("labels", "error", "rule"),
    [
        ([1, 2], ShapeError, "2 labels for 3 pictures"),
        (np.eye(3), ShapeError, r"labels.argmax\(axis=1\)"),
        ([[1], [2], [3]], DtypeError, "not hashable"),
        ([1.0, np.nan, 2.0], DataError, r"labels\[1\] is NaN"),
        ("abc", DtypeError, "one label for each picture"),
        (7, DtypeError, "one label for each picture"),
    ],
)
def test_labels_are_checked(labels, error, rule):
    with pytest.raises(error, match=rule):
        as_labels(labels, 3)


@pytest.mark.parametrize("labels", [["a", "a"], []])
def test_one_class_is_too_few(labels):
    with pytest.raises(DataError, match="two classes or more"):
        Classes.of(labels)


@pytest.mark.parametrize(
    "description", [[["int", 1]], [["int", 1], ["int", 1]], [["set", 1], ["int", 2]], [1, 2], None]
)
def test_damaged_class_descriptions_are_refused(description):
    with pytest.raises(DataError, match="class labels"):
        Classes.from_description(description)


def test_the_confusion_matrix_counts_pairs():
    rng = np.random.default_rng(0)
    true, taken = rng.integers(0, 4, 100), rng.integers(0, 4, 100)
    matrix = confusion_matrix(true, taken)
    for i in range(4):
        for j in range(4):
            assert matrix[i, j] == np.sum((true == i) & (taken == j))
    wide = confusion_matrix(true, taken, classes=[3, 2, 1, 0, 9])
    np.testing.assert_array_equal(wide[:4, :4], matrix[::-1, ::-1])
    assert not wide[4].any()


@pytest.mark.parametrize(
    ("arguments", "error", "rule"),
    [
        (([1, 2], [1]), ShapeError, "1 predictions for 2"),
        (([1, 2], [1, 2], [1, 3]), DataError, "2 is none of the classes"),
        (([1], [1], [1, 1]), DataError, "one label twice"),
    ],
)
def test_the_confusion_matrix_checks(arguments, error, rule):
    labels, predictions, *classes = arguments
    with pytest.raises(error, match=rule):
        confusion_matrix(labels, predictions, classes=classes[0] if classes else None)
