"""What training makes small: the cross-entropy of the network's probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faltung.errors import DataError, ShapeError
from faltung.nn.coerce import as_batch, as_number
from faltung.nn.engines.native import Array

__all__ = ["softmax", "softmax_cross_entropy"]


def softmax(logits: ArrayLike) -> Array:
    """Return ``exp(logits) / sum(exp(logits))`` for each row.

    The largest entry of the row is subtracted first, so nothing overflows.

    Examples
    --------
    >>> softmax([[0.0, 0.0], [1000.0, 0.0]])
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    rows = as_batch(logits, "logits", dimensions=2)
    weights = np.exp(rows - rows.max(axis=1, keepdims=True))
    shares: Array = weights / weights.sum(axis=1, keepdims=True)
    return shares


def softmax_cross_entropy(
    logits: ArrayLike, targets: ArrayLike, *, label_smoothing: float = 0.0
) -> tuple[float, Array]:
    """Return the mean of ``-sum(p * log(softmax(logits)))`` over the rows, and its gradient.

    Parameters
    ----------
    logits : array_like, shape (batch, classes)
        What the last layer returns.
    targets : array_like of int, shape (batch,)
        The number of each row's class.
    label_smoothing : float
        The wanted probabilities `p` are this much spread evenly over all classes and the rest on
        the target (Szegedy et al. 2016, arXiv:1512.00567). From 0 to 1.

    Returns
    -------
    loss : float
    gradient : numpy.ndarray
        With respect to the logits: ``(softmax(logits) - p) / batch``.

    Raises
    ------
    ShapeError, DataError
        For targets that do not fit the logits.

    Examples
    --------
    >>> loss, gradient = softmax_cross_entropy([[0.0, 0.0]], [1])
    >>> round(loss, 6), gradient
    (0.693147, array([[ 0.5, -0.5]]))
    """
    rows = as_batch(logits, "logits", dimensions=2)
    labels = _as_targets(targets, rows.shape)
    smoothing = as_number(label_smoothing, "label_smoothing", most=1.0)
    shifted = rows - rows.max(axis=1, keepdims=True)
    log_shares = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    wanted = np.full_like(rows, smoothing / rows.shape[1])
    wanted[np.arange(len(rows)), labels] += 1 - smoothing
    loss = -float(np.sum(wanted * log_shares, dtype=np.float64)) / len(rows)
    gradient: Array = (np.exp(log_shares) - wanted) / rows.dtype.type(len(rows))
    return loss, gradient


def _as_targets(targets: ArrayLike, shape: tuple[int, ...]) -> NDArray[Any]:
    labels = np.asarray(targets)
    if labels.shape != shape[:1] or not len(labels):
        raise ShapeError(
            f"targets have shape {labels.shape} for logits of shape {shape}: give one class number "
            "for each row, and at least one row"
        )
    if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= shape[1]:
        raise DataError(f"targets are whole numbers from 0 to {shape[1] - 1}, not {labels}")
    return labels
