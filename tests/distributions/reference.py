"""Sums of discrete variables with Fractions and dicts: slow, and obviously right."""

from __future__ import annotations

import math
from fractions import Fraction

from faltung.distributions import Law


def normalized(weights):
    """The weights divided by their exact sum: a float is the binary number that it holds."""
    fractions = [Fraction(weight) for weight in weights]
    return [weight / sum(fractions) for weight in fractions]


def table(weights, start=0, step=1):
    """The law as {point: probability}."""
    points = (Fraction(start) + i * Fraction(step) for i in range(len(weights)))
    return {x: p for x, p in zip(points, normalized(weights), strict=True) if p}


def add(p, q):
    total: dict[Fraction, Fraction] = {}
    for x, chance in p.items():
        for y, other in q.items():
            total[x + y] = total.get(x + y, Fraction(0)) + chance * other
    return total


def copies(p, n):
    total = {Fraction(0): Fraction(1)}
    for _ in range(n):
        total = add(total, p)
    return total


def cdf(p, x):
    return sum((chance for point, chance in p.items() if point <= x), Fraction(0))


def sf(p, x):
    return sum((chance for point, chance in p.items() if point > x), Fraction(0))


def mean(p):
    return sum(x * chance for x, chance in p.items())


def variance(p):
    return sum(x * x * chance for x, chance in p.items()) - mean(p) ** 2


def kept(weights):
    """The probabilities that scaled weights hold, before they are rounded to float64."""
    numbers, scale = weights.numbers, weights.scale
    low = numbers.low if len(numbers.low) else [0.0] * len(numbers)
    factor = Fraction(scale.mantissa) * Fraction(2) ** scale.exponent
    return [
        (Fraction(float(h)) + Fraction(float(lo))) * Fraction(2) ** int(e) * factor
        for h, lo, e in zip(numbers.high, low, numbers.exponents, strict=True)
    ]


def excess(computed, true, law: Law):
    """How many times the error exceeds what the law allows; 0 for no error."""
    error = abs(Fraction(float(computed)) - true)
    allowed = Fraction(law.error_bound) * true + Fraction(law.neglected_mass)
    return 0.0 if error == 0 else math.inf if allowed == 0 else float(error / allowed)


def relative_error(computed, true):
    return float(abs(Fraction(float(computed)) - true) / true)


def pascal(n, k):
    return Fraction(math.comb(n, k), 2**n)
