"""Samples with their axis: the steps, lines or cubic splines through them, as very polynomials."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from faltung.errors import DataError, DtypeError, OptionError, ShapeError
from faltung.functions.bounds import TINY, UNIT, Deviation
from faltung.functions.checks import refuse_too_wide
from faltung.functions.doors.components import of_components
from faltung.functions.doors.local_bases import from_powers
from faltung.functions.polynomials.displace import displaced
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.rounding import Real, as_exact, nearest
from faltung.functions.transform import FloatArray
from faltung.functions.whole.whole import Whole

# How many samples each interpolation needs: a cubic spline has no knot at the second one (SciPy).
_LEAST = {"linear": 2, "cubic": 4, "steps": 1}


def whole_of_samples(
    y: ArrayLike, x: ArrayLike | None, dx: Real | None, start: Real, interpolation: str
) -> Whole:
    """Return what :meth:`faltung.Function.from_samples` returns."""
    if interpolation not in _LEAST:
        raise OptionError(
            f"interpolation={interpolation!r}: write {' or '.join(map(repr, _LEAST))}"
        )
    values = _as_vector(y, "y", "fiubc")
    steps = interpolation == "steps"
    if len(values) < _LEAST[interpolation]:
        raise ShapeError(
            f"y has {len(values)} samples, and interpolation={interpolation!r} needs at least "
            f"{_LEAST[interpolation]}"
        )
    axis, lost = _axis(len(values) + steps, x, dx, start)
    if len(axis) != len(values) + steps:
        rule = (
            "steps have one edge more than values, as those of numpy.histogram"
            if steps
            else "write one place for each value"
        )
        raise ShapeError(f"y has {len(values)} values and x has {len(axis)} places: {rule}")

    def pieces(part: FloatArray) -> Pieces:
        made = _through(axis, part, interpolation).checked("the function")
        return made if lost is None else displaced(made, *lost)

    return of_components(values, pieces)


def _through(axis: FloatArray, values: FloatArray, interpolation: str) -> Pieces:
    """Return polynomials through values at an axis of doubles."""
    if interpolation == "steps":
        return Pieces(axis, values[:, None].copy(), Deviation.zero(len(values)))
    if interpolation == "linear":
        return _lines(axis, values)
    from scipy.interpolate import CubicSpline

    with np.errstate(all="ignore"):
        spline = CubicSpline(axis, values)
    return from_powers(axis, np.ascontiguousarray(spline.c[::-1].T))


def _lines(axis: FloatArray, values: FloatArray) -> Pieces:
    """Return straight lines: the middle and half the rise, each rounded once."""
    before, behind = values[:-1] / 2, values[1:] / 2
    coefficients = np.stack([before + behind, behind - before], axis=1)
    sizes = np.abs(before) + np.abs(behind)
    bound = 2.02 * UNIT * sizes + 8 * TINY
    return Pieces(axis, coefficients, Deviation(bound, UNIT * sizes))


def _as_vector(values: ArrayLike, name: str, kinds: str = "fiub") -> Any:
    """Return finite samples as a vector, or name the first that is not."""
    array = np.asarray(values)
    if array.dtype.kind not in kinds:
        raise DtypeError(f"{name} must be numbers, not {array.dtype}")
    if array.ndim != 1:
        raise ShapeError(f"{name} has shape {array.shape}: samples are a vector")
    vector = array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)
    wrong = np.flatnonzero(~np.isfinite(vector))
    if len(wrong):
        raise DataError(
            f"{name}[{wrong[0]}] is {vector[wrong[0]].item()}: samples are finite numbers. Leave those "
            "out with their places x, or fill them in"
        )
    return vector


def _axis(
    count: int, x: ArrayLike | None, dx: Real | None, start: Real
) -> tuple[FloatArray, tuple[FloatArray, FloatArray] | None]:
    """Return the places of samples; with what their rounding lost and the true widths, if it did."""
    if (x is None) == (dx is None):
        raise OptionError(
            "samples need one axis: write x=places, or dx=spacing with start=the first place"
        )
    if x is not None:
        if start != 0:
            raise OptionError(f"start={start!r} goes with dx=: x= says itself where samples begin")
        return _rising(_as_vector(x, "x")), None
    assert dx is not None
    first, step = as_exact(start, "start"), as_exact(dx, "dx")
    if step <= 0:
        raise OptionError(f"dx={dx!r}: the spacing of samples is a number above 0")
    axis, exact = _spaced(first, step, count)
    _rising(axis, f": dx={nearest(step)!r} is too small beside start={nearest(first)!r}")
    if exact:
        return axis, None
    lost = np.maximum(np.spacing(np.abs(axis)) / 2, TINY)
    return axis, (lost, np.full(count - 1, nearest(step)))


def _spaced(first: Fraction, step: Fraction, count: int) -> tuple[FloatArray, bool]:
    """Return ``first + k step`` for each k < count, rounded once each, and whether none was."""
    below = math.lcm(first.denominator, step.denominator)
    start, rise = int(first * below), int(step * below)
    refuse_too_wide(first, first + count * step)
    tops = range(start, start + rise * count, rise)
    # Python divides whole numbers correctly rounded.
    axis = [top / below for top in tops]
    ratios = (place.as_integer_ratio() for place in axis)
    exact = all(
        top * under == below * over for top, (over, under) in zip(tops, ratios, strict=True)
    )
    return np.array(axis), exact


def _rising(axis: FloatArray, why: str = ": sort the samples by x") -> FloatArray:
    """Return places that rise, or name the first that does not."""
    wrong = np.flatnonzero(~(np.diff(axis) > 0))
    if len(wrong):
        k = int(wrong[0])
        raise OptionError(
            f"x does not rise from index {k} to {k + 1}, where it is {float(axis[k])!r} and "
            f"{float(axis[k + 1])!r}{why}"
        )
    refuse_too_wide(Fraction(float(axis[0])), Fraction(float(axis[-1])))
    return axis
