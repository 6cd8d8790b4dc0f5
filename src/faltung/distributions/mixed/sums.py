"""Sums of mixtures: the mixture of the sums of their parts."""

from __future__ import annotations

import math

from faltung.distributions.continuous.blends import one_density
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.lattice import point
from faltung.distributions.families.named import NamedDensity
from faltung.distributions.families.sums import closed_sum
from faltung.distributions.law.law import Law
from faltung.distributions.mixed.mixed import Mixed, mixed
from faltung.distributions.mixed.parts import Omitted, Part
from faltung.distributions.numbers.rational import written
from faltung.distributions.numbers.rounding import ROUNDOFF, chained, gamma
from faltung.errors import OptionError

_MOST_DENSITIES = 8  # more are made one function before a sum, if it were one of many pairs
_MOST_PAIRS = 16
_MOST_CLOSED = 64  # pairs of sums that have a name
_MOST_POWERS = 100


def plus(x: Law, y: Law) -> Law:
    """Return the law of the sum of independent variables, of which one is a mixture at least.

    With X from A or D and Y from B or E, the sum is from A + B, A + E, D + B or D + E, with the
    products of the weights. (Drawn together, as P(X in A) P(Y in B) for independent X and Y.)
    """
    from faltung.distributions.algebra import add

    closed = x._closed_plus(y) if isinstance(x, Mixed) else None
    if closed is not None:
        return closed
    same = x is y
    many = _are_many(x, y)
    one, relative = _parts(x, many=many)
    other, second = (one, relative) if same else _parts(y, many=many)
    sums = []
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            if not same or i <= j:
                twice = 2 if same and i < j else 1  # D + E and E + D are one law
                sums.append(Part(twice * a.weight * b.weight, add(a.law, b.law)))
    return mixed(sums, chained(relative, second, 2 * ROUNDOFF), _left_out(x, y))


def copies(law: Mixed, n: int) -> Law:
    """Return the law of the sum of `n` independent copies.

    Of atoms A with mass w and one density D, by how many copies are from D, k of them with the
    probability ``C(n, k) w^(n - k) (1 - w)^k``: the sum of n - k of A and k of D. Of more
    densities, and of many copies, by squaring.

    Raises
    ------
    OptionError
        If so many copies leave nothing known.
    """
    if n == 0:
        return point(0)
    if law.atoms is not None and len(law._smooth()) == 1 and 1 < n <= _MOST_POWERS:
        return _by_number(law, n)
    result: Law = law
    for bit in bin(n)[3:]:
        result = _known(plus(result, result), n)
        if bit == "1":
            result = _known(plus(result, law), n)
    return result


def _by_number(law: Mixed, n: int) -> Law:
    from faltung.distributions.algebra import add

    first, second = law._parts
    atoms: list[Law] = [point(0), first.law]
    densities: list[Law] = [point(0), second.law]
    for powers in (atoms, densities):
        for k in range(2, n + 1):  # of halves: the fewest sums lie one upon another
            powers.append(add(powers[k // 2], powers[k - k // 2]))
    sums = []
    for k in range(n + 1):
        weight = math.comb(n, k) * first.weight ** (n - k) * second.weight**k
        sums.append(Part(weight, _known(add(atoms[n - k], densities[k]), n)))
    left = law._omitted
    left = left.times(n).between(n * left.low, n * left.high)
    return _known(mixed(sums, chained(*[law._relative] * n, gamma(6)), left), n)


def _left_out(x: Law, y: Law) -> Omitted:
    """Return what the sum leaves out: what either of the laws does, plus anything of the other."""
    mass = sum(law._omitted.mass for law in (x, y) if isinstance(law, Mixed))
    ends = (a + b for a, b in zip(x.support(), y.support(), strict=True))
    return Omitted(mass).between(*ends)


def _known(law: Law, n: int) -> Law:
    """Refuse a sum of which nothing is known."""
    if not law.error_bound < 1:
        raise OptionError(
            f"n={written(n)}: of the sum of so many copies nothing would be known, the bound is "
            f"{law.error_bound:.2g} on the way; sum discretize(X, step) for two sides "
            "that hold, or take its normal limit"
        )
    return law


def _are_many(x: Law, y: Law) -> bool:
    """Tell whether so many sums of pairs cost more than one sum of what is joined before."""
    one, other = (law._parts if isinstance(law, Mixed) else (Part(1.0, law),) for law in (x, y))
    pairs = len(one) * len(other)
    if pairs <= _MOST_PAIRS or pairs > _MOST_CLOSED:
        return pairs > _MOST_PAIRS
    return not all(_is_closed(a.law, b.law) for a in one for b in other)


def _is_closed(x: Law, y: Law) -> bool:
    """Tell whether the sum of two laws has a name, or costs as little."""
    if isinstance(x, Atoms) or isinstance(y, Atoms):
        return True
    if not (isinstance(x, NamedDensity) and isinstance(y, NamedDensity)):
        return False
    return closed_sum(x._located(), y._located()) is not None


def _parts(law: Law, *, many: bool) -> tuple[tuple[Part, ...], float]:
    """Return the parts of a law, the densities joined if there are many, of many pairs."""
    if not isinstance(law, Mixed):
        return (Part(1.0, law),), 0.0
    smooth = [part for part in law._parts if not isinstance(part.law, Atoms)]
    if not many or len(smooth) <= _MOST_DENSITIES:
        return law._parts, law._relative
    weight = sum(part.weight for part in smooth)
    joined = one_density([(part.weight / weight, _as_function(part.law)) for part in smooth])
    return (*law._grained(), Part(weight, joined)), law._relative + len(smooth) * ROUNDOFF


def _as_function(law: Law) -> Law:
    """Return a law that is known point by point as one function, any other as it is."""
    made = getattr(law, "resolved", None)
    return law if made is None else made()
