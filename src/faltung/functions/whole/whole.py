"""All that a function is: contents for its real and imaginary part, deltas, perhaps a period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from faltung.errors import OptionError
from faltung.functions import contents
from faltung.functions.bounds import UNIT
from faltung.functions.contents import Content
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.rounding import nearest
from faltung.functions.transform import FloatArray
from faltung.functions.whole import folding
from faltung.functions.whole.deltas import Deltas


@dataclass(frozen=True, eq=False)
class Whole:
    """A function of a real variable: ``real + 1j * imaginary + the sum of its deltas``.

    Attributes
    ----------
    real, imaginary
        The two parts, or None for one that is zero everywhere.
    deltas
        By place and order.
    period
        If not None, the contents and deltas lie in one period, [start, start + period), and are
        repeated without end.
    start
        Where that period starts.
    """

    real: Content | None
    imaginary: Content | None = None
    deltas: Deltas = ()
    period: Fraction | None = None
    start: Fraction = Fraction(0)

    @property
    def parts(self) -> tuple[Content, ...]:
        """The contents that are there."""
        return tuple(part for part in (self.real, self.imaginary) if part is not None)

    @property
    def is_complex(self) -> bool:
        """Whether a value or a weight may be complex."""
        return self.imaginary is not None or any(d.is_complex for d in self.deltas)

    @property
    def domain(self) -> tuple[float, float]:
        """The smallest interval outside of which the function is zero; one period, if it has one."""
        if self.period is not None:
            return nearest(self.start), nearest(self.start + self.period)
        places = [delta.place for delta in self.deltas]
        ends = [contents.domain(part) for part in self.parts] + [(at, at) for at in places]
        if not ends:
            return 0.0, 0.0
        # No end is -0.
        return min(low for low, _ in ends) + 0.0, max(high for _, high in ends) + 0.0

    def evaluate(self, points: FloatArray) -> Any:
        """Return the values at a vector of points, complex if the function is."""
        base, rest = self._folded(points)
        real = _values(self.real, base, rest)
        if not self.is_complex:
            return _with_deltas(real, self.deltas, base)
        return _with_deltas(real + 1j * _values(self.imaginary, base, rest), self.deltas, base)

    def error_bounds(self, points: FloatArray) -> FloatArray:
        """Return a bound on the error of the value at each point, deltas left aside."""
        base, _ = self._folded(points)
        errors = [contents.error_bounds(part, base) for part in self.parts]
        if self.period is not None:
            # The place within the period is rounded once.
            errors = [
                error + folding.slack(part) for error, part in zip(errors, self.parts, strict=True)
            ]
        bounds: FloatArray = together(errors, np.zeros(points.shape))
        return bounds

    def _folded(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        if self.period is None:
            return points, np.zeros_like(points)
        return folding.folded(points, self.period, self.start)


def _values(content: Content | None, base: FloatArray, rest: FloatArray) -> FloatArray:
    if content is None:
        return np.zeros_like(base)
    if isinstance(content, Pieces) or not rest.any():
        return contents.evaluate(content, base + rest)
    return content.chain.evaluate(base, rest)[0]


def _with_deltas(values: Any, deltas: Deltas, points: FloatArray) -> Any:
    """Return values that are infinite at a delta, and NaN at a derivative of one.

    A weight that may be zero for all that is known of it changes nothing.
    """
    for delta in deltas:
        if abs(delta.weight) <= delta.bound:
            continue
        there = points == delta.place
        if delta.order or delta.is_complex:
            values[there] = np.nan
        else:
            values[there] += np.copysign(np.inf, delta.weight)
    return values


def together(parts: list[Any], nothing: Any) -> Any:
    """Return the length of what has these parts: the root of the sum of squares."""
    if len(parts) == 1:
        return parts[0]
    return (1 + 4 * UNIT) * np.hypot(*parts) if parts else nothing


def of_parts(f: Whole, measure: Callable[[Content], float]) -> float:
    """Return a measure of a function's error or size from those of its parts."""
    return float(together([measure(part) for part in f.parts], 0.0))


def only_real(f: Whole, what: str) -> Content:
    """Return the one content of a function that has nothing beside it, or refuse it.

    Raises
    ------
    OptionError
        Naming what is beside it.
    """
    for is_there, name, way in (
        (f.deltas, "deltas", "leave them out, f.without_deltas()"),
        (f.imaginary is not None, "an imaginary part", "take f.real or f.imag"),
        (f.period is not None, "a period", "take one period of it, f.restrict(a, b)"),
    ):
        if is_there:
            raise OptionError(f"{what} needs a plain real function, and this has {name}: {way}")
    if f.real is None:
        raise OptionError(f"{what} needs a function that is not zero everywhere")
    return f.real
