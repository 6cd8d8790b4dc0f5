"""Which laws have atoms and which a density, seen point by point."""

from __future__ import annotations

import numpy as np

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.law.law import Law
from faltung.distributions.mixed.mixed import Mixed
from faltung.distributions.numbers.rounding import Floats
from faltung.distributions.operations.pointwise import Pointwise


def atom_points(law: Law) -> Floats:
    """Return the places of the atoms of a law, ascending; none of a density."""
    if isinstance(law, Atoms):
        return np.asarray(law.points)
    if isinstance(law, Mixed):
        return np.asarray(law.atoms.points) if law.atoms is not None else np.empty(0)
    return law._atom_points() if isinstance(law, Pointwise) else np.empty(0)


def mass_at(law: Law, x: Floats) -> Floats:
    """Return P(X = x), 0 for a density."""
    if isinstance(law, Atoms | Mixed) or (isinstance(law, Pointwise) and len(atom_points(law))):
        return np.asarray(law.pmf(x))
    return np.zeros_like(x)


def density_at(law: Law, x: Floats) -> Floats:
    """Return the density at x, 0 for a discrete law."""
    return np.zeros_like(x) if isinstance(law, Atoms) else np.asarray(law.pdf(x))


def log_density_at(law: Law, x: Floats) -> Floats:
    """Return the logarithm of the density at x, -inf for a discrete law."""
    return np.full_like(x, -np.inf) if isinstance(law, Atoms) else np.asarray(law.logpdf(x))


def below(law: Law, x: Floats) -> Floats:
    """Return P(X < x) for x as a float: no float lies between it and its neighbour."""
    return np.asarray(law.cdf(np.nextafter(x, -np.inf)))


def above_or_at(law: Law, x: Floats) -> Floats:
    """Return P(X >= x)."""
    return np.asarray(law.sf(np.nextafter(x, -np.inf)))
