"""From the variable of a piece's polynomial to places on the line and back, and cuts in between."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from faltung.functions import bounds
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.spans import Form, weights_at
from faltung.functions.polynomials import chebyshev
from faltung.functions.transform import FloatArray, IndexArray


def distances_at(chain: Chain, rows: IndexArray, x: FloatArray) -> FloatArray:
    """Return the distances from their anchors at x in [-1, 1] of some pieces."""
    near, far = chain.near[rows], chain.far[rows]
    # From the nearer end: its digits are kept.
    inner = near + (far - near) * ((1 + x) / 2)
    linear = np.where(x < 0, inner, far - (far - near) * ((1 - x) / 2))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        curved = near * (far / near) ** ((1 + x) / 2)
    curved = np.where(x == 1, far, curved)
    return np.where(chain.forms[rows] == Form.LOGARITHMIC, curved, linear)


def places_at(chain: Chain, rows: IndexArray, x: FloatArray) -> FloatArray:
    """Return the places on the line at x in [-1, 1] of some pieces: their ends exactly."""
    side = chain.sides[rows]
    inner = chain.anchors[rows] + side * distances_at(chain, rows, x)
    low, high = chain.low[rows], chain.high[rows]
    inner = np.where(side * x == -1, low, np.where(side * x == 1, high, inner))
    return np.clip(inner, low, high)


def values_at(chain: Chain, rows: IndexArray, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the values of some pieces at x in [-1, 1], each of its own piece, and their bounds."""
    distances = distances_at(chain, rows, x)
    series = chebyshev.clenshaw(chain.coefficients.T, x, rows)
    forms, tilts, references = chain.forms[rows], chain.tilts[rows], chain.references[rows]
    exponent = np.where(forms == Form.EXPONENTIAL, np.abs(distances - references), 1.0)
    roundings = np.where(forms == Form.PLAIN, 0.0, 4 + 6 * np.abs(tilts) * exponent)
    unsure = chain.deviation.bound + bounds.evaluation(chain.coefficients).bound
    lost = unsure[rows] + roundings * bounds.UNIT * bounds.size(chain.coefficients)[rows]
    weights = weights_at(forms, tilts, references, distances)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.where(series == 0, 0.0, weights * series), 1.01 * weights * lost


def variable_at(chain: Chain, rows: IndexArray, places: FloatArray) -> FloatArray:
    """Return x in [-1, 1] for places inside some pieces."""
    near, far = chain.near[rows], chain.far[rows]
    distances = chain.sides[rows] * (places - chain.anchors[rows])
    distances = np.clip(distances, near, far)
    linear = ((distances - near) - (far - distances)) / (far - near)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        width = np.log(far / near)
        curved = (2 * np.log(distances / near) - width) / width
    return np.clip(np.where(chain.forms[rows] == Form.LOGARITHMIC, curved, linear), -1.0, 1.0)


def cut_at(chain: Chain, places: FloatArray) -> Chain:
    """Return the chain with its pieces cut at the places that lie inside of one, told by doubles."""
    for place in np.unique(places).tolist():
        inside = np.flatnonzero((chain.low < place) & (place < chain.high))
        if len(inside):
            chain = _cut(chain, inside[:1], place)
    return chain


def _cut(chain: Chain, row: IndexArray, place: float) -> Chain:
    """Return the chain with one piece cut in two: the forms stay, the polynomials are sampled anew."""
    x = variable_at(chain, row, np.array([place]))
    distance = chain.sides[row] * (place - chain.anchors[row])
    if not (chain.near[row] < distance < chain.far[row]).all():
        return chain
    whole = chain.rows(row)
    length = whole.coefficients.shape[1]
    parts = [replace(whole, far=distance), replace(whole, near=distance)]
    made = []
    for part, centre, ratio in zip(
        parts, ((x - 1) / 2, (x + 1) / 2), ((1 + x) / 2, (1 - x) / 2), strict=True
    ):
        series = chebyshev.restrict(whole.coefficients, centre, ratio, length)
        rounding = bounds.restriction(whole.coefficients, series)
        made.append(replace(part, coefficients=series, deviation=part.deviation + rounding))
    others = chain.rows(np.delete(np.arange(chain.count), row))
    return Chain.joined([others, *made] if others.count else made)


def kept(chain: Chain, low: float, high: float) -> Chain:
    """Return the pieces, or parts of pieces, between two places."""
    chain = cut_at(chain, np.array([low, high]))
    return chain.rows(np.flatnonzero((chain.low >= low) & (chain.high <= high)))
