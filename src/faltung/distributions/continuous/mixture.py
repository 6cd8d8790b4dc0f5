"""A density and atoms added: the sum of ``p[k] f(x - a[k])``, and what rounding does to it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import reduce
from typing import TypeAlias

import numpy as np

from faltung.distributions.continuous.facts import largest_value
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats, chained, gamma, more
from faltung.errors import OptionError
from faltung.functions import Function
from faltung.functions.polynomials.displace import displaced

_CHUNK = 2**16
_FEW_ATOMS = 64
_TINY = 2.0**-1074

Evaluate: TypeAlias = Callable[[Floats], Floats]


def is_pure(atoms: Atoms) -> bool:
    """Tell whether nothing was added: the only atom is 0."""
    return len(atoms) == 1 and atoms._start == 0


def mixed(part: Evaluate, atoms: Atoms, x: Floats) -> Floats:
    """Return the sum of ``p[k] part(x - a[k])`` over the atoms, for a vector x."""
    if is_pure(atoms):
        return part(x)
    total = np.zeros_like(x)
    points, weights = atoms.points, atoms.weights
    many = max(_CHUNK // max(len(x), 1), 1)
    for i in range(0, len(points), many):
        shifted = np.subtract.outer(x, points[i : i + many])
        total += part(shifted.ravel()).reshape(shifted.shape) @ weights[i : i + many]
    return total


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


def wander(function: Function, atoms: Atoms) -> float:
    """Bound the distance of the computed x - a[k] from the true one, where the density matters.

    The atom is rounded once, and the difference is, which is as large as the domain's ends at most.
    """
    if is_pure(atoms):
        return 0.0
    farthest = sum(max(map(abs, ends)) for ends in (function.domain, atoms.window()))
    return 1.01 * ROUNDOFF * farthest + _TINY


def wandering(function: Function, atoms: Atoms) -> Function:
    """Return the function with what a wandering x does to its values in its bounds.

    A value f(x + d) is that of a function whose breaks are all off by d: by the slope times d, and
    nearer than d to a jump by the jump.
    """
    distance = wander(function, atoms)
    if not distance:
        return function
    pieces = function._pieces
    lost = np.full(pieces.count + 1, distance)
    return Function._of(displaced(pieces, lost, pieces.widths))


def mass_within(function: Function, distance: float) -> float:
    """Bound the mass of any interval of a length, under the function that is meant."""
    misplaced = function._pieces.misplaced
    top = largest_value(function) + function.error_bound
    beside = min(misplaced.area, misplaced.height * distance) if distance else 0.0
    return 1.01 * (top * distance + beside)
