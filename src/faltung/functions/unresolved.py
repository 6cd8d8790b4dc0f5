"""Places at which a function is not resolved or not finite, and which double was meant there."""

from __future__ import annotations

import numpy as np

from faltung.errors import DataError, FaltungError, ResolutionError
from faltung.functions.transform import FloatArray

# How far beside an interval the place may be that is meant, in spacings of doubles.
_ASIDE = 4096


class Undefined(DataError):
    """A point at which a function is NaN or infinite."""

    def __init__(self, message: str, place: float) -> None:
        super().__init__(message)
        self.place = place


class Unresolved(ResolutionError):
    """Intervals between neighbouring doubles in which a function is not resolved."""

    def __init__(self, message: str, low: FloatArray, high: FloatArray) -> None:
        super().__init__(message)
        self.low, self.high = low, high


def plain(error: FaltungError) -> FaltungError:
    """Return an error as those know it who catch it."""
    kinds = {Unresolved: ResolutionError, Undefined: DataError}
    kind = kinds.get(type(error))
    return kind(str(error)) if kind else error


def suspects(error: Exception, known: list[float]) -> list[float]:
    """Return where a function may be singular, other than at places that are known.

    Of an interval it is the roundest number in it or near it: people write singularities so.
    """
    if isinstance(error, Undefined):
        return [] if error.place in known else [error.place]
    if not isinstance(error, Unresolved):
        return []
    found = list(known)
    for low, high in zip(error.low.tolist(), error.high.tolist(), strict=True):
        aside = _ASIDE * float(np.spacing(max(abs(low), abs(high))))
        if not any(low - 2 * aside <= place <= high + 2 * aside for place in found):
            found.append(roundest(low - aside, high + aside))
    return found[len(known) :]


def intervals_of(error: Exception) -> list[tuple[float, float]]:
    """Return the intervals of doubles that an error speaks of."""
    if isinstance(error, Undefined):
        return [(error.place, error.place)]
    if isinstance(error, Unresolved):
        return list(zip(error.low.tolist(), error.high.tolist(), strict=True))
    return []


def roundest(low: float, high: float) -> float:
    """Return the double with the fewest digits between two others."""
    if low <= 0 <= high:
        return 0.0
    for digits in range(18):
        nearest = float(f"{low / 2 + high / 2:.{digits}e}")
        if low <= nearest <= high:
            return nearest
    return low / 2 + high / 2
