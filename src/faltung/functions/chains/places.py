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


def cut_at(chain: Chain, places: FloatArray) -> Chain:
    """Return the chain with its pieces cut at those places that lie inside of one.

    The forms stay, and the polynomials of the parts are sampled anew.
    """
    places = np.unique(places)
    rows = np.searchsorted(chain.low, places, side="right") - 1
    cuts = chain.sides[rows] * (places - chain.anchors[rows])
    inside = (rows >= 0) & (chain.near[rows] < cuts) & (cuts < chain.far[rows])
    # The parts of each piece, by their nearer ends.
    rows = np.concatenate([np.arange(chain.count), rows[inside]])
    near = np.concatenate([chain.near, cuts[inside]])
    order = np.lexsort((near, rows))
    rows, near = rows[order], near[order]
    last = np.append(rows[1:] != rows[:-1], True)
    far = np.where(last, chain.far[rows], np.append(near[1:], 0.0))
    whole = (near == chain.near[rows]) & (far == chain.far[rows])
    parts = replace(chain.rows(rows), near=near, far=far)
    sampled = np.flatnonzero(~whole)
    if not len(sampled):
        return chain
    uncut, cut = parts.rows(np.flatnonzero(whole)), parts.rows(sampled)
    made = _sampled(cut, chain.rows(rows[sampled]))
    return Chain.joined([uncut, made]) if uncut.count else Chain.joined([made])


def _sampled(parts: Chain, wholes: Chain) -> Chain:
    """Return parts of pieces with polynomials of their own."""
    low, high = (_variable_at(wholes, distances) for distances in (parts.near, parts.far))
    length = wholes.coefficients.shape[1]
    series = chebyshev.restrict(wholes.coefficients, low / 2 + high / 2, high / 2 - low / 2, length)
    rounding = bounds.restriction(wholes.coefficients, series)
    return replace(parts, coefficients=series, deviation=parts.deviation + rounding)


def _variable_at(chain: Chain, distances: FloatArray) -> FloatArray:
    """Return x in [-1, 1] for one distance in each piece."""
    near, far = chain.near, chain.far
    linear = ((distances - near) - (far - distances)) / (far - near)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        width = np.log(far / near)
        curved = (2 * np.log(distances / near) - width) / width
    return np.clip(np.where(chain.forms == Form.LOGARITHMIC, curved, linear), -1.0, 1.0)
