"""Sums in NumPy, one tap after the other: long doubles and Python's own numbers.

The core has neither type. A tap is multiplied with all the entries that it meets at once, in the numbers' own
arithmetic: ints and Fractions are exact.
"""

from __future__ import annotations

import itertools
import math
from numbers import Rational
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung import _core
from faltung.arrays.geometry import Problem, source_indices
from faltung.errors import DtypeError
from faltung.options import Boundary

__all__ = [
    "holds_rationals",
    "is_plain",
    "plain_factor",
    "plain_fill",
    "plain_seconds",
    "require_rationals",
    "run_plain",
]

Array = NDArray[Any]

# Products from which a product of polynomials in FLINT beats the sum, if it is installed.
_FLINT_PRODUCTS = 10_000


def is_plain(dtype: np.dtype[Any]) -> bool:
    """Return whether numbers of this type are summed here."""
    return dtype.kind == "O" or dtype.type in (np.longdouble, np.clongdouble)


def plain_fill(fill_value: Any, dtype: np.dtype[Any]) -> Any:
    """Return the value outside as a number of this type, a whole float among objects as an int."""
    if dtype.kind != "O":
        return dtype.type(fill_value)
    whole = isinstance(fill_value, float) and fill_value.is_integer()
    return int(fill_value) if whole else fill_value


def plain_seconds(problem: Problem) -> float:
    """Return the predicted time."""
    name = "plain.object" if problem.input.dtype.kind == "O" else "plain.longdouble"
    return 1e-9 * _core.cost(name) * problem.tap_count * math.prod(problem.output_shape)


def plain_factor(problem: Problem) -> float:
    """Return c of the bound: gamma(n) for n taps, 0 for rationals; NaN for other objects.

    Higham, Accuracy and Stability of Numerical Algorithms (2nd ed.), section 3.1.
    """
    if problem.input.dtype.kind == "O":
        return 0.0 if holds_rationals(problem.taps) else math.nan
    product = problem.tap_count * float(np.finfo(problem.input.dtype).eps) / 2
    return product / (1 - product)


def holds_rationals(operand: Array) -> bool:
    """Return whether all entries of an object array are exact: ints and Fractions."""
    return all(issubclass(kind, Rational | np.bool) for kind in set(map(type, operand.flat)))


def require_rationals(problem: Problem) -> bool:
    """Return whether these are objects, which must be exact for their error to be known.

    Raises
    ------
    DtypeError
        If an object is neither an int nor a Fraction.
    """
    if problem.input.dtype.kind != "O":
        return False
    fill = np.array([problem.fill_value], dtype=object)
    if not all(map(holds_rationals, (problem.input, problem.taps, fill))):
        raise DtypeError(
            "the error of an object array is known only if its entries are ints and Fractions, which "
            "are exact: how others are rounded is theirs alone; convert with .astype(float)"
        )
    return True


def run_plain(problem: Problem, out: Array) -> None:
    """Fill `out`, which has the problem's layout.

    Raises
    ------
    DtypeError
        If entries cannot be multiplied or added.
    """
    if problem.input.dtype.kind == "O":
        problem = problem.with_operands(
            _python_numbers(problem.input), _python_numbers(problem.taps), problem.fill_value
        )
        _require_products(problem)
    continued, first = _continued(problem)
    if _is_for_flint(problem, continued):
        where = next((i for i, n in enumerate(problem.sliding_taps_shape) if n > 1), 0)
        taps = [0] * ((problem.tap_count - 1) * problem.dilation[where] + 1)
        taps[:: problem.dilation[where]] = problem.taps.ravel().tolist()
        product = _flint_product(continued.ravel().tolist(), taps)
        if product is not None:
            begin = problem.start[where] - first[where]
            out.reshape(-1)[:] = product[begin :: problem.stride[where]][: out.size]
            return
    _sum_taps(problem, continued, first, out)


