"""Moments of a standard law that is moved, stretched and added to atoms."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from faltung.distributions.continuous.mixture import is_pure
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.families.family import Family
from faltung.distributions.numbers.rational import rounded
from faltung.distributions.numbers.rounding import Floats


def of_affine(value: Fraction | float, offset: Fraction, factor: Fraction) -> float:
    """Return ``offset + factor value``, rounded once; inf and NaN stay what they are."""
    if isinstance(value, float) and not math.isfinite(value):
        return value if factor > 0 else -value
    return rounded(offset + factor * Fraction(value))


def moment_of_affine(family: Family, loc: Fraction, scale: Fraction, order: int) -> float:
    """Return the raw moment of ``loc + scale Z``: the binomial sum in exact rationals."""
    if order == 0:
        return 1.0
    raw = [1.0, *(family.moment(k) for k in range(1, order + 1))]
    if not all(map(math.isfinite, raw)):
        last = raw[-1] if math.isinf(raw[-1]) else math.nan
        return -last if scale < 0 and order % 2 else last
    ways = (math.comb(order, k) * loc ** (order - k) * scale**k for k in range(order + 1))
    return rounded(sum((w * Fraction(m) for w, m in zip(ways, raw, strict=True)), Fraction(0)))


def moment_of_sum(own: list[float], atoms: Atoms) -> float:
    """Return the raw moment of X + A, of the order of the last of X's moments."""
    order = len(own) - 1
    if not all(map(math.isfinite, own)):
        return own[-1]
    beside = [math.fsum(atoms.weights * atoms.points**k) for k in range(order + 1)]
    terms = (math.comb(order, k) * own[k] * beside[order - k] for k in range(order + 1))
    return math.fsum(terms)


def shape_of_sum(family: Family, scale: Fraction, atoms: Atoms) -> tuple[float, float]:
    """Return skewness and excess kurtosis of ``scale Z + A``: cumulants add up."""
    _, variance, skew, kurtosis = family.central()
    sign = 1 if scale > 0 else -1
    if is_pure(atoms) or not math.isfinite(variance):
        return sign * skew, kurtosis
    own = variance * float(scale) ** 2
    apart: Floats = atoms.points - float(atoms.mean())
    second, third, fourth = (math.fsum(atoms.weights * apart**k) for k in (2, 3, 4))
    spread = own + second
    total = np.float64(sign * skew * own**1.5 + third) / spread**1.5
    peak = np.float64(kurtosis * own**2 + fourth - 3 * second**2) / spread**2
    return float(total), float(peak)


def raw_from_cumulants(cumulants: list[float]) -> float:
    """Return the raw moment of the order of the last of the cumulants k1, k2 and so on.

    m_n = sum over j of C(n-1, j-1) k_j m_(n-j) (Kendall's *Advanced Theory of Statistics*, 3.14).
    """
    moments = [1.0]
    for n in range(1, len(cumulants) + 1):
        terms = (
            math.comb(n - 1, j - 1) * cumulants[j - 1] * moments[n - j] for j in range(1, n + 1)
        )
        moments.append(math.fsum(terms))
    return moments[-1]
