"""Dirac deltas in a formula: taken out of it, each with its place, its order and its factor."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from faltung.errors import DataError
from faltung.functions.doors.expressions import nodes
from faltung.functions.doors.expressions.nodes import Call, Node, Number, arguments_of
from faltung.functions.doors.expressions.solve import polynomial

# A place, an order and a factor.
Row = tuple[Fraction, int, Node]

_HIGHEST = 20


def split(tree: Node) -> tuple[Node, list[Row]]:
    """Return a formula without its deltas, and these.

    Raises
    ------
    DataError
        If a delta is in anything but a sum, or a product with what has no delta.
    """
    if not _has_delta(tree):
        return tree, []
    rest: list[Node] = []
    rows: list[Row] = []
    for term, factors in _terms(tree, ()):
        if _has_delta(term):
            rows.append(_row(term, factors))
        else:
            rest.append(nodes.call("multiply", *factors, term) if factors else term)
    return nodes.call("add", *rest) if rest else nodes.ZERO, rows


def _has_delta(tree: Node) -> bool:
    work = [tree]
    while work:
        part = work.pop()
        if isinstance(part, Call) and part.name == "delta":
            return True
        work += arguments_of(part)
    return False


def _terms(tree: Node, factors: tuple[Node, ...]) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Return the terms of a sum, with the factors that stand before it."""
    match tree:
        case Call("add", terms):
            for term in terms:
                yield from _terms(term, factors)
        case Call("negative", (inner,)):
            yield from _terms(inner, (*factors, Number(Fraction(-1))))
        case Call("divide", (inner, divisor)) if _has_delta(inner):
            yield from _terms(inner, (*factors, nodes.call("divide", nodes.ONE, divisor)))
        case Call("multiply", parts) if sum(map(_has_delta, parts)) == 1:
            others = tuple(part for part in parts if not _has_delta(part))
            (inner,) = (part for part in parts if _has_delta(part))
            yield from _terms(inner, (*factors, *others))
        case _:
            yield tree, factors


def _row(term: Node, factors: tuple[Node, ...]) -> Row:
    """Return one delta: that of ``a x + b`` is that of ``x + b / a`` over ``|a| a^order``."""
    match term:
        case Call("delta", (argument, *orders)):
            order = _order(orders)
            line = polynomial(argument)
            if line is None or line[2] or not line[1]:
                raise DataError(
                    "the argument of a delta is a straight line in the variable, as in delta(t - 1) or "
                    "delta(2*t)"
                )
            if any(_has_delta(each) for each in (argument, *factors)):
                raise _refused()
            scale = 1 / (abs(line[1]) * line[1] ** order)
            factor = nodes.call("multiply", Number(scale), *factors)
            if order and not nodes.is_constant(factor):
                raise DataError(
                    "a derivative of a delta is multiplied by numbers alone: write out g*delta'(t - a) "
                    "as g(a)*delta'(t - a) - g'(a)*delta(t - a)"
                )
            return -line[0] / line[1], order, factor
    raise _refused()


def _order(orders: list[Node]) -> int:
    if not orders:
        return 0
    match orders[0]:
        case Number(value) if value.denominator == 1 and 0 <= value <= _HIGHEST:
            return int(value)
    raise DataError(
        f"delta(t, n) takes a whole number n from 0 to {_HIGHEST}: the order of its derivative"
    )


def _refused() -> DataError:
    """Return the error for what has no meaning: the square of a delta, a function of one."""
    return DataError(
        "a delta can be added, and multiplied by what has no delta: nothing else can be done to it"
    )
