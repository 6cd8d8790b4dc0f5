"""SymPy's expressions as formulas of ours; what is no function of ours keeps SymPy's way to its values."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from faltung.errors import DataError, DtypeError
from faltung.functions.doors.expressions import nodes
from faltung.functions.doors.expressions.expression import Expression, recipe_of
from faltung.functions.doors.expressions.known import KNOWN
from faltung.functions.doors.expressions.nodes import Node, NotANumber, Number, Opaque
from faltung.functions.doors.recipe import Recipe

_DEEPEST, _DIGITS, _SHOWN = 120, 60, 200

# SymPy's names that are not ours: of functions, and of comparisons, with their sides swapped or not.
_NAMES = {
    "Add": "add",
    "Mul": "multiply",
    "Abs": "abs",
    "DiracDelta": "delta",
    "conjugate": "conj",
    "im": "imag",
    "re": "real",
    "Heaviside": "heaviside",
    "Max": "maximum",
    "Min": "minimum",
    "Mod": "mod",
    "ceiling": "ceil",
    "loggamma": "gammaln",
    **{f"a{name}": f"arc{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
}
_OURS = ("exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "erf", "erfc", "gamma", "log", "sign")
_SAME = {name: name for name in (*_OURS, "floor")}
_RELATIONS = {
    "StrictLessThan": ("less", False),
    "LessThan": ("less_equal", False),
    "StrictGreaterThan": ("less", True),
    "GreaterThan": ("less_equal", True),
    "Equality": ("equal", False),
    "Unequality": ("not_equal", False),
}
_JOINED = {"And": "and", "Or": "or", "Not": "not"}

# These have no values before they are worked out.
_UNDONE = ("Integral", "Derivative", "Sum", "Product", "Limit", "Subs")


def as_sympy(thing: Any) -> Recipe | None:
    """Return a SymPy expression of one symbol; None of anything else.

    Raises
    ------
    DataError
        If it has two symbols, is not real, or holds something without values.
    """
    # A function made up with sympy.Function('u') has no module.
    if not any(str(each.__module__).startswith("sympy.") for each in type(thing).__mro__):
        return None
    import sympy

    if isinstance(thing, type):
        raise DtypeError(f"{thing} is SymPy's function without an argument: write {thing}(x)")
    if isinstance(thing, sympy.Lambda) and len(thing.variables) == 1:
        thing = thing.expr
    if isinstance(thing, sympy.Poly):
        thing = thing.as_expr()
    if not isinstance(thing, sympy.Expr | sympy.logic.boolalg.Boolean):
        raise DtypeError(
            f"{thing} is SymPy's {type(thing).__name__}, and no expression with values"
        )
    symbols = sorted(thing.free_symbols, key=str)
    if len(symbols) > 1:
        raise DataError(
            f"{thing} has the symbols {', '.join(map(str, symbols))}, and a Function has one variable: "
            f"give the others values, expression.subs({symbols[0]}, 1)"
        )
    try:
        return recipe_of(Expression(_Reader(thing).number(thing, 0), str(thing)))
    except RecursionError:
        raise DataError(
            "the SymPy expression is nested too deeply: write a Python function, Function(lambda x: "
            "..., (a, b))"
        ) from None


class _Reader:
    """Walks SymPy's tree."""

    def __init__(self, whole: Any) -> None:
        self._whole = whole

    def number(self, tree: Any, depth: int) -> Node:
        """Return a tree whose value is a number; a condition counts as 1 where it holds."""
        if tree.is_Boolean or tree.is_Relational:
            return nodes.call("number", self.condition(tree, depth))
        if depth > _DEEPEST:
            raise self._error(f"it is nested more than {_DEEPEST} deep")
        if not tree.free_symbols:
            return self._constant(tree)
        if tree.is_Symbol:
            return nodes.VARIABLE
        try:
            return self._function(tree, depth + 1)
        except NotANumber as error:
            raise self._error(str(error)) from None

    def condition(self, tree: Any, depth: int) -> Node:
        """Return a tree that is true or false."""
        name = type(tree).__name__
        if name in _RELATIONS:
            name, swapped = _RELATIONS[name]
            left, right = (self.number(each, depth + 1) for each in tree.args)
            return nodes.Call(name, (right, left) if swapped else (left, right))
        if name in _JOINED and depth <= _DEEPEST:
            return nodes.Call(
                _JOINED[name], tuple(self.condition(each, depth + 1) for each in tree.args)
            )
        if name in ("BooleanTrue", "BooleanFalse"):
            zero, one = Number(Fraction(0)), Number(Fraction(1))
            return nodes.Call("less", (zero, one) if name == "BooleanTrue" else (one, zero))
        raise self._error(f"{tree} is no comparison")

    def _constant(self, tree: Any) -> Node:
        """Return a number exactly if it is rational, else to 60 digits; complex ones in two parts."""
        real, imaginary = tree.as_real_imag()
        if imaginary == 0:
            return self._real(real)
        turned = nodes.call("multiply", self._real(imaginary), nodes.Call("i", ()))
        return nodes.call("add", self._real(real), turned)

    def _real(self, tree: Any) -> Node:
        import sympy

        if not tree.is_Rational:
            value = tree.evalf(_DIGITS)
            if not value.is_Float or not value.is_finite:
                raise self._error(f"{tree} is no finite number")
            tree = sympy.Rational(value)
        number = Fraction(int(tree.p), int(tree.q))
        if abs(number) >= 2**1024:
            raise self._error(f"{tree.evalf(5)} is beyond the largest double, 1.8e308")
        return Number(number)

    def _function(self, tree: Any, depth: int) -> Node:
        name = type(tree).__name__
        if name in _UNDONE:
            raise self._error(
                f"{tree} is not worked out: call .doit() on it, and see that nothing remains"
            )
        if name == "Piecewise":
            return self._choice(tree, depth)
        if name == "Pow":
            return self._power(tree, depth)
        ours = _NAMES.get(name) or _SAME.get(name)
        arguments = [self.number(each, depth) for each in tree.args]
        if ours and KNOWN[ours].least <= len(arguments) <= KNOWN[ours].most:
            return nodes.call(ours, *arguments)
        return self._opaque(tree, arguments)

    def _power(self, tree: Any, depth: int) -> Node:
        base, exponent = (self.number(each, depth) for each in tree.args)
        if exponent == Number(Fraction(1, 2)):
            return nodes.call("sqrt", base)
        if exponent == Number(Fraction(-1)):
            return nodes.call("divide", Number(Fraction(1)), base)
        return nodes.call("power", base, exponent)

    def _choice(self, tree: Any, depth: int) -> Node:
        parts: list[Node] = []
        for value, condition in tree.args:
            if condition == True:
                return nodes.Call("select", (*parts, self.number(value, depth)))
            parts += [self.condition(condition, depth), self.number(value, depth)]
        return nodes.Call("select", (*parts, nodes.Call("nan", ())))

    def _opaque(self, tree: Any, arguments: list[Node]) -> Node:
        """Return a function of SymPy's own, with the values that NumPy, SciPy or mpmath give it."""
        import sympy

        if isinstance(tree, sympy.core.function.AppliedUndef) or not isinstance(
            tree, sympy.Function
        ):
            raise self._error(f"{tree} has no values: replace it, expression.subs({tree}, ...)")
        names = sympy.symbols(f"a:{len(arguments)}")
        function = sympy.lambdify(names, tree.func(*names), ["scipy", "numpy"])
        if any(name not in function.__globals__ for name in function.__code__.co_names):
            # NumPy and SciPy do not have it.
            function = sympy.lambdify(names, tree.func(*names), ["mpmath"])
        return Opaque(function, tuple(arguments))

    def _error(self, why: str) -> DataError:
        whole = str(self._whole)
        shown = whole if len(whole) <= _SHOWN else f"{whole[:_SHOWN]}…"
        return DataError(f"no Function can be made of {shown}: {why}")
