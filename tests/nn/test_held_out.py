"""Pictures held out: a share of each class, never learned from, told in the end."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from faltung import nn
from faltung.errors import DataError, OptionError
from faltung.nn import training
from faltung.nn.held_out import HeldOut, stratified_split

IMAGES = np.random.default_rng(0).random((60, 8, 8))
LABELS = ["a", "b", "b"] * 20


def classifier(**options):
    return nn.ImageClassifier(**{"width": 3, "epochs": 2, "progress": False} | options)


@given(
    st.lists(st.integers(2, 30), min_size=1, max_size=6),
    st.floats(0.01, 0.9),
    st.integers(0, 2**32),
)
def test_a_share_of_each_class_is_held_out_and_some_is_left(counts, share, seed):
    targets = np.repeat(np.arange(len(counts)), counts)
    learned, held_out = stratified_split(targets, share, np.random.default_rng(seed))
    np.testing.assert_array_equal(
        np.sort(np.concatenate([learned, held_out])), np.arange(sum(counts))
    )
    for target, count in enumerate(counts):
        number = np.count_nonzero(targets[held_out] == target)
        assert 1 <= number < count
        assert abs(number - share * count) <= 1


@given(st.integers(1, 500), st.data())
def test_the_interval_is_wilsons(pictures, data):
    right = data.draw(st.integers(0, pictures))
    expected = binomtest(right, pictures).proportion_ci(0.95, method="wilson")
    found = HeldOut(right, pictures)
    assert found.interval == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert 0 <= found.interval[0] <= found.accuracy <= found.interval[1] <= 1


def test_what_is_held_out_is_never_learned_from(monkeypatch):
    seen = []
    batches = training._batches

    def watch(count, number, rng):
        seen.append(count)
        return batches(count, number, rng)

    monkeypatch.setattr(training, "_batches", watch)
    images = IMAGES.copy()
    found = classifier(held_out=0.2).fit(images, LABELS)
    assert set(seen) == {48}
    # Whatever the twelve hold, the network and its normalisation are the same.
    _, asked = stratified_split(
        np.array([label == "b" for label in LABELS]), 0.2, np.random.default_rng(0).spawn(3)[2]
    )
    images[asked] = 0.5
    other = classifier(held_out=0.2).fit(images, LABELS)
    assert other.format_.mean == found.format_.mean
    assert other.kernels().tobytes() == found.kernels().tobytes()


def test_the_score_is_that_of_the_pictures_held_out():
    found = classifier(held_out=0.25, epochs=20).fit(IMAGES, LABELS)
    _, asked = stratified_split(
        np.array([label == "b" for label in LABELS]), 0.25, np.random.default_rng(0).spawn(3)[2]
    )
    score = found.held_out_
    assert score is not None
    assert score.pictures == len(asked) == 15
    assert score.accuracy == found.score(IMAGES[asked], [LABELS[i] for i in asked])
    assert f"{score.accuracy:.1%} of 15 held out" in repr(found)


def test_the_seed_decides_what_is_held_out():
    first, again, other = (
        classifier(held_out=0.5, seed=seed).fit(IMAGES, LABELS).kernels().tobytes()
        for seed in (0, 0, 1)
    )
    assert first == again
    assert first != other


def test_nothing_is_held_out_unless_asked_for():
    assert classifier().fit(IMAGES, LABELS).held_out_ is None


def test_the_score_is_saved(tmp_path):
    found = classifier(held_out=0.2).fit(IMAGES, LABELS)
    found.save(tmp_path / "m.safetensors")
    again = nn.ImageClassifier.load(tmp_path / "m.safetensors")
    assert again.held_out_ == found.held_out_
    assert isinstance(again.held_out_, HeldOut)


def test_pictures_held_out_may_be_brighter_than_all_others():
    images = np.full((40, 8, 8), 0.5) + IMAGES[:40] / 100
    _, asked = stratified_split(np.arange(40) % 2, 0.2, np.random.default_rng(0).spawn(3)[2])
    images[asked] *= 1000
    found = classifier(held_out=0.2).fit(images, np.arange(40) % 2)
    assert found.held_out_ is not None
    assert found.format_.highest == images.astype(np.float32).max()


@pytest.mark.parametrize("share", [-0.1, 0.95, 1, "half", np.nan])
def test_the_share_is_checked(share):
    with pytest.raises(OptionError, match="held_out"):
        classifier(held_out=share)


def test_a_class_of_one_picture_is_refused():
    with pytest.raises(DataError, match=r"class 'c' has one picture.*held_out=0"):
        classifier(held_out=0.1).fit(IMAGES[:5], ["a", "a", "b", "b", "c"])
    assert classifier().fit(IMAGES[:5], ["a", "a", "b", "b", "c"]).held_out_ is None
