"""A formula as a callable that knows where it is not smooth."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from faltung.errors import DataError
from faltung.functions.doors.expressions.deltas import split
from faltung.functions.doors.expressions.known import KNOWN
from faltung.functions.doors.expressions.nodes import Call, Node, Number, Opaque, is_constant
from faltung.functions.doors.expressions.parse import parse
from faltung.functions.doors.expressions.sharp import sharp_places
from faltung.functions.doors.recipe import Recipe, Spike
from faltung.functions.rounding import nearest


@dataclass(frozen=True, eq=False)
class Expression:
    """A formula of one variable: called with a float or an array, it gives its values.

    Attributes
    ----------
    tree
        The formula.
    text
        As it was written, for messages.

    Examples
    --------
    >>> Expression.read("1 - x if x < 1 else 0")([0.0, 0.25, 3.0])
    array([1.  , 0.75, 0.  ])
    """

    tree: Node
    text: str

    @staticmethod
    def read(text: str) -> Expression:
        """Return the formula that a text is.

        Raises
        ------
        DataError
            If it cannot be read; a caret points at the character.
        """
        tree, _ = parse(text)
        return Expression(tree, text)

    def __call__(self, x: Any) -> Any:
        """Return the values at x."""
        points = np.asarray(x, dtype=np.float64)
        with np.errstate(all="ignore"):
            values = evaluate(self.tree, points)
        # A part that is constant came as a number.
        return np.broadcast_to(values, points.shape) + 0.0


def evaluate(node: Node, x: Any) -> Any:
    """Return the values of a tree at an array of points."""
    match node:
        case Number(value):
            return np.float64(nearest(value))
        case Call(name, arguments):
            return KNOWN[name].call(*[evaluate(each, x) for each in arguments])
        case Opaque(function, arguments):
            return function(*[evaluate(each, x) for each in arguments])
    return x


def recipe_of(expression: Expression) -> Recipe:
    """Return how a function is made of a formula; a constant is its very number.

    Raises
    ------
    DataError
        If it is a constant that is not finite, or what is done to a delta is no sum or product.
    """
    tree, spikes = split(expression.tree)
    found = tuple(_spike(spike) for spike in spikes)
    if isinstance(tree, Number):
        return Recipe(None if found and not tree.value else tree.value, spikes=found)
    rest = Expression(tree, expression.text)
    if is_constant(tree) and not np.isfinite(rest(0.0)):
        raise DataError(
            f"the formula {expression.text!r} is {rest(0.0).item()}, which is no number"
        )
    return Recipe(rest, None, lambda low, high: sharp_places(tree, low, high), found)


def _spike(row: tuple[Fraction, int, Node]) -> Spike:
    """Return a delta whose factor is a number, or a formula to be taken at its place."""
    place, order, factor = row
    if isinstance(factor, Number):
        return Spike(place, order, factor.value)
    if is_constant(factor):
        with np.errstate(all="ignore"):
            value = complex(evaluate(factor, np.float64(0)))
        return Spike(place, order, value)
    return Spike(place, order, Expression(factor, "the factor of a delta"))


def as_expression(thing: object) -> Recipe | None:
    """Return a formula that is a text; None of anything else."""
    return recipe_of(Expression.read(thing)) if isinstance(thing, str) else None
