"""Discrete laws on one grid, and laws whose points have moved."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce

import numpy as np

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.points import arranged
from faltung.distributions.numbers.rational import (
    Integers,
    affine,
    as_integers,
    rational_gcd,
    reduce_grid,
    refuse_beyond,
)
from faltung.distributions.numbers.reach import Reach
from faltung.distributions.weights.given import Weights


def common_places(laws: Sequence[Atoms]) -> tuple[Fraction, Fraction, list[Integers]]:
    """Return the origin and the step of a grid that carries all points, and the places on it."""
    origin = min(law._start for law in laws)
    gaps = [gap for law in laws for gap in (law._step, law._start - origin)]
    step = reduce(rational_gcd, gaps, Fraction(0)) or Fraction(1)
    places = [
        affine(law._indices, int(law._step / step), int((law._start - origin) / step))
        for law in laws
    ]
    return origin, step, places


def gathered(
    weights: Weights,
    origin: Fraction,
    step: Fraction,
    numbers: Integers,
    *,
    reach: Reach | None = None,
) -> Atoms:
    """Return the law with these weights at ``origin + step * numbers``, in any order.

    Weights at one point are added, and points without probability are dropped.
    """
    distinct, groups = np.unique(as_integers(numbers), return_inverse=True)
    if len(distinct) < len(numbers):
        weights = weights.grouped(groups, len(distinct))
    else:
        weights = weights.chosen(np.argsort(numbers, kind="stable"))
    used = np.flatnonzero(weights.positive())
    if len(used) < len(distinct):
        weights, distinct = weights.chosen(used), distinct[used]
    start, width, places = reduce_grid(origin + step * int(distinct[0]), step, distinct)
    refuse_beyond(start, start + width * int(places[-1]))
    return arranged(weights, start, width, places, reach=reach)


def reach_of(law: Atoms) -> Reach | None:
    """Return the ends of the support where they are not those of the window."""
    return law._reach
