"""What a door makes of a thing: a callable and what is known of it, or the very polynomials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

from faltung.functions.contents import Content
from faltung.functions.rounding import Real

Interval: TypeAlias = tuple[Real, Real]


@dataclass(frozen=True, slots=True)
class Sharp:
    """Places where a function jumps or bends, and exponents where it is a power of the distance."""

    breaks: tuple[Fraction, ...] = ()
    singular: Mapping[Fraction, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipe:
    """A function that is to be sampled.

    Attributes
    ----------
    values
        A callable, or a number for a constant.
    domain
        Where it lives, if it says so itself.
    sharp
        What is known of it between two ends, which may be infinite.
    """

    values: Callable[[Any], Any] | Real
    domain: Interval | None = None
    sharp: Callable[[float, float], Sharp] = field(default=lambda _low, _high: Sharp())


@dataclass(frozen=True, slots=True)
class Exact:
    """A function that is made of polynomials already.

    Attributes
    ----------
    on
        Returns them on an interval, or on the thing's own domain if that is None.
    """

    on: Callable[[Interval | None], Content]
