"""The classifier: it learns, tells, keeps its promises about bits, and says no in words."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_digits

import faltung as ft
from faltung import _core, nn
from faltung.errors import DataError, DtypeError, FaltungError, OptionError, ShapeError
from faltung.nn.layers import ReLU


def bars(count=60, colour=False, dtype=np.float64):
    """Bars that lie or stand, somewhere in the picture."""
    rng = np.random.default_rng(0)
    images = np.zeros((count, 9, 10))
    labels = []
    for i, image in enumerate(images):
        if i % 2:
            image[rng.integers(9)] = 1
        else:
            image[:, rng.integers(10)] = 1
        labels.append("lying" if i % 2 else "standing")
    if np.dtype(dtype).kind == "u":
        images *= np.iinfo(dtype).max
    images = images.astype(dtype)
    return (np.repeat(images[..., None], 3, axis=3) if colour else images), labels


def small(**options):
    settings = {"width": 4, "epochs": 20, "augmentation": None, "progress": False}
    return nn.ImageClassifier(**settings | options)


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
def test_gray_and_colour_of_any_type_are_learned(colour, dtype):
    images, labels = bars(80, colour, dtype)
    found = small().fit(images[:60], labels[:60])
    assert found.score(images[60:], labels[60:]) == 1
    probabilities = found.predict_proba(images[60:])
    assert probabilities.dtype == np.float64
    assert probabilities.shape == (20, 2)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_array_equal(
        found.classes_[probabilities.argmax(axis=1)], found.predict(images[60:])
    )


def test_digits_are_learned_within_seconds():
    digits = load_digits()
    images, labels = digits.images, digits.target
    found = nn.ImageClassifier(width=16, epochs=12, progress=False)
    found.fit(images[:1200], labels[:1200])
    assert found.score(images[1200:], labels[1200:]) >= 0.95
    assert found.classes_.dtype == labels.dtype
    losses = [epoch.loss for epoch in found.history_]
    assert losses[-1] < losses[0] / 2
    matrix = nn.confusion_matrix(labels[1200:], found.predict(images[1200:]))
    assert matrix.sum() == 597
    assert np.trace(matrix) >= 0.95 * 597


def test_shuffled_labels_are_not_learned():
    images, labels = bars(200)
    shuffled = np.random.default_rng(1).permutation(labels)
    found = small(epochs=5).fit(images[:100], shuffled[:100])
    assert 0.2 < found.score(images[100:], shuffled[100:]) < 0.8


def test_the_same_seed_gives_the_same_bits_for_any_threads(instruction_set):
    images, labels = bars()
    options = {"epochs": 3, "augmentation": nn.Augmentation(), "seed": 7}
    probabilities = [
        small(threads=threads, **options).fit(images, labels).predict_proba(images).tobytes()
        for threads in (1, 2, 5)
    ]
    assert len(set(probabilities)) == 1
    other = small(**options | {"seed": 8}).fit(images, labels)
    assert other.predict_proba(images).tobytes() != probabilities[0]
    assert small(seed=None, epochs=1).fit(images, labels).history_


def test_float64_learns_too():
    images, labels = bars()
    found = small(dtype="float64").fit(images, labels)
    assert found.kernels().dtype == np.float64
    assert found.score(images, labels) == 1


def test_labels_of_any_kind_come_back():
    images, names = bars()
    for kinds in ((3, 7), (("a", 1), ("b", 2)), (None, "x"), (True, False)):
        labels = [kinds[name == "lying"] for name in names]
        found = small().fit(images, labels)
        assert list(found.predict(images)) == labels


def test_pictures_of_other_sizes_are_stretched():
    images, labels = bars()
    found = small(size=(12, 16)).fit(list(images), labels)
    assert found.format_.shape == (1, 12, 16)
    large = np.repeat(np.repeat(images[:4], 5, axis=1), 4, axis=2)
    assert list(found.predict(large)) == labels[:4]
    assert list(found.predict([large[0], images[1]])) == labels[:2]
    assert small(epochs=1).fit(np.repeat(large, 4, axis=1), labels[:4]).format_.shape == (1, 64, 14)


def test_an_unknown_label_counts_as_wrong():
    images, labels = bars()
    found = small().fit(images, labels)
    assert found.score(images[:4], ["lying", "standing", "hanging", "hanging"]) <= 0.5


def test_looking_inside():
    images, labels = bars()
    found = small(width=3).fit(images, labels)
    kernels, maps = found.kernels(), found.feature_maps(images[0])
    assert kernels.shape == (3, 1, 3, 3)
    assert maps.shape == (3, 9, 10)
    first = found.network_.layers[0]
    assert isinstance(first, nn.Conv2d)
    normal = found.format_.normalise(images[:1, None], np.dtype(np.float64))
    np.testing.assert_allclose(maps, ReLU().forward(first.forward(normal))[0], atol=1e-6)
    kernels[:] = 0
    assert found.kernels().any()


def test_a_classifier_says_what_it_has_learned():
    assert repr(small()) == "ImageClassifier(has learned nothing yet)"
    images, labels = bars()
    assert "2 classes, 9 × 10 gray" in repr(small().fit(images, labels))


def test_no_pictures_no_predictions():
    images, labels = bars()
    found = small(epochs=1).fit(images, labels)
    assert found.predict_proba(images[:0]).shape == (0, 2)
    assert found.predict([]).shape == (0,)
    with pytest.raises(DataError, match="no pictures to score"):
        found.score([], [])


@pytest.mark.parametrize("method", ["predict", "predict_proba", "feature_maps", "save"])
def test_an_untrained_classifier_says_so(method):
    with pytest.raises(DataError, match="has learned nothing yet: call fit"):
        getattr(small(), method)(np.zeros((1, 8, 8)))


@pytest.mark.parametrize("name", ["classes_", "network_", "history_", "format_"])
def test_what_training_gives_is_not_there_before(name):
    with pytest.raises(DataError, match="has learned nothing yet"):
        getattr(small(), name)


@pytest.mark.parametrize(
    ("images", "labels", "error", "rule"),
    [
        (np.zeros((3, 64)), [1, 2, 3], ShapeError, "images.reshape"),
        (np.zeros((3, 8, 8)), [1, 2], ShapeError, "2 labels for 3 pictures"),
        (np.zeros((2, 8, 8)), [1, 1], DataError, "only 1"),
        (np.zeros((2, 8, 8)), [1, 2], DataError, "every pixel"),
        (np.full((2, 8, 8), np.nan), [1, 2], DataError, "is nan"),
        (np.zeros((0, 8, 8)), [], DataError, "two classes"),
        (np.zeros((2, 8, 8)), None, DtypeError, "labels are missing"),
        ([np.zeros((8, 8), np.uint8), np.ones((8, 8))], [1, 2], DtypeError, "the same dtype"),
        ([], [], DataError, "two classes"),
    ],
)
def test_what_cannot_be_learned_is_refused(images, labels, error, rule):
    with pytest.raises(error, match=rule) as caught:
        small().fit(images, labels)
    assert isinstance(caught.value, FaltungError)


def test_a_failed_fit_keeps_what_was_learned():
    images, labels = bars()
    found = small().fit(images, labels)
    before = found.predict_proba(images)
    with pytest.raises(DataError):
        found.fit(images, ["one"] * len(images))
    np.testing.assert_array_equal(found.predict_proba(images), before)


def test_divergence_is_an_error():
    images, labels = bars()
    with pytest.raises(DataError, match="diverged; use a learning_rate below"):
        small(learning_rate=1e30, epochs=30).fit(images, labels)


def test_input_is_not_changed():
    images, labels = bars()
    kept = images.copy()
    found = small(epochs=2, augmentation=nn.Augmentation(flip=True)).fit(images, labels)
    found.predict(images)
    np.testing.assert_array_equal(images, kept)


@pytest.mark.parametrize(
    "option",
    [{"size": 7}, {"width": 0}, {"epochs": -1}, {"dtype": "int8"}, {"seed": 0.5}, {"threads": -2}],
)
def test_options_are_checked(option):
    with pytest.raises(OptionError, match=next(iter(option))):
        nn.ImageClassifier(**option)


def test_a_bar_is_shown_on_stderr_when_wanted(capsys):
    images, labels = bars(20)
    small(epochs=2, progress=True).fit(images, labels)
    captured = capsys.readouterr()
    assert "training" in captured.err
    assert captured.out == ""
    small(epochs=2, progress=None).fit(images, labels)
    assert capsys.readouterr().err == ""  # not a terminal


def test_the_wing_is_reached_from_the_top():
    assert ft.nn.ImageClassifier is nn.ImageClassifier
    assert _core.instruction_set() in _core.available_instruction_sets()
