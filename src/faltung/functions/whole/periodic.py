"""Functions with a period: one period is kept, from `start` on, and repeated without end."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from faltung.errors import OptionError, ResolutionError
from faltung.functions import contents, relative
from faltung.functions.chains.body import Body
from faltung.functions.chains.copies import Copy
from faltung.functions.chains.knots import Tail
from faltung.functions.contents import Content
from faltung.functions.rounding import nearest
from faltung.functions.whole.deltas import Deltas, gathered
from faltung.functions.whole.whole import Whole
from faltung.functions.whole.windows import cut

# Periods that a function may be spread over.
_PERIODS = 4096


def require_alike(f: Whole, g: Whole, what: str) -> None:
    """Refuse a sum or product that has no period while an operand has one.

    Raises
    ------
    OptionError
        Naming the periods.
    """
    if f.period is None or g.period is None:
        raise OptionError(
            f"{what} of a function with a period and one without has no period, nor an end: take "
            "part of the periodic one, f.restrict(a, b), or repeat the other, g.periodize(period)"
        )
    raise OptionError(
        f"{what} needs equal periods, not {nearest(f.period)!r} and {nearest(g.period)!r}: make both "
        "functions over a common period"
    )


def wrapped(f: Whole, period: Fraction, start: Fraction) -> Whole:
    """Return the sum of f(x - n period) over all n: the periodic function that f makes.

    Raises
    ------
    ResolutionError
        If f reaches over too many periods, or falls too slowly to be added up period by period.
    """
    return Whole(
        None if f.real is None else _wrapped(f.real, period, start),
        None if f.imaginary is None else _wrapped(f.imaginary, period, start),
        _wrapped_deltas(f.deltas, period, start),
        period,
        start,
    )


def started_at(f: Whole, start: Fraction) -> Whole:
    """Return a periodic function with its kept period started at another place."""
    assert f.period is not None
    if f.start == start:
        return f
    return wrapped(replace(f, period=None), f.period, start)


def repeated(f: Whole, low: float, high: float) -> Whole:
    """Return a periodic function on [low, high], and zero outside.

    Raises
    ------
    OptionError, ResolutionError
        If the interval is not bounded, or holds too many periods.
    """
    assert f.period is not None
    if not (math.isfinite(low) and math.isfinite(high)):
        raise OptionError(
            f"a function with a period cannot be followed on [{low:g}, {high:g}]: give finite ends"
        )
    turns = _turns((low, high), f.period, f.start)
    ends = Fraction(low), Fraction(high)
    real, imaginary = (
        None if part is None else _spread(part, f.period, turns, (low, high))
        for part in (f.real, f.imaginary)
    )
    return Whole(
        real,
        imaginary,
        deltas=gathered(
            delta
            for turn in [*turns, turns[-1] + 1]
            for delta in (each.moved(Fraction(1), turn * f.period) for each in f.deltas)
            if ends[0] <= delta.exact <= ends[1]
        ),
    )


def _wrapped(f: Content, period: Fraction, start: Fraction) -> Content | None:
    """Return the parts of a content in each period, moved into one and added up."""
    turns = _turns(_reach(f), period, start)
    if isinstance(f, Body):
        copies = [Copy(-turn * period) for turn in turns]
        return contents.echoed(f, copies, (start, start + period))
    total: Content | None = None
    for turn in turns:
        low, high = start + turn * period, start + (turn + 1) * period
        part = cut(f, nearest(low), nearest(high))
        if part is not None:
            part = contents.moved(part, Fraction(1), -turn * period)
            total = part if total is None else contents.added(total, part)
    return total


def _spread(
    f: Content, period: Fraction, turns: list[int], window: tuple[float, float]
) -> Content | None:
    copies = [contents.moved(f, Fraction(1), turn * period) for turn in turns]
    return cut(contents.total(copies), *window)


def _reach(f: Content) -> tuple[float, float]:
    """Return the ends of what must be added up, period by period."""
    if isinstance(f, Body) and Tail.ALGEBRAIC in (f.left.tail, f.right.tail):
        raise ResolutionError(
            "the function falls like a power: added up period by period it takes more terms than "
            "can be added. Cut it where it is negligible, f.restrict(a, b)"
        )
    return relative.followed(f)


def _turns(ends: tuple[float, float], period: Fraction, start: Fraction) -> list[int]:
    """Return which periods an interval meets, 0 for the one that starts at `start`."""
    low, high = (Fraction(end) for end in ends)
    first = math.floor((low - start) / period)
    last = max(math.ceil((high - start) / period), first + 1)
    if last - first > _PERIODS:
        raise ResolutionError(
            f"the function reaches over {last - first} periods of {nearest(period)!r}, and at most "
            f"{_PERIODS} are added up: cut it where it is negligible, f.restrict(a, b)"
        )
    return list(range(first, last))


def _wrapped_deltas(deltas: Deltas, period: Fraction, start: Fraction) -> Deltas:
    return gathered(
        replace(delta, exact=start + (delta.exact - start) % period) for delta in deltas
    )


def start_of(f: Whole) -> Fraction:
    """Return where the kept period starts: at the domain's left end, or at 0 if that is infinite."""
    low = f.domain[0]
    return Fraction(low) if math.isfinite(low) else Fraction(0)
