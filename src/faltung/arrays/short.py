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

    Operands of two types are summed in a copy of the type of the result, as they are there, where
    one of them is a float: NumPy's promotion of two integer types may be one, which is not exact.
    """
    result = _convolve(a, v, options)
    if result is not None or a.dtype == v.dtype or "dtype" in options:
        return result
    kinds = {a.dtype.kind, v.dtype.kind}
    if "f" not in kinds or not kinds <= set("biuf"):
        return None
    wide = np.result_type(a.dtype, v.dtype)
    if wide not in (np.float32, np.float64):
        return None
    return _convolve(a.astype(wide, copy=False), v.astype(wide, copy=False), options)
