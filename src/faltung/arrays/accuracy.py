"""The relative error that a call asks for, and how it is had in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from faltung.arrays.types import ArithmeticTypes
from faltung.errors import OptionError
from faltung.options import Accuracy, AccuracyLike, Method, as_accuracy

if TYPE_CHECKING:
    from faltung.arrays.call import Call

__all__ = ["as_rtol", "explain_accuracy"]

# By the type of the result: the relative error without `rtol=`, and the least that can be asked for.
_DEFAULT_RTOL = {np.float64: 1e-12, np.float32: 64 * 2.0**-23, np.float16: 2 * 2.0**-10}
_LEAST_RTOL = {np.float64: 16 * 2.0**-52, np.float32: 2.0**-23, np.float16: 2.0**-10}


def as_rtol(accuracy: AccuracyLike, rtol: float | None, types: ArithmeticTypes) -> float | None:
    """Return the relative error of an elementwise call, None where no entry has one of its own.

    Integers are exact, which is as good.

    Raises
    ------
    OptionError
        Where `rtol` is given with ``accuracy="normwise"``, is no positive number, or is less than
        the type of the result can hold.
    """
    elementwise = as_accuracy(accuracy) is Accuracy.ELEMENTWISE
    if rtol is not None and not elementwise:
        raise OptionError(
            f"rtol={rtol!r} goes with accuracy='elementwise' alone: write that, or leave rtol out"
        )
    if not elementwise or types.exact:
        return None
    kind = types.result.type
    if kind not in _LEAST_RTOL:
        raise OptionError(
            f"accuracy='elementwise' is for floats up to float64, the operands are {types.result}: "
            "write accuracy='normwise', or convolve real parts"
        )
    if rtol is None:
        return _DEFAULT_RTOL[kind]
    asked = _positive(rtol)
    if asked < _LEAST_RTOL[kind]:
        wider = "" if kind is np.float64 else ", or convert the operands with .astype(float)"
        exact = " or integers, which are exact" if kind is np.float64 else ""
        raise OptionError(
            f"rtol={rtol!r} is less than {types.result} can hold: write "
            f"rtol={_LEAST_RTOL[kind]:.3g} or more{wider}{exact}"
        )
    return asked


def _positive(rtol: object) -> float:
    try:
        number = float(rtol)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(rtol, bool | np.bool | str) or not 0 < number < math.inf:
        raise OptionError(f"rtol={rtol!r}: write a positive number, such as 1e-12")
    return number


def explain_accuracy(call: Call) -> list[str]:
    """Return the lines that say how an elementwise call holds its relative error."""
    if call.rtol is None:
        return []
    how = (
        "summed directly, taps in parts short enough for that"
        if call.method is Method.DIRECT
        else "outputs that the transform does not certify are transformed again on their own,\n"
        "with 1 to 3 leading digits exact (3, 6 or 10 transforms), or summed directly: by the data"
    )
    return [f"every entry to rtol={call.rtol:.3g}: {how}"]
