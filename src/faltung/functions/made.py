"""From what a user writes to the content of a function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from faltung.errors import DataError, DtypeError, ResolutionError
from faltung.functions.build import build
from faltung.functions.chains.body import Body
from faltung.functions.chains.door import as_knots, is_unbounded
from faltung.functions.chains.edges import with_edges
from faltung.functions.chains.line import body_of
from faltung.functions.checks import as_constant, as_places
from faltung.functions.contents import Content
from faltung.functions.displace import placed
from faltung.functions.pieces import Pieces
from faltung.functions.rounding import Real, as_exact, is_number
from faltung.functions.sampling import Sampler


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
        return _body(function, interval, breaks, singular)
    places = as_places(interval, breaks)
    try:
        return polynomials_at(function, places)
    except (DataError, ResolutionError) as unresolved:
        # A pole or a root at an end is found; what is inside, its place must be known.
        try:
            return _body(function, interval, places[1:-1], {})
        except ResolutionError:
            raise unresolved from None


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
) -> Body:
    if is_number(function):
        number = float(as_exact(function, "the constant"))
        return _body(lambda x: np.full(np.shape(x), number), interval, breaks, singular)
    assert callable(function)
    ends = float(interval[0]), float(interval[1])
    knots = as_knots(ends, breaks, singular)
    sampler = Sampler(function, *_probed(ends, [knot.at for knot in knots]))
    found = {float(place) for place in singular}
    return body_of(sampler, ends, with_edges(sampler, ends, knots, known=found))


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
