"""The door of the layers: numbers, shapes and types, coerced once or refused."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from faltung.arrays.foreign import refuse_foreign
from faltung.errors import DtypeError, OptionError, ShapeError
from faltung.nn.engines.native import Array, Pair

__all__ = ["as_batch", "as_count", "as_float_type", "as_number", "as_pair", "initial_weights"]

Seed: TypeAlias = int | np.random.Generator | None

_AXES = {2: "(batch, features)", 4: "(batch, channels, height, width)"}


def as_batch(
    x: ArrayLike, what: str, *, dtype: DTypeLike | None = None, dimensions: int | None = None
) -> Array:
    """Return `x` in C order as `dtype`; without one as float32 if it is that, else float64.

    Raises
    ------
    DtypeError
        For anything but real numbers, or an array of another library.
    ShapeError
        For another number of dimensions, or ragged rows.
    """
    refuse_foreign(what, x)
    try:
        array = np.asarray(x)
    except ValueError as error:
        raise ShapeError(f"{what} has rows of unequal length: {error}") from error
    if array.dtype.kind not in "biuf":
        raise DtypeError(f"{what} has dtype {array.dtype}: layers take real numbers")
    if array.ndim == 0 or (dimensions is not None and array.ndim != dimensions):
        wanted = _AXES.get(dimensions or 0, "(batch, …)")
        raise ShapeError(f"{what} has shape {array.shape}: this layer takes {wanted}")
    if dtype is None:
        dtype = np.float32 if array.dtype == np.float32 else np.float64
    return np.ascontiguousarray(array, dtype=dtype)


def as_count(value: Any, name: str, *, least: int = 1, most: int = 2**31 - 1) -> int:
    """Return `value` as a whole number from `least` to `most`."""
    try:
        count = operator.index(value)
    except TypeError:
        count = least - 1
    if isinstance(value, bool) or not least <= count <= most:
        raise OptionError(f"{name}={value!r}: write a whole number from {least} to {most}")
    return count


def as_number(value: Any, name: str, *, least: float = 0.0, most: float = math.inf) -> float:
    """Return `value` as a finite float from `least` to `most`."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not (math.isfinite(number) and least <= number <= most):
        upper = f" to {most:g}" if math.isfinite(most) else " up"
        raise OptionError(f"{name}={value!r}: write a number from {least:g}{upper}")
    return number


def as_pair(value: Any, name: str, *, least: int = 1) -> Pair:
    """Return (height, width) from one number for both, or from two."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        if len(value) != 2:
            raise OptionError(f"{name}={value!r}: write one number, or (height, width)")
        return as_count(value[0], name, least=least), as_count(value[1], name, least=least)
    count = as_count(value, name, least=least)
    return count, count


def as_float_type(dtype: DTypeLike) -> np.dtype[Any]:
    """Return float32 or float64."""
    try:
        found = np.dtype(dtype)
    except TypeError:
        found = np.dtype(object)
    if found not in (np.float32, np.float64):
        raise OptionError(f"dtype={dtype!r}: write 'float32' or 'float64'")
    return found


def initial_weights(shape: tuple[int, ...], dtype: np.dtype[Any], rng: Seed) -> Array:
    """Return uniform weights of variance 2 / n, n the terms in each sum.

    Under a ReLU they keep the variance of what passes through (He, Zhang, Ren & Sun 2015,
    arXiv:1502.01852).
    """
    limit = math.sqrt(6 / math.prod(shape[1:]))
    return np.random.default_rng(rng).uniform(-limit, limit, shape).astype(dtype)
