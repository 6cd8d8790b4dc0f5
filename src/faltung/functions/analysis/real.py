"""Derivatives, zeros, sizes, powers and extrema of one real content, polynomials or a body."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from faltung.errors import DataError
from faltung.functions import contents
from faltung.functions.analysis import polynomial_absolute, polynomial_derivative
from faltung.functions.chains import absolute as chains_absolute
from faltung.functions.chains import derivative as chains_derivative
from faltung.functions.chains import powers as chains_powers
from faltung.functions.chains.ends import Jump, jumps
from faltung.functions.chains.extrema import Turns, turns_of
from faltung.functions.chains.zeros import Zeros, gaps_of, zero_knots, zeros_of
from faltung.functions.contents import Content, as_body
from faltung.functions.polynomials import powers as polynomials_powers
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.transform import FloatArray


def derivative(f: Content) -> tuple[Content, list[Jump]]:
    """Return the derivative between the breaks, and what the function does at each break.

    Where it jumps (``jump.is_certain``), its derivative in the sense of distributions has a delta.
    """
    if isinstance(f, Pieces):
        return polynomial_derivative.derivative(f)
    return chains_derivative.derivative(f)


class Nought(NamedTuple):
    """Where a function is zero: single places, and the intervals in which it is nothing else."""

    zeros: Zeros
    intervals: list[tuple[float, float]]


def nought(f: Content) -> Nought:
    """Return where a function is zero inside its domain, or may be for all that is known of it."""
    body = as_body(f)
    zeros = zeros_of(body)
    flat = list(zip(zeros.low[zeros.whole].tolist(), zeros.high[zeros.whole].tolist(), strict=True))
    single = Zeros(*(getattr(zeros, name)[~zeros.whole] for name in Zeros.__slots__))
    return Nought(single.with_places(zero_knots(body)), sorted([*flat, *gaps_of(body)]))


def crossed_jumps(f: Content) -> tuple[FloatArray, FloatArray]:
    """Return the places at which the function jumps from one sign to the other, and their bounds."""
    body = as_body(f)
    places = np.array([knot.at for knot in body.knots if knot.sharp])
    inner = [step for step in jumps(body.chain, places) if step.place not in body.domain]
    eps = np.array([np.nextafter(step.place, -np.inf) for step in inner])
    before = body.chain.evaluate(eps)[0] if len(eps) else eps
    crossed = [
        step.place
        for step, value in zip(inner, before.tolist(), strict=True)
        if step.is_certain and value * (value + step.height) < 0
    ]
    return np.array(crossed), np.full(len(crossed), contents.break_reach(f))


def turns(f: Content) -> Turns:
    """Return the places between which the function only rises or only falls."""
    return turns_of(as_body(f))


def absolute(f: Content) -> Content:
    """Return the size of f, cut where it changes its sign."""
    found = zeros_of(as_body(f))
    places = found.places[~found.whole]
    if isinstance(f, Pieces):
        return polynomial_absolute.absolute(f, places)
    return chains_absolute.absolute(f, places)


def powered(f: Content, exponent: float) -> Content:
    """Return f to a power that is no whole number above 0.

    Raises
    ------
    DataError
        If f is zero somewhere, or negative and the power not real.
    """
    _refuse_zeros(f, exponent)
    with contents.told_of("the power"):
        if isinstance(f, Pieces):
            made: Content = polynomials_powers.powered(f, exponent)
        else:
            made = chains_powers.powered(f, exponent)
    return _with_signs(made, f, exponent)


def _refuse_zeros(f: Content, exponent: float) -> None:
    zeros, intervals = nought(f)
    way = "Leave it out, f.restrict(a, b), or make the result from its own formula, Function(callable, …)"
    if intervals:
        low, high = intervals[0]
        raise DataError(
            f"the function is 0, or as small as its error, on [{low!r}, {high!r}], and a power "
            f"{exponent:g} of it cannot be followed there. {way}"
        )
    knots = zero_knots(as_body(f))
    mixed = [
        knot.at
        for knot in as_body(f).knots
        for edge in (knot.left, knot.right)
        if edge and edge.mixed
    ]
    # Like a power at a knot it may be zero: so is its power.
    inner = [
        place
        for place in zeros.places.tolist()
        if place not in knots or (exponent < 0 and place in mixed)
    ]
    if inner:
        raise DataError(
            f"the function is 0 at x = {inner[0]!r}, or as small as its error, and a power "
            f"{exponent:g} of it cannot be followed there. {way}"
        )


def _with_signs(made: Content, f: Content, exponent: float) -> Content:
    """Return the power of the size with the sign of the power, if that is real."""
    body = as_body(made)
    middle = body.chain.anchors + body.chain.sides * (body.chain.near / 2 + body.chain.far / 2)
    if isinstance(f, Pieces) and isinstance(made, Pieces):
        middle = made.breaks[:-1] / 2 + made.breaks[1:] / 2
    negative = contents.evaluate(f, middle) < 0
    if not negative.any():
        return made
    if exponent != int(exponent):
        place = float(middle[np.argmax(negative)])
        raise DataError(
            f"the function is negative at x = {place!r}, and its power {exponent:g} is not real: "
            "take abs(f), or f.restrict(a, b)"
        )
    signs = np.where(negative & (int(exponent) % 2 == 1), -1.0, 1.0)[:, None]
    if isinstance(made, Pieces):
        return replace(made, coefficients=signs * made.coefficients)
    return replace(made, chain=replace(made.chain, coefficients=signs * made.chain.coefficients))
