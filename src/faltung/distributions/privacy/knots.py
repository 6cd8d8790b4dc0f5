"""Where the knots of a lattice of losses are: near each other where it counts."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from faltung.distributions.privacy.dots import Places
from faltung.distributions.privacy.losses import Losses
from faltung.errors import OptionError

_MOST = 2**16
_LEVELS = 7  # the widest bins have 2^7 steps
_BALANCE = 1 / 256
_HALVINGS = 30


def knots_for(losses: Losses, step: Fraction, tail: float, tilt: float) -> Places:
    """Return ascending multiples of the step that leave out at most `tail` on each side.

    What a bin of width g with the loss L and probability b adds to the distance of the bounds is of the order of
    ``b e^(tilt L) g²``, in parts of the sum of all ``b e^(tilt L)``. A bin of 2^k steps is halved
    while its share times 4^k is above 1 / 256.

    Raises
    ------
    OptionError
        If there would be more than 2**16.
    """
    low, high = _ends(losses, tail)
    wide, width = 1 << _LEVELS, float(step)
    first, last = math.floor(low / width / wide) - 1, math.ceil(high / width / wide) + 1
    if last - first > _MOST:
        raise _too_many(width, low, high)
    places = np.arange(first, last + 1, dtype=np.int64) * wide
    for level in range(_LEVELS, 0, -1):
        edges = losses.output(np.clip(places * width, losses.lowest, losses.highest))
        with np.errstate(divide="ignore"):
            logs = np.log(losses.mass(edges[:-1], edges[1:])) + tilt * width * places[1:]
        shares = np.exp(logs - logs.max())
        split = shares / shares.sum() * 4.0**level > _BALANCE
        split &= np.diff(places) == 1 << level
        places = np.union1d(places, places[:-1][split] + (1 << (level - 1)))
        if len(places) > _MOST:
            raise _too_many(width, low, high)
    return places


def _too_many(step: float, low: float, high: float) -> OptionError:
    return OptionError(
        f"a lattice of step {step:.3g} for losses from {low:.3g} to {high:.3g} needs more than "
        f"{_MOST} points: write a larger tolerance"
    )


def _ends(losses: Losses, tail: float) -> tuple[float, float]:
    """Return losses beyond which there is a probability of at most `tail` on each side."""
    x_low, x_high = losses.reach
    ends = []
    for side in (-1, 1):
        inner, outer = (0.5 * (x_low + x_high), x_high if side == 1 else x_low)
        for _ in range(_HALVINGS):
            middle = 0.5 * (inner + outer)
            low, high = (middle, np.inf) if side == 1 else (-np.inf, middle)
            mass = float(losses.mass(np.array([low]), np.array([high]))[0])
            inner, outer = (inner, middle) if mass < tail else (middle, outer)
        ends.append(float(losses.loss(np.array([outer]))[0]))
    ends += [float(atom.loss) for atom in losses.atoms]
    return max(min(ends), losses.lowest), min(max(ends), losses.highest)
