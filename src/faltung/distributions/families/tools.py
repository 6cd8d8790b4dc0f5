"""Parts of densities and tails that several families share."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from faltung.distributions.numbers.rounding import Floats

Mask: TypeAlias = NDArray[np.bool_]

HALF_LOG_TWO_PI = 0.5 * math.log(2 * math.pi)
_NEAR = 0.1  # where the deviance is a series in v with v^2 <= 1/100
_SERIES_TERMS = 10
_ASYMPTOTIC = 16.0
_LARGE = 150.0
_FAR = 100.0  # times a, where nothing is left
_FALLEN = 40.0
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(80)
_AT_ONCE = 4096
_MOST_TERMS = 100_000
_NEGLIGIBLE = 1e-17
_TINY = 1e-300


def deviance(a: float | Floats, z: Floats) -> Floats:
    """Return ``a log(a / z) + z - a`` without cancellation where z is near a.

    C. Loader, *Fast and Accurate Computation of Binomial Probabilities* (2000), the function
    ``bd0``: with v = (a - z) / (a + z) it is (a - z) v + 2 a (v^3/3 + v^5/5 + …).
    """
    apart, total = a - z, a + z
    v = apart / total
    square, power, series = v * v, 2 * a * v, apart * v
    for j in range(1, _SERIES_TERMS + 1):
        power = power * square
        series = series + power / (2 * j + 1)
    near = np.abs(apart) < _NEAR * total
    quotient = a / z
    logs = np.where(np.isinf(quotient), np.log(a) - np.log(z), np.log(quotient))
    return np.asarray(np.where(near, series, a * logs - apart))


def stirling_error(a: float) -> float:
    """Return ``log Gamma(a + 1) - (a + 1/2) log a + a - log(2 pi) / 2``, by its series for large a.

    Loader (2000), the function ``stirlerr``; the first term left out is below 2e-16.
    """
    if a < _ASYMPTOTIC:
        return float(special.gammaln(a + 1)) - (a + 0.5) * math.log(a) + a - HALF_LOG_TWO_PI
    s = 1 / (a * a)
    return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s / 1188)))) / a


def stirling_errors(a: Floats) -> Floats:
    """Return :func:`stirling_error` for each of an ascending array of shapes."""
    few = int(np.searchsorted(a, _ASYMPTOTIC))
    s = 1 / (a[few:] * a[few:])
    series = (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s / 1188)))) / a[few:]
    return np.concatenate(([stirling_error(x) for x in a[:few].tolist()], series))


def log_poisson(a: float, z: Floats) -> Floats:
    """Return ``log(z^a exp(-z) / Gamma(a + 1))``, Loader's saddle-point form, for a > 0."""
    return -stirling_error(a) - deviance(a, z) - HALF_LOG_TWO_PI - 0.5 * math.log(a)


def log_gamma_below(a: float, z: Floats) -> Floats:
    """Return log P(a, z), the lower part, for z below a; for large a by 4 sqrt(a) at least.

    The series z^a e^-z / Gamma(a + 1) (1 + z/(a+1) + z^2/((a+1)(a+2)) + …), DLMF 8.11.4, whose
    terms are positive.
    """
    if a > _LARGE:
        return _log_far_gamma(a, z, -1)
    term = np.ones_like(z)
    total = term.copy()
    for n in range(1, _MOST_TERMS):
        term = term * (z / (a + n))
        total += term
        if not np.any(term > _NEGLIGIBLE * total):
            break
    return np.asarray(log_poisson(a, z) + np.log(total))


def log_gamma_above(a: float, z: Floats) -> Floats:
    """Return log Q(a, z), the upper part, for z > a + 1; for large a by 4 sqrt(a) at least.

    Legendre's continued fraction, DLMF 8.9.2 in its even form, by the modified Lentz method
    (Thompson & Barnett, *J. Comput. Phys.* 64, 1986).
    """
    if a > _LARGE:
        return _log_far_gamma(a, z, 1)
    b = z + 1 - a
    c = np.full_like(z, 1 / _TINY)
    d = 1 / b
    value = d.copy()
    for n in range(1, _MOST_TERMS):
        factor = -n * (n - a)
        b = b + 2
        d = 1 / _not_zero(factor * d + b)
        c = _not_zero(b + factor / c)
        step = c * d
        value = value * step
        if not np.any(np.abs(step - 1) > 4e-16):
            break
    return np.asarray(log_poisson(a, z) + math.log(a) + np.log(value))


