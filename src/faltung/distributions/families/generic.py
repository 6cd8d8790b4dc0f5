"""A named law as pieces, for sums that have no closed form; and anything else as SciPy's laws are."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from faltung.distributions.continuous.density import Density
from faltung.distributions.continuous.facts import Apart
from faltung.distributions.families.family import Family

_Evaluate: TypeAlias = Callable[[Any], Any]


@dataclass(frozen=True)
class Methods:
    """The functions of a law that has a density, for vectors."""

    name: str
    support: tuple[float, float]
    pdf: _Evaluate
    cdf: _Evaluate
    sf: _Evaluate
    ppf: _Evaluate
    isf: _Evaluate
    mean: float
    variance: float


def frozen_of(methods: Methods) -> Any:
    """Return a frozen SciPy distribution with these functions, each from its own side."""
    from scipy.stats import rv_continuous  # slow to import

    class Wrapped(rv_continuous):  # type: ignore[misc]
        def _pdf(self, x: Any) -> Any:
            return methods.pdf(x)

        def _cdf(self, x: Any) -> Any:
            return methods.cdf(x)

        def _sf(self, x: Any) -> Any:
            return methods.sf(x)

        def _ppf(self, q: Any) -> Any:
            return methods.ppf(q)

        def _isf(self, q: Any) -> Any:
            return methods.isf(q)

        def _stats(self) -> Any:
            return methods.mean, methods.variance, np.nan, np.nan

    low, high = methods.support
    return Wrapped(name=methods.name, a=low, b=high)()


@lru_cache(maxsize=128)
def standard_density(family: Family) -> Density:
    """Return the standard law of a family in pieces; the same one again for an equal family.

    Raises
    ------
    OptionError
        If the pieces cannot hold it.
    """
    # One of the few calls upwards: the pieces are made where those of SciPy's laws are.
    from fractions import Fraction

    from faltung.distributions.families.named import NamedDensity
    from faltung.distributions.scipy_laws.continuous import density_of

    given = ", ".join(f"{value:g}" for value in family.shapes.values())
    own = family.density()
    if own is not None:
        return own
    known = _of_scipy(family)
    if known is not None:
        return _unrounded(density_of(known, f"{family.name}({given})"), family)
    law = NamedDensity(family, Fraction(0), Fraction(1))
    moments = law.mean(), law.var()
    functions = law.pdf, law.cdf, law.sf, law.ppf, law.isf
    methods = Methods(family.name, law.support(), *functions, *moments)
    return density_of(frozen_of(methods), f"{family.name}({given})")


def _of_scipy(family: Family) -> Any:
    """Return SciPy's law of the same name and shapes, None if there is none."""
    from scipy import stats

    made = getattr(stats, family.name, None)
    names = [] if made is None or not made.shapes else made.shapes.split(", ")
    if made is None or sorted(names) != sorted(family.shapes):
        return None
    return made(**family.shapes)


def _unrounded(law: Density, family: Family) -> Density:
    """Return the law with a bound on how far the density is from that of the exact shapes.

    And without a mean where there is none: SciPy says inf of Student's law.
    """
    mean = family.mean()
    missing = isinstance(mean, float) and math.isnan(mean)
    if not family.rounded_shapes and not missing:
        return law
    facts = law._facts.further(Apart.everywhere(family.rounded_shapes))
    facts = replace(facts, mean=math.nan) if missing else facts
    return Density._create(law._function, facts, law._atoms)
