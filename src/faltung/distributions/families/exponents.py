"""Closed forms: which logarithms and exponentials of named laws are named laws."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

from faltung.distributions.continuous.mixture import is_pure
from faltung.distributions.families.bells import Lognormal, Normal
from faltung.distributions.families.bounded import Beta, Triangular, Uniform
from faltung.distributions.families.family import Family
from faltung.distributions.families.heavy import Levy, Lomax
from faltung.distributions.families.logarithms import LogOf, is_followed
from faltung.distributions.families.named import NamedDensity
from faltung.distributions.families.sums import Located
from faltung.distributions.families.waiting import Exponential, Gamma, Weibull

_DIGITS = Context(prec=60, Emin=-(10**6), Emax=10**6)  # so that nothing is lost beside a rounding
_LARGEST_EXPONENT = 700
_SHAPES = (1e-8, 1e8)


def log_of_number(number: Fraction) -> Fraction:
    """Return the logarithm of a positive number to 50 digits.

    Examples
    --------
    >>> import math
    >>> float(log_of_number(Fraction(2))) == math.log(2)
    True
    """
    quotient = _DIGITS.divide(Decimal(number.numerator), Decimal(number.denominator))
    return Fraction(_DIGITS.ln(quotient))


def exp_of_number(number: Fraction) -> Fraction:
    """Return the exponential of a number to 50 digits."""
    quotient = _DIGITS.divide(Decimal(number.numerator), Decimal(number.denominator))
    return Fraction(_DIGITS.exp(quotient))


def logarithm_of(law: NamedDensity) -> NamedDensity | None:
    """Return the law of log X if it has a name, else None; X is positive.

    ==============================  =====================================================
    lognormal                       normal
    uniform from 0 on, power law    minus an exponential one
    Pareto                          exponential
    Weibull                         log of an exponential variable, over the shape
    Lévy                            minus the log of a gamma variable of shape 1/2
    any other from 0 on             its own cdf, sf and density at exp(t)
    ==============================  =====================================================

    (Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions*, vol. 1, 2nd ed., sections
    14.1, 20.8, 21.1; vol. 2, section 25.1.)
    """
    family, loc, scale = _upright(law._located())
    if not is_pure(law._atoms) or scale <= 0:
        return None
    closed = _pareto(family, loc, scale) if loc else _from_zero(family, scale)
    return NamedDensity(*closed, f"log {family.name}") if closed else None


def exponential_of(law: NamedDensity) -> NamedDensity | None:
    """Return the law of exp X if it has a name, else None: lognormal of a normal one.

    The rounding of the shape is one more of those that a lognormal law counts in log(z) / s.
    """
    family, loc, scale = law._located()
    within = _SHAPES[0] <= scale <= _SHAPES[1] and abs(loc) <= _LARGEST_EXPONENT
    if not (isinstance(family, Normal) and is_pure(law._atoms) and within):
        return None
    return NamedDensity(Lognormal(float(scale)), Fraction(0), exp_of_number(loc), law._how)


def _upright(located: Located) -> Located:
    """Return a bounded law with a positive scale: seen from its other end."""
    family, loc, scale = located
    if scale > 0:
        return located
    if isinstance(family, Uniform):
        return family, loc + scale, -scale
    if isinstance(family, Beta):
        return Beta(family.b, family.a), loc + scale, -scale
    if isinstance(family, Triangular):
        return Triangular(1 - family.c), loc + scale, -scale
    return located


def _pareto(family: Family, loc: Fraction, scale: Fraction) -> Located | None:
    if not isinstance(family, Lomax) or loc != scale:
        return None
    return Exponential(), log_of_number(scale), 1 / Fraction(family.b)


def _from_zero(family: Family, scale: Fraction) -> Located | None:
    shift = log_of_number(scale)
    if isinstance(family, Lognormal):
        return Normal(), shift, Fraction(family.s)
    if isinstance(family, Uniform):
        return Exponential(), shift, Fraction(-1)
    if isinstance(family, Beta) and family.b == 1:
        return Exponential(), shift, -1 / Fraction(family.a)
    if isinstance(family, Weibull):
        return LogOf(Exponential()), shift, 1 / Fraction(family.c)
    if isinstance(family, Levy):
        return LogOf(Gamma(Fraction(1, 2))), shift - log_of_number(Fraction(2)), Fraction(-1)
    if not family.half_line or not is_followed(family):
        return None
    end = family.high
    return (
        LogOf(family),
        shift + (log_of_number(end) if isinstance(end, Fraction) else 0),
        Fraction(1),
    )
