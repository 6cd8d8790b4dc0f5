"""A density and atoms added: the sum of ``p[k] f(x - a[k])``, and what rounding does to it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

import numpy as np

from faltung.distributions.continuous.facts import largest_value
from faltung.distributions.continuous.shares import Share
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.numbers.rational import nearest_float
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats, chained, gamma, more
from faltung.errors import OptionError
from faltung.functions import Function, contents
from faltung.functions.polynomials.displace import displaced
from faltung.functions.polynomials.pieces import Pieces

_CHUNK = 2**16
_FEW_ATOMS = 64
_MANY = 4096
_TABLES = 12
_TINY = 2.0**-1074

Evaluate: TypeAlias = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where the atoms are, each as the sum of two floats, and their probabilities.

    Attributes
    ----------
    high, low
        The nearest float to each point, and the nearest to what is left.
    weights
        Their probabilities as floats.
    lost
        How far high + low may be from the point.
    """

    high: Floats
    low: Floats
    weights: Floats
    lost: float

    @staticmethod
    def of(atoms: Atoms) -> Places:
        """Return the places of atoms; of many, the nearest floats alone."""
        if len(atoms) > _MANY:
            points = atoms.points
            lost = ROUNDOFF * float(np.abs(points).max())
            return Places(points, np.zeros_like(points), atoms.weights, lost)
        exact = [atoms._start + atoms._step * int(k) for k in atoms._indices]
        high = [nearest_float(place) for place in exact]
        low = [float(place - Fraction(near)) for place, near in zip(exact, high, strict=True)]
        lost = ROUNDOFF * max(map(abs, low))
        return Places(np.array(high), np.array(low), np.asarray(atoms._weights.floats), lost)

    def from_each(self, x: Floats) -> Floats:
        """Return x less each point, shape (len(x), points): rounded once, whatever cancels.

        The rounding of x - high is found exactly (Knuth, The Art of Computer Programming, vol. 2,
        section 4.2.2, theorem B), and what is left is added to it.
        """
        with np.errstate(invalid="ignore", over="ignore"):
            difference = np.subtract.outer(x, self.high)
            back = difference + self.high
            error = (x[:, None] - back) + ((back - difference) - self.high)
            rest = error - self.low
            return np.where(np.isfinite(rest), difference + rest, difference)


def is_pure(atoms: Atoms) -> bool:
    """Tell whether nothing was added: the only atom is 0."""
    return len(atoms) == 1 and atoms._start == 0


def mixed(part: Evaluate, places: Places | None, x: Floats) -> Floats:
    """Return the sum of ``p[k] part(x - a[k])`` over the atoms, for a vector x; None is a point at 0."""
    if places is None:
        return part(x)
    # Which atoms are added up together must not depend on how many points there are.
    total = np.zeros_like(x)
    count = len(places.high)
    for i in range(0, count, _CHUNK):
        these = slice(i, i + _CHUNK)
        high, low, weights = places.high[these], places.low[these], places.weights[these]
        some = Places(high, low, weights, 0.0)
        step = max(_CHUNK // count, 1)
        for j in range(0, len(x), step):
            shifted = some.from_each(x[j : j + step])
            values = part(shifted.ravel()).reshape(shifted.shape)
            total[j : j + step] += (values * some.weights).sum(axis=1)
    return total


def spread(table: Floats, places: Places | None) -> Floats:
    """Return points for the sum: those of a table about the outermost atoms and some between."""
    if places is None:
        return table
    points = places.high
    some = points[np.unique(np.linspace(0, len(points) - 1, _TABLES).astype(np.intp))]
    with np.errstate(over="ignore"):
        together = np.add.outer(some, table).ravel()
    return np.unique(together[np.isfinite(together)])


def joined(function: Function, atoms: Atoms) -> Function:
    """Return the sum as one function; the atoms stand where they are, not at their floats.

    Raises
    ------
    OptionError
        If there are more than 64 atoms.
    """
    if len(atoms) > _FEW_ATOMS:
        raise OptionError(
            f"the density has {len(atoms)} shifted copies of one function, too many to join: "
            "evaluate it with pdf"
        )
    weights = atoms._exact().fractions() if atoms.exact else atoms._weights.floats.tolist()
    places = [atoms._start + atoms._step * int(k) for k in atoms._indices]
    parts = zip(places, weights, strict=True)
    copies = (function.shift(place) * weight for place, weight in parts if weight)
    total: Function = reduce(operator.add, copies)
    return total


# --- bounds ---------------------------------------------------------------------------------------


def mixing_bound(atoms: Atoms) -> float:
    """Bound the relative error of the weights and of the sum over them, and the mass they lack."""
    if is_pure(atoms):
        return 0.0
    weights = atoms._weights
    # K products and additions; points that share a float are added up before, so K + 1 in all.
    relative = chained(weights.error_bound, gamma(len(weights) + 1))
    return relative + more(weights.missing, 2 * relative)


def wander(function: Function, places: Places | None) -> float:
    """Bound the distance of the computed x - a[k] from the true one at the sharp places of f.

    Elsewhere it is rounded once, a part of x - a[k] itself.
    """
    if places is None:
        return 0.0
    sharp = [abs(end) for end in (*function.breaks, *function.domain) if np.isfinite(end)]
    return float(1.01 * (2 * ROUNDOFF * max(sharp, default=0.0) + places.lost) + _TINY)


def wandering(function: Function, places: Places | None) -> Function:
    """Return the function with what a wandering x does to its values in its bounds.

    A value f(x + d) is that of a function whose breaks are all off by d: by the slope times d, and
    nearer than d to a jump by the jump.
    """
    distance = wander(function, places)
    if not distance:
        return function
    content = function._content
    if isinstance(content, Pieces):
        lost = np.full(content.count + 1, distance)
        return Function._of(displaced(content, lost, content.widths))
    return Function._of(contents.unsettled(content, distance))


def mass_within(function: Function, distance: float, below: Share) -> float:
    """Bound the mass of any interval of a length, under the function that is meant."""
    content = function._content
    misplaced = content.misplaced
    top = largest_value(function) + function.error_bound
    beside = min(misplaced.area, misplaced.height * distance) if distance else 0.0
    poles = contents.poles(content) if distance else np.zeros(0)
    if len(poles):
        # Outside of twice the distance from a pole there is less than inside.
        near = below.values(poles + 2 * distance) - below.values(poles - 2 * distance)
        beside += float(near.sum())
    return 1.01 * (top * distance + beside)
