"""From what a user writes to a whole function: its real part and its imaginary part by themselves."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from faltung.functions.checks import as_interval
from faltung.functions.made import made_of
from faltung.functions.rounding import Real, is_number
from faltung.functions.whole.whole import Whole

# Places of an interval at which a callable is tried, as parts of it.
_PERIOD = "periodic=True repeats it, so write the two ends of one period"
_TRIED = (0.237, 0.5, 0.811)


def whole_of(
    function: Callable[[Any], Any] | complex | Fraction,
    interval: tuple[Real, Real],
    breaks: Iterable[Real],
    singular: Mapping[Real, Real | str],
    periodic: bool,
) -> Whole:
    """Return a callable or a number on an interval as a function.

    Raises
    ------
    OptionError
        If it is to be periodic on an interval that is not bounded.
    """
    # Each part goes through them once.
    breaks = breaks if isinstance(breaks, numbers.Real) else list(breaks)
    ends = as_interval(interval, _PERIOD) if periodic else None
    real, *imaginary = (
        made_of(part, interval, breaks, singular) for part in _parts_of(function, interval)
    )
    whole = Whole(real, imaginary[0] if imaginary else None)
    return replace(whole, period=ends[1] - ends[0], start=ends[0]) if ends else whole


def _parts_of(function: Any, interval: Any) -> list[Any]:
    """Return the function itself, or its real and its imaginary part if it is complex."""
    if isinstance(function, numbers.Complex) and not is_number(function):
        return [complex(function).real, complex(function).imag]
    if not callable(function) or not _is_complex(function, interval):
        return [function]
    return [lambda x: np.real(function(x)), lambda x: np.imag(function(x))]


def _is_complex(function: Callable[[Any], Any], interval: Any) -> bool:
    """Whether a callable returns a complex number at one of a few places."""
    try:
        low, high = (float(end) for end in interval)
    except (TypeError, ValueError, OverflowError):
        return False
    for place in _tried(low, high):
        try:
            with np.errstate(all="ignore"):
                value = np.asarray(function(np.float64(place)))
        except Exception:  # noqa: BLE001 -- the sampler says what is wrong
            return False
        if value.dtype.kind == "c" or (value.dtype.kind == "O" and _is_complex_object(value)):
            return True
    return False


def _tried(low: float, high: float) -> list[float]:
    if np.isfinite(low) and np.isfinite(high):
        return [low + (high - low) * part for part in _TRIED]
    if np.isfinite(low):
        return [low + part for part in _TRIED]
    return [high - part for part in _TRIED] if np.isfinite(high) else list(_TRIED)


def _is_complex_object(value: np.ndarray[Any, Any]) -> bool:
    each = value.ravel().tolist()
    return len(each) == 1 and isinstance(each[0], numbers.Complex) and not is_number(each[0])


def constant(number: Fraction | complex, like: Whole) -> Whole:
    """Return a number as a function on the domain of another, and with its period."""
    made = whole_of(number, like.domain, (), {}, periodic=False)
    return replace(made, period=like.period, start=like.start)
