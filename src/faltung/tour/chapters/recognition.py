"""Networks trained on real pictures: five splits, beside a plain rule and beside shuffled labels."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.errors import DataError
from faltung.nn import ImageClassifier
from faltung.nn.held_out import stratified_split
from faltung.nn.training import TrainingOptions
from faltung.tour.settings import Settings

__all__ = [
    "LONGEST_SIDE",
    "PictureSet",
    "Shuffled",
    "Trial",
    "digits",
    "folder",
    "run_trials",
    "shuffled_accuracies",
    "split",
]

Array = NDArray[Any]

LONGEST_SIDE = 32
_HELD_OUT = 0.2
# Pixels that all networks together may see, so that the chapter ends in time.
_BUDGET = 25_000_000
_MOST_TRIALS = 5


@dataclass(frozen=True)
class PictureSet:
    """Labelled pictures of one size.

    Attributes
    ----------
    name : str
        What the page calls them.
    images : numpy.ndarray
        0 to 1, of shape (n, height, width) if gray, else (n, height, width, 3).
    labels : numpy.ndarray
        The class number of each.
    classes : list of str
        The names of the classes.
    skipped : list of str
        Files that could not be used, and why.
    """

    name: str
    images: Array
    labels: NDArray[np.intp]
    classes: list[str]
    skipped: list[str]

    @property
    def chance(self) -> float:
        """The share of the most frequent class: what guessing it every time would reach."""
        return float(np.bincount(self.labels).max() / len(self.labels))


@dataclass(frozen=True)
class Trial:
    """One network, trained on four fifths and asked about the rest.

    Attributes
    ----------
    seed : int
        Of the split, the network and its training.
    held_out : numpy.ndarray of int
        The pictures that the network has not seen in training.
    probabilities : numpy.ndarray
        For each of them, how probable the network takes each class to be.
    truth : numpy.ndarray of int
        What they show.
    nearest : float
        The accuracy of the nearest neighbour on the same split.
    classifier : ImageClassifier
        The network.
    seconds : float
        How long the training took.
    """

    seed: int
    held_out: NDArray[np.intp]
    probabilities: NDArray[np.float64]
    truth: NDArray[np.intp]
    nearest: float
    classifier: ImageClassifier
    seconds: float

    @cached_property
    def said(self) -> NDArray[np.intp]:
        """What the network takes each held-out picture for."""
        said: NDArray[np.intp] = self.probabilities.argmax(axis=1)
        return said

    @property
    def accuracy(self) -> float:
        """The share of held-out pictures that are told right."""
        return float(np.mean(self.said == self.truth))

    @property
    def wrong(self) -> NDArray[np.intp]:
        """The rows at which the network errs."""
        return np.flatnonzero(self.said != self.truth)


@dataclass(frozen=True)
class Shuffled:
    """The accuracies of networks that learned shuffled labels, and in how many passes."""

    accuracies: list[float]
    passes: int


# 1 Pictures


def digits() -> PictureSet:
    """Return scikit-learn's 1,797 handwritten digits of 8 by 8 pixels."""
    from sklearn.datasets import load_digits

    data = load_digits()
    names = [str(name) for name in data.target_names]
    return PictureSet("handwritten digits", data.images / 16.0, data.target, names, [])


def folder(path: Path) -> PictureSet:
    """Return the pictures in a folder of class folders, at most 32 pixels on the longer side.

    Raises
    ------
    FileError
        If it holds no folders.
    DataError
        If no picture can be read, there is one class only, or a class of one picture.
    """
    from faltung.nn.picture_files import LabelledFiles, read_pictures
    from faltung.nn.picture_format import working_size

    def size_of_all(height: float, width: float) -> tuple[int, int]:
        factor = min(1.0, LONGEST_SIDE / max(height, width))
        return working_size(factor * height, factor * width)

    arrays, used = read_pictures(LabelledFiles.of(path), size_of_all, threads=0, progress=False)
    classes = sorted(set(used.labels))
    labels = np.array([classes.index(label) for label in used.labels])
    _check_classes(path, classes, labels)
    skipped = [f"{entry.path.name}: {entry.reason}" for entry in used.skipped]
    return PictureSet(path.name, _stacked(arrays), labels, classes, skipped)


