"""Options that a filter does not know: refused with what to write instead."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from faltung.arrays.convolve import OPTION_NAMES
from faltung.options import unknown_option

__all__ = ["with_hints"]

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")

# Options that a filter has not: those of convolve, and those of other libraries' filters.
_OF_CONVOLVE = {
    name: f"ft.convolve(image, kernel, mode='same', {name}=…) with a kernel of ft.kernels"
    for name in OPTION_NAMES
}
_WAYS_OUT = _OF_CONVOLVE | {
    "channel_axis": "axes= with the axes that are filtered, such as axes=(0, 1)",
    "input": "image=",
    "ksize": "size=",
    "mode": "boundary=, with 'symmetric' for SciPy's 'reflect' and 'edge' for its 'nearest'",
    "origin": "numpy.pad(image, …) before, and take the part of the result that you mean",
    "padding": "boundary=",
    "sigmaX": "sigma=",
}


def with_hints(filtered: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Return the filter, refusing options that it does not know by their names.

    Raises
    ------
    OptionError
        For a name that is not known, with what is called so here.
    """
    names = list(inspect.signature(filtered).parameters)
    known = frozenset(names)

    @functools.wraps(filtered)
    def checked(*operands: _Parameters.args, **options: _Parameters.kwargs) -> _Result:
        for name in options:
            if name not in known:
                raise unknown_option(name, names[1:], _WAYS_OUT)
        return filtered(*operands, **options)

    return checked
