"""Sums and multiples of functions, and the variable moved: done part by part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from faltung.errors import OptionError
from faltung.functions import contents
from faltung.functions.bounds import UNIT
from faltung.functions.contents import Content
from faltung.functions.whole.deltas import Delta, gathered
from faltung.functions.whole.periodic import require_alike, started_at
from faltung.functions.whole.whole import Whole


def negative(f: Whole) -> Whole:
    """Return -f, exactly."""
    return _each(f, contents.negative, lambda delta: delta.times(-1))


def added(f: Whole, g: Whole) -> Whole:
    """Return f + g."""
    if f.period != g.period:
        require_alike(f, g, "the sum")
    if f.period is not None:
        g = started_at(g, f.start)
    return replace(
        f,
        real=sum_of(f.real, g.real),
        imaginary=sum_of(f.imaginary, g.imaginary),
        deltas=gathered(f.deltas + g.deltas),
    )


def sum_of(f: Content | None, g: Content | None) -> Content | None:
    """Return the sum of two contents, None for one that is zero."""
    if f is None or g is None:
        return g if f is None else f
    return contents.added(f, g)


def scaled(f: Whole, factor: float, apart: float) -> Whole:
    """Return f times a real number that is at most `apart` from `factor`."""
    return _each(
        f,
        lambda part: contents.scaled(part, factor, apart),
        lambda delta: delta.times(factor, apart),
    )


def turned(f: Whole, factor: complex, apart: float = 0.0) -> Whole:
    """Return f times a complex number: (a + b i)(c + d i) = (a c - b d) + (a d + b c) i.

    The true number is at most `apart` times its size from `factor`.
    """
    c, d, unsure = factor.real, factor.imag, apart * abs(factor)
    return replace(
        f,
        real=sum_of(_times(f.real, c, unsure), _times(f.imaginary, -d, unsure)),
        imaginary=sum_of(_times(f.real, d, unsure), _times(f.imaginary, c, unsure)),
        deltas=gathered(delta.times(factor, unsure) for delta in f.deltas),
    )


def _times(part: Content | None, factor: float, unsure: float) -> Content | None:
    if part is None or factor == unsure == 0:
        return None
    return contents.scaled(part, factor, unsure)


def divided(f: Whole, divisor: float, unsure: float) -> Whole:
    """Return f divided by a number d such that divisor / d differs from 1 by at most `unsure`."""
    inverse = 1 / divisor
    apart = 1.01 * (unsure + UNIT) * abs(inverse)
    return _each(
        f,
        lambda part: contents.divided(part, divisor, unsure),
        lambda delta: delta.times(inverse, apart),
    )


def moved(f: Whole, factor: Fraction, offset: Fraction) -> Whole:
    """Return x -> f((x - offset) / factor)."""
    if factor == 0:
        raise OptionError("the factor is 0: a function cannot be stretched to a point")
    result = _each(
        f,
        lambda part: contents.moved(part, factor, offset),
        lambda delta: delta.moved(factor, offset),
    )
    if f.period is None:
        return result
    first = f.start if factor > 0 else f.start + f.period
    return replace(result, period=f.period * abs(factor), start=first * factor + offset)


def reflected(f: Whole) -> Whole:
    """Return s -> f(-s)."""
    result = _each(f, contents.reflected, lambda delta: delta.moved(Fraction(-1), Fraction(0)))
    return result if f.period is None else replace(result, start=-(f.start + f.period))


def real_part(f: Whole) -> Whole:
    """Return the real part."""
    deltas = (replace(delta, weight=delta.weight.real) for delta in f.deltas)
    return replace(f, imaginary=None, deltas=gathered(deltas))


def imaginary_part(f: Whole) -> Whole:
    """Return the imaginary part, a real function."""
    deltas = (replace(delta, weight=delta.weight.imag) for delta in f.deltas)
    return replace(f, real=f.imaginary, imaginary=None, deltas=gathered(deltas))


def conjugate(f: Whole) -> Whole:
    """Return the complex conjugate."""
    imaginary = None if f.imaginary is None else contents.negative(f.imaginary)
    deltas = tuple(replace(delta, weight=delta.weight.conjugate()) for delta in f.deltas)
    return replace(f, imaginary=imaginary, deltas=deltas)


def _each(
    f: Whole, content: Callable[[Content], Content], delta: Callable[[Delta], Delta]
) -> Whole:
    """Return a function of whose contents and deltas each was changed by itself."""
    return replace(
        f,
        real=None if f.real is None else content(f.real),
        imaginary=None if f.imaginary is None else content(f.imaginary),
        deltas=gathered(map(delta, f.deltas)),
    )
