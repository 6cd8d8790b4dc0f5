"""What pieces come to at their ends, and the jumps between neighbours."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from faltung.functions.bounds import UNIT, size
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.spans import Form
from faltung.functions.transform import FloatArray

# A piece ends at a place if it is so near to it, in spacings of doubles.
_NEAR = 4


class Jump(NamedTuple):
    """How far a function rises at a place.

    Attributes
    ----------
    place
        Where.
    height
        The limit from the right less that from the left; outside the domain both are 0.
    bound
        How far the height may be from the true one, one rounding of each coefficient included.
    inherited
        The part of it that is no rounding.
    """

    place: float
    height: float
    bound: float
    inherited: float

    @property
    def is_certain(self) -> bool:
        """Whether there is a jump for all that is known."""
        return abs(self.height) > self.bound


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """Limits of all pieces at one of their ends, and what is known of their errors."""

    places: FloatArray
    values: FloatArray
    bounds: FloatArray
    inherited: FloatArray

    def at(self, place: float) -> tuple[float, float, float]:
        """Return the limit at a place, its bound and what of it is inherited: 0 without a piece."""
        if not len(self.places):
            return 0.0, 0.0, 0.0
        nearest = int(np.argmin(np.abs(self.places - place)))
        if not abs(self.places[nearest] - place) <= _NEAR * np.spacing(abs(place)):
            return 0.0, 0.0, 0.0
        value, bound, known = (
            float(column[nearest]) for column in (self.values, self.bounds, self.inherited)
        )
        return value, bound, known


def left_ends(chain: Chain) -> Ends:
    """Return what each piece comes to at its left end."""
    return _ends(chain, chain.low, chain.sides > 0)


def right_ends(chain: Chain) -> Ends:
    """Return what each piece comes to at its right end."""
    return _ends(chain, chain.high, chain.sides < 0)


def _ends(chain: Chain, places: FloatArray, is_near: np.ndarray) -> Ends:
    signs = np.where(np.arange(chain.coefficients.shape[1]) % 2, -1.0, 1.0)
    chosen = np.where(is_near[:, None], chain.coefficients * signs, chain.coefficients)
    series = np.array([math.fsum(row) for row in chosen.tolist()])
    distances = np.where(is_near, chain.near, chain.far)
    weights = chain.weights(distances)
    exponential = chain.forms == Form.EXPONENTIAL
    exponent = np.abs(chain.tilts) * np.where(exponential, np.abs(distances - chain.references), 1)
    rounding = (4 + 6 * exponent * (chain.forms != Form.PLAIN)) * UNIT * size(chain.coefficients)
    with np.errstate(invalid="ignore", over="ignore"):
        values, inherited, lost = (
            np.where(part == 0, 0.0, part * weights)
            for part in (series, chain.deviation.bound, rounding)
        )
    return Ends(places, values, 1.01 * (inherited + lost), 1.01 * inherited)


def jumps(chain: Chain, places: FloatArray, outside: float = 0.0) -> list[Jump]:
    """Return what a function does at each place: also where it does not jump, for all that is known.

    Parameters
    ----------
    places
        Ends of pieces.
    outside
        How large the function may be outside its domain.
    """
    left, right = right_ends(chain), left_ends(chain)
    found = []
    for place in places.tolist():
        before, behind = left.at(place), right.at(place)
        height = behind[0] - before[0]
        at_end = outside if place in (places[0], places[-1]) else 0.0
        known = before[2] + behind[2] + at_end
        found.append(Jump(place, height, before[1] + behind[1] + at_end, known))
    return found
