"""Places where halving made many narrow pieces: something is sharp there that no knot says."""

from __future__ import annotations

import numpy as np

from faltung.functions.chains.body import Body
from faltung.functions.chains.edges import is_smooth_at
from faltung.functions.chains.spans import Form
from faltung.functions.polynomials.build import build
from faltung.functions.sampling import Sampler
from faltung.functions.unresolved import Undefined, Unresolved, roundest, suspects

# Pieces narrower than this part of their distance from 0, or of 1, have closed in on something.
_NARROW = 2.0**-20

# How far around such a place one looks.
_AROUND = 2.0**-8


def crowds(body: Body) -> list[tuple[float, float]]:
    """Return mere anchors, and the ends of each run of narrow pieces that are not zero."""
    chain = body.chain
    width = chain.far - chain.near
    plain = (chain.forms == Form.PLAIN) | (chain.forms == Form.EXPONENTIAL)
    reach = np.maximum(np.abs(chain.low), np.abs(chain.high))
    narrow = plain & (width < _NARROW * (1 + reach)) & chain.coefficients.any(axis=1)
    rows = np.flatnonzero(narrow)
    found: list[tuple[float, float]] = []
    for low, high in zip(chain.low[rows].tolist(), chain.high[rows].tolist(), strict=True):
        if found and low - found[-1][1] <= _AROUND * (1 + abs(low)):
            found[-1] = found[-1][0], high
        else:
            found.append((low, high))
    anchors = [(knot.at, knot.at) for knot in body.knots if not knot.sharp]
    return [*anchors, *found]


def sharp_places(
    sampler: Sampler, between: tuple[float, float], ends: tuple[float, float]
) -> list[float]:
    """Return the jumps and bends of a function near two places, or one place if it is a pole."""
    place = roundest(*between)
    around = max(_AROUND * (1 + abs(place)), between[1] - between[0])
    low, high = max(ends[0], place - around), min(ends[1], place + around)
    inside = ends[0] < place < ends[1]
    if inside and not is_smooth_at(sampler, place, min(place - low, high - place)):
        return [place]
    try:
        return list(build(sampler, np.array([low, high])).breaks[1:-1].tolist())
    except (Undefined, Unresolved) as error:
        return [each for each in suspects(error, [low, high]) if low < each < high]
