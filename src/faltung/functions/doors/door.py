"""The one door: whatever a function can be made of becomes a whole function."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from faltung.errors import DtypeError, FaltungError, OptionError
from faltung.functions.checks import as_interval
from faltung.functions.doors.callables import as_callable
from faltung.functions.doors.cuts import parts_of
from faltung.functions.doors.expressions.expression import as_expression
from faltung.functions.doors.functions import as_function
from faltung.functions.doors.laws import as_law
from faltung.functions.doors.numpy_polynomials import as_numpy_polynomial
from faltung.functions.doors.piecewise import joined, rising
from faltung.functions.doors.recipe import Exact, Interval, Recipe, Sharp
from faltung.functions.doors.spikes import with_spikes
from faltung.functions.doors.splines import as_spline
from faltung.functions.doors.sympy_trees import as_sympy
from faltung.functions.polynomials.pieces import Pieces, refined
from faltung.functions.rounding import is_any_number, is_number, nearest
from faltung.functions.whole.making import whole_of
from faltung.functions.whole.whole import Whole

# Each returns None of what is not its kind; anything that can be called comes last.
_KINDS = (
    as_function,
    as_expression,
    as_spline,
    as_numpy_polynomial,
    as_law,
    as_sympy,
    as_callable,
)


def made_whole(
    thing: object,
    interval: Interval | None,
    breaks: Any,
    singular: Any,
    periodic: bool,
) -> Whole:
    """Return a function made of anything that :class:`faltung.Function` takes.

    Raises
    ------
    DtypeError
        If it is nothing of which a function can be made.
    OptionError
        If there is no interval where one is needed, or one where the thing has its own.
    """
    if isinstance(thing, Mapping):
        return _repeated(_of_mapping(thing, interval, breaks, singular), periodic)
    recipe = as_recipe(thing)
    if isinstance(recipe, Exact):
        return _repeated(_with_breaks(recipe.on(interval), breaks, singular), periodic)
    return _sampled(recipe, interval, breaks, singular, periodic)


def as_recipe(thing: object) -> Recipe | Exact:
    """Return what is known of a thing of which a function is made.

    Raises
    ------
    DtypeError
        If it is none.
    """
    if is_any_number(thing):
        return Recipe(thing)
    for kind in _KINDS:
        recipe = kind(thing)
        if recipe is not None:
            return recipe
    raise DtypeError(
        "Function takes a callable, a formula such as 'exp(-x**2)', a number, a spline, a polynomial, "
        f"a SymPy expression, a law of scipy.stats or a dict of pieces, not {type(thing).__name__}: "
        "write Function(lambda x: ..., (a, b)); for samples, Function.from_samples(y, dx=...)"
    )


def _sampled(
    recipe: Recipe,
    interval: Interval | None,
    breaks: Any,
    singular: Any,
    periodic: bool,
) -> Whole:
    """Return a function that is sampled, with all that is known of it."""
    ends = recipe.domain if interval is None else interval
    if ends is None and recipe.values is None:
        ends = (-math.inf, math.inf)
    if ends is None:
        raise OptionError(
            "the interval is missing: write where the function lives, for instance (0, 4) or "
            "(-numpy.inf, numpy.inf)"
        )
    if recipe.values is None:
        whole = _repeated(Whole(None), periodic, ends)
    elif all(isinstance(each, Iterable) for each in (ends, breaks)) and isinstance(
        singular, Mapping
    ):
        given = list(breaks)
        known = _known(recipe, ends)
        parts = [ends] if given or singular else parts_of(recipe, ends, known)
        if len(parts) > 1:
            alone = replace(recipe, spikes=())
            made = joined([_sampled(alone, part, (), {}, periodic=False) for part in parts])
            return with_spikes(_repeated(made, periodic, ends), recipe.spikes, ends)
        new = _new(known.breaks, [*ends, *given, *singular])
        # What was given comes last, so that it counts at a place that both name.
        told = {**known.singular, **singular}
        whole = whole_of(recipe.values, ends, [*given, *new], told, periodic)
    else:
        whole = whole_of(recipe.values, ends, breaks, singular, periodic)
    return with_spikes(whole, recipe.spikes, ends)


def _known(recipe: Recipe, interval: Any) -> Sharp:
    """Return what is known of a function between the ends of an interval, if that is one."""
    try:
        low, high = map(nearest, interval)
    except (TypeError, ValueError):
        return Sharp()
    return recipe.sharp(low, high) if low < high else Sharp()


def _new(places: Iterable[Fraction], known: Iterable[Any]) -> list[Fraction]:
    """Return the places that differ as doubles from those that are known, and from each other."""
    seen = {nearest(each) for each in known if is_number(each)}
    new = []
    for place in places:
        if nearest(place) not in seen:
            seen.add(nearest(place))
            new.append(place)
    return new


def _with_breaks(whole: Whole, breaks: Any, singular: Any) -> Whole:
    """Return a function that is made of pieces already, with more breaks."""
    if singular:
        raise OptionError(
            f"singular={dict(singular)!r} goes with what is sampled: this is made of pieces already"
        )
    if not isinstance(breaks, Iterable):
        raise OptionError(f"breaks={breaks!r}: write a list of numbers, for instance breaks=[0.5]")
    places = np.array([nearest(place) for place in breaks])
    low, high = whole.domain
    for place in places.tolist():
        if not low <= place <= high:
            raise OptionError(
                f"the break {place!r} lies outside the interval ({low!r}, {high!r}): leave it out"
            )
    real, imaginary = (
        refined(part, np.union1d(part.breaks, places)) if isinstance(part, Pieces) else part
        for part in (whole.real, whole.imaginary)
    )
    return replace(whole, real=real, imaginary=imaginary)


def _repeated(whole: Whole, periodic: bool, interval: Interval | None = None) -> Whole:
    """Return a function with its domain as its period, if it is to have one."""
    if not periodic:
        return whole
    low, high = as_interval(whole.domain if interval is None else interval)
    return replace(whole, period=high - low, start=low)


def _of_mapping(
    parts: Mapping[Any, Any],
    interval: Interval | None,
    breaks: Any,
    singular: Any,
) -> Whole:
    """Return a function made of one thing for each of several intervals."""
    if interval is not None or singular or not isinstance(breaks, Iterable) or [*breaks]:
        raise OptionError(
            "the keys of a dict are the intervals of its pieces: leave interval, breaks and singular "
            "out, and write Function(..., key, breaks, singular=...) for a piece that needs them"
        )
    return joined([_piece(parts[key], ends) for key, ends in rising(parts)])


def _piece(thing: Any, ends: Interval) -> Whole:
    """Return one piece, and say which it is if it cannot be made."""
    try:
        return made_whole(thing, ends, (), {}, periodic=False)
    except FaltungError as error:
        raise type(error)(f"the piece on {ends!r}: {error}") from error
