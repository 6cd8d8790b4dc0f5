"""Complex numbers as two functions: one of real parts and one of imaginary parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from faltung.functions.contents import Content
from faltung.functions.whole.whole import Whole


def of_components(array: Any, made: Callable[[Any], Content]) -> Whole:
    """Return the function that `made` makes of an array; of a complex one, of both its parts."""
    if np.asarray(array).dtype.kind != "c":
        return Whole(made(array))
    return Whole(made(np.real(array)), made(np.imag(array)))
