"""Integrals of a whole function: those of its parts, and the weights of its deltas."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from faltung.errors import DataError
from faltung.functions import contents
from faltung.functions.chains import integrals
from faltung.functions.contents import Content
from faltung.functions.made import polynomials_at
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.rounding import nearest
from faltung.functions.whole import linear
from faltung.functions.whole.deltas import Delta, gathered
from faltung.functions.whole.whole import Whole, of_parts, only_real
from faltung.functions.whole.windows import cut


def integral(f: Whole, low: float, high: float) -> complex:
    """Return the integral from `low` to `high`; a delta at an end counts whole."""
    if low > high:
        return -integral(f, high, low)
    if f.period is not None:
        return _over_periods(f, low, high)
    real = 0.0 if f.real is None else contents.integral(f.real, low, high)
    weights = sum(
        delta.weight for delta in f.deltas if not delta.order and low <= delta.place <= high
    )
    if not f.is_complex:
        return real + weights.real
    imaginary = 0.0 if f.imaginary is None else contents.integral(f.imaginary, low, high)
    return complex(real, imaginary) + weights


def _over_periods(f: Whole, low: float, high: float) -> complex:
    """Return the integral of a periodic function: whole periods, and what is left."""
    assert f.period is not None
    once = replace(f, period=None)
    whole = integral(once, *f.domain)
    if math.isinf(low) or math.isinf(high):
        raise DataError(
            f"the integral over [{low:g}, {high:g}] of a function with a period diverges: give "
            "finite ends"
        )
    between = _primitive(f, once, whole, high) - _primitive(f, once, whole, low)
    # A primitive counts what lies at its own place: that of the left end is taken away with it.
    is_whole = low < high and (Fraction(high) - Fraction(low)) % f.period == 0
    at_low = 0.0 if is_whole else _weight_at(once, _within(f, low)[1])
    return between + at_low


def _weight_at(once: Whole, place: float) -> complex:
    """Return the weight of the deltas at a place within the period."""
    weight = sum(row.weight for row in once.deltas if not row.order and row.place == place)
    return weight if once.is_complex else weight.real


def _primitive(f: Whole, once: Whole, whole: complex, place: float) -> complex:
    """Return the integral from the start of the period to a place."""
    assert f.period is not None
    turns, rest = _within(f, place)
    return turns * whole + integral(once, f.domain[0], rest)


def _within(f: Whole, place: float) -> tuple[int, float]:
    """Return how many periods lie before the one that a place is in, and the place moved to the first."""
    assert f.period is not None
    turns = math.floor((Fraction(place) - f.start) / f.period)
    return turns, nearest(Fraction(place) - turns * f.period)


def integral_bound(f: Whole) -> float:
    """Return a bound on the error of the integral over the whole domain."""
    of_deltas = math.fsum(delta.bound for delta in f.deltas if not delta.order)
    return of_parts(f, contents.integral_bound) + of_deltas


def normalized(f: Whole) -> Whole:
    """Return f divided by its integral, which must be positive."""
    if f.is_complex:
        only_real(f, "dividing by the integral")
    mass, apart = integral(f, *f.domain).real, integral_bound(f)
    if mass <= 2 * apart:
        raise DataError(
            f"the integral is {mass:.6g}, known within {apart:.2g}: it must be positive to "
            "divide by it"
        )
    return linear.divided(f, mass, 1.01 * apart / (mass - apart))


def cumulative(f: Whole) -> Whole:
    """Return the integral up to x, on the same domain: a step at each delta."""
    high = f.domain[1]
    once = replace(f, period=None)
    result = Whole(
        None if f.real is None else _up_to(f.real, high),
        None if f.imaginary is None else _up_to(f.imaginary, high),
        gathered(replace(delta, order=delta.order - 1) for delta in once.deltas if delta.order),
    )
    for delta in once.deltas:
        if not delta.order:
            result = linear.added(result, _step(delta, high))
    return result


def _up_to(part: Content, high: float) -> Content | None:
    """Return the integral of one part up to x, for all x up to the end of the whole domain.

    Where a part ends before another, or before a delta, its integral stays at its last value.
    """
    stop = contents.domain(part)[1]
    if isinstance(part, Pieces) and math.isfinite(high):
        rest = [] if stop == high else [polynomials_at(0, [Fraction(stop), Fraction(high)])]
        return contents.cumulative(contents.total([part, *rest]))
    body = contents.as_body(part)
    if stop == high:
        return contents.cumulative(body, bounded=math.isfinite(high))
    return cut(contents.cumulative(body), -math.inf, high)


def _step(delta: Delta, high: float) -> Whole:
    """Return the step that a delta makes, up to the end of the domain."""
    if math.isinf(high):
        step = contents.moved(integrals.step(), Fraction(1), delta.exact)
    elif delta.place == high:
        return Whole(None)
    else:
        step = polynomials_at(1, [delta.exact, Fraction(high)])
    step = contents.unsettled(step, delta.reach) if delta.reach else step
    weight, bound = delta.weight, delta.bound
    imaginary = contents.scaled(step, weight.imag, bound) if delta.is_complex else None
    return Whole(contents.scaled(step, weight.real, bound), imaginary)
