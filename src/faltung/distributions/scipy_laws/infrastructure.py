"""Laws of SciPy's newer infrastructure: ``Normal``, ``Binomial``, ``make_distribution(...)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from faltung.distributions.families.generic import Methods, frozen_of
from faltung.distributions.law.law import Law
from faltung.distributions.numbers.rational import as_rational
from faltung.errors import DataError, DtypeError

# How the families with names of their own are called in the older infrastructure.
_OLDER: dict[str, Callable[[Any, dict[str, float]], Any]] = {
    "Normal": lambda stats, p: stats.norm(p["mu"], p["sigma"]),
    "StandardNormal": lambda stats, p: stats.norm(),  # noqa: ARG005
    "Logistic": lambda stats, p: stats.logistic(),  # noqa: ARG005
    "Uniform": lambda stats, p: stats.uniform(p["a"], p["b"] - p["a"]),
    "Binomial": lambda stats, p: stats.binom(round(p["n"]), p["p"]),
}
_FORMULAS = ("_pdf_formula", "_logpdf_formula", "_pmf_formula", "_logpmf_formula", "_cdf_formula")
_MODULE = "scipy.stats._new_distributions"


def is_new(obj: object) -> bool:
    """Tell whether an object is a law of the newer infrastructure."""
    return hasattr(obj, "ccdf") and hasattr(obj, "icdf")


def older(obj: Any) -> tuple[Any, Any, Any]:
    """Return a law of the newer infrastructure as ``factor * frozen + offset``.

    Known families, and those that ``make_distribution`` took from the older infrastructure, are the
    frozen distributions of that; any other with a density gives its functions to one.

    Raises
    ------
    DataError
        If its parameters are arrays.
    DtypeError
        If it is a discrete law that is not known.
    """
    from scipy import stats

    if np.shape(obj.support()[0]) != ():
        raise DataError(f"{obj} has arrays for parameters: write one law for each")
    if type(obj).__name__ == "ShiftedScaledDistribution":
        frozen, factor, offset = older(obj._dist)
        scale, loc = (as_rational(np.asarray(obj._parameters[k]).item()) for k in ("scale", "loc"))
        return frozen, factor * scale, offset * scale + loc
    given = getattr(obj, "_parameters", {})  # a Mixture has none
    parameters = {name: np.asarray(value).item() for name, value in given.items()}
    known = _OLDER.get(type(obj).__name__)
    if known is not None and type(obj).__module__ == _MODULE:
        return known(stats, parameters), as_rational(1), as_rational(0)
    family = _family_of(obj)
    frozen = family(**parameters) if family is not None else _wrapped(obj)
    return frozen, as_rational(1), as_rational(0)


def _family_of(obj: Any) -> Any:
    """Return the older family that ``make_distribution`` made a class of, if it did."""
    from scipy.stats import rv_continuous, rv_discrete

    for name in _FORMULAS:
        owner = getattr(getattr(obj, name, None), "__self__", None)
        if isinstance(owner, rv_continuous | rv_discrete):
            return owner
    return None


def _wrapped(obj: Any) -> Any:
    if any(base.__name__ == "DiscreteDistribution" for base in type(obj).__mro__):
        raise DtypeError(
            f"{obj} is a discrete law that is not known here: give its probabilities to "
            "Lattice(weights, start), or as a dict {value: probability}"
        )
    low, high = (float(end) for end in obj.support())
    functions = obj.pdf, obj.cdf, obj.ccdf, obj.icdf, obj.iccdf
    methods = Methods(str(obj), (low, high), *functions, float(obj.mean()), float(obj.variance()))
    return frozen_of(methods)


def law_of(obj: Any, from_frozen: Callable[[Any], Law]) -> Law:
    """Return the law, with `from_frozen` for its frozen distribution."""
    frozen, factor, offset = older(obj)
    law: Law = factor * from_frozen(frozen) + offset
    return law
