"""From text to a tree, by Python's own grammar: nothing in the text is ever run."""

from __future__ import annotations

import ast
import difflib
import re
from fractions import Fraction
from math import isinf

from faltung.errors import DataError
from faltung.functions.doors.expressions import nodes
from faltung.functions.doors.expressions.known import KNOWN, NAMES
from faltung.functions.doors.expressions.nodes import Node, NotANumber, Number, is_condition
from faltung.functions.doors.expressions.reading import checked, mistaken

# Trees deeper than this are refused: each level is a call of its own when it is evaluated.
_DEEPEST = 120

# A letter to Python.
_PRIME = "\u02c8"

_CONSTANTS = {"pi": nodes.PI, "e": nodes.E}

_BINARY = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Pow: "power",
    ast.FloorDiv: "floor_divide",
    ast.Mod: "mod",
    ast.BitAnd: "and",
    ast.BitOr: "or",
}

# A comparison by its name, and whether its sides are swapped.
_COMPARED = {
    ast.Lt: ("less", False),
    ast.LtE: ("less_equal", False),
    ast.Gt: ("less", True),
    ast.GtE: ("less_equal", True),
    ast.Eq: ("equal", False),
    ast.NotEq: ("not_equal", False),
}


def parse(text: str) -> tuple[Node, str | None]:
    """Return the tree of a formula and the name of its variable, None for a constant.

    Raises
    ------
    DataError
        If it cannot be read; a caret points at the character.
    """
    plain = checked(text)
    try:
        # A prime of delta' becomes a letter of its name that looks like one.
        plain = re.sub(r"(?<=delta)'+(?=\s*\()", lambda found: _PRIME * len(found.group()), plain)
        # In brackets, blanks in front are no indentation; columns are one more than places then.
        body = ast.parse(f"({plain})", mode="eval").body
    except SyntaxError as error:
        where = (error.offset or 1) - 2
        raise mistaken(text, where, "something is missing or too much here") from None
    except (RecursionError, MemoryError, ValueError):
        raise mistaken(text, 0, "it is nested too deeply") from None
    reader = _Reader(text, plain)
    return reader.number(body, 0), reader.variable


