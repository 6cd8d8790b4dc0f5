"""Panjer's recursion for random sums of lattice variables, scaled so that nothing underflows.

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

from faltung.distributions.numbers.rational import brief
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats, gamma
from faltung.errors import OptionError

_DIGITS = 40
_LARGE = 2.0**400
_DEEP = -math.log(10.0) * 300  # the logarithm of the mass that is cut off
_MOST_POINTS = 2**22
_MOST_TERMS = 2 * 10**9
_FEW_TERMS = 2 * 10**7
_TILTS = np.geomspace(1e-9, 700.0, 400)


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

    def divisor(self, first: float) -> float:
        """Return 1 - a f_0."""
        return 1.0 if self.successes is None else float(1 - (1 - self.parameter) * Fraction(first))

    def log_none(self, first: Fraction) -> Decimal:
        """Return log P(sum = 0), with `first` the probability that a summand is 0."""
        with localcontext(prec=_DIGITS):
            if self.successes is None:
                return _decimal(self.parameter * (first - 1))
            ratio = self.parameter / (1 - (1 - self.parameter) * first)
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


@dataclass(frozen=True, slots=True)
class Sums:
    """Probabilities of 0, 1, 2, …, what they are off by, and the mass beyond the last."""

    values: Floats
    relative: float
    estimate: float
    neglected: float


def random_sum(counts: Counts, summand: Floats, relative: float) -> Sums:
    """Return the probabilities of the sum of a random number of summands.

    Parameters
    ----------
    counts
        The law of the number.
    summand
        The probabilities of 0, 1, 2, … of a summand, each within `relative`; one is positive
        beside the first.

    Notes
    -----
    The recursion runs in the order of the values and begins with P(sum = 0), which is computed with
    40 digits. Its unit is a power of two that is changed when the values outgrow it, so that a sum
    with P(sum = 0) = exp(-10000) does not underflow on its way up. Each value is a sum of products
    with at most s levels of them below it; a level is off by the roundings d of one sum of products
    and by r / (1 - a f_0), r for `relative`. So the s-th value is within the s-th power of
    1 + d + r / (1 - a f_0), and of what r does to P(sum = 0): the mean number of summands times r.
    """
    length = _length(counts, summand)
    terms = len(summand) - 1
    if length > _MOST_POINTS or length * terms > _MOST_TERMS:
        raise OptionError(
            f"the random sum takes {brief(length)} points and {brief(length * terms)} products, at "
            f"most {brief(_MOST_POINTS)} and {brief(_MOST_TERMS)}: use a coarser step, or fewer "
            "summands"
        )
    precise = length * terms <= _FEW_TERMS
    values, exponents = _recursion(counts, summand, length, precise=precise)
    step = int(np.flatnonzero(summand[1:])[0]) + 1
    rounding = gamma(8) if precise else gamma(32 + math.log2(max(terms, 1)))
    levels = length / step
    own = relative / counts.divisor(float(summand[0]))
    return Sums(
        np.ldexp(values, exponents),
        math.expm1(levels * math.log1p(rounding + own) + counts.mean * relative) + 4 * ROUNDOFF,
        math.sqrt(levels) * (2 * ROUNDOFF + own) + counts.mean * relative,
        math.exp(_DEEP) * 2 + length * 2.0**-1074,
    )


def _recursion(
    counts: Counts, f: Floats, length: int, *, precise: bool
) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return mantissas and exponents of the values."""
    total = math.fsum if precise else _pairwise
    weighted = (f * np.arange(len(f)))[:0:-1]  # j f_j, the last first
    plain = f[:0:-1]
    poisson = counts.successes is None
    factor = float(counts.parameter if poisson else 1 - counts.parameter)
    many = 1.0 if poisson else float(counts.successes or 0)
    divisor = counts.divisor(float(f[0]))
    values, exponents = np.zeros(length), np.zeros(length, dtype=np.int64)
    values[0], exponent = _first_value(counts, Fraction(float(f[0])))
    exponents[0] = exponent
    window = np.zeros(length)  # the values in the present unit, as far back as they are needed
    window[0] = values[0]
    for s in range(1, length):
        back = min(s, len(plain))
        recent = window[s - back : s]
        products = many * (weighted[-back:] * recent)
        if not poisson:
            products = products + plain[-back:] * (recent * np.arange(s - back, s))
        window[s] = factor * total(products) / s / divisor
        if window[s] > _LARGE:
            window[max(s - len(plain), 0) : s + 1] /= _LARGE
            exponent += 400
        values[s], exponents[s] = window[s], exponent
    return values, exponents


def _pairwise(values: Floats) -> float:
    return float(np.add.reduce(values))


def _first_value(counts: Counts, first: Fraction) -> tuple[float, int]:
    """Return P(sum = 0) as a mantissa and an exponent of two."""
    with localcontext(prec=_DIGITS):
        bits = counts.log_none(first) / Decimal(2).ln()
        exponent = int(bits.to_integral_value(rounding="ROUND_FLOOR"))
        mantissa = (Decimal(2).ln() * (bits - exponent)).exp()
    return float(mantissa), exponent


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def _length(counts: Counts, f: Floats) -> int:
    """Return how many values leave out less than 1e-300.

    By Chernoff's bound, P(sum >= L) <= E exp(t sum) exp(-t L) for every t > 0; the best of some.
    """
    places = np.arange(len(f)) / (len(f) - 1)
    used = f > 0
    exponents = _TILTS[:, np.newaxis] * places[used] + np.log(f[used])
    top = exponents.max(axis=1)
    log_summand = top + np.log(np.exp(exponents - top[:, np.newaxis]).sum(axis=1))
    log_sum = counts.log_transform(log_summand)
    lengths = (log_sum - _DEEP) / _TILTS * (len(f) - 1)
    best = float(np.min(lengths[np.isfinite(lengths)], initial=math.inf))
    return math.ceil(best) + 2 if best < 2.0**60 else 2**60
