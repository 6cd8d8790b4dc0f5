"""Where a formula has a given value, exactly, if that is easy: lines, parabolas and what holds them."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from faltung.functions.doors.expressions.nodes import Call, Node, Number, Variable

# A root of a rational number is rational within this.
_CLOSE = 10**60

# Nested absolute values double the places; deeper than this they are left to samples.
_NESTED = 8

Polynomial = tuple[Fraction, Fraction, Fraction]


def polynomial(node: Node) -> Polynomial | None:
    """Return the coefficients (1, x, x^2) of a formula of degree at most 2, or None."""
    zero = Fraction(0)
    match node:
        case Number(value):
            return value, zero, zero
        case Variable():
            return zero, Fraction(1), zero
        case Call("negative", (inner,)):
            return _product(polynomial(inner), (Fraction(-1), zero, zero))
        case Call("add", terms):
            return _sum([polynomial(term) for term in terms])
        case Call("multiply", factors):
            total: Polynomial | None = (Fraction(1), zero, zero)
            for factor in factors:
                total = _product(total, polynomial(factor))
            return total
        case Call("divide", (inner, Number(value))):
            return _product(polynomial(inner), (1 / value, zero, zero))
        case Call("square", (inner,)):
            return _product(polynomial(inner), polynomial(inner))
        case Call("power", (inner, Number(value))) if value == 2:
            return _product(polynomial(inner), polynomial(inner))
    return None


def _sum(terms: list[Polynomial | None]) -> Polynomial | None:
    known = [term for term in terms if term is not None]
    if len(known) < len(terms):
        return None
    one, x, square = (sum(each, Fraction(0)) for each in zip(*known, strict=True))
    return one, x, square


def _product(f: Polynomial | None, g: Polynomial | None) -> Polynomial | None:
    if f is None or g is None:
        return None
    result = [Fraction(0)] * 5
    for i, a in enumerate(f):
        for j, b in enumerate(g):
            result[i + j] += a * b
    return None if result[3] or result[4] else (result[0], result[1], result[2])


def solve(node: Node, value: Fraction, nested: int = _NESTED) -> list[Fraction] | None:
    """Return all places where a formula has a value, to 60 digits; None if they are not found so.

    A constant formula has no places. Absolute values and squares may be `nested` so deep.
    """
    known = polynomial(node)
    if known is not None:
        return roots(known[0] - value, known[1], known[2])
    match node:
        case Call("negative", (inner,)):
            return solve(inner, -value, nested)
        case Call("abs", (inner,)):
            return _either(inner, value, nested)
        case Call("square", (inner,)):
            return None if value < 0 else _either(inner, square_root(value), nested)
        case Call("divide", (inner, Number(divisor))):
            return solve(inner, value * divisor, nested)
        case Call("add", terms):
            rest = [term for term in terms if not isinstance(term, Number)]
            constant = sum((term.value for term in terms if isinstance(term, Number)), Fraction(0))
            return solve(rest[0], value - constant, nested) if len(rest) == 1 else None
        case Call("multiply", factors):
            return _factored(factors, value, nested)
    return None


def _factored(factors: tuple[Node, ...], value: Fraction, nested: int) -> list[Fraction] | None:
    rest = [factor for factor in factors if not isinstance(factor, Number)]
    constant = Fraction(1)
    for factor in factors:
        constant *= factor.value if isinstance(factor, Number) else 1
    if constant == 0:
        return None
    if len(rest) == 1:
        return solve(rest[0], value / constant, nested)
    if value:
        return None
    found = [solve(factor, value, nested) for factor in rest]
    return [place for each in found if each for place in each] if None not in found else None


def _either(inner: Node, value: Fraction, nested: int) -> list[Fraction] | None:
    """Return where the absolute value of a formula has a value."""
    if value < 0:
        return []
    if not nested:
        return None
    one, other = solve(inner, value, nested - 1), solve(inner, -value, nested - 1)
    return None if one is None or other is None else sorted({*one, *other})


def roots(one: Fraction, x: Fraction, square: Fraction) -> list[Fraction]:
    """Return the real zeros of ``one + x t + square t^2``; none of a constant."""
    if square == 0:
        return [-one / x] if x else []
    discriminant = x * x - 4 * square * one
    if discriminant < 0:
        return []
    root = square_root(discriminant)
    # The one without cancellation; their product is one / square.
    outer = -(x + root) / 2 if x > 0 else (root - x) / 2
    return sorted({outer / square, one / outer}) if outer else [Fraction(0)]


def square_root(value: Fraction) -> Fraction:
    """Return the root of a number that is not negative: exactly if it is rational, else to 60 digits."""
    top, bottom = isqrt(value.numerator), isqrt(value.denominator)
    if top * top == value.numerator and bottom * bottom == value.denominator:
        return Fraction(top, bottom)
    # Scaled so that the whole root has 60 digits whatever the size of the value.
    shift = max(0, (value.denominator.bit_length() - value.numerator.bit_length()) // 2 + 1)
    scale = _CLOSE << shift
    return Fraction(isqrt(value.numerator * scale * scale // value.denominator), scale)
