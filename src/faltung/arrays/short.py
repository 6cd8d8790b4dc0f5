"""The short way of a call: from the operands to the result in the core, where it can decide alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung import _core

__all__ = ["convolve_alike", "convolve_shortly", "convolve_widened"]

Array = NDArray[Any]

#: What the general way would return, bit by bit, for two arrays that the core takes as they are;
#: None for all others.
convolve_alike: Callable[[Array, Array, dict[str, Any]], Array | None] = _core.convolve_small


def convolve_widened(a: Array, v: Array, options: dict[str, Any]) -> Array | None:
    """Return the same for operands of two types, summed in a copy of the type of the result.

    One of them is a float: NumPy's promotion of two integer types may be one, which is not exact.
    """
    if a.dtype == v.dtype or "dtype" in options:
        return None
    kinds = {a.dtype.kind, v.dtype.kind}
    if "f" not in kinds or not kinds <= set("biuf"):
        return None
    wide = np.result_type(a.dtype, v.dtype)
    if wide not in (np.float32, np.float64):
        return None
    return convolve_alike(a.astype(wide, copy=False), v.astype(wide, copy=False), options)


def convolve_shortly(a: Array, v: Array, options: dict[str, Any]) -> Array | None:
    """Return what the general way would, bit by bit; None where that must be taken."""
    result = convolve_alike(a, v, options)
    return convolve_widened(a, v, options) if result is None else result
