"""Labels of any hashable kind, and the whole numbers that stand for them."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faltung.arrays.foreign import refuse_foreign
from faltung.errors import DataError, DtypeError, ShapeError

__all__ = ["Classes", "as_labels", "confusion_matrix"]

# The kinds that a model file can hold, and how JSON writes them: bool before int, its subclass.
_KINDS: tuple[tuple[str, type], ...] = (
    ("bool", bool), ("int", int), ("float", float), ("str", str),
)  # fmt: skip


def as_labels(labels: Any, count: int | None = None, what: str = "labels") -> list[Any]:
    """Return labels as a list of hashable Python objects.

    Raises
    ------
    ShapeError
        If they are not one for each of `count` pictures.
    DtypeError, DataError
        If one is not hashable, or NaN.
    """
    if type(labels).__module__.partition(".")[0] != "pandas":  # a Series is a list of labels
        refuse_foreign(what, labels)
    if isinstance(labels, np.ndarray) and labels.ndim != 1:
        raise ShapeError(
            f"{what} has shape {labels.shape}: give one label for each picture; "
            "labels.argmax(axis=1) turns rows of ones and zeros into numbers"
        )
    if isinstance(labels, str) or not isinstance(labels, Iterable):
        raise DtypeError(f"{what} is {labels!r}: give one label for each picture")
    found = labels.tolist() if isinstance(labels, np.ndarray) else list(labels)
    found = [label.item() if isinstance(label, np.generic) else label for label in found]
    if count is not None and len(found) != count:
        raise ShapeError(f"{len(found)} {what} for {count} pictures: give one for each")
    for i, label in enumerate(found):
        if not isinstance(label, Hashable):
            raise DtypeError(f"{what}[{i}] is a {type(label).__name__}, which is not hashable")
        if isinstance(label, float) and math.isnan(label):
            raise DataError(f"{what}[{i}] is NaN: a label equals itself")
    return found


def as_array(labels: list[Any]) -> NDArray[Any]:
    """Return labels of one plain kind as an array of it, others as an array of objects."""
    kinds = {type(label) for label in labels}
    if len(kinds) == 1 and kinds & {kind for _, kind in _KINDS}:
        array = np.array(labels)
        if array.tolist() == labels:
            return array
    objects = np.empty(len(labels), dtype=object)
    objects[:] = labels
    return objects


class Classes:
    """The distinct labels in order: sorted if they can be, else as they first came.

    Examples
    --------
    >>> classes = Classes.of(["dog", "cat", "dog"])
    >>> classes.numbers_of(["cat", "dog"])
    array([0, 1])
    >>> classes.labels_of([1, 1])
    array(['dog', 'dog'], dtype='<U3')
    """

    def __init__(self, labels: list[Any]) -> None:
        self.labels = labels
        self._numbers = {label: number for number, label in enumerate(labels)}

    @classmethod
    def of(cls, labels: list[Any]) -> Classes:
        """Return the classes of training labels; DataError if there is only one."""
        distinct = list(dict.fromkeys(labels))
        if len(distinct) < 2:
            only = f"only {distinct[0]!r}" if distinct else "none"
            raise DataError(f"labels name {only}: a classifier needs two classes or more")
        try:
            return cls(sorted(distinct))
        except TypeError:
            return cls(distinct)

    def __len__(self) -> int:
        return len(self.labels)

    def numbers_of(self, labels: Iterable[Any]) -> NDArray[np.intp]:
        """Return the number of each label's class, -1 for a label that is none of them."""
        return np.array([self._numbers.get(label, -1) for label in labels], dtype=np.intp)

    def labels_of(self, numbers: ArrayLike) -> NDArray[Any]:
        """Return the label of each class number."""
        return self.array()[np.asarray(numbers, dtype=np.intp)]

    def array(self) -> NDArray[Any]:
        """Return the labels as an array."""
        return as_array(self.labels)

    def describe(self) -> list[list[Any]]:
        """Return the kind and value of each label, as JSON can hold them.

        Raises
        ------
        DataError
            For a label of another kind than bool, int, float or str.
        """
        return [[_kind_of(label), label] for label in self.labels]

    @classmethod
    def from_description(cls, description: list[list[Any]]) -> Classes:
        """Return the classes that `describe` described; DataError if they are not."""
        kinds = dict(_KINDS)
        try:
            labels = [kinds[kind](value) for kind, value in description]
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"class labels {description!r} cannot be read: {error}") from error
        if len(set(labels)) != len(labels) or len(labels) < 2:
            raise DataError(f"class labels {labels!r} are not two or more different ones")
        return cls(labels)


def _kind_of(label: Any) -> str:
    for name, kind in _KINDS:
        if type(label) is kind:
            return name
    raise DataError(
        f"label {label!r} is a {type(label).__name__}, which a model file cannot hold: use strings, "
        "whole numbers, floats or bools as labels"
    )


def confusion_matrix(
    labels: ArrayLike, predictions: ArrayLike, *, classes: ArrayLike | None = None
) -> NDArray[np.int64]:
    """Return how often each class was taken for each.

    Parameters
    ----------
    labels, predictions : array_like, shape (n,)
        What the pictures show, and what they were taken for.
    classes : array_like, optional
        The classes in the order of rows and columns; else all that occur, sorted.

    Returns
    -------
    numpy.ndarray of int, shape (classes, classes)
        Row: what it is. Column: what it was taken for.

    Raises
    ------
    ShapeError
        If the two are not equally long.
    DataError
        If a label is none of `classes`.

    Examples
    --------
    >>> confusion_matrix(["cat", "cat", "dog"], ["cat", "dog", "dog"])
    array([[1, 1],
           [0, 1]])
    """
    true = as_labels(labels)
    taken = as_labels(predictions, len(true), "predictions")
    if classes is None:
        distinct = list(dict.fromkeys([*true, *taken]))
        with contextlib.suppress(TypeError):  # labels that have no order stay as they came
            distinct.sort()
        table = Classes(distinct)
    else:
        table = Classes(as_labels(classes, what="classes"))
        if len(set(table.labels)) < len(table):
            raise DataError(f"classes {table.labels} hold one label twice: name each once")
    rows, columns = table.numbers_of(true), table.numbers_of(taken)
    for found, given in ((rows, true), (columns, taken)):
        if len(found) and found.min() < 0:
            raise DataError(f"{given[int(found.argmin())]!r} is none of the classes {table.labels}")
    matrix = np.zeros((len(table), len(table)), np.int64)
    np.add.at(matrix, (rows, columns), 1)
    return matrix
