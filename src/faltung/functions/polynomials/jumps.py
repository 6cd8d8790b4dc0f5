"""Places where a function jumps: found between two neighbouring doubles."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from faltung.functions.polynomials.misplaced import Misplaced
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.sampling import Sampler
from faltung.functions.transform import FloatArray

# Doubles on either side of a jump that must be of one value, nearly, and how nearly: as a part of
# the jump.
_BESIDE, _LEVEL = 24, 0.1


@dataclass(frozen=True, slots=True)
class Jump:
    """A jump: the first double behind it, how far that may be off, and how high it is."""

    place: float
    width: float
    height: float


def jump_between(sampler: Sampler, low: float, high: float) -> Jump | None:
    """Return the jump between two places, or None if what is there is no single jump.

    Bisection follows the larger of the two differences, down to neighbouring doubles.
    """
    left, right = low, high
    at_left, at_right = sampler(np.array([left, right])).tolist()
    while True:
        middle = left + (right - left) / 2
        if not left < middle < right:
            break
        here = float(sampler(np.array([middle]))[0])
        if abs(here - at_left) > abs(at_right - here):
            right, at_right = middle, here
        else:
            left, at_left = middle, here
    jump = Jump(right, right - left, abs(at_right - at_left))
    return jump if jump.height > 0 and _is_level_beside(sampler, left, right, jump.height) else None


def _is_level_beside(sampler: Sampler, left: float, right: float, height: float) -> bool:
    """Whether the function hardly changes just before and just behind a jump: a pole does."""
    steps = np.spacing(max(abs(left), abs(right))) * np.arange(_BESIDE, dtype=np.float64)
    for points in (left - steps, right + steps):
        values = sampler(points)
        if np.ptp(values) > _LEVEL * height:
            return False
    return True


def with_jumps(pieces: Pieces, jumps: list[Jump]) -> Pieces:
    """Return the pieces, with jumps at their breaks that were found, not given."""
    if not jumps:
        return pieces
    misplaced = Misplaced(
        area=1.01 * sum(jump.height * jump.width for jump in jumps),
        height=1.01 * max(jump.height for jump in jumps),
        reach=max(jump.width for jump in jumps),
    )
    return replace(pieces, misplaced=pieces.misplaced + misplaced)


def places_of(jumps: list[Jump]) -> FloatArray:
    """Return where the jumps are."""
    return np.array([jump.place for jump in jumps])
