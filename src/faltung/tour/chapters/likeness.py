"""Whether learned kernels look like edge or spot detectors more often than chance makes them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import faltung as ft
from faltung.tour.page import in_words

__all__ = ["Likeness", "alike", "likeness"]

Array = NDArray[Any]

_ALIKE = 0.7
_RANDOM_SETS = 2000
_RARE = 0.01


@dataclass(frozen=True)
class Likeness:
    """How many kernels look like a detector, beside as many kernels of random numbers.

    Attributes
    ----------
    kernels : int
        How many there are.
    edge_like, spot_like : int
        How many of them correlate by 0.7 or more with an edge detector, and with a spot.
    random_sets : int
        How many sets of as many random kernels were counted in the same way.
    random_edge_like, random_spot_like : float
        Their mean counts.
    edge_share, spot_share : float
        The share of random sets with at least as many as the learned ones.
    """

    kernels: int
    edge_like: int
    spot_like: int
    random_sets: int
    random_edge_like: float
    random_spot_like: float
    edge_share: float
    spot_share: float

    def report(self) -> dict[str, Any]:
        """Return every number, and whether it is more than chance, ready for JSON."""
        return {
            **asdict(self),
            "edges_above_chance": self.edge_share < _RARE,
            "spots_above_chance": self.spot_share < _RARE,
        }

    def text(self) -> str:
        """Return what can honestly be said of the kernels one by one."""
        edges = self._sentence("an edge detector of the chapter before, in one of eight directions",
                               (self.edge_like, self.random_edge_like, self.edge_share))  # fmt: skip
        spots = self._sentence("a detector of spots",
                               (self.spot_like, self.random_spot_like, self.spot_share))  # fmt: skip
        if min(self.edge_share, self.spot_share) < _RARE:
            return (
                f"Nobody told it what an edge is. Of its {self.kernels} kernels, {edges}; {spots}."
            )
        return (
            f"One by one, the {self.kernels} kernels of the first network look like random ones: "
            f"{edges}; {spots}. What counts is what they find together."
        )

    def _sentence(self, what: str, counted: tuple[int, float, float]) -> str:
        count, by_chance, share = counted
        verdict = (
            "clearly more than chance gives"
            if share < _RARE
            else "not clearly more than chance gives"
        )
        return (
            f"{in_words(count) if count else 'none'} look{'s' if count == 1 else ''} like {what}, {verdict}: "
            f"{by_chance:.1f} on average in {self.kernels} kernels of random numbers, and at least "
            f"as many in {100 * share:.1f} % of {self.random_sets:,} such sets"
        )


def likeness(kernels: Array, seed: int) -> Likeness:
    """Return how many of `kernels` (n, channels, 3, 3) are alike, and how many are by chance.

    The random kernels hold independent normal numbers; correlation
    does not depend on their scale.
    """
    count = len(kernels)
    random = np.random.default_rng(seed).standard_normal((_RANDOM_SETS * count, 9))
    by_chance = _matches(random).reshape(2, _RANDOM_SETS, count).sum(axis=2)
    edges, spots = alike(kernels)
    return Likeness(
        count, edges, spots, _RANDOM_SETS, float(by_chance[0].mean()), float(by_chance[1].mean()),
        float(np.mean(by_chance[0] >= edges)), float(np.mean(by_chance[1] >= spots)),
    )  # fmt: skip


def alike(kernels: Array) -> tuple[int, int]:
    """Return how many kernels correlate by 0.7 or more with an edge detector, and with a spot.

    The edge detectors are Sobel's in eight directions, the spots the Laplacian and its negative.
    """
    edges, spots = _matches(kernels.mean(axis=1).reshape(len(kernels), -1)).sum(axis=1)
    return int(edges), int(spots)


def _matches(flat: Array) -> NDArray[np.bool_]:
    """Return, for edges and for spots, which of the rows of nine numbers look like one."""
    spot = ft.kernels.laplacian().ravel()
    groups = (_edges(), np.array([spot, -spot]))
    rows = _standard(flat.astype(np.float64))
    return np.array([(rows @ _standard(group).T).max(axis=1) >= _ALIKE for group in groups])


def _edges() -> Array:
    """Return Sobel's kernel in eight directions: its outer ring, turned place by place."""
    ring = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]
    edges = np.zeros((8, 3, 3))
    for turn, template in enumerate(edges):
        for place, value in enumerate((1, 2, 1, 0, -1, -2, -1, 0)):
            template[ring[(place + turn) % 8]] = value
    return edges.reshape(8, 9)


def _standard(rows: Array) -> Array:
    """Return rows of mean 0 and length 1, so that their products are correlations; 0 if flat."""
    away = rows - rows.mean(axis=1, keepdims=True)
    length = np.linalg.norm(away, axis=1, keepdims=True)
    standard: Array = away / np.where(length > 0, length, 1.0)
    return standard
