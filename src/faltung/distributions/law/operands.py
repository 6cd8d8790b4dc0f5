"""What may stand beside a law in an operation, and how often it may be copied."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeGuard

import numpy as np

from faltung.distributions.numbers.rational import is_number, written
from faltung.errors import DtypeError, OptionError

if TYPE_CHECKING:
    from faltung.distributions.law.law import Law


def as_operand(other: object) -> object:
    """Return what stands beside a law; a number for an array without dimensions.

    Raises
    ------
    DtypeError
        For what may be meant as a law and is none. What else is none may know the operation itself.
    """
    if is_law(other) or is_number(other):
        return other
    if isinstance(other, np.ndarray) and other.ndim == 0:
        return other.item()
    if isinstance(other, np.ndarray | list | tuple):
        shape = f"array of shape {other.shape}" if isinstance(other, np.ndarray) else "array-like"
        raise DtypeError(
            f"an {shape} is neither a law nor a number: write one law for each entry, or "
            "Lattice(weights) if it holds probabilities"
        )
    from faltung.distributions.scipy_laws.door import is_scipy

    is_function = getattr(type(other), "_faltung_kind", None) == "function"
    if isinstance(other, str | Mapping) or is_function or is_scipy(other):
        raise DtypeError(
            f"a {type(other).__name__} is neither a law nor a number: make it a law with "
            "faltung.distribution(...)"
        )
    return other


def as_count(n: object) -> int:
    """Return a number of copies, a whole number >= 0."""
    try:
        count = operator.index(n)  # type: ignore[arg-type]
    except TypeError:
        count = -1
    if isinstance(n, bool) or count < 0:
        raise OptionError(f"n={written(n)}: write a whole number >= 0 of independent copies")
    return count


def is_law(thing: object) -> TypeGuard[Law]:
    """Tell whether a thing is a law, without importing the class."""
    return getattr(type(thing), "_faltung_kind", None) == "law"
