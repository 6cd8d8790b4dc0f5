"""The steps from one output to the next and from one tap to the next, as they are given."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from faltung.errors import OptionError
from faltung.options import counted_axes

__all__ = ["StepsLike", "as_steps"]

StepsLike: TypeAlias = int | Sequence[int] | NDArray[np.integer]

# Steps of which the core can take a product with the length of an array.
_LARGEST_STEP = 2**31 - 1


def as_steps(name: str, value: StepsLike, axes: int) -> tuple[int, ...]:
    """Return one step for each of `axes` axes, from one whole number or a sequence of them.

    Examples
    --------
    >>> as_steps("stride", 2, 2)
    (2, 2)
    """
    if type(value) is int and value == 1:
        return (1,) * axes
    single = np.ndim(value) == 0
    try:
        given = [value] if single else list(value)  # type: ignore[arg-type]
        if any(isinstance(step, bool | np.bool) for step in given):
            raise TypeError
        steps = tuple(operator.index(step) for step in given)  # type: ignore[arg-type]
    except TypeError:
        steps = (0,)
    if not all(1 <= step <= _LARGEST_STEP for step in steps):
        raise OptionError(
            f"{name}={value!r}: write a whole number from 1 to 2**31 - 1, or one for each axis on "
            f"which the kernel slides, such as {name}=(1, 2)"
        )
    if not single and len(steps) != axes:
        raise OptionError(
            f"{name}={value!r} names {len(steps)} numbers for {counted_axes(axes)}: write one number "
            "for all, or one for each"
        )
    return steps * axes if single else steps
