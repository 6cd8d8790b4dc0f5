"""Anything that can be called with one number."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from faltung.errors import DtypeError
from faltung.functions.doors.recipe import Recipe


def as_callable(thing: Any) -> Recipe | None:
    """Return a callable of one number; None of anything else.

    Raises
    ------
    DtypeError
        If it asks for two arguments, or for none.
    """
    if not callable(thing):
        return None
    name = getattr(thing, "__name__", type(thing).__name__)
    name = name if name.isidentifier() else "f"
    count, named = _needed(thing)
    if named:
        raise DtypeError(
            f"{name} needs {named[0]}= beside its variable: write "
            f"functools.partial({name}, {named[0]}=...)"
        )
    if count != 1:
        raise DtypeError(
            f"{name} takes {count} argument{'s' * (count != 1)}, and a function of one real variable "
            f"is called with one: write Function(lambda x: {name}(...), (a, b)), or functools.partial"
        )
    return Recipe(thing)


def _needed(function: Any) -> tuple[int, list[str]]:
    """Return how many arguments a callable must have, 1 if any number will do, and which by name."""
    if isinstance(function, np.ufunc):
        return function.nin, []
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        # Some builtins do not say.
        return 1, []
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    takes_any = any(each.kind in (*plain, each.VAR_POSITIONAL) for each in parameters)
    asked = [each for each in parameters if each.default is each.empty]
    count = sum(each.kind in plain for each in asked)
    named = [each.name for each in asked if each.kind is each.KEYWORD_ONLY]
    return count or int(takes_any), named
