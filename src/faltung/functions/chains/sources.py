"""Where the values of a function come from while it is resolved into pieces."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np

from faltung import _core
from faltung.functions.bounds import UNIT
from faltung.functions.chains.ceilings import Ceilings
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.knots import LEAST
from faltung.functions.chains.spans import Spans
from faltung.functions.sampling import Sampler
from faltung.functions.transform import BoolArray, FloatArray


class Samples(NamedTuple):
    """Values, where they were taken, and what is known of their errors; all of one shape."""

    distances: FloatArray
    values: FloatArray
    bound: FloatArray
    estimate: FloatArray


# A callable is not asked for points nearer to a knot than this many spacings of doubles there.
_KEPT_OFF = 2.0**12

# Overlaps of pieces that a convolution may take: some seconds.
_MOST_OVERLAPS = 12_000_000

# Nor is anything followed nearer than this to a knot, as a part of the distance to the next one.
_NEAREST = 2.0**-1000

# What is flat at a knot begins farther from it than this part of the distance to the next one, with
# less than this part of its largest value.
SOON, FLAT = 1e-30, 1e-30

# Where that is is looked for between two distances at so many, so often.
_PARTS, _ROUNDS = 16, 3


class Bound(Protocol):
    """A bound on an error that the samples do not tell."""

    def over(self, spans: Spans, distances: FloatArray) -> FloatArray:
        """Return the bound at the distances of each row."""
        ...


class Source(Protocol):
    """A function that can be asked for its values, but not for more than `most_points` of them.

    `noise` is by which part of its distance from the knot a point may be off.
    """

    most_points: int
    noise: float

    def sample(self, spans: Spans, distances: FloatArray) -> Samples:
        """Return the values of row r at the distances of row r, or at points beside them."""
        ...

    def glance(self, anchor: tuple[float, float], side: int, distances: FloatArray) -> FloatArray:
        """Return values at a vector of distances, NaN or infinite where the function is."""
        ...

    def ceiling(self, spans: Spans) -> FloatArray:
        """Return about how large the function may be on each interval, or 0 if that is not known."""
        ...

    def nearest(self, anchor: tuple[float, float], side: int, far: float) -> float:
        """Return the distance from a knot down to which the function can and must be followed."""
        ...


class CallableSource:
    """A callable of one real number: its points are doubles, and the distances follow from them."""

    most_points = 3_000_000
    noise = UNIT

    def __init__(self, sampler: Sampler) -> None:
        self._sampler = sampler

    def sample(self, spans: Spans, distances: FloatArray) -> Samples:
        """Return values at the doubles next to the points that are asked for."""
        anchor, side = spans.anchor[:, None], spans.side[:, None]
        points = anchor + side * distances
        # Of two doubles near each other the difference is exact (Sterbenz' lemma).
        taken = np.where(anchor == 0, distances, side * (points - anchor))
        values = self._sampler(points)
        return Samples(taken, values, np.zeros_like(values), UNIT * np.abs(values))

    def glance(self, anchor: tuple[float, float], side: int, distances: FloatArray) -> FloatArray:
        """Return values, NaN or infinite where the callable is or raises an exception."""
        return self._sampler.tried(anchor[0] + side * distances)

    def ceiling(self, spans: Spans) -> FloatArray:
        """Return 0: a callable says nothing of itself but at the points it is asked for."""
        return np.zeros(len(spans))

    def nearest(self, anchor: tuple[float, float], side: int, far: float) -> float:
        """Return where the function ceases to be zero or undefined, or else the limit of doubles."""
        place = anchor[0]
        limit = max(
            far * _NEAREST, LEAST, _KEPT_OFF * float(np.spacing(abs(place))) if place else 0.0
        )
        distances = _towards(limit, far)

        def sizes(distances: FloatArray) -> FloatArray:
            values = np.abs(self.glance(anchor, side, distances))
            return np.where(np.isfinite(values) & (values > LEAST), values, 0.0)

        return _beginning(distances, sizes)


class ExactSource(ABC):
    """A function that is sampled at exactly the distances asked for.

    What is below `least` counts as zero.
    """

    most_points = 3_000_000
    noise = 0.0

    def __init__(self, least: float) -> None:
        self._least = least

    @abstractmethod
    def sample(self, spans: Spans, distances: FloatArray) -> Samples:
        """Return the values of row r at the distances of row r."""

    def glance(self, anchor: tuple[float, float], side: int, distances: FloatArray) -> FloatArray:
        """Return values at a vector of distances."""
        spans = Spans.one(anchor, side, float(distances[0]), float(distances[-1]))
        return np.asarray(self.sample(spans, distances[None, :]).values[0])

    def ceiling(self, spans: Spans) -> FloatArray:
        """Return 0: nothing is known of it but its values."""
        return np.zeros(len(spans))

    def nearest(self, anchor: tuple[float, float], side: int, far: float) -> float:
        """Return where the function ceases to be zero, or else a distance as good as none."""
        distances = _towards(max(far * _NEAREST, LEAST), far)

        def sizes(distances: FloatArray) -> FloatArray:
            values = np.abs(self.glance(anchor, side, distances))
            return np.where(values > self._least, values, 0.0)

        return _beginning(distances, sizes)


class ConvolutionSource(ExactSource):
    """The convolution of two chains."""

    def __init__(self, f: Chain, g: Chain, ceilings: Ceilings, astray: Bound, least: float) -> None:
        super().__init__(least)
        self._f, self._g, self._ceilings, self._astray = f.core, g.core, ceilings, astray
        # Each point meets about as many overlaps as both have pieces.
        self.most_points = _MOST_OVERLAPS // (f.count + g.count)

    def sample(self, spans: Spans, distances: FloatArray) -> Samples:
        """Return the convolution at exactly these distances."""
        places = np.empty((*distances.shape, 3))
        places[..., 0] = spans.anchor[:, None]
        places[..., 1] = spans.rest[:, None]
        places[..., 2] = spans.side[:, None] * distances
        results = np.empty((distances.size, 4))
        flat = places.reshape(-1, 3)
        _core.convolve_at(self._f, self._g, flat, results, 0)
        value, _, bound, estimate = results.T.reshape(4, *distances.shape)
        return Samples(distances, value, bound + self._astray.over(spans, distances), estimate)

    def ceiling(self, spans: Spans) -> FloatArray:
        """Return what the sizes of the operands' pieces allow."""
        return self._ceilings.over(spans)


