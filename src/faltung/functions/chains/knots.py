"""Where a function is not smooth, and how it behaves on both sides and far away."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum

# Values below this are taken as zero, and distances from a knot as the knot itself.
LEAST = 1e-290

# What has fallen to this part of its size has died away, and may be undefined beyond.
DEAD = 1e-100


class Tail(Enum):
    """What a function does beyond its last knot.

    NOTHING
        It is zero.
    FALLING
        It falls faster than every power, to below the smallest double at a finite distance.
    ALGEBRAIC
        It is a power of the distance, nearly: falling, constant or growing.
    """

    NOTHING = "nothing"
    FALLING = "falling"
    ALGEBRAIC = "algebraic"


@dataclass(frozen=True, slots=True)
class Edge:
    """A function on one side of a knot: distance^exponent times a smooth function of the distance.

    With `mixed`, anything that is smooth in the logarithm of the distance: sums of different
    powers, logarithms. The exponent, if it is not 0, then is that of the weight.
    """

    exponent: float = 0.0
    mixed: bool = False

    @property
    def is_smooth(self) -> bool:
        """Whether it goes on smoothly up to the knot."""
        return not self.mixed and self.exponent >= 0 and self.exponent == int(self.exponent)

    @property
    def is_plain(self) -> bool:
        """Whether nothing at all is to be done about it."""
        return not self.mixed and self.exponent == 0


SMOOTH = Edge()


@dataclass(frozen=True, slots=True)
class Knot:
    """A place, as the sum of two doubles, and what the function is left and right of it.

    None stands for zero. A knot that is not `sharp` is a mere place to count distances from. Beside
    one that is `exact` nothing is misplaced, though it may be beside others.
    """

    place: float
    rest: float = 0.0
    left: Edge | None = SMOOTH
    right: Edge | None = SMOOTH
    sharp: bool = True
    exact: bool = False

    @property
    def at(self) -> float:
        """The nearest double."""
        return self.place + self.rest

    def without_left(self) -> Knot:
        """Return the knot of what is zero on the left."""
        return replace(self, left=None, sharp=True)

    def without_right(self) -> Knot:
        """Return the knot of what is zero on the right."""
        return replace(self, right=None, sharp=True)


@dataclass(frozen=True, slots=True)
class Reach:
    """A tail, its exponent if it is algebraic, and the distances where it begins and ends.

    What is below `least` is taken as zero.
    """

    tail: Tail = Tail.NOTHING
    exponent: float = math.nan
    start: float = 0.0
    stop: float = 0.0
    least: float = LEAST


NO_REACH = Reach()
