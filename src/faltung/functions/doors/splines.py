"""Splines of SciPy: their very polynomials, on the intervals between their knots."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from faltung.errors import DataError, DtypeError, OptionError, ShapeError
from faltung.functions.bounds import TINY, UNIT
from faltung.functions.checks import as_interval, refuse_too_wide
from faltung.functions.doors.components import of_components
from faltung.functions.doors.local_bases import from_bernstein, from_powers
from faltung.functions.doors.recipe import Exact
from faltung.functions.polynomials.chebyshev import MAXIMAL_DEGREE
from faltung.functions.polynomials.displace import placed
from faltung.functions.polynomials.pieces import Pieces, refined
from faltung.functions.rounding import as_exact, nearest
from faltung.functions.transform import FloatArray
from faltung.functions.whole.whole import Whole

_SEVERAL = ("NdPPoly", "NdBSpline", "BivariateSpline", "RegularGridInterpolator")


def as_spline(thing: Any) -> Exact | None:
    """Return a spline of scipy.interpolate as polynomials on its own domain; None of anything else.

    Raises
    ------
    DtypeError, ShapeError
        If it has several variables, or values that are no real numbers.
    OptionError
        If its degree is above 64, or it is no spline.
    """
    names = {
        each.__name__ for each in type(thing).__mro__ if "scipy.interp" in str(each.__module__)
    }
    if not names:
        return None
    if names & set(_SEVERAL):
        raise DtypeError(
            f"{type(thing).__name__} has several variables, and a Function has one: fix the others, "
            "Function(lambda x: spline([x, y0]), (a, b))"
        )
    made = _whole(thing, names)
    if made is None:
        return None
    return Exact(lambda interval: made if interval is None else _on(made, as_interval(interval)))


def _whole(thing: Any, names: set[str]) -> Whole | None:
    """Return all polynomials of a spline, or None if it has none."""
    if "PPoly" in names:
        return of_components(thing.c, lambda c: _of_powers(thing.x, c))
    if "BPoly" in names:
        return of_components(thing.c, lambda c: _of_bernstein(thing.x, c))
    if "BSpline" in names:
        return of_components(thing.c, lambda c: _of_b_spline(thing.t, c, int(thing.k)))
    if "UnivariateSpline" in names:
        return Whole(_of_fitpack(thing.get_knots(), thing.get_coeffs()))
    if "interp1d" in names:
        return _of_interp1d(thing)
    return None


def _of_bernstein(x: Any, c: Any) -> Pieces:
    breaks, coefficients = _checked(x, c)
    return from_bernstein(breaks, np.ascontiguousarray(coefficients.T))


def _of_powers(x: Any, c: Any) -> Pieces:
    breaks, coefficients = _checked(x, c)
    return from_powers(breaks, np.ascontiguousarray(coefficients[::-1].T))


def _checked(x: Any, c: Any) -> tuple[FloatArray, FloatArray]:
    """Return the breaks of a spline and its coefficients, one row for each power."""
    breaks, coefficients = np.asarray(x), np.asarray(c)
    if coefficients.ndim != 2:
        raise ShapeError(
            f"the spline has {coefficients.ndim - 2} more axes, of shape {coefficients.shape[2:]}: make "
            "one Function of each of its components"
        )
    if len(coefficients) > MAXIMAL_DEGREE + 1:
        raise OptionError(
            f"the spline has degree {len(coefficients) - 1}, and pieces have at most {MAXIMAL_DEGREE}: "
            "sample it, Function(lambda x: spline(x), (a, b))"
        )
    _require_finite(breaks, coefficients)
    if not (np.diff(breaks) > 0).all():
        raise OptionError("the breakpoints of the spline fall: make it with rising ones")
    refuse_too_wide(as_exact(breaks[0], "an end"), as_exact(breaks[-1], "an end"))
    return breaks.astype(np.float64), coefficients.astype(np.float64)


def _require_finite(breaks: Any, coefficients: Any) -> None:
    for what, values in (("breakpoint", breaks), ("coefficient", coefficients)):
        wrong = np.argwhere(~np.isfinite(values))
        if len(wrong):
            where = tuple(wrong[0].tolist())
            raise DataError(
                f"the spline has the {what} {float(values[where])} at index {where}: it must be finite"
            )


def _of_b_spline(t: Any, c: Any, degree: int) -> Pieces:
    """Return the Bernstein coefficients of a B-spline on each interval between its knots.

    They are values of its blossom: the first d - j arguments are the left end and the last j the
    right one (L. Ramshaw, "Blossoms are polar forms", Computer Aided Geometric Design 6 (1989),
    323-358). All lie within the interval, so that each step of de Boor's scheme is a mean with
    weights in [0, 1]: with five roundings in each, d steps are within 6 d units of the largest.
    """
    knots, coefficients = np.asarray(t), np.asarray(c)
    _checked(
        np.array([0.0, 1.0]),
        coefficients[:1, None] if coefficients.ndim == 1 else coefficients[None],
    )
    if degree > MAXIMAL_DEGREE:
        _checked(np.array([0.0, 1.0]), np.zeros((degree + 1, 1)))
    _require_finite(knots, coefficients)
    count = len(knots) - degree - 1
    spans = degree + np.flatnonzero(np.diff(knots[degree : count + 1]) > 0)
    breaks = np.append(knots[spans], knots[count]).astype(np.float64)
    refuse_too_wide(as_exact(breaks[0], "an end"), as_exact(breaks[-1], "an end"))
    near = coefficients[spans[:, None] + np.arange(-degree, 1)].astype(np.float64)
    rows = [_blossom(knots, spans, near, right) for right in range(degree + 1)]
    off = degree * (6.1 * UNIT * np.abs(near).max(axis=1) + 8 * TINY)
    return from_bernstein(breaks, np.stack(rows, axis=1), off)


def _blossom(knots: Any, spans: Any, near: FloatArray, right: int) -> FloatArray:
    """Return the blossom on each span, with so many arguments at its right end and the others left."""
    degree = near.shape[1] - 1
    values = near.copy()
    for level in range(1, degree + 1):
        at = knots[spans + 1] if level > degree - right else knots[spans]
        for r in range(degree, level - 1, -1):
            low, high = knots[spans - degree + r], knots[spans + 1 + r - level]
            values[:, r] = (high - at) / (high - low) * values[:, r - 1] + (at - low) / (
                high - low
            ) * values[:, r]
    return values[:, degree]


def _of_fitpack(knots: FloatArray, coefficients: FloatArray) -> Pieces:
    """Return a UnivariateSpline, which keeps its end knots once."""
    degree = len(coefficients) + 1 - len(knots)
    full = np.concatenate([[knots[0]] * degree, knots, [knots[-1]] * degree])
    return _of_b_spline(full, coefficients, degree)


def _of_interp1d(thing: Any) -> Whole:
    if thing.y.ndim != 1:
        raise ShapeError("interp1d has several components: make one Function of each of them")
    if getattr(thing, "_kind", None) == "linear":
        rise = np.diff(thing.y) / np.diff(thing.x)
        return of_components(np.stack([rise, thing.y[:-1]]), lambda c: _of_powers(thing.x, c))
    spline = getattr(thing, "_spline", None)
    if spline is not None:
        coefficients = np.reshape(spline.c, len(spline.c))
        return of_components(coefficients, lambda c: _of_b_spline(spline.t, c, int(spline.k)))
    raise OptionError(
        f"interp1d(kind={getattr(thing, '_kind', '?')!r}) is a step function: write "
        "Function.from_samples(y, x=edges, interpolation='steps')"
    )


def _on(made: Whole, ends: tuple[Fraction, Fraction]) -> Whole:
    """Return a spline on an interval inside its domain."""
    (first, last), (low, high) = made.domain, map(nearest, ends)
    if ends[0] < first or ends[1] > last:
        raise OptionError(
            f"the spline lives on ({first!r}, {last!r}), and the interval ({low!r}, {high!r}) goes "
            "beyond: leave the interval out, or sample what SciPy makes of it there, "
            "Function(lambda x: spline(x), (a, b), breaks=...)"
        )
    real, imaginary = (
        placed(_cut(part, low, high), ends) if isinstance(part, Pieces) else None
        for part in (made.real, made.imaginary)
    )
    return Whole(real, imaginary)


def _cut(part: Pieces, low: float, high: float) -> Pieces:
    inner = part.breaks[(part.breaks > low) & (part.breaks < high)]
    return refined(part, np.array([low, *inner, high]))
