"""Drawings of laws: bars, tables of pairs, densities, histograms, bells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from faltung.functions.pictures.style import INKS, axes, figure, letter_colour, plain_axis, svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from faltung.distributions import Law
    from faltung.tour.chapters.what_it_means import Drops

__all__ = [
    "bars",
    "bell",
    "difference",
    "histogram",
    "pair_table",
    "stacked_totals",
    "total_density",
    "two_densities",
    "ways",
]

Array = NDArray[np.float64]
_ITALIC: dict[str, Any] = {"family": "serif", "style": "italic"}
_SEEN_TO = 5.0


# 1 Whole hands


def bars(weights: Sequence[int], role: str, label: str) -> str:
    """Draw a small law on 0, 1, 2, … with its numerators on top of the bars."""
    with figure(480, 190) as drawing:
        ax = axes(drawing, (6, 6, 468, 154))
        plain_axis(ax)
        ax.bar(range(len(weights)), weights, width=0.62, color=INKS[role], alpha=0.85)
        for place, weight in enumerate(weights):
            ax.text(
                place,
                weight + 0.16,
                str(weight),
                ha="center",
                fontsize=13,
                color=letter_colour(role),
            )
        ax.set(xlim=(-0.6, 5.6), ylim=(0, 7.2), xticks=range(6))
        ax.tick_params(labelsize=14, length=0)
        return svg(drawing, label)


def pair_table(first: Sequence[int], second: Sequence[int], total: int) -> str:
    """Draw the product of every pair, one diagonal marked."""
    from matplotlib.patches import Rectangle

    with figure(480, 330) as drawing:
        ax = axes(drawing, (0, 0, 480, 330))
        plain_axis(ax, sides=())
        ax.set(xlim=(-1.75, 6.1), ylim=(-1.1, 4.3))
        largest = max(first) * max(second)
        for a, p in enumerate(first):
            for b, q in enumerate(second):
                chosen = a + b == total
                strength = 0.06 + 0.5 * p * q / largest
                ax.add_patch(
                    Rectangle((a, b), 1, 1, facecolor=INKS["product"], alpha=strength, linewidth=0)
                )
                ax.add_patch(
                    Rectangle((a, b), 1, 1, fill=False, edgecolor=INKS["result" if chosen else "paper"],
                              linewidth=2.2 if chosen else 1.2, zorder=3 if chosen else 2)
                )  # fmt: skip
                ax.text(a + 0.5, b + 0.47, str(p * q), ha="center", va="center", fontsize=15,
                        fontweight="bold" if chosen else "normal", zorder=4)  # fmt: skip
        _table_margins(ax, first, second)
        return svg(
            drawing, f"The product of every pair, in 256ths; those with total {total} framed"
        )


def _table_margins(ax: Axes, first: Sequence[int], second: Sequence[int]) -> None:
    for a in range(len(first)):
        ax.text(a + 0.5, -0.3, str(a), ha="center", va="center", color=INKS["f"], fontsize=14)
    for b in range(len(second)):
        ax.text(-0.3, b + 0.47, str(b), ha="center", va="center", color=INKS["g-text"], fontsize=14)
    ax.text(3, -0.82, "a, the first drop", ha="center", va="center", color=INKS["f"], fontsize=13)
    ax.text(
        -0.85,
        2,
        "b, the second drop",
        ha="center",
        va="center",
        color=INKS["g-text"],
        fontsize=13,
        rotation=90,
    )


def stacked_totals(first: Sequence[int], second: Sequence[int], total: int) -> str:
    """Draw the probability of each total as a stack of its pairs."""
    from matplotlib.patches import Rectangle

    with figure(480, 330) as drawing:
        ax = axes(drawing, (10, 10, 462, 282))
        plain_axis(ax)
        highest = 0
        for c in range(len(first) + len(second) - 1):
            base = 0
            for a in range(len(first)):
                if not 0 <= c - a < len(second):
                    continue
                part = first[a] * second[c - a]
                ax.bar(c, part, bottom=base, width=0.7, color=INKS["product"], alpha=0.36,
                       edgecolor=INKS["paper"], linewidth=1.4)  # fmt: skip
                base += part
            chosen = c == total
            ax.add_patch(
                Rectangle((c - 0.35, 0), 0.7, base, fill=False, edgecolor=INKS["result"],
                          linewidth=2.4 if chosen else 1.0, zorder=3)
            )  # fmt: skip
            ax.text(c, base + 1.4, str(base), ha="center", color=INKS["result"], fontsize=14,
                    fontweight="bold" if chosen else "normal")  # fmt: skip
            highest = max(highest, base)
        ax.set(xlim=(-0.6, 8.6), ylim=(0, 1.13 * highest), xticks=range(9))
        ax.tick_params(labelsize=14, length=0)
        ax.set_xlabel("c, both together", fontsize=14, color=INKS["result"])
        return svg(drawing, "The probability of every total, in 256ths, each a stack of pairs")


# 2 Any distance


def _density_axes(drawing: Any, top: float) -> Axes:
    ax = axes(drawing, (6, 10, 308, 176))
    plain_axis(ax)
    ax.set(xlim=(-0.12, _SEEN_TO), ylim=(0, top), xticks=range(6))
    return ax


def two_densities(first: Law, second: Law) -> str:
    """Draw the densities of both drops."""
    with figure(320, 226) as drawing:
        ax = _density_axes(drawing, 2.75)
        for law, role in ((first, "f"), (second, "g")):
            x = np.linspace(0, _SEEN_TO, 240)
            y = np.asarray(law.pdf(x))
            ax.plot(
                np.concatenate([[0], x]), np.concatenate([[0], y]), color=INKS[role], linewidth=2
            )
            ax.fill_between(x, y, color=INKS[role], alpha=0.1, linewidth=0)
        ax.text(0.22, 1.9, "second drop", color=INKS["g-text"], fontsize=12)
        ax.text(1.2, 0.42, "first drop", color=INKS["f"], fontsize=12)
        ax.set_xlabel("metres")
        return svg(
            drawing, "The densities of the first and the second distance, both falling from 0"
        )


def ways(first: Law, second: Law, total: float) -> str:
    """Draw all ways to share one total: the first density, the second reversed, their product."""
    with figure(320, 226) as drawing:
        ax = _density_axes(drawing, 2.75)
        x = np.linspace(0, _SEEN_TO, 240)
        ax.plot(np.concatenate([[0], x]), np.concatenate([[0], first.pdf(x)]), color=INKS["f"])
        a = np.linspace(0, total, 160)
        q = np.asarray(second.pdf(total - a))
        ax.plot(np.append(a, total), np.append(q, 0), color=INKS["g"])
        product = np.asarray(first.pdf(a)) * q
        ax.fill_between(a, product, color=INKS["product"], alpha=0.34, linewidth=0)
        ax.plot(a, product, color=INKS["product"], linewidth=1.3)
        ax.text(
            total + 0.14, 2.2, f"g({total:g} − a)", color=INKS["g-text"], fontsize=13, **_ITALIC
        )
        ax.text(2.3, 0.26, "f(a)", color=INKS["f"], fontsize=13, **_ITALIC)
        ax.set_xlabel("a, metres after the first drop")
        return svg(drawing, f"All ways to roll {total:g} metres in all, weighed by the product")


def total_density(law: Law, total: float) -> str:
    """Draw the density of the total, with one value marked."""
    with figure(320, 226) as drawing:
        ax = _density_axes(drawing, 0.72)
        x = np.linspace(0, _SEEN_TO, 300)
        ax.plot(x, law.pdf(x), color=INKS["result"], linewidth=2.4)
        ax.fill_between(x, law.pdf(x), color=INKS["result"], alpha=0.08, linewidth=0)
        value = float(law.pdf(total))
        ax.plot([total, total], [0, value], color=INKS["product"], linewidth=2.4, alpha=0.6)
        ax.plot([total], [value], "o", color=INKS["result"], markersize=6.5)
        ax.text(total + 0.16, value + 0.02, f"{value:.3f}", color=INKS["result"], fontsize=12)
        ax.set_xlabel("c, metres in all")
        return svg(drawing, "The density of the total: it rises from 0 to a summit, then falls")


# 3 Simulated


def histogram(totals: Array, law: Law) -> str:
    """Draw the simulated totals as a histogram with the exact density over it."""
    with figure(480, 290) as drawing:
        ax = axes(drawing, (38, 8, 436, 240))
        plain_axis(ax, sides=("left", "bottom"))
        edges = np.linspace(0, 7, 71)
        heights = np.histogram(totals, edges)[0] / (len(totals) * np.diff(edges))
        ax.bar(edges[:-1], heights, width=0.1, align="edge", color=INKS["hair"], alpha=0.8,
               edgecolor=INKS["paper"], linewidth=0.8)  # fmt: skip
        x = np.linspace(0, 7, 360)
        ax.plot(x, law.pdf(x), color=INKS["result"], linewidth=2.2)
        ax.set(xlim=(0, 7), ylim=(0, 0.64), yticks=[0, 0.2, 0.4, 0.6], xticks=range(8))
        ax.set_xlabel("metres in all")
        return svg(
            drawing, "A histogram of the simulated totals; the exact density runs along its top"
        )


def difference(drops: Drops) -> str:
    """Draw the share of drops minus the probability, with the critical band."""
    with figure(480, 290) as drawing:
        ax = axes(drawing, (50, 8, 424, 240))
        plain_axis(ax, sides=("left", "bottom"))
        count = len(drops.totals)
        kept = np.unique(np.linspace(0, count - 1, 900).astype(int))
        gap = (kept + 1) / count - drops.below[kept]
        limit = drops.critical
        ax.axhspan(-limit, limit, color=INKS["result"], alpha=0.07, linewidth=0)
        ax.axhline(0, color=INKS["hair"], linewidth=0.8)
        for side in (-limit, limit):
            ax.axhline(side, color=INKS["result"], linewidth=1.0, linestyle=(0, (4, 3)))
        ax.plot(drops.totals[kept], gap, color=INKS["ink"], linewidth=1.0)
        ax.set(xlim=(0, 7), ylim=(-1.35 * limit, 1.35 * limit), xticks=range(8))
        ax.set_yticks([-limit, 0, limit], [f"−{limit:.4f}", "0", f"{limit:.4f}"])
        ax.set_xlabel("metres in all")
        return svg(drawing, "The gap between the drops and the law stays within the critical band")


# 4 Bells


def bell(law: Law, copies: int, away: float) -> str:
    """Draw the law of a sum with the normal density of the same mean and deviation."""
    mean, std = float(law.mean()), float(law.std())
    with figure(320, 206) as drawing:
        ax = axes(drawing, (6, 24, 308, 150))
        plain_axis(ax)
        x = mean + std * np.linspace(-3.2, 4.2, 300)
        x = np.unique(np.append(x, 0.0)) if x[0] < 0 else x
        normal = np.exp(-0.5 * ((x - mean) / std) ** 2) / (std * np.sqrt(2 * np.pi))
        heights = np.where(x < 0, 0.0, law.pdf(np.maximum(x, 0)))
        ax.fill_between(x, heights, color=INKS["result"], alpha=0.1, linewidth=0)
        ax.plot(x, normal, color=INKS["soft"], linewidth=1.2, linestyle=(0, (3, 2)))
        ax.plot(x, heights, color=INKS["result"], linewidth=2.2)
        ax.set(xlim=(x[0], x[-1]), ylim=(0, 1.06 * max(heights.max(), normal.max())))
        ax.set_xticks([0, mean] if copies < 10 else [mean])
        title = "one drop" if copies == 1 else f"{copies} drops"
        ax.text(0, 1.06, title, transform=ax.transAxes, fontsize=13, fontweight="bold")
        ax.text(1, 1.06, f"{100 * away:.1f} % from a bell", transform=ax.transAxes, fontsize=12,
                ha="right", color=INKS["soft"])  # fmt: skip
        return svg(drawing, f"The law of {title}, and a bell of the same mean and spread, dashed")
