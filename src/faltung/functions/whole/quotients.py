"""Quotients, powers and sizes of whole functions, point by point."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from faltung.errors import DataError, OptionError
from faltung.functions import contents
from faltung.functions.analysis import real as analysis
from faltung.functions.contents import Content
from faltung.functions.whole import bilinear, linear
from faltung.functions.whole.making import constant
from faltung.functions.whole.whole import Whole
from faltung.functions.whole.windows import cut


def reciprocal(f: Whole) -> Whole:
    """Return 1 / f on the domain of f; for a complex one its conjugate divided by its squared size.

    Raises
    ------
    DataError
        If f is zero somewhere inside its domain.
    OptionError
        If it has deltas.
    """
    refuse_deltas(f, "a quotient")
    _require_all(f)
    if f.imaginary is None:
        assert f.real is not None
        return replace(f, real=analysis.powered(f.real, -1.0))
    inverse = Whole(analysis.powered(_squared(f), -1.0), period=f.period, start=f.start)
    return bilinear.multiplied(linear.conjugate(f), inverse)


def quotient(f: Whole, g: Whole) -> Whole:
    """Return f / g on the domain of f.

    Raises
    ------
    DataError
        If g is zero somewhere inside the domain of f.
    OptionError
        If g has deltas.
    """
    if f.period is g.period is None and f.domain[0] < f.domain[1]:
        g = _on_domain_of(f, g)
    return bilinear.multiplied(f, reciprocal(g))


def power(f: Whole, exponent: float) -> Whole:
    """Return f ** exponent: products for whole numbers from 0 on, else found anew.

    Raises
    ------
    DataError
        If f is zero somewhere, or negative, and that power does not exist or cannot be followed.
    OptionError
        If f has deltas and the exponent is not 1, or is complex and the exponent no whole number.
    """
    if exponent == 1:
        return f
    refuse_deltas(f, "a power")
    is_whole = exponent == int(exponent)
    if is_whole and (exponent >= 0 or f.imaginary is not None):
        factor = f if exponent >= 0 else reciprocal(f)
        return _product(factor, abs(int(exponent))) if exponent else constant(1, f)
    _require_all(f)
    if f.imaginary is not None or f.real is None:
        raise OptionError(
            f"the power {exponent:g} of a complex function is not one function: take it of abs(f), or "
            "of f.real"
        )
    return replace(f, real=analysis.powered(f.real, float(exponent)))


def absolute(f: Whole) -> Whole:
    """Return the size of f.

    Raises
    ------
    DataError
        If f is complex and zero somewhere: its size is a root that has no derivative there.
    OptionError
        If it has deltas.
    """
    refuse_deltas(f, "the size")
    if f.imaginary is not None and f.real is not None:
        size: Content | None = analysis.powered(_squared(f), 0.5)
    else:
        part = f.imaginary if f.real is None else f.real
        size = None if part is None else analysis.absolute(part)
    return replace(f, real=size, imaginary=None)


def _squared(f: Whole) -> Content:
    """Return the square of the size."""
    return reduce(contents.added, (contents.multiplied(part, part) for part in f.parts))


def _product(f: Whole, count: int) -> Whole:
    """Return the product of `count` functions f, by squaring."""
    if count == 1:
        return f
    half = _product(f, count // 2)
    square = bilinear.multiplied(half, half)
    return bilinear.multiplied(square, f) if count % 2 else square


def _on_domain_of(f: Whole, g: Whole) -> Whole:
    """Return g on the domain of f, where it must be."""
    low, high = f.domain
    for start, stop in ((low, g.domain[0]), (g.domain[1], high)):
        if start < stop:
            raise DataError(
                f"the divisor is zero on [{start!r}, {stop!r}], where the dividend is not: "
                f"restrict it, f.restrict({g.domain[0]!r}, {g.domain[1]!r}) / g"
            )
    real, imaginary = (
        None if part is None else cut(part, low, high) for part in (g.real, g.imaginary)
    )
    return replace(g, real=real, imaginary=imaginary)


def _require_all(f: Whole) -> None:
    """Refuse a function that is zero on a part of its period, or everywhere."""
    if not f.parts:
        raise DataError("the function is 0 everywhere: it cannot be divided by")
    if f.period is None or any(contents.domain(part) == f.domain for part in f.parts):
        return
    raise DataError(
        f"the function is 0 on a part of its period [{f.domain[0]!r}, {f.domain[1]!r}], for its pieces "
        "do not fill it: it cannot be divided by there"
    )


def refuse_deltas(f: Whole, what: str) -> None:
    """Refuse a function with deltas for what is not defined for them.

    Raises
    ------
    OptionError
        Naming a delta.
    """
    if f.deltas:
        raise OptionError(
            f"{what} of {f.deltas[0]} is not defined: deltas can be added and convolved"
        )
