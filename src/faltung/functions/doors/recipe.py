"""What a door makes of a thing: a callable and what is known of it, or the very polynomials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

from faltung.functions.rounding import Real
from faltung.functions.whole.whole import Whole

Interval: TypeAlias = tuple[Real, Real]


@dataclass(frozen=True, slots=True)
class Sharp:
    """Places where a function jumps or bends; and exponents, or 'log', where it has a root or a pole."""

    breaks: tuple[Fraction, ...] = ()
    singular: Mapping[Fraction, Fraction | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spike:
    """The `order`-th derivative of a Dirac delta, times a factor: a number, or a callable's value there."""

    place: Fraction
    order: int
    factor: Fraction | complex | Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Recipe:
    """A function that is to be sampled.

    Attributes
    ----------
    values
        A callable, or a number for a constant; None if there is nothing beside the spikes.
    domain
        Where it lives, if it says so itself.
    sharp
        What is known of it between two ends, which may be infinite.
    spikes
        Its deltas.
    """

    values: Callable[[Any], Any] | complex | Fraction | None
    domain: Interval | None = None
    sharp: Callable[[float, float], Sharp] = field(default=lambda _low, _high: Sharp())
    spikes: tuple[Spike, ...] = ()


@dataclass(frozen=True, slots=True)
class Exact:
    """A function that is made of polynomials already.

    Attributes
    ----------
    on
        Returns it on an interval, or on the thing's own domain if that is None.
    """

    on: Callable[[Interval | None], Whole]
