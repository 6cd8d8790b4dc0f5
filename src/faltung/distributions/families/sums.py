"""Closed forms: which sums of named laws are named laws again."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TypeAlias

from faltung.distributions.families.bells import Normal
from faltung.distributions.families.family import Family
from faltung.distributions.families.heavy import Cauchy, Levy
from faltung.distributions.families.inverse_gaussian import InverseGaussian
from faltung.distributions.families.waiting import Exponential, Gamma

Located: TypeAlias = tuple[Family, Fraction, Fraction]  # a standard law, its location and scale

_ROOT_BITS = 256


def closed_sum(x: Located, y: Located) -> Located | None:
    """Return the law of X + Y if it has a name, else None.

    ====================  ======================================================================
    normal + normal       variances add up
    Cauchy + Cauchy       scales add up
    Lévy + Lévy           roots of the scales add up; both on the same side
    gamma + gamma         shapes add up, of equal scales; exponential and chi squared ones too
    inverse Gaussian      both, of equal mean^2 / lambda: means and roots of lambda add up
    ====================  ======================================================================

    (Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions*, vol. 1, 2nd ed., sections
    13.3, 15.5, 16.2, 17.6; for Lévy's law, Feller, *Probability Theory*, vol. 2, section VI.2.)
    """
    (f, a, s), (g, b, t) = x, y
    loc = a + b
    if isinstance(f, Normal) and isinstance(g, Normal):
        return f, loc, root(s * s + t * t)
    if isinstance(f, Cauchy) and isinstance(g, Cauchy):
        return f, loc, s + t
    if isinstance(f, Levy) and isinstance(g, Levy):
        # (sqrt s + sqrt t)^2
        return (f, loc, s + t + (2 if s > 0 else -2) * root(s * t)) if s * t > 0 else None
    shapes = _gamma_shape(f), _gamma_shape(g)
    if shapes[0] and shapes[1]:
        return (Gamma(shapes[0] + shapes[1]), loc, s) if s == t else None
    if isinstance(f, InverseGaussian) and isinstance(g, InverseGaussian):
        return _inverse_gaussian(loc, (f.mu, s), (g.mu, t))
    return None


def closed_copies(x: Located, n: int) -> Located | None:
    """Return the law of the sum of n >= 1 copies if it has a name, else None."""
    family, loc, scale = x
    if isinstance(family, Normal):
        return family, n * loc, root(n * scale * scale)
    if isinstance(family, Cauchy):
        return family, n * loc, n * scale
    if isinstance(family, Levy):
        return family, n * loc, n * n * scale
    if shape := _gamma_shape(family):
        return Gamma(n * shape), n * loc, scale
    if isinstance(family, InverseGaussian):
        return InverseGaussian(family.mu / n), n * loc, n * n * scale
    return None


def _gamma_shape(family: Family) -> Fraction | None:
    """Return the shape of a law that is a gamma law."""
    if isinstance(family, Exponential):
        return Fraction(1)
    return family.shape if isinstance(family, Gamma) else None


def _inverse_gaussian(
    loc: Fraction, x: tuple[Fraction, Fraction], y: tuple[Fraction, Fraction]
) -> Located | None:
    """Return the sum of scale IG(mu, 1), which has mean scale mu and lambda = scale."""
    (mu, s), (nu, t) = x, y
    ratio = s * mu * mu
    if ratio != t * nu * nu:
        return None
    mean = s * mu + t * nu
    return InverseGaussian(ratio / mean), loc, mean * mean / ratio


def root(square: Fraction) -> Fraction:
    """Return the square root: exactly if it is rational, else to 2**-128 relatively at least.

    Examples
    --------
    >>> root(Fraction(25, 9)), float(root(Fraction(2))) == math.sqrt(2)
    (Fraction(5, 3), True)
    """
    numerator, denominator = math.isqrt(square.numerator), math.isqrt(square.denominator)
    if numerator**2 == square.numerator and denominator**2 == square.denominator:
        return Fraction(numerator, denominator)
    size = square.numerator.bit_length() - square.denominator.bit_length()
    shift = (_ROOT_BITS - size) // 2 * 2
    scaled = square * Fraction(2) ** shift  # between 2**254 and 2**258
    return Fraction(math.isqrt(int(scaled))) / Fraction(2) ** (shift // 2)
