"""The short way of a call: from the operands to the result in the core, where it can decide alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung import _core

__all__ = ["convolve_shortly"]

Array = NDArray[Any]


_convolve: Callable[[Array, Array, dict[str, Any]], Array | None] = _core.convolve_small


def convolve_shortly(a: Array, v: Array, options: dict[str, Any]) -> Array | None:
    """Return what the general way would, bit by bit; None where that must be taken.

    Operands of several types are summed in a copy of the type of the result, as they are there. Integers
    of two types are not: NumPy's promotion of int64 and uint64 is a float, and their sums are exact.
    """
    result = _convolve(a, v, options)
    if result is not None or a.dtype == v.dtype or "dtype" in options:
        return result
    if a.dtype.kind not in "biuf" or v.dtype.kind not in "biuf":
        return None
    if "f" not in (a.dtype.kind, v.dtype.kind):
        return None
    wide = np.result_type(a.dtype, v.dtype)
    if wide not in (np.float32, np.float64):
        return None
    return _convolve(a.astype(wide, copy=False), v.astype(wide, copy=False), options)
