"""Sums of exact lattice terms, by plain products of integers, and their logarithms to 50 digits."""

from __future__ import annotations

from itertools import accumulate
from math import prod

import mpmath

from faltung.distributions.discrete.parts import Part, Parts
from faltung.distributions.weights.exact import ExactWeights


def parts_of(terms):
    """Return the parts for a list of (counts, stride, copies)."""
    return Parts(Part(ExactWeights(list(w), sum(w)), stride, n) for w, stride, n in terms)


def product(a, b):
    result = [0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        if x:
            for j, y in enumerate(b):
                result[i + j] += x * y
    return result


def spread(counts, stride):
    result = [0] * ((len(counts) - 1) * stride + 1)
    result[::stride] = counts
    return result


def power(counts, n):
    """Return the n-fold product by squaring, through one long integer for each factor."""
    result = [1]
    for _ in range(n):
        result = product(result, counts)
    return result


class Exact:
    """The counts of a whole sum, with their sums from both ends."""

    def __init__(self, terms):
        counts = [1]
        for weights, stride, n in terms:
            counts = product(counts, power(spread(weights, stride), n))
        self.counts = counts
        self.total = prod(sum(w) ** n for w, _, n in terms)
        self.lower = list(accumulate(counts))
        self.upper = list(accumulate(reversed(counts)))[::-1]

    def log(self, kind, k):
        count = {"single": self.counts, "lower": self.lower, "upper": self.upper}[kind][k]
        with mpmath.workdps(60):
            if 2 * count > self.total:
                return mpmath.log1p(-mpmath.mpf(self.total - count) / self.total)
            return mpmath.log(mpmath.mpf(count) / self.total) if count else -mpmath.inf
