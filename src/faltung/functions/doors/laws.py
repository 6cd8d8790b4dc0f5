"""Laws of scipy.stats: their density."""

from __future__ import annotations

from typing import Any

from faltung.errors import DtypeError
from faltung.functions.doors.recipe import Recipe


def as_law(thing: Any) -> Recipe | None:
    """Return the density of a continuous law on its support; None of anything else.

    Raises
    ------
    DtypeError
        If it is a family of laws, or a law without a density.
    """
    if not callable(getattr(thing, "support", None)) or isinstance(thing, type):
        return None
    name = getattr(getattr(thing, "dist", thing), "name", type(thing).__name__)
    if callable(getattr(thing, "freeze", None)):
        raise DtypeError(
            f"{name} is a family of laws: choose its parameters, for instance scipy.stats.norm(0, 1)"
        )
    if callable(getattr(thing, "pmf", None)) and not callable(getattr(thing, "pdf", None)):
        raise DtypeError(
            f"{name} is a discrete law and has no density: faltung.distribution(law) takes it"
        )
    if not callable(getattr(thing, "pdf", None)):
        return None
    low, high = thing.support()
    return Recipe(thing.pdf, (float(low), float(high)))
