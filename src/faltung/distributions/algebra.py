"""The sum of independent variables, by the kinds of their laws."""

from __future__ import annotations

from functools import reduce

from faltung.distributions.continuous.density import Density
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.lattice import Lattice
from faltung.distributions.discrete.points import add_all, add_atoms
from faltung.distributions.families.named import NamedDensity
from faltung.distributions.law.law import Law
from faltung.distributions.mixed.mixed import Mixed
from faltung.distributions.mixed.sums import plus
from faltung.distributions.numbers.rational import is_number
from faltung.distributions.operations.pointwise import Pointwise
from faltung.errors import DtypeError


def add(*laws: Law) -> Law:
    """Return the law of the sum of independent variables with these laws.

    This is the convolution of the laws. ``add(x, x)`` adds two independent copies; twice the
    same variable is ``2 * x``. Many laws are added in one call faster than by ``+``: thousands of
    discrete ones on a common lattice are one product.

    Parameters
    ----------
    *laws
        Any number of laws; the sum of none is 0.

    Raises
    ------
    DtypeError
        If an operand is no law.

    Examples
    --------
    >>> from faltung.distributions import die, distribution
    >>> add(die(4), die(4)).support()
    (2.0, 8.0)
    >>> losses = [distribution({0: 0.99, amount: 0.01}) for amount in range(1, 100)]
    >>> round(add(*losses).sf(200), 9)
    0.019344189
    """
    for law in laws:
        if not isinstance(law, Law):
            raise _no_law(law)
    if len(laws) == 2:
        return _add(*laws)
    atoms = [law for law in laws if isinstance(law, Atoms)]
    rest = [law for law in laws if not isinstance(law, Atoms)]
    first: list[Law] = [add_all(atoms)] if atoms or not rest else []
    return reduce(_add, [*rest, *first])


def _no_law(operand: object) -> DtypeError:
    if is_number(operand):
        return DtypeError(f"add takes laws, not the number {operand}: write point({operand})")
    kind = type(operand).__name__
    if isinstance(operand, list | tuple):
        return DtypeError(f"add takes laws one by one, not a {kind} of them: write add(*laws)")
    return DtypeError(f"add takes laws, not a {kind}: make it one with faltung.distribution(...)")


def _add(x: Law, y: Law) -> Law:
    """Return the sum of two, by their kinds."""
    for one, other in ((x, y), (y, x)):
        if isinstance(one, Atoms) and one._is_constant():
            return other._shifted(one._start)
    x, y = _resolved(x, y)
    if isinstance(x, Atoms) and isinstance(y, Atoms):
        return _closed(x, y) or add_atoms(x, y)
    if isinstance(x, Density) and isinstance(y, Density):
        return y._plus_density(x) if isinstance(y, NamedDensity) else x._plus_density(y)
    if isinstance(x, Density) and isinstance(y, Atoms):
        return x._plus_atoms(y)
    if isinstance(x, Atoms) and isinstance(y, Density):
        return y._plus_atoms(x)
    if isinstance(x, Mixed) or isinstance(y, Mixed):
        return plus(x, y)
    raise DtypeError(f"no rule adds a {type(x).__name__} and a {type(y).__name__}")


def _closed(x: Atoms, y: Atoms) -> Lattice | None:
    """Return the sum of two counting laws of one family, None if it has no closed form."""
    if not (isinstance(x, Lattice) and isinstance(y, Lattice) and x._known and y._known):
        return None
    return Lattice._closed(x._known.plus(y._known), f"{x._known} + {y._known}")


def _resolved(x: Law, y: Law) -> tuple[Law, Law]:
    """Return both, those that are known point by point made functions; one law stays one object."""
    if isinstance(x, Pointwise):
        first = x.resolved()
        return (first, first) if x is y else (first, _resolved(y, first)[0])
    return (x, y.resolved()) if isinstance(y, Pointwise) else (x, y)
