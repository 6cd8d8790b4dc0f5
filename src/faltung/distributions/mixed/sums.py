"""Sums of mixtures: the mixture of the sums of their parts."""

from __future__ import annotations

from faltung.distributions.continuous.blends import one_density
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.lattice import point
from faltung.distributions.law.law import Law
from faltung.distributions.mixed.mixed import Mixed, mixed
from faltung.distributions.mixed.parts import Part
from faltung.distributions.numbers.rational import written
from faltung.distributions.numbers.rounding import ROUNDOFF, chained
from faltung.errors import OptionError

_MOST_DENSITIES = 8  # more are made one function before the next sum


def plus(x: Law, y: Law) -> Law:
    """Return the law of the sum of independent variables, of which one is a mixture at least.

    With X from A or D and Y from B or E, the sum is from A + B, A + E, D + B or D + E, with the
    products of the weights. (Drawn together, as P(X in A) P(Y in B) for independent X and Y.)
    """
    from faltung.distributions.algebra import add

    same = x is y
    one, relative = _parts(x)
    other, second = (one, relative) if same else _parts(y)
    sums = []
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            if not same or i <= j:
                twice = 2 if same and i < j else 1  # D + E and E + D are one law
                sums.append(Part(twice * a.weight * b.weight, add(a.law, b.law)))
    return mixed(sums, chained(relative, second, 2 * ROUNDOFF))


def copies(law: Mixed, n: int) -> Law:
    """Return the law of the sum of `n` independent copies, by squaring.

    Raises
    ------
    OptionError
        If so many copies leave nothing known.
    """
    if n == 0:
        return point(0)
    result: Law = law
    for bit in bin(n)[3:]:
        result = plus(result, result)
        if bit == "1":
            result = plus(result, law)
        if not result.error_bound < 1:
            raise OptionError(
                f"n={written(n)}: of the sum of so many copies nothing would be known, the bound is "
                f"{result.error_bound:.2g} on the way; take its normal limit"
            )
    return result


def _parts(law: Law) -> tuple[tuple[Part, ...], float]:
    """Return the parts of a law, the densities joined if there are many."""
    if not isinstance(law, Mixed):
        return (Part(1.0, law),), 0.0
    smooth = [part for part in law._parts if not isinstance(part.law, Atoms)]
    if len(smooth) <= _MOST_DENSITIES:
        return law._parts, law._relative
    weight = sum(part.weight for part in smooth)
    joined = one_density([(part.weight / weight, part.law) for part in smooth])
    return (*law._grained(), Part(weight, joined)), law._relative + len(smooth) * ROUNDOFF
