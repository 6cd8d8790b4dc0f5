"""A formula as a tree: numbers, the variable, and functions of these."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

# Powers of two beyond these are no doubles, and a power with more bits than this is left to floats.
_WIDEST, _MOST_BITS = 1100, 4400

# To 60 digits, so that a break at pi is rounded but once.
PI = Fraction(3141592653589793238462643383279502884197169399375105820974944, 10**60)
E = Fraction(2718281828459045235360287471352662497757247093699959574966967, 10**60)


class NotANumber(ArithmeticError):
    """Constants of a formula make no number that a double can stand for."""


@dataclass(frozen=True, slots=True)
class Number:
    """A constant: exactly what was written, or pi and e to 60 digits."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Variable:
    """The variable of the formula."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function by its name in :mod:`faltung.functions.doors.expressions.known`, with arguments.

    Sums and products are functions of any number of arguments. ``select(c1, v1, c2, v2, ..., v)``
    is the first value whose condition holds, or the last.
    """

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Opaque:
    """A function of which nothing is known but its values."""

    call: Callable[..., Any]
    arguments: tuple[Node, ...]


Node: TypeAlias = Number | Variable | Call | Opaque

VARIABLE, ZERO, ONE = Variable(), Number(Fraction(0)), Number(Fraction(1))
CONDITIONS = {"less", "less_equal", "equal", "not_equal", "and", "or", "not"}


def is_condition(node: Node) -> bool:
    """Whether a tree is true or false, and no number."""
    return isinstance(node, Call) and node.name in CONDITIONS


def is_constant(node: Node) -> bool:
    """Whether the variable is not in a tree."""
    work = [node]
    while work:
        part = work.pop()
        if isinstance(part, Variable):
            return False
        work += arguments_of(part)
    return True


def arguments_of(node: Node) -> tuple[Node, ...]:
    """Return the branches of a node."""
    return node.arguments if isinstance(node, Call | Opaque) else ()


def call(name: str, *arguments: Node) -> Node:
    """Return a function of arguments, or the number that it is: arithmetic of constants is exact.

    Raises
    ------
    NotANumber
        If that divides by zero, or is a number far beyond doubles.
    """
    if name == "divide" and arguments[1] == ZERO:
        raise NotANumber("this divides by zero")
    if all(isinstance(each, Number) for each in arguments):
        values = [each.value for each in arguments if isinstance(each, Number)]
        folded = _folded(name, values)
        if folded is not None:
            return Number(_tame(folded))
    return Call(name, arguments)


def _folded(name: str, values: list[Fraction]) -> Fraction | None:
    """Return the exact value of arithmetic on constants, or None if it is none."""
    match name, values:
        case "add", _:
            return sum(values, Fraction(0))
        case "multiply", _:
            return math.prod(values, start=Fraction(1))
        case "negative", [value]:
            return -value
        case "divide", [value, divisor]:
            return value / divisor
        case "power", [base, exponent] if exponent.denominator == 1:
            return _power(base, exponent.numerator)
    return None


def _power(base: Fraction, exponent: int) -> Fraction | None:
    """Return a whole power exactly, or None if that has too many digits; its size is seen before."""
    if base == 0:
        if exponent < 0:
            raise NotANumber("this divides by zero")
        return base**exponent
    logarithm = math.log2(abs(base.numerator)) - math.log2(base.denominator)
    if abs(logarithm * exponent) > _WIDEST:
        raise NotANumber("this power is no double: they end at 4.9e-324 and at 1.8e308")
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    return base**exponent if bits * abs(exponent) <= _MOST_BITS else None


def _tame(value: Fraction) -> Fraction:
    if abs(value) >= 2**1024:
        raise NotANumber("this number is beyond the largest double, 1.8e308")
    return value
