"""Training: small steps down the loss, the whole set over and over."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from faltung.errors import DataError, OptionError
from faltung.nn.augment import Augmentation
from faltung.nn.coerce import as_count, as_number
from faltung.nn.engines.native import Array
from faltung.nn.loss import softmax_cross_entropy
from faltung.nn.network import Network
from faltung.nn.optimizer import Adam
from faltung.nn.picture_format import PictureFormat
from faltung.options import as_threads
from faltung.progress import progress_bar

__all__ = ["Epoch", "TrainingOptions", "one_cycle", "train"]

# The least number of steps that the default number of epochs makes, and its limits.
_STEPS = 700
_EPOCHS = (10, 100)
_BATCHES = 8  # in each epoch, at least
_WARM_UP = 0.25


class Epoch(NamedTuple):
    """What one pass over the training set came to, on the pictures as they were moved."""

    loss: float
    accuracy: float
    learning_rate: float


@dataclass(frozen=True)
class TrainingOptions:
    """How to train; see :class:`faltung.nn.ImageClassifier`."""

    epochs: int | None = None
    batch_size: int = 64
    learning_rate: float = 8e-3
    weight_decay: float = 1e-2
    label_smoothing: float = 0.1
    augmentation: Augmentation | None = field(default_factory=Augmentation)
    seed: int | None = 0
    threads: int | None = None
    progress: bool | None = None

    def __post_init__(self) -> None:
        if self.epochs is not None:
            as_count(self.epochs, "epochs")
        as_count(self.batch_size, "batch_size")
        as_number(self.learning_rate, "learning_rate")
        as_number(self.weight_decay, "weight_decay")
        as_number(self.label_smoothing, "label_smoothing", most=1.0)
        if self.seed is not None:
            as_count(self.seed, "seed", least=0, most=2**63 - 1)
        as_threads(self.threads)
        if self.augmentation is not None and not isinstance(self.augmentation, Augmentation):
            raise OptionError(
                f"augmentation={self.augmentation!r}: give a faltung.nn.Augmentation, or None"
            )

    def batches(self, pictures: int) -> int:
        """Return how many batches an epoch has: of batch_size, but at least eight."""
        most = max(1, pictures // 2)
        return min(most, max(_BATCHES, round(pictures / self.batch_size)))

    def passes(self, pictures: int) -> int:
        """Return the number of epochs: as given, else 700 steps' worth, from 10 to 100."""
        if self.epochs is not None:
            return self.epochs
        return min(max(math.ceil(_STEPS / self.batches(pictures)), _EPOCHS[0]), _EPOCHS[1])


def one_cycle(progress: float) -> float:
    """Return the part of the learning rate to use when `progress` (0 to 1) of training is done.

    It rises from 1/25 to 1 in the first quarter and falls to nearly 0, both along a cosine (Smith &
    Topin 2017, arXiv:1708.07120).

    Examples
    --------
    >>> [round(one_cycle(done), 4) for done in (0, 0.25, 0.5, 1)]
    [0.04, 1.0, 0.75, 0.0001]
    """
    if progress < _WARM_UP:
        return 1 - (1 - 0.04) * (1 + math.cos(math.pi * progress / _WARM_UP)) / 2
    rest = (progress - _WARM_UP) / (1 - _WARM_UP)
    return 1e-4 + (1 - 1e-4) * (1 + math.cos(math.pi * rest)) / 2


def train(
    network: Network, pictures: Array, targets: NDArray[Any], picture_format: PictureFormat, *,
    options: TrainingOptions, rng: np.random.Generator,
) -> list[Epoch]:  # fmt: skip
    """Train `network` in place and return what each epoch came to.

    Parameters
    ----------
    network : Network
    pictures : numpy.ndarray
        In `picture_format`, not normalised.
    targets : numpy.ndarray of int
        The class number of each picture.
    options : TrainingOptions
    rng : numpy.random.Generator
        Of the order of the pictures and of how they are moved.

    Raises
    ------
    DataError
        If the loss is not finite.
    """
    optimizer = Adam(network.parameters.values(), weight_decay=options.weight_decay)
    epochs, batches = options.passes(len(pictures)), options.batches(len(pictures))
    history: list[Epoch] = []
    with progress_bar(epochs, "training", options.progress) as bar:
        for epoch in range(epochs):
            losses, hits = 0.0, 0
            for number, chosen in enumerate(_batches(len(pictures), batches, rng)):
                done = (epoch * batches + number) / max(1, epochs * batches - 1)
                optimizer.learning_rate = options.learning_rate * one_cycle(done)
                moved = _moved(pictures[chosen], options.augmentation, rng)
                inputs = picture_format.normalise(moved, network_type(network))
                loss, hit = _step(network, optimizer, inputs, targets[chosen], options)
                losses, hits = losses + loss * len(chosen), hits + hit
            record = Epoch(losses / len(pictures), hits / len(pictures), optimizer.learning_rate)
            history.append(record)
            bar.advance(loss=record.loss, accuracy=record.accuracy)
    return history


def network_type(network: Network) -> np.dtype[Any]:
    """Return the float type of the network's parameters."""
    dtype: np.dtype[Any] = next(iter(network.parameters.values())).value.dtype
    return dtype


def _batches(count: int, batches: int, rng: np.random.Generator) -> Iterator[NDArray[Any]]:
    """Yield every index once, in random order, in batches whose sizes differ by at most one."""
    yield from np.array_split(rng.permutation(count), batches)


def _moved(pictures: Array, augmentation: Augmentation | None, rng: np.random.Generator) -> Array:
    return pictures if augmentation is None else augmentation.apply(pictures, rng)


def _step(
    network: Network, optimizer: Adam, inputs: Array, targets: NDArray[Any],
    options: TrainingOptions,
) -> tuple[float, int]:  # fmt: skip
    """Take one step; return the loss before it and how many pictures were told right."""
    with np.errstate(over="ignore", invalid="ignore"):
        logits = network.forward(inputs, training=True, threads=options.threads)
        loss, gradient = softmax_cross_entropy(
            logits, targets, label_smoothing=options.label_smoothing
        )
    if not math.isfinite(loss):
        raise DataError(
            f"the loss became {loss} in step {optimizer.steps + 1}: training has diverged; use a "
            f"learning_rate below {options.learning_rate:g}"
        )
    network.backward_to_parameters(gradient, threads=options.threads)
    optimizer.step()
    return loss, int(np.count_nonzero(logits.argmax(axis=1) == targets))
