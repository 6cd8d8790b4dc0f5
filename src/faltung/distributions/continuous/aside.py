"""Errors of a density that are set aside, so that a convolution does not count them again and again.

A piece keeps its error in units of its weight, and a convolution of two chains integrates those errors
and interpolates them: the bound grows about nine times in X + X. But if f is off by at most a part r of
itself wherever it is positive, and g by s, then f * g is off by at most (1 + r) (1 + s) - 1 of itself,
and likewise for areas. So what is off by no more than a part of itself is taken out of the pieces
before, and is counted by :class:`~faltung.distributions.continuous.facts.Apart` after.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from faltung.distributions.continuous.facts import Apart
from faltung.functions import Function, bounds
from faltung.functions.bounds import Deviation
from faltung.functions.chains import apart
from faltung.functions.chains.chain import Chain
from faltung.functions.polynomials.pieces import Pieces

# Pieces that are off by more than this, and by so many times more than what half of the mass is off by,
# stay as they are: a common part would be too large for the others.
_HARMLESS, _UNEVEN = 3e-11, 32

# Nor is a larger part set aside.
_LARGEST = 1e-4

# What stays counts for so much more, so that products of parts r, s and errors d that stay are in it:
# beside |f| * d there is at most 3 r |f| * d, for f itself may be as far below 0 as it is off.
_WITH_PRODUCTS = 1 + 4 * _LARGEST


def set_aside(function: Function) -> tuple[Function, Apart]:
    """Return a density with the errors of most pieces taken out, and these."""
    content = function._content
    if isinstance(content, Pieces):
        return function, Apart()
    chain = content.chain
    relative, areas = apart.relative_deviations(chain), apart.areas(chain)
    own, likely = relative.bound, relative.estimate
    with np.errstate(invalid="ignore", over="ignore"):
        outside = chain.deviation.bound * areas
        common = max(_UNEVEN * _middle(own, _masses(chain, areas)), _HARMLESS)
        taken = own <= min(common, _LARGEST)
    taken &= np.isfinite(outside)
    if not taken.any():
        return function, Apart()
    off = Apart(
        float(own[taken].max()),
        float(likely[taken].max()),
        float(outside[taken].sum()),
        float((chain.deviation.estimate * areas)[taken].sum()),
    )
    kept = replace(content, chain=apart.without_deviation(chain, taken, _WITH_PRODUCTS))
    return Function._of(kept), off


def with_apart(function: Function, off: Apart) -> Function:
    """Return a density whose own bounds count what was set aside."""
    content = function._content
    if not off.relative:
        return function
    if isinstance(content, Pieces):
        return Function._of(replace(content, deviation=_with(content, off)))
    chain = content.chain
    return Function._of(replace(content, chain=replace(chain, deviation=_with(chain, off))))


def _with(chain: Chain | Pieces, off: Apart) -> Deviation:
    largest = bounds.size(chain.coefficients) + chain.deviation.bound
    return chain.deviation + Deviation(largest * off.relative, largest * off.relative_estimate)


def _masses(chain: Chain, areas: np.ndarray) -> np.ndarray:
    """Return about the integral of each piece."""
    masses = np.abs(chain.coefficients[:, 0]) * areas
    return np.where(np.isfinite(masses), masses, 0.0)


def _middle(values: np.ndarray, masses: np.ndarray) -> float:
    """Return what half of the mass is at most."""
    order = np.argsort(values)
    total = np.cumsum(masses[order])
    return float(values[order][np.searchsorted(total, 0.5 * total[-1])])
