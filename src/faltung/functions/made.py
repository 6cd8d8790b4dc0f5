"""From what a user writes to the content of a function."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from faltung.errors import DataError, DtypeError, ResolutionError
from faltung.functions.chains.body import Body, nothing
from faltung.functions.chains.crowds import crowds, sharp_places
from faltung.functions.chains.door import as_knots, is_unbounded
from faltung.functions.chains.edges import with_edges
from faltung.functions.chains.knots import Knot
from faltung.functions.chains.line import body_of
from faltung.functions.checks import as_constant, as_places
from faltung.functions.contents import Content
from faltung.functions.polynomials.build import build
from faltung.functions.polynomials.displace import placed
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.rounding import Real, apart, as_exact, is_number, nearest
from faltung.functions.sampling import Sampler
from faltung.functions.unresolved import Undefined, Unresolved, intervals_of, plain, suspects

# How often sharp places are looked for, and how near to each other they may be.
_ROUNDS, _NEAREST = 32, 2.0**-40

# Samples after which nothing more is looked for.
_MOST_SAMPLES = 1_500_000


def made_of(
    function: Callable[[Any], Any] | Real,
    interval: tuple[Real, Real],
    breaks: Iterable[Real],
    singular: Mapping[Real, Real | str],
) -> Content:
    """Return the content of a function: polynomials if they can follow it, else a body."""
    if not is_number(function) and not callable(function):
        raise DtypeError(
            f"Function takes a callable or a number, not {type(function).__name__}: write "
            "Function(lambda x: ..., (a, b)), or Function.from_pieces(breaks, coefficients)"
        )
    if is_unbounded(interval) or singular:
        try:
            return _body(function, interval, breaks, singular)
        except (DataError, ResolutionError) as error:
            raise plain(error) from error.__cause__
    places = as_places(interval, breaks)
    try:
        return polynomials_at(function, places)
    except (DataError, ResolutionError) as error:
        # A pole, a root or a logarithm: at an end, or where halving has led.
        edges = [float(place) for place in places]
        inside = [place for place in suspects(error, edges) if edges[0] < place < edges[-1]]
        try:
            return _body(function, interval, [*places[1:-1], *inside], {}, rounds=1)
        except ResolutionError:
            raise plain(error) from error.__cause__
        except Undefined as undefined:
            raise plain(undefined) from undefined.__cause__


def body_at(
    function: Callable[[Any], Any], interval: tuple[Real, Real], breaks: Iterable[Real] = ()
) -> Body:
    """Return a callable as a body, also where polynomials would do.

    At ends where it falls to 0 like a power it has relative accuracy, which polynomials have not.

    Raises
    ------
    DataError, ResolutionError
        If it cannot be followed.
    """
    try:
        return _body(function, interval, breaks, {})
    except (DataError, ResolutionError) as error:
        raise plain(error) from error.__cause__


def polynomials_at(function: Callable[[Any], Any] | Real, places: list[Fraction]) -> Pieces:
    """Return polynomials that follow a function between its ends and breaks, given in order.

    Raises
    ------
    ResolutionError
        If polynomials cannot follow it.
    """
    edges = np.array([float(place) for place in places])
    if is_number(function):
        made = as_constant(edges, function)
    else:
        assert callable(function)
        made = build(Sampler(function, float(edges[0]), float(edges[1])), edges)
    return placed(made, places)


def _body(
    function: Callable[[Any], Any] | Real,
    interval: tuple[Real, Real],
    breaks: Iterable[Real],
    singular: Mapping[Real, Real | str],
    rounds: int = _ROUNDS,
) -> Body:
    if is_number(function):
        number = float(as_exact(function, "the constant"))
        if number == 0 and is_unbounded(interval):
            ends = float(interval[0]), float(interval[1])
            return nothing(ends, as_knots(ends, breaks, singular))
        return _body(lambda x: np.full(np.shape(x), number), interval, breaks, singular, 1)
    assert callable(function)
    ends = float(interval[0]), float(interval[1])
    knots = as_knots(ends, breaks, singular)
    sampler = Sampler(function, *_probed(ends, [knot.at for knot in knots]))
    known = {float(place) for place in singular}
    made = _sharpened(sampler, ends, knots, known, rounds)
    return replace(made, displaced=max(made.displaced, _lost([*interval, *breaks, *singular])))


def _lost(places: list[Real]) -> float:
    """Return how far a knot is from its place, for knots are doubles."""
    rounded = [at for at in places if not isinstance(at, float) and math.isfinite(nearest(at))]
    exact = [as_exact(at, "a break") for at in rounded]
    return max((apart(each, float(each)) for each in exact), default=0.0)


def _sharpened(
    sampler: Sampler, ends: tuple[float, float], knots: list[Knot], known: set[float], rounds: int
) -> Body:
    """Return the body, with knots where halving has led: jumps, bends, poles that were not told."""
    best: Body | None = None
    mixed: set[float] = set()
    for _ in range(rounds):
        told = with_edges(sampler, ends, knots, known=known, mixed=mixed)
        try:
            best = body_of(sampler, ends, told)
            crowded = crowds(best)
        except (Unresolved, Undefined) as error:
            if best is not None:
                return best
            crowded = intervals_of(error)
            powers = {knot.at for knot in told if _is_no_power(knot, crowded)} - known
            if powers:
                mixed |= powers
                continue
            if rounds == 1 or not crowded:
                raise
            _require_few(crowded, sampler)
            # Most singularities are at 0.
            crowded = [(0.0, 0.0), *crowded] if ends[0] < 0 < ends[1] else crowded
        # One at a time: what one knot mends need not be looked for elsewhere.
        found = (_apart(sharp_places(sampler, each, ends), knots) for each in crowded)
        new = next((each for each in found if each), [])
        if not new and best is not None:
            return best
        new = new or _apart([crowded[-1][0]], knots)
        if not new:
            raise ResolutionError(_not_found(crowded))
        knots = sorted([*knots, *map(Knot, new)], key=lambda knot: knot.at)
    if best is None:
        raise ResolutionError(_not_found(crowded))
    return best


def _is_no_power(knot: Knot, crowded: list[tuple[float, float]]) -> bool:
    """Whether a knot has a power beside it, and halving came down to the knot nevertheless."""
    edges = [edge for edge in (knot.left, knot.right) if edge and not edge.mixed]
    touched = any(knot.at in interval for interval in crowded)
    return touched and any(not edge.is_plain for edge in edges)


def _require_few(crowded: list[tuple[float, float]], sampler: Sampler) -> None:
    """Refuse what is sharp at more places than are looked for, or takes too much work."""
    places: list[float] = []
    for low, _ in sorted(crowded):
        if not places or low - places[-1] > 2.0**-10 * (1e-3 + abs(low)):
            places.append(low)
    if len(places) > _ROUNDS or sampler.taken > _MOST_SAMPLES:
        named = ", ".join(f"{place:.6g}" for place in places[:3])
        raise ResolutionError(
            f"the function cannot be resolved near x = {named}{' and other places' * (len(places) > 3)}: "
            "it jumps, bends or swings at too many of them to be followed. Take a shorter interval, "
            "or say where it is sharp, with breaks=[...]"
        )


def _apart(places: list[float], knots: list[Knot]) -> list[float]:
    """Return the places that are no knots, nor as near to one as halving comes."""
    return [
        place
        for place in dict.fromkeys(places)
        if all(abs(place - knot.at) > _NEAREST * (1e-3 + abs(place)) for knot in knots)
    ]


def _not_found(crowded: list[tuple[float, float]]) -> str:
    low, high = crowded[0]
    return (
        f"the function cannot be resolved between x = {low!r} and {high!r}: if it jumps or bends "
        "there, say where with breaks=[...]; if it is singular there, say how with "
        "singular={place: exponent}"
    )


def _probed(ends: tuple[float, float], knots: list[float]) -> tuple[float, float]:
    """Return an interval without a knot inside, in which a callable is tried first."""
    places = [end for end in ends if np.isfinite(end)]
    places = sorted({*places, *knots})
    if len(places) > 1:
        return places[0], places[1]
    if not places:
        return -1.0, 1.0
    step = 1.0 + abs(places[0]) / 8
    return (places[0], places[0] + step) if np.isinf(ends[1]) else (places[0] - step, places[0])
