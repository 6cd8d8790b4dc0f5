"""Densities made of a function with what is known of it, and of several laws with weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from faltung.distributions.continuous.aside import set_aside
from faltung.distributions.continuous.density import Density
from faltung.distributions.continuous.facts import Apart, Facts
from faltung.distributions.continuous.mixture import joined
from faltung.distributions.discrete.lattice import point
from faltung.distributions.law.law import Law
from faltung.distributions.numbers.reach import Reach, as_end
from faltung.distributions.numbers.rounding import gamma
from faltung.errors import DtypeError
from faltung.functions import Function


def density_like(
    function: Function, reach: Reach, lost_mass: float, lost_density: float, disagreement: float
) -> Density:
    """Return the law of a function whose integral is about 1, with its mean and variance.

    Parameters
    ----------
    function
        The density that is kept.
    reach
        The ends of the support.
    lost_mass, lost_density
        What it lacks in all, and at any point.
    disagreement
        What its cdf is off by beside that and the function's own bound.
    """
    law = Density._create(function, None, point(0))
    law._facts = replace(
        law._facts,
        reach=reach,
        lost_mass=lost_mass,
        lost_density=lost_density,
        disagreement=disagreement,
    )
    return law


def one_density(parts: Sequence[tuple[float, Law]]) -> Density:
    """Return the mixture of laws with densities as one density.

    The function is the weighted sum of theirs, with their errors set aside, and its bound counts what
    that rounds. What each of them lacks, in proportion to its weight, the mixture lacks.

    Parameters
    ----------
    parts
        Weights that sum to 1, each within a few roundings, and laws with a density.

    Raises
    ------
    DtypeError
        If one of the laws has no function.
    OptionError
        If one of them has too many shifted copies to be one function.
    """
    mean = math.fsum(w * float(law.mean()) for w, law in parts)
    function, apart = _weighted_sum(parts)
    return Density._create(function, replace(_facts(parts, mean), apart=apart), point(0))


def _weighted_sum(parts: Sequence[tuple[float, Law]]) -> tuple[Function, Apart]:
    """Return the sum of the densities, and how far it is from the one that is meant.

    Of a sum of positive terms no larger part is off than of one of them. So errors are set aside
    before and after each addition, which would count them again and again.
    """
    total: Function | None = None
    apart = Apart()
    for weight, law in parts:
        if not isinstance(law, Density):
            raise DtypeError(f"a {type(law).__name__} has no density that is one function")
        kept, aside = set_aside(law._function)
        apart = apart.beside(law._facts.apart.chained(aside), weight)
        term: Function = joined(kept, law._atoms) * weight
        total, aside = (term, Apart()) if total is None else set_aside(total + term)
        apart = apart.chained(aside)
    assert total is not None
    return total, apart


def _facts(parts: Sequence[tuple[float, Law]], mean: float) -> Facts:
    spreads = (w * (float(law.var()) + (float(law.mean()) - mean) ** 2) for w, law in parts)
    ends = [law.support() for _, law in parts]
    disagreements: list[float] = [w * _known(law).disagreement for w, law in parts]
    densities: list[float] = [w * _known(law).lost_density for w, law in parts]
    return Facts(
        mean,
        math.fsum(spreads) if math.isfinite(mean) else math.nan,
        Reach(as_end(min(low for low, _ in ends)), as_end(max(high for _, high in ends))),
        math.fsum(w * law.neglected_mass for w, law in parts) * (1 + gamma(4)),
        math.fsum(densities) * (1 + gamma(4)),
        math.fsum(disagreements) + gamma(len(parts) + 4),
    )


def _known(law: Any) -> Facts:
    facts: Facts = law._facts
    return facts
