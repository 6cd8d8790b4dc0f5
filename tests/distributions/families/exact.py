"""The families in arbitrary precision, slow and obvious: pdf, cdf and sf of standard laws."""

from __future__ import annotations

from fractions import Fraction

import mpmath
from mpmath import mpf

DIGITS = 60


def number(value):
    """Return an int, a float or a Fraction as it is."""
    exact = Fraction(value)
    return mpf(exact.numerator) / exact.denominator


def norm(z):
    root = mpmath.sqrt(2)
    return mpmath.npdf(z), mpmath.erfc(-z / root) / 2, mpmath.erfc(z / root) / 2


def lognorm(z, s):
    y = mpmath.log(z) / s
    height, below, above = norm(y)
    return height / (s * z), below, above


def logistic(z):
    e = mpmath.exp(-abs(z))
    sides = (e / (1 + e), 1 / (1 + e))
    return e / (1 + e) ** 2, sides[z > 0], sides[z <= 0]


def laplace(z):
    half = mpmath.exp(-abs(z)) / 2
    sides = (half, 1 - half)
    return half, sides[z > 0], sides[z <= 0]


def expon(z):
    return mpmath.exp(-z), -mpmath.expm1(-z), mpmath.exp(-z)


def gamma(z, a):
    # The series DLMF 8.11.4 for the lower part; the upper is 1 less that with digits to spare.
    with mpmath.workdps(2 * DIGITS + 400):
        height = mpmath.exp((a - 1) * mpmath.log(z) - z - mpmath.loggamma(a))
        below = z * height / a * mpmath.hyp1f1(1, a + 1, z)
        return height, below, 1 - below


def weibull_min(z, c):
    power = z**c
    return c * z ** (c - 1) * mpmath.exp(-power), -mpmath.expm1(-power), mpmath.exp(-power)


def invgauss(z, mu):
    with mpmath.workdps(2 * DIGITS + 400):
        root = mpmath.sqrt(z)
        r, s = (z / mu - 1) / root, (z / mu + 1) / root
        other = mpmath.exp(2 / mu) * mpmath.ncdf(-s)
        height = mpmath.exp(-r * r / 2) / mpmath.sqrt(2 * mpmath.pi * z**3)
        return height, mpmath.ncdf(r) + other, mpmath.ncdf(-r) - other


def uniform(z):
    return mpf(1), z, 1 - z


def triang(z, c):
    if z < c or c == 1:
        return 2 * z / c, z * z / c, 1 - z * z / c
    rest = 1 - z
    return 2 * rest / (1 - c), 1 - rest * rest / (1 - c), rest * rest / (1 - c)


def beta(z, a, b):
    height = z ** (a - 1) * (1 - z) ** (b - 1) / mpmath.beta(a, b)
    if z > a / (a + b):
        return height, *beta(1 - z, b, a)[:0:-1]
    series = mpmath.hyp2f1(a + b, 1, a + 1, z, maxterms=10**7)
    below = z * (1 - z) * height / a * series
    return height, below, 1 - below


def lomax(z, b):
    log = mpmath.log1p(z)
    return b * mpmath.exp(-(b + 1) * log), -mpmath.expm1(-b * log), mpmath.exp(-b * log)


def t(z, df):
    height = mpmath.gamma((df + 1) / 2) / mpmath.gamma(df / 2) / mpmath.sqrt(df * mpmath.pi)
    height *= (1 + z * z / df) ** (-(df + 1) / 2)
    x = df / (df + z * z)
    tail = beta(x, df / 2, mpf(1) / 2)[1] / 2 if z else mpf(1) / 2
    return height, (1 - tail if z > 0 else tail), (tail if z > 0 else 1 - tail)


def cauchy(z):
    tail = mpmath.atan(1 / abs(z)) / mpmath.pi if z else mpf(1) / 2
    height = 1 / (mpmath.pi * (1 + z * z))
    return height, (1 - tail if z > 0 else tail), (tail if z > 0 else 1 - tail)


def levy(z):
    root = 1 / mpmath.sqrt(2 * z)
    height = mpmath.exp(-1 / (2 * z)) / mpmath.sqrt(2 * mpmath.pi * z**3)
    return height, mpmath.erfc(root), mpmath.erf(root)


def values(name, shapes, loc, scale, x):
    """Return pdf, cdf and sf of ``loc + scale Z`` at x, for exact loc, scale and x."""
    with mpmath.workdps(DIGITS):
        z = (number(x) - number(loc)) / number(scale)
        height, below, above = globals()[name](z, *map(number, shapes))
        sides = (below, above) if scale > 0 else (above, below)
        return height / abs(number(scale)), *sides
