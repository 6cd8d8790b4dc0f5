"""Products and powers of independent positive variables, through sums of their logarithms."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.grids import gathered
from faltung.distributions.discrete.lattice import point
from faltung.distributions.families.exponents import exponential_of
from faltung.distributions.families.named import NamedDensity
from faltung.distributions.law.law import Law
from faltung.distributions.law.operands import as_operand, is_law
from faltung.distributions.mixed.mixed import Mixed, mixed
from faltung.distributions.mixed.parts import Omitted, Part
from faltung.distributions.numbers.rational import (
    Integers,
    affine,
    as_rational,
    brief,
    is_number,
    rational_gcd,
    written,
)
from faltung.distributions.numbers.rounding import ROUNDOFF, chained
from faltung.distributions.operations.logarithms import Exponential, Logarithm
from faltung.distributions.weights.given import products
from faltung.errors import DtypeError, OptionError

_MOST_PAIRS = 2**22
_MOST_ATOMS = 400


def product(x: Law, y: Law) -> Law:
    """Return the law of the product of two independent variables.

    Parameters
    ----------
    x, y
        Laws; of those with a density, one of which both must not have values of both signs.

    Returns
    -------
    Law
        Discrete if both are, exact if they are; a mixture of multiples if one is discrete; and for
        two densities the exponential of the sum of the logarithms.

    Raises
    ------
    DtypeError
        If an operand is no law.
    OptionError
        If both have a density and one takes values of both signs; if there are too many atoms.

    Notes
    -----
    log(XY) = log X + log Y is a sum: the densities of the logarithms are convolved, with relative
    accuracy in both tails where the operands have it. Those of laws with a name have names: a product
    of lognormal variables is lognormal, one of uniform variables the exponential of minus a gamma
    variable, one of Pareto variables that of a gamma one. A constant factor is ``c * X``.

    Examples
    --------
    >>> from faltung.distributions import die, distribution
    >>> product(die(6), die(6)).pmf(12, exact=True)
    Fraction(1, 9)
    >>> area = product(distribution("uniform(0, 1)"), distribution("uniform(0, 1)"))
    >>> round(area.cdf(0.5), 10)
    0.8465735903
    """
    for law in (x, y):
        if not is_law(as_operand(law)):
            raise DtypeError(f"product takes laws, not a {type(law).__name__}: c * X scales a law")
    if isinstance(x, Atoms) and isinstance(y, Atoms):
        return _of_atoms(x, y)
    for one, other in ((x, y), (y, x)):
        if isinstance(one, Mixed):
            parts = [Part(weight, product(part, other)) for weight, part in one.components()]
            return mixed(parts, one._relative, _between_products(one._omitted, one, other))
    if isinstance(x, Atoms):
        return _multiples(x, y)
    if isinstance(y, Atoms):
        return _multiples(y, x)
    sign = _sign(x) * _sign(y)
    total = logarithm(x * _sign(x)) + logarithm(y * _sign(y))
    named = exponential_of(total) if isinstance(total, NamedDensity) else None
    return (named or exponential(total)) * sign


def power(law: Law, exponent: Any) -> Law:
    """Return the law of ``X**exponent`` for a positive variable with a density.

    Parameters
    ----------
    law
        A law with a density on positive values.
    exponent
        Any number but 0.

    Raises
    ------
    OptionError
        If `exponent` is 0 or no number, or X takes negative values.

    Examples
    --------
    >>> from faltung.distributions import distribution
    >>> square = power(distribution("uniform(0, 1)"), 2)
    >>> round(square.cdf(0.25), 12)
    0.5
    """
    if not is_number(exponent) or exponent == 0:
        raise OptionError(f"exponent={written(exponent)}: write a number other than 0")
    _refuse_atoms(law, "power")
    if law.support()[0] < 0:
        raise OptionError(
            f"a power of a variable from {law.support()[0]:.6g} on: write a law of positive values, such "
            "as abs(X) for an even power, or X.truncate(low=0)"
        )
    return exponential(logarithm(law) * as_rational(exponent, "exponent"))


def exponential(law: Law) -> Law:
    """Return the law of exp(X) for a law with a density; see :func:`logarithm`.

    Examples
    --------
    >>> import scipy.stats
    >>> from faltung.distributions import distribution
    >>> law = exponential(distribution("normal(0, 1)"))
    >>> round(float(law.sf(3) / scipy.stats.lognorm(1).sf(3)), 9)
    1.0
    """
    _refuse_atoms(law, "exponential")
    return law._inner if isinstance(law, Logarithm) else Exponential(law)


def logarithm(law: Law) -> Law:
    """Return the law of log(X) for a law with a density on positive values.

    Raises
    ------
    OptionError
        If X takes negative values.
    DtypeError
        If it has atoms.
    """
    _refuse_atoms(law, "logarithm")
    if law.support()[0] < 0:
        raise OptionError(
            f"the logarithm of a variable from {law.support()[0]:.6g} on: write a law of positive "
            "values, such as X.truncate(low=0)"
        )
    return law._inner if isinstance(law, Exponential) else Logarithm(law)


def _refuse_atoms(law: Law, what: str) -> None:
    if not is_law(as_operand(law)):
        raise DtypeError(
            f"{what} takes a law, not a {type(law).__name__}: make it one with "
            "faltung.distribution(...)"
        )
    if isinstance(law, Atoms):
        raise DtypeError(
            f"{what} takes a law with a density, not a discrete one: move its points yourself, "
            "distribution({f(x): p for x, p in zip(law.points, law.weights)})"
        )
    if isinstance(law, Mixed):
        raise DtypeError(
            f"{what} takes a law with a density alone, and this one has atoms too: mix what becomes "
            "of its components()"
        )


def _sign(law: Law) -> int:
    low, high = law.support()
    if low < 0 < high:
        raise OptionError(
            f"a factor takes values from {low:.6g} to {high:.6g}, and with a density it may have one "
            "sign only: mix the products of X.truncate(high=0) and X.truncate(low=0)"
        )
    return 1 if low >= 0 else -1


def _of_atoms(x: Atoms, y: Atoms) -> Atoms:
    if len(x) * len(y) > _MOST_PAIRS:
        raise OptionError(
            f"the product has {brief(len(x) * len(y))} pairs of points, at most {brief(_MOST_PAIRS)}"
        )
    (a, first), (b, second) = _multiples_of(x), _multiples_of(y)
    numbers = np.multiply.outer(a.astype(object), b.astype(object)).ravel()
    return gathered(products(x._weights, y._weights), Fraction(0), first * second, numbers)


def _multiples_of(law: Atoms) -> tuple[Integers, Fraction]:
    """Return integers and the number that they are multiples of."""
    unit = rational_gcd(law._step, law._start) or Fraction(1)
    return affine(law._indices, int(law._step / unit), int(law._start / unit)), unit


def _multiples(atoms: Atoms, law: Law) -> Law:
    if len(atoms) > _MOST_ATOMS:
        raise OptionError(
            f"the product with a law of {len(atoms)} points is a mixture of as many densities, and at "
            f"most {_MOST_ATOMS} are supported: round it to fewer points"
        )
    weights = atoms._weights.to_float()
    parts = []
    for k, chance in zip(atoms._indices.tolist(), weights.floats.tolist(), strict=True):
        factor = atoms._start + atoms._step * int(k)
        parts.append(Part(chance, law._scaled(factor) if factor else point(0)))
    left = _between_products(Omitted(atoms.neglected_mass), atoms, law)
    return mixed(parts, chained(weights.error_bound, ROUNDOFF), left)


def _between_products(left: Omitted, x: Law, y: Law) -> Omitted:
    """Return what is left out of one factor as what the product lacks."""
    ends = (a * b if a and b else 0.0 for a in x.support() for b in y.support())
    return left.between(*ends)
