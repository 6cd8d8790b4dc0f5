"""A law on a part of the line: truncated to it, clipped to it, folded about 0."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from faltung.distributions.continuous.blends import density_like
from faltung.distributions.continuous.density import Density
from faltung.distributions.continuous.mixture import is_pure
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.lattice import point
from faltung.distributions.families.named import NamedDensity
from faltung.distributions.law.law import Law
from faltung.distributions.mixed.accuracy import absolute_bound, error_at
from faltung.distributions.mixed.mixed import Mixed, mixed
from faltung.distributions.mixed.parts import NOTHING, Omitted, Part
from faltung.distributions.numbers.rational import as_rational, is_number, rounded, written
from faltung.distributions.numbers.reach import End, Reach
from faltung.distributions.numbers.rounding import ROUNDOFF, chained, gamma
from faltung.distributions.operations import atoms as discrete
from faltung.distributions.operations.conditioned import Conditioned
from faltung.distributions.operations.pointwise import Pointwise
from faltung.errors import DataError, DtypeError, OptionError
from faltung.functions import Function

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Piece:
    """A law given that its variable is in an interval, and the probability of that.

    The mass is within `relative` of the true one, relatively.
    """

    law: Law
    mass: float
    relative: float


# --- truncation -----------------------------------------------------------------------------------


def truncate(law: Law, low: Any, high: Any) -> Law:
    """Return the law of X, given that low <= X <= high; see ``X.truncate``."""
    start, stop = _as_ends(low, high)
    return _given(law, start, stop).law


def _given(law: Law, low: End, high: End) -> Piece:
    if _has_tails(law):
        return _given_by_tails(law, low, high)
    if isinstance(law, Pointwise):
        law = law.resolved()
    if isinstance(law, Atoms):
        return _given_atoms(law, low, high)
    if isinstance(law, Mixed):
        return _given_mixed(law, low, high)
    if isinstance(law, Density):
        return _given_density(law, low, high)
    raise DtypeError(f"no rule truncates a {type(law).__name__}")


def _has_tails(law: Law) -> bool:
    """Tell whether a law has a density alone, and logarithms of its cdf and sf of its own."""
    if isinstance(law, NamedDensity):
        return is_pure(law._atoms)
    return isinstance(law, Pointwise) and not len(law._atom_points())


def _given_by_tails(law: Law, low: End, high: End) -> Piece:
    start, stop = law.support()
    if low <= start and high >= stop:
        return Piece(law, 1.0, 0.0)
    if high <= start or low >= stop or low == high:
        raise _never(law, low, high)
    kept = law.given(low, high) if isinstance(law, Conditioned) else Conditioned(law, low, high)
    if not kept.mass_relative < _HALF:
        raise _unknown(law, kept.mass, low, high)
    return Piece(kept, kept.mass, kept.mass_relative)


def _given_atoms(law: Atoms, low: End, high: End) -> Piece:
    kept = discrete.truncated(law, low, high)
    inside = discrete.kept_mass(law, low, high)
    lost = law.neglected_mass / inside if inside else math.inf  # below all floats
    return Piece(kept, inside, law.error_bound + lost + 4 * ROUNDOFF)


def _given_mixed(law: Mixed, low: End, high: End) -> Piece:
    pieces = []
    for weight, part in law.components():
        start, stop = part.support()
        if stop >= low and start <= high:
            try:
                piece = _given(part, low, high)
            except DataError:
                continue  # no atom there, or no density: the other parts remain
            pieces.append((weight * piece.mass, piece))
    if not pieces:
        raise _never(law, low, high)
    total = math.fsum(mass for mass, _ in pieces)
    if not total:
        raise _unknown(law, total, low, high)
    relative = chained(law._relative, max(piece.relative for _, piece in pieces), gamma(4))
    whole = chained(relative, law._omitted.mass / total)
    if not whole < _HALF:
        raise _unknown(law, total, low, high)
    off = chained(relative, whole / (1 - whole))
    ends = (min(max(end, _float(low)), _float(high)) for end in law.support())
    left = law._omitted.times(1.01 / total).between(*ends)
    kept = mixed([Part(mass / total, piece.law) for mass, piece in pieces], off, left)
    return Piece(kept, total, whole)


def _given_density(law: Density, low: End, high: End) -> Piece:
    start, stop = law.support()
    if low <= start and high >= stop:
        return Piece(law, 1.0, 0.0)
    if high <= start or low >= stop:
        raise _never(law, low, high)
    function = _restricted(law, low, high)
    if function is None:
        raise _never(law, low, high)
    mass, relative = _mass(law, function, low, high)
    if not relative < _HALF:
        raise _unknown(law, mass, low, high)
    known = law._facts
    own = float(function.integral())  # what `mass` is, but for roundings
    kept = density_like(
        function / (own if own > 0 else mass),
        Reach(max(low, known.reach.low), min(high, known.reach.high)),
        1.01 * law.neglected_mass / mass,
        1.01 * known.lost_density / mass,
        2.02 * known.disagreement / mass + 2 * relative,
    )
    return Piece(kept, mass, relative)


def _restricted(law: Density, low: End, high: End) -> Function | None:
    function = law.function
    start, stop = function.domain
    first, last = max(_float(low), start), min(_float(high), stop)
    return function.restrict(first, last) if first < last else None


def _mass(law: Density, function: Function, low: End, high: End) -> tuple[float, float]:
    """Return P(low <= X <= high), of a tail from its own side, and its relative bound."""
    start, stop = law.support()
    if low <= start:
        mass, off = _with_error(law, _float(high), "cdf")
    elif high >= stop:
        mass, off = _with_error(law, _float(low), "sf")
    else:
        mass, off = _between(law, function, _float(low), _float(high))
    return mass, chained(off / mass, gamma(2)) if mass > 0 else math.inf


def _between(law: Density, function: Function, low: float, high: float) -> tuple[float, float]:
    """Return P(low <= X <= high) and its absolute bound: in a tail as a difference on its side."""
    (less, off_less), (below, off_below) = (_with_error(law, x, "cdf") for x in (low, high))
    (above, off_above), (more, off_more) = (_with_error(law, x, "sf") for x in (low, high))
    ways = (
        (float(function.integral()), absolute_bound(law)),
        (below - less, off_below + off_less),
        (above - more, off_above + off_more),
    )
    return min(ways, key=lambda way: way[1])


def _with_error(law: Law, place: float, of: str) -> tuple[float, float]:
    """Return a cdf or an sf, and its absolute bound there."""
    x = np.array([place])
    return float(np.asarray(getattr(law, of)(x))[0]), float(error_at(law, x, of)[0])


# --- clipping -------------------------------------------------------------------------------------


def clip(law: Law, low: Any, high: Any) -> Law:
    """Return the law of min(max(X, low), high); see ``X.clip``."""
    start, stop = _as_ends(low, high)
    return _clipped(law, start, stop)


def _clipped(law: Law, low: End, high: End) -> Law:
    if _has_tails(law):
        return _clipped_density(law, low, high)
    if isinstance(law, Pointwise):
        law = law.resolved()
    if isinstance(law, Atoms):
        return discrete.clipped(law, low, high)
    if isinstance(law, Mixed):
        parts = [Part(weight, _clipped(part, low, high)) for weight, part in law.components()]
        ends = (min(max(end, _float(low)), _float(high)) for end in law.support())
        return mixed(parts, law._relative, law._omitted.between(*ends))
    if isinstance(law, Density):
        return _clipped_density(law, low, high)
    raise DtypeError(f"no rule clips a {type(law).__name__}")


def _clipped_density(law: Law, low: End, high: End) -> Law:
    start, stop = law.support()
    if low <= start and high >= stop:
        return law
    parts, offs = [], []
    for end, beyond, of in ((low, low > start, "cdf"), (high, high < stop, "sf")):
        mass, off = _with_error(law, _float(end), of) if beyond else (0.0, 0.0)
        if mass > 0:
            parts.append(Part(mass, point(end)))
            offs.append(off / mass)
    left = NOTHING
    if low < high and low < stop and high > start:
        try:
            piece = _given(law, low, high)
        except (OptionError, DataError):  # next to nothing: all that is known of it is how little
            ends = _float(low), _float(high)
            left = Omitted(_most_between(law, *ends)).between(*ends)
        else:
            parts += [Part(piece.mass, piece.law)] if piece.mass > 0 else []
            offs += [piece.relative] if piece.mass > 0 else []
    return mixed(parts, chained(max(offs), gamma(2)), left)


def _most_between(law: Law, low: float, high: float) -> float:
    """Return a bound on P(low <= X <= high)."""
    return min(sum(_with_error(law, high, "cdf")), sum(_with_error(law, low, "sf")))


# --- absolute value -------------------------------------------------------------------------------


def absolute(law: Law) -> Law:
    """Return the law of abs(X); see ``abs(X)``."""
    if isinstance(law, Pointwise):
        law = law.resolved()
    if isinstance(law, Atoms):
        return discrete.absolute(law)
    if isinstance(law, Mixed):
        parts = [Part(weight, absolute(part)) for weight, part in law.components()]
        ends = (0.0, *map(abs, law.support()))
        return mixed(parts, law._relative, law._omitted.between(*ends))
    if isinstance(law, Density):
        return _absolute_density(law)
    raise DtypeError(f"no rule takes the absolute value of a {type(law).__name__}")


def _absolute_density(law: Density) -> Law:
    low, high = law.support()
    if low >= 0:
        return law
    if high <= 0:
        return law._scaled(Fraction(-1))
    right = _restricted(law, Fraction(0), math.inf)
    left = _restricted(law._scaled(Fraction(-1)), Fraction(0), math.inf)  # type: ignore[arg-type]
    function = right + left if right and left else right or left
    assert function is not None
    known = law._facts
    reach = Reach(Fraction(0), max(known.reach.high, -known.reach.low))
    losses = law.neglected_mass, 2 * known.lost_density, 2 * known.disagreement
    return density_like(function, reach, *losses)


# --- ends and errors ------------------------------------------------------------------------------


def _as_ends(low: Any, high: Any) -> tuple[End, End]:
    ends = _as_end(low, -math.inf, "low"), _as_end(high, math.inf, "high")
    if not ends[0] <= ends[1]:
        raise OptionError(f"low={written(low)}, high={written(high)}: write low <= high")
    return ends


def _as_end(value: Any, default: float, name: str) -> End:
    if value is None:
        return default
    if not is_number(value):
        raise OptionError(f"{name}={written(value)}: write a number, or leave it out")
    if isinstance(value, float) and math.isinf(value):
        return float(value)
    return as_rational(value, name)


def _float(end: End) -> float:
    return end if isinstance(end, float) else rounded(end)


def _never(law: Law, low: End, high: End) -> DataError:
    start, stop = law.support()
    return DataError(
        f"X is never from {_float(low):.10g} to {_float(high):.10g}: its support is from "
        f"{start:.10g} to {stop:.10g}"
    )


def _unknown(law: Law, mass: float, low: End, high: End) -> OptionError:
    return OptionError(
        f"X is from {_float(low):.10g} to {_float(high):.10g} with the probability {mass:.3g}, known "
        f"within {absolute_bound(law):.2g} only: too little to divide by, take a wider interval"
    )
