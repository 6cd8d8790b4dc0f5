"""What is asked: two functions, the operation, the shifts, the true answer, what is required."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import mpmath as mp
import numpy as np
from numpy.typing import NDArray

__all__ = ["SLOW", "Array", "Bar", "Case", "Operand", "exact", "spread"]

Array = NDArray[Any]

#: Why a peer that takes minutes is left out of a case.
SLOW = "only with --slow"
#: At how many of the points an answer is compared with the truth.
CHECKED = 125
#: Digits of the truth.
DIGITS = 40


@dataclass(frozen=True)
class Operand:
    """A function as every contestant is given it: zero outside the interval.

    Attributes
    ----------
    function : callable or None
        Takes arrays, inside the interval; None for a train of deltas.
    interval : tuple of float
        Where it is not zero; the period, if it is periodic.
    breaks : tuple of float
        Where it jumps or bends inside.
    window : tuple of float or None
        What a grid covers of an interval without end.
    poles : bool
        Whether it is infinite at an end of the interval.
    periodic : bool
    deltas : tuple of (place, weight)
    law : callable or None
        Its random variable in PaCAL, made from that module.
    area : float
        What the density of that variable is multiplied by.
    """

    function: Callable[[Any], Any] | None
    interval: tuple[float, float]
    breaks: tuple[float, ...] = ()
    window: tuple[float, float] | None = None
    poles: bool = False
    periodic: bool = False
    deltas: tuple[tuple[float, float], ...] = ()
    law: Callable[[Any], Any] | None = None
    area: float = 1.0

    @property
    def covered(self) -> tuple[float, float]:
        """The bounded interval that a grid covers."""
        return self.window or self.interval

    @property
    def bounded(self) -> bool:
        """Whether both ends are finite."""
        return math.isfinite(self.interval[0]) and math.isfinite(self.interval[1])

    @property
    def complex(self) -> bool:
        """Whether its values are complex."""
        middle = np.array([0.4 * self.covered[0] + 0.6 * self.covered[1]])
        return self.function is not None and np.iscomplexobj(self(middle))

    def __call__(self, x: Array) -> Array:
        """Return the values, zero outside the interval, whatever lies there."""
        assert self.function is not None
        if self.periodic or self.interval == (-math.inf, math.inf):
            return np.asarray(self.function(x))
        inside = (x >= self.interval[0]) & (x <= self.interval[1])
        with np.errstate(all="ignore"):
            return np.where(inside, self.function(x), 0.0)


@dataclass(frozen=True)
class Bar:
    """What is required of us: at most so many seconds, and such errors."""

    seconds: float = math.inf
    error: float = math.inf
    relative: float = math.inf

    @property
    def asks(self) -> bool:
        """Whether anything is required."""
        return min(self.seconds, self.error, self.relative) < math.inf


@dataclass(frozen=True)
class Case:
    """One question to every contestant: the values at the points.

    Attributes
    ----------
    name : str
    f, g : Operand
    truth : callable
        The true values at an array of points.
    points : array of float
        The errors at them are parts of the largest value.
    operation : str
        ``convolve``: f * g, then its values. ``power``: f with itself, `power` factors. ``build``:
        f itself, made and looked at. ``evaluate``: the values alone, of an f * g that is there.
    power : int
    tails : tuple of float
        More points; the errors at them are parts of the value there.
    bar : Bar
    left_out : mapping of str to str
        Peers that take no part, and why; those with the reason `SLOW` do when time does not matter.
    refusal : bool
        Whether to refuse is a right answer too.
    """

    name: str
    f: Operand
    g: Operand
    truth: Callable[[Array], Array]
    points: Array
    operation: str = "convolve"
    power: int = 2
    tails: tuple[float, ...] = ()
    bar: Bar = field(default_factory=Bar)
    left_out: Mapping[str, str] = field(default_factory=dict)
    refusal: bool = False

    @cached_property
    def places(self) -> Array:
        """The points and the tails after them: what everybody answers."""
        return np.concatenate([self.points, self.tails])

    @property
    def checked(self) -> slice:
        """Which points are compared with the truth."""
        return slice(None, None, max(1, len(self.points) // CHECKED))

    def __str__(self) -> str:
        return self.name


def exact(formula: Callable[[Any], Any]) -> Callable[[Array], Array]:
    """Return a formula in mpmath's numbers as a function of arrays, rounded once."""

    def truth(points: Array) -> Array:
        with mp.workdps(DIGITS):
            values = [formula(mp.mpf(float(t))) for t in points]
        numbers = [complex(v) if isinstance(v, mp.mpc) else float(v) for v in values]
        return np.array(numbers)

    return truth


def spread(low: float, high: float, count: int = 1000) -> Array:
    """Return points all over an interval, in no step with any grid, in no order."""
    golden = 0.6180339887498949
    return low + (high - low) * (np.arange(1, count + 1) * golden % 1.0)
