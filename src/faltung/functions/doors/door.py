"""The one door: whatever a function can be made of becomes its content."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from faltung.errors import DtypeError, OptionError
from faltung.functions.contents import Content, Pieces
from faltung.functions.doors.expressions.expression import as_expression
from faltung.functions.doors.laws import as_law
from faltung.functions.doors.numpy_polynomials import as_numpy_polynomial
from faltung.functions.doors.piecewise import joined, rising
from faltung.functions.doors.recipe import Exact, Interval, Recipe, Sharp
from faltung.functions.doors.splines import as_spline
from faltung.functions.doors.sympy_trees import as_sympy
from faltung.functions.made import made_of
from faltung.functions.polynomials.pieces import refined
from faltung.functions.rounding import Real, is_number, nearest

# Each returns None of what is not its kind.
_KINDS = (as_expression, as_spline, as_numpy_polynomial, as_law, as_sympy)


def content_of(
    thing: object,
    interval: Interval | None,
    breaks: Iterable[Real] = (),
    singular: Mapping[Real, Real | str] | None = None,
) -> Content:
    """Return the content of a function made of anything that :class:`Function` takes.

    Raises
    ------
    DtypeError
        If it is nothing of which a function can be made.
    OptionError
        If there is no interval where one is needed, or one where the thing has its own.
    """
    singular = {} if singular is None else singular
    if isinstance(thing, Mapping):
        return _of_mapping(thing, interval, breaks, singular)
    recipe = as_recipe(thing)
    if isinstance(recipe, Exact):
        return _with_breaks(recipe.on(interval), breaks, singular)
    whole = recipe.domain if interval is None else interval
    if whole is None:
        raise OptionError(
            "the interval is missing: write where the function lives, for instance (0, 4) or "
            "(-numpy.inf, numpy.inf)"
        )
    if not isinstance(breaks, Iterable) or not isinstance(singular, Mapping) or len(whole) != 2:
        return made_of(recipe.values, whole, breaks, singular)
    breaks = list(breaks)
    known = _known(recipe, whole)
    return made_of(
        recipe.values,
        whole,
        [*breaks, *_new(known.breaks, [*whole, *breaks, *singular])],
        {**{nearest(at): nearest(e) for at, e in known.singular.items()}, **singular},
    )


def as_recipe(thing: object) -> Recipe | Exact:
    """Return what is known of a thing of which a function is made.

    Raises
    ------
    DtypeError
        If it is none.
    """
    if is_number(thing):
        return Recipe(thing)
    for kind in _KINDS:
        recipe = kind(thing)
        if recipe is not None:
            return recipe
    if callable(thing):
        _require_one_argument(thing)
        return Recipe(thing)
    raise DtypeError(
        f"Function takes a callable, a formula such as 'exp(-x**2)', a number, a spline, a polynomial, "
        f"a SymPy expression, a law of scipy.stats or a dict of pieces, not {type(thing).__name__}: "
        "write Function(lambda x: ..., (a, b)); for samples, Function.from_samples(y, dx=...)"
    )


def _known(recipe: Recipe, interval: Interval) -> Sharp:
    """Return what is known of a function between the ends of an interval, if that is one."""
    if not all(is_number(end) for end in interval):
        return Sharp()
    low, high = (nearest(end) for end in interval)
    return recipe.sharp(low, high) if low < high else Sharp()


def _new(places: Iterable[Fraction], known: Iterable[Any]) -> list[Fraction]:
    """Return the places that differ as doubles from those that are known, and from each other."""
    seen = {nearest(each) for each in known if is_number(each)}
    new = []
    for place in places:
        if nearest(place) not in seen and not math.isinf(nearest(place)):
            seen.add(nearest(place))
            new.append(place)
    return new


def _with_breaks(
    content: Content, breaks: Iterable[Real], singular: Mapping[Real, Real | str]
) -> Content:
    """Return exact polynomials with more breaks."""
    if singular:
        raise OptionError(
            f"singular={dict(singular)!r}: this is made of polynomials, which have no singular places"
        )
    places = np.array([nearest(place) for place in breaks])
    if not len(places) or not isinstance(content, Pieces):
        return content
    inside = (places > content.breaks[0]) & (places < content.breaks[-1])
    if not inside.all():
        raise OptionError(
            f"the break {float(places[~inside][0])!r} lies outside the interval "
            f"({float(content.breaks[0])!r}, {float(content.breaks[-1])!r}): leave it out"
        )
    return refined(content, np.union1d(content.breaks, places))


def _of_mapping(
    parts: Mapping[Any, Any],
    interval: Interval | None,
    breaks: Iterable[Real],
    singular: Mapping[Real, Real | str],
) -> Content:
    """Return a function made of one thing for each of several intervals."""
    if interval is not None or singular or not isinstance(breaks, Iterable) or [*breaks]:
        raise OptionError(
            "the keys of a dict are the intervals of its pieces: leave interval, breaks and singular "
            "out, and write Function(..., key, breaks, singular=...) for a piece that needs them"
        )
    return joined([content_of(parts[key], ends) for key, ends in rising(parts)])


def _require_one_argument(function: Any) -> None:
    """Refuse a callable that asks for two numbers, or for none."""
    name = getattr(function, "__name__", type(function).__name__)
    if isinstance(function, np.ufunc):
        count = function.nin
    else:
        try:
            parameters = inspect.signature(function).parameters.values()
        except (TypeError, ValueError):
            # Some builtins do not say.
            return
        plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        needed = [each for each in parameters if each.default is each.empty]
        count = sum(each.kind in plain for each in needed)
        named = [each.name for each in needed if each.kind is inspect.Parameter.KEYWORD_ONLY]
        several = any(each.kind in (*plain, each.VAR_POSITIONAL) for each in parameters)
        if named:
            raise DtypeError(
                f"{name} needs {named[0]}= beside its variable: write functools.partial({name}, "
                f"{named[0]}=...)"
            )
        count = 1 if count == 0 and several else count
    if count != 1:
        raise DtypeError(
            f"{name} takes {count} arguments, and a function of one real variable is called with one: "
            f"give the others, Function(lambda x: {name}(x, ...), (a, b)) or functools.partial"
        )
