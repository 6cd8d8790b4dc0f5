"""Samples that a resolved function is held against: what is narrow may lie between all others."""

from __future__ import annotations

import numpy as np

from faltung.functions.chains.body import Body
from faltung.functions.chains.ceilings import heights
from faltung.functions.chains.spans import Form
from faltung.functions.polynomials.intervals import scattered
from faltung.functions.sampling import Sampler
from faltung.functions.transform import FloatArray
from faltung.functions.unresolved import Unresolved

# How many there are, over the pieces that come to this part of the largest area.
_COUNT, _BULK = 8192, 1e-3

# By how much they may differ, as a part of the values, and of the largest one.
_APART, _OF_ALL = 1e-7, 1e-10


def require_witnesses(body: Body, sampler: Sampler) -> None:
    """Refuse a body that is not what the callable is at scattered points of its bulk.

    Raises
    ------
    Unresolved
        Naming the worst of them.
    """
    points = _points(body)
    if not len(points):
        return
    true = sampler.tried(points)
    seen, errors = body.chain.evaluate(points)
    sizes = np.abs(true)
    largest = float(np.median(sizes[np.isfinite(sizes)])) if np.isfinite(sizes).any() else 0.0
    apart = np.abs(seen - true) - _APART * (sizes + np.abs(seen)) - 10 * errors - _OF_ALL * largest
    apart[~np.isfinite(apart)] = 0.0
    worst = int(np.argmax(apart))
    if apart[worst] > 0:
        place = points[[worst]]
        raise Unresolved(
            f"the function is {float(true[worst])!r} at x = {float(place[0])!r}, where its other "
            f"samples say {float(seen[worst])!r}: something narrow is there; write "
            f"breaks=[{float(place[0])!r}]",
            place,
            place,
        )


def _points(body: Body) -> FloatArray:
    """Return points over the bulk of the function, scattered over each piece in its own variable."""
    chain = body.chain
    mass = np.nan_to_num(heights(chain)[1], posinf=0.0)
    bulk = np.flatnonzero(mass >= _BULK * mass.max())
    part = scattered(_COUNT // len(bulk))
    near, far = chain.near[bulk, None], chain.far[bulk, None]
    curved = (chain.forms[bulk] == Form.LOGARITHMIC)[:, None]
    with np.errstate(all="ignore"):
        distances = np.where(curved, near * (far / near) ** part, near + (far - near) * part)
    points = (chain.anchors[bulk, None] + chain.sides[bulk, None] * distances).ravel()
    knots = np.array([knot.at for knot in body.knots])
    off = np.abs(points[:, None] - knots).min(axis=1)
    return np.asarray(points[off > 1e-12 * (1 + np.abs(points))])
