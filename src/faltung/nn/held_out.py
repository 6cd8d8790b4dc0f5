"""Pictures laid aside before training, and what a network says of them afterwards."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from faltung.errors import DataError
from faltung.nn.coerce import as_number
from faltung.nn.labels import Classes

__all__ = ["HeldOut", "as_share", "check_classes", "stratified_split"]

_LARGEST_SHARE = 0.9
_QUANTILE = 1.959963984540054  # of the normal law, for 95 %


class HeldOut(NamedTuple):
    """How many of the pictures laid aside a network told right.

    Examples
    --------
    >>> found = HeldOut(right=18, pictures=20)
    >>> found.accuracy, [round(end, 3) for end in found.interval]
    (0.9, [0.699, 0.972])
    """

    right: int
    pictures: int

    @property
    def accuracy(self) -> float:
        """The share of them that is told right."""
        return self.right / self.pictures

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the accuracy on pictures of the same kind.

        E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
        1927. The pictures count as independent: near copies of one picture make it too short.
        """
        n, share, z = self.pictures, self.accuracy, _QUANTILE
        middle = share + z * z / (2 * n)
        reach = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        low, high = ((middle + sign * reach) / (1 + z * z / n) for sign in (-1, 1))
        return (low if self.right else 0.0), (high if self.right < n else 1.0)


def as_share(share: Any) -> float:
    """Return which share of the pictures is held out: 0 for none, at most 0.9."""
    return as_number(share, "held_out", most=_LARGEST_SHARE)


def check_classes(targets: NDArray[Any], classes: Classes) -> None:
    """Raise DataError if a class has one picture, so that none would be left to learn from."""
    counts = np.bincount(targets, minlength=len(classes))
    if counts.min() < 2:
        name = classes.labels[int(counts.argmin())]
        raise DataError(
            f"class {name!r} has one picture: one to learn from and one to hold out are needed; "
            "add some, or hold out nothing (held_out=0, --held-out 0 on the command line)"
        )


def stratified_split(
    targets: NDArray[Any], share: float, rng: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return which pictures to learn from and which to hold out: a share of each class.

    Of each class, rounded to whole pictures, at least one is held out.

    Examples
    --------
    >>> learned, held_out = stratified_split(np.repeat([0, 1], [10, 5]), 0.2, np.random.default_rng(0))
    >>> len(learned), len(held_out)
    (12, 3)
    """
    held_out = []
    for target in np.unique(targets):
        members = rng.permutation(np.flatnonzero(targets == target))
        held_out.append(members[: max(1, min(round(len(members) * share), len(members) - 1))])
    chosen = np.sort(np.concatenate(held_out))
    return np.setdiff1d(np.arange(len(targets)), chosen), chosen
