"""What it means: a ball dropped twice, and how far it rolls in all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import faltung as ft
from faltung.distributions import Lattice, Pairs, pairs
from faltung.tour.chapters import ball_drawings as balls
from faltung.tour.chapters import law_drawings as draw
from faltung.tour.page import Chapter, Markup, fill, panels, read_text
from faltung.tour.settings import Settings, Story

if TYPE_CHECKING:
    from faltung.distributions import Law

__all__ = ["FIRST", "SECOND", "Drops", "tell"]

Array = NDArray[np.float64]

# How far a ball rolls after each drop, in hands: sixteenths.
FIRST, SECOND = (1, 2, 4, 5, 3, 1), (4, 6, 4, 2)
_TOTAL = 3

# A drop from height H meets the ground at the speed sqrt(2 g H). Rough ground turns a part of it
# sideways: two independent normal components of `_ROUGHNESS` times that speed. Rolling friction
# brings the ball to rest after speed^2 / (2 mu g). A sum of two squared normals is exponential, so
# the distance is too, and its mean is 2 roughness^2 H / mu.
_GRAVITY = 9.81
_ROUGHNESS, _FRICTION = 0.1, 0.02
_HEIGHTS = (1.0, 0.4)
_COPIES = (1, 2, 3, 5, 10, 30)
_SEEN = 1.5


@dataclass(frozen=True)
class Hands:
    """The drops in whole hands: the ways to one total, and the probability of every total."""

    ways: Pairs
    totals: list[Fraction]


@dataclass(frozen=True)
class Drops:
    """Simulated double drops against the exact law of their total.

    Attributes
    ----------
    totals : numpy.ndarray
        The distances rolled in all, in ascending order.
    below : numpy.ndarray
        The exact probability of at most each.
    distance : float
        Kolmogorov's: the largest gap between the share of drops at most c and its probability.
    critical : float
        What one experiment in a hundred exceeds if the law is right.
    """

    totals: Array
    below: Array
    distance: float
    critical: float


def tell(settings: Settings, story: Story) -> Chapter:
    """Tell the chapter; the simulation depends on the seed."""
    hands = _hands()
    story.step("pair by pair")
    laws = [ft.distribution(f"expon({mean_distance(height)!r})") for height in _HEIGHTS]
    total = laws[0] + laws[1]
    drops = _compare(_simulate(settings.drops, settings.seed), total)
    story.step("simulated drops")
    bells = {n: laws[0].sum(n) for n in _COPIES}
    away = {n: _distance_to_normal(law) for n, law in bells.items()}
    gap = _gap_to_closed_form(total)
    story.numbers["what_it_means"] = {
        **_report(hands, drops, away),
        "density_error_to_closed_form": gap,
        "cdf_error_bound": total.error_bound,
    }
    slots = {
        **_pair_slots(hands),
        **_density_slots(laws, total, gap),
        **_drop_slots(drops, total),
        **_bell_slots(bells, away),
        "seed": settings.seed,
    }
    story.step("ten drops")
    return Chapter(
        name="what-it-means",
        title="What it means",
        line="A ball is dropped twice: how far does it roll in all?",
        body=fill(read_text("chapters/what_it_means.html"), slots),
    )


def _report(hands: Hands, drops: Drops, away: dict[int, float]) -> dict[str, Any]:
    ways = hands.ways
    return {
        "total_three": {
            "probability": str(ways.probability),
            "value": float(ways.probability),
            "pairs": [
                {"a": int(way.x), "b": int(way.y), "probability": str(way.probability)}
                for way in ways
            ],
        },
        "every_total": {str(c): str(p) for c, p in enumerate(hands.totals)},
        "double_drops": len(drops.totals),
        "ks_distance": drops.distance,
        "ks_critical_1_percent": drops.critical,
        "ks_below_critical": drops.distance < drops.critical,
        "distance_to_normal": {str(n): value for n, value in away.items()},
    }


# 1 Whole hands


def _hands() -> Hands:
    first, second = (Lattice(weights, normalize=True) for weights in (FIRST, SECOND))
    both: Any = first + second
    totals = [both.pmf(c, exact=True) for c in range(len(FIRST) + len(SECOND) - 1)]
    return Hands(pairs(first, second, total=_TOTAL), totals)


def _pair_slots(hands: Hands) -> dict[str, object]:
    ways = hands.ways
    whole = sum(FIRST) * sum(SECOND)
    cards = [_pair_card(int(way.x), int(way.y), way.probability) for way in ways]
    return {
        "first_law": Markup(draw.bars(FIRST, "f", "The law of the first drop, in sixteenths")),
        "second_law": Markup(draw.bars(SECOND, "g", "The law of the second drop, in sixteenths")),
        "pairs": Markup(f'<div class="panels four">{"".join(cards)}</div>'),
        "pair_sum": " + ".join(_over(way.probability, whole) for way in ways),
        "pair_total": _over(ways.probability, whole),
        "probability": str(ways.probability),
        "percent": f"{100 * float(ways.probability):.1f}",
        "table": Markup(draw.pair_table(FIRST, SECOND, _TOTAL)),
        "totals": Markup(draw.stacked_totals(FIRST, SECOND, _TOTAL)),
        "likeliest": hands.totals.index(max(hands.totals)),
    }


def _over(probability: Fraction, whole: int) -> str:
    return f"{int(probability * whole)}/{whole}"


def _pair_card(a: int, b: int, probability: Fraction) -> str:
    picture = balls.double_drop(a, b)
    p, q = f"{FIRST[a]}/{sum(FIRST)}", f"{SECOND[b]}/{sum(SECOND)}"
    product = _over(probability, sum(FIRST) * sum(SECOND))
    return (
        f'<div>{picture}<p class="label"><b class="f">a = {a}</b>, <b class="g">b = {b}</b><br>'
        f'<span class="number"><span class="f">{p}</span> · <span class="g">{q}</span> = '
        f'<b class="product">{product}</b></span></p></div>'
    )


# 2 Any distance


def mean_distance(height: float) -> float:
    """Return the mean distance in metres that a ball rolls after a drop from `height` metres."""
    return round(2 * _ROUGHNESS**2 * height / _FRICTION, 12)


def _gap_to_closed_form(total: Law) -> float:
    """Return how far the density is at most from (e^(-x/a) - e^(-x/b)) / (a - b) on a grid."""
    a, b = (mean_distance(height) for height in _HEIGHTS)
    x = np.linspace(0, 12, 2001)[1:]
    closed = (np.exp(-x / a) - np.exp(-x / b)) / (a - b)
    return float(np.abs(total.pdf(x) - closed).max())


def _density_slots(laws: list[Law], total: Law, gap: float) -> dict[str, object]:
    peak = np.linspace(0, 3, 3001)
    heights = total.pdf(peak)
    return {
        "density_laws": Markup(draw.two_densities(laws[0], laws[1])),
        "density_ways": Markup(draw.ways(laws[0], laws[1], _SEEN)),
        "density_total": Markup(draw.total_density(total, _SEEN)),
        "mean_1": f"{mean_distance(_HEIGHTS[0]):g}",
        "mean_2": f"{mean_distance(_HEIGHTS[1]):g}",
        "height_1": f"{_HEIGHTS[0]:g}",
        "height_2": f"{_HEIGHTS[1]:g}",
        "seen": f"{_SEEN:g}",
        "seen_value": f"{float(total.pdf(_SEEN)):.4f}",
        "peak": f"{100 * float(peak[heights.argmax()]):.0f}",
        "gap": _small(gap),
        "tail": f"{float(total.sf(3.0)):.4f}",
        "speed_1": f"{math.sqrt(2 * _GRAVITY * _HEIGHTS[0]):.1f}",
    }


def _small(value: float) -> Markup:
    digits, exponent = f"{value:.0e}".split("e")
    return Markup(f'<span class="number">{digits} · 10<sup>−{abs(int(exponent))}</sup></span>')


# 3 Dropped 100,000 times


def _simulate(count: int, seed: int) -> Array:
    """Drop `count` balls twice, each drop from its own physics; nothing here knows of sums of laws."""
    random = np.random.default_rng(seed)
    return _roll(random, count, _HEIGHTS[0]) + _roll(random, count, _HEIGHTS[1])


def _roll(random: np.random.Generator, count: int, height: float) -> Array:
    """Return how far `count` balls roll that are dropped from `height`."""
    impact = math.sqrt(2 * _GRAVITY * height)
    kicks = random.normal(0.0, _ROUGHNESS * impact, size=(count, 2))
    distances: Array = (kicks**2).sum(axis=1) / (2 * _FRICTION * _GRAVITY)
    return distances


def _compare(totals: Array, law: Law) -> Drops:
    """Measure the distance of Kolmogorov and Smirnov between the drops and the law."""
    from scipy.stats import kstwo

    ordered = np.sort(totals)
    count = len(ordered)
    below = np.asarray(law.cdf(ordered))
    steps = np.arange(count + 1) / count
    distance = max(float((steps[1:] - below).max()), float((below - steps[:-1]).max()))
    return Drops(ordered, below, distance, float(kstwo.isf(0.01, count)))


def _drop_slots(drops: Drops, total: Law) -> dict[str, object]:
    passed = drops.distance < drops.critical
    return {
        "histogram": Markup(draw.histogram(drops.totals, total)),
        "difference": Markup(draw.difference(drops)),
        "count": f"{len(drops.totals):,}",
        "distance": f"{drops.distance:.5f}",
        "critical": f"{drops.critical:.5f}",
        "verdict": "below" if passed else "above",
        "verdict_text": (
            "the drops give no reason to doubt the law"
            if passed
            else "one seed in a hundred does this even if the law is right; try another"
        ),
    }


# 4 Ten drops


def _distance_to_normal(law: Law) -> float:
    """Return the largest gap between the law's distribution function and a bell's."""
    from scipy.special import ndtr

    mean, std = float(law.mean()), float(law.std())
    x = mean + std * np.linspace(-5, 8, 5201)
    return float(np.abs(np.asarray(law.cdf(x)) - ndtr((x - mean) / std)).max())


def _bell_slots(bells: dict[int, Law], away: dict[int, float]) -> dict[str, object]:
    drawings = [Markup(draw.bell(law, n, away[n])) for n, law in bells.items()]
    return {
        "bells": panels(drawings, "three"),
        "away_1": f"{100 * away[1]:.1f}",
        "away_10": f"{100 * away[10]:.1f}",
        "away_30": f"{100 * away[30]:.1f}",
        "ten_mean": f"{float(bells[10].mean()):.0f}",
        "ten_std": f"{float(bells[10].std()):.2f}",
    }
