"""What NumPy's functions do with a function: arithmetic with numbers, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np

from faltung.errors import DtypeError
from faltung.functions.methods.base import Methods

# For each operator the method of its left operand and that of its right one.
_ARITHMETIC = {
    np.add: ("__add__", "__radd__"),
    np.subtract: ("__sub__", "__rsub__"),
    np.multiply: ("__mul__", "__rmul__"),
    np.true_divide: ("__truediv__", "__rtruediv__"),
    np.power: ("__pow__", "__rpow__"),
}


class Ufuncs(Methods):
    """NumPy scalars on the left, and a word to all who call NumPy's functions."""

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """Do what an operator would do with NumPy's number, or refuse.

        Raises
        ------
        DtypeError
            For any other call: it names what to write.
        """
        if ufunc in (np.equal, np.not_equal):
            # As for any two objects, equal is what is the same.
            return ufunc is np.not_equal
        if ufunc in _ARITHMETIC and method == "__call__" and not options:
            left, right = _ARITHMETIC[ufunc]
            name, other = (left, inputs[1]) if inputs[0] is self else (right, inputs[0])
            if isinstance(other, np.ndarray) and other.ndim == 0:
                other = other[()]
            operator = getattr(self, name, None)
            result = NotImplemented if operator is None else operator(other)
            if result is not NotImplemented:
                return result
        raise _refused(ufunc, method, inputs)


def _refused(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...]) -> DtypeError:
    name = f"numpy.{ufunc.__name__}"
    if method != "__call__":
        return DtypeError(f"{name}.{method} takes arrays, not Functions: write f(t) for values")
    if len(inputs) == 1:
        way = "abs(f)" if ufunc is np.absolute else f"Function(lambda t: {name}(f(t)), f.domain)"
        return DtypeError(f"{name} takes arrays, not a Function f: write {way}")
    kinds = " and ".join(type(each).__name__ for each in inputs)
    return DtypeError(
        f"{name} of {kinds}: a Function f goes with numbers and Functions. Its values are an array: "
        "write f(t)"
    )
