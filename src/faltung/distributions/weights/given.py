"""Weights given by a user, checked and read; and what float and exact ones make together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from faltung.arrays.foreign import refuse_foreign
from faltung.distributions.numbers.rational import as_rational, is_number, written
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats, smallest_positive, underflow
from faltung.distributions.weights.exact import ExactWeights
from faltung.distributions.weights.floats import FloatWeights
from faltung.errors import DataError, DtypeError, ShapeError

Weights: TypeAlias = FloatWeights | ExactWeights

_SUM_TOLERANCE = 1e-9
_EXACT_TYPES = (int, Fraction, Decimal, np.integer)


def as_weights(weights: Any, *, normalize: bool) -> Weights:
    """Read weights: exact if all are ints, Fractions or Decimals, else in float64.

    Parameters
    ----------
    weights
        A one-dimensional sequence of numbers >= 0, at least one of them positive.
    normalize
        Divide by the sum. Without it the sum must be 1, exactly for exact weights and within 1e-9
        for floats, which are then divided by their sum too.

    Raises
    ------
    ShapeError
        No weights, or not one-dimensional.
    DtypeError
        Weights that are no real numbers.
    DataError
        NaN, infinite or negative weights, all zero, or a sum that is not 1 without `normalize`.
    """
    entries = _as_entries(weights)
    if isinstance(entries, np.ndarray):
        return _read_floats(entries, normalize)
    return _read_exact(entries, normalize)


def convolved(a: Weights, b: Weights) -> Weights:
    """Return the weights of the sum, exact if both are."""
    if isinstance(a, ExactWeights) and isinstance(b, ExactWeights):
        return a.convolved(b)
    return a.to_float().convolved(b.to_float())


def products(a: Weights, b: Weights) -> Weights:
    """Return each product of one of `a` and one of `b`, row by row, exact if both are."""
    if isinstance(a, ExactWeights) and isinstance(b, ExactWeights):
        return a.products(b)
    return a.to_float().products(b.to_float())


def _as_entries(weights: Any) -> list[Any] | Floats:
    """Return a list of exact numbers or an array of float64."""
    if isinstance(weights, (str, bytes)) or not isinstance(weights, (Iterable, np.ndarray)):
        raise DtypeError(f"weights {weights!r}: write a sequence of numbers, one for each point")
    if isinstance(weights, (Mapping, AbstractSet)):
        raise DtypeError(
            f"weights are a {type(weights).__name__}: write a sequence, one weight for each point; "
            "{value: weight} goes to distribution(...)"
        )
    refuse_foreign("weights", weights)
    try:
        array = np.asarray(weights if isinstance(weights, np.ndarray) else list(weights))
    except ValueError:
        raise ShapeError("weights are sequences of unequal lengths: write one dimension") from None
    if array.ndim != 1:
        raise ShapeError(f"weights have shape {array.shape}: write one dimension")
    if array.size == 0:
        raise ShapeError("weights are empty: write at least one")
    if array.dtype.kind in "iub":
        return list(map(int, array.tolist()))
    if array.dtype.kind == "O":
        entries: list[Any] = array.tolist()
        for i, entry in enumerate(entries):
            if not is_number(entry):
                raise DtypeError(f"weight {i} is {entry!r}: weights are real numbers")
        if all(isinstance(entry, _EXACT_TYPES) for entry in entries):
            return entries
    try:
        return array.astype(
            np.float64, casting="unsafe" if array.dtype.kind == "O" else "same_kind"
        )
    except OverflowError:
        raise DataError(
            "a weight is beyond the range of float64 (1.8e308): write all weights as ints or "
            "Fractions, or divide them"
        ) from None
    except (TypeError, ValueError):
        raise DtypeError(f"weights of type {array.dtype} are no real numbers") from None


def _read_exact(entries: list[Any], normalize: bool) -> ExactWeights:
    _refuse_bad([isinstance(e, Decimal) and not e.is_finite() for e in entries], entries)
    fractions = [as_rational(entry, f"weight {i}") for i, entry in enumerate(entries)]
    _refuse_bad([entry < 0 for entry in fractions], entries)
    total = sum(fractions, Fraction(0))
    if total == 0:
        raise DataError("all weights are zero: at least one must be positive")
    if total != 1 and not normalize:
        raise _wrong_sum(total)
    denominator = math.lcm(*(entry.denominator for entry in fractions))
    counts = [int(entry * denominator) for entry in fractions]
    divisor = math.gcd(*counts)
    return ExactWeights([count // divisor for count in counts], sum(counts) // divisor)


def _read_floats(values: Floats, normalize: bool) -> FloatWeights:
    _refuse_bad(~(np.isfinite(values) & (values >= 0)), values.tolist())
    largest = float(values.max())
    if largest == 0:
        raise DataError("all weights are zero: at least one must be positive")
    shift = -math.frexp(largest)[1] if normalize else 0  # a power of two: sums cannot overflow
    scaled = np.ldexp(values, shift)
    try:
        total = math.fsum(scaled)
    except OverflowError:
        total = math.inf
    if not normalize and abs(total - 1) > _SUM_TOLERANCE:
        raise _wrong_sum(total)
    least = math.ldexp(smallest_positive(values), shift) / total
    lost = 2 * underflow(len(values), least)
    if math.fsum([*scaled, -1.0]) == 0:
        return FloatWeights(scaled, neglected=lost if shift else 0.0)
    # fsum rounds once and the division rounds once.
    return FloatWeights(scaled / total, 2.01 * ROUNDOFF, ROUNDOFF, lost)


def _refuse_bad(wrong: Any, entries: list[Any]) -> None:
    if any(wrong):
        i = int(np.argmax(wrong))
        raise DataError(f"weight {i} is {written(entries[i])}: weights are finite numbers >= 0")


def _wrong_sum(total: Fraction | float) -> DataError:
    return DataError(
        f"weights sum to {written(total)}, not 1: correct them, or write normalize=True to divide by the sum"
    )