def _towards(limit: float, far: float) -> FloatArray:
    """Return distances from `limit` to `far`, four for each factor of two at first, then fewer."""
    decades = np.log2(far / limit)
    fine = np.exp2(-np.arange(0.0, min(decades, 64.0), 0.25))
    coarse = np.exp2(-np.arange(64.0, decades, 4.0))
    return far * np.concatenate([[limit / far], coarse[::-1], fine[::-1]])


def _beginning(distances: FloatArray, values: Callable[[FloatArray], FloatArray]) -> float:
    """Return the first distance from which on no value is 0, but for those behind the last of them.

    A function that is flat at a knot, as exp(-1 / t), begins far from it with next to nothing, and
    may rise to all it ever is between two distances: where it begins is found to a ten-thousandth of
    their ratio. If all values are 0, the last distance but one.
    """
    sizes = values(distances)
    first = _first_alive(sizes > 0)
    if first == 0 or first > len(distances) - 2:
        # What is zero up to the last distance is still a piece of some width.
        return float(distances[min(first, max(len(distances) - 2, 0))])
    low, high = distances[first - 1], distances[first]
    for _ in range(_ROUNDS if high > SOON * distances[-1] else 0):
        inner = low * (high / low) ** (np.arange(1, _PARTS) / _PARTS)
        ends = np.concatenate([[low], inner, [high]])
        first = _first_alive(np.append(values(inner) > 0, True))
        low, high = ends[first], ends[first + 1]
    return float(high)


def _first_alive(alive: BoolArray) -> int:
    """Return the number of the first one from which on all are alive, up to the last of them."""
    some = np.flatnonzero(alive)
    last = int(some[-1]) if len(some) else len(alive)
    dead = np.flatnonzero(~alive[:last])
    return int(dead[-1]) + 1 if len(dead) else 0
