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
from faltung.distributions.numbers.rounding import Floats, chained
from faltung.distributions.weights.exact import ExactWeights
from faltung.distributions.weights.numbers import ScaledNumbers
from faltung.distributions.weights.scale import Scale
from faltung.distributions.weights.scaled import ScaledWeights
from faltung.errors import DataError, DtypeError, ShapeError

Weights: TypeAlias = ScaledWeights | ExactWeights

_SUM_TOLERANCE = 1e-9
_ADDITION = 2.0**-102  # of two scaled numbers
_LARGEST_LOGARITHM = 2.0**50
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
    entries = as_entries(weights)
    if isinstance(entries, np.ndarray):
        return _read_floats(entries, normalize)
    return _read_exact(entries, normalize)


def as_log_weights(logarithms: Any, *, normalize: bool) -> ScaledWeights:
    """Read the natural logarithms of weights; -inf is the weight 0.

    Raises
    ------
    ShapeError
        No logarithms, or not one-dimensional.
    DtypeError
        Logarithms that are no real numbers.
    DataError
        NaN, +inf or beyond 2**50, all -inf, or weights whose sum is not 1 without `normalize`.
    """
    entries = as_entries(logarithms, "logarithm", "logarithms")
    logs = np.asarray(entries, dtype=np.float64)
    wrong = np.isnan(logs) | (logs > _LARGEST_LOGARITHM) | (logs < -_LARGEST_LOGARITHM)
    wrong &= logs != -np.inf
    if wrong.any():
        i = int(np.argmax(wrong))
        raise DataError(
            f"logarithm {i} is {logs[i]}: logarithms of weights are -inf, or numbers from -1e15 to "
            "1e15"
        )
    if (logs == -np.inf).all():
        raise DataError("all weights are zero: at least one logarithm must be finite")
    largest = float(np.abs(logs[logs != -np.inf]).max())
    # The bound of the exponentials: that of x - k log(2) in double-double.
    weights = _normalized(ScaledNumbers.from_logs(logs), 2.0**-96 + largest * 2.0**-103)
    if not normalize:
        total = float(weights.numbers.sums().logarithms()[-1])
        if abs(total) > _SUM_TOLERANCE:
            raise DataError(
                f"the logarithm of the sum of the weights is {total:.12g}, not 0: correct them, or "
                "write normalize=True to divide by the sum"
            )
    return weights


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


def as_entries(values: Any, one: str = "weight", many: str = "weights") -> list[Any] | Floats:
    """Return a list of exact numbers or an array of float64; errors call them `one` and `many`."""
    if isinstance(values, (str, bytes)) or not isinstance(values, (Iterable, np.ndarray)):
        raise DtypeError(f"{many} {values!r}: write a sequence of numbers")
    if isinstance(values, (Mapping, AbstractSet)):
        raise DtypeError(
            f"{many} are a {type(values).__name__}: write a sequence; "
            "{value: weight} goes to distribution(...)"
        )
    if isinstance(values, np.ma.MaskedArray):
        raise DtypeError(
            f"{many} is a masked array: write .filled(0) after it, which gives what is masked none"
        )
    refuse_foreign(many, values)
    try:
        array = np.asarray(values if isinstance(values, np.ndarray) else list(values))
    except ValueError:
        raise ShapeError(f"{many} are sequences of unequal lengths: write one dimension") from None
    if array.ndim != 1:
        raise ShapeError(f"{many} have shape {array.shape}: write one dimension")
    if array.size == 0:
        raise ShapeError(f"{many} are empty: write at least one")
    if array.dtype.kind in "iub":
        return list(map(int, array.tolist()))
    if array.dtype.kind == "O":
        entries: list[Any] = array.tolist()
        for i, entry in enumerate(entries):
            if not is_number(entry):
                raise DtypeError(f"{one} {i} is {entry!r}: {many} are real numbers")
        if all(isinstance(entry, _EXACT_TYPES) for entry in entries):
            return entries
    try:
        return array.astype(
            np.float64, casting="unsafe" if array.dtype.kind == "O" else "same_kind"
        )
    except OverflowError:
        raise DataError(
            f"a {one} is beyond the range of float64 (1.8e308): write all {many} as ints or "
            "Fractions, or divide them"
        ) from None
    except (TypeError, ValueError):
        raise DtypeError(f"{many} of type {array.dtype} are no real numbers") from None


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


def _read_floats(values: Floats, normalize: bool) -> ScaledWeights:
    _refuse_bad(~(np.isfinite(values) & (values >= 0)), values.tolist())
    if not values.any():
        raise DataError("all weights are zero: at least one must be positive")
    if not normalize:
        _refuse_other_sum(values)
    return _normalized(ScaledNumbers.from_floats(values))


def _refuse_other_sum(values: Floats) -> None:
    try:
        total = math.fsum(values)
    except OverflowError:
        total = math.inf
    if abs(total - 1) > _SUM_TOLERANCE:
        raise _wrong_sum(total)


def _normalized(numbers: ScaledNumbers, relative: float = 0.0) -> ScaledWeights:
    """Return the law of numbers that are divided by their sum, which is found to 100 bits."""
    total = numbers.total()
    scale = total.reciprocal()
    if total != Scale() or not _is_exact_sum(numbers):
        relative = chained(relative, relative, scale.relative, len(numbers) * _ADDITION)
    return ScaledWeights(numbers, scale, relative, relative)


def _is_exact_sum(numbers: ScaledNumbers) -> bool:
    """Tell whether the numbers sum to 1 without any rounding."""
    return math.fsum([*numbers.floats(), -1.0]) == 0


def _refuse_bad(wrong: Any, entries: list[Any]) -> None:
    if any(wrong):
        i = int(np.argmax(wrong))
        raise DataError(f"weight {i} is {written(entries[i])}: weights are finite numbers >= 0")


def _wrong_sum(total: Fraction | float) -> DataError:
    return DataError(
        f"weights sum to {written(total)}, not 1: correct them, or write normalize=True to divide by the sum"
    )
