"""The sum of two independent variables, by the kinds of their laws."""

from __future__ import annotations

from faltung.distributions.continuous.density import Density
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.points import add_atoms
from faltung.distributions.families.named import NamedDensity
from faltung.distributions.law.law import Law
from faltung.errors import DtypeError


def add(x: Law, y: Law) -> Law:
    """Return the law of X + Y for independent X and Y with the laws `x` and `y`.

    This is the convolution of the two laws. ``add(x, x)`` adds two independent copies; twice the
    same variable is ``2 * x``.

    Raises
    ------
    DtypeError
        If an operand is no law.

    Examples
    --------
    >>> from faltung.distributions import die
    >>> add(die(4), die(4)).support()
    (2.0, 8.0)
    """
    for law in (x, y):
        if not isinstance(law, Law):
            raise DtypeError(
                f"add takes two laws, not a {type(law).__name__}: make it one with "
                "faltung.distribution(...)"
            )
    if isinstance(x, Atoms) and isinstance(y, Atoms):
        return add_atoms(x, y)
    if isinstance(x, Density) and isinstance(y, Density):
        return y._plus_density(x) if isinstance(y, NamedDensity) else x._plus_density(y)
    if isinstance(x, Density) and isinstance(y, Atoms):
        return x._plus_atoms(y)
    if isinstance(x, Atoms) and isinstance(y, Density):
        return y._plus_atoms(x)
    raise DtypeError(f"no rule adds a {type(x).__name__} and a {type(y).__name__}")
