"""Functions continued towards a knot, where there are no doubles at which they could be sampled."""

from __future__ import annotations

import numpy as np

from faltung.functions.bounds import Deviation
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.knots import LEAST
from faltung.functions.chains.spans import Form
from faltung.functions.transform import IndexArray


def continued(chain: Chain) -> Chain:
    """Return the chain with its innermost logarithmic pieces continued down to their anchors.

    Towards an anchor other than 0 the function is taken as its power, times a straight line in
    the logarithm of the distance: that is what it comes to, unless it is zero or nothing there.
    """
    rows = np.array([row for row in range(chain.count) if _is_cut_short(chain, row)], dtype=np.intp)
    return Chain.joined([chain, _inner(chain, rows)]) if len(rows) else chain


def _is_cut_short(chain: Chain, row: int) -> bool:
    """Whether a piece is the innermost, and the function is not yet zero where it ends."""
    if chain.forms[row] != Form.LOGARITHMIC or chain.anchors[row] == 0:
        return False
    beside = (chain.anchors == chain.anchors[row]) & (chain.sides == chain.sides[row])
    innermost = chain.near[row] <= chain.near[beside].min()
    anchor, side = chain.anchors[row], chain.sides[row]
    touching = (chain.low <= anchor + side * chain.near[row] / 2) & (
        anchor + side * chain.near[row] / 2 < chain.high
    )
    at_end = np.array([side * chain.near[row]])
    value, _ = chain.evaluate(chain.anchors[[row]], at_end)
    return bool(innermost and not touching.any() and abs(value[0]) > 1e3 * LEAST)


def _inner(chain: Chain, rows: IndexArray) -> Chain:
    """Return the pieces between the anchors and those that end before them."""
    pieces = chain.rows(rows)
    width = np.log(pieces.far / pieces.near)
    at = np.array([-1.0, -0.5, 0.0])
    values = np.polynomial.chebyshev.chebval(at, pieces.coefficients.T)
    slope, before = (2 * np.diff(values, axis=1) * 2 / width[:, None]).T
    reach = np.log(pieces.near / LEAST)
    rise = slope * reach / 2
    coefficients = np.stack([values[:, 0] - rise, rise], axis=1)
    unsure = np.abs(slope - before) * reach
    deviation = pieces.deviation + Deviation(unsure, unsure)
    return Chain(
        pieces.forms,
        pieces.anchors,
        pieces.sides,
        np.full(len(rows), LEAST),
        pieces.near,
        pieces.tilts,
        pieces.references,
        coefficients,
        deviation,
    )
