"""Closed forms: which sums of named laws are named laws again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from faltung.distributions.families.bells import Normal
from faltung.distributions.families.bounded import Uniform
from faltung.distributions.families.family import Family
from faltung.distributions.families.gamma_sums import LARGEST_RATIO, GammaSum, Summand
from faltung.distributions.families.heavy import Cauchy, Levy
from faltung.distributions.families.inverse_gaussian import InverseGaussian
from faltung.distributions.families.irwin_hall import MOST_UNIFORMS, IrwinHall
from faltung.distributions.families.waiting import Exponential, Gamma
from faltung.distributions.numbers.rational import written
from faltung.errors import OptionError

Located: TypeAlias = tuple[Family, Fraction, Fraction]  # a standard law, its location and scale

_ROOT_BITS = 256
_MOST_COPIES = 10**15


def closed_sum(x: Located, y: Located) -> Located | None:
    """Return the law of X + Y if it has a name, else None.

    ====================  ======================================================================
    normal + normal       variances add up
    Cauchy + Cauchy       scales add up
    Lévy + Lévy           roots of the scales add up; both on the same side
    gamma + gamma         shapes add up, of equal scales; exponential and chi squared ones too
                          other scales up to 50 times the smallest: a mixture of gamma laws
    uniform + uniform     of equal width, reflected or not: Irwin and Hall's law, up to 1000 of them
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
    parts = gamma_parts(f, s), gamma_parts(g, t)
    if parts[0] and parts[1]:
        return gamma_sum(loc, [*parts[0], *parts[1]]) if s * t > 0 else None
    counts = uniform_count(f), uniform_count(g)
    if counts[0] and counts[1]:
        return _uniforms(loc, (counts[0], s), (counts[1], t))
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
    if parts := gamma_parts(family, scale):
        if n > _MOST_COPIES:
            raise OptionError(f"n={written(n)}: of so many gamma variables take the normal limit")
        return gamma_sum(
            n * loc, [Summand(n * p.shape, p.scale, n * p.noncentrality) for p in parts]
        )
    if count := uniform_count(family):
        return _uniforms(n * loc, (n * count, scale))
    if isinstance(family, InverseGaussian):
        return InverseGaussian(family.mu / n), n * loc, n * n * scale
    return None


def gamma_parts(family: Family, scale: Fraction) -> list[Summand] | None:
    """Return the gamma variables of which a law is the sum; scales are signed."""
    if isinstance(family, Exponential):
        return [Summand(Fraction(1), scale)]
    if isinstance(family, Gamma):
        return [Summand(family.shape, scale)]
    if isinstance(family, GammaSum):
        return [replace(part, scale=part.scale * scale) for part in family.summands]
    return None


def gamma_sum(loc: Fraction, parts: Sequence[Summand]) -> Located | None:
    """Return the law of the sum of gamma variables on one side; None if their scales are far apart."""
    groups: dict[Fraction, Summand] = {}
    for part in parts:
        known = groups.get(part.scale, Summand(Fraction(0), part.scale))
        delta = known.noncentrality + part.noncentrality
        groups[part.scale] = Summand(known.shape + part.shape, part.scale, delta)
    scales = sorted(groups, key=abs)
    least = scales[0]
    if scales[-1] / least > LARGEST_RATIO:
        return None
    summands = tuple(replace(groups[s], scale=s / least) for s in scales)
    if len(summands) == 1 and not summands[0].noncentrality:
        return Gamma(summands[0].shape), loc, least
    return GammaSum(summands), loc, least


def uniform_count(family: Family) -> int | None:
    """Return of how many uniform variables a law is the sum."""
    if isinstance(family, Uniform):
        return 1
    return family.n if isinstance(family, IrwinHall) else None


def _uniforms(loc: Fraction, *parts: tuple[int, Fraction]) -> Located | None:
    """Return the law of uniform variables of one width: so many of each scale.

    One on [-w, 0] is one on [0, w], moved by -w.
    """
    count, scales = sum(n for n, _ in parts), {scale for _, scale in parts}
    if len({abs(scale) for scale in scales}) > 1 or count > MOST_UNIFORMS:
        return None
    if len(scales) == 1:
        return IrwinHall(count), loc, scales.pop()
    moved = sum((n * scale for n, scale in parts if scale < 0), loc)
    return IrwinHall(count), moved, max(scales)


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
