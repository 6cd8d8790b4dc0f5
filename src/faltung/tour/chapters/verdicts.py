"""What the accuracies allow to be said: above chance or not, beside the plain rule, how coarse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from faltung.nn.picture_format import LARGEST_WORKING_SIDE
from faltung.tour.chapters.recognition import LONGEST_SIDE, PictureSet, Trial

__all__ = ["Verdict", "closing", "shuffled_verdict", "sizes_differ", "verdict"]

_LEVEL = 0.01
_FEW = 100


@dataclass(frozen=True)
class Verdict:
    """How the networks did.

    Attributes
    ----------
    asked : int
        How many different pictures were asked about; one that several splits share counts once.
    mean, nearest, chance : float
        The mean accuracies of the networks and of the nearest neighbour, and that of guessing.
    p_value : float
        The probability of as many right answers by guessing: the exact binomial test.
    low, high : float
        The 95 % interval of the accuracy (E. B. Wilson, 1927) for that many pictures.
    """

    asked: int
    mean: float
    nearest: float
    chance: float
    p_value: float
    low: float
    high: float

    @property
    def above_chance(self) -> bool:
        """Whether guessing would do as well in fewer than one test in a hundred."""
        return self.p_value < _LEVEL

    def report(self) -> dict[str, Any]:
        """Return the numbers that are not on the page otherwise, ready for JSON."""
        return {
            "pictures_asked": self.asked,
            "p_value": self.p_value,
            "above_chance": self.above_chance,
            "interval_95_percent": [self.low, self.high],
            "below_nearest_neighbour": self.mean < self.nearest,
        }

    def text(self, networks: str) -> str:
        """Return the sentences that follow from the numbers, of ``"network"`` or ``"networks"``."""
        verb = "does" if networks == "network" else "do"
        said = []
        if not self.above_chance:
            said.append(
                f"The {networks} {verb} not tell these pictures apart clearly better than "
                f"guessing: {100 * self.mean:.1f} % against {100 * self.chance:.1f} %."
            )
        if self.mean < self.nearest:
            said.append(f"The {networks} {verb} worse than the plain rule here.")
        if self.asked < _FEW:
            said.append(
                f"With {self.asked} pictures to ask about, the accuracy is coarse: their number "
                f"alone leaves it anywhere from {100 * self.low:.0f} % to {100 * self.high:.0f} % "
                "(95 % interval of the binomial distribution)."
            )
        return "".join(f" {sentence}" for sentence in said)


def verdict(pictures: PictureSet, trials: Sequence[Trial]) -> Verdict:
    """Return how the networks did, of as many independent answers as there were pictures asked."""
    from scipy.stats import binomtest

    asked = len(np.unique(np.concatenate([trial.held_out for trial in trials])))
    mean = float(np.mean([trial.accuracy for trial in trials]))
    test = binomtest(round(mean * asked), asked, pictures.chance, alternative="greater")
    interval = binomtest(round(mean * asked), asked).proportion_ci(0.95, method="wilson")
    return Verdict(
        asked, mean, float(np.mean([trial.nearest for trial in trials])), pictures.chance,
        float(test.pvalue), float(interval.low), float(interval.high),
    )  # fmt: skip


def shuffled_verdict(mean: float, chance: float, agrees: bool) -> str:
    """Return what networks that learned shuffled names reach, in words beside guessing.

    Parameters
    ----------
    mean, chance : float
        Their accuracy, and that of always guessing the commonest name.
    agrees : bool
        Whether the two differ by no more than chance explains.
    """
    if mean <= chance:
        return "no better than guessing"
    return "not clearly better than guessing" if agrees else "more than guessing explains"


def closing(found: Verdict, *, reads: bool) -> str:
    """Return what the machine of this run does, for the last sentence of the page."""
    if not found.above_chance:
        return "learns from pictures"
    return "reads" if reads else "tells pictures apart"


def sizes_differ() -> str:
    """Return why the figures of this page are not those of the command beside it."""
    return (
        f"This page works with pictures of at most {LONGEST_SIDE} pixels on the longer side, the "
        f"command with up to {LARGEST_WORKING_SIDE}, so that its figures differ on larger ones."
    )
