"""Deltas of a formula, put on the function that the rest of it makes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from faltung.errors import DataError
from faltung.functions.bounds import UNIT
from faltung.functions.doors.recipe import Interval, Spike
from faltung.functions.rounding import apart, nearest
from faltung.functions.whole import bilinear
from faltung.functions.whole.deltas import Delta, gathered
from faltung.functions.whole.making import whole_of
from faltung.functions.whole.whole import Whole

# How far around its place the factor of a delta is looked at.
_AROUND = Fraction(1, 64)


def with_spikes(whole: Whole, spikes: tuple[Spike, ...], interval: Interval) -> Whole:
    """Return a function with the deltas that lie on its interval, the ends included.

    A delta at the end of a period belongs to the start of the next.
    """
    if not spikes:
        return whole
    low, high = (nearest(end) for end in interval)
    inside = [each for each in spikes if low <= nearest(each.place) <= high]
    if whole.period is not None:
        inside = [each for each in inside if nearest(each.place) < high]
    return replace(whole, deltas=gathered(row for each in inside for row in _rows(each)))


def _rows(spike: Spike) -> tuple[Delta, ...]:
    """Return a delta times its factor."""
    factor = spike.factor
    if isinstance(factor, Fraction):
        weight = nearest(factor)
        return (Delta(spike.place, weight, spike.order, apart(factor, weight)),)
    if not callable(factor):
        if not abs(factor) < float("inf"):
            raise DataError(f"the factor of a delta is {factor}: it must be a finite number")
        number = factor if factor.imag else factor.real
        return (Delta(spike.place, number, spike.order, 4 * UNIT * abs(factor)),)
    around = _AROUND * (1 + abs(spike.place))
    near = whole_of(
        factor, (spike.place - around, spike.place + around), [spike.place], {}, periodic=False
    )
    unit = Whole(None, deltas=(Delta(spike.place, 1.0, spike.order),))
    return bilinear.multiplied(unit, near).deltas
