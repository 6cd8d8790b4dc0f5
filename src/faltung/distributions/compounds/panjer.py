"""Panjer's recursion for random sums of lattice variables, in double-double and at any depth.

If the number N of summands has P(N = n) = (a + b / n) P(N = n - 1), and the summands take the
values 0, 1, 2, … with probabilities f, their sum takes them with

    (1 - a f_0) g_s = sum over j = 1 … s of (a + b j / s) f_j g_(s - j)

(H. H. Panjer, "Recursive evaluation of a family of compound distributions", *ASTIN Bulletin* 12,
1981). For Poisson a = 0, b = mu. For the negative binomial law with n successes and probability p,
a = 1 - p and b = (n - 1) a, and as ``s (a + b j / s) = a ((s - j) + n j)``, every term is
non-negative: the recursion is strongly stable (H. H. Panjer & S. Wang, "On the stability of
recursive formulas", *ASTIN Bulletin* 23, 1993).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from faltung import _core
from faltung.distributions.numbers.rational import brief
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats
from faltung.distributions.weights.numbers import ScaledNumbers, too_wild_refused
from faltung.distributions.weights.scale import Scale
from faltung.distributions.weights.scaled import ScaledWeights
from faltung.errors import OptionError

_DIGITS = 60
_DEEP = -math.log(10.0) * 300  # the logarithm of the mass that is cut off
_NOTHING_KNOWN = 600.0  # the logarithm of an error that says no more than a larger one
_MOST_POINTS = 2**22
_MOST_TERMS = 2 * 10**10
_TILTS = np.geomspace(1e-9, 700.0, 400)
_MOST_PLACES = 2**12  # at which a bound is evaluated
_DEEPEST = -(2**12)  # below 2 to this power a probability is nothing beside 1


@dataclass(frozen=True, slots=True)
class Counts:
    """A law of the number of summands: Poisson(mu), or negative binomial (n, p).

    With `successes` None it is Poisson(`parameter`); otherwise `parameter` is p.
    """

    parameter: Fraction
    successes: Fraction | None = None

    @property
    def mean(self) -> float:
        """The mean number."""
        if self.successes is None:
            return float(self.parameter)
        return float(self.successes * (1 - self.parameter) / self.parameter)

    def divisor(self, first: Fraction) -> Fraction:
        """Return 1 - a f_0."""
        return Fraction(1) if self.successes is None else 1 - (1 - self.parameter) * first

    def factors(self, first: Fraction) -> tuple[Fraction, Fraction]:
        """Return c and d with ``s g_s = sum of (c j + d (s - j)) f_j g_(s - j)``."""
        if self.successes is None:
            return self.parameter, Fraction(0)
        rising = (1 - self.parameter) / self.divisor(first)
        return rising * self.successes, rising

    def log_none(self, first: Fraction) -> Decimal:
        """Return log P(sum = 0), with `first` the probability that a summand is 0."""
        with localcontext(prec=_DIGITS):
            if self.successes is None:
                return _decimal(self.parameter * (first - 1))
            ratio = self.parameter / self.divisor(first)
            return _decimal(self.successes) * _decimal(ratio).ln()

    def log_transform(self, log_summand: Floats) -> Floats:
        """Return log E exp(t sum) from log E exp(t summand); inf where it does not exist."""
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            if self.successes is None:
                return np.asarray(float(self.parameter) * np.expm1(log_summand))
            p = float(self.parameter)
            left = 1 - float(1 - self.parameter) * np.exp(log_summand)
            value = float(self.successes) * (math.log(p) - np.log(np.maximum(left, 0.0)))
            return np.where(left > 1e-9, value, np.inf)


def random_sum(counts: Counts, summand: ScaledWeights) -> ScaledWeights:
    """Return the probabilities of the sum of a random number of summands.

    Parameters
    ----------
    counts
        The law of the number.
    summand
        The probabilities of 0, 1, 2, … of a summand; one is positive beside the first.

    Notes
    -----
    The recursion runs in the order of the values and begins with P(sum = 0), which is computed with
    60 digits; every value has an exponent of its own. Each value is a sum of products with at most
    s levels of them below it; a level is off by the roundings d of one sum of products, so that the
    s-th value is within the s-th power of 1 + d. For the relative error r of `summand` there are two
    bounds, of which the smaller one counts. By levels it is r / (1 - a f_0) for each, and the mean
    number of summands times r for P(sum = 0). By the number of summands, a sum of n is within
    (1 + r)^n of the true one: n is taken to where less than 1e-300 lies beyond.
    """
    f = summand.probabilities
    length = _length(counts, summand)
    terms = len(f) - 1
    if length > _MOST_POINTS or length * terms > _MOST_TERMS:
        raise OptionError(
            f"the random sum takes {brief(length)} points and {brief(length * terms)} products, at "
            f"most {brief(_MOST_POINTS)} and {brief(_MOST_TERMS)}: use a coarser step, or fewer "
            "summands"
        )
    first = _first_probability(f)
    levels = length / (int(np.flatnonzero(f.high[1:])[0]) + 1)
    rounding = _level_error(2 * min(terms, length))
    r, most = summand.relative, _most_summands(counts)
    by_levels = levels * math.log1p(r / float(counts.divisor(first))) + counts.mean * r
    inherited = min(by_levels, most * math.log1p(r), _NOTHING_KNOWN)
    return ScaledWeights(
        _recursion(counts, f, first, length),
        Scale(),
        math.expm1(levels * math.log1p(rounding) + inherited),
        math.sqrt(levels) * rounding / 8 + (counts.mean + math.sqrt(counts.mean)) * r,
        2 * math.exp(_DEEP) + math.exp(_DEEP + inherited) + (counts.mean + 1) * summand.neglected,
    )


def _level_error(terms: int) -> float:
    """Return the relative error of one value, from exact ones before it.

    That of a precise convolution, docs/mathematics/laws-lattice.md; the products within a block, the
    addition of parts and the division; the factors of the taps.
    """
    lost = (terms + 8) * ROUNDOFF
    return 2 * lost * lost + lost * 2.0**-50 + 2.0**-88 + 2.0**-95 + 2.0**-100


def _recursion(counts: Counts, f: ScaledNumbers, first: Fraction, length: int) -> ScaledNumbers:
    """Return the first values."""
    fixed, rising = counts.factors(first)
    taps = f.at(slice(0, length))
    multiples = taps.by(ScaledNumbers.from_floats(np.arange(len(taps), dtype=np.float64)))
    start = _first_value(counts, first)
    with too_wild_refused():
        parts = _core.scaled_random_sum(
            multiples.times(Scale.from_fraction(fixed)).parts,
            taps.times(Scale.from_fraction(rising)).parts if rising else None,
            start.parts(),
            length,
        )
    return ScaledNumbers(*parts)


def _first_probability(f: ScaledNumbers) -> Fraction:
    """Return f_0, or 0 where it is nothing beside 1."""
    deep = int(f.exponents[0]) < _DEEPEST
    return Fraction(0) if deep else f.at(slice(0, 1)).fractions()[0]


def _first_value(counts: Counts, first: Fraction) -> Scale:
    """Return P(sum = 0), within 40 digits."""
    with localcontext(prec=_DIGITS):
        bits = counts.log_none(first) / Decimal(2).ln()
        exponent = int(bits.to_integral_value(rounding="ROUND_FLOOR"))
        mantissa = (Decimal(2).ln() * (bits - exponent)).exp()
    scale = Scale.from_fraction(Fraction(mantissa))
    return Scale(scale.mantissa, scale.exponent + exponent)


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def _length(counts: Counts, summand: ScaledWeights) -> int:
    """Return how many values leave out less than 1e-300."""
    used = np.flatnonzero(summand.numbers.high)
    last = int(used[-1])
    places, logs = _few(used, summand.log_floats[used])
    exponents = _TILTS[:, np.newaxis] * (places / last) + logs
    top = exponents.max(axis=1)
    log_summand = top + np.log(np.exp(exponents - top[:, np.newaxis]).sum(axis=1))
    best = _beyond(counts, log_summand) * last
    return math.ceil(best) + 2 if best < 2.0**60 else 2**60


def _most_summands(counts: Counts) -> float:
    """Return a number that N exceeds with a probability below 1e-300."""
    return _beyond(counts, _TILTS) + 2


def _beyond(counts: Counts, log_summand: Floats) -> float:
    """Return what a sum exceeds with a probability below 1e-300, from log E exp(t summand).

    By Chernoff's bound, P(sum >= L) <= E exp(t sum) exp(-t L) for every t > 0; the best of some.
    """
    bounds = (counts.log_transform(log_summand) - _DEEP) / _TILTS
    return float(np.min(bounds[np.isfinite(bounds)], initial=math.inf))


def _few(places: NDArray[np.intp], logs: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Return a law of few places that is nowhere smaller: runs are moved to their last place."""
    if len(places) <= _MOST_PLACES:
        return places, logs
    begins = np.linspace(0, len(places), _MOST_PLACES, endpoint=False).astype(np.intp)
    ends = np.append(begins[1:], len(places)) - 1
    return places[ends], np.logaddexp.reduceat(logs, begins)