def _sum_taps(problem: Problem, input: Array, first: list[int], out: Array) -> None:
    """Add tap after tap to the outputs whose source lies in `input`.

    The index range::

    output o reads   stride o + start - dilation k - first   of 0 … size - 1
    """
    out[...] = 0
    outputs, sizes = problem.sliding_output_shape, input.shape[problem.batch :]
    for k in itertools.product(*map(range, problem.sliding_taps_shape)):
        dilated = [n * dilation for n, dilation in zip(k, problem.dilation, strict=True)]
        shifts = [s - n - f for s, n, f in zip(problem.start, dilated, first, strict=True)]
        steps = list(zip(problem.stride, shifts, strict=True))
        begins = [max(0, -(shift // step)) for step, shift in steps]
        ends = [
            min(n, (m - 1 - shift) // step + 1)
            for n, m, (step, shift) in zip(outputs, sizes, steps, strict=True)
        ]
        if any(end <= begin for begin, end in zip(begins, ends, strict=True)):
            continue
        to = tuple(slice(b, e) for b, e in zip(begins, ends, strict=True))
        read = tuple(
            slice(t.start * step + shift, (t.stop - 1) * step + shift + 1, step)
            for t, (step, shift) in zip(to, steps, strict=True)
        )
        one: tuple[Any, ...] = (..., *(slice(n, n + 1) for n in k))
        target: tuple[Any, ...] = (..., *to)
        source: tuple[Any, ...] = (..., *read)
        with np.errstate(all="ignore"):
            out[target] += problem.taps[one] * input[source]


def _continued(problem: Problem) -> tuple[Array, list[int]]:
    """Return the input continued where something lies outside, and the position of its first entry."""
    input, begins = problem.input, []
    for i, boundary in enumerate(problem.boundaries):
        axis = problem.batch + i
        if boundary is Boundary.ZERO:
            begins.append(0)
            continue
        first = problem.first(i)
        indices = source_indices(boundary, problem.positions(i), input.shape[axis])
        input = input.take(indices.clip(0), axis)
        input[(slice(None),) * axis + (indices < 0,)] = problem.fill_value
        begins.append(first)
    return input, begins


def _python_numbers(operand: Array) -> Array:
    """Return NumPy's numbers among the objects as Python's: its integers would wrap around."""
    if not any(issubclass(kind, np.generic) for kind in set(map(type, operand.flat))):
        return operand
    convert = np.frompyfunc(lambda x: x.item() if isinstance(x, np.generic) else x, 1, 1)
    return np.asarray(convert(operand), dtype=object)


def _require_products(problem: Problem) -> None:
    """Try one entry of each type: what cannot be multiplied and added is refused before any sum."""
    inputs = {type(x): x for x in problem.input.flat}
    if Boundary.CONSTANT in problem.boundaries:
        inputs.setdefault(type(problem.fill_value), problem.fill_value)
    taps = {type(x): x for x in problem.taps.flat}
    total: Any = 0
    for x, w in itertools.product(inputs.values(), taps.values()):
        try:
            total = total + w * x
        except TypeError as error:
            raise DtypeError(
                f"an object array holds entries of the types {type(x).__name__} and "
                f"{type(w).__name__}, whose products cannot be summed ({error}): write "
                "numpy.asarray(x, float), or int in place of float to stay exact"
            ) from None


def _is_for_flint(problem: Problem, continued: Array) -> bool:
    """Return whether these are integers along one axis, and many."""
    lines = [max(n, k) for n, k in zip(continued.shape, problem.taps.shape, strict=True)]
    return (
        problem.input.dtype.kind == "O"
        and sum(n > 1 for n in lines) == 1
        and not any(n > 1 for n in lines[: problem.batch])
        and continued.size * problem.tap_count >= _FLINT_PRODUCTS
        and {type(x) for x in itertools.chain(continued.flat, problem.taps.flat)} <= {int}
    )


def _flint_product(a: list[int], v: list[int]) -> list[int] | None:
    """Return the coefficients of the product of two polynomials; None without python-flint."""
    try:
        from flint import fmpz_poly
    except ImportError:
        return None
    product = [int(x) for x in (fmpz_poly(a) * fmpz_poly(v)).coeffs()]
    return product + [0] * (len(a) + len(v) - 1 - len(product))
