"""Where knots of two functions meet, to within the rounding of places.

A place that was reached by two ways, t + 1/3 - 1/3 and t, may be two doubles. Between them lies
nothing that could be resolved: they are one place, at which each function is looked at from its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from faltung.functions.chains import algebra
from faltung.functions.chains.body import Body
from faltung.functions.chains.knots import SMOOTH, Edge, Knot
from faltung.functions.transform import FloatArray

# Places that so many spacings of doubles lie between are one.
_SPACINGS = 4


@dataclass(frozen=True, slots=True)
class Meeting:
    """A place of the result, and the sharp knot that each function has there, if any."""

    place: float
    of_f: Knot | None
    of_g: Knot | None


def meetings(f: Body, g: Body) -> list[Meeting]:
    """Return the places at which one of two functions is sharp, rising."""
    rows = [(knot.at, 0, knot) for knot in f.knots if knot.sharp]
    rows += [(knot.at, 1, knot) for knot in g.knots if knot.sharp]
    apart = f.displaced + g.displaced
    found: list[Meeting] = []
    for place, is_of_g, knot in sorted(rows, key=lambda row: row[:2]):
        one = Meeting(place, None, knot) if is_of_g else Meeting(place, knot, None)
        joined = _joined(found[-1], one, apart) if found else None
        if joined is None:
            found.append(one)
        else:
            found[-1] = joined
    return found


def _joined(one: Meeting, other: Meeting, apart: float) -> Meeting | None:
    """Return two places as one, or None if they are two, or knots of the same function."""
    spacing = float(np.spacing(max(abs(one.place), abs(other.place))))
    if other.place - one.place > max(apart, _SPACINGS * spacing):
        return None
    if (one.of_f and other.of_f) or (one.of_g and other.of_g):
        return None
    return Meeting(one.place, one.of_f or other.of_f, one.of_g or other.of_g)


def sides_at(body: Body, knot: Knot | None, place: float) -> tuple[Edge | None, Edge | None]:
    """Return what a body is on both sides of a place, at which it has this knot or none."""
    if knot is not None:
        return knot.left, knot.right
    low, high = body.domain
    inside = SMOOTH if low < place < high else None
    return inside, inside


class Placed:
    """A body that is looked at from the places where it meets another one.

    Parameters
    ----------
    body
        The body.
    places, own
        Places of the result, and those of the knots that the body has there.
    """

    def __init__(self, body: Body, places: list[float], own: list[float]) -> None:
        self._places = {place: at for place, at in zip(places, own, strict=True) if place != at}
        self.displaced = max((abs(at - place) for place, at in self._places.items()), default=0.0)
        chain = body.chain
        if self.displaced:
            off = np.full(len(chain.anchors), self.displaced)
            chain = replace(chain, deviation=chain.deviation + algebra.displaced(chain, off))
        self._chain = chain

    def evaluate(self, base: FloatArray, offset: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return values and bounds on their errors at base + offset."""
        for place, own in self._places.items():
            base = np.where(base == place, own, base)
        return self._chain.evaluate(base, offset)


def placed(f: Body, g: Body, met: list[Meeting]) -> tuple[Placed, Placed]:
    """Return two bodies as they are looked at from the places where they meet."""
    of_f = [(each.place, each.of_f.at) for each in met if each.of_f]
    of_g = [(each.place, each.of_g.at) for each in met if each.of_g]
    return (
        Placed(f, [place for place, _ in of_f], [at for _, at in of_f]),
        Placed(g, [place for place, _ in of_g], [at for _, at in of_g]),
    )
