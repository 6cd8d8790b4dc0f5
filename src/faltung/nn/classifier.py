"""A classifier of pictures: arrays or a folder in, labels out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from faltung.errors import DataError, DtypeError
from faltung.nn.augment import Augmentation
from faltung.nn.coerce import as_count, as_float_type
from faltung.nn.engines.native import Array, Pair
from faltung.nn.held_out import HeldOut, as_share, check_classes, stratified_split
from faltung.nn.inputs import Images, Pictures, as_pictures, pictures_of_array
from faltung.nn.labels import Classes, as_labels
from faltung.nn.layers import Conv2d, ReLU
from faltung.nn.loss import softmax
from faltung.nn.model_file import Model, load_model, save_model
from faltung.nn.network import Network, small_network
from faltung.nn.picture_files import LabelledFiles, Skipped, read_pictures, warn_of
from faltung.nn.picture_format import PictureFormat, as_size, working_size
from faltung.nn.resample import resize
from faltung.nn.training import TrainingOptions, network_type, train
from faltung.options import as_threads

__all__ = ["ImageClassifier"]

_AT_ONCE = 256  # pictures in a batch of predictions
_A_LITTLE = Augmentation()


class ImageClassifier:
    """A small convolutional network that learns to name what pictures show.

    Works for gray and colour pictures of at least 8 × 8 pixels, from arrays or from a folder with
    one folder of pictures per class. The same seed gives the same bits for any number of threads on
    machines of one instruction set.

    Parameters
    ----------
    size : int or (int, int), optional
        Working size in pixels to which pictures are stretched; by default their own (median), scaled
        to at most 64.
    width : int
        Kernels of the first convolution; the others have twice as many.
    epochs : int, optional
        Passes over the pictures; by default what makes 700 steps, from 10 to 100.
    batch_size : int
        Pictures in a step; fewer if an epoch would have less than eight steps.
    learning_rate, weight_decay, label_smoothing : float
        Of :class:`Adam` and :func:`softmax_cross_entropy`; the rate rises and falls in one cycle.
    augmentation : Augmentation or None
        How far pictures are moved at random; None leaves them as they are.
    dtype : dtype
        float32 or float64.
    seed : int or None
        Of everything random; None takes a new one each time.
    threads : int, optional
        None stands for the default of :func:`faltung.show_config`.
    progress : bool, optional
        A bar on stderr; None shows it if that is a terminal.
    held_out : float
        Share of each class, from 0 to 0.9, that `fit` lays aside, never learns from, and tells in
        the end: see `held_out_`. By default nothing; the network is the one that was scored.

    Attributes
    ----------
    classes_ : numpy.ndarray
        The labels, in the order of `predict_proba`'s columns.
    history_ : list of Epoch
        ``loss``, ``accuracy`` and ``learning_rate`` of each epoch.
    held_out_ : HeldOut or None
        ``accuracy``, its 95 % ``interval``, ``right`` and ``pictures`` of what was laid aside.
    skipped_ : list of Skipped
        Files of the folder that were not used: ``path`` and ``reason``.
    network_ : Network
    format_ : PictureFormat

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> bars = np.zeros((40, 8, 8))
    >>> for i, bar in enumerate(bars):
    ...     bar[:, rng.integers(8)] = 1
    ...     bars[i] = bar if i % 2 else bar.T
    >>> labels = ["lying", "standing"] * 20
    >>> classifier = ImageClassifier(width=4, epochs=30, seed=0).fit(bars, labels)
    >>> classifier.predict(bars[:2])
    array(['lying', 'standing'], dtype='<U8')
    """

    def __init__(
        self, *, size: int | Pair | None = None, width: int = 32, epochs: int | None = None,
        batch_size: int = 64, learning_rate: float = 8e-3, weight_decay: float = 1e-2,
        label_smoothing: float = 0.1, augmentation: Augmentation | None = _A_LITTLE,
        dtype: DTypeLike = np.float32, seed: int | None = 0, threads: int | None = None,
        progress: bool | None = None, held_out: float = 0.0,
    ) -> None:  # fmt: skip
        self.held_out = as_share(held_out)
        self.size = as_size(size)
        self.width = as_count(width, "width")
        self.dtype = as_float_type(dtype)
        self.options = TrainingOptions(
            epochs=epochs, batch_size=batch_size, learning_rate=learning_rate,
            weight_decay=weight_decay, label_smoothing=label_smoothing, augmentation=augmentation,
            seed=seed, threads=threads, progress=progress,
        )  # fmt: skip
        self.skipped_: list[Skipped] = []
        self._fitted: Model | None = None

    # --- learning -----------------------------------------------------------------------------

    def fit(self, images: Images, labels: Any = None) -> Self:
        """Learn from labelled pictures.

        Parameters
        ----------
        images
            An array ``(n, height, width)`` or ``(n, height, width, 3)``; a sequence of pictures of
            any sizes, or of paths; or, without labels, a folder (see `fit_folder`).
        labels : array_like, shape (n,)
            Of any hashable kind.

        Returns
        -------
        ImageClassifier
            This one.

        Raises
        ------
        ShapeError, DtypeError, DataError
            If pictures and labels are not what they should be: see each message. What was learned
            before stays.
        """
        if labels is None:
            if isinstance(images, str | os.PathLike):
                return self.fit_folder(images)
            raise DtypeError("labels are missing: fit(images, labels), or fit(folder)")
        parts = as_pictures(images)
        count = sum(len(part.values) for part in parts)
        names = as_labels(labels, count)
        classes = Classes.of(names)
        self._learn(self._collate(parts), classes.numbers_of(names), classes)
        self.skipped_ = []
        return self

    def fit_folder(self, folder: str | os.PathLike[str]) -> Self:
        """Learn from a folder with one folder of pictures per class, named after it.

        Files that cannot be read as pictures are named in a warning and in `skipped_`. Pictures may
        be of any size and kind: colours if any picture has colours, transparent parts on white.

        Raises
        ------
        FileError
            If there is no such folder, or no folder in it.
        DataError
            If no picture can be read, or pictures of one class only.
        """
        files = LabelledFiles.of(folder)
        arrays, used = read_pictures(
            files, lambda height, width: self.size or working_size(height, width),
            threads=as_threads(self.options.threads), progress=self.options.progress,
        )  # fmt: skip
        warn_of(used.skipped, len(used.paths))
        classes = Classes.of(used.labels)
        parts = [pictures_of_array(array[None], "picture") for array in arrays]
        self._learn(self._collate(parts), classes.numbers_of(used.labels), classes)
        self.skipped_ = used.skipped
        return self

    def _learn(self, pictures: Pictures, targets: NDArray[Any], classes: Classes) -> None:
        initial, training, splitting = np.random.default_rng(self.options.seed).spawn(3)
        learned, asked = np.arange(len(targets)), np.empty(0, np.intp)
        if self.held_out:
            check_classes(targets, classes)
            learned, asked = stratified_split(targets, self.held_out, splitting)
        known = pictures.at(learned) if self.held_out else pictures
        picture_format = PictureFormat.of(known).reaching_over(pictures)
        network = small_network(
            picture_format.shape, len(classes), width=self.width, dtype=self.dtype, rng=initial
        )
        history = train(
            network, known.values, targets[learned], picture_format, options=self.options,
            rng=training,
        )  # fmt: skip
        model = Model(network, picture_format, classes, history)
        if self.held_out:
            said = self._logits(model, pictures.at(asked)).argmax(axis=1)
            right = int(np.count_nonzero(said == targets[asked]))
            model = replace(model, held_out=HeldOut(right, len(asked)))
        self._fitted = model

    def _collate(self, parts: list[Pictures]) -> Pictures:
        """Return all pictures at the working size, with colours if any has."""
        if not parts or not sum(len(part.values) for part in parts):
            raise DataError("there are no pictures: give at least one of each class")
        kinds = {part.scaled: part.kind for part in parts}
        if len(kinds) > 1:
            raise DtypeError(
                f"some pictures are {kinds[True]}, others {kinds[False]}: give all the same dtype"
            )
        heights, widths = zip(*(part.values.shape[2:] for part in parts), strict=True)
        size = self.size or working_size(float(np.median(heights)), float(np.median(widths)))
        channels = max(part.values.shape[1] for part in parts)
        threads = as_threads(self.options.threads)
        values = [
            resize(part.with_channels(channels).values, *size, threads=threads) for part in parts
        ]
        together = values[0] if len(values) == 1 else np.concatenate(values)
        return Pictures(together, parts[0].scaled, parts[0].kind)

    # --- telling ------------------------------------------------------------------------------

    def predict_proba(self, images: Images) -> NDArray[np.float64]:
        """Return how probable each class is for each picture.

        Parameters
        ----------
        images
            As in `fit`; of any size, gray or colour.

        Returns
        -------
        numpy.ndarray of float64, shape (n, classes)
            Each row sums to 1; the columns are in the order of `classes_`.

        Raises
        ------
        DataError
            If nothing was learned, or the numbers are of another range than those learned from.
        FileError
            If one of the files cannot be read.
        """
        model = self._model()
        logits = [self._logits(model, part) for part in as_pictures(images)]
        if not logits:
            return np.empty((0, len(model.classes)))
        return softmax(np.concatenate(logits).astype(np.float64))

    def predict(self, images: Images) -> NDArray[Any]:
        """Return the most probable label of each picture; see `predict_proba`."""
        numbers = self.predict_proba(images).argmax(axis=1)
        return self._model().classes.labels_of(numbers)

    def score(self, images: Images, labels: ArrayLike) -> float:
        """Return the share of pictures whose predicted label is the given one."""
        numbers = self.predict_proba(images).argmax(axis=1)
        names = as_labels(labels, len(numbers))
        if not names:
            raise DataError("there are no pictures to score: give at least one")
        return float(np.mean(numbers == self._model().classes.numbers_of(names)))

    def _logits(self, model: Model, part: Pictures) -> Array:
        threads = self.options.threads
        found = np.empty((len(part.values), len(model.classes)), self.dtype)
        for rows, batch in self._inputs(model, part):
            found[rows] = model.network.forward(batch, threads=threads)
        return found

    def _inputs(self, model: Model, part: Pictures) -> Iterator[tuple[slice, Array]]:
        """Yield batches of pictures as the network takes them."""
        dtype = network_type(model.network)
        for first in range(0, len(part.values), _AT_ONCE):
            rows = slice(first, first + _AT_ONCE)
            fitted = model.pictures.fit(part.at(rows), threads=as_threads(self.options.threads))
            yield rows, model.pictures.normalise(fitted, dtype)

    # --- looking inside -----------------------------------------------------------------------

    def kernels(self) -> Array:
        """Return the learned kernels of the first layer, (kernels, channels, height, width)."""
        first = self._model().network.layers[0]
        assert isinstance(first, Conv2d)
        kernels: Array = first.value("weight").copy()
        return kernels

    def feature_maps(self, image: Any) -> Array:
        """Return what each kernel of the first layer finds in one picture, after the ReLU.

        Parameters
        ----------
        image : array_like, path
            One picture ``(height, width)`` or ``(height, width, 3)``, or its file.

        Returns
        -------
        numpy.ndarray, shape (kernels, height, width)
            At the working size.
        """
        model = self._model()
        parts = as_pictures([image], what="image")
        _, batch = next(self._inputs(model, parts[0]))
        found = model.network.layers[0].forward(batch, threads=self.options.threads)
        maps: Array = ReLU().forward(found)[0]
        return maps

    @property
    def classes_(self) -> NDArray[Any]:
        """The labels, in the order of `predict_proba`'s columns."""
        return self._model().classes.array()

    @property
    def network_(self) -> Network:
        """The trained network."""
        return self._model().network

    @property
    def format_(self) -> PictureFormat:
        """Size, channels and normalisation of the pictures it takes."""
        return self._model().pictures

    @property
    def history_(self) -> list[Any]:
        """What each epoch of the training came to."""
        return list(self._model().history)

    @property
    def held_out_(self) -> HeldOut | None:
        """What it told right of the pictures laid aside; None if there were none."""
        return self._model().held_out

    def _model(self) -> Model:
        if self._fitted is None:
            raise DataError(
                "this classifier has learned nothing yet: call fit(images, labels), "
                "fit_folder(folder) or ImageClassifier.load(path)"
            )
        return self._fitted

    # --- files --------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write what was learned to a safetensors file, whole or not at all.

        Raises
        ------
        DataError
            If nothing was learned, or a label is not a string, int, float or bool.
        FileError
            If the file cannot be written.
        """
        save_model(self._model(), path)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, threads: int | None = None) -> ImageClassifier:
        """Return the classifier that `save` wrote; nothing in the file is executed.

        Raises
        ------
        FileError
            If the file cannot be read, is damaged, or holds something else.
        """
        model = load_model(path)
        dtype = network_type(model.network)
        found = cls(size=model.pictures.shape[1:], dtype=dtype, threads=threads)
        found._fitted = model
        return found

    def __repr__(self) -> str:
        if self._fitted is None:
            return "ImageClassifier(has learned nothing yet)"
        model = self._fitted
        channels, height, width = model.pictures.shape
        accuracy = f", {model.history[-1].accuracy:.1%} of its training" if model.history else ""
        if model.held_out:
            accuracy = f", {model.held_out.accuracy:.1%} of {model.held_out.pictures} held out"
        return (
            f"ImageClassifier({len(model.classes)} classes, {height} × {width} "
            f"{'gray' if channels == 1 else 'colour'}, {model.network.parameter_count} "
            f"parameters{accuracy})"
        )
