"""What the parameters of named sums must be."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from faltung.distributions.numbers.rational import as_rational, written
from faltung.errors import DataError, OptionError, ShapeError


def as_numbers(values: Any, what: str) -> list[Fraction]:
    """Return numbers of any sequence as exact rationals; a single number as one.

    Raises
    ------
    DtypeError
        If one of them is no real number.
    DataError
        If one of them is not finite.
    """
    many = values if isinstance(values, Iterable) and not isinstance(values, str) else [values]
    return [as_rational(value, what) for value in many]


def as_positive(values: Any, what: str) -> list[Fraction]:
    """Return positive numbers, at least one.

    Raises
    ------
    ShapeError
        If there are none.
    DataError
        If one is not positive.
    """
    numbers = as_numbers(values, what)
    if not numbers:
        raise ShapeError(f"there is no {what}: write at least one")
    for number in numbers:
        if number <= 0:
            raise DataError(f"a {what} is {written(number)} and must be positive")
    return numbers


def as_length(values: Any, what: str, count: int) -> list[Fraction]:
    """Return as many numbers as there are weights; a single number stands for all.

    Raises
    ------
    ShapeError
        If there is another number of them.
    """
    numbers = as_numbers(values, what)
    if len(numbers) == 1:
        return numbers * count
    if len(numbers) != count:
        raise ShapeError(
            f"{count} weights and {len(numbers)} of {what}: write one for each, or one for all"
        )
    return numbers


def as_whole(n: Any, low: int, high: int, name: str) -> int:
    """Return a whole number within its limits.

    Raises
    ------
    OptionError
        If it is none.
    """
    try:
        count = operator.index(n)
    except TypeError:
        count = low - 1
    if isinstance(n, bool) or not low <= count <= high:
        raise OptionError(f"{name}={written(n)}: write a whole number from {low} to {high}")
    return count
