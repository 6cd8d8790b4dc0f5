"""Which laws have atoms and which a density, seen point by point."""

from __future__ import annotations

import numpy as np

from faltung.distributions.continuous.density import Density
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.law.law import Law
from faltung.distributions.mixed.mixed import Mixed
from faltung.distributions.numbers.rounding import Floats
from faltung.distributions.operations.pointwise import Pointwise
from faltung.errors import FaltungError


def atom_points(law: Law) -> Floats:
    """Return the places of the atoms of a law, ascending; none of a density."""
    if isinstance(law, Atoms):
        return np.asarray(law.points)
    if isinstance(law, Mixed):
        return np.asarray(law.atoms.points) if law.atoms is not None else np.empty(0)
    return law._atom_points() if isinstance(law, Pointwise) else np.empty(0)


def density_breaks(law: Law) -> list[float]:
    """Return where the density of a law may jump."""
    if isinstance(law, Density):
        try:
            return [float(x) for x in law.function.breaks]
        except FaltungError:  # too many shifted copies: the adaptive pieces find their own way
            return []
    if isinstance(law, Mixed):
        return [x for _, part in law.components() for x in density_breaks(part)]
    return law._breaks() if isinstance(law, Pointwise) else []


def mass_at(law: Law, x: Floats) -> Floats:
    """Return P(X = x), 0 for a density."""
    if isinstance(law, Atoms | Mixed) or (isinstance(law, Pointwise) and len(atom_points(law))):
        return np.asarray(law.pmf(x))
    return np.zeros_like(x)


def density_at(law: Law, x: Floats) -> Floats:
    """Return the density at x, 0 for a discrete law."""
    return np.zeros_like(x) if isinstance(law, Atoms) else np.asarray(law.pdf(x))


def below(law: Law, x: Floats) -> Floats:
    """Return P(X < x) for x as a float: no float lies between it and its neighbour."""
    return np.asarray(law.cdf(np.nextafter(x, -np.inf)))


def above_or_at(law: Law, x: Floats) -> Floats:
    """Return P(X >= x)."""
    return np.asarray(law.sf(np.nextafter(x, -np.inf)))
