"""Real powers of polynomial pieces, inverses among them: sampled anew, piece by piece."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from faltung.functions import bounds
from faltung.functions.bounds import UNIT, Deviation
from faltung.functions.polynomials.build import build
from faltung.functions.polynomials.misplaced import NOTHING, Misplaced
from faltung.functions.polynomials.pieces import Pieces, refined
from faltung.functions.polynomials.zeros import least_sizes
from faltung.functions.sampling import Sampler
from faltung.functions.transform import FloatArray

# What a value and its power lose by rounding, in unit roundoffs, evaluation left aside.
_ROUNDINGS = 4


def powered(f: Pieces, exponent: float) -> Pieces:
    """Return abs(f) ** exponent, for a function without a zero."""
    low, high = float(f.breaks[0]), float(f.breaks[-1])
    made = build(Sampler(lambda x: np.abs(f.evaluate(x)) ** exponent, low, high), f.breaks)
    # Each piece of the result lies within one of f: its breaks were kept.
    within = refined(f, made.breaks)
    sampling = bounds.evaluation(f.coefficients).bound
    parent = np.searchsorted(f.breaks, made.breaks[:-1], side="right") - 1
    unsure = within.deviation.bound + sampling[parent]
    least = least_sizes(within.coefficients, within.deviation.bound)
    tops = bounds.size(made.coefficients) + made.deviation.bound
    relative = spread(unsure / least, exponent) + _ROUNDINGS * UNIT
    lebesgue = 1 + 2 / np.pi * np.log(made.coefficients.shape[1] + 64)
    wrong = 1.01 * lebesgue * relative * tops
    deviation = made.deviation + Deviation(wrong, wrong / 16)
    misplaced = made.misplaced + _misplaced(f, made, exponent)
    return replace(made, deviation=deviation, misplaced=misplaced).checked("the power")


def spread(part: FloatArray, exponent: float) -> FloatArray:
    """Return by which part a power may be off whose base may be off by a part of it, below 1."""
    inside = np.minimum(part, 1 - UNIT)
    ends = [np.abs(np.expm1(exponent * np.log1p(sign * inside))) for sign in (1.0, -1.0)]
    return np.asarray(np.where(part < 1, np.maximum(*ends), np.inf))


def _misplaced(f: Pieces, made: Pieces, exponent: float) -> Misplaced:
    """Return what is misplaced: a power changes differences by at most its largest slope."""
    old = f.misplaced
    if not (old.area or old.height or old.reach):
        return NOTHING
    least = float(least_sizes(f.coefficients, f.deviation.bound).min())
    largest = made.top()
    slope = 1.01 * abs(exponent) * largest / least
    # Beside a break that is off its place the function is what it is on the other side.
    return Misplaced(slope * old.area, 2.02 * largest, old.reach, 0.0)