class _Reader:
    """Walks Python's tree, and knows the variable once it has met it."""

    def __init__(self, text: str, plain: str) -> None:
        self._text = text
        self._bytes = plain.encode()
        self.variable: str | None = None

    def number(self, tree: ast.expr, depth: int) -> Node:
        """Return a tree whose value is a number; a condition counts as 1 where it holds."""
        node = self._node(tree, depth)
        return nodes.call("number", node) if is_condition(node) else node

    def condition(self, tree: ast.expr, depth: int) -> Node:
        """Return a tree that is true or false."""
        node = self._node(tree, depth)
        if not is_condition(node):
            raise self._error(tree, "a condition compares two numbers, for instance x < 1")
        return node

    def _node(self, tree: ast.expr, depth: int) -> Node:
        if depth > _DEEPEST:
            raise self._error(tree, f"it is nested more than {_DEEPEST} deep")
        match tree:
            case ast.Constant():
                return self._constant(tree)
            case ast.Name():
                return self._name(tree)
            case ast.UnaryOp():
                return self._unary(tree, depth + 1)
            case ast.BinOp():
                return self._binary(tree, depth + 1)
            case ast.Compare():
                return self._comparison(tree, depth + 1)
            case ast.BoolOp():
                name = "and" if isinstance(tree.op, ast.And) else "or"
                return nodes.call(name, *(self.condition(each, depth + 1) for each in tree.values))
            case ast.IfExp():
                return self._choice(tree, depth + 1)
            case ast.Call():
                return self._call(tree, depth + 1)
        raise self._error(
            tree, "numbers, the variable, operators and functions are read, nothing else"
        )

    def _constant(self, tree: ast.Constant) -> Node:
        value = tree.value
        if isinstance(value, complex):
            imaginary = self._finite(tree, value.imag)
            return nodes.call("multiply", imaginary, nodes.Call("i", ()))
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._error(tree, f"{value!r} is no number")
        return self._finite(tree, value)

    def _finite(self, tree: ast.expr, value: float) -> Number:
        if isinf(value) or abs(value) >= 2**1024:
            raise self._error(tree, "this number is beyond the largest double, 1.8e308")
        return Number(Fraction(value))

    def _name(self, tree: ast.Name) -> Node:
        if tree.id in _CONSTANTS:
            return Number(_CONSTANTS[tree.id])
        if tree.id in NAMES:
            raise self._error(tree, f"{tree.id} is a function: write {tree.id}(...)")
        if tree.id == "i":
            return nodes.Call("i", ())
        if tree.id in ("inf", "nan", "j", "I", "True", "False", "None"):
            way = "write 1j or i for the imaginary unit" if tree.id in "jI" else "it is no number"
            raise self._error(tree, f"{tree.id!r} cannot be a variable: {way}")
        if self.variable not in (None, tree.id):
            raise self._error(
                tree,
                f"{tree.id!r} is a second variable beside {self.variable!r}: write its value in its "
                "place, for instance f'exp(-{rate}*t)'",
            )
        self.variable = tree.id
        return nodes.VARIABLE

    def _unary(self, tree: ast.UnaryOp, depth: int) -> Node:
        if isinstance(tree.op, ast.Not | ast.Invert):
            return nodes.call("not", self.condition(tree.operand, depth))
        node = self.number(tree.operand, depth)
        return nodes.call("negative", node) if isinstance(tree.op, ast.USub) else node

    def _binary(self, tree: ast.BinOp, depth: int) -> Node:
        name = _BINARY.get(type(tree.op))
        if name is None:
            raise self._error(tree, "this operator is not one of + - * / // % **")
        if name in ("and", "or"):
            return nodes.call(name, *(self.condition(s, depth) for s in (tree.left, tree.right)))
        if name in ("add", "subtract"):
            return self._sum(tree, depth)
        return self._called(tree, name, [tree.left, tree.right], depth)

    def _sum(self, tree: ast.BinOp, depth: int) -> Node:
        """Return a sum of any length as one node."""
        parts: list[tuple[ast.expr, bool]] = []
        rest: ast.expr = tree
        while isinstance(rest, ast.BinOp) and isinstance(rest.op, ast.Add | ast.Sub):
            parts.append((rest.right, isinstance(rest.op, ast.Sub)))
            rest = rest.left
        terms = [self.number(rest, depth)]
        for part, negative in reversed(parts):
            term = self.number(part, depth)
            terms.append(nodes.call("negative", term) if negative else term)
        return self._made(tree, "add", terms)

    def _comparison(self, tree: ast.Compare, depth: int) -> Node:
        sides = [self.number(side, depth) for side in (tree.left, *tree.comparators)]
        parts = []
        for operator, left, right in zip(tree.ops, sides, sides[1:], strict=False):
            if type(operator) not in _COMPARED:
                raise self._error(tree, "compare with <, <=, >, >=, == or !=")
            name, swapped = _COMPARED[type(operator)]
            parts.append(nodes.Call(name, (right, left) if swapped else (left, right)))
        return nodes.Call("and", tuple(parts)) if len(parts) > 1 else parts[0]

    def _choice(self, tree: ast.IfExp, depth: int) -> Node:
        """Return ``a if c else b if d else ...`` of any length as one node."""
        parts: list[Node] = []
        rest: ast.expr = tree
        while isinstance(rest, ast.IfExp):
            parts += [self.condition(rest.test, depth), self.number(rest.body, depth)]
            rest = rest.orelse
        return nodes.Call("select", (*parts, self.number(rest, depth)))

    def _call(self, tree: ast.Call, depth: int) -> Node:
        if not isinstance(tree.func, ast.Name):
            raise self._error(tree, "a product is written with *: 2*x, (x + 1)*(x - 1)")
        name = tree.func.id
        if tree.keywords or any(isinstance(each, ast.Starred) for each in tree.args):
            raise self._error(tree, f"{name} takes plain arguments, as in {name}(x)")
        if re.fullmatch(f"delta{_PRIME}+", name):
            order = ast.Constant(len(name) - len("delta"), lineno=1, col_offset=tree.col_offset)
            return self._called(tree, "delta", [*tree.args, order], depth)
        if name not in NAMES:
            raise self._unknown(tree.func, name)
        return self._called(tree, NAMES[name], tree.args, depth)

    def _called(self, tree: ast.expr, name: str, given: list[ast.expr], depth: int) -> Node:
        """Return a function of arguments, in the number that it takes."""
        if name == "select":
            return self._selected(tree, given, depth)
        known = KNOWN[name]
        if not known.least <= len(given) <= known.most:
            count = _numbers(known.least, known.most)
            raise self._error(tree, f"{name} takes {count}, and here {_are(len(given))}")
        return self._made(tree, name, [self.number(each, depth) for each in given])

    def _selected(self, tree: ast.expr, given: list[ast.expr], depth: int) -> Node:
        if len(given) < 3 or len(given) % 2 == 0:
            raise self._error(
                tree, "write where(condition, value, other), with a value for all that is left"
            )
        parts = [
            self.number(each, depth)
            if k % 2 or k == len(given) - 1
            else self.condition(each, depth)
            for k, each in enumerate(given)
        ]
        return nodes.Call("select", tuple(parts))

    def _made(self, tree: ast.expr, name: str, arguments: list[Node]) -> Node:
        try:
            return nodes.call(name, *arguments)
        except NotANumber as error:
            raise self._error(tree, str(error)) from None

    def _unknown(self, tree: ast.Name, name: str) -> DataError:
        if name in _CONSTANTS or name == self.variable or re.fullmatch(r"[a-zA-Z]", name):
            return self._error(tree, f"{name} is no function: a product is written {name}*(...)")
        near = difflib.get_close_matches(name, NAMES, n=1)
        guess = f"did you mean {near[0]}? " if near else ""
        return self._error(
            tree,
            f"there is no function {name!r}: {guess}Known are {', '.join(sorted(NAMES))}. "
            "Others go with Function(lambda x: ..., (a, b))",
        )

    def _error(self, tree: ast.expr, why: str) -> DataError:
        """Return the error about a part of the formula, or about the operator between two parts."""
        if not isinstance(tree, ast.BinOp):
            return mistaken(self._text, self._place(tree.col_offset), why)
        # What stands between the left part and its operator: brackets and blanks.
        place = self._place(tree.left.end_col_offset or 0)
        while self._text[place : place + 1] in (" ", "\t", "\n", ")"):
            place += 1
        return mistaken(self._text, place, why)

    def _place(self, column: int) -> int:
        """Return the character at a column, which counts bytes from the bracket put in front."""
        return len(self._bytes[: max(column - 1, 0)].decode(errors="ignore"))


def _numbers(least: int, most: int) -> str:
    if least != most:
        return f"{least} to {most} arguments"
    return f"{least} argument{'s' * (least > 1)}"


def _are(count: int) -> str:
    return f"{'is' if count == 1 else 'are'} {count or 'none'}"
