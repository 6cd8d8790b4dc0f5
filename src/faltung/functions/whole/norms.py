"""Norms and inner products, each with a bound on its error."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import reduce

import numpy as np

from faltung.functions import contents
from faltung.functions.analysis import real as analysis
from faltung.functions.bounds import UNIT
from faltung.functions.polynomials.powers import spread
from faltung.functions.whole import bilinear, calculus, linear
from faltung.functions.whole.quotients import absolute, power, refuse_deltas
from faltung.functions.whole.whole import Whole


def inner(f: Whole, g: Whole) -> tuple[complex, float]:
    """Return the integral of the conjugate of f times g, and a bound on its error."""
    return _integral(bilinear.multiplied(linear.conjugate(f), g))


def norm(f: Whole, p: float) -> tuple[float, float]:
    """Return the p-th root of the integral of abs(f)**p, and a bound on its error."""
    if math.isinf(p):
        return _largest(f)
    if p == 1:
        of_power = absolute(f)
    elif p % 2 == 0:
        squared = (replace(part, period=None) for part in _squares(f))
        of_power = power(reduce(linear.added, squared, Whole(None)), p / 2)
    else:
        of_power = power(absolute(f), p)
    value, bound = _integral(of_power)
    return _root(max(value.real, 0.0), bound, p)


def _squares(f: Whole) -> list[Whole]:
    """Return the squares of the real and the imaginary part."""
    once = replace(f, period=None)
    parts = (replace(once, real=part, imaginary=None) for part in f.parts)
    squares = [bilinear.multiplied(part, part) for part in parts]
    return squares or [bilinear.multiplied(once, once)]


def _integral(f: Whole) -> tuple[complex, float]:
    """Return the integral over the domain, one period if there is one, and its bound."""
    once = replace(f, period=None)
    return calculus.integral(once, *f.domain), calculus.integral_bound(once)


def _root(value: float, bound: float, p: float) -> tuple[float, float]:
    if p == 1:
        return value, bound
    if not value > bound:
        return float(value ** (1 / p)), float((value + bound) ** (1 / p))
    root = value ** (1 / p)
    part = float(spread(np.array([bound / value]), 1 / p)[0])
    return root, float(root * (1.01 * part + 4 * UNIT))


def _largest(f: Whole) -> tuple[float, float]:
    """Return the largest size of a value."""
    refuse_deltas(f, "the largest size")
    if len(f.parts) == 2:
        square = reduce(contents.added, (contents.multiplied(part, part) for part in f.parts))
        top = analysis.turns(square).most(1.0)
        return _root(max(top.value, 0.0), top.bound, 2)
    if not f.parts:
        return 0.0, 0.0
    ends = [analysis.turns(f.parts[0]).most(sign) for sign in (1.0, -1.0)]
    top = max(ends, key=lambda each: abs(each.value))
    return abs(top.value), max(each.bound for each in ends)
