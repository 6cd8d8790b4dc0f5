"""Where a function of pieces is zero, or may be for all that is known of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faltung.functions.bounds import size
from faltung.functions.chains.body import Body
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.places import places_at
from faltung.functions.chains.slopes import reaches_anchor
from faltung.functions.chains.spans import Form
from faltung.functions.polynomials.zeros import NearZeros, centre_of, near_zeros
from faltung.functions.transform import BoolArray, FloatArray, IndexArray

# Intervals that are nearer to each other than so many spacings of doubles are one.
_TOUCHING = 4


@dataclass(frozen=True, slots=True, eq=False)
class Zeros:
    """Intervals that hold all zeros, rising and apart from each other.

    Attributes
    ----------
    places
        The likely place of the zero in each.
    low, high
        Its ends.
    whole
        Whether it holds all of a piece: there the function cannot be told from zero.
    """

    places: FloatArray
    low: FloatArray
    high: FloatArray
    whole: BoolArray

    @property
    def bounds(self) -> FloatArray:
        """How far each zero may be from its place."""
        within = np.maximum(self.high - self.places, self.places - self.low)
        # Rounded places, each by one unit at most, and the difference once more.
        return np.asarray(within + 2 * np.spacing(np.abs(self.places)) * (within > 0))

    def with_places(self, places: FloatArray) -> Zeros:
        """Return them with further zeros that are known exactly, unless one is there already."""
        held = (self.low[:, None] <= places) & (places <= self.high[:, None])
        new = np.unique(places[~held.any(axis=0)])
        more = Zeros(new, new, new, np.zeros(len(new), dtype=bool))
        joined = [
            np.concatenate([getattr(self, name), getattr(more, name)]) for name in Zeros.__slots__
        ]
        order = np.argsort(joined[0], kind="stable")
        return Zeros(*(column[order] for column in joined))


def zeros_of(body: Body) -> Zeros:
    """Return where the polynomials of a body may be zero, up to its ends."""
    chain = body.chain
    chain = chain.rows(np.flatnonzero(_counts(chain, body.cut)))
    near = near_zeros(chain.coefficients, chain.deviation.bound)
    ends = np.sort([places_at(chain, near.rows, x) for x in (near.low, near.high)], axis=0)
    order = np.lexsort((ends[1], ends[0]))
    near, (low, high) = near.which(order), ends[:, order]
    starts = _starts(low, high)
    stops = [*starts[1:], len(low)]
    groups = list(zip(starts, stops[: len(starts)], strict=True))
    entire = ~near.steep & (near.low == -1) & (near.high == 1)
    return Zeros(
        np.array([_place(chain, near, start, stop, (low, high)) for start, stop in groups]),
        np.array([low[start] for start, _ in groups]),
        np.array([high[start:stop].max() for start, stop in groups]),
        np.array([bool(entire[start:stop].any()) for start, stop in groups], dtype=bool),
    )


def zero_knots(body: Body) -> FloatArray:
    """Return the knots to which the function falls like a power: it is zero there."""
    chain = body.chain
    falls = (chain.forms >= Form.POWER) & (chain.tilts > 0) & reaches_anchor(chain)
    return np.unique(chain.anchors[falls])


def gaps_of(body: Body) -> list[tuple[float, float]]:
    """Return the intervals between knots that no piece covers: the function is zero there."""
    chain = body.chain
    order = np.argsort(chain.low, kind="stable")
    low, high = chain.low[order][1:], np.maximum.accumulate(chain.high[order])[:-1]
    apart = low - high > 2.0**-30 * np.minimum(low - chain.low[order][:-1], np.inf)
    apart &= low - high > 64 * np.spacing(np.maximum(np.abs(low), np.abs(high)))
    return list(zip(high[apart].tolist(), low[apart].tolist(), strict=True))


def _counts(chain: Chain, cut: float) -> BoolArray:
    """Whether a piece is more than what is taken as zero in a tail."""
    if not cut:
        return np.ones(chain.count, dtype=bool)
    with np.errstate(invalid="ignore", over="ignore"):
        heaviest = np.maximum(chain.weights(chain.near), chain.weights(chain.far))
        largest = (size(chain.coefficients) + chain.deviation.bound) * heaviest
    return np.asarray(~(largest <= 4 * cut))


def _starts(low: FloatArray, high: FloatArray) -> list[int]:
    """Return where intervals begin that do not touch those before them."""
    if not len(low):
        return []
    reach = np.maximum.accumulate(high)[:-1]
    room = _TOUCHING * np.spacing(np.maximum(np.abs(reach), np.abs(low[1:])))
    return [0, *(np.flatnonzero(low[1:] > reach + room) + 1).tolist()]


def _place(
    chain: Chain, near: NearZeros, start: int, stop: int, ends: tuple[FloatArray, FloatArray]
) -> float:
    """Return the likely place of the zero in intervals that touch each other."""
    rows = near.rows[start:stop]
    if (rows != rows[0]).any():
        return _break_in(chain, rows, float(ends[0][start]), float(ends[1][start:stop].max()))
    row = np.array([rows[0]])
    x = float(near.best[start])
    if stop - start > 1 or not near.steep[start]:
        low, high = float(near.low[start:stop].min()), float(near.high[start:stop].max())
        noise = float(chain.deviation.bound[rows[0]])
        x = centre_of(chain.coefficients[rows[0]], low, high, noise)
    return float(places_at(chain, row, np.array([x]))[0])


def _break_in(chain: Chain, rows: IndexArray, low: float, high: float) -> float:
    """Return the end of a piece that is nearest to the middle of an interval."""
    edges = np.concatenate([chain.low[rows], chain.high[rows]])
    edges = edges[(low <= edges) & (edges <= high)]
    return float(edges[np.argmin(np.abs(edges - (low / 2 + high / 2)))])
