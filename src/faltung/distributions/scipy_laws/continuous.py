"""SciPy's continuous distributions as densities, with both tails."""

from __future__ import annotations

import math
import warnings
from fractions import Fraction
from typing import Any

import numpy as np

from faltung.distributions.continuous.density import Density
from faltung.distributions.continuous.facts import Apart, Facts
from faltung.distributions.discrete.lattice import point
from faltung.distributions.numbers.reach import Reach, as_end
from faltung.distributions.scipy_laws.shapes import REFUSED, inner_breaks, values_of
from faltung.errors import DataError, FaltungError, OptionError
from faltung.functions import Function, contents
from faltung.functions.chains.ceilings import heights
from faltung.functions.made import body_at

# Standard laws that were made, the last ones: making one takes ten times as long as adding two.
_MADE: dict[Any, Density] = {}
_KEPT = 64

_LARGEST_BOUND = 1e-8
_DISAGREEMENT = 1e-6

# The integral is compared with SciPy's cdf in the middle of so many pieces with the most mass.
_COMPARED = 6


def density_of(frozen: Any, name: str) -> Density:
    """Return the law of a frozen continuous distribution.

    Its density is followed on the whole support: falling tails down to 1e-290 of its largest value,
    algebraic ones to the least double, poles down to their place. Its integral must be 1 and its
    integral up to x must agree with SciPy's cdf. What the integral differs from 1, beyond its bound,
    counts as a relative error of the density; how far SciPy's cdf is from the integral is added
    to `error_bound`, so that cdf and sf are within it of either. No bound on the density follows from
    a cdf: what is meant is SciPy's own.

    Raises
    ------
    OptionError
        If the density cannot be followed; says why.
    DataError
        If the density is negative or NaN, or disagrees with the cdf.
    """
    if frozen.dist.name in REFUSED:
        raise OptionError(f"{name} is not supported: {REFUSED[frozen.dist.name]}")
    shapes, location, scale = frozen.dist._parse_args(*frozen.args, **frozen.kwds)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        law = _standard(frozen.dist, tuple(map(float, shapes)), name)
    moved = law * Fraction(float(scale)) + Fraction(float(location))
    assert isinstance(moved, Density)
    return moved


def _standard(family: Any, shapes: tuple[float, ...], name: str) -> Density:
    """Return the law at location 0 and scale 1: for SciPy's own families the same one again."""
    # Others may have the name of one of these, or samples for parameters.
    own = type(family).__module__.startswith("scipy.") and not hasattr(family, "_hbins")
    key = (type(family), family.name, family.a, family.b, shapes) if own else None
    if key in _MADE:
        return _MADE[key]
    law = _made(family.freeze(*shapes), name)
    if key is not None:
        while len(_MADE) >= _KEPT:
            _MADE.pop(next(iter(_MADE)))
        _MADE[key] = law
    return law


def _made(frozen: Any, name: str) -> Density:
    law = Density._create(_function(frozen, name), None, point(0))
    law._facts = _facts(frozen, law._function, name)
    return law


def _function(frozen: Any, name: str) -> Function:
    low, high = (float(end) for end in frozen.support())
    breaks = [x for x in inner_breaks(frozen) if low < x < high]
    try:
        return Function._of(body_at(values_of(frozen), (low, high), breaks))
    except FaltungError as error:
        raise OptionError(f"the density of {name} cannot be followed: {error}") from error


def _facts(frozen: Any, function: Function, name: str) -> Facts:
    """Compare the density with its integral and SciPy's cdf; moments and support are SciPy's."""
    known = function.integral_bound()
    if not known <= _LARGEST_BOUND:
        raise OptionError(
            f"the density of {name} is too rough to be followed: its integral would be uncertain by "
            f"{known:.2g}, and at most {_LARGEST_BOUND:g} is accepted"
        )
    mass = abs(function.integral() - 1)
    apart = _distance(frozen, function)
    if not max(mass, apart) <= _DISAGREEMENT:
        raise DataError(
            f"the density of {name} does not belong to its cdf: their integrals differ by "
            f"{max(mass, apart):.2g}"
        )
    excess = mass - known if mass > known else 0.0
    mean, variance = (float(moment) for moment in frozen.stats("mv"))
    return Facts(
        mean,
        variance,
        Reach(*(as_end(float(end)) for end in frozen.support())),
        disagreement=max(apart - known - excess, 0.0),
        apart=Apart.everywhere(excess),
    )


def _distance(frozen: Any, function: Function) -> float:
    """Return how far the integral is from the family's own cdf, if it has one, at a few points."""
    if not has_own(frozen, "_cdf"):
        return 0.0
    chain = contents.as_body(function._content).chain
    heaviest = np.argsort(-np.nan_to_num(heights(chain)[1], posinf=1.0))[:_COMPARED]
    middles = (chain.near + chain.far)[heaviest] / 2
    points = chain.anchors[heaviest] + chain.sides[heaviest] * middles
    known = np.asarray(frozen.cdf(points), dtype=np.float64)
    found = [function.integral(-math.inf, x) for x in points.tolist()]
    return float(np.max(np.abs(found - known), initial=0.0))


def has_own(frozen: Any, method: str) -> bool:
    """Tell whether a family computes a method itself; SciPy's stand-ins are not accurate."""
    from scipy.stats import rv_continuous

    return getattr(type(frozen.dist), method) is not getattr(rv_continuous, method)
