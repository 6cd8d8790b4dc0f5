"""Where intervals that are not resolved are cut."""

from __future__ import annotations

import numpy as np

from faltung.functions import transform
from faltung.functions.chains.knots import LEAST
from faltung.functions.chains.spans import Form, Spans
from faltung.functions.transform import BoolArray, FloatArray, IndexArray

# The exponent of one piece's weight: its rounding is that of the exponent.
STEEPEST = 64.0

# Halvings of one interval without a look at the function.
_MOST = 6

# If logarithms bend by less over an interval, few points may do once its weight is taken away; if they
# bend by more, most points will not.
_BENT, _TOO_BENT = 0.1, 2.5


def divided(
    spans: Spans, values: FloatArray, rough: BoolArray
) -> tuple[Spans, IndexArray, BoolArray]:
    """Return both halves of each interval, and halves of halves where they will be too steep.

    `values` are those at the nodes of each interval, shape (rows, count). Where their series has not
    begun to fall, where it is `rough`, halves cannot do. For each part the
    interval it comes from is returned, and whether few points may do.
    """
    with np.errstate(divide="ignore"):
        logarithms = np.log(np.maximum(np.abs(values), LEAST))
    # Between zeros they say nothing.
    logarithms[(np.sign(values) * np.sign(values[:, :1]) < 0).any(axis=1)] = 0.0
    whole, parent = spans, np.arange(len(spans))
    again = np.ones(len(spans), dtype=bool)
    for round_ in range(_MOST):
        halves = spans.rows(again).halves()
        spans = Spans.joined([spans.rows(~again), halves])
        parent = np.concatenate([parent[~again], np.tile(parent[again], 2)])
        near, middle, far = _along(spans, whole.rows(parent), logarithms, parent)
        bend = np.abs(middle - (near + far) / 2)
        again = (np.abs(far - near) > STEEPEST) | (spans.tail & (bend > _TOO_BENT))
        again &= spans.form == Form.PLAIN
        again |= rough[parent] & (round_ == 0)
        if not again.any():
            break
    return spans, parent, (np.abs(far - near) > STEEPEST / 8) & (bend < _BENT)


def _along(spans: Spans, whole: Spans, logarithms: FloatArray, parent: IndexArray) -> FloatArray:
    """Return what the samples of the whole say at the ends and the middle of each part: 3 rows."""
    places = np.stack([spans.near, (spans.near + spans.far) / 2, spans.far], axis=1)
    return _between_nodes(whole.variable(places), logarithms, parent).T


def _between_nodes(x: FloatArray, values: FloatArray, rows: IndexArray) -> FloatArray:
    """Return at x, shape (count, points), what straight lines between nodes make of some rows."""
    nodes = transform.nodes(values.shape[1])
    behind = np.clip(np.searchsorted(nodes, x), 1, len(nodes) - 1)
    part = np.clip((x - nodes[behind - 1]) / (nodes[behind] - nodes[behind - 1]), 0.0, 1.0)
    rows = rows[:, None]
    return np.asarray(values[rows, behind - 1] * (1 - part) + values[rows, behind] * part)
