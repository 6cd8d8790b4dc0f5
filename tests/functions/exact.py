"""Chains of straight lines in rational numbers, and everything that is done to them, exactly."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple


class Line(NamedTuple):
    """A straight line from (low, start) to (high, stop)."""

    low: Fraction
    high: Fraction
    start: Fraction
    stop: Fraction

    def value(self, x):
        return self.start + (self.stop - self.start) * (x - self.low) / (self.high - self.low)


class Lines:
    """A function made of straight lines that do not overlap, zero elsewhere."""

    def __init__(self, lines):
        self.lines = [Line(*map(Fraction, line)) for line in lines]

    @classmethod
    def of(cls, function):
        """The polynomials of a Function of degree at most 1."""
        assert function.degree <= 1
        rows = zip(pairwise(function.breaks.tolist()), function.coefficients.tolist(), strict=True)
        lines = []
        for (low, high), row in rows:
            middle, half = (Fraction(c) for c in [*row, 0.0][:2])
            lines.append((low, high, middle - half, middle + half))
        return cls(lines)

    def cuts(self):
        return sorted({end for line in self.lines for end in line[:2]})

    def __call__(self, x):
        """The value between the breaks; at a break that of the line to its right."""
        x = Fraction(x)
        for line in self.lines:
            if line.low <= x < line.high:
                return line.value(x)
        return Fraction(0)

    def area(self, x):
        """The integral up to x."""
        x, total = Fraction(x), Fraction(0)
        for line in self.lines:
            if x > line.low:
                end = min(x, line.high)
                total += (end - line.low) * (line.start + line.value(end)) / 2
        return total

    def moved(self, factor, offset):
        """x -> f((x - offset) / factor), for a factor above 0."""
        factor, offset = Fraction(factor), Fraction(offset)
        return Lines(
            (low * factor + offset, high * factor + offset, start, stop)
            for low, high, start, stop in self.lines
        )

    def times(self, factor):
        return Lines(
            (low, high, start * Fraction(factor), stop * Fraction(factor))
            for low, high, start, stop in self.lines
        )

    def product_area(self, other, x):
        """The integral of the product up to x."""
        x, total = Fraction(x), Fraction(0)
        for f in self.lines:
            for g in other.lines:
                a, b = max(f.low, g.low), min(f.high, g.high, x)
                if a < b:
                    total += simpson(lambda s, f=f, g=g: f.value(s) * g.value(s), a, b)
        return total

    def convolved(self, other, t):
        """(self * other)(t)."""
        t, total = Fraction(t), Fraction(0)
        for f in self.lines:
            for g in other.lines:
                a, b = max(f.low, t - g.high), min(f.high, t - g.low)
                if a < b:
                    total += simpson(lambda s, f=f, g=g: f.value(s) * g.value(t - s), a, b)
        return total

    def convolved_area(self, other, t):
        """The integral of self * other up to t."""
        t = Fraction(t)
        shift = [t - cut for cut in other.cuts()]
        total = Fraction(0)
        for line in self.lines:
            inner = sorted({line.low, line.high, *(c for c in shift if line.low < c < line.high)})
            for a, b in pairwise(inner):
                total += simpson(lambda s, line=line: line.value(s) * other.area(t - s), a, b)
        return total


def simpson(function, a, b):
    """The integral of a polynomial of degree at most 3."""
    return (b - a) * (function(a) + 4 * function((a + b) / 2) + function(b)) / 6


def box(low, high, height=1):
    return Lines([(low, high, height, height)])


def hat(low, peak, high, height=1):
    return Lines([(low, peak, 0, height), (peak, high, height, 0)])