def gamma_below(a: float, z: Floats) -> Floats:
    """Return P(a, z), the lower part.

    SciPy's is off by some 10 a round-offs in the tails of a large a, and where its series would need
    more than 2,000 terms, by much more; within 4.5 sqrt(a) of a it has Temme's expansion.
    """
    low = (a > _LARGE) & (z < a - 4 * math.sqrt(a)) & (z > 0)
    high = (a > _LARGE) & (z > a + 4 * math.sqrt(a)) & (z < _FAR * a)
    whole = repaired(special.gammainc(a, z), low, lambda z: np.exp(log_gamma_below(a, z)), z)
    return repaired(whole, high, lambda z: 1 - np.exp(log_gamma_above(a, z)), z)


def gamma_above(a: float, z: Floats) -> Floats:
    """Return Q(a, z), the upper part; see :func:`gamma_below`."""
    high = (a > _LARGE) & (z > a + 4 * math.sqrt(a)) & (z < _FAR * a)
    low = (a > _LARGE) & (z < a - 4 * math.sqrt(a)) & (z > 0)
    whole = repaired(special.gammaincc(a, z), high, lambda z: np.exp(log_gamma_above(a, z)), z)
    return repaired(whole, low, lambda z: 1 - np.exp(log_gamma_below(a, z)), z)


def _log_far_gamma(a: float, z: Floats, side: int) -> Floats:
    """Return the logarithm of the part below or above z, which is 4 sqrt(a) from a large a.

    With u = z (1 + side s) either is z^a e^-z / Gamma(a) times the integral of
    exp((a - 1) log(1 + side s) - side z s) over s > 0. That falls faster than exp(-d s) with
    d = |z - a + 1|, so it ends at s = 40 / d, where 80 nodes of Gauss's rule have all its digits.
    """
    end = _FALLEN / np.abs(z - (a - 1))
    total = np.empty_like(z)
    for i in range(0, len(z), _AT_ONCE):
        part = slice(i, i + _AT_ONCE)
        s = np.multiply.outer(0.5 + 0.5 * _NODES, end[part])
        values = np.exp((a - 1) * np.log1p(side * s) - side * z[part] * s)
        total[part] = (_WEIGHTS[:, np.newaxis] * values).sum(axis=0)
    return np.asarray(log_poisson(a, z) + math.log(a) + np.log(0.5 * end * total))


def log_beta_weight(a: float, b: float, z: Floats, rest: Floats) -> Floats:
    """Return ``log(z^a rest^b / B(a, b))`` for z + rest = 1, Loader's saddle-point form."""
    n = a + b
    constant = stirling_error(n) - stirling_error(a) - stirling_error(b)
    constant += 0.5 * (math.log(a) + math.log(b) - math.log(n)) - HALF_LOG_TWO_PI
    return np.asarray(constant - deviance(a, n * z) - deviance(b, n * rest))


def log_beta_below(a: float, b: float, z: Floats, rest: Floats) -> Floats:
    """Return log I_z(a, b) for z below the mean of the law.

    The continued fraction DLMF 8.17.22 by the modified Lentz method.
    """
    c = np.ones_like(z)
    d = 1 / _not_zero(1 - (a + b) / (a + 1) * z)
    value = d.copy()
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) / ((a + 2 * m - 1) * (a + 2 * m)) * z
        odd = -(a + m) * (a + b + m) / ((a + 2 * m) * (a + 2 * m + 1)) * z
        step = np.ones_like(z)
        for factor in (even, odd):
            d = 1 / _not_zero(1 + factor * d)
            c = _not_zero(1 + factor / c)
            step = step * c * d
        value = value * step
        if not np.any(np.abs(step - 1) > 4e-16):
            break
    return np.asarray(log_beta_weight(a, b, z, rest) - math.log(a) + np.log(value))


def either(
    where: Mask, this: Callable[..., Floats], other: Callable[..., Floats], *arguments: Floats
) -> Floats:
    """Return `this` of the arguments where it says so, and `other` of them elsewhere."""
    result = np.empty(where.shape)
    for mask, part in ((where, this), (~where, other)):
        if mask.any():
            result[mask] = part(*(argument[mask] for argument in arguments))
    return result


def upper_beta(a: float, b: float, z: Floats) -> Floats:
    """Return 1 - I_z(a, b): where that is more than a half as such, else by its own function.

    SciPy's complement takes 1 - z first, which a small z does not survive.
    """
    below = special.betainc(a, b, z)
    return repaired(1 - below, below >= 0.5, lambda z: special.betaincc(a, b, z), z)


def _not_zero(values: Floats) -> Floats:
    return np.where(values == 0, _TINY, values)


def repaired(
    values: Floats, wrong: Mask, repair: Callable[..., Floats], *arguments: Floats
) -> Floats:
    """Return `values`, with what `repair` says of the points where they are wrong."""
    chosen = np.flatnonzero(wrong)
    if len(chosen):
        values = values.copy()
        values[chosen] = repair(*(argument[chosen] for argument in arguments))
    return values