def _check_classes(path: Path, classes: list[str], labels: Array) -> None:
    if len(classes) < 2:
        raise DataError(
            f"{path}: holds pictures of one class only, {classes[0]!r}: add a folder of another"
        )
    counts = np.bincount(labels, minlength=len(classes))
    if counts.min() < 2:
        raise DataError(
            f"{path}: class {classes[int(counts.argmin())]!r} holds one picture: one to learn from "
            "and one to ask about are needed at least"
        )


def _stacked(arrays: list[Array]) -> Array:
    """Return pictures as one array from 0 to 1, in colours if any has colours."""
    scaled = [array / float(np.iinfo(array.dtype).max) for array in arrays]
    if all(array.ndim == 2 for array in scaled):
        return np.stack(scaled)
    return np.stack(
        [array if array.ndim == 3 else np.repeat(array[..., None], 3, axis=2) for array in scaled]
    )


# 2 Trials


def split(labels: Array, seed: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return which pictures to learn from and which to hold out: a fifth of each class."""
    return stratified_split(labels, _HELD_OUT, np.random.default_rng(seed))


def run_trials(
    pictures: PictureSet, settings: Settings, after_each: Callable[[str], None]
) -> list[Trial]:
    """Train one network for each seed and return what it says of the pictures held out."""
    trials = []
    count = trial_count(pictures, settings)
    for seed in range(settings.seed, settings.seed + count):
        trials.append(_trial(pictures, settings, seed))
        after_each(f"network {len(trials)} of {count}")
    return trials


def trial_count(pictures: PictureSet, settings: Settings) -> int:
    """Return how many networks are trained: five, or fewer where the pictures are many."""
    if settings.seeds is not None:
        return settings.seeds
    height, width = pictures.images.shape[1:3]
    passes = TrainingOptions(epochs=settings.epochs).passes(len(pictures.images))
    seen = passes * len(pictures.images) * height * width
    return int(np.clip(_BUDGET // seen - 1, 1, _MOST_TRIALS))


def _trial(pictures: PictureSet, settings: Settings, seed: int) -> Trial:
    images, labels = pictures.images, pictures.labels
    learned, asked = split(labels, seed)
    start = time.perf_counter()
    classifier = ImageClassifier(epochs=settings.epochs, seed=seed, progress=False)
    classifier.fit(images[learned], labels[learned])
    seconds = time.perf_counter() - start
    probabilities = classifier.predict_proba(images[asked])
    nearest = _nearest_neighbour(images, labels, learned, asked)
    return Trial(seed, asked, probabilities, labels[asked], nearest, classifier, seconds)


def _nearest_neighbour(images: Array, labels: Array, learned: Array, asked: Array) -> float:
    """Return the accuracy of taking each picture for what the most similar known one shows."""
    from sklearn.neighbors import KNeighborsClassifier

    flat = images.reshape(len(images), -1)
    rule = KNeighborsClassifier(1).fit(flat[learned], labels[learned])
    return float(rule.score(flat[asked], labels[asked]))


def shuffled_accuracies(pictures: PictureSet, settings: Settings, count: int) -> Shuffled:
    """Return what networks reach on the same splits that learned from shuffled labels.

    A quarter of the passes is enough to learn nothing in.
    """
    images, labels = pictures.images, pictures.labels
    learned, _ = split(labels, settings.seed)
    shorter = max(1, TrainingOptions(epochs=settings.epochs).passes(len(learned)) // 4)
    found = []
    for seed in range(settings.seed, settings.seed + count):
        learned, asked = split(labels, seed)
        mixed = np.random.default_rng(seed).permutation(labels[learned])
        classifier = ImageClassifier(epochs=shorter, seed=seed, progress=False)
        classifier.fit(images[learned], mixed)
        found.append(classifier.score(images[asked], labels[asked]))
    return Shuffled(found, shorter)
